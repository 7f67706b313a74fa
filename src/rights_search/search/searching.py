"""From a request and a snapshot to results: read it, ask the engine, say why."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from rights_search import fields
from rights_search.engines.protocol import Found, Page, Share, order_counts
from rights_search.post import Post
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.expansion import BY_RULE
from rights_search.query.matching import Occurrence, Occurrences, find_occurrences
from rights_search.query.nodes import (
    And,
    Facet,
    Fuzzy,
    Leaf,
    Node,
    Or,
    Phrase,
    Prefer,
    Prefix,
)
from rights_search.query.preferences import prefer
from rights_search.results import Hit, Match, Results, ScorePart, Suggestion, WhyEmpty
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Question, Request, read
from rights_search.snippets import make_snippet, mark_field
from rights_search.values import dataclass

ENOUGH = 5
"""A query that finds so many posts is taken to be meant as it is."""

MAX_SHOWN_CHARS = 200
"""Longer words of a match are cut here: a window of `"a b"~9999` can be a whole post."""


def run(request: Request, linked: LinkedSnapshot) -> Results:
    """Answer a request over one snapshot.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    began = time.perf_counter()
    answer = find(request, linked)
    question, found = answer.question, answer.found
    facets = {name: _facet(name, request, linked, answer) for name in request.facets}
    return Results(
        query=request.query,
        total=found.total,
        hits=hits(request, linked, answer.node, found),
        offset=request.offset,
        facets={name: counts for name, (counts, _) in facets.items()},
        expansions=question.expansions,
        is_relaxed=answer.is_relaxed,
        notes=question.notes,
        elapsed_s=time.perf_counter() - began,
        mode=request.mode,
        why_empty=_why_empty(answer, linked) if answer.is_empty else None,
        collapsed=found.total - found.distinct,
        suggestion=_suggestion(request, answer, linked),
        selected={name: chosen for name, (_, chosen) in facets.items() if question.choices(name)},
    )


def _why_empty(answer: Answer, linked: LinkedSnapshot) -> WhyEmpty | None:
    from rights_search.search.emptiness import why_empty  # noqa: PLC0415 - most searches find something

    return why_empty(answer.question.parts, linked.snapshot)


def _suggestion(request: Request, answer: Answer, linked: LinkedSnapshot) -> Suggestion | None:
    found = 0 if answer.is_empty else answer.found.total
    if found >= ENOUGH:
        return None
    from rights_search.search.suggesting import suggest  # noqa: PLC0415 - as above

    return suggest(request, answer.question, linked, found)


def _facet(
    name: str, request: Request, linked: LinkedSnapshot, answer: Answer
) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """Return value → count of a facet, counted without its own filter, and what this chooses."""
    question = answer.question
    choices = question.choices(name)
    if not choices:
        return order_counts(answer.found.facets[name]), ()
    from rights_search.search.faceting import listed  # noqa: PLC0415 - most searches choose nothing

    others = question.weaker(name) if answer.is_relaxed else question.without(name)
    assert others is not None, "what was relaxed once can be again"  # noqa: S101
    page = Page("relevance", limit=0, facets=(name,), groups=linked.groups_for(request.copies))
    values = listed(name, page.ask(linked.snapshot, others).facets[name], choices)
    chosen = tuple(value.value for value in values if value.is_selected)
    return {value.value: value.count for value in values}, chosen


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request found, before its posts are read.

    Args:
        question: the request as it was understood.
        node: the tree that was asked for in the end.
        found: the engine's answer.
        is_empty: True when no post answers the question itself.
        is_relaxed: True when ``node`` is the weaker question.
    """

    question: Question
    node: Node
    found: Found
    is_empty: bool
    is_relaxed: bool


def find(request: Request, linked: LinkedSnapshot) -> Answer:
    """Return what a request finds, without reading the posts of its page.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    question = read(request, linked)
    node = question.node
    found = _ask(linked, node, request)
    is_empty = not found.total
    is_relaxed = False
    weaker = question.weaker() if is_empty else None
    if weaker is not None:
        relaxed = _ask(linked, weaker, request)
        if relaxed.total:
            found, node, is_relaxed = relaxed, weaker, True
    return Answer(question, node, found, is_empty, is_relaxed)


def _ask(linked: LinkedSnapshot, node: Node, request: Request) -> Found:
    groups = linked.groups_for(request.copies)
    page = Page(request.sort, request.limit, request.offset, request.facets, groups)
    ranked = node if request.mode == "exact" else prefer(node)
    if request.mode != "broad":
        return page.ask(linked.snapshot, ranked)
    from rights_search.search.broad import ask_broadly  # noqa: PLC0415 - its own mode

    return ask_broadly(linked.snapshot, ranked, page)


def hits(request: Request, linked: LinkedSnapshot, node: Node, found: Found) -> tuple[Hit, ...]:
    """Return the posts of a page as hits: why each was found, and its best passage.

    Args:
        request: what was asked for.
        linked: the posts.
        node: the tree that found them.
        found: the engine's answer, or a part of its page.
    """
    return tuple(
        _hit(
            request,
            linked,
            node,
            linked.snapshot.post(document),
            rank=rank,
            score=score,
            shares=found.shares(document),
        )
        for rank, (document, score) in enumerate(found.page, request.offset + 1)
    )


def _hit(  # noqa: PLR0913 - what a hit is made of
    request: Request,
    linked: LinkedSnapshot,
    node: Node,
    post: Post,
    *,
    rank: int,
    score: float,
    shares: Iterable[Share],
) -> Hit:
    analysed = AnalysedPost(post)
    occurrences = find_occurrences(node, analysed)
    return Hit(
        rank=rank,
        score=score,
        post=post,
        snippet=make_snippet(analysed, occurrences.found, request.snippet_chars),
        title_spans=() if post.title_derived else mark_field(occurrences.found, "title"),
        why=(*_text_reasons(request.query, analysed, occurrences), *_facet_reasons(node, analysed)),
        copies=linked.copies(post.id),
        follows=linked.follows(post.id),
        parts=_score_parts(request.query, shares),
    )


def _score_parts(query: str, shares: Iterable[Share]) -> tuple[ScorePart, ...]:
    """Return the shares of a score, those of one clause and rule together."""
    totals: dict[tuple[str, str], float] = {}
    for share in shares:
        key = (query[slice(*share.span)], share.rule)
        totals[key] = totals.get(key, 0.0) + share.score
    return tuple(ScorePart(*key, score) for key, score in totals.items() if score)


# --- why -------------------------------------------------------------------------


def _text_reasons(query: str, post: AnalysedPost, occurrences: Occurrences) -> tuple[Match, ...]:
    counts: dict[tuple[str, str, str, str], int] = {}
    unfinished: set[tuple[str, str, str, str]] = set()
    for occurrence in occurrences.found:
        leaf = occurrence.leaf
        words = _words(post, occurrence)
        key = (occurrence.field, words, query[slice(*leaf.span)], _rule(leaf, occurrence))
        counts[key] = counts.get(key, 0) + 1
        if (leaf, occurrence.field) in occurrences.unfinished:
            unfinished.add(key)
    order = {field.name: -field.weight for field in fields.TEXT_FIELDS}
    keys = sorted(counts, key=lambda key: (order[key[0]], key[3] != "as written"))
    return tuple(Match(*key, counts[key], key in unfinished) for key in keys)


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
        return leaf.alias if leaf.alias in BY_RULE else f"alias: {leaf.alias}"
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
        case Prefer(child):
            return _facets(child)
        case And(children) | Or(children):
            return [facet for child in children for facet in _facets(child)]
        case _:
            return []
