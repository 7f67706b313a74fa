"""What a search finds that was not reported before.

A post counts as reported if its id was, if a post of the very same words was (its file was
moved, say), or if a copy of it was: a text is news once. Where each copy is wanted, the id
alone counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rights_search.links.fingerprints import SHORT_WORDS, words_of
from rights_search.post import Post
from rights_search.results import Hit
from rights_search.search import searching
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class News:
    """The hits of a search that are new to someone.

    Args:
        total: how many posts match, reported ones too.
        count: how many hits are new.
        hits: the newest of them, as many as were asked for.
        reported: id → digest of the words, of the posts that count as reported once
            ``hits`` are: they themselves, their copies and copies of earlier ones.
        near_copies: ids of posts that are no news only because they resemble one that was
            reported. Their words are others, and somebody may have seen to it that they are
            taken for copies, so that they are to be named.
    """

    total: int
    count: int
    hits: tuple[Hit, ...]
    reported: Mapping[str, str]
    near_copies: tuple[str, ...] = ()


@dataclass(slots=True)
class _Item:
    """A new hit in the making: the document that stands for it, and all that it says."""

    document: int
    score: float
    posts: dict[str, str]


def find(request: Request, linked: LinkedSnapshot, reported: Mapping[str, str]) -> News:
    """Return what answers a request and was not reported before.

    Args:
        request: what is asked for; ``limit`` counts new hits.
        linked: the posts.
        reported: id → digest of the words, as in `News`.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    whole = replace(request, copies="all", limit=linked.snapshot.post_count(), offset=0)
    answer = searching.find(whole, linked)
    if answer.is_empty:
        return News(0, 0, (), {})
    seen = set(linked.snapshot.documents(reported.keys()).values())
    page = [item for item in answer.found.page if item[0] not in seen]
    collapses = request.copies == "collapse"
    items, echoes = _items(page, linked, reported) if collapses else (_each(page, linked), {})
    shown = items[: request.limit]
    found = replace(answer.found, page=tuple((item.document, item.score) for item in shown))
    told = {post_id: words for item in shown for post_id, words in item.posts.items()}
    hits = searching.hits(request, linked, answer.node, found)
    known = set(reported.values())
    near = tuple(post_id for post_id, words in echoes.items() if words not in known)
    return News(answer.found.total, len(items), hits, told | echoes, near)


def _each(page: list[tuple[int, float]], linked: LinkedSnapshot) -> list[_Item]:
    posts = ((linked.snapshot.post(document), document, score) for document, score in page)
    return [_Item(document, score, {post.id: digest(post)}) for post, document, score in posts]


def _items(
    page: list[tuple[int, float]], linked: LinkedSnapshot, reported: Mapping[str, str]
) -> tuple[list[_Item], dict[str, str]]:
    """Return the new texts, each with its posts, and the posts of texts reported before."""
    known = set(reported.values())
    items: dict[str, _Item] = {}
    echoes: dict[str, str] = {}
    for document, score in page:
        post = linked.snapshot.post(document)
        words = digest(post)
        same = _same(post.id, linked)
        if words in known or not reported.keys().isdisjoint(same):
            echoes[post.id] = words
            continue
        item = items.setdefault(same[0], _Item(document, score, {}))
        item.posts[post.id] = words
        if min(item.posts, key=same.index) == post.id:
            item.document, item.score = document, score
    return list(items.values()), echoes


def _same(post_id: str, linked: LinkedSnapshot) -> tuple[str, ...]:
    """Return the ids of a post and its copies, the original first."""
    cluster = linked.links.cluster(post_id)
    return (post_id,) if cluster is None else cluster.ids


def digest(post: Post) -> str:
    """Return what posts of the same words share; of a short one the date must be the same too.

    Case, accents, marks and the cut into paragraphs do not count.
    """
    return hashlib.sha256(b" ".join(_said(post))).hexdigest()[:_DIGITS]


def _said(post: Post) -> Iterator[bytes]:
    words = words_of(post)
    yield from words
    if len(words) < SHORT_WORDS:
        yield f"\0{'' if post.date is None else post.date.iso}".encode()
