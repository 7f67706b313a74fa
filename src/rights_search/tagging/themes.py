"""Find the themes of a post in its source's labels and in its words.

A source's label that the vocabulary knows is a tag. In the text, the terms of the
post's language are searched for in one pass (Aho-Corasick), whole words only: a
strong term is a reason by itself, weak ones are together. The longer the text, the
more it takes: a report of ten pages mentions nearly every theme.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from rights_search import groups, themes
from rights_search.post import Evidence, Post, Tag, label_key
from rights_search.tagging.language import detect
from rights_search.tagging.theme_patterns import lexicon
from rights_search.tagging.theme_terms import Lexicon, Match, Spaced, find, spaced

# What a strong and a weak term add to a theme's score, and each repetition to that.
_STRONG, _WEAK = 1.0, 0.3
_REPEATED, _MOST_REPEATED = 0.2, 4
_FIELD_WEIGHTS = {"title": 1.75, "body": 1.0, "captions": 0.5}
# A text of up to so many characters needs a score of 1; one of twice that, more.
_SHORT_CHARS = 600
_PER_DOUBLING = 0.5
# A theme that texts mention in passing needs more where the title does not show it.
_COMMON = 3.0
# What the strongest theme has makes the faint ones noise.
_OF_TOP = 0.23
# A text that is full of themes, or that has no title to sum it up, has room for more.
_MOST_TAGS, _MOST_TAGS_RICH, _RICH = 4, 6, 12.0
# With nothing else, the best guess is better than none from here on.
_BEST_GUESS = 0.5
_MOST_REASONS = 3
_MOST_MEANINGS = 2


LabelMap: TypeAlias = Mapping[str, tuple[str, ...]]
"""A source's label, as `rights_search.post.label_key` has it → the theme ids that it means."""


def tag_themes(post: Post, label_map: LabelMap | None = None) -> Post:
    """Return the post with its themes and groups of people, those of its source first.

    Every tag carries its reasons. A post that cannot be read in any language of the
    vocabulary has the themes that its source names, and no others.

    Args:
        post: the post.
        label_map: labels of which somebody said what they mean, perhaps nothing; all
            others mean what the vocabulary says.
    """
    labelled = _source_labels(post, themes.resolve, themes.ids(), label_map or {})
    people = _source_labels(post, groups.resolve, groups.ids(), {})
    found = _found_in_text(post, is_labelled=bool(labelled))
    tags = [Tag(theme_id, (*reasons, *found.pop(theme_id, ()))) for theme_id, reasons in labelled]
    tags += [Tag(theme_id, reasons) for theme_id, reasons in found.items()]
    return replace(post, themes=tuple(tags), groups=tuple(Tag(*entry) for entry in people))


def _source_labels(
    post: Post,
    resolve: Callable[[str], tuple[str, ...]],
    known: tuple[str, ...],
    label_map: LabelMap,
) -> list[tuple[str, tuple[Evidence, ...]]]:
    """Return the entries that the source names, in the order of ``known``, with its labels."""
    named: dict[str, list[Evidence]] = {}
    for source_tag in sorted(set(post.source_tags)):
        told = label_map.get(label_key(source_tag)) if label_map else None
        rule = "source label" if told is None else "mapped label"
        ids = resolve(source_tag) if told is None else told
        # The name of a whole area says too little to tag a post with all of it.
        for item_id in ids if told or len(ids) <= _MOST_MEANINGS else ():
            named.setdefault(item_id, []).append(Evidence("source_tags", source_tag, rule))
    return [(item_id, tuple(named[item_id])) for item_id in known if item_id in named]


@dataclass(slots=True)
class _Score:
    total: float = 0.0
    in_title: float = 0.0
    matches: list[tuple[bool, str, Match]] = field(default_factory=list)


def _found_in_text(post: Post, *, is_labelled: bool) -> dict[str, tuple[Evidence, ...]]:
    """Return theme id → reasons, the highest score first."""
    words = _lexicon_of(post)
    if words is None:
        return {}
    texts = {name: spaced(text) for name, text in _texts(post)}
    scores: dict[str, _Score] = {}
    for name, text in texts.items():
        _add(scores, name, find(words, text))
    chars = sum(len(text.source) for text in texts.values())
    chosen = _choose(scores, chars, has_title="title" in texts, is_labelled=is_labelled)
    return {theme_id: _reasons(scores[theme_id], texts) for theme_id in chosen}


def _lexicon_of(post: Post) -> Lexicon | None:
    language = post.language or detect(f"{post.title}\n{post.body}") or "en"
    return lexicon(language) if language in themes.term_languages() else None


def _texts(post: Post) -> Iterator[tuple[str, str]]:
    if post.title and not post.title_derived:
        yield "title", post.title
    yield "body", post.body
    if post.captions:
        yield "captions", "\n\n".join(post.captions)


def _add(scores: dict[str, _Score], name: str, matches: list[Match]) -> None:
    for match in matches:
        repeated = 1 + _REPEATED * min(match.count - 1, _MOST_REPEATED)
        weight = _FIELD_WEIGHTS[name] * repeated
        for theme_id, is_strong in match.targets:
            score = scores.get(theme_id)
            if score is None:
                score = scores[theme_id] = _Score()
            added = weight * (_STRONG if is_strong else _WEAK)
            score.total += added
            if name == "title":
                score.in_title += added
            score.matches.append((is_strong, name, match))


def _choose(
    scores: dict[str, _Score], chars: int, *, has_title: bool, is_labelled: bool
) -> list[str]:
    """Return the ids of the themes that the text is about, the highest score first."""
    if not scores:
        return []
    ranked = sorted(scores, key=lambda theme_id: (-scores[theme_id].total, theme_id))
    top = scores[ranked[0]].total
    doublings = math.log2(max(chars, _SHORT_CHARS) / _SHORT_CHARS)
    needed = max((1 + _PER_DOUBLING * doublings) * (2 if is_labelled else 1), _OF_TOP * top)
    if top < needed:
        return ranked[:1] if top >= _BEST_GUESS and doublings == 0 and not is_labelled else []
    is_shown = any(score.in_title >= _STRONG for score in scores.values())
    common = max(needed, _COMMON) if is_shown else needed
    chosen = [
        theme_id
        for theme_id in ranked
        if scores[theme_id].total >= needed
        and (
            scores[theme_id].in_title >= _STRONG
            or scores[theme_id].total >= common
            or not themes.theme(theme_id).is_common
        )
    ]
    # Not by the length: words that say nothing must not make room for another theme.
    return chosen[: _MOST_TAGS if has_title and top < _RICH else _MOST_TAGS_RICH]


def _reasons(score: _Score, texts: dict[str, Spaced]) -> tuple[Evidence, ...]:
    """Return the best few reasons, strong terms before weak ones."""
    ranked = sorted(
        score.matches, key=lambda entry: (-entry[0], -_FIELD_WEIGHTS[entry[1]], -entry[2].count)
    )
    reasons: dict[tuple[str, str], Evidence] = {}
    for is_strong, name, match in ranked:
        words = texts[name].quote(match.start, match.end)
        rule = "strong term" if is_strong else "weak terms"
        reasons.setdefault((name, words), Evidence(name, words, rule, match.count))
        if len(reasons) == _MOST_REASONS:
            break
    return tuple(reasons.values())
