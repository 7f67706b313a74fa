"""Plain posts: title, date, byline and paragraphs of one text file."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from effort import is_linear
from rights_search.errors import ReadError
from rights_search.ingest.lines import join_wrapped, split_blocks, split_lines
from rights_search.ingest.plain.chat import opens_as_chat
from rights_search.ingest.plain.reader import read_plain
from rights_search.ingest.settings import Settings
from rights_search.ingest.source import Draft, Source, Span

TITLE = "Two men released after nine years"
FIRST = "The two men had been held without trial since the spring of 1983 in the same prison."
SECOND = "A court had ordered their release as early as 1987. Nobody carried the order out."
WRAPPED = """\
The two men had been held without trial since the spring of 1983 in the same
prison, and for most of that time in the same cell. Their families were told on
Tuesday.
"""
JOINED = " ".join(WRAPPED.split())


def _read(path: Path, content: bytes | str, **options: Any) -> Draft:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    record, *others = read_plain(Source(path, path.name, "0" * 64, settings=Settings(**options)))
    assert not others
    assert isinstance(record, Draft)
    return record


def _date(draft: Draft) -> str | None:
    return None if draft.date is None else " ".join([draft.date.iso, *draft.date.flags])


@pytest.mark.parametrize(
    ("content", "title", "date"),
    [
        (f"{TITLE}\n12 March 1992\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992-03-12"),
        (f"{TITLE}\n\n12 March 1992\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992-03-12"),
        (f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n", TITLE, None),
        (f"{TITLE}\n{FIRST}\n\n{SECOND}\n", TITLE, None),
        (f"12 March 1992\n\n{TITLE}\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992-03-12"),
        (f"12 March 1992\n{TITLE}\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992-03-12"),
        (f"12 March 1992\n\n{FIRST}\n\n{SECOND}\n", None, "1992-03-12"),
        (f"{FIRST}\n\n{SECOND}\n", None, None),
        (f"{TITLE}\n1992\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992"),
        (f"{TITLE}\nMarch 1992\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992-03"),
        (f"{TITLE}\nc. 1992\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992 circa"),
        (f"{TITLE}\n03/04/1992\n\n{FIRST}\n\n{SECOND}\n", TITLE, "1992 ambiguous-day-month"),
        (f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n\n12 March 1992\n", TITLE, "1992-03-12"),
        (f"{TITLE}\n\n{FIRST}\n\n{SECOND}\n\nThey met on 12 March 1992\n", TITLE, None),
        (f"Torture must end now.\n\n{FIRST}\n\n{SECOND}\n", "Torture must end now.", None),
        (
            f"Home\nSearch\n\n• News\n\n{TITLE}\n5 May 1992\n\n{FIRST}\n\n{SECOND}",
            TITLE,
            "1992-05-05",
        ),
        (
            f"Deux hommes libres\n12 mars 1992\n\n{FIRST}\n\n{SECOND}",
            "Deux hommes libres",
            "1992-03-12",
        ),
        (f"عودة\n٢٠ مارس ٢٠١٧\n\n{FIRST}\n\n{SECOND}", "عودة", "2017-03-20"),
        (f"Шарпевиль\n21 марта 1960 года\n\n{FIRST}\n\n{SECOND}", "Шарпевиль", "1960-03-21"),
    ],
)
def test_heads(content: str, title: str | None, date: str | None, tmp_path: Path) -> None:
    """Title and date are found in any order, and the text starts behind them."""
    draft = _read(tmp_path / "post.txt", content)
    assert (draft.title, _date(draft)) == (title, date)
    assert draft.paragraphs[:2] == (FIRST, SECOND)


@pytest.mark.parametrize(
    "content",
    [
        f"{TITLE}\n12 March 1992\n\n{WRAPPED}\n{SECOND}\n",
        f"{TITLE}\n12 March 1992\n{WRAPPED}{textwrap.fill(SECOND, 79)}\n",
        f"{TITLE}\n12 March 1992\n{JOINED}\n{SECOND}\n",
        f"{TITLE}\n12 March 1992\n\n  {'  '.join(WRAPPED.splitlines(keepends=True))}\n  {SECOND}\n",
    ],
    ids=["wrapped", "wrapped without blank lines", "a line a paragraph", "set in"],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_paragraphs(content: str, line_end: str, tmp_path: Path) -> None:
    """Wrapped lines are joined, and paragraphs stay apart with blank lines or without."""
    draft = _read(tmp_path / "post.txt", content.replace("\n", line_end))
    assert draft.paragraphs == (JOINED, SECOND)


def test_a_broken_word_grows_together() -> None:
    """A line that ends in a hyphen or a slash is joined without a space."""
    text = (
        "Concerns described in this report include cases of alleged torture and ill-\n"
        "treatment by police, and of others that stand in the documents of 34/35 and 34/\n"
        "36 of the same year.\n"
    )
    (block,) = split_blocks(split_lines(text))
    (paragraph,) = join_wrapped(block)
    assert "ill-treatment by" in paragraph
    assert "34/36 of" in paragraph


def test_bylines_captions_and_calls(tmp_path: Path) -> None:
    """Byline, caption, call to action and the date of an update are not text."""
    draft = _read(
        tmp_path / "post.txt",
        f"{TITLE}\n\nPublished 12 March 1992 | Prisons\nLast updated 14 March 1992\n\n"
        f"By Ada Example, Researcher at Example Watch\n\n{FIRST}\n\n"
        f"The gate of the prison © A. EXAMPLE/AFP\n\n{SECOND}\n\nSign the petition\n",
    )
    assert draft.paragraphs == (FIRST, SECOND)
    assert draft.title == TITLE
    assert _date(draft) == "1992-03-12"
    assert draft.updated is not None
    assert draft.updated.iso == "1992-03-14"
    assert draft.authors == ("Ada Example",)
    assert (draft.role, draft.organisation) == ("Researcher at Example Watch", "Example Watch")
    assert draft.captions == ("The gate of the prison © A. EXAMPLE/AFP",)
    assert draft.calls_to_action == ("Sign the petition",)
    assert draft.source_tags == ("Prisons",)


def test_place_and_date(tmp_path: Path) -> None:
    """The town before a date is where the post was written."""
    draft = _read(tmp_path / "post.txt", f"{TITLE}\n\nGenève, le 12 mars 1992\n\n{FIRST}\n")
    assert (draft.place, _date(draft)) == ("Genève", "1992-03-12")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("On 24 March 2014", None),
        ("On Monday, 24 March 2014", None),
        ("Le lundi 24 mars 2014", None),
        ("Ce 24 mars 2014", None),
        ("Paris, le 24 mars 2014", "Paris"),
        ("Fait à Paris, le 24 mars 2014", "Paris"),
        ("El 24 de marzo de 2014", None),
        ("En Madrid, a 24 de marzo de 2014", "Madrid"),
        ("Em 24 de março de 2014", None),
        ("Lisboa, em 24 de março de 2014", "Lisboa"),
        ("Aos 24 de março de 2014", None),
        ("Am 24. März 2014", None),
        ("Am Montag, den 24. März 2014", None),
        ("Berlin, am 24. März 2014", "Berlin"),
        ("24 марта 2014 года", None),
        ("от 24 марта 2014 года", None),
        ("В понедельник, 24 марта 2014 года", None),
        ("Москва, 24 марта 2014 года", "Москва"),
        ("في 24 مارس 2014", None),
        ("القاهرة، في 24 مارس 2014", "القاهرة"),
    ],
)
def test_an_article_or_a_preposition_before_the_date(
    line: str, place: str | None, tmp_path: Path
) -> None:
    """In each language a line that is such a date dates the post; a weekday is no town."""
    draft = _read(tmp_path / "post.txt", f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{SECOND}\n")
    assert (draft.title, _date(draft), draft.place) == (TITLE, "2014-03-24", place)
    assert draft.paragraphs == (FIRST, SECOND)


@pytest.mark.parametrize(
    "line",
    ["Depuis le 24 mars 2014", "On 24 March 2014,", "Le 24 mars 2014 :", "On March 2014", "Le 24"],
)
def test_a_date_that_goes_on_or_began_something_is_text(line: str, tmp_path: Path) -> None:
    """A sentence that breaks off, a month, and "since" date no post."""
    draft = _read(tmp_path / "post.txt", f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{SECOND}\n")
    assert draft.date is None
    assert line in draft.paragraphs


@pytest.mark.parametrize(
    ("one", "other"),
    [("Le 24 mars 2014", "Le 26 mars 2014"), ("Kano, 24 March 2014", "Lagos, 26 March 2014")],
)
def test_the_days_of_a_chronology_date_no_post(one: str, other: str, tmp_path: Path) -> None:
    """Where several lines are such dates, each is the head of an entry."""
    draft = _read(tmp_path / "post.txt", f"{TITLE}\n\n{one}\n\n{FIRST}\n\n{other}\n\n{SECOND}\n")
    assert (draft.date, draft.place) == (None, None)
    assert draft.paragraphs == (one, FIRST, other, SECOND)


@pytest.mark.parametrize("behind", ["Kano, 24 March 2014\n\nMore.", "Done at Lagos, 26 March 2014"])
def test_where_a_text_is_signed_is_no_entry(behind: str, tmp_path: Path) -> None:
    """The same day again, or another one in the last line, takes no date away."""
    text = f"{TITLE}\n\nKano, 24 March 2014\n\n{FIRST}\n\n{SECOND}\n\n{behind}\n"
    assert _date(_read(tmp_path / "post.txt", text)) == "2014-03-24"


def test_a_byline_on_the_date_line(tmp_path: Path) -> None:
    """The author may stand beside the date."""
    draft = _read(tmp_path / "post.txt", f"{TITLE}\nBy Ada Example | 12 March 1992\n\n{FIRST}\n")
    assert (draft.authors, _date(draft)) == (("Ada Example",), "1992-03-12")


@pytest.mark.parametrize(
    "content",
    [
        f"{WRAPPED}They were let go on\n12 March 1992\nafter a decision of the court.\n",
        f"{TITLE}\n\n{FIRST}\n\n12 March 1992\n\n{SECOND}\n",
    ],
    ids=["inside of a sentence", "behind the first paragraph"],
)
def test_dates_in_the_text_are_text(content: str, tmp_path: Path) -> None:
    """A date line inside of the text does not date the post and stays in it."""
    draft = _read(tmp_path / "post.txt", content)
    assert draft.date is None
    assert "12 March 1992" in " ".join(draft.paragraphs)


def test_white_space_and_marks(tmp_path: Path) -> None:
    """A byte order mark, no-break spaces and form feeds leave no trace in the text."""
    content = f"\ufeffTwo men\u00a0released\n\f12 March 1992\n\n\f{FIRST}\n\n\f\n".encode()
    draft = _read(tmp_path / "post.txt", content)
    assert (draft.title, _date(draft), draft.paragraphs) == (
        "Two men released",
        "1992-03-12",
        (FIRST,),
    )
    assert draft.encoding == "utf-8-sig"
    assert draft.span.byte_start == 3


def test_span(tmp_path: Path) -> None:
    """The span goes from the first line with text to the last, in lines and in bytes."""
    content = f"\n\n{TITLE}\n\n{FIRST}\n\n"
    assert _read(tmp_path / "post.txt", content).span == Span(3, 5, 2, len(content) - 2)


def test_the_users_word_on_day_and_month(tmp_path: Path) -> None:
    """The source's setting decides an ambiguous date."""
    content = f"{TITLE}\n03/04/1992\n\n{FIRST}\n"
    assert _date(_read(tmp_path / "post.txt", content, day_first=True)) == "1992-04-03"


def test_one_line_is_text(tmp_path: Path) -> None:
    """A file of one line is a post without a title."""
    draft = _read(tmp_path / "post.txt", TITLE)
    assert (draft.title, draft.paragraphs) == (None, (TITLE,))


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff", "\f\n"])
def test_an_empty_file_raises(content: str, tmp_path: Path) -> None:
    """A file without text ends the source with its reason."""
    with pytest.raises(ReadError) as caught:
        _read(tmp_path / "post.txt", content)
    assert str(caught.value) == "post.txt: the file is empty"
    assert caught.value.fatal


@pytest.mark.parametrize("line", ["12 Ramadan 1445", "الجمعة ١٢ رمضان ١٤٤٥ هـ", "5 Farvardin 1403"])
def test_a_date_of_another_calendar_is_named(line: str, tmp_path: Path) -> None:
    """It dates no post, and the reader says that it saw one."""
    draft = _read(tmp_path / "post.txt", f"{TITLE}\n\n{line}\n\n{FIRST}\n\n{SECOND}\n")
    assert draft.date is None
    assert "another calendar" in draft.notes[0]
    assert line in draft.notes[0]
    plain = _read(tmp_path / "post.txt", f"{TITLE}\n\nRamadan in the camps, 1445\n\n{FIRST}\n")
    assert plain.notes == ()


def test_marks_of_headings_are_no_text(tmp_path: Path) -> None:
    """Notes are written in Markdown without being called so; a hash before a number stays."""
    text = f"### {TITLE} ###\n\n{FIRST}\n\n## The law\n\n# 5 of the law forbids it, and #9 too."
    draft = _read(tmp_path / "a.txt", text)
    assert draft.title == TITLE
    assert draft.paragraphs == (FIRST, "The law", "# 5 of the law forbids it, and #9 too.")
    draft = _read(tmp_path / "b.txt", f"{TITLE}\n=====\n\n12 March 2014\n\n{FIRST}\n")
    assert (draft.title, draft.paragraphs) == (TITLE, (FIRST,))


@pytest.mark.parametrize(
    ("second", "is_chat"),
    [("INFO: done", False), ("[ERROR] : none", False), ("Ada: Good day", True)],
)
def test_a_log_of_a_program_is_no_chat(second: str, *, is_chat: bool) -> None:
    """Though its lines open as messages do: all of its names are those of levels."""
    lines = ("2023-05-12 10:00:00 - WARNING: x", f"2023-05-12 10:00:01 - {second}")
    assert opens_as_chat("\n".join(lines)) == is_chat


@pytest.mark.parametrize("ends", ["They were held for nine years.\n", "held without trial-\n"])
def test_a_block_may_be_as_long_as_a_book(ends: str) -> None:
    """Twice the lines that no blank line parts take twice as long."""
    block = f"They were taken from the town at night, {ends}"
    assert is_linear(lambda count: join_wrapped(split_lines(block * count)), 500)
