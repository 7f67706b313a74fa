"""Find the themes and groups of people of a post in its source's labels and its words.

A source's label that the vocabulary knows is a tag. In the text, the terms of the
post's language are searched for in one pass, whole words only: a strong term is a
reason by itself, weak ones are together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rights_search.post import Evidence, Post, Tag, joined, label_key, make_tag, with_tags
from rights_search.tagging.folding import folded
from rights_search.tagging.language import detect
from rights_search.tagging.lexicons import lexicon
from rights_search.tagging.term_scores import Scores, add_up
from rights_search.tagging.theme_choice import choose_groups, choose_themes
from rights_search.vocabulary import groups, themes
from rights_search.vocabulary.vocabulary import Group, Theme, Vocabulary, current, term_languages

_MOST_MEANINGS = 2

LabelMap: TypeAlias = Mapping[str, tuple[str, ...]]
"""A source's label, as `rights_search.post.label_key` has it → the theme ids that it means."""

_Reasons: TypeAlias = dict[str, tuple[Evidence, ...]]


def tag_themes(post: Post, label_map: LabelMap | None = None) -> Post:
    """Return the post with its themes and groups of people, those of its source first.

    Every tag carries its reasons. A post that cannot be read in any language of the
    vocabulary has what its source names, and nothing else.

    Args:
        post: the post.
        label_map: labels of which somebody said what they mean, perhaps nothing; all
            others mean what the vocabulary says.
    """
    numbers = _numbers(current())
    named_themes = _named(post, themes.resolve, numbers.ids, label_map or {})
    named_groups = _named(post, groups.resolve, numbers.ids, {})
    scores = _scores(post, len(numbers.ids))
    found_themes: _Reasons = {}
    found_groups: _Reasons = {}
    if scores is not None:
        is_labelled = bool(named_themes)
        of_themes = choose_themes(scores, numbers.themes, numbers.common, is_labelled=is_labelled)
        of_groups = choose_groups(scores, numbers.groups)
        reasons = scores.reasons((*of_themes, *of_groups))
        found_themes = {numbers.ids[number]: reasons[number] for number in of_themes}
        found_groups = {numbers.ids[number]: reasons[number] for number in of_groups}
    return with_tags(
        post,
        themes=_tags(named_themes, found_themes),
        groups=_tags(named_groups, found_groups),
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Which numbers of a lexicon are what: themes first, then groups."""

    ids: tuple[str, ...]
    themes: range
    groups: range
    common: frozenset[int]


@lru_cache(maxsize=8)
def _numbers(vocabulary: Vocabulary) -> _Numbers:
    count = len(vocabulary.themes)
    items: tuple[Theme | Group, ...] = (*vocabulary.themes, *vocabulary.groups)
    return _Numbers(
        tuple(item.id for item in items),
        range(count),
        range(count, len(items)),
        frozenset(number for number, item in enumerate(vocabulary.themes) if item.is_common),
    )


def _named(
    post: Post,
    resolve: Callable[[str], tuple[str, ...]],
    known: Iterable[str],
    label_map: LabelMap,
) -> _Reasons:
    """Return the entries that the source names, in the order of ``known``, with its labels."""
    if not post.source_tags:
        return {}
    named: dict[str, list[Evidence]] = {}
    for source_tag in sorted(set(post.source_tags)):
        told = label_map.get(label_key(source_tag)) if label_map else None
        rule = "source label" if told is None else "mapped label"
        ids = resolve(source_tag) if told is None else told
        # The name of a whole area says too little to tag a post with all of it.
        for item_id in ids if told or len(ids) <= _MOST_MEANINGS else ():
            named.setdefault(item_id, []).append(Evidence("source_tags", source_tag, rule))
    return {item_id: tuple(named[item_id]) for item_id in known if item_id in named}


def _scores(post: Post, size: int) -> Scores | None:
    """Return what the post's words add up to; None if its language has no terms."""
    vocabulary = current()
    language = post.language or detect(f"{post.title}\n{post.body}") or "en"
    if language not in term_languages(vocabulary):
        return None
    return add_up(lexicon(vocabulary, language), folded(_texts(post)), size)


def _texts(post: Post) -> dict[str, str]:
    """Return the texts that show themes, by field."""
    texts = {} if post.title_derived or not post.title else {"title": post.title}
    texts["body"] = post.body
    if post.captions:
        texts["captions"] = joined(post.captions)
    return texts


def _tags(named: _Reasons, found: _Reasons) -> tuple[Tag, ...]:
    """Return tags for what the source names, confirmed by the text or not, then the others."""
    if not named:
        return tuple(map(make_tag, found.items()))
    tags = [Tag(item_id, (*reasons, *found.get(item_id, ()))) for item_id, reasons in named.items()]
    tags += [Tag(item_id, reasons) for item_id, reasons in found.items() if item_id not in named]
    return tuple(tags)
