"""Markdown inside of a paragraph → plain text, in one pass over its signs.

Not a renderer: what a reader of the page would see as text stays, the signs
around it go. Everything is linear in the length of the text, for a stack takes
the place of patterns that look ahead.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass

from rights_search.ingest.html.dom import BLOCKS
from rights_search.ingest.paragraphs import Blocks, is_telling_caption, tidy


def inline(text: str, references: Collection[str] = ()) -> Blocks:
    """Return the plain text of one block, and the captions of its pictures.

    Several paragraphs come back where HTML tags part them.

    Args:
        text: the block's lines, without the signs at their start.
        references: the labels of the document's link definitions, lower case.
    """
    return _Inline(text, references).blocks()


@dataclass(slots=True)
class _Run:
    """A run of ``*``, ``_`` or ``~`` that may open or close an emphasis."""

    sign: str
    left: int
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An opened ``[`` or ``![`` whose end has not come yet."""

    is_image: bool


_Piece = str | _Run | _Bracket

_PARAGRAPH = "\x1e"
_CAPTION_START, _CAPTION_END = "\x1c", "\x1d"
_CELL = " | "

_SIGNS = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~\n])"
    r"|(?P<ticks>`+)"
    r"|<(?P<auto>(?:https?|ftp)://[^\s<>]*|(?:mailto:)?[\w.+-]{1,64}@[\w.-]{1,255})>"
    r"|</?(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?P<attributes>\s[^<>]*)?/?>"
    r"|(?P<footnote>\[\^[^\s\[\]]{1,40}\])"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
    r"|(?P<run>\*+|_+|~~+)"
    r"|(?P<reference>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
)
_DESTINATION = re.compile(
    r"\(\s{0,9}(?:<[^<>\n]{0,2000}>|[^\s()]{0,4000}(?:\([^\s()]{0,2000}\)[^\s()]{0,2000}){0,9})"
    r"(?:\s{1,9}(?:\"(?P<title>[^\"]{0,1000})\"|'(?P<quoted>[^']{0,1000})'|\([^()]{0,1000}\)))?\s{0,9}\)"
    r"|\((?:https?:|/|#)[^()\n]{0,2000}\)"
)
_LABEL = re.compile(r"\s?\[(?P<label>[^\[\]]{0,300})\]")
_ATTRIBUTE = re.compile(r"\b(alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)

# A label that is longer than this is none: nested brackets stay cheap.
_LABEL_PIECES = 200


class _Inline:
    """The state of one pass: the pieces so far, and the brackets that are open."""

    def __init__(self, text: str, references: Collection[str]) -> None:
        self._text = text
        self._references = references
        self._pieces: list[_Piece] = []
        self._open: list[int] = []
        self._captions: list[str] = []
        self._ticks: dict[int, list[int]] | None = None

    def blocks(self) -> Blocks:
        position = 0
        while found := _SIGNS.search(self._text, position):
            self._pieces.append(self._text[position : found.start()])
            position = self._sign(found)
        self._pieces.append(self._text[position:])
        plain, captions = _cut_captions(_joined(self._pieces))
        lines = (tidy(piece).strip("| ") for piece in plain.split(_PARAGRAPH))
        told = (*self._captions, *captions)
        return Blocks(tuple(filter(None, lines)), tuple(filter(None, map(tidy, told))))

    def _sign(self, found: re.Match[str]) -> int:
        """Deal with one sign; return where to go on."""
        kind = found.lastgroup if found["tag"] is None else "tag"
        match kind:
            case "escaped":
                self._pieces.append(found["escaped"])
            case "ticks":
                return self._code(found)
            case "auto":
                self._pieces.append(found["auto"].removeprefix("mailto:"))
            case "tag":
                self._tag(found)
            case "open":
                self._open.append(len(self._pieces))
                self._pieces.append(_Bracket(found["open"] == "!["))
            case "close":
                return self._close(found.end())
            case "run":
                self._pieces.append(_run(self._text, found))
            case "reference":
                self._pieces.append(html.unescape(found["reference"]))
            case _:
                pass  # a footnote's mark is no text
        return found.end()

    def _code(self, found: re.Match[str]) -> int:
        """Copy a code span as it is: its end is a run of as many ticks."""
        size = len(found["ticks"])
        end = self._next_ticks(size, found.end())
        if end is None:
            self._pieces.append(found["ticks"])
            return found.end()
        self._pieces.append(self._text[found.end() : end])
        return end + size

    def _next_ticks(self, size: int, position: int) -> int | None:
        if self._ticks is None:
            self._ticks = {}
            for run in re.finditer("`+", self._text):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
            for starts in self._ticks.values():
                starts.reverse()
        starts = self._ticks.get(size, [])
        while starts and starts[-1] < position:
            starts.pop()
        return starts[-1] if starts else None

    def _tag(self, found: re.Match[str]) -> None:
        name = found["tag"].lower()
        is_end = found[0].startswith("</")
        if name == "figcaption":
            self._pieces.append(_CAPTION_END if is_end else _CAPTION_START)
        elif name in ("td", "th"):
            self._pieces.append(_CELL if not is_end else " ")
        elif name in BLOCKS:
            self._pieces.append(_PARAGRAPH)
        elif name == "br":
            self._pieces.append(" ")
        elif name == "img":
            alt = _ATTRIBUTE.search(found["attributes"] or "")
            self._picture(html.unescape(alt[2] or alt[3] or "") if alt is not None else "")

    def _close(self, end: int) -> int:
        """Deal with ``]``: the end of a link, of a picture, or just a bracket."""
        if not self._open:
            self._pieces.append("]")
            return end
        start = self._open.pop()
        bracket = self._pieces[start]
        is_image = isinstance(bracket, _Bracket) and bracket.is_image
        target = _DESTINATION.match(self._text, end) or _LABEL.match(self._text, end)
        label = ""
        if is_image or (target is None and self._references):
            label = _joined(self._pieces[start + 1 : start + 1 + _LABEL_PIECES])
        if target is None and tidy(label).lower() not in self._references:
            self._pieces[start] = "![" if is_image else "["
            self._pieces.append("]")
            return end
        if is_image:
            del self._pieces[start:]
            named = target.groupdict() if target is not None else {}
            title = named.get("title") or named.get("quoted") or ""
            self._picture(label if is_telling_caption(label) else title)
        else:
            self._pieces[start] = ""
        return end if target is None else target.end()

    def _picture(self, alt: str) -> None:
        alt = tidy(alt)
        if is_telling_caption(alt):
            self._captions.append(alt)


def _run(text: str, found: re.Match[str]) -> _Run:
    """Judge a run by what stands around it (CommonMark 0.31.2, section 6.2)."""
    before = text[found.start() - 1] if found.start() else " "
    after = text[found.end()] if found.end() < len(text) else " "
    tight_after, tight_before = not after.isspace(), not before.isspace()
    opens = tight_after and (after.isalnum() or not before.isalnum())
    closes = tight_before and (before.isalnum() or not after.isalnum())
    if before.isdigit() and after.isdigit():
        opens = closes = False  # 2*3*4
    elif found[0].startswith("**"):
        # Laxer than the standard: writers set "**Note:**text", and mean it.
        opens, closes = tight_after, tight_before
    elif found[0][0] == "_":
        # Inside of a word an underscore is a letter: snake_case_names.
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    return _Run(found[0][0], len(found[0]), opens, closes)


def _joined(pieces: list[_Piece]) -> str:
    """Return the pieces as text, runs that pair off left out."""
    waiting: dict[str, list[_Run]] = {"*": [], "_": [], "~": []}
    # Copies: a label is joined once for itself and once more with the whole.
    copies = [
        _Run(piece.sign, piece.left, piece.opens, piece.closes)
        if isinstance(piece, _Run)
        else piece
        for piece in pieces
    ]
    for piece in copies:
        if not isinstance(piece, _Run):
            continue
        openers = waiting[piece.sign]
        while piece.closes and piece.left and openers:
            paired = min(piece.left, openers[-1].left)
            piece.left -= paired
            openers[-1].left -= paired
            if not openers[-1].left:
                openers.pop()
        if piece.opens and piece.left:
            openers.append(piece)
    return "".join(map(_as_text, copies))


def _as_text(piece: _Piece) -> str:
    if isinstance(piece, _Run):
        return piece.sign * piece.left
    if isinstance(piece, _Bracket):
        return "![" if piece.is_image else "["
    return piece


def _cut_captions(text: str) -> tuple[str, list[str]]:
    """Part the text between caption tags from the rest."""
    if _CAPTION_START not in text:
        return text.replace(_CAPTION_END, _PARAGRAPH), []
    rest, captions = [], []
    for number, piece in enumerate(text.split(_CAPTION_START)):
        caption, end, after = piece.partition(_CAPTION_END)
        if number and end:
            captions.append(caption)
            rest.append(after)
        else:
            rest.append(piece.replace(_CAPTION_END, _PARAGRAPH))
    return _PARAGRAPH.join(rest), captions
