"""Theme tags on labelled records."""

from __future__ import annotations

from pathlib import Path

from evaluation.data import make_post, read_records
from evaluation.metrics import macro_f1, mean, micro
from evaluation.rows import Row, not_here
from rights_search.post import Post
from rights_search.tagging.themes import tag_themes
from rights_search.vocabulary import themes


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure the theme tagger on UN recommendations and listing records."""
    every = 3 if quick else 1
    return [
        *_recommendations(folder / "upr-recommendations.dev.jsonl.gz", every),
        *_topics(folder / "amnesty-listing.dev.jsonl.gz", every),
    ]


def _recommendations(path: Path, every: int) -> list[Row]:
    """Score all tags of recommendations whose issues map to our themes."""
    data = "upr-recommendations"
    names = ("micro precision", "micro recall", "micro F1", "macro F1")
    if not path.is_file():
        return not_here(data, path, *names)
    records = read_records(path, every)
    wanted = [{i for issue in row["themes"] for i in themes.resolve(issue)} for row in records]
    # Themes that the list of issues does not have cannot be right there.
    known = set().union(*wanted)
    given = [known & _tags(make_post("", row["text"])) for row in records]
    pairs = list(zip(wanted, given, strict=True))
    size = f"{len(pairs):,} recommendations"
    whole = micro(pairs)
    values = (whole.precision, whole.recall, whole.f1, macro_f1(pairs))
    return [Row(data, name, value, size) for name, value in zip(names, values, strict=True)]


def _topics(path: Path, every: int) -> list[Row]:
    """Score whether the one topic that a page shows is among few tags."""
    data, recall, tags = "amnesty-listing", "shown topic found", "tags a post"
    if not path.is_file():
        return not_here(data, path, recall, tags)
    records = read_records(path, every)
    given = [_tags(make_post(row["title"], row["text"])) for row in records]
    hits = [
        not found.isdisjoint(themes.resolve(row["themes"][0]))
        for row, found in zip(records, given, strict=True)
        if row["themes"]
    ]
    return [
        Row(data, recall, mean(hits), f"{len(hits):,} records"),
        Row(data, tags, mean(len(found) for found in given), f"{len(given):,} records"),
    ]


def _tags(post: Post) -> set[str]:
    return {tag.value for tag in tag_themes(post).themes}
