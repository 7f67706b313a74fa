"""Choose the countries that a post is about from those that it names.

A country in the title counts three times, in a "Country:" label of the title six
times, and the page's own country as much as a good beginning of the text. How the
weights and shares were found stands in ``docs/territories.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from rights_search.geography import territories
from rights_search.tagging.gazetteer import TOWNS
from rights_search.tagging.mentions import Mention

_WEIGHTS = {
    "name": 1.0,
    "region": 1.0,
    "former": 0.8,
    "demonym": 0.8,
    "capital": 0.8,
    "city": 0.6,
    "group": 0.4,
    "body": 0.0,
    "assembly": 0.0,
}
_IN_TITLE = 3.0
# "Belgian reporter detained": a title names people by where they come from.
_PEOPLE_IN_TITLE = 0.6
_BY_PAGE = 5.0
# The permanent members of the Security Council are named in texts on every country.
_ACTORS = {"US": 0.6, "CN": 0.8, "FR": 0.8, "GB": 0.8, "RU": 0.8}
# The tenth repetition says less than the first.
_DAMPING = 0.15

# The share of the best score that a country needs: more where the title names the best
# one, less where it names both or where both are named throughout.
_SHARE = 0.75
_SHARE_IF_TITLED = 0.8
_SHARE_IF_BOTH_TITLED = 0.4
_SHORT_CHARS = 1500
_MUCH = 7.0
_SHARE_OF_MUCH = 0.5
_SHARE_OF_STATE = 0.2
# What the best one needs. A list of those who signed does not make a post about them,
# nor does a speech in an assembly of states.
_LEAST = 0.2
_LEAST_OF_ASSEMBLY = 2.6
_OPENING_CHARS = 200


def scores_of(
    title: Iterable[Mention], body: Iterable[Mention], page: str | None
) -> dict[str, float]:
    """Return how much of a post each country has.

    Args:
        title: what the title names.
        body: what the body names.
        page: the country of the whole page.
    """
    _take_seats_out((*title, *body))
    scores = {} if page is None else {page: _BY_PAGE}
    for mention in title:
        points = _IN_TITLE * mention.weight * _WEIGHTS[mention.entry.kind]
        if mention.entry.kind == "demonym" and not mention.is_label:
            points *= _PEOPLE_IN_TITLE
        _add(scores, mention, points)
    in_body: dict[str, float] = {}
    for mention in body:
        _add(in_body, mention, mention.weight * _WEIGHTS[mention.entry.kind])
    for code, points in in_body.items():
        damped = math.log1p(_DAMPING * points) / _DAMPING
        scores[code] = scores.get(code, 0.0) + _ACTORS.get(code, 1.0) * damped
    return scores


def about(
    scores: dict[str, float],
    title: Iterable[Mention],
    body: Iterable[Mention],
    page: str | None,
    chars: int,
) -> list[str]:
    """Return the countries that a post is about, the best first.

    Args:
        scores: what each country has.
        title: what the title names.
        body: what the body names.
        page: the country of the whole page.
        chars: the length of the body.
    """
    ranked = sorted(scores, key=scores.__getitem__, reverse=True)
    if not ranked:
        return []
    best = scores[ranked[0]]
    if best < _LEAST or (
        best < _LEAST_OF_ASSEMBLY
        and not page
        and not any(mention.codes for mention in title)
        and _is_of_assembly(body)
    ):
        return []
    if len(ranked) == 1:
        return ranked + _states_of(ranked, scores)
    titled = {code for mention in title for code in mention.codes}
    chosen = ranked[:1]
    for code in ranked[1:]:
        share = _SHARE
        if ranked[0] in titled:
            both = code in titled and chars <= _SHORT_CHARS
            share = _SHARE_IF_BOTH_TITLED if both else _SHARE_IF_TITLED
        elif scores[code] >= _MUCH:
            share = _SHARE_OF_MUCH
        if scores[code] >= share * best:
            chosen.append(code)
    return chosen + _states_of(chosen, scores)


def _add(scores: dict[str, float], mention: Mention, points: float) -> None:
    codes = mention.codes
    for code in codes:
        scores[code] = scores.get(code, 0.0) + points / len(codes)


def _states_of(chosen: list[str], scores: dict[str, float]) -> list[str]:
    """Return the states that govern one of the territories, where the post names them too."""
    states = []
    for code in chosen:
        state = territories.administered_by(code)
        if state in scores and state not in chosen and state not in states:
            states.append(state)
    return [state for state in states if scores[state] >= _SHARE_OF_STATE * scores[chosen[0]]]


def _take_seats_out(mentions: Iterable[Mention]) -> None:
    """Take its weight from a town that is named as the seat of a body: "in The Hague"."""
    bodies = [mention.entry for mention in mentions if mention.entry.seats]
    if not bodies:
        return
    seats = {seat for body in bodies for seat in body.seats}
    for mention in mentions:
        if mention.entry.kind in TOWNS and mention.entry.place in seats:
            mention.weight = 0.0


def _is_of_assembly(body: Iterable[Mention]) -> bool:
    """Tell whether a text begins with an assembly of states."""
    return any(
        mention.entry.kind == "assembly" and mention.start < _OPENING_CHARS for mention in body
    )
