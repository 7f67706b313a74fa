"""The labels of the sample corpus: whole, well-formed and in the vocabulary."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation import corpus_labels, listing_labels
from evaluation.corpus_labels import LABELS, labelled_posts
from evaluation.data import read_records
from evaluation.labelled import FIELDS, Labelled, measures, rows_of
from rights_search.geography import territories
from rights_search.post import Post, Provenance, Tag
from rights_search.vocabulary import groups, themes

RECORDS = read_records(LABELS)
LISTING = read_records(listing_labels.LABELS)


def test_every_label_has_its_post() -> None:
    """Each record names one post of the corpus, and at least 220 posts are labelled."""
    posts = {item.post.id for item in labelled_posts()}
    assert len(posts) == len(RECORDS) >= 220


@pytest.mark.parametrize(
    "record", RECORDS, ids=lambda record: f"{record['path']}:{record['title']}"
)
def test_labels_keep_to_the_guidelines(record: dict[str, Any]) -> None:
    """Values are known and not repeated; numbers are within what the guidelines allow."""
    assert set(record) - {"doubt"} == {"path", "title", *FIELDS}
    assert all(len(set(record[kind])) == len(record[kind]) for kind in FIELDS)
    assert all(territories.is_code(code) for code in record["mentions"])
    assert set(record["about"]) <= set(record["mentions"])
    assert 1 <= len(record["themes"]) <= 4
    assert set(record["themes"]) <= set(themes.ids())
    assert len(record["groups"]) <= 3
    assert set(record["groups"]) <= set(groups.ids())


def test_a_label_without_a_post_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A post whose title changed is not left out in silence."""
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps({**RECORDS[0], "title": "Gone"}) + "\n", encoding="utf-8")
    monkeypatch.setattr(corpus_labels, "LABELS", path)
    with pytest.raises(ValueError, match="is titled 'Gone'"):
        labelled_posts()


def test_a_pair_is_what_is_wanted_and_what_is_there() -> None:
    """Kinds of labels are compared with the fields of a post that hold them."""
    post = Post("0" * 12, "A title", (), Provenance("a.txt", "0" * 64, "plain"))
    tagged = replace(post, countries=(Tag("RU", ()),), themes=(Tag("torture", ()),))
    wanted = {kind: frozenset[str]() for kind in FIELDS} | {"about": frozenset({"UA"})}
    labelled = Labelled(tagged, wanted)
    assert labelled.pair("about") == ({"UA"}, {"RU"})
    assert labelled.pair("themes") == (set(), {"torture"})


def test_rows_of_a_tagged_post() -> None:
    """One right and one wrong country: precision 1/2, recall 1, F1 2/3, and not all right."""
    post = Post("0" * 12, "A title", (), Provenance("a.txt", "0" * 64, "plain"))
    tagged = replace(post, countries=(Tag("RU", ()), Tag("UA", ())), themes=(Tag("torture", ()),))
    wanted = {
        **{kind: frozenset[str]() for kind in FIELDS},
        "about": frozenset({"UA"}),
        "themes": frozenset({"torture"}),
        "groups": frozenset({"women"}),
    }
    rows = rows_of("news", [Labelled(tagged, wanted)], "1 post")
    values = {row.measure: row.value for row in rows}
    assert list(values) == measures()
    assert values["about precision"] == pytest.approx(1 / 2)
    assert values["about recall"] == 1
    assert values["about F1"] == pytest.approx(2 / 3)
    assert values["about all right"] == 0
    assert values["themes macro F1"] == 1
    assert values["groups recall"] == 0
    assert values["themes a post"] == 1


@pytest.mark.parametrize("record", LISTING, ids=lambda record: str(record["id"]))
def test_labels_of_listing_records(record: dict[str, Any]) -> None:
    """They keep to the same vocabulary; a record that says nothing has no theme."""
    assert set(record) - {"doubt"} == {"id", *FIELDS}
    assert all(territories.is_code(code) for code in record["mentions"])
    assert set(record["about"]) <= set(record["mentions"])
    assert len(record["themes"]) <= 4
    assert set(record["themes"]) <= set(themes.ids())
    assert set(record["groups"]) <= set(groups.ids())
