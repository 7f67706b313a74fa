"""From a query and a snapshot to results: parse, expand, ask the engine, explain."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rights_search import fields
from rights_search.engines.protocol import Found, Snapshot, Sort, order_counts
from rights_search.errors import QueryError
from rights_search.post import Post
from rights_search.query.expansion import Expanded, expand
from rights_search.query.facets import facet_node
from rights_search.query.function_words import without_function_words
from rights_search.query.matching import AnalysedPost, Occurrence, find_occurrences
from rights_search.query.nodes import (
    And,
    Facet,
    Fuzzy,
    Leaf,
    Node,
    Or,
    Phrase,
    Prefix,
    conjunction,
)
from rights_search.query.parser import any_of_words, parse
from rights_search.results import Expansion, Hit, Match, Mode, Results
from rights_search.snippets import make_snippet, mark_field

MAX_SHOWN_CHARS = 200
"""Longer words of a match are cut here: a window of `"a b"~9999` can be a whole post."""


@dataclass(frozen=True, slots=True)
class Request:
    """A search as it was asked for: see `rights_search.archive.Archive.search`."""

    query: str
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    mode: Mode = "default"
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[str, ...] = ()
    snippet_chars: int = 240
    today: dt.date | None = None


def run(request: Request, snapshot: Snapshot) -> Results:
    """Answer a request over one snapshot.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    began = time.perf_counter()
    parsed = parse(request.query, exact=request.mode == "exact", today=request.today)
    filters = _filter_nodes(request)
    wanted, added, left_out = _prepare(parsed.node, request.mode)
    node = conjunction(wanted, *filters)
    found = _ask(snapshot, node, request)
    is_relaxed = False
    weaker = None if found.total else _weaker(parsed.node, request.mode)
    if weaker is not None:
        relaxed = _ask(snapshot, conjunction(weaker, *filters), request)
        if relaxed.total:
            found, node, is_relaxed = relaxed, conjunction(weaker, *filters), True
    return Results(
        query=request.query,
        total=found.total,
        hits=_hits(request, snapshot, node, found),
        offset=request.offset,
        facets={name: order_counts(counts) for name, counts in found.facets.items()},
        expansions=_expansions(request.query, added),
        is_relaxed=is_relaxed,
        notes=(*parsed.notes, *_left_out_note(left_out)),
        elapsed_s=time.perf_counter() - began,
        mode=request.mode,
    )


def _prepare(node: Node, mode: Mode) -> tuple[Node, tuple[Expanded, ...], tuple[str, ...]]:
    """Return what to ask for, what was added to it and which words were left out."""
    if mode == "exact":
        return node, (), ()
    # Aliases first: "freedom of expression" is a form that needs its "of".
    expanded, added = expand(node)
    bare, left_out = without_function_words(expanded)
    if mode == "broad":
        bare = any_of_words(bare) or bare
    return bare, added, left_out


def _weaker(node: Node, mode: Mode) -> Node | None:
    """Return the query that any of the words answers, None if there is none."""
    bare = node if mode == "exact" else without_function_words(node)[0]
    relaxed = any_of_words(bare)
    return relaxed if relaxed is None or mode == "exact" else expand(relaxed)[0]


def _left_out_note(words: Sequence[str]) -> tuple[str, ...]:
    if not words:
        return ()
    shown = ", ".join(f"'{word}'" for word in words)
    return (f"Not asked for, because so common: {shown}. Quotes or --exact ask for them.",)


def _filter_nodes(request: Request) -> list[Node]:
    """Return a node a filter: any of its values will do."""
    nodes: list[Node] = []
    for name, values in request.filters:
        field = fields.BY_NAME[name]
        parts = tuple(
            facet_node(field, value, value, (0, len(value)), request.today) for value in values
        )
        if parts:
            nodes.append(parts[0] if len(parts) == 1 else Or(parts))
    return nodes


def _ask(snapshot: Snapshot, node: Node, request: Request) -> Found:
    try:
        return snapshot.search(
            node,
            sort=request.sort,
            limit=request.limit,
            offset=request.offset,
            facets=request.facets,
        )
    except QueryError as error:
        # The engine knows the place, not the text.
        raise QueryError(request.query, error.start, error.end, error.reason) from None


def _hits(request: Request, snapshot: Snapshot, node: Node, found: Found) -> tuple[Hit, ...]:
    return tuple(
        _hit(request, node, snapshot.post(document), rank, score)
        for rank, (document, score) in enumerate(found.page, request.offset + 1)
    )


def _hit(request: Request, node: Node, post: Post, rank: int, score: float) -> Hit:
    analysed = AnalysedPost(post)
    occurrences = find_occurrences(node, analysed)
    return Hit(
        rank=rank,
        score=score,
        post=post,
        snippet=make_snippet(analysed, occurrences, request.snippet_chars),
        title_spans=() if post.title_derived else mark_field(occurrences, "title"),
        why=(*_text_reasons(request.query, analysed, occurrences), *_facet_reasons(node, analysed)),
    )


# --- why -------------------------------------------------------------------------


def _text_reasons(
    query: str, post: AnalysedPost, occurrences: Iterable[Occurrence]
) -> tuple[Match, ...]:
    counts: dict[tuple[str, str, str, str], int] = {}
    for occurrence in occurrences:
        leaf = occurrence.leaf
        words = _words(post, occurrence)
        key = (occurrence.field, words, query[slice(*leaf.span)], _rule(leaf, occurrence))
        counts[key] = counts.get(key, 0) + 1
    order = {field.name: -field.weight for field in fields.TEXT_FIELDS}
    keys = sorted(counts, key=lambda key: (order[key[0]], key[3] != "as written"))
    return tuple(Match(*key, counts[key]) for key in keys)


def _words(post: AnalysedPost, occurrence: Occurrence) -> str:
    first, last = occurrence.tokens[0], occurrence.tokens[-1]
    texts = fields.BY_NAME[occurrence.field].values(post.post)
    end = last.end if first.value == last.value else len(texts[first.value])
    words = texts[first.value][first.start : end]
    if first.value != last.value:
        words += f" {texts[last.value][: last.end]}"
    return words if len(words) <= MAX_SHOWN_CHARS else f"{words[:MAX_SHOWN_CHARS]}…"


def _rule(leaf: Leaf, occurrence: Occurrence) -> str:
    if leaf.alias is not None:
        return f"alias: {leaf.alias}"
    match leaf:
        case Phrase(slop=None):
            return "phrase"
        case Phrase():
            return "near"
        case Prefix():
            return "prefix"
        case Fuzzy(term):
            return "as written" if occurrence.tokens[0].term == term else "fuzzy"
        case _:
            return "as written" if occurrence.tokens[0].term == leaf.term else "inflection"


def _facet_reasons(node: Node, post: AnalysedPost) -> tuple[Match, ...]:
    reasons: list[Match] = []
    for facet in _facets(node):
        field = fields.BY_NAME[facet.field]
        shared = [value for value in field.values(post.post) if field.key(value) in facet.values]
        reasons.extend(Match(facet.field, value, facet.field, "facet") for value in shared)
    return tuple(reasons)


def _facets(node: Node) -> list[Facet]:
    match node:
        case Facet():
            return [node]
        case And(children) | Or(children):
            return [facet for child in children for facet in _facets(child)]
        case _:
            return []


def _expansions(query: str, added: Iterable[Expanded]) -> tuple[Expansion, ...]:
    return tuple(Expansion(query[slice(*item.span)], item.group, item.forms) for item in added)
