"""Posts like a given one: those that share its most telling words.

A word tells much that stands often in the post and in few others. The most telling ones
are asked for together, each weighted by how often it stands there; how rare it is, the
ranking of the engine counts itself. Words that no other post has are left out first: a
post full of names would be asked for with nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from rights_search.engines import ranking
from rights_search.engines.protocol import Page, Snapshot
from rights_search.post import Post
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.feedback import bag
from rights_search.query.matching import matches
from rights_search.query.nodes import Among, And, Not, Or, Word
from rights_search.search.linked import LinkedSnapshot

TELLING_WORDS = 30
"""How many words of the post are asked for."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A post that is like another.

    Args:
        rank: 1 for the most similar.
        score: how similar; comparable within one answer only.
        post: the post.
        words: the telling words that both have, as the given post has them, the most
            telling first.
    """

    rank: int
    score: float
    post: Post
    words: tuple[str, ...]


def find(post: Post, linked: LinkedSnapshot, limit: int) -> tuple[Similar, ...]:
    """Return the posts that are most like ``post``, neither itself nor a copy of it.

    Of posts that are copies of each other, the first one stands for all.
    """
    words = telling_words(post, linked.snapshot)
    cluster = linked.links.cluster(post.id)
    same = frozenset({post.id} if cluster is None else cluster.ids)
    wanted = Or(words)
    page = Page("relevance", limit, groups=linked.groups)
    found = page.ask(linked.snapshot, And((wanted, Not(Among("the same", same)))))
    return tuple(_similar(rank, *hit, wanted, linked) for rank, hit in enumerate(found.page, 1))


def telling_words(post: Post, snapshot: Snapshot) -> tuple[Word, ...]:
    """Return the words that tell most about a post, each with its weight as boost."""
    words = bag(post)
    rarity = snapshot.rarity(words.forms.values())
    alone = ranking.idf(snapshot.post_count(), 1)

    def weighed() -> Iterator[tuple[float, float, str]]:
        for root, count in words.counts.items():
            form = words.forms[root]
            if rarity[form] < alone:
                often = math.log1p(count)
                yield often * rarity[form], often, form

    best = sorted(weighed(), key=lambda item: (-item[0], item[2]))[:TELLING_WORDS]
    return tuple(Word(form, boost=often) for _, often, form in best)


def _similar(rank: int, document: int, score: float, wanted: Or, linked: LinkedSnapshot) -> Similar:
    post = linked.snapshot.post(document)
    held = AnalysedPost(post)
    shared = (word for word in wanted.children if matches(word, held))
    return Similar(rank, score, post, tuple(w.term for w in shared if isinstance(w, Word)))
