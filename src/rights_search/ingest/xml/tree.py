"""XML as the values that JSON would have: elements are keys, elements that repeat are lists.

Expat reads it, told of no entity and of nothing outside. An element with HTML in it is the text of
its HTML, as a system writes it that exports XHTML. One with other elements between its words ("in
<place>Cairo</place> …") is its words, unless there is a title among them: then it is a record, and
the words beside its parts are its text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from rights_search.errors import ReadError
from rights_search.ingest.records.keys import field_of

MAX_DEPTH = 64
"""The most elements in one another."""

MAX_ELEMENTS = 2_000_000
"""The most elements in a document, each of which takes memory whatever it holds."""

Value = str | list[Any] | dict[str, Any]


@dataclass(slots=True)
class _Open:
    """An element that is open.

    Args:
        name: its name without name space.
        attributes: its attributes, likewise.
        line: the line that it begins on.
        inner: the byte at which what it holds begins, -1 before that is known.
        texts: its own text, in pieces.
        members: the elements in it, and what they hold.
        parts: what they hold, in their order.
        html: the byte at which the first of them that is HTML begins, -1 for none.
    """

    name: str
    attributes: Mapping[str, str]
    line: int
    inner: int = -1
    texts: list[str] = field(default_factory=list)
    members: dict[str, Any] = field(default_factory=dict)
    parts: list[Value] = field(default_factory=list)
    html: int = -1


class XmlValues:
    """Decodes one document.

    Args:
        text: the document.
        name: the file, for errors.
    """

    def __init__(self, text: str, name: str) -> None:
        self.lines: dict[int, tuple[int, int]] = {}
        """Of each object by its `id`, the lines that it stands on."""
        self._data = text.encode("utf-8", "replace")
        self._name = name
        self._open: list[_Open] = []
        self._elements = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._take
        self._parser.StartCdataSectionHandler = self._mark
        self._parser.EntityDeclHandler = self._refuse

    def value(self) -> tuple[str, Value]:
        """Return the name of the root, and what it holds.

        Raises:
            ReadError: if it is no well-formed XML, defines entities, or nests too deeply.
        """
        root = _Open("", {}, 1)
        self._open.append(root)
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise ReadError(
                self._name, f"broken XML: {what}", line=error.lineno, fatal=True
            ) from error
        ((name, value),) = root.members.items()
        return name, value

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._mark()
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise self._error(f"holds more than {MAX_ELEMENTS:,} elements, the limit; split it")
        if len(self._open) > MAX_DEPTH:
            raise self._error("nests too deeply to be read")
        local = _local(name)
        if local.lower() in _HTML and self._open[-1].html < 0:
            self._open[-1].html = self._parser.CurrentByteIndex
        kept = {
            _local(key): value for key, value in attributes.items() if not key.startswith("xmlns")
        }
        self._open.append(_Open(local, kept, self._parser.CurrentLineNumber))

    def _take(self, text: str) -> None:
        self._mark()
        self._open[-1].texts.append(text)

    def _end(self, _: str) -> None:
        self._mark()
        element = self._open.pop()
        words = "".join(element.texts).strip()
        value: Value = words
        name = element.name
        if element.members:
            value = self._of_members(element, words)
        elif value and "name" in element.attributes:
            # <field name="title">, where one element serves for all.
            name = element.attributes["name"]
        elif not value and element.attributes:
            address = element.attributes.get("href") or element.attributes.get("url")
            value = address or dict(element.attributes)
        if isinstance(value, dict):
            self.lines[id(value)] = (element.line, self._parser.CurrentLineNumber)
        _add(self._open[-1].members, name, value)
        self._open[-1].parts.append(value)

    def _of_members(self, element: _Open, words: str) -> Value:
        """Return what an element with others in it holds, beside ``words`` of its own."""
        is_record = _has(element.members, "title")
        if not is_record and element.html >= 0:
            return _CDATA.sub(r"\1", self._written(element.inner))
        if not is_record and words:
            return _plain(self._written(element.inner))
        if _is_text(element):
            return list(element.parts)
        # What a table or a database is called is no title of what is in it.
        told = {key: text for key, text in element.attributes.items() if key != "name"}
        value: dict[str, Any] = {**told, **element.members}
        if is_record and not _has(element.members, "text"):
            text = _CDATA.sub(r"\1", self._written(element.html)) if element.html >= 0 else words
            value |= {"text": text} if text else {}
        return _unwrapped(element.name, value) if len(value) == 1 else value

    def _written(self, start: int) -> str:
        """Return what stands between a byte and the end of the element that ends."""
        return self._data[start : self._parser.CurrentByteIndex].decode("utf-8")

    def _mark(self) -> None:
        """Note where what the open element holds begins, if this is where."""
        if self._open[-1].inner < 0:
            self._open[-1].inner = self._parser.CurrentByteIndex

    def _refuse(self, *_: object) -> None:
        raise self._error("defines entities, which could do harm; export it without them")

    def _error(self, reason: str) -> ReadError:
        line = self._parser.CurrentLineNumber
        return ReadError(self._name, reason, line=line, fatal=True)


# What a text is marked up with: none of these is a name for a part of a record.
_HTML = frozenset("p br div span a em strong b i u ul ol li h1 h2 h3 h4 h5 h6 blockquote".split())


_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TAGS = re.compile(
    r"(?:<!--.*?-->|<\?.*?\?>|<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>)+", re.DOTALL
)


def _plain(written: str) -> str:
    """Return the words of XML without its tags."""
    escaped = _CDATA.sub(lambda found: html.escape(found[1]), written)
    return html.unescape(_TAGS.sub(_gap, escaped)).strip()


def _gap(tags: re.Match[str]) -> str:
    """Return what stands in place of tags: a space where nothing else parts two words."""
    start, end = tags.span()
    before, behind = tags.string[max(0, start - 1) : start], tags.string[end : end + 1]
    is_joined = behind.isalnum() and (before.isalnum() or before in _ENDS)
    return " " if is_joined else ""


_ENDS = tuple(".,:!?")


def _is_text(element: _Open) -> bool:
    """Return whether an element is a text, and those in it its paragraphs."""
    is_named = _has((element.name,), "text") and _VALUES.isdisjoint(element.members)
    is_plain = all(isinstance(part, str) for part in element.parts)
    return is_named and is_plain and not any(_has(element.members, one) for one in _OF_RECORDS)


# What a text stands under where what it is written in stands beside it.
_VALUES = frozenset(("value", "rendered"))
_OF_RECORDS = ("title", "text", "date", "authors", "url")


def _has(members: Iterable[str], field: str) -> bool:
    """Return whether one of the elements fills a field of a post."""
    return any((found := field_of(name)) is not None and found[0] == field for name in members)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _unwrapped(name: str, value: dict[str, Any]) -> Value:
    """Return the texts in ``<tags><tag>a</tag></tags>``: one element is named after the other."""
    ((inner, held),) = value.items()
    texts = held if isinstance(held, _Several) else [held]
    is_list = isinstance(held, _Several) or name.lower().startswith(inner.lower()[:-1])
    return list(texts) if is_list and all(isinstance(text, str) for text in texts) else value


def _add(members: dict[str, Any], name: str, value: Value) -> None:
    if name not in members:
        members[name] = value
    elif isinstance(members[name], _Several):
        members[name].append(value)
    else:
        members[name] = _Several((members[name], value))


class _Several(list[Any]):
    """What several elements of one name hold."""
