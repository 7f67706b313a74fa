"""Country tags on labelled records: what a post is about, and what it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluation.data import make_post, read_records
from evaluation.metrics import mean, micro
from evaluation.rows import Row, not_here
from rights_search import territories
from rights_search.tagging.countries import tag_countries

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


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure the country tagger on listing records, long posts, news and country texts."""
    return [
        *_listing(folder / "amnesty-listing.dev.jsonl.gz"),
        *_long_posts(folder / "ooni-posts.jsonl.gz"),
        *_news(folder / "hrdsattack.dev.jsonl.gz"),
        *_country_texts(folder / "freedomhouse-en.jsonl.gz", every=25 if quick else 1),
    ]


def _listing(path: Path) -> list[Row]:
    """Score the first tag where the page's two labels agree, and the recall of any label."""
    data, top, recall = "amnesty-listing", "about top-1", "about has a label"
    if not path.is_file():
        return not_here(data, path, top, recall)
    first: list[bool] = []
    recalled: list[bool] = []
    for record in _with_country(path):
        labels = _labels(record)
        found = _about(record["title"], record["text"])
        recalled.append(not labels.isdisjoint(found))
        if labels == _labels(record, "listed_under"):
            first.append(bool(found) and found[0] in labels)
    return [
        Row(data, top, mean(first), f"{len(first):,} records"),
        Row(data, recall, mean(recalled), f"{len(recalled):,} records"),
    ]


def _long_posts(path: Path) -> list[Row]:
    data, measure = "ooni-posts", "about F1"
    if not path.is_file():
        return not_here(data, path, measure)
    pairs = [
        (set(record["country"]), set(_about(record["title"], record["text"])))
        for record in _with_country(path)
    ]
    return [Row(data, measure, micro(pairs).f1, f"{len(pairs):,} posts")]


def _news(path: Path) -> list[Row]:
    data, measure = "hrdsattack", "about F1"
    if not path.is_file():
        return not_here(data, path, measure)
    pairs = [
        (labels, set(_about(record["title"], record["text"])))
        for record in _with_country(path)
        if (labels := _labels(record))
    ]
    return [Row(data, measure, micro(pairs).f1, f"{len(pairs):,} articles")]


def _country_texts(path: Path, *, every: int) -> list[Row]:
    """Score the first tag of texts without a title that name their country at all."""
    data, measure = "freedomhouse", "about top-1, no title"
    if not path.is_file():
        return not_here(data, path, measure)
    first = []
    for record in _with_country(path, every):
        tagged = tag_countries(make_post("", record["text"]))
        labels = _labels(record)
        if labels & {tag.value for tag in tagged.mentions}:
            first.append(tagged.countries[0].value in labels)
    return [Row(data, measure, mean(first), f"{len(first):,} texts")]


def _with_country(path: Path, every: int = 1) -> list[dict[str, Any]]:
    return [record for record in read_records(path, every) if record["country"]]


def _labels(record: dict[str, Any], key: str = "country") -> set[str]:
    codes: set[str] = set()
    for label in record[key]:
        codes.update(territories.resolve(label))
        if label in _SPELLINGS:
            codes.add(_SPELLINGS[label])
    return codes


def _about(title: str, body: str) -> list[str]:
    return [tag.value for tag in tag_countries(make_post(title, body)).countries]
