"""Web archives: real ones, damaged ones, and what another program writes and reads."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read
from rights_search.post import Post

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "warc"
PAGES = SHARED.parent / "amnesty-pages"

SPACED = (
    "http://example.com/index.cfm?FuseAction=Email&EmailTitle=Examples From The Live Web"
    "&IsPopUp=False"
)
EXPECTED: dict[str, tuple[list[str], list[str]]] = {
    "bad.arc": (
        [],
        [
            "bad.arc!/filedesc://bad.arc.gz: its length '-1' is no number of bytes",
            "bad.arc!/http://example.com/: its length '-1' is no number of bytes",
            "bad.arc!/http://example.com/: is empty",
            "bad.arc!/http://example.com/: its length 'abc' is no number of bytes",
        ],
    ),
    "example-bad-non-chunked.warc.gz": (["http://example.com/ 2017-03-06T04:02:06Z"], []),
    "example-bad.warc.gz.bad": (["http://example.com?example=1 2014-01-03T03:03:21Z"], []),
    "example-digest.warc": ([], []),
    "example-iana.org-chunked.warc": (["http://www.iana.org/ 2017-03-06T16:54:09Z"], []),
    "example-resource.warc.gz": (["http://example.com/ 2017-04-29T01:30:30Z"], []),
    "example-space-in-target-uri.warc.gz": ([], []),
    "example-space-in-url.arc": (
        [f"{SPACED} 2014-02-16T05:02:21Z"],
        [f"example-space-in-url.arc!/{SPACED}: the archive breaks off in this record"],
    ),
    "example-trunc.warc": (
        [],
        [
            "example-trunc.warc!/http://example.com/: its gzip data is cut short",
            "example-trunc.warc: at byte 2560 a record should begin and does not",
        ],
    ),
    "example-wget-bad-target-uri.warc.gz": (["http://example.com/ 2018-02-09T15:12:11Z"], []),
    "example-wrong-chunks.warc.gz": (["http://example.com/ 2018-11-02T18:55:11Z"], []),
    "example.arc": (["http://example.com/ 2014-02-16T05:02:21Z"], []),
    "example.arc.gz": (["http://example.com/ 2014-02-16T05:02:21Z"], []),
    "example.warc": (["http://example.com/ 2017-03-06T04:02:06Z"], []),
    "example.warc.gz": (["http://example.com/ 2017-03-06T04:02:06Z"], []),
    "post-test.warc.gz": ([], []),
}
"""Files that no one here wrote: address and time of each post, and how each error begins."""


def posts(path: Path) -> list[Post]:
    """Return the posts of a file."""
    return [item for item in read(path) if isinstance(item, Post)]


def errors(path: Path) -> list[str]:
    """Return the errors of a file as they are shown."""
    return [str(item) for item in read(path) if isinstance(item, ReadError)]


@pytest.mark.parametrize("name", EXPECTED)
def test_real_archives_give_what_can_be_read(name: str) -> None:
    """Each record that can be read is a post with address and time; each other is named."""
    path = SHARED / name
    if not path.exists():
        pytest.skip("not here: ../shared/data/warc")
    places, reasons = EXPECTED[name]
    found = [post.provenance for post in posts(path)]
    assert [f"{place.uri} {place.captured}".replace("%20", " ") for place in found] == places
    told = errors(path)
    assert len(told) == len(reasons)
    for error, reason in zip(told, reasons, strict=True):
        assert error.startswith(reason)


def test_every_file_of_the_folder_is_expected() -> None:
    """A file that is added there is not passed over here."""
    if not SHARED.exists():
        pytest.skip("not here: ../shared/data/warc")
    assert {path.name for path in SHARED.iterdir()} - {"LICENSE"} == EXPECTED.keys()


def page(number: int) -> bytes:
    """Return an article with a title of its own."""
    text = f"The text of page {number}, which is long enough to be one of an article. " * 3
    article = f"<article><h1>Page {number}</h1><p>{text}</p></article>"
    return f"<html><body>{article}</body></html>".encode()


def archive(bodies: Iterable[bytes], *, is_gzip: bool = True, more: str = "") -> bytes:
    """Return a web archive of pages; another program reads it in the tests of offsets."""
    return b"".join(
        gzip.compress(record(number, body, more), mtime=0)
        if is_gzip
        else record(number, body, more)
        for number, body in enumerate(bodies)
    )


def record(number: int, body: bytes, more: str) -> bytes:
    """Return one response."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/{number}\r\n"
        f"WARC-Date: 2018-03-05T10:20:30Z\r\nContent-Type: application/http;msgtype=response\r\n"
        f"{more}Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def offsets(data: bytes) -> list[int]:
    """Return where each record begins, by warcio."""
    iterator = ArchiveIterator(io.BytesIO(data))
    return [iterator.get_record_offset() for _ in iterator]


@pytest.mark.parametrize("is_gzip", [True, False])
def test_offsets_are_those_of_another_program(tmp_path: Path, is_gzip: bool) -> None:
    """Reading at the offset of a post gives its record."""
    data = archive([page(number) for number in range(5)], is_gzip=is_gzip)
    path = tmp_path / "a.warc"
    path.write_bytes(data)
    found = [post.provenance.member_offset for post in posts(path)]
    assert found == offsets(data)
    for number, offset in enumerate(found):
        assert offset is not None
        record = next(iter(ArchiveIterator(io.BytesIO(data[offset:]))))
        assert record.rec_headers.get_header("WARC-Target-URI") == f"https://example.org/{number}"


def test_a_damaged_gzip_member_costs_no_other(tmp_path: Path) -> None:
    """The record is named with its place, and the next one is found."""
    data = bytearray(archive([page(number) for number in range(4)]))
    second = offsets(bytes(data))[1]
    data[second + 60] ^= 0xFF
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    titles = [post.title for post in posts(path)]
    assert titles in (["Page 0", "Page 2", "Page 3"], ["Page 0", "Page 1", "Page 2", "Page 3"])
    (error,) = errors(path)
    assert error.startswith("a.warc.gz")
    assert "gzip data is damaged" in error


@pytest.mark.parametrize("length", ["999999999999", "10", "-3", "many", ""])
def test_a_wrong_length_costs_no_other_record(tmp_path: Path, length: str) -> None:
    """What the length makes unreadable is named; the next line of a record goes on."""
    data = archive([page(number) for number in range(3)], is_gzip=False)
    start = offsets(data)[1]
    head, found, rest = data[start:].partition(b"Content-Length: ")
    number, _, rest = rest.partition(b"\r\n")
    assert found
    assert number.isdigit()
    broken = data[:start] + head + found + length.encode() + b"\r\n" + rest
    path = tmp_path / "a.warc"
    path.write_bytes(broken)
    titles = [post.title for post in posts(path)]
    assert titles[0] == "Page 0"
    assert ("Page 2" in titles) is (length != "999999999999")
    assert errors(path)


@pytest.mark.parametrize("is_gzip", [True, False])
def test_an_archive_cut_anywhere_keeps_what_came_before(tmp_path: Path, is_gzip: bool) -> None:
    """Posts before the cut are given, and the cut is named unless it is between records."""
    data = archive([page(number) for number in range(3)], is_gzip=is_gzip)
    starts = [*offsets(data), len(data)]
    path = tmp_path / "a.warc"
    for cut in range(1, len(data), 61):
        path.write_bytes(data[:cut])
        whole = sum(end <= cut for end in starts[1:])
        found = [post.title for post in posts(path)]
        assert found[:whole] == [f"Page {number}" for number in range(whole)]
        assert len(found) <= whole + 1
        assert errors(path) or cut in starts or whole < len(found)


def test_a_bomb_in_a_record_costs_no_other(tmp_path: Path) -> None:
    """A record that grows beyond all measure is named, and the next one is read."""
    data = archive([page(0), b"<p>" + bytes(40 * 2**20), page(2)])
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    assert [post.title for post in posts(path)] == ["Page 0", "Page 2"]
    (error,) = errors(path)
    assert error.startswith("a.warc.gz!/https://example.org/1: cannot be read: it expands to more")


def test_a_truncated_record_says_so(tmp_path: Path) -> None:
    """What the crawler cut is a note of the post."""
    path = tmp_path / "a.warc"
    path.write_bytes(archive([page(0)], more="WARC-Truncated: length\r\n"))
    (post,) = posts(path)
    assert post.notes == ("the crawler cut it short: length",)


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: data])
def test_pages_that_no_one_here_wrote_are_the_same_in_an_archive(tmp_path: Path, pack: Any) -> None:
    """The posts of 78 listing pages are those of the files, with address and time."""
    plain = posts_of_pages()
    if not plain:
        pytest.skip("not here: ../shared/data/amnesty-pages")
    path = tmp_path / "pages.warc"
    path.write_bytes(pack(archive([file.read_bytes() for file in plain], is_gzip=False)))
    assert sum(map(len, plain.values())) > 100
    found = list(read(path))
    expected = (post for of_page in plain.values() for post in of_page)
    assert list(texts(item for item in found if isinstance(item, Post))) == list(texts(expected))
    skipped = [item for item in found if isinstance(item, Skipped)]
    assert len(skipped) == sum(not of_page for of_page in plain.values())


@cache
def posts_of_pages() -> dict[Path, list[Post]]:
    """Return the posts of each listing page, read once for all tests."""
    return {file: posts(file) for file in sorted(PAGES.glob("*.html"))}


def texts(found: Iterator[Post]) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    """Yield what a post says, whatever file it is from."""
    return ((post.title, post.paragraphs, post.date) for post in found)
