"""The labels of the sample corpus: whole, well-formed and in the vocabulary."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from evaluation import corpus_labels
from evaluation.corpus_labels import FIELDS, LABELS, Labelled, labelled_posts
from rights_search import groups, territories, themes
from rights_search.post import Post, Provenance, Tag

RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()
]


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


def test_a_label_without_a_post_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
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
