"""The broad mode's way of asking: twice, and then once more among the first answers.

First the query itself; then with what its best answers have in common (relevance
feedback); then each of the first answers is compared with the others (neighbours).
What matches is settled by the query alone.
"""

from __future__ import annotations

from dataclasses import replace

from rights_search.engines.protocol import BY_SCORE, Found, Page, Share, Snapshot
from rights_search.query.feedback import FEEDBACK_POSTS, Bag, bag, feedback, forms_of
from rights_search.query.neighbours import RERANKED, smooth
from rights_search.query.nodes import And, Node, Or, Prefer, Synonyms, leaves

_NOWHERE = (0, 0)


def ask_broadly(snapshot: Snapshot, node: Node, page: Page) -> Found:
    """Return the page of the posts that match ``node``, ranked with feedback and neighbours."""
    if page.sort not in BY_SCORE or not any(True for _ in leaves(node)):
        return page.ask(snapshot, node)
    bags: dict[int, Bag] = {}
    first = replace(page, limit=FEEDBACK_POSTS, offset=0, facets=()).ask(snapshot, node)
    rarity = snapshot.rarity(forms_of(_bags(snapshot, first, bags)))
    answers = [(bags[document], score) for document, score in first.page]
    wider = Prefer(node, feedback(answers, rarity, _weight(node)), node.span)
    end = page.offset + page.limit
    found = replace(page, limit=max(end, RERANKED) if page.limit else 0, offset=0).ask(
        snapshot, wider
    )
    ranked = _reranked(snapshot, found, bags)
    return replace(ranked, page=ranked.page[page.offset : end])


def _bags(snapshot: Snapshot, found: Found, bags: dict[int, Bag]) -> list[Bag]:
    for document, _ in found.page[:RERANKED]:
        if document not in bags:
            bags[document] = bag(snapshot.post(document))
    return [bags[document] for document, _ in found.page[:RERANKED]]


def _weight(node: Node) -> float:
    """Return the weight of the query's own words in all."""
    match node:
        case And(children) | Or(children):
            return sum(_weight(child) for child in children)
        case Prefer(child):
            return _weight(child)
        case Synonyms(members):
            return max((leaf.boost for leaf in members), default=0.0)
        case _:
            return sum(leaf.boost for leaf in leaves(node))


def _reranked(snapshot: Snapshot, found: Found, bags: dict[int, Bag]) -> Found:
    """Return ``found`` with its first answers in the order that their neighbours suggest."""
    head = found.page[:RERANKED]
    if not head:
        return found
    words = _bags(snapshot, found, bags)
    scores = smooth(words, [score for _, score in head], snapshot.rarity(forms_of(words)))
    order = sorted(range(len(head)), key=lambda number: -scores[number])
    moved = [(head[number][0], scores[number]) for number in order]
    # Those behind stay behind, though the comparison has lowered the scores before them.
    tail = found.page[RERANKED:]
    factor = min(1.0, min(scores) / tail[0][1]) if tail and tail[0][1] else 1.0
    page = (*moved, *((document, score * factor) for document, score in tail))
    before, after = dict(found.page), dict(page)

    def shares(document: int) -> tuple[Share, ...]:
        change = after[document] - before[document]
        return (*found.shares(document), Share("similar posts", _NOWHERE, change))

    return replace(found, page=page, shares=shares)
