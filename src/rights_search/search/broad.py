"""The broad mode's way of asking: twice, and then once more among the first answers.

First the query itself; then with what its best answers have in common (relevance
feedback); then each of the first answers is compared with the others (neighbours).
What matches is settled by the query alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rights_search.engines.protocol import BY_SCORE, Found, Page, Share, Snapshot
from rights_search.query.feedback import Bag, Roots, bag, feedback, forms_of
from rights_search.query.neighbours import smooth
from rights_search.query.nodes import And, Node, Or, Prefer, Synonyms, leaves
from rights_search.query.tuning import TUNED, Tuning

_NOWHERE = (0, 0)


def ask_broadly(
    snapshot: Snapshot,
    node: Node,
    page: Page,
    tuning: Tuning = TUNED,
    bags: dict[int, Bag] | None = None,
) -> Found:
    """Return the page of the posts that match ``node``, ranked with feedback and neighbours.

    Args:
        snapshot: the posts.
        node: what to ask for.
        page: which of the posts that match.
        tuning: how far the first answers change the order.
        bags: the words of posts that were read before; those read now are added.
    """
    if page.sort not in BY_SCORE or not any(True for _ in leaves(node)):
        return page.ask(snapshot, node)
    bags = {} if bags is None else bags
    roots: Roots = {}
    first = replace(page, limit=tuning.feedback_posts, offset=0, facets=()).ask(snapshot, node)
    rarity = snapshot.rarity(forms_of(_bags(snapshot, first.page, bags, roots)))
    answers = [(bags[document], score) for document, score in first.page]
    wider = Prefer(node, feedback(answers, rarity, _weight(node), tuning), node.span)
    end = page.offset + page.limit
    limit = max(end, tuning.reranked) if page.limit else 0
    found = replace(page, limit=limit, offset=0).ask(snapshot, wider)
    ranked = _reranked(snapshot, found, bags, roots, tuning)
    return replace(ranked, page=ranked.page[page.offset : end])


def _bags(
    snapshot: Snapshot, ranked: Sequence[tuple[int, float]], bags: dict[int, Bag], roots: Roots
) -> list[Bag]:
    for document, _ in ranked:
        if document not in bags:
            bags[document] = bag(snapshot.post(document), roots)
    return [bags[document] for document, _ in ranked]


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


def _reranked(
    snapshot: Snapshot, found: Found, bags: dict[int, Bag], roots: Roots, tuning: Tuning
) -> Found:
    """Return ``found`` with its first answers in the order that their neighbours suggest."""
    head = found.page[: tuning.reranked]
    if not head:
        return found
    words = _bags(snapshot, head, bags, roots)
    rarity = snapshot.rarity(forms_of(words))
    scores = smooth(words, [score for _, score in head], rarity, tuning)
    order = sorted(range(len(head)), key=lambda number: -scores[number])
    moved = [(head[number][0], scores[number]) for number in order]
    # Those behind stay behind, though the comparison has lowered the scores before them.
    tail = found.page[tuning.reranked :]
    factor = min(1.0, min(scores) / tail[0][1]) if tail and tail[0][1] else 1.0
    page = (*moved, *((document, score * factor) for document, score in tail))
    before, after = dict(found.page), dict(page)

    def shares(document: int) -> tuple[Share, ...]:
        change = after[document] - before[document]
        return (*found.shares(document), Share("similar posts", _NOWHERE, change))

    return replace(found, page=page, shares=shares)
