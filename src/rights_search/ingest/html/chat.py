"""Chats as Telegram Desktop exports them by default: pages of messages, ``messages.html``.

Nothing in such a page looks like a listing of posts: no message has a heading or a link,
and its date stands in an attribute alone. Elements that are numbered as messages are its
marks, with a moment in the ``title`` of what shows the time of day. What stands in them
goes under the keys that the export as JSON has, so that both are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rights_search.ingest.cleaning import normalise
from rights_search.ingest.encodings.decoding import DecodedText
from rights_search.ingest.exports.values import MESSENGER_NOTE, NO_WORDS
from rights_search.ingest.html.dom import (
    blocks,
    first_line,
    last_line,
    parse,
    quick_text,
    text_of,
    with_attribute,
)
from rights_search.ingest.member_names import Tally
from rights_search.ingest.paragraphs import Blocks
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Draft, Record, Source, Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def is_chat(page: bytes) -> bool:
    """Say whether a page is a chat, by the bytes that it opens with."""
    # A look for words takes a hundredth of the time of a pattern, and tells all other pages.
    if page.find(_DATE_WORDS, 0, _OPENING_BYTES) < 0:
        return False
    opening = page[:_OPENING_BYTES]
    return _NUMBERED.search(opening) is not None and _DATED.search(opening) is not None


def read_chat(decoded: DecodedText, source: Source) -> Iterator[Record]:
    """Yield the messages of a chat that have words; the others are counted.

    Raises:
        ReadError: as `rights_search.ingest.html.dom.parse` does.
    """
    root = parse(decoded.text, source.name)
    chat = _Chat(root, decoded, source)
    left_out = Tally(source.name)
    numbered = (node for node in with_attribute(root, "id") if _ID.fullmatch(node.get("id", "")))
    for node in outermost(numbered):
        if "service" in classes(node):
            # The days are numbered too, below zero.
            if not _number(node).startswith("-"):
                left_out.add(MESSENGER_NOTE.reason)
            continue
        draft = chat.draft(node)
        if draft is None:
            left_out.add(NO_WORDS.reason)
        else:
            yield draft
    yield from left_out.told("message")


_OPENING_BYTES = 2**16
_ID = re.compile(r"message(-?\d{1,20})")
_NUMBERED = re.compile(rb"""\bid=["']message-?\d""")
_DATE_WORDS = b"date details"
_DATED = re.compile(rb"""\bclass=["'][^"']*\bdate details["'] title=["']\d\d\.\d\d\.\d{4} \d\d:""")
_MOMENT = re.compile(
    r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d)"
    r"(?: UTC(?P<zone>[+-]\d\d:\d\d))?"
)


class _Chat:
    """Reads messages one after the other: some leave out who wrote them, as that was told."""

    def __init__(self, root: Element, decoded: DecodedText, source: Source) -> None:
        header = next(of_class(root, "page_header"), None)
        names = () if header is None else of_class(header, "text")
        self._name = next(map(text_of, names), None)
        self._decoded = decoded
        self._source = source
        self._author: str | None = None
        self._forwarded: str | None = None

    def draft(self, node: Element) -> Draft | None:
        """Return the post that a message is, or None for one without words."""
        author = self._author_of(node)
        # What hides a word until it is touched hides it from no reader of the export.
        for hidden in with_attribute(node, "aria-hidden"):
            del hidden.attrib["aria-hidden"]
        body = _body(node)
        if not body.paragraphs:
            return None
        record: dict[str, Any] = {
            "id": _number(node),
            "title:date": _moment(node),
            "from_name:author": author,
            "text:tags": _hashtags(node),
            "page_header:site": self._name,
        }
        setting = Setting(
            self._source,
            "html",
            Span(first_line(node), last_line(node)),
            self._decoded.encoding,
            self._decoded.notes,
        )
        return to_draft(record, setting, body)

    def _author_of(self, node: Element) -> str | None:
        """Return who wrote a message: of one that was passed on, who wrote it first."""
        forwarded = next(of_class(node, "forwarded", "body"), None)
        inside = set() if forwarded is None else set(forwarded.iter())
        own = (found for found in of_class(node, "from_name") if found not in inside)
        told_before = self._author if "joined" in classes(node) else None
        self._author = next(map(_own_line, own), None) or told_before
        if forwarded is None:
            self._forwarded = None
            return self._author
        names = map(_own_line, of_class(forwarded, "from_name"))
        self._forwarded = next(names, None) or self._forwarded
        return self._forwarded or self._author


def _body(node: Element) -> Blocks:
    """Return the text of a message, and the question of a poll with its answers."""
    texts = [text for part in outermost(of_class(node, "text")) for text in blocks(part).paragraphs]
    asked = (*of_class(node, "question"), *of_class(node, "answer"))
    return Blocks((*texts, *filter(None, map(_own_line, asked))))


def _own_line(node: Element) -> str | None:
    """Return what an element opens with: a name or an answer, without the date or votes behind."""
    return normalise(node.text or "") or None


def _hashtags(node: Element) -> list[str]:
    links = map(quick_text, node.iter("a"))
    return [text[1:] for text in links if text.startswith("#")]


def _moment(node: Element) -> str | None:
    """Return when a message was sent, ISO 8601, with the zone where that is told."""
    for shown in of_class(node, "date", "details"):
        found = _MOMENT.fullmatch(shown.get("title", ""))
        if found is not None:
            date = f"{found['year']}-{found['month']}-{found['day']}"
            return f"{date}T{found['time']}{found['zone'] or ''}"
    return None


def _number(node: Element) -> str:
    return node.get("id", "").removeprefix("message")


def outermost(nodes: Iterable[Element]) -> Iterator[Element]:
    """Yield elements that stand in none before: what is nested by hand is not read many times."""
    seen: set[Element] = set()
    for node in nodes:
        if seen.isdisjoint(node.iterancestors()):
            seen.add(node)
            yield node


def of_class(node: Element, *names: str) -> Iterator[Element]:
    """Yield the elements in one, and it itself, that have all of these classes."""
    wanted = set(names)
    return (found for found in with_attribute(node, "class") if wanted <= classes(found))


def classes(node: Element) -> set[str]:
    """Return the classes of an element."""
    return set(node.get("class", "").split())
