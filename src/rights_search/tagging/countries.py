"""Tag a post with the countries it is about, those it names, and its regions.

*About* comes from the source's own labels where there are any, else from the text
(`aboutness`). *Mentions* are all countries that are named, in captions and the
dateline too. The country of an author's employer is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rights_search import territories
from rights_search.post import Evidence, Post, Tag, joined
from rights_search.tagging import aboutness
from rights_search.tagging.mentions import Mention, mentions_in
from rights_search.tagging.readings import resolve

_RULES = {"name": "country name", "former": "historic state"}
_FORMER = "historic state"
_MOST_REASONS = 8

# What stands before a colon in a title: "Iraq: …", "UA 344/90 – Iraq / Kuwait: …".
_LABEL = re.compile(r"(?:(?<=[:–—|])|(?<= - )|\A)[^:–—|]{2,60}?(?=:)")


def tag_countries(post: Post) -> Post:
    """Return ``post`` with its `countries`, `mentions` and `places` filled.

    Each tag says why: ``source label``, ``page country``, ``country name``,
    ``demonym``, ``capital``, ``city``, ``region``, ``group`` or ``historic state``.
    A label that `territories.resolve` knows is always *about*, and then what the
    text names is only mentioned. Run it after the language is known: French and
    Spanish demonyms are found in lower case only then.
    """
    # A derived title repeats the body: its names would count twice.
    title = [] if post.title_derived else _in_title(post.title, post.language)
    text = post.body
    body = mentions_in("body", text, post.language)
    labelled = _source_labels(post)
    page = territories.lookup(post.page_country) if post.page_country else None
    given = (*labelled, page) if page else tuple(labelled)
    named = title + body
    resolve(named, given)
    scores = aboutness.scores_of(title, body, page)
    about = list(labelled) or aboutness.about(scores, title, body, page, len(text))
    reasons: dict[str, list[Evidence]] = dict(labelled)
    if page and post.page_country and not labelled:
        reasons[page] = [Evidence("page_country", post.page_country, "page country")]
    places: dict[str, list[Evidence]] = {}
    _note(named, reasons, places)
    _note(_asides(post, named, given), reasons, places)
    others = sorted(reasons, key=lambda code: -scores.get(code, 0.0))
    tags = {code: _tag(code, reasons[code]) for code in (*about, *others)}
    return replace(
        post,
        countries=tuple(tags[code] for code in about),
        mentions=tuple(tags.values()),
        places=tuple(_tag(place, evidence) for place, evidence in places.items()),
    )


def _source_labels(post: Post) -> dict[str, list[Evidence]]:
    """Return the codes of the source's labels, each with the first label that means it."""
    labels: dict[str, list[Evidence]] = {}
    for label in post.source_countries:
        for code in territories.resolve(label):
            labels.setdefault(code, [Evidence("source_countries", label, "source label")])
    return labels


def _in_title(title: str, language: str | None) -> list[Mention]:
    labels = [match.span() for match in _LABEL.finditer(title)] if ":" in title else []
    return mentions_in("title", title, language, labels=labels)


def _asides(post: Post, named: list[Mention], given: Iterable[str]) -> list[Mention]:
    """Return what the dateline and captions name: mentioned, never what a post is about."""
    if not post.place and not post.captions:
        return []
    asides = mentions_in("place", post.place or "", post.language)
    asides += mentions_in("captions", joined(post.captions), post.language)
    # What the text names supports them, but they do not change what it names.
    resolve(asides, (*given, *(code for mention in named for code in mention.codes)))
    return asides


def _note(
    mentions: Iterable[Mention],
    reasons: dict[str, list[Evidence]],
    places: dict[str, list[Evidence]],
) -> None:
    """Note each mention as evidence for its countries, and for the region that it is."""
    for mention in mentions:
        entry = mention.entry
        if not mention.codes and entry.kind != "region":
            continue
        evidence = Evidence(
            mention.field,
            mention.words,
            _RULES.get(entry.kind, entry.kind),
            mention.count,
            mention.start,
            mention.start + len(mention.words),
        )
        if entry.kind == "region":
            places.setdefault(entry.place, []).append(evidence)
        for code in mention.codes:
            is_former = territories.is_former(code)
            reasons.setdefault(code, []).append(
                replace(evidence, rule=_FORMER) if is_former else evidence
            )


def _tag(value: str, reasons: list[Evidence]) -> Tag:
    """Return a tag with its reasons: the surest field first, then the commonest words."""
    if len(reasons) > 1:
        reasons.sort(key=_rank)
    return Tag(value, tuple(reasons[:_MOST_REASONS]))


def _rank(reason: Evidence) -> tuple[int, int]:
    return _FIELDS[reason.field], -reason.count


_FIELDS = {
    name: rank
    for rank, name in enumerate(
        ("source_countries", "page_country", "title", "body", "place", "captions")
    )
}
