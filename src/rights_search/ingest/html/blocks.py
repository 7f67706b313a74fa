"""Finding the repeated blocks of a listing page, whatever its site calls them.

A block is one of several elements of the same tag, class and kind of parent that
each have a heading or a link for a title, and a date or a few words of text. Of
nested candidates the innermost that keeps the text wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rights_search.ingest.html.counts import Counts, count, is_date, leads_elsewhere
from rights_search.ingest.html.dom import HEADINGS, settable
from rights_search.ingest.html.names import class_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


MIN_BLOCKS = 2
"""One block is no listing."""

MAX_DATES = 3
MAX_HEADINGS = 4
"""An entry has no more of them; what has is several."""


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks of one kind, in the page's order, and what they hold together."""

    blocks: tuple[Element, ...]
    counts: Counts


def find_group(counted: Mapping[Element, Counts]) -> Group | None:
    """Return the blocks of a listing among counted elements, or None where nothing repeats."""
    kinds: dict[tuple[object, ...], list[Element]] = defaultdict(list)
    for element, counts in counted.items():
        if counts.chars:
            for kind in kinds_of(element):
                kinds[kind].append(element)
    groups = [group for blocks in kinds.values() if (group := _group(blocks, counted)) is not None]
    groups.sort(key=lambda group: -group.counts.chars)
    best = groups[0] if groups else None
    for group in groups[1:]:
        if best is not None and _is_finer(group, best):
            best = group
    return best


def kinds_of(element: Element) -> Iterator[tuple[object, ...]]:
    """Yield what the blocks of a listing must have in common, for an element that may be one."""
    if element.tag not in _BLOCK_TAGS:
        return
    parent = element.getparent()
    above = _signature(parent) if parent is not None else ("", "")
    tag, name = _signature(element)
    yield (*above, tag, name)
    if tag == "article":
        # The first is often set off, with a name and a place of its own.
        yield (tag,)
    elif not name:
        # Without names only those that stand side by side are of one kind.
        yield parent, tag


def find_single(counted: Mapping[Element, Counts], own_url: str | None) -> Group | None:
    """Return the only block of a listing: an entry whose heading links to another page."""
    for element, counts in counted.items():
        if element.tag not in _BLOCK_TAGS or not counts.headings == counts.linked_headings == 1:
            continue
        if element.tag != "article" and _ENTRY_WORDS.isdisjoint(class_words(element)):
            continue
        heading = next(node for node in element.iter(*HEADINGS) if counted[node].chars)
        links = [*heading.iter("a"), *heading.iterancestors("a")]
        if any(link.get("href", "") not in ("", own_url) for link in links):
            return Group((element,), counts)
    return None


def wrap_flat(body: Element) -> Group | None:
    """Put a wrapper around each heading and what follows it, where that makes a listing.

    For pages that part their posts by headings alone: ``h2 p p h2 p p``. Changes
    the tree.
    """
    levels: dict[tuple[Element, str], list[Element]] = defaultdict(list)
    for heading in body.iter("dt", *HEADINGS):
        parent = heading.getparent()
        if parent is not None:
            levels[parent, str(heading.tag)].append(heading)
    for (parent, _), headings in levels.items():
        if len(headings) < MIN_BLOCKS:
            continue
        runs = _runs(parent, headings)
        if _is_flat_listing(runs):
            wrappers = tuple(_wrapped(run) for run in runs)
            counted = count(body)
            return Group(wrappers, _sum(counted[wrapper] for wrapper in wrappers))
    return None


_BLOCK_TAGS = frozenset({"article", "section", "div", "li", "tr", "td", "dd", "a", "p"})
_ENTRY_WORDS = frozenset({"card", "entry", "hentry", "hit", "item", "post", "result", "teaser"})
_MIN_TITLE_CHARS = 10
_MIN_TEXT_CHARS = 40
_MAX_LINKS = 25
_KEPT_SHARE = 0.6

_ORDINAL_CLASSES = frozenset({"odd", "even", "first", "last", "active", "row", "col", "clearfix"})


def _signature(element: Element) -> tuple[str, str]:
    """Return an element's tag and the first of its classes that is not its own alone."""
    for name in element.get("class", "").split():
        if name not in _ORDINAL_CLASSES and not any(map(str.isdigit, name)):
            return str(element.tag), name
    return str(element.tag), ""


def _group(blocks: Sequence[Element], counted: Mapping[Element, Counts]) -> Group | None:
    """Return those of ``blocks`` that are entries, if enough of them surely are."""
    if len(blocks) < MIN_BLOCKS:
        return None
    strong = [block for block in blocks if _is_entry(counted[block])]
    # Frames of a layout often have frames of their own kind inside: these hold the posts.
    holders = {parent for block in blocks for parent in block.iterancestors()}
    blocks = [block for block in blocks if block not in holders]
    strong = [block for block in strong if block not in holders]
    entries = [block for block in blocks if _is_entry(counted[block], is_sure=False)]
    if len(entries) < MIN_BLOCKS or not strong or len(entries) < _KEPT_SHARE * len(blocks):
        return None
    # Parts of one text have headings too; what lists others dates or links them.
    dated = sum(counted[block].dates > 0 for block in entries)
    linked = sum(counted[block].linked_headings > 0 for block in entries)
    if max(dated, linked) < _KEPT_SHARE * len(entries):
        return None
    return Group(tuple(entries), _sum(counted[block] for block in entries))


def _is_entry(counts: Counts, *, is_sure: bool = True) -> bool:
    if counts.dates > MAX_DATES or counts.headings > MAX_HEADINGS:
        return False
    if counts.headings:
        has_more = counts.dates or counts.own_chars >= _MIN_TEXT_CHARS
        return bool(has_more or (not is_sure and counts.linked_headings))
    # Without a heading only a link can be the title, and only a date tells it from a menu's.
    return bool(
        counts.dates and counts.link_chars >= _MIN_TITLE_CHARS and counts.links <= _MAX_LINKS
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for item in counts:
        total.add(item)
    return total


def _is_finer(group: Group, best: Group) -> bool:
    """Say whether ``group`` are the entries and ``best`` only what holds them."""
    outer = set(best.blocks)
    if not any(parent in outer for parent in group.blocks[0].iterancestors()):
        return False
    if group.counts.chars < _KEPT_SHARE * best.counts.chars:
        return False
    if len(group.blocks) == len(best.blocks):
        # One to one: the outer block adds a date or a label, or else a foreign heading.
        has_all = group.counts.dates >= best.counts.dates
        return has_all and group.counts.headings < best.counts.headings
    return len(group.blocks) > len(best.blocks)


def _runs(parent: Element, headings: Sequence[Element]) -> list[list[Element]]:
    """Return each heading with its siblings up to the next; a date may stand before it."""
    before = [heading.getprevious() for heading in headings]
    leads = all(node is not None and _is_date_element(node) for node in before)
    starts = {node for node in (before if leads else headings) if node is not None}
    runs: list[list[Element]] = []
    for child in parent:
        if child in starts:
            runs.append([])
        if runs:
            runs[-1].append(child)
    return runs


def _is_date_element(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in HEADINGS:
        return False
    text = " ".join(str(piece).strip() for piece in element.itertext("*"))
    return is_date(text)


def _is_flat_listing(runs: Sequence[Sequence[Element]]) -> bool:
    dated = linked = 0
    for run in runs:
        dated += any(map(_holds_date, run))
        headings = (node for child in run for node in child.iter("dt", *HEADINGS))
        heading = next(headings, None)
        if heading is not None:
            linked += any(map(leads_elsewhere, heading.iter("a")))
    texts = sum(len(run) > 1 for run in runs)
    return texts >= MIN_BLOCKS and max(dated, linked) * 2 >= len(runs)


def _holds_date(element: Element) -> bool:
    if next(element.iter("time"), None) is not None:
        return True
    return any(is_date(str(text)) for text in element.itertext())


def _wrapped(run: Sequence[Element]) -> Element:
    from lxml import etree  # noqa: PLC0415

    wrapper = etree.Element("div")
    first = run[0]
    parent = first.getparent()
    if parent is not None:
        parent.insert(parent.index(first), wrapper)
    wrapper.extend(run)
    wrapper.sourceline = first.sourceline
    # The space before the next post is not of this one, nor are its lines.
    wrapper[-1].tail = settable((wrapper[-1].tail or "").rstrip()) or None
    return wrapper
