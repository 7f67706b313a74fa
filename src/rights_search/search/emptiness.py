"""Which part of a query leaves nothing over, and what would be found without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from rights_search import fields
from rights_search.engines.protocol import Snapshot
from rights_search.patterns import late
from rights_search.query.nodes import (
    And,
    DateRange,
    Everything,
    Facet,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Synonyms,
    Word,
    conjunction,
)
from rights_search.query.words import suited_edits
from rights_search.results import WhyEmpty
from rights_search.search.questions import Part
from rights_search.wording import nearest, shorten

MAX_PARTS = 12
"""Of a query with more parts it is not asked what would be found without each."""

_SHOWN = 3
_ID = late(r"[0-9a-f]{12}\Z")


def why_empty(parts: Sequence[Part], snapshot: Snapshot) -> WhyEmpty | None:
    """Say why no post answers all of ``parts``; None for parts that ask for nothing."""
    if not snapshot.post_count():
        return WhyEmpty("The index holds no posts")
    if any(part.node == Or(()) for part in parts):
        return None
    empty = [part for part in parts if not count(snapshot, part.node)]
    if len(empty) > 1:
        return WhyEmpty(f"No post has {_listed(empty, 'or')}")
    if empty:
        reason, near = _alone(empty[0], snapshot), _near_values(empty[0].node, snapshot)
        return WhyEmpty(reason, _without(parts, empty, snapshot), near)
    if len(parts) > MAX_PARTS:
        return WhyEmpty(f"No post has all of the {len(parts):,} parts of the query")
    if len(parts) == 2:  # noqa: PLR2004 - both
        reason = f"No post has both {_listed(parts, 'and')}"
    else:
        reason = f"No post has {_listed(_conflict(parts, snapshot), 'and')} together"
    return WhyEmpty(reason, _without(parts, parts, snapshot))


def count(snapshot: Snapshot, node: Node) -> int:
    """Return how many posts match ``node``."""
    return snapshot.search(node, sort="relevance", limit=0, offset=0, facets=()).total


def _without(parts: Sequence[Part], left_out: Iterable[Part], snapshot: Snapshot) -> dict[str, int]:
    """Return part → how many posts answer the others, for those parts that make a difference."""
    found: dict[str, int] = {}
    for part in left_out:
        others = [other.node for other in parts if other is not part]
        posts = count(snapshot, conjunction(*others)) if others else 0
        if posts:
            found[shorten(part.typed)] = posts
    best = sorted(found, key=lambda typed: -found[typed])[:_SHOWN]
    return {typed: found[typed] for typed in best}


def _conflict(parts: Sequence[Part], snapshot: Snapshot) -> list[Part]:
    """Return the rarest parts that have no post in common, in the order of the query."""
    ranked = sorted(parts, key=lambda part: count(snapshot, part.node))
    size = next(
        size
        for size in range(2, len(ranked) + 1)
        if not count(snapshot, conjunction(*(part.node for part in ranked[:size])))
    )
    return [part for part in parts if part in ranked[:size]]


def _alone(part: Part, snapshot: Snapshot) -> str:
    """Return why no post answers a part, whatever else is asked for."""
    typed = shorten(part.typed)
    match part.node:
        case Not():
            return f"'{typed}' leaves no post over"
        case Near(members):
            posts = count(snapshot, And(members))
            return f"No post has '{typed}'; {posts:,} with these words, but not so near"
        case node if meant := _meant_elsewhere(node, typed, snapshot):
            return f"No post has '{typed}' in its text; {meant}"
        case Phrase(terms, field):
            posts = count(snapshot, And(tuple(Word(term, field) for term in dict.fromkeys(terms))))
            return f"No post has '{typed}' as a phrase; {posts:,} with these words"
        case DateRange():
            return f"No post has '{typed}'; {_years(snapshot)}"
        case _:
            return f"No post has '{typed}'"


def _meant_elsewhere(node: Node, typed: str, snapshot: Snapshot) -> str:
    """Return in which field words are that stand in no text: an address, the id of a post."""
    match node:
        case Synonyms((written, *_)):
            return _meant_elsewhere(written, typed, snapshot)
        case Phrase(field=None) if "://" in typed:
            return "url: before it asks for that address"
        case Word(term, None) if _ID.match(term) and count(snapshot, Facet("id", (term,))):
            return f"id:{typed} is one"
        case _:
            return ""


def _years(snapshot: Snapshot) -> str:
    years = sorted(filter(None, _counts("year", snapshot)))
    if not years:
        return "all are undated"
    first, last = years[0], years[-1]
    return f"all dates are of {first}" if first == last else f"the dates are from {first} to {last}"


def _near_values(node: Node, snapshot: Snapshot) -> tuple[str, ...]:
    """Return what posts have that is spelt like a source, a place or another field's word."""
    match node:
        case Synonyms((typed, *_)):
            return _near_values(typed, snapshot)
        case Word(term, "place") | Phrase((*_, term), "place"):
            names = filter(None, _counts("location", snapshot))
            words = node.terms if isinstance(node, Phrase) else (term,)
            return nearest(" ".join(words), names, limit=_SHOWN)
        case Word(term, str() as field):
            near = Fuzzy(term, suited_edits(term), field)
            return tuple(islice(snapshot.forms(near), _SHOWN))
        case Facet("source" as field, (key,)):
            key_of = fields.BY_NAME[field].key
            known = {key_of(value): value for value in _counts(field, snapshot) if value}
            return tuple(known[name] for name in nearest(key, known, limit=_SHOWN))
        case _:
            return ()


def _counts(field: str, snapshot: Snapshot) -> Iterable[str]:
    found = snapshot.search(Everything(), sort="relevance", limit=0, offset=0, facets=(field,))
    return found.facets[field]


def _listed(parts: Sequence[Part], word: str) -> str:
    """Return ``'a', 'b' and 'c'``, the last ones as a number where they are many."""
    shown = [f"'{shorten(part.typed)}'" for part in parts]
    if len(shown) > MAX_PARTS:
        shown = [*shown[: MAX_PARTS - 1], f"{len(shown) - MAX_PARTS + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"
