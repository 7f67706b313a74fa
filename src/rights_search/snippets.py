"""The best passages of a post for a query, as text and spans; markup comes later."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rights_search import fields
from rights_search.patterns import late
from rights_search.query.analysed_post import AnalysedPost, PlacedToken
from rights_search.query.matching import Occurrence
from rights_search.results import Snippet
from rights_search.values import NamedTuple, dataclass

ELLIPSIS = "…"

_SHOWN_FIELDS = ("body", "captions")
_LEAD_CHARS = 60
"""How far before the first match a passage may begin, to catch the sentence's start."""
_GAP_CHARS = len(f" {ELLIPSIS} ")
SENTENCE_START = late(r"(?:(?<=[.!?…؟۔])[\"”’»)]*\s+|(?<=[。！？])[”」』）]*\s*)(?=\S)")
"""What stands before a sentence, and behind the one before it."""

# To compile signs beyond Latin-1 takes half a millisecond; most passages need none of them.
_PLAIN_START = late(r"(?<=[.!?])[\"»)]*\s+(?=\S)")
_AS_PLAIN = str.maketrans("…؟۔”’", '...""')
_FULL_WIDTH_ENDS = frozenset("。！？")
_WORD_START = late(r"(?<=\s)(?=\S)")


class _Mark(NamedTuple):
    start: int
    end: int
    clause: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Text:
    """One paragraph or caption with its matches, in order; a paragraph with its index."""

    text: str
    marks: tuple[_Mark, ...]
    paragraph: int | None


class _Passage(NamedTuple):
    number: int
    start: int
    end: int
    clauses: frozenset[tuple[int, int]]


def make_snippet(
    post: AnalysedPost, occurrences: Sequence[Occurrence], max_chars: int = 240
) -> Snippet:
    """Return the passages that show most of the query, at most two.

    Args:
        post: the post that was found.
        occurrences: where the query's words stand in it.
        max_chars: about how many characters to show, ellipses not counted.
    """
    texts = tuple(_texts(post, occurrences))
    first = _best(texts, max_chars, frozenset())
    if first is None:
        return _opening(texts, max_chars)
    everything = {mark.clause for text in texts for mark in text.marks}
    if first.clauses >= everything:
        return _render(texts, [_widen(texts, first, max_chars)])
    half = max_chars // 2
    first = _best(texts, half, frozenset()) or first
    second = _best(texts, half, first.clauses) or first
    return _render(texts, [_widen(texts, first, half), _widen(texts, second, half)])


def mark_field(occurrences: Iterable[Occurrence], field: str) -> tuple[tuple[int, int], ...]:
    """Return the matched character ranges in the only text of ``field``."""
    marks = [
        (run[0].start, run[-1].end)
        for occurrence in occurrences
        if occurrence.field == field
        for run in _runs(occurrence)
    ]
    return merge_spans(marks)


def merge_spans(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the union of half-open ranges, in order; ranges that touch stay apart."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _runs(occurrence: Occurrence) -> Iterator[tuple[PlacedToken, ...]]:
    """Yield the neighbouring tokens of an occurrence together, in one text each."""
    run: list[PlacedToken] = []
    for token in occurrence.tokens:
        if run and (token.value, token.position) != (run[-1].value, run[-1].position + 1):
            yield tuple(run)
            run = []
        run.append(token)
    if run:
        yield tuple(run)


def _texts(post: AnalysedPost, occurrences: Sequence[Occurrence]) -> Iterator[_Text]:
    for field in _SHOWN_FIELDS:
        marks: dict[int, list[_Mark]] = {}
        for occurrence in occurrences:
            if occurrence.field != field:
                continue
            for run in _runs(occurrence):
                mark = _Mark(run[0].start, run[-1].end, occurrence.leaf.span)
                marks.setdefault(run[0].value, []).append(mark)
        for number, text in enumerate(fields.BY_NAME[field].values(post.post)):
            paragraph = number if field == "body" else None
            yield _Text(text, tuple(sorted(marks.get(number, ()))), paragraph)


def _best(texts: Sequence[_Text], width: int, known: frozenset[tuple[int, int]]) -> _Passage | None:
    """Return the passage with most clauses that are not ``known``, then most matches."""
    best: tuple[tuple[int, int, int], _Passage] | None = None
    for number, text in enumerate(texts):
        inside: Counter[tuple[int, int]] = Counter()
        end = 0
        for first, mark in enumerate(text.marks):
            # A mark that is wider than the passage may be is shown all the same.
            while end < len(text.marks) and (
                end == first or text.marks[end].end <= mark.start + width
            ):
                inside[text.marks[end].clause] += 1
                end += 1
            clauses = frozenset(inside)
            value = (len(clauses - known), inside.total(), -number)
            if clauses - known and (best is None or value > best[0]):
                last = max(each.end for each in text.marks[first:end])
                best = (value, _Passage(number, mark.start, last, clauses))
            inside[mark.clause] -= 1
            if not inside[mark.clause]:
                del inside[mark.clause]
    return best[1] if best else None


class _Range(NamedTuple):
    number: int
    start: int
    end: int


def _opening(texts: Sequence[_Text], max_chars: int) -> Snippet:
    for number, item in enumerate(texts):
        if item.text.strip():
            return _render(texts, [_Range(number, 0, _end_after(item.text, 0, 0, max_chars))])
    return Snippet("")


def _render(texts: Sequence[_Text], ranges: Iterable[_Range]) -> Snippet:
    shown = ""
    spans: list[tuple[int, int]] = []
    is_cut = False
    ordered = _join(ranges)
    for number, start, end in ordered:
        text, marks = texts[number].text, texts[number].marks
        if shown:
            shown += f" {ELLIPSIS} "
        elif start:
            shown = ELLIPSIS
        shift = len(shown) - start
        inside = (mark for mark in marks if start <= mark.start and mark.end <= end)
        spans.extend((mark.start + shift, mark.end + shift) for mark in inside)
        shown += text[start:end]
        is_cut = end < len(text)
    return Snippet(
        shown + ELLIPSIS if is_cut else shown,
        merge_spans(spans),
        texts[ordered[0].number].paragraph if ordered else None,
    )


def _join(ranges: Iterable[_Range]) -> list[_Range]:
    """Put ranges in order; two with hardly anything between become one."""
    joined: list[_Range] = []
    for item in sorted(ranges):
        last = joined[-1] if joined else None
        if last and last.number == item.number and item.start <= last.end + _GAP_CHARS:
            joined[-1] = _Range(last.number, last.start, max(last.end, item.end))
        else:
            joined.append(item)
    return joined


def _widen(texts: Sequence[_Text], passage: _Passage, width: int) -> _Range:
    """Return the passage with what stands around it, about ``width`` characters."""
    text = texts[passage.number].text
    start = _start_before(text, passage.start, passage.end, width)
    return _Range(passage.number, start, _end_after(text, start, passage.end, start + width))


def _start_before(text: str, first: int, last: int, width: int) -> int:
    """Return where to begin: the sentence if it is near, else a word, with room to spare."""
    earliest = max(0, first - min(_LEAD_CHARS * 2, max(0, width - (last - first))))
    if earliest == 0:
        return 0
    sentence = sentence_start(text, earliest, first + 1)
    if sentence:
        return sentence
    near = max(earliest, first - _LEAD_CHARS)
    word = _WORD_START.search(text, near, first + 1)
    # A text without spaces can begin anywhere.
    return word.start() if word else near


def sentence_start(text: str, earliest: int, end: int) -> int:
    """Return where the first sentence begins behind one of its ends, 0 for none."""
    passage = text[earliest - 1 : end]
    if _FULL_WIDTH_ENDS.isdisjoint(passage):
        found = _PLAIN_START.search(passage.translate(_AS_PLAIN), 1)
    else:
        found = SENTENCE_START.search(passage, 1)
    return found.end() + earliest - 1 if found else 0


def _end_after(text: str, start: int, needed: int, wanted: int) -> int:
    """Return where to stop: a word's end near ``wanted``, and not before ``needed``."""
    if len(text) <= wanted + 1:
        return len(text)
    space = text.rfind(" ", max(start, wanted - _LEAD_CHARS), wanted + 1)
    if space < 0:
        # No spaces here: stop anywhere, but not between a letter and its marks.
        while wanted < len(text) and unicodedata.category(text[wanted]).startswith("M"):
            wanted += 1
        return max(needed, wanted)
    return max(needed, len(text[:space].rstrip(" ,;:–—-"))) or space
