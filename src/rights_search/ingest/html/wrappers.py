"""Where the text of a page stands in its bytes, and the element around it and its heading.

For pages without an article element of their own, or with one around each teaser: their
text has a class like ``entry-content``, or is microdata's ``articleBody``. An element ends
where its parser would end it: at the end tag that leaves as many of its name open as before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from rights_search.ingest.html.landmarks import Span
from rights_search.ingest.html.names import kind_of_names


def named_text(page: bytes, seen: Sequence[Span]) -> Span | None:
    """Return where the element stands whose names say that it holds the text of a page.

    None where there is no such, where it does not end, or others hold as much: so many
    others, too, that to weigh each would take longer than to parse the page.

    Args:
        page: its bytes.
        seen: the parts of its body in which a tag is one: no script, no comment.
    """
    spans: list[Span] = []
    for start in _named(page, seen):
        if spans and start < spans[-1][1]:
            continue  # it stands in another
        span = _element_at(page, start, seen)
        if span is None:
            return None
        spans.append(span)
    if len(spans) <= 1:
        return spans[0] if spans else None
    weights = {span: running_bytes(page[slice(*span)]) for span in spans}
    best = max(spans, key=weights.__getitem__)
    return best if weights[best] >= _MIN_SHARE * sum(weights.values()) else None


def with_heading(page: bytes, text: Span, seen: Sequence[Span]) -> Span | None:
    """Return where the innermost element stands that holds a text and a main heading above it.

    None where the heading stands apart, or the elements around the text do not end in order.
    """
    if page.find(_HEADING, *text) >= 0:
        return text
    heading = page.rfind(_HEADING, seen[0][0], text[0])
    around = [start for start in _around(page, text[0], seen) if start < heading]
    return _element_at(page, around[-1], seen) if around else None


def running_bytes(markup: bytes) -> int:
    """Return how many bytes of text that is too long for a label stand outside of links."""
    return sum(len(run.rstrip()) for run in _RUN.findall(without_links(markup)))


def without_links(markup: bytes) -> bytes:
    """Return markup without its links and what they say."""
    return _LINK.sub(b"", markup)


_MIN_SHARE = 0.8
_MAX_NAMED = 64
_HEADING = b"<h1"
_TAG = re.compile(rb"<(/?)(div|section|article|main|header|footer|aside)(?=[\s>])")
# A space and a double quote, as nearly all write them, take a third of the time of all others.
_NAMES = re.compile(rb" (?:class|id|itemprop)=\"([^\"]*+)\"")
_TEXT_WORD = re.compile(rb"ody|ontent|opy|nhalt|ext")
_LINK = re.compile(rb"<a[\s>](?:[^<]++|<(?!/?a[\s>]))*+")
_RUN = re.compile(rb">\s*+([^<>]{40,}+)")


@cache
def _tags_of(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(/?)%b(?=[\s>])" % name)


def _named(page: bytes, seen: Sequence[Span]) -> list[int]:
    """Return the starts of elements whose names say that they hold the text, in order.

    None of them where there are too many: each is looked for by itself.
    """
    names = {names for begin, end in seen for names in _NAMES.findall(page, begin, end)}
    texts = [*islice(filter(_names_text, names), _MAX_NAMED + 1)]
    if len(texts) > _MAX_NAMED:
        return []
    begins = [begin for begin, _ in seen]
    places = (
        place
        for name in texts
        for place in _places(page, b'"%b"' % name, begins[0])
        if place < seen[bisect_right(begins, place) - 1][1]
    )
    found = [*islice(places, _MAX_NAMED + 1)]
    if len(found) > _MAX_NAMED:
        return []
    return sorted({page.rfind(b"<", begins[0], place) for place in found})


def _places(page: bytes, part: bytes, start: int) -> Iterator[int]:
    while (start := page.find(part, start)) >= 0:
        yield start
        start += len(part)


# The pages of a site have the same names.
@lru_cache(maxsize=8192)
def _names_text(names: bytes) -> bool:
    # Most names have none of the words of which those of a text have one.
    if _TEXT_WORD.search(names) is None:
        return False
    return names == b"articleBody" or kind_of_names(names.decode("latin-1")) == "text"


def _element_at(page: bytes, start: int, seen: Sequence[Span]) -> Span | None:
    """Return where the element ends that starts somewhere, or None where it does not."""
    tag = _TAG.match(page, start)
    depth = 0
    for found in () if tag is None else _tags(page, _tags_of(tag[2]), seen, start, len(page)):
        depth += -1 if found[1] else 1
        if not depth:
            stop = page.find(b">", found.end()) + 1
            return (start, stop) if stop else None
    return None


def _tags(
    page: bytes, pattern: re.Pattern[bytes], seen: Sequence[Span], start: int, stop: int
) -> Iterator[re.Match[bytes]]:
    for begin, end in seen:
        if end > start and begin < stop:
            yield from pattern.finditer(page, max(begin, start), min(end, stop))


def _around(page: bytes, place: int, seen: Sequence[Span]) -> list[int]:
    """Return the starts of the elements around a place; none where they do not end in order."""
    opened: list[tuple[bytes, int]] = []
    for tag in _tags(page, _TAG, seen, 0, place):
        if not tag[1]:
            opened.append((tag[2], tag.start()))
        elif not opened or opened.pop()[0] != tag[2]:
            return []
    return [start for _, start in opened]
