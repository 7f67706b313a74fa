"""All tags of real listing records, against labels made by hand.

The records are 90 of the listing data, drawn at random; only their labels are here:
``evaluation/labels/README.md``. Unlike the labels of the pages, they are complete, so
that a wrong tag counts.
"""

from __future__ import annotations

from pathlib import Path

from evaluation.data import make_post, read_records
from evaluation.labelled import Labelled, measures, rows_of, wanted_of
from evaluation.rows import Row, not_here
from rights_search.tagging import tag

LABELS = Path(__file__).with_name("labels") / "listing.jsonl"

_DATA = "amnesty-listing, labelled"


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure every tagger on the labelled records; ``quick`` makes no difference."""
    del quick
    path = folder / "amnesty-listing.dev.jsonl.gz"
    if not path.is_file():
        return not_here(_DATA, path, *measures())
    labelled = _labelled(path)
    return rows_of(_DATA, labelled, f"{len(labelled)} records")


def _labelled(path: Path) -> list[Labelled]:
    """Return the labelled records, tagged.

    Raises:
        KeyError: if the data has no record of a label's id.
    """
    records = {record["id"]: record for record in read_records(path)}
    labelled = []
    for label in read_records(LABELS):
        record = records[label["id"]]
        post = make_post(record["title"], record["text"], language=None)
        labelled.append(Labelled(tag(post), wanted_of(label)))
    return labelled
