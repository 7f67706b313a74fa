"""What an error says, and where its caret points."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import (
    IndexUnavailableError,
    MissingExtraError,
    NoSuchPostError,
    QueryError,
    ReadError,
    RightsSearchError,
)

ERRORS = [
    (ReadError("a/b.json", "not JSON", line=3), "a/b.json:3: not JSON"),
    (ReadError("a/b.json", "not JSON", fatal=True), "a/b.json: not JSON"),
    (ReadError("a.csv", "no column (it reads: a,\n b)"), "a.csv: no column (it reads: a, b)"),
    (QueryError("contry:RU", 0, 6, "Unknown field 'contry'"), "Unknown field 'contry'"),
    (QueryError("a\u2028b", 0, 3, "Unknown country 'a\u2028b'"), "Unknown country 'a b'"),
    (QueryError("a\r\nb", 0, 4, "'a\r\nb' is no year"), "'a b' is no year"),
    (NoSuchPostError("ab", "There is no post 'ab'", ("c", "d")), "There is no post 'ab'"),
    (IndexUnavailableError("index", "locked; try again"), "index: locked; try again"),
    (
        MissingExtraError("tantivy", "tantivy"),
        "tantivy is not installed; in the folder of rights-search, run: pip install '.[tantivy]'",
    ),
]


@pytest.mark.parametrize(("error", "expected"), ERRORS)
def test_an_error_is_one_line(error: RightsSearchError, expected: str) -> None:
    """The text names the place and what to do, in one line."""
    assert str(error) == expected


@pytest.mark.parametrize("error", [error for error, _ in ERRORS])
def test_an_error_can_be_sent_between_processes(error: RightsSearchError) -> None:
    """A pickled or copied error keeps its text and its values."""
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


@pytest.mark.parametrize(
    ("query", "start", "end", "expected"),
    [
        ("contry:Russia", 0, 6, ["contry:Russia", "^^^^^^"]),
        ("a (b", 2, 3, ["a (b", "  ^"]),
        ("a", 1, 1, ["a", " ^"]),
        ("", 0, 0, ["", "^"]),
        # A tab or a line end is one column wide.
        ("a\tb\nx:y", 4, 5, ["a b x:y", "    ^"]),
        # An ideograph fills two columns of a terminal, a combining mark none.
        ("人权 x:y", 3, 4, ["人权 x:y", "     ^"]),
        ("e\u0301 x:y", 3, 4, ["e\u0301 x:y", "  ^"]),
        ("x:人权", 2, 4, ["x:人权", "  ^^^^"]),
    ],
)
def test_the_caret_stands_under_the_mistake(
    query: str, start: int, end: int, expected: list[str]
) -> None:
    """The pointer is the reason, the query and the carets, the latter two indented."""
    lines = QueryError(query, start, end, "why").pointer().split("\n")
    assert lines == ["why", *(f"  {line}" for line in expected)]


def test_a_long_query_is_cut_around_the_place() -> None:
    """Of a long query the pointer shows what is near the mistake."""
    query = "word " * 100 + "contry:Russia" + " word" * 100
    _, shown, carets = QueryError(query, 500, 506, "why").pointer(width=60).split("\n")
    assert len(shown) == 62
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "contry"


@given(st.text(max_size=200), st.integers(0, 250), st.integers(0, 250), st.integers(1, 80))
def test_a_pointer_is_three_lines(query: str, start: int, length: int, width: int) -> None:
    """Whatever the query holds, no line but the three comes out, and a caret is in the last."""
    start = min(start, len(query))
    lines = QueryError(query, start, start + length, "why").pointer(width=width).splitlines()
    assert len(lines) == 3
    assert set(lines[2].strip()) == {"^"}
    assert len(lines[1]) <= width + 2
