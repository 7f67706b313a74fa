"""Tag a post with the countries it is about, those it names, and its regions.

*About* comes from the source's own labels where there are any, else from a score:
a country in the title counts three times, in a "Country:" label of the title six
times, and the page's own country almost as much. *Mentions* are all countries that
are named, in captions and the dateline too. The country of an author's employer
is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from rights_search import territories
from rights_search.post import Evidence, Post, Tag, joined
from rights_search.tagging.gazetteer import Found, find
from rights_search.tagging.readings import Support, context, read, support_of

_WEIGHTS = {
    "name": 1.0,
    "region": 1.0,
    "former": 0.8,
    "demonym": 0.8,
    "capital": 0.6,
    "city": 0.4,
    "group": 0.4,
}
_RULES = {"name": "country name", "former": "historic state"}
# A state that is no more is background more often than subject.
_FORMER_STATE = 0.6
_IN_TITLE = 3.0
_IN_LABEL = 6.0
_BY_PAGE = 5.0
_EARLY = 1.5
_EARLY_CHARS = 300
_DAMPING = 0.15
# The share of the best score that a country needs. Long texts name more that they
# are not about, and a title that names the best one names what matters.
_SHARE = 0.4
_SHARE_IF_LONG = 0.6
_SHARE_IF_TITLED = 0.8
_LONG_CHARS = 1500
_MOST_REASONS = 8
_RANKS = {
    name: rank
    for rank, name in enumerate(
        ("source_countries", "page_country", "title", "body", "place", "captions")
    )
}

# What stands before a colon in a title: "Iraq: …", "UA 344/90 – Iraq / Kuwait: …".
_LABEL = re.compile(r"(?:(?<=[:–—|])|(?<= - )|\A)[^:–—|]{2,60}?(?=:)")

# By field, words and rule: where the words stand first, and how often they are found.
_Reasons: TypeAlias = dict[tuple[str, str, str], tuple[int | None, int]]


class _Part(NamedTuple):
    """A field's text and what was found in it."""

    field: str
    text: str
    found: list[Found]
    labels: tuple[tuple[int, int], ...] = ()

    def is_label(self, item: Found) -> bool:
        return any(start <= item.start and item.end <= end for start, end in self.labels)


@dataclass(slots=True)
class _Tally:
    """What the fields of one post add up to."""

    scores: dict[str, float] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, _Reasons] = field(default_factory=dict)
    places: dict[str, _Reasons] = field(default_factory=dict)

    def add(self, code: str, points: float) -> None:
        self.scores[code] = self.scores.get(code, 0.0) + points


def tag_countries(post: Post) -> Post:
    """Return ``post`` with its `countries`, `mentions` and `places` filled.

    Each tag says why: ``source label``, ``page country``, ``country name``,
    ``demonym``, ``capital``, ``city``, ``region``, ``group`` or ``historic state``.
    A label that `territories.resolve` knows is always *about*, and then what the
    text names is only mentioned. Run it after the language is known: French and
    Spanish demonyms are found in lower case only then.
    """
    labelled = _source_labels(post)
    page = territories.lookup(post.page_country) if post.page_country else None
    title, body = _title(post), _part("body", post.body, post.language)
    tally = _Tally()
    if page and post.page_country and not labelled:
        tally.add(page, _BY_PAGE)
        _note(tally.reasons, page, ("page_country", post.page_country, "page country"))
    for code, label in labelled.items():
        _note(tally.reasons, code, ("source_countries", label, "source label"))
    given = (*labelled, *([page] if page else ()))
    named = (*title.found, *body.found)
    support = support_of(named, given)
    _count_title(title, support, tally)
    _count_body(body, support, tally)
    about = list(labelled) or _about(tally, _share(title, body, tally))
    _note_asides(post, named, given, tally)
    tags = {code: _tag(code, tally.reasons[code]) for code in _ranked(about, tally)}
    return replace(
        post,
        countries=tuple(tags[code] for code in about),
        mentions=tuple(tags.values()),
        places=tuple(_tag(place, reasons) for place, reasons in tally.places.items()),
    )


def _source_labels(post: Post) -> dict[str, str]:
    """Return the codes of the source's labels, each with the label."""
    labels: dict[str, str] = {}
    for label in post.source_countries:
        for code in territories.resolve(label):
            labels.setdefault(code, label)
    return labels


def _title(post: Post) -> _Part:
    # A derived title repeats the body: its names would count twice.
    title = _part("title", "" if post.title_derived else post.title, post.language)
    return title._replace(labels=tuple(match.span() for match in _LABEL.finditer(title.text)))


def _part(name: str, text: str, language: str | None) -> _Part:
    return _Part(name, text, find(text, language) if text else [])


def _count_title(title: _Part, support: Support, tally: _Tally) -> None:
    for item in title.found:
        around = context(item, title.text, is_title=True)
        if not around:
            continue
        is_label = title.is_label(item)
        codes, factor = read(item, support, is_label=is_label)
        _note_item(title, item, codes, tally)
        points = (
            _WEIGHTS[item.entry.kind] * factor * (_IN_LABEL if is_label else _IN_TITLE) * around
        )
        for code in codes:
            tally.add(code, points * _of_state(code) / len(codes))


def _count_body(body: _Part, support: Support, tally: _Tally) -> None:
    for item in body.found:
        around = context(item, body.text)
        if not around:
            continue
        codes, factor = read(item, support, is_label=False)
        _note_item(body, item, codes, tally)
        points = _WEIGHTS[item.entry.kind] * factor * around
        if item.start < _EARLY_CHARS:
            points *= _EARLY
        for code in codes:
            times = tally.times[code] = tally.times.get(code, 0) + 1
            tally.add(code, points * _of_state(code) / len(codes) / (1 + _DAMPING * times))


def _note_asides(
    post: Post, named: tuple[Found, ...], given: tuple[str, ...], tally: _Tally
) -> None:
    """Note what the dateline and captions name: mentioned, never what a post is about."""
    place = _part("place", post.place or "", post.language)
    captions = _part("captions", joined(post.captions), post.language)
    if not place.found and not captions.found:
        return
    support = support_of((*named, *place.found, *captions.found), given)
    for part in (place, captions):
        for item in part.found:
            if context(item, part.text):
                _note_item(part, item, read(item, support, is_label=False)[0], tally)


def _note_item(part: _Part, item: Found, codes: Iterable[str], tally: _Tally) -> None:
    """Note the evidence for a place's countries, and for the region that it is."""
    entry = item.entry
    words = part.text[item.start : item.end]
    rule = _RULES.get(entry.kind, entry.kind)
    if entry.place:
        _note(tally.places, entry.place, (part.field, words, rule), item.start)
    for code in codes:
        is_state = _of_state(code) == 1
        rule_of_code = rule if is_state else "historic state"
        _note(tally.reasons, code, (part.field, words, rule_of_code), item.start)


def _note(
    notes: dict[str, _Reasons],
    value: str,
    reason: tuple[str, str, str],
    start: int | None = None,
) -> None:
    reasons = notes.get(value)
    if reasons is None:
        reasons = notes[value] = {}
    start, count = reasons.get(reason, (start, 0))
    reasons[reason] = start, count + 1


def _of_state(code: str) -> float:
    # Codes of former states are the only ones of four letters (ISO 3166-3).
    return 1.0 if len(code) == 2 else _FORMER_STATE  # noqa: PLR2004


def _share(title: _Part, body: _Part, tally: _Tally) -> float:
    """Return the share of the best score that makes a country one the post is about."""
    if len(body.text) <= _LONG_CHARS:
        return _SHARE
    best = max(tally.scores, key=tally.scores.__getitem__, default="")
    titled = any(reason[0] == title.field for reason in tally.reasons.get(best, ()))
    return _SHARE_IF_TITLED if titled else _SHARE_IF_LONG


def _about(tally: _Tally, share: float) -> list[str]:
    """Return the countries whose score is near the best, the best first."""
    scores = tally.scores
    least = share * max(scores.values(), default=0.0)
    return sorted(
        (code for code in scores if scores[code] >= least), key=lambda code: -scores[code]
    )


def _ranked(about: list[str], tally: _Tally) -> dict[str, None]:
    """Return all codes in order: those it is about, then the others by score."""
    others = sorted(tally.reasons, key=lambda code: -tally.scores.get(code, 0.0))
    return dict.fromkeys((*about, *others))


def _tag(value: str, reasons: _Reasons) -> Tag:
    """Return a tag with its reasons: the surest field first, then the commonest words."""
    ranked = sorted(reasons.items(), key=lambda item: (_RANKS[item[0][0]], -item[1][1]))
    return Tag(
        value,
        tuple(
            Evidence(name, words, rule, count, start, _end(start, words))
            for (name, words, rule), (start, count) in ranked[:_MOST_REASONS]
        ),
    )


def _end(start: int | None, words: str) -> int | None:
    return None if start is None else start + len(words)
