"""All tags of the posts in ``corpus/``, against labels made by hand.

The labels and how they were made: ``evaluation/labels/README.md``. The posts are
tagged twice: as they are read, and from their text alone, without what the source
says about countries and themes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from evaluation.data import CORPUS, read_records
from evaluation.labelled import FIELDS, Labelled, rows_of, wanted_of
from evaluation.metrics import micro
from evaluation.rows import Row
from rights_search.ingest import read
from rights_search.post import Post
from rights_search.tagging import tag

LABELS = Path(__file__).with_name("labels") / "corpus.jsonl"


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure every tagger on the labelled posts; both arguments make no difference."""
    del folder, quick  # the project ships these data, and they are small
    return list(_measure())


@cache
def _measure() -> tuple[Row, ...]:
    labelled = labelled_posts()
    alone = [replace(item, post=tag(_text_alone(item.post))) for item in labelled]
    as_read = [replace(item, post=tag(item.post)) for item in labelled]
    size = f"{len(labelled)} of {len(_corpus())} posts"
    return (
        *rows_of("corpus", as_read, size),
        *rows_of("corpus, text alone", alone, size),
        *_by_language("corpus, text alone", alone),
    )


def labelled_posts() -> list[Labelled]:
    """Return the posts of the corpus that have a label, untagged.

    Raises:
        ValueError: if a label has no post: the text or title of one has changed.
    """
    posts = {(post.provenance.path, post.title): post for post in _corpus()}
    found = []
    for label in read_records(LABELS):
        post = posts.get((label["path"], label["title"]))
        if post is None:
            raise ValueError(f"no post in corpus/{label['path']} is titled {label['title']!r}")
        found.append(Labelled(post, wanted_of(label)))
    return found


@cache
def _corpus() -> tuple[Post, ...]:
    return tuple(post for post in read(CORPUS) if isinstance(post, Post))


def _text_alone(post: Post) -> Post:
    """Return a post without what its source says about countries and themes."""
    return replace(post, source_countries=(), source_tags=(), page_country=None)


def _by_language(data: str, labelled: Iterable[Labelled]) -> list[Row]:
    languages: dict[str, list[Labelled]] = defaultdict(list)
    for item in labelled:
        languages[item.post.language or "unknown"].append(item)
    return [
        Row(f"{data}, {language}", f"{kind} F1", micro(pairs).f1, f"{len(pairs)} posts")
        for language, items in sorted(languages.items())
        for kind in FIELDS
        for pairs in [[item.pair(kind) for item in items]]
    ]
