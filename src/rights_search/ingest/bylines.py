"""Take a byline apart: who wrote it, in what role, for whom, from where.

Two forms are bylines: a phrase that starts with "by" in one of our languages
(``By Ana Ruiz, Researcher at Human Rights Watch``), and a name, a comma and a
profession that writes (``Lene Hansen, Media Advisor at …, blogs from Oslo``). The
words are in ``data/byline_words.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rights_search.ingest.cleaning import normalise
from rights_search.ingest.dates.words import is_preposition
from rights_search.ingest.word_lists import read_word_lists

MAX_BYLINE_CHARS = 220

_MAX_NAME_WORDS = 7
_MAX_ROLE_WORDS = 28
_NAME_END = re.compile(r"\s*[,;|(،؛]\s*|\s+[–—-]\s+")
_EDGES = " ,;|()–—-،؛"
_SENTENCE_BREAK = re.compile(r"[.!?…]\s+\w")
_INITIAL = re.compile(r"\b\w\.$|\b(?:jr|sr|dr|mr|ms|mrs|prof)\.$", re.IGNORECASE)
_HANDLE = re.compile(r"\s*[.,;|(–—-]*\s*@\w.*$")
_POSSESSIVE = re.compile(r"(?<=\w)(?:['’]s|(?<=s)['’])\s+")


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline taken apart.

    Args:
        authors: the names, as written; an organisation where it signs itself.
        role: the role as written, the organisation in it included.
        organisation: whom the authors write for.
        place: where they write from.
    """

    authors: tuple[str, ...]
    role: str | None = None
    organisation: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns made of the words of ``byline_words.json``."""

    by: re.Pattern[str]
    before_by: re.Pattern[str]
    conjunction: re.Pattern[str]
    follow: re.Pattern[str]
    place: re.Pattern[str]
    at: re.Pattern[str]
    of: re.Pattern[str]
    role: re.Pattern[str]
    organisation: re.Pattern[str]
    verb: re.Pattern[str]
    particles: frozenset[str]


def parse_byline(text: str, *, strict: bool = False) -> Byline | None:
    """Return the byline that ``text`` is, or None where it is something else.

    Args:
        text: one block of a post, or the part of a date line that starts with "by".
        strict: ask for a word for "by", an organisation or a place: for lines that
            may be captions as well, which name a person and a profession too.
    """
    words = _words()
    line = normalise(text)
    if not line or len(line) > MAX_BYLINE_CHARS:
        return None
    line = _without_trailer(line, words)
    by = words.by.match(line)
    names, role = _cut_names(line[by.end() :] if by else line, words)
    authors = _authors(names, words)
    if not authors or not _is_role(role, words) or not (by or _is_signed(names, role, words)):
        return None
    if by and len(names.split()) == 1 and role and not words.role.search(role):
        return None  # "By Tuesday, forty people …"
    byline = _with_role(authors, role, words)
    if strict and not (by or byline.organisation or byline.place):
        return None
    return byline


def is_by_phrase(text: str) -> bool:
    """Return whether ``text`` starts with a word for "by" and goes on."""
    return bool(_words().by.match(text))


def split_before_by(text: str) -> list[str]:
    """Return ``text`` in one piece, or in two where a "by" phrase follows something else."""
    return _words().before_by.split(text, maxsplit=1)


def _without_trailer(line: str, words: _Words) -> str:
    line = _HANDLE.sub("", words.follow.sub("", line)).strip()
    return line if _INITIAL.search(line) else line.rstrip(".").rstrip()


def _cut_names(line: str, words: _Words) -> tuple[str, str]:
    """Return the names and what follows them.

    Names in a list are parted by commas too: the list goes on for as long as a
    conjunction with another name is still to come.
    """
    parts = _NAME_END.split(line)
    listed = next(
        (
            place
            for place, part in enumerate(parts)
            if place and len(words.conjunction.split(part)) > 1
        ),
        0,
    )
    whole = parts[: listed + 1]
    names = [name for part in whole for name in words.conjunction.split(part)]
    if listed and all(len(name.split()) > 1 and _is_person(name, words) for name in names if name):
        return ", ".join(whole), line[_end_of(line, whole) :].strip(_EDGES)
    return parts[0], line[len(parts[0]) :].strip(_EDGES)


def _end_of(line: str, parts: list[str]) -> int:
    end = 0
    for part in parts:
        end = line.index(part, end) + len(part)
    return end


def _authors(names: str, words: _Words) -> tuple[str, ...]:
    found = tuple(
        name.strip()
        for part in names.split(",")
        for name in words.conjunction.split(part)
        if name.strip()
    )
    return found if all(_is_name(name, words) for name in found) else ()


def _is_name(name: str, words: _Words) -> bool:
    tokens = name.split()
    if not 1 <= len(tokens) <= _MAX_NAME_WORDS or any(char.isdigit() for char in name):
        return False
    return not is_preposition(tokens[0]) and all(
        _is_capital(token) or token.lower().rstrip("'’") in words.particles for token in tokens
    )


def _is_capital(token: str) -> bool:
    letters = [char for char in token if char.isalpha()]
    # Arabic has no capitals: there every letter may open a name. d'Arc, O’Neill.
    return bool(letters) and (
        not letters[0].islower() or (len(letters) > 1 and token[1] in "'’" and letters[1].isupper())
    )


def _is_person(name: str, words: _Words) -> bool:
    return _is_name(name, words) and not (
        words.role.search(name) or words.organisation.search(name)
    )


def _is_role(role: str, words: _Words) -> bool:
    """Return whether ``role`` can be what a byline says behind the names, or is empty."""
    return (
        len(role.split()) <= _MAX_ROLE_WORDS
        and not _SENTENCE_BREAK.search(role)
        and not words.verb.search(role)
    )


def _is_signed(names: str, role: str, words: _Words) -> bool:
    """Return whether a line without "by" is a person with a writing profession."""
    first, *others = _NAME_END.split(role)
    return (
        all(
            len(name.split()) > 1 and _is_person(name, words)
            for name in words.conjunction.split(names)
        )
        and bool(words.role.search(first))
        and all(
            part[:1].isupper() or words.role.search(part) or words.place.match(f", {part}")
            for part in others
            if part
        )
    )


def _with_role(authors: tuple[str, ...], role: str, words: _Words) -> Byline:
    place = None
    found = words.place.search(f", {role}") if role else None
    if found:
        place = found["place"].strip(" .,")
        role = f", {role}"[: found.start()]
    role = role.strip(_EDGES + ".")
    organisation = _organisation(role, words)
    if not role and len(authors) == 1 and words.organisation.search(authors[0]):
        organisation = authors[0]
    return Byline(authors, role or None, organisation, place)


def _organisation(role: str, words: _Words) -> str | None:
    """Return the organisation that ``role`` names, or None.

    It stands behind "at" (then any capitalised name will do), behind a comma or
    "of", or before a possessive ('s): then a word such as Watch or Council must show it.
    """
    behind = words.at.split(role, maxsplit=1)
    if len(behind) > 1 and _is_capital(behind[1]):
        return _NAME_END.split(behind[1])[0]
    for part in reversed(_NAME_END.split(role)):
        owner, *rest = _POSSESSIVE.split(part, maxsplit=1)
        if rest and words.organisation.search(owner) and not words.role.search(owner):
            return owner
        for piece in reversed(words.of.split(part, maxsplit=1)):
            name = re.sub(r"^the\s+", "", piece)
            if words.organisation.search(name) and not words.role.search(name):
                return name
    return None


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = read_word_lists("byline_words.json")
    by = _any_of(lists.every("by"))
    return _Words(
        by=_compiled(rf"(?:{by})\s*[:\s]\s*(?=\S)"),
        before_by=_compiled(rf"[\s,]+(?=(?:{by})\s*[:\s]\s*\S)"),
        conjunction=_compiled(rf"\s+(?:{_any_of(lists.every('and'))})\s+"),
        follow=_compiled(rf"[.;|(]\s*(?:{_any_of(lists.every('follow'))})(?!\w).*$"),
        place=re.compile(
            rf"[,;\s]+(?i:{_any_of(lists.every('from'))})\s+(?P<place>[^\Wa-zа-яё\d_].*)$"
        ),
        at=_compiled(rf"(?:^|\s)(?:{_any_of(lists.every('at'))})\s+"),
        of=_compiled(rf"\s(?:{_any_of(lists.every('of'))})(?:\s+|(?<='))"),
        role=_compiled(_words_of(lists.every("roles"))),
        organisation=_compiled(_words_of(lists.every("organisations"))),
        verb=_compiled(_words_of(lists.every("verbs"))),
        particles=frozenset(lists.data["particles"]),
    )


def _any_of(words: Iterable[str]) -> str:
    # The longest first: "written by" before "by".
    ordered = sorted(set(words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _words_of(entries: Iterable[str]) -> str:
    """Return a pattern for whole words; ``x*`` is a beginning, ``*x`` not the first word."""
    ordered = sorted(set(entries), key=len, reverse=True)
    whole = [re.escape(entry) for entry in ordered if "*" not in entry]
    beginnings = [re.escape(entry[:-1]) for entry in ordered if entry.endswith("*")]
    later = [rf"(?<=\s){re.escape(entry[1:])}" for entry in ordered if entry.startswith("*")]
    # One look-behind for all: the alternatives are tried at the starts of words only.
    either = "|".join([*(f"{word}(?!\\w)" for word in [*whole, *later]), *beginnings])
    return rf"(?<!\w)(?:{either})"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
