"""JSON documents and JSON Lines: spans, wrappers, broken records."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import bounded, line_stream, read
from rights_search.ingest.encodings.mojibake import may_be_spoilt
from rights_search.ingest.json.lines import read_jsonl
from rights_search.ingest.json.reader import read_json
from rights_search.ingest.source import Draft, Reader, Record, Source
from rights_search.post import Post


def run(reader: Reader, path: Path, data: bytes, *, is_gzip: bool = False) -> list[Record]:
    """Return all that a reader gives for ``data``; an error that it raises comes last."""
    path.write_bytes(gzip.compress(data, mtime=0) if is_gzip else data)
    return collect(reader, Source(path, path.name, "0" * 64))


def collect(reader: Reader, source: Source) -> list[Record]:
    """Return all that a reader gives for a file; an error that it raises comes last."""
    found: list[Record] = []
    try:
        found.extend(reader(source))
    except ReadError as error:
        found.append(error)
    return found


def titles(records: list[Record]) -> list[str | None]:
    """Return the titles of drafts and the messages of errors."""
    return [record.title if isinstance(record, Draft) else str(record) for record in records]


def drafts(records: list[Record]) -> list[Draft]:
    """Return the drafts among the records."""
    return [record for record in records if isinstance(record, Draft)]


POSTS = st.lists(
    st.fixed_dictionaries({"title": st.text(min_size=1), "text": st.text(), "n": st.integers()}),
    max_size=8,
)


@given(posts=POSTS, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_every_span_of_a_document_is_that_record(
    tmp_path_factory: pytest.TempPathFactory,
    posts: list[dict[str, Any]],
    indent: int | None,
    *,
    ascii_only: bool,
) -> None:
    """The bytes of a span decode to the record, and its lines hold them."""
    text = json.dumps(posts, indent=indent, ensure_ascii=ascii_only)
    data = text.encode("utf-8", "replace")
    if may_be_spoilt(data) or (not ascii_only and data.decode() != text):
        return
    found = drafts(run(read_json, tmp_path_factory.mktemp("j") / "x.json", data))
    assert len(found) == len(posts)
    for draft, post in zip(found, posts, strict=True):
        span = draft.span
        assert json.loads(data[span.byte_start : span.byte_end]) == post
        assert span.line_start == data.count(b"\n", 0, span.byte_start) + 1
        assert span.line_end == data.count(b"\n", 0, span.byte_end) + 1


@given(posts=POSTS, mark=st.booleans(), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_every_span_of_a_stream_is_that_line(
    tmp_path_factory: pytest.TempPathFactory, posts: list[dict[str, Any]], *, mark: bool, end: str
) -> None:
    """The same for lines, with any line end, behind a byte order mark too."""
    data = b"\xef\xbb\xbf" * mark + "".join(json.dumps(post) + end for post in posts).encode()
    found = drafts(run(read_jsonl, tmp_path_factory.mktemp("j") / "x.jsonl", data))
    assert len(found) == len(posts)
    for draft, post in zip(found, posts, strict=True):
        assert json.loads(data[draft.span.byte_start : draft.span.byte_end]) == post
        assert draft.span.line_start == data.count(b"\n", 0, draft.span.byte_start) + 1


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('{"title": "a"}', ["a"]),
        ('[{"title": "a"}, {"title": "b"},]', ["a", "b"]),
        ('{"posts": [{"title": "a"}], "tags": [{"name": "x"}, {"name": "y"}]}', ["a"]),
        ('{"data": {"entries": [{"title": "a"}, {"title": "b"}]}}', ["a", "b"]),
        ('{"hits": {"total": 1, "hits": [{"_id": 1, "_source": {"title": "a"}}]}}', ["a"]),
        ('{"title": "Feed", "items": [{"title": "a"}]}', ["a"]),
        ('{"rss": {"channel": {"title": "Feed", "item": [{"title": "a"}]}}}', ["a"]),
        ('{"one": {"title": "a"}, "two": {"title": "b"}}', ["a", "b"]),
        ('{"edges": [{"node": {"title": "a"}}]}', ["a"]),
        ('{"title": "a", "items": [1, 2]}', ["a"]),
        ('{"title": "a"}\n{"title": "b"}', ["a", "b"]),
        ('{"title": "a", "text": "t", "comments": [{"text": "c"}]}', ["a"]),
        ("[]", []),
    ],
)
def test_records_are_found_in_their_wrappers(
    tmp_path: Path, document: str, expected: list[str]
) -> None:
    """One record, lists, feeds, search results, mappings, several documents."""
    assert titles(run(read_json, tmp_path / "x.json", document.encode())) == expected


def test_the_keys_of_a_mapping_are_the_records_keys(tmp_path: Path) -> None:
    """Where each record stands under its own name, that is its identifier."""
    data = b'{"one": {"title": "a"}, "two": {"title": "b", "id": "2"}}'
    found = drafts(run(read_json, tmp_path / "x.json", data))
    assert [draft.key for draft in found] == ["one", "2"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            '[{"title": "a"},\n {"title": oops}]',
            ["a", "x.json:2: broken JSON: Expecting value at column 12"],
        ),
        ('[{"title": "a"}\n', ["a", "x.json:2: broken JSON: a comma or ] is missing"]),
        ('[{"title": "a"}, 3]', ["a", "x.json:1: a value in the list is no object"]),
        ("3", ["x.json:1: is JSON but holds no object"]),
        ('{"a": {"b": 1}}', ["x.json:1: is JSON but holds no object"]),
        ("[" * 100_000, ["x.json:1: its JSON nests too deeply"]),
        ('{"title": ' + "9" * 5000 + "}", ["x.json:1: a number in its JSON is too long"]),
    ],
)
def test_what_stands_before_a_break_is_kept(
    tmp_path: Path, document: str, expected: list[str]
) -> None:
    """An error has file and line; the records before it are not lost."""
    found = titles(run(read_json, tmp_path / "x.json", document.encode()))
    assert len(found) == len(expected)
    assert all(str(got).startswith(want) for got, want in zip(found, expected, strict=True))


def test_a_broken_line_is_skipped_and_named(tmp_path: Path) -> None:
    """Line 7 is broken: the other eight lines are read."""
    lines = ['{"title": "%d"}' % number for number in range(1, 10)]  # noqa: UP031 - braces
    lines[6] = '{"title": "7"'
    found = titles(run(read_jsonl, tmp_path / "x.jsonl", "\n".join(lines).encode()))
    assert found[6] == "x.jsonl:7: broken JSON: Expecting ',' delimiter at column 14"
    assert found[:6] + found[7:] == ["1", "2", "3", "4", "5", "6", "8", "9"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[1]", "the line is valid JSON but no object"),
        ('{"a":' * 100_000, "its JSON nests too deeply"),
        ('{"id": ' + "1" * 6000 + "}", "a number in its JSON is too long"),
    ],
)
def test_odd_lines_are_errors_of_their_own(tmp_path: Path, line: str, message: str) -> None:
    """Each costs itself only."""
    data = f'{{"title": "a"}}\n{line}\n{{"title": "b"}}\n'
    first, error, last = titles(run(read_jsonl, tmp_path / "x.jsonl", data.encode()))
    assert (first, last) == ("a", "b")
    assert str(error).startswith(f"x.jsonl:2: {message}")


def test_lines_in_other_encodings(tmp_path: Path) -> None:
    """A wide encoding, one-byte encodings, and one bad byte among good lines."""
    lines = '{"title": "Суд"}\n{"title": "Право на свободу слова"}\n'
    for encoding in ("utf-16", "utf-8", "cp1251"):
        found = run(read_jsonl, tmp_path / "x.jsonl", lines.encode(encoding))
        assert titles(found) == ["Суд", "Право на свободу слова"], encoding
    mixed = '{"title": "é"}\n'.encode() + b'{"title": "caf\xe9"}\n'
    good, bad = drafts(run(read_jsonl, tmp_path / "x.jsonl", mixed))
    assert (good.title, good.notes) == ("é", ())
    assert bad.title == "café"
    assert "not UTF-8" in bad.notes[0] or "not valid UTF-8" in bad.notes[0]


def test_no_number_is_null(tmp_path: Path) -> None:
    """NaN is what Python writes for nothing, and no JSON."""
    (draft,) = drafts(run(read_jsonl, tmp_path / "x.jsonl", b'{"text": NaN, "body": "t"}'))
    assert draft.paragraphs == ("t",)


def test_a_stream_that_is_cut_short_keeps_what_it_had(tmp_path: Path) -> None:
    """The records before the end of the data are given, then the error with the line."""
    path = tmp_path / "x.jsonl.gz"
    data = gzip.compress(b'{"title": "a", "text": "b"}\n' * 5000)
    path.write_bytes(data[:-30])
    *records, error = collect(read_jsonl, Source(path, path.name, "0"))
    assert len(records) > 1000
    assert (
        str(error)
        == f"x.jsonl.gz:{len(records) + 1}: its gzip data is cut short; fetch the file again"
    )


def test_a_record_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without an end is refused before it fills the memory."""
    monkeypatch.setattr(line_stream, "MAX_RECORD_BYTES", 2**20)
    monkeypatch.setattr(bounded, "MAX_RECORD_BYTES", 2**20)
    data = b'{"title": "a"}\n{"title": "' + b"x" * 2**21
    first, error = run(read_jsonl, tmp_path / "x.jsonl.gz", data, is_gzip=True)
    assert isinstance(first, Draft)
    assert str(error).startswith("x.jsonl.gz:2: the record that starts here is longer than 1 MiB")


@given(st.binary(max_size=400))
def test_no_bytes_make_a_reader_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever stands in a file, records and errors come out, and nothing else."""
    path = tmp_path_factory.mktemp("j") / "x.jsonl"
    for reader in (read_json, read_jsonl):
        records = run(reader, path, b'{"title": "a"}\n' + data)
        assert all(isinstance(record, (Draft, ReadError)) for record in records)


@pytest.mark.parametrize("name", ["data", "results", "reports"])
def test_what_has_a_name_beside_a_list_of_posts_is_their_site(tmp_path: Path, name: str) -> None:
    """Whatever the list is called; a mapping of posts is one although a list stands in it."""
    posts = [{"title": title, "text": "Its text."} for title in ("One", "Two")]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"site": {"name": "The Example"}, name: posts}), encoding="utf-8")
    assert [item.title for item in read(path) if isinstance(item, Post)] == ["One", "Two"]
    keyed = {"a": posts[0], "b": posts[1], "c": posts[0], "labels": [{"name": "A label"}]}
    path.write_text(json.dumps(keyed), encoding="utf-8")
    assert [item.title for item in read(path) if isinstance(item, Post)] == ["One", "Two", "One"]
