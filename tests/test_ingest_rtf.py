"""RTF documents: letters in every way that they can stand there, and documents made to do harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import GROWTH, steps
from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.rtf import reader as rtf_reader
from rights_search.ingest.rtf.body import MAX_DEPTH
from rights_search.ingest.settings import Settings
from rights_search.post import Post

FOLDER = Path(__file__).resolve().parent / "fixtures" / "ingest" / "rtf"
FONTS = (
    r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}{\f2\fcharset178 C;}{\f3\fcharset128 D;}"
    r"{\f4\fcharset238 E;}{\f5 F;}{\f6 Times New Roman Cyr;}{\f7\fcharset1\cpg1253 G;}}"
)


def found(data: bytes, rule: Settings | None = None) -> list[Post | ReadError | Skipped]:
    """Return what a file is read as, by its content."""
    source = Source(Path("case"), "case", "0" * 64, rule or Settings(), content=data)
    return list(read_file(source))


def rtf(text: str, head: str = r"\ansi\ansicpg1252\deff0") -> bytes:
    """Return a document."""
    return f"{{\\rtf1{head}{FONTS}{text}}}".encode("latin-1")


def words(data: bytes, rule: Settings | None = None) -> str:
    """Return all that the one post of a document says."""
    (post,) = found(data, rule)
    assert isinstance(post, Post)
    return " / ".join(((post.title,) if not post.title_derived else ()) + post.paragraphs)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"{\\rtf1" + b"{" * (MAX_DEPTH + 1), "nests too deeply", id="nested"),
        pytest.param(rtf(r"  \par{\pict 00}"), "a document without text", id="empty"),
        pytest.param(rtf(r"\bin999999999 A text."), "it ends within an open group", id="bytes"),
        pytest.param(rtf(r"{\pict\bin4 A text.}"), "a document without text", id="picture"),
        pytest.param(rtf(r"{\pict A text."), "it ends within an open group", id="open"),
    ],
)
def test_a_bad_document_is_one_reason(data: bytes, message: str) -> None:
    """Each is one line, which says what is wrong."""
    (item,) = found(data)
    assert isinstance(item, (ReadError, Skipped))
    assert message in item.reason


def test_what_is_no_document_is_named_where_settings_say_that_it_is_one() -> None:
    """Nothing of it is taken for text."""
    (item,) = found(b"A text.", Settings(reader="rtf"))
    assert isinstance(item, ReadError)
    assert item.reason == "is no RTF document: it does not open as one"


def test_pictures_count_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither spelt in digits nor as bytes that look like text; what is behind them is read."""
    monkeypatch.setattr(rtf_reader, "MAX_DOCUMENT_BYTES", 2**20)
    picture = b"{\\pict " + b"89504e470d0a1a0a\r\n" * 2**18 + b"}{\\pict\\bin11 }{\\b Not}.\\}"
    assert words(b"{\\rtf1 Before. " + picture + b" Behind.}") == "Before. Behind."
    (error,) = found(b"{\\rtf1 " + b"x" * 2**20)
    assert isinstance(error, ReadError)
    assert error.reason.startswith("is larger than 1 MiB, the limit for one document, without its")


@pytest.mark.parametrize("block_bytes", [2**20, 13, 15])
def test_a_picture_of_so_many_bytes_is_as_long_as_it_says(
    monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    """Though its bytes look like digits, of which others are made; what is behind it is read."""
    monkeypatch.setattr(rtf_reader, "_BLOCK_BYTES", block_bytes)
    for pixel in (b"A", b"\n"):
        data = b"{\\rtf1 {\\pict\\bin2000 " + pixel * 2000 + b"}Behind.}"
        assert words(data) == "Behind."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\f1\'cf\'f0\'e0\'e2\'e0", "Права"),
        (r"\f6\'cf\'f0\'e0\'e2\'e0", "Права"),
        (r"{\f1\'cf\'f0\'e0\'e2\'e0}\'e9", "Праваé"),
        (r"\f2\'cd\'de", "حق"),
        (r"\rtlch\af2\ltrch\f0 \rtlch\'cd\'de{\ltrch\'e9}", "حقé"),
        (r"\f3\'8e\'71\'8b\'9f\'82\'b3\'82\'f1", "子供さん"),
        ("\\f3\\'8eq\\'8b\r\n\\'9f\\'83\\\\", "子供ソ"),
        (r"\f4\'c8e\'9atina", "Čeština"),
        (r"\f7\'c4\'df\'ea\'e7", "Δίκη"),
        (r"\f9\'e9", "é"),
        (r"\u1055?\u1088\'f0\u1072\'e0\u1074 {\u1072}?", "Права?"),
        (r"\uc2\u23376\'8e\'71\u20379??{\uc0\u12373}", "子供さ"),
        (r"\u-10179?\u-8696?", "\U0001f608"),
        (r"\u128520?\u55357?", "\U0001f608\ufffd"),
        (r"\u8217\'92s \u8212\emdash\u8212\par end", "\u2019s \u2014\u2014 / end"),
        (r"a\~b\_c\-d\emspace e\line f\tab g\\\{\}", "a b-cd e f g\\{}"),
        (r"{\upr{\'3f\'3f}{\*\ud\u1055?\u1088?}}", "Пр"),
        ("one\\\r\ntwo\r\n three", "one / two three"),
        (r"one\*\cs7 two", "onetwo"),
        (r"\trowd\intbl a\par b\cell c\cell\row d\par e\cell f", "a b | c / d / e / f"),
        (r"\bullet\tab One\par{\pntext\'b7\tab}Two", "One / Two"),
        (r"\u\u99999999?\'zz\'4", "\ufffd\ufffdzz4"),
    ],
)
def test_letters_are_read_however_they_stand_there(text: str, expected: str) -> None:
    """In the code page of their font, in Unicode with what older programs show, as signs."""
    assert words(rtf(rf"\pard {text}\par")) == expected


@pytest.mark.parametrize(
    ("head", "text", "expected"),
    [
        (r"\ansi\ansicpg1251", r"\f5\'cf\'f0\'e0\'e2\'e0", "Права"),
        (r"\ansi\ansicpg1251", r"\f0\'cf\'f0\'e0\'e2\'e0", "Права"),
        (r"\ansi\ansicpg1251", r"\f0 d\'e9j\'e0 vu", "déjà vu"),
        (r"\mac", r"\f5\'8e", "é"),
        (r"\pc", r"\f5\'82", "é"),
        (r"\pca", r"\f5\'d5", "ı"),
        (r"\ansi\ansicpg65001", r"\f5\'c3\'a9", "é"),
        (r"\ansi\ansicpg99999", r"\f5\'e9", "é"),
        (r"\ansi\ansicpg949", r"\f5\'b1\'c7\'b8\'ae", "권리"),
    ],
)
def test_a_font_without_a_code_page_has_that_of_its_document(
    head: str, text: str, expected: str
) -> None:
    """And one of Western Europe too, where its words are in no Latin letters."""
    assert words(rtf(rf"{text}\par", head)) == expected


def test_settings_go_before_what_a_document_names() -> None:
    """Here a document of Windows-1251 names that of the machine that wrote it."""
    data = rtf(r"\f5\'cf\'f0\'e0\'e2\'e0\par")
    assert words(data, Settings(encoding="cp1251")) == "Права"


def test_bytes_that_can_only_be_utf_8_are_that() -> None:
    """Programs that do not know the format write it so; signs in a code page stay in it."""
    data = "{\\rtf1\\ansi\\ansicpg1252 \\u1055?Права на caf\\'e9.}".encode()
    assert words(data) == "ППрава на café."


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (rb"{\rtf1 A text.{\b more", "it ends within 2 open groups: its end may be missing"),
        (rb"{\rtf1 A text.{\pict 00", "it ends within 2 open groups: its end may be missing"),
        (rb"{\rtf1 A text.{\pict{00{", "it ends within 4 open groups: its end may be missing"),
        (rb"{\rtf1 A text.\upr{00{", "it ends within 3 open groups: its end may be missing"),
        (rb"{\rtf1 A text.}} and more", "10 bytes behind its end were not read"),
        (rb"{\rtf1\ansicpg932 A text \'82.}", "1 of its bytes that are not valid cp932 could"),
    ],
)
def test_damage_is_told(data: bytes, note: str) -> None:
    """What can be read of a document is, and the post says what could not."""
    (post,) = found(data)
    assert isinstance(post, Post)
    assert "A text" in post.paragraphs[0]
    assert [text.startswith(note) for text in post.notes] == [True]


def test_documents_in_one_file_are_all_read() -> None:
    """Programs that print letters put them one behind the other."""
    assert words(b"{\\rtf1 One.}\r\n{\\rtf1 Two.}\0") == "One. / Two."


LETTERS = st.text(
    st.characters(exclude_categories=("C", "Z", "M", "P", "S", "N"), max_codepoint=0x1FFFF)
)


@settings(max_examples=60)
@given(texts=st.lists(LETTERS.filter(bool), min_size=1, max_size=5))
def test_unicode_is_read_as_it_was_written(texts: list[str]) -> None:
    """Whatever its letters, and whatever stands behind them for older programs."""
    spelt = []
    for text in texts:
        units = text.encode("utf-16-le")
        numbers = (int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2))
        spelt.append("".join(f"\\u{number - (number >> 15 << 16)}\\'3f" for number in numbers))
    (post,) = found(rtf(" ".join(spelt) + " end"))
    assert isinstance(post, Post)
    assert post.paragraphs == (" ".join((*texts, "end")),)


WRAPPERS = (
    r"\pard {}\par",
    r"{{\b {}}}\par",
    r"\trowd\intbl{{\cell {}\cell}}\row\pard",
    r"\pard\itap2 {}\nestcell{{\*\nesttableprops\nestrow}}\itap1\cell\row\pard",
    r"{{\*\footnote {}}}\par",
    r"{{\shp{{\*\shpinst{{\sp{{\sn a}}{{\sv b}}}}{{\shptxt {}}}}}}}\par",
    r"{{\field{{\*\fldinst HYPERLINK}}{{\fldrslt {}}}}}\par",
    r"{{\upr{{a}}{{\*\ud {}}}}}\par",
)
UNSEEN = (
    r"{{\header {}}}",
    r"{{\*\anything {}}}",
    r"{{\v {}}}",
    r"{{\deleted {}}}",
    r"{{\field{{\*\fldinst {}}}}}",
    r"{{\pict {{{}}}}}",
    r"{{\info{{\subject {}}}}}",
)


@settings(max_examples=60)
@given(wrappers=st.lists(st.sampled_from((*WRAPPERS, *UNSEEN)), min_size=1, max_size=8))
def test_a_text_is_all_of_its_words_that_are_seen(wrappers: list[str]) -> None:
    """Each once, whatever it stands in; what nobody sees is not among them."""
    text = "".join(wrapper.format(f"word{place}") for place, wrapper in enumerate(wrappers))
    posts = [item for item in found(rtf(text)) if isinstance(item, Post)]
    texts = [paragraph for post in posts for paragraph in post.paragraphs]
    texts += [post.title for post in posts if not post.title_derived]
    seen = [f"word{place}" for place, wrapper in enumerate(wrappers) if wrapper not in UNSEEN]
    assert sorted(re.findall(r"word\d", " ".join(texts))) == seen


@settings(max_examples=60)
@given(place=st.integers(0), byte=st.integers(0, 255), name=st.sampled_from(("unseen", "word-ar")))
def test_a_damaged_document_is_refused_or_read(place: int, byte: int, name: str) -> None:
    """Whichever byte of it is another one, or where it ends, each reason is one line."""
    data = bytearray((FOLDER / f"{name}.rtf").read_bytes())
    place %= len(data)
    data[place] ^= byte
    for item in found(bytes(data[: place + 1] if byte == 0 else data)):
        assert isinstance(item, Post) or len(str(item).splitlines()) == 1


@pytest.mark.parametrize(
    "part",
    [r"{\*\a", r"{\b", r"\'e9\f1", r"\itap32\par", r"{\footnote x}", r"{\rtf1}", r"\*", "a\r\n"],
)
def test_work_grows_with_the_size(part: str) -> None:
    """Whatever stands there over and over; what is closed is closed."""
    close = "}" if part.count("{") > part.count("}") else ""

    def work(times: int) -> int:
        return steps(lambda: found(rtf((part + close) * times + " A text.")))

    work(1)  # loads what is loaded when first needed
    assert work(50 * GROWTH) < 1.5 * GROWTH * work(50)


@pytest.mark.parametrize("block_bytes", [2**20, 1500])
def test_digits_that_stand_in_the_text_are_text(
    monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    """A key or a fingerprint may be as long as a picture; behind marks of one it is none."""
    monkeypatch.setattr(rtf_reader, "_BLOCK_BYTES", block_bytes)
    key = b"c0ffee" * 300
    picture = b"{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn x}{\\sv 1}}}\\pngblip\n" + key + b"}}"
    assert words(
        b"{\\rtf1 {\\b Key:} " + key + b" " + picture + b"{\\*\\objdata " + key + b"}End.}"
    ) == (f"Key: {key.decode()} End.")
