"""Tag a post with the countries it is about, those it names, and its regions.

*About* comes from the source's own labels where there are any, else from the text
(`aboutness`). *Mentions* are all countries that are named, in captions and the
dateline too. The country of an author's employer is neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from rights_search.geography import territories
from rights_search.geography.territories import is_former
from rights_search.post import Evidence, Post, Tag, joined, make_evidence, make_tag, with_tags
from rights_search.tagging import aboutness
from rights_search.tagging.mentions import Mention, mentions_in
from rights_search.tagging.readings import resolve

_RULES = {"name": "country name", "former": "historic state"}
_FORMER = "historic state"
_MOST_REASONS = 8
_COUNT = attrgetter("count")

# What a label in a title may stand behind: "Iraq: …", "UA 344/90 – Iraq / Kuwait: …".
_LABEL_BEGIN = "|"
_OTHER_BEGINS = ("–", "—", " - ")
_LONGEST_LABEL = 60


def tag_countries(post: Post) -> Post:
    """Return ``post`` with its `countries`, `mentions` and `places` filled.

    Each tag says why: ``source label``, ``page country``, ``country name``,
    ``demonym``, ``capital``, ``city``, ``region``, ``group`` or ``historic state``.
    A label that `territories.resolve` knows is always *about*, and then what the
    text names is only mentioned. Run it after the language is known: French and
    Spanish demonyms are found in lower case only then.
    """
    texts = _texts(post)
    found = mentions_in(texts, post.language, _labels_in(texts["title"]))
    title, body = found["title"], found["body"]
    labelled = _source_labels(post)
    page = territories.lookup(post.page_country) if post.page_country else None
    given = (*labelled, page) if page else tuple(labelled)
    resolve(title + body, given)
    scores = aboutness.scores_of(title, body, page)
    about = list(labelled) or aboutness.about(scores, title, body, page, len(texts["body"]))
    reasons: dict[str, list[Evidence]] = dict(labelled)
    if page and post.page_country and not labelled:
        reasons[page] = [Evidence("page_country", post.page_country, "page country")]
    if len(found) > 2:  # noqa: PLR2004 - title and body
        _resolve_asides(found, given)
    places: dict[str, list[Evidence]] = {}
    for mentions in found.values():
        _note(mentions, reasons, places)
    others = sorted(reasons, key=lambda code: -scores.get(code, 0.0))
    mentioned = _tags({code: reasons[code] for code in (*about, *others)})
    return with_tags(
        post, countries=mentioned[: len(about)], mentions=mentioned, places=_tags(places)
    )


def _tags(reasons: dict[str, list[Evidence]]) -> tuple[Tag, ...]:
    return tuple(
        [make_tag((value, tuple(evidence[:_MOST_REASONS]))) for value, evidence in reasons.items()]
    )


def _texts(post: Post) -> dict[str, str]:
    """Return the texts that name places, by field, in the order in which they are sure."""
    # A derived title repeats the body: its names would count twice.
    texts = {"title": "" if post.title_derived else post.title, "body": post.body}
    if post.place:
        texts["place"] = post.place
    if post.captions:
        texts["captions"] = joined(post.captions)
    return texts


def _labels_in(title: str) -> list[tuple[int, int]]:
    """Return where labels stand in a title: what ends at a colon, if that is not much."""
    labels: list[tuple[int, int]] = []
    if ":" not in title:
        return labels
    for sign in _OTHER_BEGINS:
        title = title.replace(sign, _LABEL_BEGIN * len(sign))
    start = 0
    for part in title.split(":")[:-1]:
        end = start + len(part)
        label = part.rpartition(_LABEL_BEGIN)[2]
        if len(label) <= _LONGEST_LABEL:
            labels.append((end - len(label), end))
        start = end + 1
    return labels


def _source_labels(post: Post) -> dict[str, list[Evidence]]:
    """Return the codes of the source's labels, each with the first label that means it."""
    labels: dict[str, list[Evidence]] = {}
    for label in post.source_countries:
        for code in territories.resolve(label):
            labels.setdefault(code, [Evidence("source_countries", label, "source label")])
    return labels


def _resolve_asides(found: dict[str, list[Mention]], given: Iterable[str]) -> None:
    """Resolve what the dateline and captions name: mentioned, never what a post is about.

    What the text names supports them, but they do not change what it names.
    """
    asides = [mention for field in ("place", "captions") for mention in found.get(field, ())]
    named = (mention for field in ("title", "body") for mention in found[field])
    resolve(asides, (*given, *(code for mention in named for code in mention.codes)))


def _note(
    mentions: list[Mention],
    reasons: dict[str, list[Evidence]],
    places: dict[str, list[Evidence]],
) -> None:
    """Note the mentions of a field as evidence for countries and regions, the commonest first."""
    if len(mentions) > 1:
        mentions = sorted(mentions, key=_COUNT, reverse=True)
    for mention in mentions:
        entry = mention.entry
        if not mention.codes and entry.kind != "region":
            continue
        start, words = mention.start, mention.words
        rule = _RULES.get(entry.kind, entry.kind)
        evidence = make_evidence(
            (mention.field, words, rule, mention.count, start, start + len(words))
        )
        if entry.kind == "region":
            places.setdefault(entry.place, []).append(evidence)
        for code in mention.codes:
            reason = evidence._replace(rule=_FORMER) if is_former(code) else evidence
            if code in reasons:
                reasons[code].append(reason)
            else:
                reasons[code] = [reason]
