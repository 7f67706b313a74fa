"""What the scores of some posts are made of: each part of a query asked for them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rights_search.engines.protocol import Share
from rights_search.engines.tantivy.compiling import Compiler
from rights_search.engines.tantivy.ordering import scores_of
from rights_search.engines.tantivy.reader import MUST, Query, filtering
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Everything,
    Facet,
    Has,
    Near,
    Node,
    Not,
    Or,
    Prefer,
    Preference,
    Span,
)
from rights_search.values import dataclass


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a query that adds to scores.

    Args:
        rule, span: as in `Share`.
        query: what it matches and how it scores.
        within: what a post must match for that to count.
    """

    rule: str
    span: Span
    query: Query
    within: tuple[Query, ...]


def shares_of(
    compiler: Compiler, node: Node, documents: Sequence[int]
) -> dict[int, tuple[Share, ...]]:
    """Return what the scores of documents that match ``node`` are made of."""
    found: dict[int, list[Share]] = {document: [] for document in documents}
    for part in _parts(compiler, node, ()):
        query = part.query
        if part.within:
            inside = [(MUST, filtering(each)) for each in part.within]
            query = Query.boolean_query([(MUST, query), *inside])
        for document, score in scores_of(compiler.reader, query, documents).items():
            if document in found:
                found[document].append(Share(part.rule, part.span, score))
    return {document: tuple(shares) for document, shares in found.items()}


def preferred_shares(
    compiler: Compiler, preferences: Sequence[Preference], documents: Sequence[int]
) -> dict[int, tuple[Share, ...]]:
    """Return what preferences alone add to the scores of documents."""
    return shares_of(compiler, Prefer(Everything(), tuple(preferences)), documents)


def _parts(compiler: Compiler, node: Node, within: tuple[Query, ...]) -> Iterator[_Part]:
    match node:
        case And(children) | Near(children):
            for child in children:
                yield from _parts(compiler, child, within)
        case Or(children):
            for child in children:
                yield from _parts(compiler, child, (*within, compiler.query(child)))
        case Prefer(child, preferences):
            yield from _parts(compiler, child, within)
            for liked in preferences:
                yield _Part(liked.rule, liked.span, compiler.preference(liked), within)
        case Not() | Everything() | Facet() | DateRange() | Has() | Among():
            return
        case _:
            yield _Part("words", node.span, compiler.query(node), within)
