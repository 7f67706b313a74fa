"""An HTML tree: parsing it within bounds, clearing it, and taking its text.

The only module that knows how lxml behaves. No network, no external entity, no
recursion over the tree: a page may nest thousands of elements.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, cast

from rights_search.errors import ReadError
from rights_search.ingest.paragraphs import Blocks, is_telling_caption, tidy

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_DEPTH = 2048
"""libxml2's own bound on nesting, which it enforces by dropping what is deeper."""

_LINE_CAP = 65_535
"""libxml2 keeps an HTML element's line in 16 bits: from here on it is not known."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form header hgroup hr html legend li main menu nav ol p "
    "pre section summary table tbody tfoot thead tr ul"
)
_TEXTLESS_TAGS = (
    "applet audio button canvas datalist embed head iframe input map math meter noembed noframes "
    "noscript object optgroup option progress script select style svg template textarea video "
    "link meta title"
)
BLOCKS = HEADINGS | frozenset(_BLOCK_TAGS.split())
NO_TEXT = frozenset(_TEXTLESS_TAGS.split())
_CELLS = frozenset({"td", "th"})
_CAPTIONS = frozenset({"figcaption", "caption"})

# Two of these with only white space between part paragraphs, as old pages do.
_BREAK = "\x1e"
_BREAKS = re.compile(r"\x1e\s*\x1e[\s\x1e]*")
_CELL_MARK = " | "

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN_CLASSES = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"})
_OWN_ENTITIES = re.compile(r"<!DOCTYPE[^\[<>]{0,500}\[[^\]]{0,100000}\]\s{0,50}>", re.IGNORECASE)
_UNSETTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def parse(text: str, name: str) -> Element:
    """Return the root of the page ``text``, repaired as browsers do.

    Raises:
        ReadError: if it nests deeper than `MAX_DEPTH`, or holds no element.
    """
    from lxml import etree  # noqa: PLC0415

    # HTML has no entities of its own making; what parsers make of them is noise.
    text = _OWN_ENTITIES.sub(lambda found: "\n" * found[0].count("\n"), text, count=1)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    # As bytes, so that an XML declaration of another encoding is no contradiction.
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        reason = f"its tags nest deeper than {MAX_DEPTH}; mend the page, for the rest of it is lost"
        raise ReadError(name, reason, fatal=True)
    if root is None:
        raise ReadError(name, "holds no HTML element", fatal=True)
    return root


def fragment(markup: str) -> Blocks:
    """Return the text of a piece of HTML, such as a cell or a field may hold."""
    return blocks(parse(f"<div>{markup}</div>", "HTML"))


def blocks(root: Element, *, without: Collection[Element] = ()) -> Blocks:
    """Return the paragraphs and captions below ``root``, leaving out ``without``.

    Block elements part paragraphs; the cells of a table row stand in one,
    parted by ``|``; headings are paragraphs too.
    """
    from lxml import etree  # noqa: PLC0415

    gatherer = _Gatherer()
    skipped: Element | None = None
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start" and (element in without or is_unseen(element)):
            # A skipped element with children has no end event, one without has.
            walk.skip_subtree()
            skipped = element
            gatherer.tail(element, root)
        elif event == "start":
            gatherer.start(element)
        elif element is not skipped:
            if event == "end":
                gatherer.end(element)
            gatherer.tail(element, root)
    return gatherer.blocks()


def text_of(element: Element) -> str:
    """Return an element's visible text as one line."""
    found = blocks(element)
    return " ".join(found.paragraphs + (() if found.paragraphs else found.captions))


def quick_text(element: Element) -> str:
    """Return all text of a small element as one line, seen or not: faster than `text_of`."""
    # Named tags keep comments out.
    return tidy("".join(cast("Iterable[str]", element.itertext("*"))))


def own_text(element: Element) -> str:
    """Return the text that stands in an element itself, not in those inside of it."""
    return " ".join(filter(None, (element.text, *(child.tail for child in element))))


def is_unseen(element: Element) -> bool:
    """Say whether an element holds nothing that a reader would take for text."""
    if element.tag in NO_TEXT:
        return True
    if element.tag == "sup" and next(element.iter("a"), None) is not None:
        return True  # the mark of a note
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if _UNSEEN.search(element.get("style", "")):
        return True
    return not _UNSEEN_CLASSES.isdisjoint(element.get("class", "").split())


def remove(elements: Iterable[Element]) -> None:
    """Take elements out of their tree, leaving the text behind them in place."""
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue  # it went with another
        if element.tail:
            before = element.getprevious()
            if before is not None:
                before.tail = settable((before.tail or "") + element.tail)
            else:
                parent.text = settable((parent.text or "") + element.tail)
        parent.remove(element)


def settable(text: str) -> str:
    """Return ``text`` fit to be put into a tree, which takes no control characters.

    It gives them out, though: a page has them as such or as ``&#1;``.
    """
    return _UNSETTABLE.sub("", text)


def class_words(element: Element) -> frozenset[str]:
    """Return the words of an element's classes and id: ``card__topTitle`` has three."""
    label = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
    return frozenset(word.lower() for word in _WORDS.findall(label))


def first_line(element: Element) -> int | None:
    """Return the line of an element's start tag, 1-based, or None where it is not known."""
    line = cast("int | None", element.sourceline)
    return line if line is not None and line < _LINE_CAP else None


def last_line(element: Element) -> int | None:
    """Return the line of an element's end tag, or None where it is not known.

    Behind the last start tag inside stands only text, whose line ends count.
    """
    inner = [node for node in element.iter() if node.sourceline is not None]
    line = first_line(inner[-1]) if inner else None
    if line is None:
        return None
    node = inner[-1]
    line += (node.text or "").count("\n")
    while node is not element:
        line += (node.tail or "").count("\n")
        parent = node.getparent()
        if parent is None:
            break
        node = parent
    return line


class _Gatherer:
    """Collects running text and parts it into paragraphs."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._paragraphs: list[str] = []
        self._captions: list[str] = []

    def start(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._flush(self._paragraphs)
        elif tag in _CELLS:
            self._parts.append(_CELL_MARK)
        elif tag == "br":
            self._parts.append(_BREAK)
        elif tag == "img":
            self._picture(tidy(element.get("alt", "")))
        if element.text:
            self._parts.append(element.text)

    def end(self, element: Element) -> None:
        if element.tag in _CAPTIONS:
            self._flush(self._captions)
        elif element.tag in BLOCKS:
            self._flush(self._paragraphs)

    def tail(self, element: Element, root: Element) -> None:
        if element.tail and element is not root:
            self._parts.append(element.tail)

    def blocks(self) -> Blocks:
        self._flush(self._paragraphs)
        return Blocks(tuple(self._paragraphs), tuple(dict.fromkeys(self._captions)))

    def _flush(self, target: list[str]) -> None:
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts.clear()
        for piece in _BREAKS.split(text) if _BREAK in text else (text,):
            line = tidy(piece.replace(_BREAK, " ")).strip("| ")
            if line:
                target.append(line)

    def _picture(self, alt: str) -> None:
        if is_telling_caption(alt):
            self._captions.append(alt)
