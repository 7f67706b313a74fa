"""Bytes → text: encodings, bounds, and what is no text."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import bounded
from rights_search.ingest.bounded import open_bounded, read_bytes
from rights_search.ingest.encodings.decoding import (
    binary_kind,
    decode,
    read_text,
    whole_span,
)
from rights_search.ingest.encodings.mojibake import may_be_spoilt
from rights_search.ingest.encodings.names import declared_encoding
from rights_search.ingest.source import Source, Span

RUSSIAN = "Суд освободил заявителя из-под стражи и признал нарушение права на свободу слова.\n"
ARABIC = "أفرجت السلطات عن الصحفي بعد عامين من الاحتجاز دون محاكمة.\n"
FRENCH = "L’association a été dissoute après l’arrêt de la cour suprême.\n"
CHINESE = "刘霞离开中国\n\n已故诺贝尔和平奖得主刘晓波的遗孀刘霞离开北京，前往德国柏林。\n"
ENGLISH = "I don’t know what the “police” said – he was beaten.\n"


def source(path: Path, data: bytes) -> Source:
    """Write ``data`` and return it as a source."""
    path.write_bytes(data)
    return Source(path, path.name, "0" * 64)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (ARABIC, "cp1256"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        ("São Tomé\n", "cp1252"),
        (CHINESE, "gb18030"),
        # Its bytes are valid pairs of GB 18030, too.
        ("à é\n", "cp1252"),
        (RUSSIAN, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
    ],
)
def test_an_undeclared_encoding_is_found(text: str, encoding: str) -> None:
    """Text in the encodings of our languages comes back as it was written."""
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("encoding", ["cp1251", "cp1252", "cp1256"])
def test_a_guess_is_noted(encoding: str) -> None:
    """What nobody declared is said to be a guess."""
    text = {"cp1251": RUSSIAN, "cp1252": FRENCH, "cp1256": ARABIC}[encoding]
    (note,) = decode(text.encode(encoding)).notes
    assert encoding in note
    assert "guess" in note


@pytest.mark.parametrize(
    ("mark", "encoding", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    ],
)
def test_a_mark_decides_and_is_no_text(mark: bytes, encoding: str, name: str) -> None:
    """A byte order mark is believed and cut off."""
    found = decode(mark + RUSSIAN.encode(encoding))
    assert (found.text, found.encoding, found.notes) == (RUSSIAN, name, ())


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH * 3, "<html>\n<p>one two</p>\n" * 9])
def test_wide_text_without_a_mark_is_known(text: str, encoding: str) -> None:
    """The bytes that are NUL stand in the same places all along."""
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)
    assert binary_kind(text.encode(encoding)) is None


def test_wide_text_that_ends_within_a_character_is_read() -> None:
    """A file that was cut costs a note, not its text."""
    found = decode(codecs.BOM_UTF16_LE + ENGLISH.encode("utf-16-le")[:-1])
    assert found.text.startswith(ENGLISH[:-1])
    assert "could not be read" in found.notes[0]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'<meta charset="windows-1251">', "cp1251"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        (b'<meta charset="utf-16">', "utf-8"),
        (b'<meta charset="no-such-thing">', None),
        (b"<p>charset=cp1251</p>", None),
        (b'<meta charset="gb2312">', "gb18030"),
        (b'<meta charset="iso-8859-9">', "cp1254"),
        (b'<meta charset="x-sjis">', "cp932"),
        (b'<meta charset="ks_c_5601-1987">', "cp949"),
        (b'<meta charset="tis-620">', "cp874"),
        (b'<meta charset="koi8-ru">', "koi8-u"),
    ],
)
def test_a_declaration_is_read_as_browsers_do(head: bytes, expected: str | None) -> None:
    """Latin-1 means Windows-1252, and a declaration in ASCII is not in UTF-16."""
    assert declared_encoding(head) == expected


def test_a_declared_encoding_is_used() -> None:
    """A page in KOI8-R that says so is read without a guess."""
    page = '<meta charset="koi8-r"><p>Да' + RUSSIAN
    found = decode(page.encode("koi8-r"))
    assert (found.text, found.notes) == (page, ())


@pytest.mark.parametrize("charset", ["KOI8-R", ' "koi8-r"', "koi8_r"])
def test_a_header_goes_before_the_declaration(charset: str) -> None:
    """A server that converted a page said so in its header, not in the page."""
    page = '<meta charset="windows-1251"><p>' + RUSSIAN
    found = decode(page.encode("koi8-r"), charset)
    assert (found.text, found.encoding, found.notes) == (page, "koi8-r", ())


@pytest.mark.parametrize("charset", ["zip", "hex", "", "no such", "a\0b", "é"])
def test_a_charset_that_is_none_says_nothing(charset: str) -> None:
    """Labels that no text can be in are passed over."""
    assert decode(FRENCH.encode("cp1252"), charset).text == FRENCH


def test_valid_utf8_beats_a_wrong_declaration() -> None:
    """Bytes that are UTF-8 are UTF-8, whatever an old template declares."""
    page = '<meta charset="iso-8859-1"><p>' + RUSSIAN
    assert decode(page.encode()).text == page


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (RUSSIAN, "cp1251", "iso-8859-1"),
        (RUSSIAN, "koi8-r", "windows-1252"),
        (RUSSIAN, "koi8-r", "windows-1251"),
        (RUSSIAN, "cp1251", "koi8-r"),
        (ARABIC, "cp1256", "iso-8859-1"),
        (FRENCH, "cp1252", "windows-1251"),
    ],
)
def test_a_declaration_against_all_the_words_is_not_believed(
    text: str, encoding: str, declared: str
) -> None:
    """Templates name encodings that their texts are not in; the note says both."""
    page = f'<meta charset="{declared}">\n' + text * 8
    found = decode(page.encode(encoding))
    assert (found.text, codecs.lookup(found.encoding).name) == (page, codecs.lookup(encoding).name)
    (note,) = found.notes
    assert note.startswith("its own declaration says ")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH * 20, "cp1252"),
        (RUSSIAN * 20, "cp1251"),
        (RUSSIAN * 20, "koi8-r"),
        (ARABIC * 20, "cp1256"),
        ("Łódź, Kraków: zażółć gęślą jaźń.\n" * 20, "iso-8859-2"),
        ("Ουδείς υποβάλλεται σε βασανιστήρια.\n" * 20, "iso-8859-7"),
        ("ПРАВА ЧЕЛОВЕКА В МИРЕ\n" * 20, "koi8-r"),
        ("İşkence, Türkçe, ağır\n" * 20, "iso-8859-9"),
    ],
)
def test_a_true_declaration_is_believed(text: str, encoding: str) -> None:
    """However rare the encoding is."""
    page = f'<meta charset="{encoding}">\n' + text
    found = decode(page.encode(encoding))
    assert (found.text, found.notes) == (page, ())


def test_lines_of_utf8_in_a_file_of_another_encoding_are_read() -> None:
    """What was pasted into an old file is read as what it is."""
    data = (FRENCH * 5).encode("cp1252") + FRENCH.encode() + (FRENCH * 5).encode("cp1252")
    found = decode(data)
    assert found.text == FRENCH * 11
    assert found.notes[-1].startswith("line 6 had been saved as UTF-8 read as Windows-1252")


def test_stray_bytes_in_utf8_are_counted_and_placed() -> None:
    """A file that is mostly UTF-8 keeps its bad bytes, as Windows-1252, with a note."""
    data = "Élan\nvital\n".encode() + b"caf\xe9 \x93ferm\xe9\x94\n" + "été à là\n".encode()
    found = decode(data)
    assert found.text == "Élan\nvital\ncafé “fermé”\nété à là\n"
    (note,) = found.notes
    assert note.startswith("4 bytes that are not valid UTF-8, the first on line 3")


def test_line_ends_are_kept() -> None:
    """Nothing is normalised: offsets and line numbers must hold."""
    assert decode(b"a\r\nb\rc\n").text == "a\r\nb\rc\n"


@given(st.text())
def test_utf8_is_never_changed(text: str) -> None:
    """Whatever can be written as UTF-8 is read back as it was, if it is not spoilt."""
    data = text.encode("utf-8", "replace")
    assume(binary_kind(data) is None and not may_be_spoilt(data))
    if not data.startswith(codecs.BOM_UTF8) and b"\0" not in data:
        assert decode(data).text == data.decode()


@given(st.binary())
def test_no_bytes_make_it_fail(data: bytes) -> None:
    """Any bytes at all are decoded to something."""
    assert isinstance(decode(data).text, str)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG image?"),
        (b"%PDF-1.7\n", "PDF document?"),
        (b"PK\x03\x04", "ZIP archive or Office document?"),
        (b"\x1f\x8b\x08", "gzip file inside a gzip file?"),
        (b"abc\0\1\2def", "it holds NUL bytes"),
        (b"\1\2\3" * 20 + b"a" * 100, "it is full of control characters"),
        (b"plain text\n", None),
        (RUSSIAN.encode("utf-16-le"), None),
        (b"\x1b$B$3$s$K$A$O\x1b(B", None),
    ],
)
def test_what_is_binary_is_named(data: bytes, kind: str | None) -> None:
    """Known formats by their first bytes, the rest by NULs and control characters."""
    assert binary_kind(data) == kind


def test_a_binary_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    """A picture under a text's name is refused, and called what it is."""
    with pytest.raises(ReadError, match=r"^post.txt: looks binary \(PNG image\?\)"):
        read_text(source(tmp_path / "post.txt", b"\x89PNG\r\n\x1a\n...."))


def test_a_document_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger file is refused with the limit and a way out."""
    monkeypatch.setattr(bounded, "MAX_DOCUMENT_BYTES", 2 * 2**20)
    read_bytes(source(tmp_path / "fits.txt", b"x" * 2 * 2**20))
    with pytest.raises(ReadError, match=r"larger than 2 MiB.*JSONL"):
        read_bytes(source(tmp_path / "large.txt", b"x" * (2 * 2**20 + 1)))


def test_a_gzip_bomb_stops_early(tmp_path: Path) -> None:
    """No more is expanded than two hundred times the file, beyond a free amount."""
    bomb = source(tmp_path / "bomb.txt.gz", gzip.compress(b"a" * 40 * 2**20))
    with open_bounded(bomb) as stream:
        taken = len(stream.read(bounded.FREE_EXPANSION_BYTES - 2**20))
        with pytest.raises(ReadError, match=r"^bomb\.txt\.gz: expands to more than 200 times"):
            stream.read(2 * 2**20)
    assert taken == bounded.FREE_EXPANSION_BYTES - 2**20


def test_a_document_in_memory_is_read_like_a_file() -> None:
    """Its bytes may be compressed, and the same bounds hold."""
    packed = gzip.compress(RUSSIAN.encode())
    inner = Source(Path("x.warc"), "x.warc", "0", content=packed)
    assert read_text(inner).text == RUSSIAN
    bomb = gzip.compress(b"a" * 40 * 2**20)
    with pytest.raises(ReadError, match="200 times"):
        read_bytes(Source(Path("x.warc"), "x.warc", "0", content=bomb))


def test_a_truncated_gzip_file_is_an_error(tmp_path: Path) -> None:
    """A download that broke off says so."""
    data = gzip.compress(RUSSIAN.encode() * 100)[:-12]
    with pytest.raises(ReadError, match="cut short"):
        read_text(source(tmp_path / "cut.txt.gz", data))


def test_a_damaged_gzip_file_is_an_error(tmp_path: Path) -> None:
    """A wrong byte in the compressed data says so."""
    data = bytearray(gzip.compress(RUSSIAN.encode() * 100))
    data[20] ^= 0xFF
    with pytest.raises(ReadError, match=r"damaged|cut short"):
        read_text(source(tmp_path / "bad.txt.gz", bytes(data)))


def test_the_span_of_a_whole_file() -> None:
    """Lines are counted to the last, bytes with the mark; a lossy text has no bytes."""
    assert whole_span(decode("é\nb".encode())) == Span(1, 2, 0, 4)
    assert whole_span(decode(codecs.BOM_UTF8 + b"a\n")) == Span(1, 1, 0, 5)
    assert whole_span(decode(RUSSIAN.encode("cp1251"))) == Span(1, 1)
