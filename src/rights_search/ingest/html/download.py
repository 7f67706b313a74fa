"""Pages of what Facebook and Instagram let one download, which are HTML unless JSON is asked for.

To the eye each page is a list of boxes: above what was done ("… updated her status."), then the
words, then the moment. A reader of listings takes the first for a title, the same for all posts,
and a link of the moment for their address. The boxes and their three parts have classes that say
nothing and have stayed for years: those here are of 2018 to 2021, and of 2022 on, as public
programs look for them. What a page holds is told by its file's name, as in the download.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rights_search.ingest.dates.finding import find_date_line
from rights_search.ingest.encodings.decoding import DecodedText
from rights_search.ingest.exports.values import NO_WORDS
from rights_search.ingest.html.chat import of_class, outermost
from rights_search.ingest.html.dom import blocks, first_line, last_line, parse, remove, text_of
from rights_search.ingest.member_names import Tally
from rights_search.ingest.paragraphs import Blocks
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Draft, Record, Source, Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class _Layout:
    """The classes of a box, of what was done, of the words and of the moment."""

    box: tuple[str, ...]
    head: tuple[str, ...]
    words: tuple[str, ...]
    moment: tuple[str, ...]


_LAYOUTS = (
    _Layout(("_a6-g",), ("_a6-h",), ("_a6-p",), ("_a6-o",)),
    _Layout(("uiBoxWhite", "noborder"), ("_3-96", "_2pio"), ("_3-96", "_2let"), ("_3-94", "_2lem")),
)
_MARKS = (b"_a6-o", b"_2lem")
_BOX = re.compile(rb"<(?:div|section) class=\"[^\"<>]{0,80}\b(?:_a6-g|uiBoxWhite noborder)\"")

# What somebody wrote; friends, searches and log-ins have boxes as well.
_POSTS = re.compile(
    r"(?:your_(?:posts|videos|uncategorized)|other_people's_posts|group_posts|your_comments|comments"
    r"|posts(?=_\d|\.)|archived_posts|archive|reels|threads_and_replies)[^/]*\.html?"
)
_MESSAGES = re.compile(r"message_\d+\.html?")
# Of pictures the words stand where others say what was done.
_PICTURES = re.compile(r"(?:archived_)?posts(?:_\d+)?\.html?|reels[^/]*|threads_and_replies[^/]*")


def is_download(page: bytes, source: Source) -> bool:
    """Say whether a page is one of a download, and of posts or messages, by its name and bytes."""
    name = _name(source)
    if _POSTS.fullmatch(name) is None and _MESSAGES.fullmatch(name) is None:
        return False
    # To look for words takes a hundredth of the time of a pattern.
    return any(mark in page for mark in _MARKS) and _BOX.search(page) is not None


def read_download(decoded: DecodedText, source: Source) -> Iterator[Record]:
    """Yield what has words of a page's boxes; the others are counted.

    Raises:
        ReadError: as `rights_search.ingest.html.dom.parse` does.
    """
    root = parse(decoded.text, source.name)
    left_out = Tally(source.name)
    for layout in _LAYOUTS:
        boxes = (box for box in of_class(root, *layout.box) if box.tag != "body")
        for box in outermost(boxes):
            moment = next(of_class(box, *layout.moment), None)
            if moment is None:
                continue
            found = _draft(
                box, moment, layout, Setting(source, "html", _span(box), *_told(decoded))
            )
            if found is None:
                left_out.add(NO_WORDS.reason)
            else:
                yield found
    yield from left_out.told("record")


def _told(decoded: DecodedText) -> tuple[str, tuple[str, ...]]:
    return decoded.encoding, decoded.notes


def _span(box: Element) -> Span:
    return Span(first_line(box), last_line(box))


def _draft(box: Element, moment: Element, layout: _Layout, setting: Setting) -> Draft | None:
    """Return the post that a box is, or None for one without words."""
    name = _name(setting.source)
    head = next(of_class(box, *layout.head), None)
    done = text_of(head) if head is not None else ""
    words = next(of_class(box, *layout.words), None)
    if words is not None:
        # Where and with what a picture was taken.
        remove([*words.iter("table")])
    written = blocks(words).paragraphs if words is not None else ()
    updates = [line.updated for text in written if (line := find_date_line(text)) is not None]
    written = tuple(text for text in written if find_date_line(text) is None)
    record: dict[str, object] = {"moment:date": text_of(moment)}
    if _MESSAGES.fullmatch(name):
        record["sender:author"] = done
    elif not written and _PICTURES.fullmatch(name):
        written = (done,) if done else ()
    else:
        record["done:caption"] = done
    if updates and updates[0] is not None:
        record["updated"] = updates[0].iso
    return to_draft(record, setting, Blocks(written)) if written else None


def _name(source: Source) -> str:
    path = source.member.path if source.member is not None else source.file_name
    return PurePosixPath(path).name
