"""An HTML tree: parsing it within bounds, clearing it, and taking its text.

The only module that knows how lxml behaves. No network, no external entity, no
recursion over the tree: a page may nest thousands of elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from rights_search.errors import ReadError
from rights_search.ingest.dates.shapes import YEAR_DIGITS
from rights_search.ingest.html.bounds import check_bounds
from rights_search.ingest.paragraphs import Blocks, is_telling_caption, tidy

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import _Element as Element

MAX_DEPTH = 2048
"""libxml2's own bound on nesting, which it enforces by dropping what is deeper."""

_LINE_CAP = 65_535
"""libxml2 keeps an HTML element's line in 16 bits: from here on it is not known."""

SMALL_CHARS = 120
SMALL_ELEMENTS = 60
"""What a line of a page holds at most."""

_MAX_RAW_CHARS = 100 * SMALL_CHARS
"""What it holds with the white space in it."""

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
_PARTING = BLOCKS | _CELLS | {"br", "a", "img"}
HIDING = frozenset({"hidden", "aria-hidden", "style"})
"""The attributes that may hide an element, classes aside."""
CAPTIONS = frozenset({"figcaption", "caption", "img"})
"""The elements whose text describes a picture or a table."""


# Two of these with only white space between part paragraphs, as old pages do.
_BREAK = "\x1e"
_BREAKS = re.compile(r"\x1e\s*\x1e[\s\x1e]*")
_CELL_MARK = " | "

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN_CLASSES = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text"})
MAX_CLASS_CHARS = 1000
"""How much is read of an element's classes."""

_OWN_ENTITIES = re.compile(r"<!DOCTYPE[^\[<>]{0,500}\[[^\]]{0,100000}\]\s{0,50}>", re.IGNORECASE)
_UNSETTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(text: str, name: str, encoded: bytes | None = None) -> Element:
    """Return the root of the page ``text``, repaired as browsers do.

    Args:
        text: the page.
        name: what people see of the file.
        encoded: the same in UTF-8, where that is at hand.

    Raises:
        ReadError: if it nests deeper than `MAX_DEPTH`, holds no element, or more than
            `rights_search.ingest.html.bounds` allows.
    """
    from lxml import etree  # noqa: PLC0415

    check_bounds(text, name)

    # HTML has no entities of its own making; what parsers make of them is noise.
    if "<!ENTITY" in text:
        text = _OWN_ENTITIES.sub(lambda found: "\n" * found[0].count("\n"), text, count=1)
        encoded = None
    parser = etree.HTMLParser(
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,  # a dictionary of all ids takes a fifth of the time, and is not used
    )
    # As bytes, so that an XML declaration of another encoding is no contradiction.
    root = etree.fromstring(encoded or text.encode("utf-8", "replace"), parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        reason = f"its tags nest deeper than {MAX_DEPTH}; mend the page, for the rest of it is lost"
        raise ReadError(name, reason, fatal=True)
    if root is None:
        raise ReadError(name, "holds no HTML element", fatal=True)
    return root


def drop_scripts(root: Element) -> None:
    """Take out of a page what is neither text nor says anything of it."""
    from lxml import etree  # noqa: PLC0415

    etree.strip_elements(root, "script", "style", "template", "svg", "iframe", with_tail=False)


def fragment(markup: str) -> Blocks:
    """Return the text of a piece of HTML, such as a cell or a field may hold."""
    return blocks(parse(f"<div>{markup}</div>", "HTML"))


class Piece(NamedTuple):
    """A paragraph as its page shows it; a tuple, since a page has hundreds.

    Args:
        text: on one line.
        tag: the block element that it stands in; ``img`` for a picture's description.
        link_chars: how many of its characters are links.
        is_core: whether it stands in the element that `pieces` was told to mark.
    """

    text: str
    tag: str
    link_chars: int = 0
    is_core: bool = False


def pieces(
    root: Element,
    *,
    is_passed_over: Callable[[Element, Sequence[Piece]], bool] | None = None,
    core: Element | None = None,
) -> list[Piece]:
    """Return the text below ``root`` in the order of the page, parted by its block elements.

    The cells of a table row stand in one piece, parted by ``|``; two line breaks
    part pieces too, as old pages use them.

    Args:
        root: where to start.
        is_passed_over: tells, of an element and the pieces before it, whether to leave
            it out with all that it holds; by default what `is_unseen` says.
        core: an element below ``root`` whose pieces are marked as such.
    """
    from lxml import etree  # noqa: PLC0415

    gatherer = _Gatherer()
    found, add = gatherer.pieces, gatherer.add
    passes_over = is_passed_over or _hides
    skipped: Element | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element is core:
                gatherer.enter_core()
            elif element is not root and passes_over(element, found):
                # A skipped element with children has no end event, one without has.
                walk.skip_subtree()
                skipped = element
                add(element.tail)
                continue
            if (tag := element.tag) in _PARTING:
                gatherer.start(element, tag)
            text = element.text
        elif element is skipped:
            continue
        else:
            if (tag := element.tag) in _PARTING:
                gatherer.end(tag)
            if element is core:
                gatherer.leave_core()
            text = None if element is root else element.tail
        if text:
            add(text)
    gatherer.flush()
    return found


def _hides(element: Element, _: Sequence[Piece]) -> bool:
    return is_unseen(element)


def blocks(root: Element) -> Blocks:
    """Return the paragraphs and captions below ``root``; headings are paragraphs too."""
    found = pieces(root)
    captions = dict.fromkeys(piece.text for piece in found if piece.tag in CAPTIONS)
    return Blocks(
        tuple(piece.text for piece in found if piece.tag not in CAPTIONS), tuple(captions)
    )


def language_of(node: Element) -> str | None:
    """Return the language that an element says it is in, as written: of HTML, or else of XML."""
    # The parser of HTML keeps the prefix as it is written.
    return node.get("lang") or node.get(_XML_LANG) or node.get("xml:lang")


_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def text_of(element: Element) -> str:
    """Return an element's visible text as one line."""
    found = blocks(element)
    return " ".join(found.paragraphs + (() if found.paragraphs else found.captions))


def all_text(element: Element) -> str:
    """Return all text of an element as it stands in the page, seen or not."""
    if not len(element):
        return element.text or ""
    # lxml's `itertext` takes five times as long.
    return _serialiser()(element, method="text", encoding="unicode", with_tail=False)


@cache
def _serialiser() -> Callable[..., str]:
    # An import in a function is looked up each time, which takes half as long as the rest of it.
    from lxml.etree import tostring  # noqa: PLC0415

    return tostring


def quick_text(element: Element) -> str:
    """Return all text of a small element as one line, seen or not: faster than `text_of`."""
    return tidy(all_text(element))


def small_text(element: Element) -> str | None:
    """Return the text of an element that is a line at most, or None; the time is bounded."""
    if len(element) and next(islice(element.iter(), SMALL_ELEMENTS, None), None) is not None:
        return None
    text = all_text(element)
    if len(text) > _MAX_RAW_CHARS:
        return None
    line = tidy(text)
    return line if len(line) <= SMALL_CHARS else None


def with_attribute(root: Element, name: str) -> list[Element]:
    """Return the elements below ``root`` that have an attribute, in the page's order."""
    return cast("list[Element]", _having(name)(root))


@cache
def _having(name: str) -> XPath:
    from lxml import etree  # noqa: PLC0415

    # To ask each element from here takes twice as long, and a predicate half as long again.
    return etree.XPath(f"descendant-or-self::*/@{name}/..")


def texts_with_year(root: Element) -> Iterator[tuple[Element, str, bool]]:
    """Yield the texts below ``root`` in which a year may stand.

    With each the element that it stands in, and whether it stands behind another there.
    """
    for node in root.iter():
        # Most texts are white space, which is told faster than that it has no year.
        if (text := node.text) and not text.isspace() and YEAR_DIGITS.search(text):
            yield node, text, False
        if (tail := node.tail) and not tail.isspace() and YEAR_DIGITS.search(tail):
            parent = None if node is root else node.getparent()
            if parent is not None:
                yield parent, tail, True


def own_text(element: Element) -> str:
    """Return the text that stands in an element itself, not in those inside of it."""
    return " ".join(filter(None, (element.text, *(child.tail for child in element))))


def is_unseen(element: Element) -> bool:
    """Say whether an element holds nothing that a reader would take for text."""
    if element.tag in NO_TEXT:
        return True
    if element.tag == "sup" and next(element.iter("a"), None) is not None:
        return True  # the mark of a note
    names = element.keys()
    return bool(names) and is_hidden(element, names)


def is_hidden(element: Element, names: Collection[str | bytes]) -> bool:
    """Say whether an element is not shown by what its attributes say; these are their names."""
    if "class" in names and is_unseen_class(element.get("class", "")[:MAX_CLASS_CHARS]):
        return True
    if HIDING.isdisjoint(names):
        return False
    if "hidden" in names or ("aria-hidden" in names and element.get("aria-hidden") == "true"):
        return True
    return "style" in names and _UNSEEN.search(element.get("style", "")) is not None


@lru_cache(maxsize=4096)
def is_unseen_class(classes: str) -> bool:
    """Say whether classes, cut to `MAX_CLASS_CHARS`, say that an element is not shown."""
    return not _UNSEEN_CLASSES.isdisjoint(classes.split())


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


def first_line(element: Element) -> int | None:
    """Return the line of an element's start tag, 1-based, or None where it is not known."""
    line = cast("int | None", element.sourceline)
    return line if line is not None and line < _LINE_CAP else None


def last_line(element: Element) -> int | None:
    """Return the line of an element's end tag, or None where it is not known.

    Behind the last start tag inside stands only text, whose line ends count.
    """
    node = element
    while len(node):
        node = node[-1]
    line = first_line(node)
    if line is None:
        return None
    line += (node.text or "").count("\n")
    while node is not element:
        line += (node.tail or "").count("\n")
        parent = node.getparent()
        if parent is None:
            break
        node = parent
    return line


class _Gatherer:
    """Collects running text and parts it into pieces."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._parts: list[str] = []
        self._tags = ["div"]
        self._link_from: int | None = None
        self._link_chars = 0
        self._is_core = False

    def add(self, text: str | None) -> None:
        """Add some text; white space is none where nothing stands before it, as mostly."""
        if text and (self._parts or self._link_from is not None or not text.isspace()):
            self._parts.append(text)

    def start(self, element: Element, tag: str) -> None:
        """Take note of one of the `_PARTING` elements; others only have text."""
        if tag in BLOCKS:
            if self._parts:
                self.flush()
            self._tags.append(tag)
        elif tag == "a":
            self._link_from = len(self._parts)
        elif tag == "br":
            self._parts.append(_BREAK)
        elif tag in _CELLS:
            self._cell(element)
        elif tag == "img":
            alt = tidy(element.get("alt", ""))
            if is_telling_caption(alt):
                self.pieces.append(Piece(alt, tag, 0, self._is_core))

    def end(self, tag: str) -> None:
        if tag in BLOCKS:
            if self._parts:
                self.flush()
            # What was wrongly nested was mended by the parser: tags are balanced.
            self._tags.pop()
        elif tag == "a":
            self._count_link()
            self._link_from = None

    def _cell(self, element: Element) -> None:
        """Part the cells of a table by a sign, but those of a page's frame by their blocks."""
        if len(element) and any(child.tag in BLOCKS for child in element):
            self.flush()
        else:
            self._parts.append(_CELL_MARK)

    def enter_core(self) -> None:
        self.flush()
        self._is_core = True

    def leave_core(self) -> None:
        self.flush()
        self._is_core = False

    def flush(self) -> None:
        parts = self._parts
        if not parts:
            return
        if self._link_from is not None:
            self._count_link()
        text = parts[0] if len(parts) == 1 else "".join(parts)
        parts.clear()
        links, self._link_chars = self._link_chars, 0
        for piece in _BREAKS.split(text) if _BREAK in text else (text,):
            line = tidy(piece.replace(_BREAK, " ")).strip("| ")
            if line:
                self.pieces.append(Piece(line, self._tags[-1], links, self._is_core))

    def _count_link(self) -> None:
        """Count what an open link holds so far; a link may go around several blocks."""
        if self._link_from is not None:
            self._link_chars += sum(map(len, self._parts[self._link_from :]))
            self._link_from = 0
