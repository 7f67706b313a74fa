"""Did you mean …? A query with the index's own spelling, offered where it finds more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rights_search.engines.protocol import Snapshot
from rights_search.errors import QueryError
from rights_search.query.expansion import expand
from rights_search.query.function_words import FUNCTION_WORDS
from rights_search.query.matching import edit_distance
from rights_search.query.nodes import Fuzzy, Span, Word
from rights_search.query.preferences import typed_words
from rights_search.query.words import MAX_EDITS, suited_edits
from rights_search.results import Suggestion
from rights_search.search.emptiness import count
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Question, Request, read
from rights_search.values import replace

MAX_WORDS = 8
"""Words of a longer query are not looked up one by one."""

_SHORTEST = 4


def suggest(
    request: Request, question: Question, linked: LinkedSnapshot, found: int
) -> Suggestion | None:
    """Return the query with words that the index holds for those that it does not.

    Args:
        request: what was asked for.
        question: how it was read.
        linked: the posts.
        found: how many answer the question as it is.
    """
    snapshot = linked.snapshot
    words = typed_words(question.parsed, exact=question.mode == "exact")
    if len(words) > MAX_WORDS or not snapshot.post_count():
        return None
    unknown = [word for word in words if _is_unknown(word, question, snapshot)]
    changes = list(_changes(unknown, request.query, snapshot))
    if not changes:
        return None if found else _typed_elsewhere(request, linked)
    text = request.query
    for (start, end), better in reversed(changes):
        text = text[:start] + better + text[end:]
    posts = count(snapshot, read(replace(request, query=text), linked).node)
    return Suggestion(text, posts) if posts > found else None


def _typed_elsewhere(request: Request, linked: LinkedSnapshot) -> Suggestion | None:
    """Return the query as other keyboards write it, if the index has all of its words then."""
    from rights_search.words.keyboards import typed_elsewhere  # noqa: PLC0415 - rarely got so far

    for text in typed_elsewhere(request.query):
        try:
            question = read(replace(request, query=text), linked)
        except QueryError:
            continue
        words = typed_words(question.parsed, exact=question.mode == "exact")
        if any(len(word.term) >= _SHORTEST for word in words) and all(
            linked.snapshot.forms(word) for word in words
        ):
            posts = count(linked.snapshot, question.node)
            if posts:
                return Suggestion(text, posts)
    return None


def _is_unknown(word: Word, question: Question, snapshot: Snapshot) -> bool:
    """Tell whether no post has a word, nor another name for it."""
    if len(word.term) < _SHORTEST or snapshot.forms(word):
        return False
    return question.mode == "exact" or not count(snapshot, expand(word, question.reach)[0])


def _changes(words: Iterable[Word], query: str, snapshot: Snapshot) -> Iterator[tuple[Span, str]]:
    for word in words:
        typed = query[slice(*word.span)]
        better = _nearest(word, snapshot) if len(typed) == len(word.term) else None
        if better:
            yield word.span, better.capitalize() if typed[:1].isupper() else better


def _nearest(word: Word, snapshot: Snapshot) -> str | None:
    """Return the term that is spelt most like a word, of several the most frequent.

    Nobody asks for "being" alone: it is "Bejing" that was mistyped.
    """
    found = snapshot.forms(Fuzzy(word.term, suited_edits(word.term)))
    near = [term for term in found if term not in FUNCTION_WORDS]
    if not near:
        return None
    # The most frequent come first, and `min` keeps the first of equals.
    return min(near, key=lambda term: edit_distance(word.term, term, MAX_EDITS))
