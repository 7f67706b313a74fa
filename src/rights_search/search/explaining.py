"""How a query was read, part by part, and what each part matches."""

from __future__ import annotations

from rights_search.engines.protocol import Snapshot
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Facet,
    Fuzzy,
    Has,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    TermLeaf,
    Transcription,
    Word,
)
from rights_search.query.writing import to_query
from rights_search.results import Clause, Explanation
from rights_search.search.emptiness import count, why_empty
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Question, Request, read


def explain(request: Request, linked: LinkedSnapshot) -> Explanation:
    """Explain a request over one snapshot; its hits are not looked at.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    question = read(request, linked)
    snapshot = linked.snapshot
    whole = _whole(question, request.query, snapshot)
    return Explanation(
        query=request.query,
        mode=request.mode,
        clause=whole,
        expansions=question.expansions,
        notes=question.notes,
        why_empty=None if whole.posts else why_empty(question.parts, snapshot),
    )


def _whole(question: Question, query: str, snapshot: Snapshot) -> Clause:
    clauses = tuple(
        _clause(part.node, "" if part.is_filter else query, snapshot) for part in question.parts
    )
    if len(clauses) == 1:
        return clauses[0]
    node = question.node
    kind = "all" if clauses else "everything"
    return Clause(kind, to_query(node), query, count(snapshot, node), parts=clauses)


def _clause(node: Node, query: str, snapshot: Snapshot) -> Clause:
    """Return a node as a clause.

    Args:
        node: a part of the tree.
        query: the text that its span lies in; empty for a filter.
        snapshot: where it is counted.
    """
    alias = getattr(node, "alias", None)
    return Clause(
        kind=_kind(node),
        reading=to_query(node),
        typed="" if alias else query[slice(*node.span)],
        posts=count(snapshot, node),
        forms=snapshot.forms(node) if isinstance(node, TermLeaf) else {},
        field=node.field if isinstance(node, Facet) else None,
        values=node.values if isinstance(node, Facet) else (),
        alias=alias,
        parts=tuple(_clause(part, query, snapshot) for part in _parts(node)),
    )


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts) | Near(parts) | Synonyms(parts):
            return parts
        case Not(child):
            return (child,)
        case _:
            return ()


def _kind(node: Node) -> str:
    return _KINDS[type(node)]


_KINDS: dict[type, str] = {
    And: "all",
    Or: "any",
    Not: "not",
    Near: "near",
    Synonyms: "one word",
    Word: "word",
    Phrase: "phrase",
    Prefix: "prefix",
    Fuzzy: "fuzzy",
    Derived: "same root",
    Transcription: "name",
    Facet: "value",
    DateRange: "dates",
    Has: "has",
    Among: "state",
}
