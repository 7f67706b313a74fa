"""Query text → lexemes, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["(", ")", "and", "or", "not", "field", "phrase", "word"]


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query.

    Args:
        kind: what it is; ``-`` before a clause is ``not``.
        text: the value without quotes, escapes and suffixes.
        start, end: its place in the query, quotes and suffixes included.
        suffix: ``*``, or ``~`` with an optional number, or empty.
        boost: the number behind ``^``, 1.0 without one.
        is_closed: False for a phrase whose closing quote is missing.
    """

    kind: Kind
    text: str
    start: int
    end: int
    suffix: str = ""
    boost: float = 1.0
    is_closed: bool = True


MAX_BOOST = 1000.0
"""Largest boost: a larger number counts as this one."""

_OPENING = '"“”„«»'
_BOOST = r"(?:\^(?P<boost>\d+(?:\.\d+)?))?"
_PHRASE = re.compile(
    rf"[{_OPENING}](?P<text>(?:[^{_OPENING}\\]|\\.|\\\Z)*)(?P<closed>[{_OPENING}])?"
    rf"(?P<suffix>~\d*)?{_BOOST}",
    re.DOTALL,
)
# What other engines write for "must match" is what we do anyway: a plus is skipped.
_SPACE = re.compile(r"[\s+]+")
# A colon inside a word makes a field only if something follows it at once and it is
# not the start of an address: "Russia: torture" and "https://…" are plain words.
_FIELD = re.compile(r"(?P<name>[^\W\d][\w-]*):(?=\+*[^\s+)])(?!//)")
_CHUNK = re.compile(rf"(?:[^\s()\\{_OPENING}]|\\.|\\\Z)+", re.DOTALL)
_SUFFIX = re.compile(rf"(?P<suffix>(?<!\*)\*+|~\d*)?{_BOOST}\Z")
_NEGATIONS = "-!"
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def lex(query: str) -> Iterator[Lexeme]:
    """Yield the lexemes of ``query``; every character belongs to at most one."""
    position = 0
    is_value = False
    while position < len(query):
        space = _SPACE.match(query, position)
        if space:
            position = space.end()
            continue
        lexeme = _next(query, position, is_value=is_value)
        position = lexeme.end
        if lexeme.text not in _NEGATIONS:
            is_value = lexeme.kind == "field"
        yield lexeme


def _next(query: str, start: int, *, is_value: bool) -> Lexeme:
    """Return the lexeme at ``start``; right behind a field, words are only words."""
    char = query[start]
    if char in "()":
        return Lexeme("(" if char == "(" else ")", char, start, start + 1)
    if char in _OPENING:
        return _phrase(query, start)
    if char in _NEGATIONS and start + 1 < len(query) and not query[start + 1].isspace():
        return Lexeme("not", char, start, start + 1)
    field = None if is_value else _FIELD.match(query, start)
    if field:
        return Lexeme("field", field["name"], start, field.end())
    return _word(query, start, is_value=is_value)


def _phrase(query: str, start: int) -> Lexeme:
    match = _PHRASE.match(query, start)
    assert match is not None, "an opening quote always matches"  # noqa: S101
    return Lexeme(
        "phrase",
        unescape(match["text"]),
        start,
        match.end(),
        suffix=match["suffix"] or "",
        boost=_boost(match),
        is_closed=match["closed"] is not None,
    )


def _word(query: str, start: int, *, is_value: bool) -> Lexeme:
    match = _CHUNK.match(query, start)
    assert match is not None, "a chunk holds at least one character"  # noqa: S101
    raw = match.group()
    kind = _OPERATORS.get(raw)
    if kind and not is_value:
        return Lexeme(kind, raw, start, match.end())
    tail = _SUFFIX.search(raw)
    if tail is None or tail.start() == 0 or _is_escaped(raw, tail.start()):
        return Lexeme("word", unescape(raw), start, match.end())
    return Lexeme(
        "word",
        unescape(raw[: tail.start()]),
        start,
        match.end(),
        # Several stars are one.
        suffix="*" if "*" in (tail["suffix"] or "") else tail["suffix"] or "",
        boost=_boost(tail),
    )


def _boost(match: re.Match[str]) -> float:
    return min(float(match["boost"] or 1), MAX_BOOST)


def _is_escaped(text: str, at: int) -> bool:
    """Tell whether a backslash that is not itself escaped stands before ``at``."""
    return (at - len(text[:at].rstrip("\\"))) % 2 == 1


def unescape(text: str) -> str:
    """Return ``text`` with every backslash taken as "the next character, as it is"."""
    return _ESCAPED.sub(r"\1", text)
