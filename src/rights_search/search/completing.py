"""What may stand behind ``field:`` in a query, of that which an index holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice

from rights_search import analysis, fields, languages
from rights_search.engines.protocol import Snapshot, order_counts
from rights_search.errors import QueryError
from rights_search.fields import Field
from rights_search.geography import territories
from rights_search.query.dates import NAMED
from rights_search.query.facets import STATES
from rights_search.query.nodes import DateRange, Everything, Facet, Prefix
from rights_search.query.parser import parse
from rights_search.vocabulary import groups, themes

_LABELS: Mapping[str, Callable[[str], str]] = {
    "country": territories.name,
    "mentions": territories.name,
    "theme": themes.label,
    "group": groups.label,
    "language": languages.language_name,
}

_CODED = ("country", "mentions", "language")


def complete(name: str, start: str, snapshot: Snapshot, limit: int) -> tuple[str, ...]:
    """Return values of a field that begin so, as a query writes them, the most frequent first.

    Args:
        name: of the field, or an alias; of another one there are no values.
        start: the beginning of a value's name or identifier, in any case and with or
            without accents.
        snapshot: the posts whose values are meant.
        limit: at most so many.
    """
    field = fields.find(name)
    if field is None:
        return ()
    if field.kind in {"derived", "date"}:
        found: Iterable[str] = _beginning(start, _words_of(field))
    elif field.name == "id":
        found = snapshot.ids(start.lower(), limit)
    elif field.kind == "facet":
        found = _facet_values(field, field, start, snapshot)
    elif field.name == "place":
        # Words, but regions are values, too: those come as a whole.
        regions = _facet_values(fields.BY_NAME["location"], field, start, snapshot)
        found = chain(regions, _terms(field, start, snapshot))
    else:
        found = _terms(field, start, snapshot)
    return tuple(islice(dict.fromkeys(found), limit))


def _words_of(field: Field) -> Iterable[str]:
    """Return the words that mean something in a field that is in no index."""
    if field.kind == "date":
        return NAMED
    return STATES if field.name == "is" else fields.BY_NAME


def _beginning(start: str, words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if word.startswith(start.lower()))


def _facet_values(facet: Field, asked: Field, start: str, snapshot: Snapshot) -> Iterator[str]:
    found = snapshot.search(Everything(), sort="relevance", limit=0, offset=0, facets=(facet.name,))
    values = [value for value in order_counts(found.facets[facet.name]) if value]
    begun = _folded(start)
    for value in values:
        texts = (text for text in _spellings(facet, value) if _folded(text).startswith(begun))
        yield from islice((text for text in texts if _means(asked, text, facet, value)), 1)


def _spellings(facet: Field, value: str) -> tuple[str, ...]:
    """Return how a value may be written in one piece: hyphens do for blanks.

    A code says little and is offered only where it is what was begun. A name beside an
    identifier is in lower case as that is: what all have in common completes a line.
    """
    label = "-".join(_LABELS.get(facet.name, str)(value).split())
    identifier = "-".join(value.split())
    return (label, identifier) if facet.name in _CODED else (identifier, label.lower())


def _folded(text: str) -> str:
    return " ".join(analysis.terms(text.replace("-", " ")))


def _means(asked: Field, text: str, facet: Field, value: str) -> bool:
    """Tell whether a query reads a text as one value and as that one."""
    if asked.kind == "text":
        return text.replace("-", "").replace("'", "").isalnum()
    try:
        node = parse(f"{asked.name}:{text}").node
    except QueryError:
        return False
    # A year is an interval to the parser.
    return isinstance(node, DateRange) or (
        isinstance(node, Facet) and node.values == (facet.key(value),)
    )


def _terms(field: Field, start: str, snapshot: Snapshot) -> Iterable[str]:
    words = analysis.terms(start)
    if len(words) != 1:
        return ()
    try:
        return snapshot.forms(Prefix(words[0], field.name))
    except QueryError:
        # Too many words begin so to list them.
        return ()
