"""PDF documents: pages in provenance and hits, and what goes wrong in them."""

from __future__ import annotations

import os
import shutil
import zlib
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.errors import ReadError
from rights_search.ingest import read
from rights_search.ingest.pdf import process as pdf_process
from rights_search.ingest.pdf.layout import PdfLine, without_print_marks
from rights_search.post import Post

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "ingest" / "pdf"

ADDRESS = "https://example.org/a"


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these numbered objects, the first of which is the catalogue."""
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(data))
    )


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
    b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F 12 Tf 50 700 Td (The text of a page that was made by hand.) Tj ET /X Do"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def outcome(path: Path) -> list[str]:
    """Return the titles of posts and the errors of a file."""
    return [
        item.title if isinstance(item, Post) else str(item)
        for item in read(path)
        if isinstance(item, (Post, ReadError))
    ]


def test_a_hit_names_the_page(tmp_path: Path) -> None:
    """The page is that on which the words stand, in every answer of the library."""
    shutil.copy(FIXTURES / "groff.pdf", tmp_path / "report.pdf")
    with Archive.create(None) as archive:
        archive.sync(tmp_path)
        for words, page in (("caretaker", 1), ("insurance", 2), ("donations", 3)):
            (hit,) = archive.search(words).hits
            assert hit.page == page
        (hit,) = archive.search("library").hits
        assert hit.page == 1


def test_a_post_without_pages_has_none(tmp_path: Path) -> None:
    """Only documents with pages name one."""
    (tmp_path / "a.md").write_text("# A note\n\nIts text.\n", encoding="utf-8")
    with Archive.create(None) as archive:
        archive.sync(tmp_path)
        (hit,) = archive.search("text").hits
        assert hit.page is None


def gigabyte() -> bytes:
    """Return what `zlib.compress` makes of a gigabyte of zeros, or could: that takes seconds."""
    packer = zlib.compressobj(9, wbits=-15)
    mebibyte = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = (2**30 % 65521) << 16 | 1  # Adler-32 of so many zeros
    return b"\x78\xda" + mebibyte * 2**10 + packer.flush() + check.to_bytes(4, "big")


OUTER = stream(TEXT)
LOOP = stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources "
              b"<< /XObject << /X 6 0 R >> >>")  # fmt: skip
HOSTILE = {
    "a form that draws itself": pdf(CATALOGUE, PAGES, PAGE, OUTER, FONT, LOOP),
    "pages that hold themselves": pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>"
    ),
    "a page tree of endless parents": pdf(
        CATALOGUE,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 3 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
    ),
    "a content that expands to a gigabyte": pdf(
        CATALOGUE, PAGES, PAGE,
        stream(zlib.compress(gigabyte(), 9), b"/Filter [/FlateDecode /FlateDecode]"),
        FONT, stream(b""),
    ),
    "a length beyond the end": pdf(
        CATALOGUE, PAGES, PAGE, b"<< /Length 99999999999 >>\nstream\n" + TEXT, FONT
    ),
    "nesting without end": pdf(CATALOGUE, b"[" * 200_000),
    "a table that points to itself": (
        b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 9 >>\n"
        b"startxref\n9\n%%EOF"
    ),
    "nothing but a mark": b"%PDF-1.7\n",
    "noise": b"%PDF-1.7\n" + bytes(range(256)) * 64,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_is_read_or_named(tmp_path: Path, name: str) -> None:
    """Loops, bombs and lies end; the file is named unless its text could be read."""
    (tmp_path / "a.pdf").write_bytes(HOSTILE[name])
    (tmp_path / "b.md").write_text("# A note\n\nIts text.\n", encoding="utf-8")
    *found, last = outcome(tmp_path)
    assert last == "A note"
    assert found
    assert all(item.startswith(("a.pdf: ", "The text of a page")) for item in found)


def test_a_pdf_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is ended by the system, and another reads the next document."""
    pytest.importorskip("resource")
    monkeypatch.setattr(pdf_process, "SECONDS", 0)
    many = b" ".join(b"(%d) Tj" % number for number in range(400_000))
    content = stream(zlib.compress(b"BT /F 12 Tf " + many + b" ET"), b"/Filter /FlateDecode")
    (tmp_path / "a.pdf").write_bytes(pdf(CATALOGUE, PAGES, PAGE, content, FONT, stream(b"")))
    (found,) = outcome(tmp_path / "a.pdf")
    assert found.startswith("a.pdf: cannot be read within 0 s of processor time and 1024 MiB")
    monkeypatch.undo()
    shutil.copy(FIXTURES / "groff.pdf", tmp_path / "a.pdf")
    assert outcome(tmp_path / "a.pdf") == ["The library in the year of the flood"]


@pytest.mark.parametrize("author", [b"<FEFFD800>", b"(" + b"Anna Example, " * 700_000 + b")"])
def test_properties_of_a_pdf_cost_no_text(tmp_path: Path, author: bytes) -> None:
    """Half of a pair of UTF-16 stopped the process, names of 10 MB its reader."""
    facts = b"<< /Author " + author + b" >>"
    data = pdf(CATALOGUE, PAGES, PAGE, stream(TEXT), FONT, stream(b""), facts)
    path = tmp_path / "a.pdf"
    path.write_bytes(data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 7 0 R"))
    (title,) = outcome(path)
    assert title.startswith("The text of a page")


def test_a_process_that_died_is_replaced(tmp_path: Path) -> None:
    """The document after the one that it died with is read."""
    shutil.copy(FIXTURES / "groff.pdf", tmp_path / "a.pdf")
    assert outcome(tmp_path / "a.pdf") == ["The library in the year of the flood"]
    (worker,) = pdf_process._workers  # noqa: SLF001
    worker.kill()
    worker.wait()
    assert outcome(tmp_path / "a.pdf") == ["The library in the year of the flood"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_has_a_process_of_its_own(tmp_path: Path) -> None:
    """Two that ask one process get each other's answers, or wait without end."""
    shutil.copy(FIXTURES / "groff.pdf", tmp_path / "a.pdf")
    assert outcome(tmp_path / "a.pdf") == ["The library in the year of the flood"]
    child = os.fork()
    if not child:
        is_right = False
        try:
            is_alone = not pdf_process._workers  # noqa: SLF001
            is_right = is_alone and len(outcome(tmp_path / "a.pdf")) == 1
        finally:
            os._exit(0 if is_right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert outcome(tmp_path / "a.pdf") == ["The library in the year of the flood"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_pdf_is_named_or_read(tmp_path: Path, share: float) -> None:
    """A download that broke off is an error, or repaired as every viewer does."""
    data = (FIXTURES / "groff.pdf").read_bytes()
    (tmp_path / "a.pdf").write_bytes(data[: int(share * len(data))])
    (found,) = outcome(tmp_path / "a.pdf")
    assert found.startswith(("a.pdf: ", "The library in the year"))


def test_a_pdf_in_an_archive_is_read(tmp_path: Path) -> None:
    """A member has no file of its own; it gets one for the time of its reading."""
    shutil.make_archive(str(tmp_path / "a"), "gztar", FIXTURES, "groff.pdf")
    (post,) = (item for item in read(tmp_path) if isinstance(item, Post))
    assert post.provenance.name == "a.tar.gz!/groff.pdf"
    assert post.provenance.pages == (1, 1, 1, 2, 2, 3)


@pytest.mark.parametrize(
    ("head", "foot", "url"),
    [
        # Chrome, Firefox, Safari, and a long address that is cut.
        ("24/03/2014, 10:05 A title | Example Office", "https://example.org/a 1/2", ADDRESS),
        ("A title https://example.org/a", "1 of 2 3/24/14, 10:05 AM", ADDRESS),
        ("24.03.14, 10:05 A title", "https://example.org/a Seite 1 von 2", ADDRESS),
        ("24/03/2014, 10:05 A title", "https://example.org/a/long… 1/2", None),
        # Without one of the three it may be text.
        ("24/03/2014, 10:05", "https://example.org/a", False),
        ("24/03/2014, 10:05 A title", "Example Office 1/2", False),
        ("A title", "https://example.org/a 1/2", False),
    ],
)
def test_what_browsers_print_at_the_edges_is_no_text(
    head: str, foot: str, url: str | bool | None
) -> None:
    """When and from where a page was printed is taken off; the address is kept.

    A date and an address of the text itself stay, near the edges too.
    """
    text = ("Water cut off", "24.03.2014 10:05", "It was said there.", "See https://example.org/b")
    texts = (head, *text, foot)
    page = tuple(
        PdfLine(text, 50.0, 400.0, 800.0 - 40 * place, 790.0 - 40 * place, 10.0)
        for place, text in enumerate(texts)
    )
    (lines, *_), found = without_print_marks([page, page])
    assert lines == (page if url is False else page[1:-1])
    assert found == (url or None)
