"""Read a plain-text file that is one post.

It may open with a title, a date line and a byline, in any order; blank lines part
its paragraphs, and lines that were wrapped at a width are joined again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rights_search.errors import ReadError
from rights_search.ingest.bylines import Byline, parse_byline
from rights_search.ingest.dates.datelines import Dateline, split_dateline
from rights_search.ingest.dates.doubts import other_calendar_notes
from rights_search.ingest.dates.finding import DateLine
from rights_search.ingest.encodings.decoding import read_text
from rights_search.ingest.labels import sort_labels
from rights_search.ingest.lines import Line, Places, split_lines
from rights_search.ingest.name_dates import with_date_of_name
from rights_search.ingest.plain.lines import PlainPost, sort_lines
from rights_search.ingest.plain.markup import without_markup
from rights_search.ingest.plain.press_release import LETTERHEAD_NOTE
from rights_search.ingest.post_parts import Parts, sort_pieces
from rights_search.ingest.source import LETTERHEAD, Draft, Record, Source, with_origins

_MAX_ABOVE_DATELINE = 3
_HEAD_PIECES = 3


def read_plain(source: Source) -> Iterator[Record]:
    """Yield the one post of a plain-text file.

    Raises:
        ReadError: if the file is empty or no text.
    """
    decoded = read_text(source)
    lines = without_markup(split_lines(decoded.text))
    written = [line for line in lines if line.text]
    if not written:
        raise ReadError(source.name, "the file is empty", fatal=True)
    draft = with_date_of_name(_draft_of(lines, source.settings.day_first), source)
    span = Places(source, decoded).span(written[0], written[-1])
    notes = (*decoded.notes, *draft.notes)
    yield replace(
        draft, span=span, url=draft.url or source.url, notes=notes, encoding=decoded.encoding
    )


def text_draft(text: str, day_first: bool | None, *, labelled: bool = True) -> Draft | None:
    """Return the post that a text is, or None where there is nothing but white space.

    For text that stands in another format: a mail, a word processor's document.

    Args:
        text: its paragraphs, parted by blank lines.
        day_first: how ``03/04/2019`` is to be read; None leaves it ambiguous.
        labelled: read labels above the text, such as ``Pays : France``; those in a mail
            are the head of another that it quotes.
    """
    lines = without_markup(split_lines(text))
    if not any(line.text for line in lines):
        return None
    draft = _draft_of(lines, day_first, labelled=labelled)
    # Its lines are not those of the file.
    told = ((name, origin.replace("line ", "text, line ")) for name, origin in draft.origins)
    return replace(draft, origins=tuple(told))


def titled_draft(
    texts: Sequence[str], title: str, day_first: bool | None, origin: str
) -> Draft | None:
    """Return the post that paragraphs are, of which one is set as a title is.

    What is set so may also be the name in a letterhead, and stand under one.

    Args:
        texts: the paragraphs, in order.
        title: the one of them that is set as a title.
        day_first: how ``03/04/2019`` is to be read.
        origin: how it is set.
    """
    plain = text_draft("\n\n".join(texts), day_first)
    letterhead = () if plain is None else (plain.organisation, *plain.calls_to_action)
    if plain is not None and title in letterhead and plain.title is not None:
        return plain
    if plain is not None and plain.title == title and LETTERHEAD_NOTE in plain.notes:
        return with_origins(plain, title=origin)
    rest = [text for text in texts if text is not title]
    # It goes first, where a title is looked for.
    draft = text_draft("\n\n".join((title, *rest)), day_first)
    if draft is None:
        return None
    paragraphs = draft.paragraphs[draft.paragraphs[:1] == (title,) :] if rest else draft.paragraphs
    return with_origins(replace(draft, title=title, paragraphs=paragraphs), title=origin)


def _draft_of(lines: Sequence[Line], day_first: bool | None, *, labelled: bool = True) -> Draft:
    draft = _draft(sort_lines(lines, day_first, labelled=labelled), day_first)
    if draft.paragraphs or not labelled:
        return draft
    # Labels above nothing are all the words that there are.
    return _draft(sort_lines(lines, day_first, labelled=False), day_first)


def _draft(post: PlainPost, day_first: bool | None) -> Draft:
    parts = sort_pieces(post.pieces, day_first=day_first, ends_in_captions=False)
    says = post.says or DateLine(None)
    dateline = _take_dateline(parts.body, post, day_first)
    byline = (parse_byline(says.byline) if says.byline else None) or parts.byline or Byline(())
    countries, tags = sort_labels(says.rest, frozenset())
    embargo = post.release.embargo if post.release else None
    title = " ".join(line.text for line in post.title) or None
    paragraphs = tuple(parts.body)
    if not paragraphs and title is not None:
        paragraphs, title = (title,), None
    draft = Draft(
        paragraphs=paragraphs,
        title=title,
        date=says.date or dateline.date or embargo,
        updated=parts.updated or says.updated,
        authors=byline.authors,
        role=byline.role,
        organisation=byline.organisation or (post.release and post.release.organisation) or None,
        place=byline.place or post.place or dateline.place or None,
        captions=tuple(parts.captions),
        calls_to_action=(*parts.calls, *(post.release.contacts if post.release else ())),
        source_countries=tuple(dict.fromkeys(countries)),
        source_tags=tuple(dict.fromkeys(tags)),
        notes=post.release.notes if post.release else (),
        origins=_origins(post, parts, says, dateline),
    )
    draft = post.labels.over(draft)
    return replace(draft, notes=(*draft.notes, *_other_calendar(post)))


def _origins(
    post: PlainPost, parts: Parts, says: DateLine, dateline: Dateline
) -> tuple[tuple[str, str], ...]:
    """Return where title, authors and place stand."""
    title = f"line {post.title[0].number}" if post.title else ""
    byline = "date line" if says.byline else "byline" if parts.byline else ""
    written_at = (parts.byline and parts.byline.place and "byline") or (post.place and "date line")
    place = written_at or (dateline.place and "dateline")
    is_letterhead = post.release and post.release.organisation and not parts.byline
    letterhead = LETTERHEAD if is_letterhead else ""
    found = (
        ("title", title), ("authors", byline), ("organisation", letterhead), ("place", place),
    )  # fmt: skip
    return tuple((name, origin) for name, origin in found if origin)


def _other_calendar(post: PlainPost) -> tuple[str, ...]:
    """Return a note on a line in the head of a post that dates it in another calendar."""
    if post.labels.date or (post.says is not None and post.says.date is not None):
        return ()
    head = [line.text for line in post.title] + [piece.text for piece in post.pieces[:_HEAD_PIECES]]
    return other_calendar_notes(head)


def _take_dateline(body: list[str], post: PlainPost, day_first: bool | None) -> Dateline:
    """Cut the dateline off the paragraph that it opens and return it; blank if there is none."""
    is_release = post.release is not None
    # A second headline may stand above it.
    for place, text in enumerate(body[:_MAX_ABOVE_DATELINE]):
        found = split_dateline(text, day_first=day_first, may_lack_date=is_release)
        if found is not None:
            body[place] = found.text
            return found
    return Dateline("", None, "")
