"""The reader of EPUB books: each chapter is a post, with what the book says of all.

The package file lists the chapters in their order, and names title, authors, date and
language. Cover, contents, styles and fonts are in the archive too, and are no posts.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import DAMAGE, open_zip, read_tree
from rights_search.ingest.cleaning import normalise
from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.member_names import Tally, member_name
from rights_search.ingest.people import people
from rights_search.ingest.source import Enclosed, Member, Record, Source
from rights_search.ingest.spool import guarded, open_seekable
from rights_search.post import PartialDate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CONTAINER = "META-INF/container.xml"
"""What every book has, and names its package file."""


def read_epub(source: Source) -> Iterator[Record]:
    """Yield the chapters of a book in their order, each a member of it.

    Raises:
        ReadError: if the archive or its package file cannot be read.
    """
    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        path = _package_path(archive, source.name)
        package = _tree(archive, path, source.name)
        locked = _locked(archive, source.name)
        facts = _facts(package)
        left_out = Tally(source.name)
        for chapter in _chapters(package, posixpath.dirname(path), left_out):
            name = member_name(source, chapter)
            if chapter in locked:
                reason = "is encrypted by the book's seller; ask for a book without a lock"
                yield ReadError(name, reason, fatal=True)
            else:
                yield from _opened(archive, chapter, name, facts)
        yield from left_out.told("chapter")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a book says of itself, for chapters that say nothing."""

    title: str | None
    authors: tuple[str, ...]
    date: PartialDate | None


_PAGES = ("application/xhtml+xml", "text/html")
_CONTENTS = "nav"
_MAX_TYPE_CHARS = 80
_DATES = ("publication", "original-publication", "creation", None)


def _opened(archive: zipfile.ZipFile, path: str, name: str, facts: _Facts) -> Iterator[Record]:
    try:
        info = archive.getinfo(path)
        stream = archive.open(info)
    except KeyError:
        yield ReadError(name, "is named by the book, and is not in it; get the book again")
        return
    except DAMAGE as error:
        yield ReadError(name, f"cannot be unpacked: {error}", fatal=True)
        return
    with stream:
        member = Member(
            path,
            offset=info.header_offset,
            date=facts.date,
            source_name=facts.title,
            authors=facts.authors,
            reader="chapter",
        )
        yield Enclosed(member, guarded(stream, name, DAMAGE), stored=info.compress_size)


def _package_path(archive: zipfile.ZipFile, name: str) -> str:
    container = _tree(archive, CONTAINER, name)
    for root in container.iter("{*}rootfile"):
        if path := root.get("full-path"):
            return path
    raise ReadError(name, f"its {CONTAINER} names no package file; get it again", fatal=True)


def _chapters(package: Element, folder: str, left_out: Tally) -> Iterator[str]:
    """Yield the paths of the pages of a book in their order, its list of contents aside.

    What is no page of text, such as a drawing, is counted.
    """
    items = {item.get("id"): item for item in package.iter("{*}item")}
    for place in package.iter("{*}itemref"):
        item = items.pop(place.get("idref"), None)
        if item is None or _CONTENTS in item.get("properties", "").split():
            continue
        media_type = item.get("media-type", "")
        if media_type not in _PAGES:
            left_out.add(f"of type {normalise(media_type)[:_MAX_TYPE_CHARS] or 'unknown'}")
        elif href := item.get("href"):
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _facts(package: Element) -> _Facts:
    authors = [normalise(node.text or "") for node in package.iter("{*}creator")]
    return _Facts(_text(package, "title"), people(filter(None, authors)).names, _date(package))


def _date(package: Element) -> PartialDate | None:
    """Return the date of publication: books say besides when their file was made or changed."""
    dates = {_event(node): node.text or "" for node in package.iter("{*}date")}
    found = (parse_date(dates[event], origin="book: date") for event in _DATES if event in dates)
    return next(filter(None, found), None)


def _event(node: Element) -> str | None:
    names = (value for key, value in node.items() if str(key).endswith("event"))
    return next(map(str, names), None)


def _text(package: Element, tag: str) -> str | None:
    texts = (normalise(node.text or "") for node in package.iter(f"{{*}}{tag}"))
    return next(filter(None, texts), None)


def _locked(archive: zipfile.ZipFile, name: str) -> frozenset[str]:
    """Return the paths of what is encrypted; in most books that is fonts alone, if anything."""
    path = "META-INF/encryption.xml"
    if path not in archive.namelist():
        return frozenset()
    references = _tree(archive, path, name).iter("{*}CipherReference")
    return frozenset(unquote(node.get("URI", "")) for node in references)


def _tree(archive: zipfile.ZipFile, path: str, name: str) -> Element:
    from lxml import etree  # noqa: PLC0415

    try:
        return read_tree(archive, path, name)
    except etree.XMLSyntaxError as error:
        reason = f"its part {path} is broken: {error.msg}; get the book again"
        raise ReadError(name, reason, fatal=True) from error
