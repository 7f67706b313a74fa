"""Query text → lexemes, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from rights_search.query.nodes import MAX_BOOST

Kind = Literal["(", ")", "and", "or", "not", "near", "field", "phrase", "word"]


class Lexeme(NamedTuple):
    """A piece of a query.

    Args:
        kind: what it is; ``-`` before a clause is ``not``.
        text: the value without quotes, escapes and suffixes; the number of ``near``.
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


OPENING = '"“”„«»'
"""Signs that open a phrase; each of them closes one, too."""

_BOOST = r"(?:\^(\d+(?:\.\d+)?))?"
_PHRASE = re.compile(
    rf"[{OPENING}]((?:[^{OPENING}\\]|\\.|\\\Z)*)([{OPENING}])?(~\d*)?{_BOOST}",
    re.DOTALL,
)
_CLOSING = re.compile(rf"\){_BOOST}")
# Our spelling of "at most so many words between" and that of library catalogues.
_NEAR = re.compile(rf"(?:(?:[Nn]ear|NEAR):|NEAR/)([0-9]+)(?=[\s(){OPENING}]|\Z)|NEAR(?=\s|\Z)")
# A colon inside a word makes a field only if something follows it at once and it is
# not the start of an address: "Russia: torture" and "https://…" are plain words.
_FIELD = re.compile(r"(?P<name>[^\W\d][\w-]*):(?=\+*[^\s+)])(?!//)")
_CHUNK = re.compile(rf"(?:[^\s()\\{OPENING}]|\\.|\\\Z)+", re.DOTALL)
_SUFFIX = re.compile(rf"((?<!\*)\*+|~\d*)?{_BOOST}\Z")
OPERATORS: Mapping[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def lex(query: str) -> Iterator[Lexeme]:
    """Yield the lexemes of ``query``; every character belongs to at most one."""
    position = 0
    is_value = False
    while position < len(query):
        if query[position].isspace() or query[position] == "+":
            # What other engines write for "must match" is what we do anyway.
            position += 1
            continue
        lexeme = _next(query, position, is_value=is_value)
        position = lexeme.end
        if lexeme.kind != "not":
            is_value = lexeme.kind == "field"
        yield lexeme


def _next(query: str, start: int, *, is_value: bool) -> Lexeme:
    """Return the lexeme at ``start``; right behind a field, words are only words."""
    char = query[start]
    match char:
        case "(":
            return Lexeme("(", char, start, start + 1)
        case ")":
            return _closing(query, start)
        case "-" | "!" if start + 1 < len(query) and not query[start + 1].isspace():
            return Lexeme("not", char, start, start + 1)
        case _ if char in OPENING:
            return _phrase(query, start)
        case _ if is_value:
            return _word(query, start, is_value=True)
        case _:
            return (
                _near(query, start) or _field(query, start) or _word(query, start, is_value=False)
            )


def _near(query: str, start: int) -> Lexeme | None:
    match = _NEAR.match(query, start)
    return match and Lexeme("near", match[1] or "", start, match.end())


def _field(query: str, start: int) -> Lexeme | None:
    match = _FIELD.match(query, start)
    return match and Lexeme("field", match["name"], start, match.end())


def _closing(query: str, start: int) -> Lexeme:
    match = _CLOSING.match(query, start)
    assert match is not None, "a closing parenthesis always matches"  # noqa: S101
    return Lexeme(")", ")", start, match.end(), boost=_boost(match[1]))


def _phrase(query: str, start: int) -> Lexeme:
    match = _PHRASE.match(query, start)
    assert match is not None, "an opening quote always matches"  # noqa: S101
    text, closing, suffix, boost = match.groups()
    is_closed = closing is not None
    return Lexeme(
        "phrase", unescape(text), start, match.end(), suffix or "", _boost(boost), is_closed
    )


def _word(query: str, start: int, *, is_value: bool) -> Lexeme:
    match = _CHUNK.match(query, start)
    assert match is not None, "a chunk holds at least one character"  # noqa: S101
    raw = match.group()
    kind = OPERATORS.get(raw)
    if kind and not is_value:
        return Lexeme(kind, raw, start, match.end())
    tail = _SUFFIX.search(raw)
    if tail is None or tail.start() == 0 or _is_escaped(raw, tail.start()):
        return Lexeme("word", unescape(raw), start, match.end())
    suffix, boost = tail.groups()
    # Several stars are one.
    suffix = "*" if suffix and "*" in suffix else suffix or ""
    text = unescape(raw[: tail.start()])
    return Lexeme("word", text, start, match.end(), suffix, _boost(boost))


def _boost(number: str | None) -> float:
    return min(float(number), MAX_BOOST) if number else 1.0


def _is_escaped(text: str, at: int) -> bool:
    """Tell whether a backslash that is not itself escaped stands before ``at``."""
    return (at - len(text[:at].rstrip("\\"))) % 2 == 1


def unescape(text: str) -> str:
    """Return ``text`` with every backslash taken as "the next character, as it is"."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
