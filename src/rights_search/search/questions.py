"""From a request to the tree that an engine is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from rights_search import fields
from rights_search.engines.protocol import Snapshot, Sort
from rights_search.errors import QueryError
from rights_search.query.aliases import AliasTable
from rights_search.query.expansion import BY_RULE, Reach, expand, is_group, unknown_group
from rights_search.query.function_words import without_function_words
from rights_search.query.nodes import (
    And,
    Everything,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    conjunction,
    leaves,
)
from rights_search.query.parser import ParsedQuery, any_of_words, parse
from rights_search.results import CopiesMode, Expansion, Mode
from rights_search.search.linked import LinkedSnapshot, with_states
from rights_search.values import TypedDict, dataclass
from rights_search.words.scripts import script_of_language

if TYPE_CHECKING:
    import datetime as dt

PathLike: TypeAlias = str | os.PathLike[str]
Filter: TypeAlias = str | int | Iterable[str | int] | None
DateFilter: TypeAlias = "str | int | dt.date | Iterable[str | int | dt.date] | None"

Filters: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Facet and values as people write them, of which any will do."""

MAX_LEAVES = 10_000
"""Most words and phrases of one query, those included that were added to it."""


FILTERS: Mapping[str, str] = {
    "country": "country",
    "year": "year",
    "theme": "theme",
    "group": "group",
    "place": "location",
    "mentions": "mentions",
    "language": "language",
    "source": "source",
    "date": "date",
}
"""Option → the field of which it chooses values; with ``not_`` before it excludes them."""
_OPTION_OF = {field: option for option, field in FILTERS.items()}


class Options(TypedDict, total=False):
    """The options of every question to an index.

    A filter takes one value or several, of which any will do; different filters must all
    hold. ``none`` stands for posts without a value, in years ``undated``.

    Args:
        country: names, ISO codes or regions, such as ``Western Africa``.
        year: ``2014``, ``"2013..2019"``.
        theme: theme ids, names or areas.
        group: ids or names of groups of people.
        place: names of regions below a country, such as Chechnya, in any of the languages.
        mentions: countries that a post names, written as ``country``.
        language: ISO 639-1 codes or names.
        source: names of publications, sites or folders, as the facet has them.
        date: ``2014-02``, ``"2014-02-01..2014-03"``, ``"last-30-days"`` or a day as a
            `datetime.date`.
        not_country, not_date and so on: values of which a post must have none.
        mode: ``exact`` for the words as written, without inflections and aliases;
            ``broad`` for any of the words and what is spelt like them.
        today: the day that ``date:last-year`` is reckoned from; the local one by default.
        aliases: a file of the user's own groups of other names, beside the built-in ones:
            see docs/aliases.md.
        without_aliases: ids of groups that are not to be used, as ``-alias:`` in a query, or one;
            ``all`` for none.
    """

    country: Filter
    year: Filter
    theme: Filter
    group: Filter
    place: Filter
    mentions: Filter
    language: Filter
    source: Filter
    date: DateFilter
    not_country: Filter
    not_year: Filter
    not_theme: Filter
    not_group: Filter
    not_place: Filter
    not_mentions: Filter
    not_language: Filter
    not_source: Filter
    not_date: DateFilter
    mode: Mode
    today: dt.date | None
    aliases: PathLike | None
    without_aliases: Iterable[str]


@dataclass(frozen=True, slots=True)
class Request:
    """A search as it was asked for: see `rights_search.archive.Archive.search`."""

    query: str
    filters: Filters = ()
    exclusions: Filters = ()
    mode: Mode = "default"
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[str, ...] = ()
    snippet_chars: int = 240
    today: dt.date | None = None
    aliases: AliasTable | None = None
    without_aliases: tuple[str, ...] = ()
    copies: CopiesMode = "collapse"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a post must answer.

    Args:
        node: what it is.
        typed: as it stands in the query; a filter as ``field:value``.
        is_filter: True if it comes from an option and not from the query.
        selects: the facet of which it is a choice of values, None for other parts.
    """

    node: Node
    typed: str
    is_filter: bool = False
    selects: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it was understood.

    Args:
        mode: how freely words are read.
        parsed: the query's tree as it was typed.
        wanted: the query's tree with what was added and without what was left out.
        parts: what a post must answer, the filters last.
        expansions: what was added.
        notes: one sentence for each part that was read with doubt.
        reach: how far its words were expanded.
    """

    mode: Mode
    parsed: Node
    wanted: Node
    parts: tuple[Part, ...]
    expansions: tuple[Expansion, ...]
    notes: tuple[str, ...]
    reach: Reach

    @property
    def node(self) -> Node:
        """Return what to ask the engine for."""
        return self.without(None)

    def without(self, facet: str | None) -> Node:
        """Return what to ask for if no values of a facet were chosen."""
        return conjunction(*(part.node for part in self._parts(facet)))

    def choices(self, facet: str) -> tuple[Node, ...]:
        """Return the filters that choose values of a facet."""
        return tuple(part.node for part in self.parts if part.selects == facet)

    def _parts(self, facet: str | None) -> Iterator[Part]:
        return (part for part in self.parts if facet is None or part.selects != facet)

    def weaker(self, facet: str | None = None) -> Node | None:
        """Return what any of the words answers, None if there is nothing to relax.

        Args:
            facet: as in `without`; None keeps all filters.
        """
        is_exact = self.mode == "exact"
        bare = self.parsed if is_exact else without_function_words(self.parsed)[0]
        relaxed = any_of_words(bare)
        if relaxed is None:
            return None
        words = relaxed if is_exact else expand(relaxed, self.reach)[0]
        filters = (part.node for part in self._parts(facet) if part.is_filter)
        return conjunction(words, *filters)


def read(request: Request, linked: LinkedSnapshot) -> Question:
    """Parse a request's query and filters, add aliases, leave function words out.

    Args:
        request: what was asked for.
        linked: the posts: which scripts and words they have, and which are copies.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    query, mode = request.query, request.mode
    parsed = parse(query, exact=mode == "exact", today=request.today)
    node = with_states(parsed.node, linked.links)
    reach = _reach(parsed, request, linked.snapshot)
    wanted, expansions, left_out = _prepare(node, request, reach, linked.snapshot)
    _check_size(wanted, query)
    parts = (*_parts(wanted, query), *_filters(request))
    notes = (*parsed.notes, *_left_out_note(left_out))
    return Question(mode, node, wanted, parts, expansions, notes, reach)


def _reach(parsed: ParsedQuery, request: Request, snapshot: Snapshot) -> Reach:
    """Return how far words are expanded: the groups of aliases, and the scripts of the posts.

    Raises:
        QueryError: if there is no group of aliases that the query takes away.
    """
    if request.mode == "exact":
        return Reach()
    without = {name.lower() for name in request.without_aliases}
    for name in without:
        if not is_group(name, request.aliases):
            reason = unknown_group(name, request.aliases)
            raise QueryError(name, 0, len(name), reason, "without_aliases")
    for name, span in parsed.without:
        if not is_group(name, request.aliases):
            raise QueryError(parsed.text, *span, unknown_group(name, request.aliases))
        without.add(name)
    scripts = map(script_of_language, snapshot.languages)
    return Reach(request.aliases, frozenset(without), frozenset(scripts))


def _prepare(
    node: Node, request: Request, reach: Reach, snapshot: Snapshot
) -> tuple[Node, tuple[Expansion, ...], tuple[str, ...]]:
    """Return what to ask for, what was added to it and which words were left out."""
    if request.mode == "exact":
        return node, (), ()
    # Aliases first: "freedom of expression" is a form that needs its "of".
    expanded, added = expand(node, reach)
    bare, left_out = without_function_words(expanded)
    if request.mode == "broad":
        from rights_search.query.broadening import broaden  # noqa: PLC0415 - its own mode

        bare = broaden(bare, lambda word: sum(snapshot.forms(word).values()), reach.without)
    query = request.query
    expansions = (
        *(Expansion(query[slice(*each.span)], each.group, each.forms) for each in added),
        *_found_forms(bare, query, snapshot),
    )
    return bare, expansions, left_out


def _check_size(wanted: Node, query: str) -> None:
    size = sum(1 for _ in leaves(wanted))
    if size > MAX_LEAVES:
        reason = (
            f"With all other names the query has {size:,} words, more than {MAX_LEAVES:,}; "
            "use --exact or fewer words"
        )
        raise QueryError(query, 0, len(query), reason)


def _found_forms(node: Node, query: str, snapshot: Snapshot) -> Iterator[Expansion]:
    """Yield which words of the index were added by rule, the most frequent first."""
    for leaf in dict.fromkeys(leaves(node)):
        if leaf.alias in BY_RULE:
            forms = tuple(_forms_by_rule(leaf, snapshot))
            if forms:
                yield Expansion(query[slice(*leaf.span)], leaf.alias or "", forms)


def _forms_by_rule(leaf: Leaf, snapshot: Snapshot) -> Iterator[str]:
    match leaf:
        case Phrase(terms):
            if snapshot.search(leaf, sort="relevance", limit=0, offset=0, facets=()).total:
                yield " ".join(terms)
        case Prefix():
            return
        case Word():
            # Another spelling by itself, where other leaves hold the word that was typed.
            yield from snapshot.forms(leaf)
        case _:
            yield from (form for form in snapshot.forms(leaf) if form != leaf.term)


def _parts(wanted: Node, query: str) -> Iterator[Part]:
    nodes = wanted.children if isinstance(wanted, And) else (wanted,)
    for node in nodes:
        if not isinstance(node, Everything):
            yield Part(node, query[slice(*node.span)])


def _filters(request: Request) -> Iterator[Part]:
    """Yield a part a filter: any of its values will do, or none of them may be there."""
    for name, values in request.filters:
        if values:
            node = _any_value(name, values, request.today, _OPTION_OF[name])
            yield Part(node, f"{name}:{','.join(values)}", is_filter=True, selects=name)
    for name, values in request.exclusions:
        if values:
            option = f"not_{_OPTION_OF[name]}"
            node = Not(_any_value(name, values, request.today, option))
            yield Part(node, f"-{name}:{','.join(values)}", is_filter=True)


def _any_value(name: str, values: Sequence[str], today: dt.date | None, option: str) -> Node:
    from rights_search.query.facets import facet_node  # noqa: PLC0415 - many have no filter

    field = fields.BY_NAME[name]
    try:
        nodes = tuple(facet_node(field, value, value, (0, len(value)), today) for value in values)
    except QueryError as error:
        raise QueryError(error.query, error.start, error.end, error.reason, option) from None
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _left_out_note(words: Sequence[str]) -> tuple[str, ...]:
    if not words:
        return ()
    shown = ", ".join(f"'{word}'" for word in words)
    return (f"Not asked for, because so common: {shown}. Quotes or --exact ask for them.",)
