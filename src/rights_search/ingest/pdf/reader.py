"""The reader of PDF documents: the one post that a document is, with the page of each paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAGIC_BYTES, MAX_DOCUMENT_BYTES, compression, open_bounded
from rights_search.ingest.document_facts import DocumentFacts, with_facts
from rights_search.ingest.pdf.layout import (
    PdfLine,
    PdfParagraph,
    paragraphs_of,
    pdf_lines,
    without_print_marks,
    without_running_heads,
)
from rights_search.ingest.pdf.process import document_pages
from rights_search.ingest.pdf.worker import MAX_PAGES
from rights_search.ingest.plain.press_release import NOTE as RELEASE_NOTE
from rights_search.ingest.plain.press_release import sort_tail
from rights_search.ingest.plain.reader import text_draft, titled_draft
from rights_search.ingest.source import Draft, Record, Source
from rights_search.ingest.spool import on_disk


def read_pdf(source: Source) -> Iterator[Record]:
    """Yield the post that a PDF is.

    Paragraphs end with their page, so each has one. What the file's properties say
    is weak evidence: it counts only where the text says nothing.

    Raises:
        ReadError: if it is encrypted, broken, too large, or has no text.
    """
    pages: list[tuple[PdfLine, ...]] = []
    notes: list[str] = []
    facts: dict[str, Any] = {}
    cut: ReadError | None = None
    try:
        for answer in _answers(source):
            if "end" in answer:
                facts = answer["facts"]
                notes += _too_many(answer["end"])
                continue
            pages.append(pdf_lines(answer["lines"]))
            if "broken" in answer:
                notes.append(f"page {answer['page']} is broken: {answer['broken']}")
    except ReadError as error:
        if not any(pages):
            raise
        cut = error
    if not any(pages):
        raise ReadError(source.name, _no_text(len(pages), notes), fatal=True)
    seen, url = without_print_marks(pages)
    draft = _draft(seen if any(seen) else pages, source)
    notes += _empty_pages(pages)
    yield with_facts(
        replace(draft, url=source.url or url, notes=(*draft.notes, *notes)),
        DocumentFacts(facts.get("title"), facts.get("author"), facts.get("created")),
        source,
    )
    if cut is not None:
        reason = f"{cut.reason}; the {len(pages)} pages before that were read"
        yield ReadError(source.name, reason)


_HEAD_PARAGRAPHS = 5
_TITLE_SIZE = 1.15
_MAX_SHOWN_PAGES = 12
_CHUNK_BYTES = 256 * 2**10


def _answers(source: Source) -> Iterator[dict[str, Any]]:
    """Yield the answers of the process that opens PDFs, as long as memory may hold them."""
    size = 0
    with _on_disk(source) as path:
        for answer in document_pages(path, source.name):
            size += sum(len(line[0]) for line in answer.get("lines", ()))
            if size > MAX_DOCUMENT_BYTES:
                limit = f"{MAX_DOCUMENT_BYTES // 2**20} MiB, the limit for one document"
                raise ReadError(source.name, f"its text is larger than {limit}", fatal=True)
            yield answer


@contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """Give the decompressed bytes as a file, for another process to open."""
    with closing(source.open_stored()) as stored:
        is_packed = compression(stored.read(MAGIC_BYTES)) is not None
    if source.content is None and not is_packed:
        yield source.path
        return
    with (
        closing(open_bounded(source)) as stream,
        on_disk(iter(partial(stream.read, _CHUNK_BYTES), b"")) as path,
    ):
        yield path


def _draft(pages: Sequence[tuple[PdfLine, ...]], source: Source) -> Draft:
    bare = without_running_heads(pages)
    # A document of nothing but headings has only these.
    numbered = enumerate(bare if any(bare) else pages, start=1)
    found = [paragraph for number, lines in numbered for paragraph in paragraphs_of(lines, number)]
    head = [paragraph for paragraph in found if paragraph.page == found[0].page]
    rest = found[len(head) :]
    draft = _head_draft(head, median(paragraph.size for paragraph in found), source)
    if rest and RELEASE_NOTE in draft.notes:
        kept, contacts = sort_tail([paragraph.text for paragraph in rest])
        rest = [rest[place] for place in kept]
        draft = replace(draft, calls_to_action=(*draft.calls_to_action, *contacts))
    return replace(
        draft,
        paragraphs=(*draft.paragraphs, *(paragraph.text for paragraph in rest)),
        pages=(
            *(head[0].page for _ in draft.paragraphs),
            *(paragraph.page for paragraph in rest),
        ),
    )


def _head_draft(head: Sequence[PdfParagraph], usual_size: float, source: Source) -> Draft:
    """Return what the first page says: only there stand title, date and author.

    The title is what is set largest near the top, if that is larger than the text.
    """
    day_first = source.settings.day_first
    title = max(head[:_HEAD_PARAGRAPHS], key=lambda paragraph: paragraph.size)
    texts = [paragraph.text for paragraph in head]
    if title.size < _TITLE_SIZE * usual_size:
        return text_draft("\n\n".join(texts), day_first) or Draft(())
    origin = f"largest letters on page {title.page}"
    return titled_draft(texts, title.text, day_first, origin) or Draft(())


def _no_text(pages: int, notes: Sequence[str]) -> str:
    what = "1 page" if pages == 1 else f"{pages} pages"
    why = f" ({notes[0]})" if notes else ""
    return f"holds no text on {what}{why}: a scan needs OCR first, as by ocrmypdf"


def _empty_pages(pages: Sequence[tuple[PdfLine, ...]]) -> tuple[str, ...]:
    empty = [str(number) for number, lines in enumerate(pages, start=1) if not lines]
    if not empty:
        return ()
    more = ", …" if len(empty) > _MAX_SHOWN_PAGES else ""
    shown = ", ".join(empty[:_MAX_SHOWN_PAGES]) + more
    return (f"{len(empty)} of {len(pages)} pages hold no text, perhaps pictures of it: {shown}",)


def _too_many(count: int) -> tuple[str, ...]:
    if count <= MAX_PAGES:
        return ()
    return (f"only the first {MAX_PAGES:,} of {count:,} pages were read",)
