"""Subtitles, books, their chapters and pages of chats: what holds for any input."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.settings import Settings
from rights_search.post import Post

TEXT_READERS = ("subtitles", "chapter", "html", "chat")
LEFT_OUT = re.compile(r"([\d,]+) messages? left out")
# Marks that a reader looks for, and what terminals and encodings trip over.
PIECES = st.sampled_from(
    [
        *(
            "WEBVTT",
            "WEBVTT\n\n",
            "NOTE",
            "\n\n",
            "\r\n",
            "\n",
            "1",
            "-->",
            "00:00:01,000",
            "<v A>",
        ),
        *(
            "00:00:01.000 --> 99:59:59.999",
            "9999:00:00.0 --> 00:00:00,000",
            "{\\an8}",
            "<i>",
            "</i>",
        ),
        *(
            "\u202e",
            "\u2066",
            "\x1b[31m",
            "\0",
            "\ufeff",
            "\ud7ff",
            "é",
            "人權",
            "حقوق",
            "- x",
            ">> Y",
        ),
        *(
            "<div class='message default' id='message1'>",
            "<div class='text'>",
            "</div>",
            "<p>",
            "<h1>",
        ),
        *(
            "<div class='pull_right date details' title='10.12.2018 09:00:00'>",
            "&#0;",
            "&nbsp;",
            "<a",
        ),
        *("<html lang='x'>", "<body>", "<title>", "A:", "words of a text", "&lt;", "]]>", "<!--"),
        *(
            "[10/12/18, 9:00:05 AM] A: ",
            "10.12.18, 09:00 - A: ",
            "99/99/9999, 99:99 - B: ",
            "\u200e",
        ),
    ]
)
DATA = st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode("utf-8"))
SPOILT = st.tuples(DATA, st.binary(max_size=8), st.integers(0, 400)).map(
    lambda made: made[0][: made[2]] + made[1] + made[0][made[2] :]
)
# No mark of any reader, and found again in what comes out.
WORDS = st.lists(
    st.text("abcde", min_size=3, max_size=6).map(lambda word: f"{word}q"), min_size=1, max_size=8
)


def found(reader: str, data: bytes, name: str = "case") -> list[Post | ReadError | Skipped]:
    """Return what one reader makes of a file."""
    source = Source(Path(name), name, "0" * 64, Settings(reader=reader), content=data)
    return list(read_file(source))


def words_of(items: Sequence[Post | ReadError | Skipped]) -> list[str]:
    """Return the words of all posts in their order, titles that are no words of the text too."""
    posts = [item for item in items if isinstance(item, Post)]
    said = [[*(() if post.title_derived else (post.title,)), *post.paragraphs] for post in posts]
    return [word for texts in said for text in texts for word in re.findall("[a-z]+q", text)]


@settings(max_examples=40)
@given(reader=st.sampled_from(TEXT_READERS), data=SPOILT)
def test_any_bytes_are_read_or_refused_in_a_line(reader: str, data: bytes) -> None:
    """Nothing is raised, each reason is one line, and no post stands outside of the file."""
    items = found(reader, data)
    assert items
    for item in items:
        if not isinstance(item, Post):
            assert len(str(item).splitlines()) == 1
            continue
        place = item.provenance
        assert 1 <= (place.line_start or 1) <= (place.line_end or 1) <= len(data) + 1
        assert 0 <= (place.byte_start or 0) <= (place.byte_end or 0) <= len(data)
        assert sum(map(len, item.paragraphs)) <= 8 * len(data)


CUES = st.lists(st.tuples(st.integers(0, 4 * 10**7), st.integers(0, 10**6), WORDS), min_size=1)


def clock(milliseconds: int, sign: str) -> str:
    """Return a code of time."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{sign}{rest:03}"


@settings(max_examples=20)
@given(cues=CUES, is_vtt=st.booleans(), is_windows=st.booleans())
def test_what_is_said_is_in_the_post_once(
    cues: list[tuple[int, int, list[str]]], *, is_vtt: bool, is_windows: bool
) -> None:
    """Every word, in its order, whatever the times say; a line that is said again is there once."""
    sign = "." if is_vtt else ","
    blocks = [
        f"{number}\n{clock(start, sign)} --> {clock(start + length, sign)}\n{' '.join(words)}"
        for number, (start, length, words) in enumerate(cues, start=1)
    ]
    text = ("WEBVTT\n\n" if is_vtt else "") + "\n\n".join(blocks) + "\n"
    items = found("subtitles", (text.replace("\n", "\r\n") if is_windows else text).encode())
    said: list[list[str]] = []
    for _, _, words in cues:
        if not said or words != said[-1] or len(words) < 3:
            said.append(words)
    assert len(items) == 1
    assert words_of(items) == [word for words in said for word in words]


BLOCKS = st.recursive(
    WORDS.map(" ".join),
    lambda inner: (
        st.tuples(st.sampled_from(["p", "div", "section", "em", "ul", "b"]), inner).map(
            lambda made: f"<{made[0]}>{made[1]}</{made[0]}>"
        )
        | st.lists(inner, max_size=3).map("\n".join)
    ),
    max_leaves=12,
)


@settings(max_examples=20)
@given(body=BLOCKS, title=WORDS)
def test_a_chapter_is_all_of_its_words(body: str, title: list[str]) -> None:
    """However it nests: the words of its heading and of its text, none twice."""
    heading = " ".join(title)
    page = f"<html><body><h1>{heading}</h1>{body}</body></html>"
    expected = [*title, *re.findall("[a-z]+q", body)]
    items = found("chapter", page.encode())
    assert words_of(items) == (expected if len(expected) > len(title) else [])


def book(chapters: Sequence[str | None], order: Sequence[int]) -> bytes:
    """Return a book whose list names chapters in an order; one that is None is not in it."""
    items = "".join(
        f'<item id="c{number}" href={quoteattr(f"{number}.xhtml")} '
        'media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in order)
    package = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>B</dc:title>'
        f"</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = '<container><rootfiles><rootfile full-path="O/p.opf"/></rootfiles></container>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("O/p.opf", package)
        for number, text in enumerate(chapters):
            if text is not None:
                page = f"<html><body><h1>{number}</h1><p>{escape(text)}</p></body></html>"
                archive.writestr(f"O/{number}.xhtml", page)
    return target.getvalue()


@settings(max_examples=12)
@given(
    chapters=st.lists(st.none() | WORDS.map(" ".join) | st.just(""), min_size=1, max_size=6),
    order=st.lists(st.integers(0, 7), max_size=9),
)
def test_each_chapter_that_is_listed_is_a_post_or_has_its_reason(
    chapters: list[str | None], order: list[int]
) -> None:
    """In the order of the book, each once; what it lists and does not hold is named."""
    items = found("epub", book(chapters, order))
    listed = [number for number in dict.fromkeys(order) if number < len(chapters)]
    kinds = {None: ReadError, "": Skipped}
    expected = [kinds.get(chapters[number], Post) for number in listed]
    assert list(map(type, items)) == (expected or [Skipped])
    assert [item.title for item in items if isinstance(item, Post)] == [
        str(number) for number in listed if chapters[number]
    ]


@settings(max_examples=12)
@given(place=st.integers(0, 2000), flipped=st.integers(1, 255))
def test_a_damaged_book_is_refused_or_read(place: int, flipped: int) -> None:
    """Whichever byte of it is another one, each reason is one line."""
    data = bytearray(book(["one text", "another text"], [0, 1]))
    data[place % len(data)] ^= flipped
    for item in found("epub", bytes(data)):
        assert isinstance(item, Post) or len(str(item).splitlines()) == 1


MESSAGES = st.lists(st.tuples(st.booleans(), WORDS | st.just([])), min_size=1, max_size=12)


@settings(max_examples=15)
@given(messages=MESSAGES)
def test_every_message_of_a_chat_is_a_post_or_counted(
    messages: list[tuple[bool, list[str]]],
) -> None:
    """Messages in are posts and messages left out."""
    parts = [
        f'<div class="message {"service" if is_service else "default"}" id="message{number}">'
        '<div class="pull_right date details" title="10.12.2018 09:00:00">09:00</div>'
        f'<div class="from_name">A</div><div class="text">{" ".join(words)}</div></div>'
        for number, (is_service, words) in enumerate(messages, start=1)
    ]
    items = found("html", f"<html><body>{''.join(parts)}</body></html>".encode())
    posts = [item for item in items if isinstance(item, Post)]
    reasons = "\n".join(item.reason for item in items if isinstance(item, Skipped))
    left_out = sum(int(count.replace(",", "")) for count in LEFT_OUT.findall(reasons))
    assert len(posts) + left_out == len(messages)
    expected = [words for is_service, words in messages if words and not is_service]
    assert words_of(posts) == [word for words in expected for word in words]


@settings(max_examples=15)
@given(messages=MESSAGES, is_iphone=st.booleans())
def test_every_message_of_a_text_is_a_post_or_counted(
    messages: list[tuple[bool, list[str]]], *, is_iphone: bool
) -> None:
    """Messages in are posts and messages left out, in both forms that the moment has."""
    moment = "[10/12/18, 9:00:05 AM] " if is_iphone else "10/12/18, 09:00 - "
    lines = [
        moment + (" ".join(words) if is_note else f"A: {' '.join(words)}")
        for is_note, words in messages
    ]
    items = found("chat", "\n".join(lines).encode())
    posts = [item for item in items if isinstance(item, Post)]
    reasons = "\n".join(item.reason for item in items if isinstance(item, Skipped))
    left_out = sum(int(count.replace(",", "")) for count in LEFT_OUT.findall(reasons))
    assert len(posts) + left_out == len(messages)
    assert words_of(posts) == [word for is_note, words in messages if not is_note for word in words]


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        pytest.param(
            "subtitles", b"1\n00:00:01,000 --> 00:00:02,000\n" + b"word " * 200_000, id="cue"
        ),
        pytest.param("subtitles", b"00:00:01,0 --> 00:00:02,0\n" * 10_000 + b"word", id="times"),
        pytest.param(
            "subtitles", b"WEBVTT\n\n0:1\n00:01.000 --> 00:02.000\n" + b"<v a" * 50_000, id="tags"
        ),
        pytest.param(
            "subtitles", b"WEBVTT\n\n00:01.000 --> 00:02.000\nword " + b"{\\" * 90_000, id="codes"
        ),
        pytest.param("chapter", b"<div>" * 100_000 + b"word", id="nested"),
        pytest.param("chapter", b"<h1>" * 1_000 + b"word", id="headings"),
        pytest.param(
            "html",
            b'<div id="message1"><p class="date details" title="10.12.2018 09:00:00">' * 1_500
            + b"word",
            id="chat",
        ),
    ],
)
def test_what_is_made_to_be_costly_is_not(reader: str, data: bytes) -> None:
    """A cue of a megabyte, nesting without end and marks that never close are read or refused."""
    items = found(reader, data)
    assert items
    assert sum(
        len(text) for item in items if isinstance(item, Post) for text in item.paragraphs
    ) <= (2 * len(data))


def test_what_is_no_page_of_text_is_counted() -> None:
    """A drawing that a book lists between its chapters."""
    page = b'href="0.xhtml" media-type="application/xhtml+xml"'
    drawing = b'href="0.xhtml" media-type="image/svg+xml"'
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["a", "one text"], [0, 1]))) as whole,
        zipfile.ZipFile(target, "w") as archive,
    ):
        for name in whole.namelist():
            archive.writestr(name, whole.read(name).replace(page, drawing))
    post, skipped = found("epub", target.getvalue())
    assert isinstance(post, Post)
    assert str(skipped.reason if isinstance(skipped, Skipped) else skipped) == (
        "1 chapter left out: of type image/svg+xml"
    )


def test_a_chapter_that_is_a_bomb_is_refused_and_the_others_are_read() -> None:
    """It expands beyond what its compressed bytes may; the next chapter is a post."""
    data = book([" " * (24 * 2**20), "one text"], [0, 1])
    error, post = found("epub", data)
    assert isinstance(error, ReadError)
    assert "200 times its size" in error.reason
    assert isinstance(post, Post)
    assert post.paragraphs == ("one text",)
