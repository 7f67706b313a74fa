"""Author fields of structured records, taken apart into people.

A field that is meant for authors needs other care than a line of prose: it may
be a list, an object, or several names in one string with their organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rights_search.ingest.bylines import parse_byline
from rights_search.ingest.paragraphs import plain_line
from rights_search.ingest.records.keys import canonical


@dataclass(frozen=True, slots=True)
class People:
    """Who wrote a post: names, and what they all share.

    Args:
        names: one a person or body, in order, none twice.
        role: the role of the first who has one.
        organisation: the organisations named with them, joined with "; ".
        place: where they write from.
    """

    names: tuple[str, ...] = ()
    role: str | None = None
    organisation: str | None = None
    place: str | None = None


def people(values: Iterable[Any]) -> People:
    """Return the authors that the values of author fields name."""
    found = People()
    for value in values:
        if isinstance(value, Mapping):
            found = joined(found, _from_object(value))
        else:
            found = joined(found, from_line(plain_line(str(value))))
    return found


def from_line(text: str) -> People:
    """Return the authors in one line: names alone, or a byline with role and place."""
    parts = split_names(text)
    if len(parts) == 1 and ("," in parts[0] or " at " in parts[0]):
        byline = parse_byline(text)
        if byline is not None and (byline.role or byline.organisation or byline.place):
            return People(byline.authors, byline.role, byline.organisation, byline.place)
    pairs = [_without_organisation(part) for part in parts]
    names = dict.fromkeys(name for name, _ in pairs if name)
    organisations = dict.fromkeys(organisation for _, organisation in pairs if organisation)
    return People(tuple(names), None, "; ".join(organisations) or None)


def split_names(text: str) -> list[str]:
    """Return the names in one string: ``A B, C D (X) and E F`` are three.

    A comma or an "and" parts names only where full names stand on both sides:
    "Prilutskaya, Natalia" is one person, "Committee for Rule of Law and Peace"
    one body. A semicolon always parts.
    """
    names: list[str] = []
    for piece in _BY.sub("", text).split(";"):
        parts = _split_outside_brackets(piece)
        full = all(_is_full_name(part) for part in parts)
        names += parts if full else [piece]
    return [name.strip(" ,") for name in names if name.strip(" ,")]


def _split_outside_brackets(text: str) -> list[str]:
    masked = _BRACKETED.sub(lambda found: "x" * len(found[0]), text)
    parts: list[str] = []
    start = 0
    for found in _COMMA_OR_AND.finditer(masked):
        parts.append(text[start : found.start()])
        start = found.end()
    return [*parts, text[start:]]


_BY = re.compile(
    r"\A(?:(?:written|posted)\s+)?(?:by|par|por|von|автор|авторы|بقلم)[\s:]+", re.IGNORECASE
)
_COMMA_OR_AND = re.compile(
    r"\s*,\s*(?:(?:and|et|y|e|und|и)\s+)?|\s+(?:and|&|et|y|und|и)\s+", re.IGNORECASE
)
_PARTICLE_WORDS = "abu al bin bint da de del den der di dos du el ibn la le ter van von y zu"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_NAME_WORDS = range(2, 7)
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
# What stands alone in a row of full names: an initial, a site.
_ALONE = re.compile(r"\w\.|[\w-]+\.[a-z]{2,}")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*\Z")
_MAIL = re.compile(r"\A\S+@\S+\s*")
_NO_NAME = re.compile(r"https?://|\A\S+@\S+\Z")

_NAMES = ("name", "fullname", "displayname", "title", "label", "value")
_ROLES = ("jobtitle", "role", "position", "honorifictitle")
_ORGANISATIONS = ("affiliation", "organisation", "organization", "worksfor", "institution")


def _is_full_name(text: str) -> bool:
    words = _IN_BRACKETS.sub("", text).split()
    if len(words) not in _NAME_WORDS:
        return len(words) == 1 and _ALONE.fullmatch(words[0]) is not None
    # Scripts without case have no lower-case words and pass.
    return all(word in _PARTICLES or not word[0].islower() for word in words)


def _without_organisation(text: str) -> tuple[str, str]:
    """Part ``Jane Doe (Open Net)`` and ``jane@open.net (Jane Doe)``."""
    found = _IN_BRACKETS.search(text)
    if found is None:
        return ("", "") if _NO_NAME.search(text) else (text, "")
    before = text[: found.start()]
    if _MAIL.fullmatch(before):
        return found[1].strip(), ""
    return before.strip(), found[1].strip()


def _from_object(value: Mapping[Any, Any]) -> People:
    record = {canonical(str(key)): item for key, item in value.items()}
    name = _full_name(record)
    return People((name,) if name else (), _first(record, _ROLES), _first(record, _ORGANISATIONS))


def joined(one: People, other: People) -> People:
    """Return the people of both, those of ``one`` first."""
    organisations = f"{one.organisation or ''}; {other.organisation or ''}".split("; ")
    return People(
        tuple(dict.fromkeys(one.names + other.names)),
        one.role or other.role,
        "; ".join(dict.fromkeys(filter(None, organisations))) or None,
        one.place or other.place,
    )


def _full_name(record: Mapping[str, Any]) -> str:
    for key in _NAMES:
        if isinstance(record.get(key), str) and record[key].strip():
            return plain_line(record[key])
    given = record.get("givenname") or record.get("firstname") or ""
    family = record.get("familyname") or record.get("lastname") or record.get("surname") or ""
    return plain_line(f"{given} {family}")


def _first(record: Mapping[str, Any], keys: Iterable[str]) -> str | None:
    for key in keys:
        value = record.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, Mapping):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return plain_line(value)
    return None
