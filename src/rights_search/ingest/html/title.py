"""The title of an article page: what its head tells, its heading, its title element.

The head goes first, for a heading may be that of the site or of the section. Where
both say the same, the heading is taken: the head often adds the site's name, or cuts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rights_search.ingest.html.meta import TITLE_NAMES, PageFacts
from rights_search.ingest.paragraphs import plain_line
from rights_search.ingest.records.values import host_of

_SITE_MARK = re.compile(r"\s+[|–—·»«:-]+\s+")
_WORD = re.compile(r"\w+")
_SAME_SHARE = 0.6
_MIN_LEFT_WORDS = 4


def told_title(facts: PageFacts) -> str | None:
    """Return the title that the head of a page or its microdata tells, or None."""
    told = facts.article.get("headline") or facts.article.get("name")
    marked = facts.properties.get("headline", ())
    candidates = (told, facts.first(*TITLE_NAMES), *marked)
    return next(
        (
            without_site(title, facts)
            for value in candidates
            if isinstance(value, str) and (title := plain_line(value))
        ),
        None,
    )


def choose_title(
    told: str | None, headings: Sequence[str], outer: Iterable[str], facts: PageFacts
) -> tuple[str | None, tuple[str, ...]]:
    """Return the title of an article, and the headings above its text that are others.

    Args:
        told: what `told_title` returned.
        headings: the main headings above the text.
        outer: those elsewhere in the page: a title only where its head says so too.
        facts: what the page says of itself.
    """
    if told is None:
        element = without_site(facts.title, facts)
        if headings:
            return headings[0], tuple(headings[1:])
        same = (text for text in outer if text in facts.title)
        return next(same, None) or element or None, ()
    title = next((text for text in headings if is_same_title(text, told)), told)
    others = [text for text in headings if not is_same_title(text, told)]
    # A word or two are the name of a section.
    return title, tuple(text for text in others if len(text.split()) >= _MIN_LEFT_WORDS)


def is_same_title(heading: str, told: str) -> bool:
    """Say whether a heading and a told title are the same, cut or worded a little differently."""
    if heading == told:
        return True
    ours, theirs = _words(heading), _words(told)
    shared = len(ours & theirs)
    return shared > 0 and shared >= _SAME_SHARE * max(len(ours), min(len(theirs), len(ours)))


def without_site(title: str, facts: PageFacts) -> str:
    """Return a title without the name of its site at either end: ``Title | Site``."""
    parts = _SITE_MARK.split(title)
    if len(parts) == 1:
        return title
    names = {_plain(name) for name in (facts.site, host_of(facts.url or "")) if name}
    if _plain(parts[-1]) in names or (not names and " | " in title):
        return title[: title.rindex(parts[-1])].rstrip(" |–—·»«:-")
    if _plain(parts[0]) in names:
        return title[len(parts[0]) :].lstrip(" |–—·»«:-")
    return title


def _plain(name: str) -> str:
    return "".join(_WORD.findall(name)).casefold()


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
