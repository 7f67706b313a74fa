"""Query text → lexemes, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal

from rights_search.patterns import late
from rights_search.query.nodes import MAX_BOOST
from rights_search.values import NamedTuple

Kind = Literal["(", ")", "and", "or", "not", "near", "field", "phrase", "word"]


class Lexeme(NamedTuple):
    """A piece of a query.

    Args:
        kind: what it is; ``-`` before a clause is ``not``, several of them are one lexeme.
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


OPENING = '"“”„«»‹›「」『』《》'
"""Signs that open a phrase; each of them closes one, too. Single quotes are apostrophes."""

_NUMBER = r"\d+(?:\.\d+)?"
_WIDE = "，、。；！？"
"""Signs between words of Chinese and Japanese, where no space stands beside them."""


class _Patterns(NamedTuple):
    """What lexemes look like.

    Args:
        anywhere: any lexeme, with the gap before it.
        in_value: one right behind a field, where words are only words.
        stray: parentheses that close nothing, with the gaps behind them.
    """

    anywhere: re.Pattern[str]
    in_value: re.Pattern[str]
    stray: re.Pattern[str]


@cache
def _patterns(*, is_ascii: bool) -> _Patterns:
    """Return the patterns for queries that have no other signs."""
    # Classes of signs beyond ASCII take long to compile, and hardly a query has any.
    signs = ('"', "(", ")", "") if is_ascii else (OPENING, "(（", ")）", _WIDE)
    quotes, opening, closing, wide = signs
    # What other engines write for "must match" is what we do anyway.
    gap = rf"[\s+{wide}]*"
    closed = rf"[{closing}](?:\^{_NUMBER})?"
    value = (
        rf"(?P<opening>[{opening}])"
        rf"|(?P<closing>[{closing}](?:\^(?P<group_boost>{_NUMBER}))?)"
        r"|(?P<sign>[-!]+(?=\S))"
        rf"|(?P<phrase>[{quotes}](?P<quoted>(?:[^{quotes}\\]|\\.|\\\Z)*)(?P<quote>[{quotes}])?"
        rf"(?P<slop>~\d*)?(?:\^(?P<phrase_boost>{_NUMBER}))?)"
    )
    more = (
        # Our spelling of "at most so many words between" and that of library catalogues.
        r"|(?P<near>(?:(?:[Nn]ear|NEAR):|NEAR/)(?P<distance>[0-9]+)"
        rf"(?=[\s{opening}{closing}{quotes}]|\Z)|NEAR(?=\s|\Z))"
        # A colon inside a word makes a field only if something follows it at once and it is
        # not the start of an address: "Russia: torture" and "https://…" are plain words.
        rf"|(?P<field>(?P<name>[^\W\d][\w-]*):(?=\+*[^\s+{closing}])(?!//))"
    )
    # A list of values has its commas in it, also wide ones.
    word = rf"|(?P<word>(?:[^\s{opening}{closing}\\{quotes}%s]|\\.|\\\Z)+)"
    return _Patterns(
        late(f"{gap}(?:{value}{more}{word % wide})", re.DOTALL),
        late(f"{gap}(?:{value}{word % ''})", re.DOTALL),
        late(f"(?:{closed}{gap})+"),
    )


_SUFFIX = late(rf"((?<!\*)\*+|~\d*)?(?:\^({_NUMBER}))?\Z")
OPERATORS: Mapping[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or"}
_ESCAPED = late(r"\\(.)", re.DOTALL)


_PLAIN: Mapping[str, tuple[Kind, str]] = {
    "opening": ("(", "opening"),
    "sign": ("not", "sign"),
    "near": ("near", "distance"),
    "field": ("field", "name"),
}
"""Group of the pattern → the kind of lexeme, and the group that is its text."""


def lex(query: str) -> Iterator[Lexeme]:
    """Yield the lexemes of ``query``; every character belongs to at most one."""
    words = query.split()
    if all(word.isalnum() and word != "NEAR" for word in words):
        # As most queries are: the pattern takes two milliseconds to compile.
        yield from _plain_words(query, words)
        return
    position = depth = 0
    is_value = False
    patterns = _patterns(is_ascii=query.isascii())
    while lexeme := _next(query, position, patterns, is_nested=depth > 0, is_value=is_value):
        position = lexeme.end
        match lexeme.kind:
            case "(":
                depth += 1
            case ")" if depth:
                depth -= 1
        if lexeme.kind != "not":
            is_value = lexeme.kind == "field"
        yield lexeme


def _plain_words(query: str, words: Iterable[str]) -> Iterator[Lexeme]:
    end = 0
    for word in words:
        lexeme = _word(word, query.index(word, end), is_value=False)
        end = lexeme.end
        yield lexeme


def _next(
    query: str, position: int, patterns: _Patterns, *, is_nested: bool, is_value: bool
) -> Lexeme | None:
    """Return the first lexeme from ``position`` on; None if there is none.

    Args:
        query: the query.
        position: the end of the lexeme before it.
        patterns: those for the signs of the query.
        is_nested: False outside parentheses, where those that close nothing are one lexeme.
        is_value: True right behind a field, where words are only words.
    """
    pattern = patterns.in_value if is_value else patterns.anywhere
    match = pattern.match(query, position)
    if match is None:
        return None
    kind = match.lastgroup or ""
    start = match.start(kind)
    match kind:
        case "word":
            return _word(match[kind], start, is_value=is_value)
        case "phrase":
            return _phrase(match, start)
        case "closing" if is_nested:
            return Lexeme(")", ")", start, match.end(), boost=_boost(match["group_boost"]))
        case "closing":
            stray = patterns.stray.match(query, start)
            return Lexeme(")", ")", start, stray.end() if stray else match.end())
        case _:
            name, text = _PLAIN[kind]
            return Lexeme(name, match[text] or "", start, match.end())


def _phrase(match: re.Match[str], start: int) -> Lexeme:
    text, quote, suffix, boost = match.group("quoted", "quote", "slop", "phrase_boost")
    text, is_closed = unescape(text), quote is not None
    return Lexeme("phrase", text, start, match.end(), suffix or "", _boost(boost), is_closed)


def _word(raw: str, start: int, *, is_value: bool) -> Lexeme:
    end = start + len(raw)
    kind = OPERATORS.get(raw)
    if kind and not is_value:
        return Lexeme(kind, raw, start, end)
    tail = _SUFFIX.search(raw) if any(sign in raw for sign in "*~^") else None
    if tail is None or tail.start() == 0 or _is_escaped(raw, tail.start()):
        return Lexeme("word", unescape(raw), start, end)
    suffix, boost = tail.groups()
    # Several stars are one.
    suffix = "*" if suffix and "*" in suffix else suffix or ""
    return Lexeme("word", unescape(raw[: tail.start()]), start, end, suffix, _boost(boost))


def _boost(number: str | None) -> float:
    return min(float(number), MAX_BOOST) if number else 1.0


def _is_escaped(text: str, at: int) -> bool:
    """Tell whether a backslash that is not itself escaped stands before ``at``."""
    return (at - len(text[:at].rstrip("\\"))) % 2 == 1


def unescape(text: str) -> str:
    """Return ``text`` with every backslash taken as "the next character, as it is"."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
