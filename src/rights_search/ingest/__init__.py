"""Files → posts: the front of the ingester.

`read` walks a corpus and gives back posts, files that were left out, and errors,
in an order that depends on the files alone. Its steps are `list_files`, `open_source`
and `read_file`, for callers that decide between them which files to read again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from rights_search.errors import ReadError
from rights_search.ingest.files import (
    Listed,
    Skipped,
    display_name,
    iter_sources,
    list_files,
    open_source,
    os_reason,
)
from rights_search.ingest.posts import PostMaker, make_post
from rights_search.ingest.source import Draft, Reader, Record, Source, Span
from rights_search.post import Post

VERSION = 1
"""Raised whenever a change of the readers gives other posts for the same file: every
index then reads its files again. Data files count by themselves."""

__all__ = [
    "READERS",
    "VERSION",
    "Draft",
    "Listed",
    "PostMaker",
    "ReadError",
    "Reader",
    "Record",
    "Skipped",
    "Source",
    "Span",
    "iter_sources",
    "list_files",
    "make_post",
    "open_source",
    "read",
    "read_file",
]


def read(root: Path) -> Iterator[Post | ReadError | Skipped]:
    """Yield every post below ``root``, and a reason for all that gave none.

    A folder that gave no post at all ends with an error that says so.

    Args:
        root: a folder, or one file; what its settings files say is followed.

    Raises:
        ReadError: if the settings that hold for all of ``root`` cannot be understood.
    """
    posts = files = 0
    for found in list_files(root):
        files += isinstance(found, Listed)
        for item in _read(found):
            posts += isinstance(item, Post)
            yield item
    if not posts and root.is_dir():
        reason = f"there is no post in this folder ({files} files were read)"
        yield ReadError(display_name(root.name or str(root)), reason, fatal=True)


def _read(found: Listed | Skipped | ReadError) -> Iterator[Post | ReadError | Skipped]:
    if not isinstance(found, Listed):
        yield found
        return
    source = open_source(found)
    yield from (source,) if isinstance(source, ReadError) else read_file(source)


def read_file(source: Source) -> Iterator[Post | ReadError | Skipped]:
    """Yield the posts of one file, with an error for each record that was skipped.

    What the system, the encoding or the size of the file does wrong is one error
    with the file's name; what the program does wrong is raised.
    """
    try:
        yield from _posts(source)
    except ReadError as error:
        yield ReadError(error.source, error.reason, line=error.line, fatal=True)
    except OSError as error:
        yield ReadError(source.name, os_reason(error), fatal=True)
    except (EOFError, zlib.error) as error:
        yield ReadError(source.name, f"its compressed data is damaged: {error}", fatal=True)
    except UnicodeError as error:
        yield ReadError(source.name, f"cannot be decoded: {error}", fatal=True)
    except RecursionError:
        yield ReadError(source.name, "nests too deeply to be read", fatal=True)
    except MemoryError:
        yield ReadError(source.name, "is too large for this machine's memory", fatal=True)


def _posts(source: Source) -> Iterator[Post | ReadError | Skipped]:
    from rights_search.ingest.sniffing import sniff  # noqa: PLC0415

    name = source.settings.reader or sniff(source)
    maker = PostMaker(source, name)
    is_empty = True
    for record in READERS[name](source):
        is_empty = False
        yield record if isinstance(record, ReadError) else maker.make(record)
    if is_empty:
        yield Skipped(source.name, _NOTHING.get(name, "no post in it"))


# Each reader is imported when the first file needs it: lxml and yaml are not light.
def _read_markdown(source: Source) -> Iterator[Record]:
    from rights_search.ingest.markdown import read_markdown  # noqa: PLC0415

    return read_markdown(source)


def _read_json(source: Source) -> Iterator[Record]:
    from rights_search.ingest.json_reader import read_json  # noqa: PLC0415

    return read_json(source)


def _read_jsonl(source: Source) -> Iterator[Record]:
    from rights_search.ingest.jsonl import read_jsonl  # noqa: PLC0415

    return read_jsonl(source)


def _read_table(source: Source) -> Iterator[Record]:
    from rights_search.ingest.table import read_table  # noqa: PLC0415

    return read_table(source)


def _read_html(source: Source) -> Iterator[Record]:
    from rights_search.ingest.html import read_html  # noqa: PLC0415

    return read_html(source)


def _read_listing(source: Source) -> Iterator[Record]:
    from rights_search.ingest.listing import read_listing  # noqa: PLC0415

    return read_listing(source)


def _read_plain(source: Source) -> Iterator[Record]:
    from rights_search.ingest.plain import read_plain  # noqa: PLC0415

    return read_plain(source)


READERS: dict[str, Reader] = {
    "markdown": _read_markdown,
    "json": _read_json,
    "jsonl": _read_jsonl,
    "table": _read_table,
    "html": _read_html,
    "listing": _read_listing,
    "plain": _read_plain,
}
"""The readers by name: the first of the three extension points."""

_NOTHING = {
    "markdown": "a section page without text",
    "html": "no post in this page",
    "json": "no record in it",
    "jsonl": "no record in it",
    "table": "a header without rows",
}
