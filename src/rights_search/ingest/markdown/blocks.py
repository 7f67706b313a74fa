"""Markdown → paragraphs and captions: the block structure, line by line.

Reads the common ground of CommonMark, GitHub, Hugo, Jekyll and kramdown, as far
as it bears on the text: headings, lists, quotations, code, tables, definitions,
notes, raw HTML, and the short codes of static-site generators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rights_search.ingest.markdown.inline import inline
from rights_search.ingest.paragraphs import Blocks, is_telling_caption, tidy


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown body, taken apart.

    Args:
        blocks: its paragraphs, headings among them, and captions.
        title: the heading that it opens with, of any level, or None; this is
            not among the paragraphs.
    """

    blocks: Blocks
    title: str | None = None


def markdown_blocks(text: str) -> Blocks:
    """Return the paragraphs and captions of Markdown ``text``, its first heading included."""
    document = read_document(text)
    title = () if document.title is None else (document.title,)
    return Blocks((*title, *document.blocks.paragraphs), document.blocks.captions)


def read_document(text: str) -> Document:
    """Return the paragraphs, captions and title of Markdown ``text``."""
    text, captions = _without_short_codes(text.replace("\r\n", "\n").replace("\r", "\n"))
    parser = _Parser()
    for line in _without_hidden(text).split("\n"):
        parser.line(line)
    parser.flush()
    paragraphs: list[str] = []
    title = None
    for number, block in enumerate(parser.blocks):
        found = Blocks((tidy(block.text),)) if block.is_code else inline(block.text, parser.labels)
        captions += found.captions
        if number == 0 and block.level and found.paragraphs:
            title = " ".join(found.paragraphs)
        else:
            paragraphs += filter(None, found.paragraphs)
    return Document(Blocks(tuple(paragraphs), tuple(dict.fromkeys(captions))), title)


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    level: int = 0
    is_code: bool = False


_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)\Z")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?\Z")
_HEADING_MARKS = re.compile(r"\{[#.:][^{}]{0,200}\}\s*\Z")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*\Z")
_RULE = re.compile(
    r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\Z"
    r"|\s*\+?(?:---|===)[-=+ \t]*\Z"  # the rules of pandoc's tables
)
_QUOTE = re.compile(r"(?: {0,3}>)+ ?")
_BULLET = re.compile(r"\s*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
# A year at the start of a sentence is no number of a list.
_NUMBER = re.compile(r"\s*(\d{1,3})[.)][ \t]+(?=\S)")
_DEFINITION = re.compile(r" {0,3}:[ \t]+(?=\S)")
_REFERENCE = re.compile(r" {0,3}\[([^\[\]^][^\[\]]{0,300})\]:\s*(\S+)(?:\s+[\"'(].*[\"')])?\s*\Z")
_NOTE = re.compile(r" {0,3}\[\^[^\s\[\]]{1,40}\]:\s*")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{1,200}:?\s*(?:\|\s*:?-{1,200}:?\s*){0,200}\|?\s*\Z")
_CELL_END = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"(?: {4}| {0,3}\t)(?=\s*[^\s<])")
_IGNORED = re.compile(r"\s*(?:\[toc\]|\[\[_TOC_\]\]|\{:[^{}]{0,200}\})\s*\Z", re.IGNORECASE)


@dataclass(slots=True)
class _Parser:
    """Takes lines and parts them into blocks."""

    blocks: list[_Block] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    _lines: list[str] = field(default_factory=list)
    _fence: str | None = None
    _is_code: bool = False
    _in_list: bool = False
    _in_table: bool = False

    def line(self, line: str) -> None:
        if self._fence is not None:
            self._fenced(line)
        elif not line.strip():
            self.flush()
            self._in_table = False
        elif fence := _FENCE.match(line):
            self.flush()
            self._fence = fence[1]
        elif self._is_indented_code(line):
            self._is_code = True
            self._lines.append(line)
        else:
            if self._is_code:
                self.flush()
            self._text_line(line)

    def flush(self, level: int = 0) -> None:
        """End the open block; the end of the text ends an open fence too."""
        if self._lines:
            self.blocks.append(_Block("\n".join(self._lines), level, self._is_code))
        self._lines = []
        self._is_code = False

    def _fenced(self, line: str) -> None:
        end = line.strip()
        if self._fence and end.startswith(self._fence) and not end.strip(self._fence[0]):
            self._is_code = True
            self.flush()
            self._fence = None
        else:
            self._is_code = True
            self._lines.append(line)

    def _is_indented_code(self, line: str) -> bool:
        if self._lines and not self._is_code:
            return False
        return not self._in_list and _CODE.match(line) is not None

    def _text_line(self, line: str) -> None:
        quote = _QUOTE.match(line)
        if quote is not None:
            line = line[quote.end() :]
        if not line.strip():
            self.flush()
        elif not self._structure(line):
            if not self._lines and not line[0].isspace():
                self._in_list = False
            self._lines.append(line)

    def _structure(self, line: str) -> bool:
        """Deal with a line that is more than running text; say whether it was one."""
        if heading := _HEADING.match(line):
            self.flush()
            self._in_list = False
            self._lines = [_without_marks(_without_closing(heading[2] or ""))]
            self.flush(len(heading[1]))
        elif self._lines and (underline := _UNDERLINE.match(line)):
            self._lines[-1] = _without_marks(self._lines[-1])
            self.flush(1 if underline[1][0] == "=" else 2)
        elif _RULE.match(line) or _IGNORED.match(line):
            self.flush()
        elif self._in_table and "|" in line:
            self._row(line)
        elif self._lines and "|" in self._lines[-1] and _TABLE_RULE.match(line):
            header = self._lines.pop()
            self.flush()
            self._in_table = True
            self._row(header)
        elif (label := _REFERENCE.match(line)) and (not self._lines or "/" in label[2]):
            self.flush()
            self.labels.add(tidy(label[1]).lower())
        else:
            return self._item(line)
        return True

    def _item(self, line: str) -> bool:
        note = _NOTE.match(line) or (_DEFINITION.match(line) if self.blocks else None)
        item = note or _BULLET.match(line) or _NUMBER.match(line)
        if item is None:
            return False
        # Inside of a paragraph only the first item opens a list: "… in\n12. May".
        if item.re is _NUMBER and self._lines and not self._in_list and item[1] != "1":
            return False
        self.flush()
        self._in_list = self._in_list or note is None
        self._lines.append(line[item.end() :])
        return True

    def _row(self, line: str) -> None:
        cells = [cell.strip() for cell in _CELL_END.split(line.strip().strip("|"))]
        self._lines = [" | ".join(filter(None, cells)).replace("\\|", "|")]
        self.flush()


_SHORT_CODES = (("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}"))
_SHORT_CODE_PICTURE = re.compile(r"[\s/]*(?:figure|im[a-z]*|picture|photo)\b", re.IGNORECASE)
_SHORT_CODE_CAPTION = re.compile(r"\b(?:caption|title|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN_ELEMENT = re.compile(r"<(script|style|noscript|svg|iframe|template)\b", re.IGNORECASE)


def _without_closing(heading: str) -> str:
    """Return the text of a heading without blanks around it and signs that close it: ``a ##``."""
    text = heading.strip()
    before = text.rstrip("#")
    return before.rstrip() if not before or before[-1].isspace() else text


def _without_marks(heading: str) -> str:
    """Return a heading without an identifier or classes behind it: ``a {#b .c}``."""
    return _HEADING_MARKS.sub("", heading).rstrip()


def _without_short_codes(text: str) -> tuple[str, list[str]]:
    """Cut out short codes and template tags; keep what they enclose and picture captions."""
    captions: list[str] = []
    for opening, closing in _SHORT_CODES:
        kept: list[str] = []
        position = 0
        while (start := text.find(opening, position)) >= 0:
            end = text.find(closing, start)
            if end < 0:
                break
            kept.append(text[position:start])
            captions += _short_code_captions(text[start + len(opening) : end])
            position = end + len(closing)
        text = "".join((*kept, text[position:])) if kept else text
    return text, captions


def _short_code_captions(code: str) -> list[str]:
    if _SHORT_CODE_PICTURE.match(code) is None:
        return []
    found = (tidy(item[1] or item[2] or "") for item in _SHORT_CODE_CAPTION.finditer(code))
    return [caption for caption in found if is_telling_caption(caption)]


def _without_hidden(text: str) -> str:
    """Cut out comments and elements that hold no text, each with its end."""
    kept: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + len("-->")
    text = "".join((*kept, text[position:]))
    kept, position, endless = [], 0, set[str]()
    for found in _HIDDEN_ELEMENT.finditer(text):
        name = found[1].lower()
        if found.start() < position or name in endless:
            continue
        end_tag = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, found.end())
        if end_tag is None:
            endless.add(name)
            continue
        kept.append(text[position : found.start()])
        position = end_tag.end()
    return "".join((*kept, text[position:]))
