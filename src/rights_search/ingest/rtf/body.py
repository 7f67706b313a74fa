"""The text of an RTF document: groups, control words and bytes → paragraphs.

One pass, without a tree. What the reader of the document does not see is left out, as in DOCX:
hidden and deleted text, field codes, headers and footers, comments, the marks of lists. What is
no text is passed over without being decoded, pictures above all, to the end of their group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from rights_search.errors import ReadError
from rights_search.ingest.office.document import Paragraph
from rights_search.ingest.rtf.fonts import ANSI, Fonts, Info, Styles, code_page
from rights_search.ingest.rtf.group import PROPERTIES, Group
from rights_search.ingest.rtf.story import Story
from rights_search.ingest.rtf.words import (
    ESCAPED,
    HEADERS,
    MORE,
    NO_TEXT,
    NUMBER,
    PADDING,
    RUN,
    SIGNS,
    SKIPPED,
    SKIPPED_WORDS,
    STARRED,
    START,
    TOKEN,
)

MAX_DEPTH = 2_048
"""The most groups in one another that are read."""

_SAMPLE_BYTES = 64 * 2**10


class RtfBody:
    """Reads a document, once.

    Args:
        data: the whole document.
        name: the document, for errors.
        told: the codec of text in fonts that name none, by somebody's word; it goes before
            that of the document.
        ansi: the codec of text in fonts of Western Europe.

    What is found: ``paragraphs``, ``notes``, ``header`` and ``info``; ``codec``, that of the
    document, and whether it ``is_declared``; ``ansi_sample``, a part of the text in fonts of
    Western Europe; and the damage: ``lost``, codec → bytes that it does not have,
    ``unread`` bytes behind the end, and ``open_groups``, those that do not end.
    """

    def __init__(self, data: bytes, name: str, told: str | None, ansi: str = ANSI) -> None:
        self.paragraphs: list[Paragraph] = []
        self.notes: list[Paragraph] = []
        self.info = Info()
        self._headers: dict[bytes, list[Paragraph]] = {}
        self._has_first = False
        self.codec = told or ANSI
        self.ansi_sample = bytearray()
        self.lost: dict[str, int] = {}
        self.unread = 0
        self.open_groups = 0
        self._data = data
        self._name = name
        self.is_declared = self._is_told = told is not None
        self._ansi = ansi
        self._is_utf8 = _is_utf8(data)
        self._fonts = Fonts()
        self._styles = Styles()
        self._default_font: int | None = None
        self._place = 0
        self._opened = 0
        self._pending = bytearray()
        self._left_over = 0
        self._is_starred = False
        self._is_next_skipped = False
        self._above: list[Group] = []
        self._group = Group(Story(self.paragraphs))

    def read(self) -> None:
        """Read all of it.

        Raises:
            ReadError: if it is no RTF document, or nests too deeply.
        """
        self._place = self._data.find(START)
        if self._place < 0:
            reason = "is no RTF document: it does not open as one"
            raise ReadError(self._name, reason, fatal=True)
        while (found := TOKEN.match(self._data, self._place)) is not None:
            self._place = found.end()
            match found.lastgroup:
                case "text":
                    self._take_text(found["text"].translate(None, NO_TEXT))
                case "hex":
                    self._take_bytes(bytes.fromhex(found["hex"].replace(b"\\'", b"").decode()))
                case "sign":
                    self._sign(found["sign"])
                case "brace" if found["brace"] == b"{":
                    self._open()
                case "brace":
                    if self._close():
                        break
                case "word" | "number":
                    self._word(found)
        self._finish()

    def _finish(self) -> None:
        self._flush()
        self.open_groups += len(self._above)
        while self._above:
            self._leave()
        self._group.story.end()
        self.unread = len(self._data[self._place :].strip(PADDING))

    @property
    def header(self) -> list[str]:
        """The lines that stand above the first page."""
        kinds = HEADERS if self._has_first else HEADERS[1:]
        found = next((self._headers[kind] for kind in kinds if kind in self._headers), [])
        return [paragraph.text for paragraph in found]

    # --- Groups --------------------------------------------------------------

    def _open(self) -> None:
        self._flush()
        self._left_over, self._is_starred, self._opened = 0, False, self._place
        if len(self._above) == MAX_DEPTH:
            raise ReadError(self._name, "nests too deeply to be read", fatal=True)
        self._above.append(self._group)
        self._group = self._group.inner()
        if self._is_next_skipped:
            self._is_next_skipped = False
            self._skip()

    def _close(self) -> bool:
        """End a group; tell whether it was the document."""
        self._flush()
        self._left_over, self._is_starred, self._is_next_skipped = 0, False, False
        if self._above:
            self._leave()
        if self._above:
            return False
        self._group.story.end()
        return MORE.match(self._data, self._place) is None

    def _leave(self) -> None:
        story, self._group = self._group.story, self._above.pop()
        above = self._group.story
        if story is above:
            return
        story.end()
        if story.header:
            # That of the first section is the first.
            self._headers.setdefault(story.header, story.paragraphs)
        elif story.is_note:
            self.notes += story.paragraphs
        else:
            above.add_all(story.paragraphs, self._group.level)

    def _skip(self) -> None:
        """Go on at the end of the group, unread."""
        inside = 0
        while (found := SKIPPED.match(self._data, self._place)) is not None:
            if found[0] == b"}":
                if not inside:
                    return
                inside -= 1
            elif found[0] == b"{":
                inside += 1
            self._place = found.end()
            if found["size"] is not None:
                self._place += int(found["size"])
        self.open_groups += inside

    # --- Text ----------------------------------------------------------------

    def _take_text(self, data: bytes) -> None:
        if not self._is_utf8 or data.isascii():
            self._take_bytes(data)
            return
        self._flush()
        self._add(data[self._left_over :].decode("utf-8", "replace"))
        self._left_over = 0

    def _take_run(self, place: int) -> bool:
        """Take letters in Unicode together, where one sign stands behind each; tell if they do."""
        found = RUN.match(self._data, place) if self._group.fallback == 1 else None
        if found is None or self._is_starred:
            return False
        self._flush()
        self._left_over = 0
        self._add("".join(_letter(int(number)) for number in NUMBER.findall(found[0])))
        self._place = found.end()
        return True

    def _take_bytes(self, data: bytes) -> None:
        """Take bytes of text, but for those that say again what was said in Unicode."""
        if self._left_over:
            kept = data[self._left_over :]
            self._left_over -= len(data) - len(kept)
            data = kept
        self._pending += data

    def _flush(self) -> None:
        """Decode the bytes that were read, in the encoding of their font."""
        if not self._pending:
            return
        data = bytes(self._pending)
        self._pending.clear()
        if data.isascii():
            self._add(data.decode("ascii"))
            return
        codec = self._codec()
        if codec == ANSI and len(self.ansi_sample) < _SAMPLE_BYTES:
            self.ansi_sample += data + b" "
        codec = self._ansi if codec == ANSI else codec
        text = data.decode(codec, "replace")
        lost = text.count("\ufffd")
        if lost:
            self.lost[codec] = self.lost.get(codec, 0) + lost
        self._add(text)

    def _codec(self) -> str:
        group = self._group
        if group.table is not None:
            return self.codec
        font = self._default_font if group.active_font is None else group.active_font
        return (self._fonts.codecs.get(font) if font is not None else None) or self.codec

    def _add(self, text: str) -> None:
        group = self._group
        if group.table is not None:
            group.table.text(text)
        elif not group.is_hidden:
            group.story.add(text, group.style_name(self._styles.names))

    # --- Control words and signs ---------------------------------------------

    def _sign(self, sign: bytes) -> None:
        if sign in ESCAPED:
            self._take_bytes(sign)
            return
        self._flush()
        if sign == b"*":
            # Elsewhere than at the start of a group it says nothing.
            self._is_starred = self._place - self._opened < _MAX_GAP
        elif sign in b"\r\n":
            self._par(None)
        elif self._left_over:
            self._left_over -= 1
        else:
            self._add(SIGNS.get(sign, ""))

    def _word(self, found: re.Match[bytes]) -> None:
        word, digits = found["word"], found["number"]
        if word == b"u" and self._take_run(found.start()):
            return
        number = None if digits is None else int(digits)
        self._flush()
        if word == b"bin":
            self._place += max(0, number or 0)
        elif word in HEADERS:
            self._group.story, self._group.level = Story(header=word), 0
        elif word in SKIPPED_WORDS or (self._is_starred and word not in STARRED):
            self._skip()
        elif word in SIGNS:
            if self._left_over:
                self._left_over -= 1
            else:
                self._add(SIGNS[word])
        else:
            action, change = self._ACTIONS.get(word), PROPERTIES.get(word)
            if action is not None:
                action(self, number)
            elif change is not None:
                change(self._group, number)
            if self._group.table is not None:
                self._group.table.word(word, number)
        self._is_starred = False

    def _unicode(self, number: int | None) -> None:
        self._add(_letter(number or 0))
        self._left_over = self._group.fallback

    def _par(self, _: int | None) -> None:
        self._left_over = 0
        self._group.story.end_paragraph(self._group.level)

    def _cell(self, _: int | None) -> None:
        self._group.story.end_cell(1)

    def _row(self, _: int | None) -> None:
        self._group.story.end_row(1)
        self._group.level = 0

    def _nested_cell(self, _: int | None) -> None:
        self._group.story.end_cell(max(2, self._group.level))

    def _nested_row(self, _: int | None) -> None:
        self._group.story.end_row(max(2, self._group.level))

    def _first_font(self, number: int | None) -> None:
        self._default_font = number

    def _alternatives(self, _: int | None) -> None:
        # The first says it in the code page, the second, which is starred, in Unicode.
        self._is_next_skipped = True

    def _note(self, _: int | None) -> None:
        self._group.story = Story(is_note=True)
        self._group.level = 0

    def _title_page(self, _: int | None) -> None:
        self._has_first = True

    def _box(self, _: int | None) -> None:
        self._group.story = Story()
        self._group.level = 0

    def _font_table(self, _: int | None) -> None:
        self._group.table = self._fonts

    def _style_sheet(self, _: int | None) -> None:
        self._group.table = self._styles

    def _properties(self, _: int | None) -> None:
        self._group.table = self.info

    def _set_codec(self, codec: str) -> None:
        self.is_declared = True
        if not self._is_told:
            self.codec = codec

    def _code_page(self, number: int | None) -> None:
        self._set_codec(code_page(number or 0))

    def _macintosh(self, _: int | None) -> None:
        self._set_codec("mac-roman")

    def _dos(self, _: int | None) -> None:
        self._set_codec("cp437")

    def _dos_of_many(self, _: int | None) -> None:
        self._set_codec("cp850")

    _ACTIONS: ClassVar[Mapping[bytes, Callable[[RtfBody, int | None], None]]] = {
        b"u": _unicode,
        b"par": _par,
        b"sect": _par,
        b"page": _par,
        b"column": _par,
        b"cell": _cell,
        b"row": _row,
        b"nestcell": _nested_cell,
        b"nestrow": _nested_row,
        b"deff": _first_font,
        b"upr": _alternatives,
        b"titlepg": _title_page,
        b"footnote": _note,
        b"shptxt": _box,
        b"dptxbxtext": _box,
        b"fonttbl": _font_table,
        b"stylesheet": _style_sheet,
        b"info": _properties,
        b"ansicpg": _code_page,
        b"mac": _macintosh,
        b"pc": _dos,
        b"pca": _dos_of_many,
    }


_MAX_GAP = 5  # the sign itself, and a line end
_MAX_CODE = 0x10FFFF


def _letter(number: int) -> str:
    """Return the sign of a number, which is below zero for the upper half of 16 bits."""
    code = number + 0x10000 if number < 0 else number
    return chr(code) if 0 < code <= _MAX_CODE else "\ufffd"


def _is_utf8(data: bytes) -> bool:
    """Say whether bytes beyond ASCII that stand there as they are can only be UTF-8."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
