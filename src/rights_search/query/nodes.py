"""The query as a tree: frozen values that every engine compiles from.

Leaves say what to look for in the text; `Facet` and `DateRange` compare values;
`And`, `Or` and `Not` combine; `Prefer` changes the order alone. Nodes carry the place
in the query that they come from, which equality ignores.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from rights_search import fields
from rights_search.values import dataclass, replace
from rights_search.values import field as make_field

if TYPE_CHECKING:
    import datetime as dt

Span: TypeAlias = tuple[int, int]
"""Offsets of the first character and behind the last one in the query text."""

_NOWHERE: Span = (0, 0)

MAX_BOOST = 1000.0
"""Largest boost: a larger one counts as this one."""


@dataclass(frozen=True, slots=True)
class Word:
    """One term; its inflections too unless ``exact``.

    Args:
        term: as `rights_search.analysis.fold` gives it.
        field: the text field to look in, None for all default fields.
        exact: True for the word as written, but for case and accents.
        boost: factor on its weight.
        alias: id of the alias group that it stands for, None if it was typed.
    """

    term: str
    field: str | None = None
    exact: bool = False
    boost: float = 1.0
    alias: str | None = None
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several terms near each other in one field.

    Args:
        terms: at least two.
        slop: None for one behind the other; a number for any order with at most
            that many other words between the first and the last of them.
        exact: as in `Word`, for each term.
    """

    terms: tuple[str, ...]
    field: str | None = None
    slop: int | None = None
    exact: bool = True
    boost: float = 1.0
    alias: str | None = None
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every term that starts with ``prefix``."""

    prefix: str
    field: str | None = None
    boost: float = 1.0
    alias: str | None = None
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every term within ``distance`` edits of ``term``.

    An edit inserts, deletes or replaces a letter or swaps two neighbours (optimal
    string alignment).
    """

    term: str
    distance: int
    field: str | None = None
    boost: float = 1.0
    alias: str | None = None
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """Every term of the same root as ``term`` that is no inflection of it.

    See `rights_search.words.derivation`: "computation" for "computer".
    """

    term: str
    field: str | None = None
    boost: float = 1.0
    alias: str | None = None
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Transcription:
    """Every term that transcribes the name ``term``: see `rights_search.words.transcription`.

    Args:
        term: as in `Word`.
        loose: True for terms of the same script that sound alike, too.
    """

    term: str
    field: str | None = None
    loose: bool = False
    boost: float = 1.0
    alias: str | None = None
    span: Span = make_field(default=_NOWHERE, compare=False)


TermLeaf: TypeAlias = Word | Prefix | Fuzzy | Derived | Transcription
"""A leaf that single terms answer."""

Leaf: TypeAlias = TermLeaf | Phrase


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Leaves that mean the same: any may match, all are scored as one term."""

    leaves: tuple[Leaf, ...]
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Words and phrases that stand close together in one field, in any order.

    Each member has a place of its own, and between the first and the last of these
    places stand at most ``distance`` words that belong to none of them.

    Args:
        members: at least two.
        distance: the number of other words.
    """

    members: tuple[Leaf | Synonyms, ...]
    distance: int
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Among:
    """Posts that are among some: what a post is to others does not stand in the post.

    Args:
        state: what the query calls them, such as ``copy``.
        ids: theirs.
    """

    state: str
    ids: frozenset[str]
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """Posts of which the field ``field`` is known: it has a value, a text has a word."""

    field: str
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Facet:
    """Posts that have any of ``values`` in the facet ``field``.

    The values are keys: as `rights_search.fields.Field.key` gives them.
    """

    field: str
    values: tuple[str, ...]
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Posts whose date lies wholly inside the range, both days included.

    A post of which only the year is known is inside a range that holds the whole
    year, and in no shorter one. None leaves that side open.
    """

    first: dt.date | None
    last: dt.date | None
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """Posts that match every child."""

    children: tuple[Node, ...]
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Posts that match at least one child."""

    children: tuple[Node, ...]
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Posts that do not match the child."""

    child: Node
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Everything:
    """Every post."""

    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Preference:
    """What makes a post that matches anyway a better answer.

    Args:
        node: a leaf or several, or a facet.
        weight: factor on its score against that of a typed word.
        rule: why it is preferred: ``near``, ``about country`` or ``feedback``.
    """

    node: Leaf | Synonyms | Facet
    weight: float
    rule: str
    span: Span = make_field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prefer:
    """Posts that match the child; those that meet preferences too rank higher."""

    child: Node
    preferences: tuple[Preference, ...]
    span: Span = make_field(default=_NOWHERE, compare=False)


Node: TypeAlias = (
    Leaf | Synonyms | Near | Among | Has | Facet | DateRange | And | Or | Not | Everything | Prefer
)


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves that a match may rest on, in query order: none under a `Not`."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from leaves(child)
        case Prefer(child):
            yield from leaves(child)
        case Near(members):
            for member in members:
                yield from leaves(member)
        case Synonyms(members):
            yield from members
        case Word() | Phrase() | Prefix() | Fuzzy() | Derived() | Transcription():
            yield node
        case _:
            return


def members_of(node: Leaf | Synonyms) -> tuple[Leaf, ...]:
    """Return the leaves of one member of a `Near`."""
    return node.leaves if isinstance(node, Synonyms) else (node,)


def boosted(node: Node, factor: float) -> Node:
    """Return ``node`` with the boost of each of its leaves multiplied by ``factor``."""
    match node:
        case _ if factor == 1:
            return node
        case And(children) | Or(children):
            return replace(node, children=tuple(boosted(child, factor) for child in children))
        case Near(members):
            return replace(node, members=tuple(_boosted(member, factor) for member in members))
        case Synonyms() | Word() | Phrase() | Prefix() | Fuzzy():
            return _boosted(node, factor)
        case _:
            return node


def _boosted(node: Leaf | Synonyms, factor: float) -> Leaf | Synonyms:
    if isinstance(node, Synonyms):
        return replace(node, leaves=tuple(_boosted_leaf(leaf, factor) for leaf in node.leaves))
    return _boosted_leaf(node, factor)


def _boosted_leaf(leaf: Leaf, factor: float) -> Leaf:
    return replace(leaf, boost=min(leaf.boost * factor, MAX_BOOST))


def conjunction(*nodes: Node) -> Node:
    """Return a node that asks for all of ``nodes``, without needless nesting."""
    if len(nodes) == 1:
        return nodes[0]
    parts: list[Node] = []
    for node in nodes:
        match node:
            case Everything():
                continue
            case And(children):
                parts.extend(children)
            case _:
                parts.append(node)
    if not parts:
        return Everything()
    if len(parts) == 1:
        return parts[0]
    spans = [part.span for part in parts]
    return And(tuple(parts), (min(span[0] for span in spans), max(span[1] for span in spans)))


_DEFAULT_FIELDS = tuple(field.name for field in fields.DEFAULT_FIELDS)


def searched_fields(leaf: Leaf) -> tuple[str, ...]:
    """Return the names of the text fields that a leaf looks into."""
    return _DEFAULT_FIELDS if leaf.field is None else (leaf.field,)
