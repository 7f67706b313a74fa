"""Country tags on labelled records: what a post is about, and what it names.

What is counted stands with each scorer below. A record for which the tagger says
nothing counts as wrong wherever one answer is asked for. The tagger's rules were
developed on one half of each set, by a checksum of the record's identifier: the
figures of the other half are shown as well.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from evaluation.data import make_post, read_records
from evaluation.metrics import Pair, mean, micro
from evaluation.rows import Row, not_here
from rights_search.geography import territories
from rights_search.ingest import read
from rights_search.post import Post, Tag
from rights_search.tagging import tag
from rights_search.tagging.countries import tag_countries
from rights_search.tagging.finding import find

Record: TypeAlias = dict[str, Any]

# Spellings of one data set that no list of names would hold.
_SPELLINGS = {
    "Columbia": "CO",
    "Nigeia": "NG",
    "Turrkey": "TR",
    "Unites States of America": "US",
    "Yemeni": "YE",
    "Pakistani": "PK",
    "Ethiopian": "ET",
}
# What stands before the last colon of a title: "UA 12/90 (AFR 1/2/90): Chad: a trial".
_LABELS = re.compile(r"(?:[^:]{1,60}:\s+)+")
_PEOPLE = frozenset({"name", "former", "demonym"})


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure the country tagger on a listing, long posts, news and country texts."""
    return [
        *_seed(folder),
        *_listing(folder / "amnesty-listing.dev.jsonl.gz"),
        *_long_posts(folder / "ooni-posts.jsonl.gz"),
        *_news(folder / "hrdsattack.dev.jsonl.gz"),
        *_country_texts(folder / "freedomhouse-en.jsonl.gz", every=25 if quick else 1),
    ]


def _seed(folder: Path) -> list[Row]:
    """Score the listing that the project began with, from file to tag, post by post."""
    expected = folder.parent / "reference" / "seed-expected.json"
    exact, precision, recall = "about exact", "mentions precision", "mentions recall"
    if not expected.is_file() or not (folder / "seed").is_dir():
        return not_here("seed", folder / "seed", exact, precision, recall)
    wanted = json.loads(expected.read_text(encoding="utf-8"))["posts"]
    posts = [tag(post) for post in read(folder / "seed") if isinstance(post, Post)]
    size = f"{len(posts)} posts"
    mentions = micro(
        (set(record["countries_mentioned"]), set(_codes(post.mentions)))
        for record, post in zip(wanted, posts, strict=True)
    )
    right = (
        _codes(post.countries) == record["countries_about"]
        for record, post in zip(wanted, posts, strict=True)
    )
    return [
        Row("seed", exact, mean(right), size),
        Row("seed", precision, mentions.precision, size),
        Row("seed", recall, mentions.recall, size),
    ]


def _listing(path: Path) -> list[Row]:
    """Score one label a record: the first country that the source's page shows.

    Top-1 is measured where that is also the country under which the page lists the
    record, for other records have several. ``no label`` takes everything up to the
    last colon from the titles. ``about has a label`` is on all records.
    """
    data, top, bare, recall = "amnesty-listing", "about top-1", "top-1, no label", "has a label"
    if not path.is_file():
        return not_here(data, path, *_halved(top, bare), recall)
    records = _with_country(path)
    agreed = [record for record in records if _labels(record) == _labels(record, "listed_under")]

    def is_first(record: Record, title: str) -> bool:
        return _is_first(_about(title, record["text"]), _labels(record))

    found = (not _labels(row).isdisjoint(_about(row["title"], row["text"])) for row in records)
    return [
        *_rows(data, top, agreed, lambda row: is_first(row, row["title"])),
        *_rows(data, bare, agreed, lambda row: is_first(row, _LABELS.sub("", row["title"]))),
        Row(data, recall, mean(found), f"{len(records):,} records"),
    ]


def _long_posts(path: Path) -> list[Row]:
    """Score all countries of a post against all of its labels: micro F1."""
    data, measure = "ooni-posts", "about F1"
    if not path.is_file():
        return not_here(data, path, *_halved(measure))
    return _f1_rows(data, measure, _with_country(path))


def _news(path: Path) -> list[Row]:
    """Score all countries of an article against its label, mostly a single one: micro F1.

    A second country is an error there even where the article is about two. Labels
    that name no country ("Africa") are left out.
    """
    data, measure = "hrdsattack", "about F1"
    if not path.is_file():
        return not_here(data, path, *_halved(measure))
    return _f1_rows(data, measure, [record for record in _with_country(path) if _labels(record)])


def _country_texts(path: Path, *, every: int) -> list[Row]:
    """Score the first country of texts that name their own, or its people, somewhere.

    Which do is told by the table of names alone, in whatever context. Titles name
    the country and are left out.
    """
    data, measure = "freedomhouse", "about top-1, no title"
    if not path.is_file():
        return not_here(data, path, *_halved(measure))
    records = [record for record in _with_country(path, every) if _names_its_country(record)]
    return _rows(
        data,
        measure,
        records,
        lambda record: _is_first(_about("", record["text"]), _labels(record)),
    )


def _names_its_country(record: Record) -> bool:
    text = record["text"]
    found = find(text, territories.fold(text), "en")
    return any(
        entry.kind in _PEOPLE and not _labels(record).isdisjoint(entry.codes)
        for _, _, entry in found
    )


def _rows(
    data: str, measure: str, records: list[Record], is_right: Callable[[Record], bool]
) -> list[Row]:
    """Return the share of right ones on all records and on either half."""
    right = [is_right(record) for record in records]
    parts = [
        [r for r, record in zip(right, records, strict=True) if _half(record) == half]
        for half in (0, 1)
    ]
    return [
        Row(data, name, mean(part) if part else None, f"{len(part):,} records")
        for name, part in zip(_halved(measure), (right, *parts), strict=True)
    ]


def _f1_rows(data: str, measure: str, records: list[Record]) -> list[Row]:
    """Return micro precision and recall on all records, and micro F1 on these and either half."""
    pairs = [
        (_half(record), (_labels(record), set(_about(record["title"], record["text"]))))
        for record in records
    ]
    parts: list[list[Pair]] = [
        [pair for half, pair in pairs if half in halves] for halves in ((0, 1), (0,), (1,))
    ]
    whole, size = micro(parts[0]), f"{len(records):,} records"
    return [
        Row(data, measure.replace("F1", "precision"), whole.precision, size),
        Row(data, measure.replace("F1", "recall"), whole.recall, size),
        *(
            Row(data, name, micro(part).f1, f"{len(part):,} records")
            for name, part in zip(_halved(measure), parts, strict=True)
        ),
    ]


def _halved(*measures: str) -> tuple[str, ...]:
    """Return the names of measures, each followed by those of its halves."""
    return tuple(
        f"{measure}{part}" for measure in measures for part in ("", ", developed on", ", held out")
    )


def _half(record: Record) -> int:
    return zlib.crc32(record["id"].encode()) % 2


def _with_country(path: Path, every: int = 1) -> list[Record]:
    return [record for record in read_records(path, every) if record["country"]]


def _labels(record: Record, key: str = "country") -> set[str]:
    codes: set[str] = set()
    for label in record[key]:
        codes.update((_SPELLINGS[label],) if label in _SPELLINGS else territories.resolve(label))
    return codes


def _about(title: str, body: str) -> list[str]:
    post = replace(make_post(title, body), title_derived=not title)
    return _codes(tag_countries(post).countries)


def _codes(tags: Iterable[Tag]) -> list[str]:
    return [item.value for item in tags]


def _is_first(found: list[str], labels: set[str]) -> bool:
    return found[:1] != [] and found[0] in labels
