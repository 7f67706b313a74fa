"""Documents of old Word and mails of Outlook: what is seen of them, and damage."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import is_linear
from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.ole.compound import CompoundFile
from rights_search.ingest.ole.properties import facts_of, moment
from rights_search.ingest.ole.word_format import Formats
from rights_search.ingest.ole.word_text import _Gatherer, word_paragraphs
from rights_search.post import Post

FOLDER = Path(__file__).resolve().parent / "fixtures" / "ingest"
DOC = FOLDER / "doc" / "letterhead.doc"
MSG = FOLDER / "msg" / "attachments.msg"
SECTOR = 512
_NARROW_BIT = 0x40000000


def found(data: bytes) -> list[Post | ReadError | Skipped]:
    """Return what a file is read as, by its content."""
    return list(read_file(Source(Path("case"), "case", "0" * 64, content=data)))


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return ``data`` with some bytes that stand in it once or more replaced by as many others."""
    assert old in data
    assert len(old) == len(new)
    return data.replace(old, new)


def wide(text: str) -> bytes:
    """Return a name as it stands in the list of streams."""
    return text.encode("utf-16-le")


def main_place(data: bytes) -> int:
    """Return where the main stream of a document begins."""
    return data.index(b"\xec\xa5")


@pytest.mark.parametrize("words", ["deleted words", "hidden words", "running head", "HYPERLINK"])
def test_what_nobody_sees_is_no_text(words: str) -> None:
    """Deleted and hidden text, heads and codes of fields stand in the file, and in no post."""
    data = DOC.read_bytes()
    assert words.encode() in data or wide(words) in data
    (post,) = found(data)
    assert isinstance(post, Post)
    assert not any(words in text for text in post.paragraphs)


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (2, b"\x65\x00", "is a document of Word 95 or older, which has no reader; save it as DOCX"),
        (10, b"\x00\x03", "is encrypted; save it without its password"),
        (32, b"\xff\xff", "is damaged: its head is cut short"),
        (0x4C, b"\xff\xff\xff\x7f", "its text is larger than 64 MiB, the limit for one document"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(place: int, value: bytes, reason: str) -> None:
    """An old one, an encrypted one and a broken head are each one reason."""
    data = bytearray(DOC.read_bytes())
    start = main_place(bytes(data)) + place
    data[start : start + len(value)] = value
    (error,) = found(bytes(data))
    assert isinstance(error, ReadError)
    assert error.reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("EncryptedPackage", "is an encrypted Office document; save it without a password"),
        ("Workbook", "is an old Excel workbook, which has no reader; save it as XLSX"),
        ("Sketch", "looks binary (old Office document?): only text can be read"),
    ],
)
def test_another_file_of_an_old_program_is_named(name: str, reason: str) -> None:
    """What else stands in such files is told by the names of its streams."""
    old = wide("WordDocument").ljust(64, b"\0") + struct.pack("<H", 26)
    new = wide(name).ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2)
    (error,) = found(changed(DOC.read_bytes(), old, new))
    assert isinstance(error, ReadError)
    assert error.reason.startswith(reason)


def test_the_case_of_names_does_not_matter() -> None:
    """Some programs write the names of streams in capitals."""
    data = DOC.read_bytes()
    data = changed(data, wide("WordDocument"), wide("WORDDOCUMENT"))
    assert found(data) == found(DOC.read_bytes())


def test_a_mail_with_its_text_in_a_form_of_outlook_is_named() -> None:
    """Text that stands only as compressed RTF is not lost without a word."""
    data = MSG.read_bytes()
    data = changed(data, wide("_1000001F"), wide("_10090102"))
    error = found(data)[0]
    assert isinstance(error, ReadError)
    assert "holds its text in a form of Outlook alone" in error.reason


@pytest.mark.parametrize("path", [DOC, MSG], ids=lambda path: path.suffix)
def test_a_damaged_file_is_refused_or_read(path: Path) -> None:
    """Whatever is another number in it, or where it ends, each reason is one line."""
    data = path.read_bytes()

    @settings(max_examples=60)
    @given(
        place=st.integers(0, len(data) - 1),
        number=st.sampled_from([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE]),
        is_cut=st.booleans(),
    )
    def read_damaged(place: int, number: int, is_cut: bool) -> None:
        damaged = bytearray(data[: place + 1] if is_cut else data)
        damaged[place : place + 4] = struct.pack("<I", number)
        for item in found(bytes(damaged)):
            assert isinstance(item, Post) or len(str(item).splitlines()) == 1

    read_damaged()


def test_chains_in_a_circle_end() -> None:
    """Sectors that follow themselves give no more bytes than a stream says that it has."""
    data = bytearray(DOC.read_bytes())
    (table,) = struct.unpack_from("<I", data, 76)
    start = (table + 1) * SECTOR
    for place in range(start, start + SECTOR, 4):
        data[place : place + 4] = struct.pack("<I", (place - start) // 4)
    file = CompoundFile(io.BytesIO(bytes(data)), "case")
    assert all(len(file.read(name)) <= len(data) for name in file.names())


def test_streams_that_share_their_sectors_are_refused() -> None:
    """A thousand attachments that are one and the same stream would be gigabytes of a mail."""
    data = bytearray(DOC.read_bytes())
    (directory,) = struct.unpack_from("<I", data, 48)
    (shared,) = struct.unpack_from("<I", data, data.index(wide("WordDocument")) + 116)
    for place in range((directory + 1) * SECTOR, (directory + 2) * SECTOR, 128):
        if data[place + 66] == 2:
            struct.pack_into("<II", data, place + 116, shared, len(data))
    file = CompoundFile(io.BytesIO(bytes(data)), "case")
    first, *others = file.names()
    assert file.read(first) == file.read(first)
    with pytest.raises(ReadError, match="its parts are larger than all of it"):
        list(map(file.read, others))


def test_pieces_that_are_read_again_and_again_are_left_out() -> None:
    """Of two lists of pieces, one that goes back to the start ten times gives no more text."""
    count = 21
    text = b"words\r" * 10
    pieces = struct.pack(f"<{count + 1}I", *([0, len(text)] * (count // 2 + 1)))
    pieces += struct.pack("<HIH", 0, (_NARROW_BIT | 2 * 800) & 0xFFFFFFFF, 0) * count
    table = b"\2" + struct.pack("<I", len(pieces)) + pieces
    head = struct.pack("<HH", 0xA5EC, 0xC1) + bytes(28) + struct.pack("<H", 0)
    head += struct.pack("<H", 11) + struct.pack("<11i", 0, 0, 0, len(text), *[0] * 7)
    places = [0] * 68
    places[66:68] = 0, len(table)
    head += struct.pack("<H", 34) + struct.pack("<68I", *places)

    class File:
        def read(self, path: str) -> bytes:
            return head.ljust(800, b"\0") + text if path == "WordDocument" else table

    found, _ = word_paragraphs(File(), "case")  # type: ignore[arg-type]
    assert [one.text for one in found] == ["words"] * 10


@pytest.mark.parametrize("case", ["hidden runs", "open fields"])
def test_time_is_linear(case: str) -> None:
    """Neither hidden runs behind a place nor fields around it are gone through each time."""

    def work(count: int) -> None:
        if case == "hidden runs":
            formats = Formats(hidden=tuple((4 * n, 4 * n + 2) for n in range(count)))
            for number in range(count):
                assert list(formats.seen(4 * number + 2, 4 * number + 3))
        else:
            gathered = _Gatherer(Formats(), ())
            for _ in range(count):
                for run in ("\x13", "\x14", "a"):
                    gathered.take(run, 0)
            gathered.end()
            assert len(gathered.paragraphs[0].text) == count

    assert is_linear(work, 2_000)


def test_a_head_without_sectors_is_damaged() -> None:
    """A file that ends behind its head, or has sectors of an odd size, has no parts."""
    data = DOC.read_bytes()
    for broken in (data[:100], data[:512], data[:30] + b"\1\0" + data[32:]):
        with pytest.raises(ReadError, match=r"is damaged: .*; fetch the file again"):
            CompoundFile(io.BytesIO(broken), "case")


def test_hidden_runs_are_cut_out() -> None:
    """What is left of a run of bytes is what no hidden run covers."""
    formats = Formats(hidden=((5, 8), (10, 12), (20, 30)))
    assert list(formats.seen(0, 15)) == [(0, 5), (8, 10), (12, 15)]
    assert list(formats.seen(6, 11)) == [(8, 10)]
    assert list(formats.seen(21, 29)) == []
    assert list(formats.seen(30, 31)) == [(30, 31)]


def test_properties_that_are_damaged_say_nothing() -> None:
    """Neither a cut stream nor a time beyond all calendars ends the reading of a document."""
    assert facts_of(b"") == facts_of(b"\xfe\xff" + b"\xff" * 60) == facts_of(b"\0" * 48)
    assert moment(2**64 - 1) is None
    assert moment(0) is None
