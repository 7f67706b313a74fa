"""Tree → query text: how a query was understood, in its own language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from rights_search.post import PartialDate
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Everything,
    Facet,
    Fuzzy,
    Has,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefer,
    Prefix,
    Synonyms,
    Transcription,
    Word,
)


def to_query(node: Node) -> str:  # noqa: PLR0911 - one a node
    """Return a query that means ``node``: parsing it gives the same tree.

    Some things have no text of their own: that a word stands for another one (an
    alias) and that alternatives are scored as one both look like ``(a OR b)``, words of
    the same root like ``word@root``, transcriptions like ``name@name``, and what only
    changes the order is left out.
    """
    match node:
        case And(children):
            return " ".join(_grouped(child, Or, Synonyms) for child in children)
        case Or(()):
            # What asks for nothing, such as a query of mere punctuation.
            return "()"
        case Or(children):
            return " OR ".join(_grouped(child, Or, Synonyms) for child in children)
        case Not(child):
            return f"-{_grouped(child, And, Or, Near, Synonyms)}"
        case Near(members, distance):
            return f" near:{distance} ".join(_grouped(member, Synonyms) for member in members)
        case Synonyms(leaves):
            return " OR ".join(map(_leaf, leaves))
        case Prefer(child):
            return to_query(child)
        case Word() | Phrase() | Prefix() | Fuzzy() | Derived() | Transcription():
            return _leaf(node)
        case _:
            return _filter(node)


def _grouped(node: Node, *kinds: type[Node]) -> str:
    text = to_query(node)
    return f"({text})" if isinstance(node, kinds) and text != "()" else text


def _leaf(leaf: Leaf) -> str:
    field = f"{leaf.field}:" if leaf.field else ""
    return f"{field}{_words(leaf)}{_boost(leaf.boost)}"


def _boost(boost: float) -> str:
    # Decimal writes the digits of a float out, where str() gives 1e-05.
    return "" if boost == 1 else f"^{Decimal(str(boost)):f}".removesuffix(".0")


def _words(leaf: Leaf) -> str:
    match leaf:
        case Word(term):
            return f'"{term}"' if leaf.exact else term
        case Phrase(terms, slop=slop):
            # Not exact is only what is one word to its writer, such as "e-mail".
            joined = f'"{" ".join(terms)}"' if leaf.exact else "-".join(terms)
            return joined if slop is None else f"{joined}~{slop}"
        case Prefix(prefix):
            return f"{prefix}*"
        case Fuzzy(term, distance):
            return f"{term}~{distance}"
        case Derived(term):
            return f"{term}@root"
        case Transcription(term):
            return f"{term}@sound" if leaf.loose else f"{term}@name"


def _filter(node: Among | Facet | DateRange | Has | Everything) -> str:
    match node:
        case Facet(field, values):
            return f"{field}:{_listed(values)}"
        case DateRange(first, last):
            return f"date:{_days(first, last)}"
        case Among(state):
            return f"is:{state}"
        case Has(field):
            return f"has:{field}"
        case Everything():
            return ""


def _listed(values: Iterable[str]) -> str:
    text = ",".join(values)
    is_plain = all(char.isalnum() or char in "-_.," for char in text)
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return text if text and is_plain else f'"{escaped}"'


def _days(first: dt.date | None, last: dt.date | None) -> str:
    """Return the shortest text for a range: a year or a month rather than two days."""
    if first is None or last is None:
        return f"{first or ''}..{last or ''}"
    day = first.isoformat()
    for prefix in (day[:4], day[:7], day):
        date = PartialDate(prefix)
        if (date.start, date.last) == (first, last):
            return prefix
    return f"{first}..{last}"
