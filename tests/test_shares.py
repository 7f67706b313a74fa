"""A file that several processes share: together they read what one would."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.indexing.file_reading import Reading, together
from rights_search.indexing.sync_results import Problem
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest import source as sources
from rights_search.ingest.records.draft import Setting, to_draft, to_wanted_draft
from rights_search.ingest.source import Share
from rights_search.post import Post

_NAMES = ("id", "url", "title", "text", "date", "language")
_VALUES = st.sampled_from(("", " ", "a", "b", "a b", "<b></b>", "&amp;", "2014", "\ud800", "…"))
_RECORDS = st.lists(st.dictionaries(st.sampled_from(_NAMES), _VALUES, min_size=1), max_size=40)
_Records: TypeAlias = Sequence[dict[str, str]]


def _as_lines(records: _Records) -> str:
    lines = [json.dumps(record) for record in records]
    return "\n".join([*lines[:3], "{broken", *lines[3:], "[]"])


def _as_list(records: _Records) -> str:
    return json.dumps({"posts": [*records, 1, *records]})


def _as_table(records: _Records) -> str:
    out = io.StringIO()
    rows = csv.DictWriter(out, _NAMES)
    rows.writeheader()
    rows.writerows(records)
    return out.getvalue().replace("\ud800", "x")


def _as_mailbox(records: _Records) -> str:
    return "".join(
        f"From a@example.org Mon Mar  3 10:00:00 2014\nSubject: {record.get('title', '')}\n"
        f"Date: Mon, 3 Mar 2014 10:00:00 +0000\n\n{record.get('text', '')}\n\n"
        for record in records
    ).replace("\ud800", "x")


@pytest.mark.parametrize(
    ("name", "spell"),
    [
        ("p.jsonl", _as_lines),
        ("p.json", _as_list),
        ("p.csv", _as_table),
        ("p.mbox", _as_mailbox),
    ],
)
@given(records=_RECORDS, shares=st.integers(2, 4), run=st.integers(1, 5))
def test_the_shares_of_a_file_are_the_whole_of_it(
    name: str, spell: Callable[[_Records], str], records: _Records, shares: int, run: int
) -> None:
    """Every post is in the share of its run, with its id and its place; errors are in each."""
    content = spell(records).encode()
    posts, others = _parted(_read(name, content, None))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "RUN", run)
        of_shares = [_parted(_read(name, content, Share(n, shares))) for n in range(shares)]
    runs = [posts[start : start + run] for start in range(0, len(posts), run)]
    for number, (found, said) in enumerate(of_shares):
        assert found == [post for each in runs[number::shares] for post in each]
        assert said == others


def _read(name: str, content: bytes, share: Share | None) -> list[Post | ReadError | Skipped]:
    return list(read_file(Source(Path(name), name, "0", content=content, share=share)))


def _parted(
    found: Sequence[Post | ReadError | Skipped],
) -> tuple[list[Post], list[str]]:
    posts = [each for each in found if isinstance(each, Post)]
    return posts, [str(each) for each in found if not isinstance(each, Post)]


def test_a_record_of_others_is_not_made() -> None:
    """What is not wanted costs no paragraphs: its key, or its address, and its title will do."""
    record = {"id": "7", "title": "A title", "text": "A text.", "date": "2014"}
    wanted, other = (
        Setting(Source(Path("p"), "p", "0", share=Share(number, 2)), "jsonl") for number in (0, 1)
    )
    assert to_wanted_draft(record, wanted) == to_draft(record, wanted)
    sketch = to_wanted_draft(record, other)
    assert (sketch.key, sketch.title, sketch.paragraphs) == ("7", "A title", ())
    assert to_wanted_draft({**record, "id": ""}, other).paragraphs == ("A text.",)


def test_what_one_share_alone_met_is_told() -> None:
    """What is wrong with a record stands in every share and is told as often as it is there."""
    broken, late = Problem("p.csv", "broken", line=1), Problem("p.csv", "takes too long")
    readings = [
        Reading("0", is_same=False, runs=(), readers=(), problems=problems, unclear_dates=0)
        for problems in ((broken, broken), (broken, late), (late,))
    ]
    assert together(readings).problems == (broken, broken, late)
