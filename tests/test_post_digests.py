"""Digests of posts: what they tell apart, and those of indexes of before."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from rights_search.indexing.post_digests import digest
from rights_search.post import Evidence, PartialDate, Post, Provenance, Tag

POST = Post(
    id="0123456789ab",
    title="A court’s ruling",
    paragraphs=("Ein Urteil.", "\ud800"),
    provenance=Provenance("a.txt", "0" * 64, "plain"),
    date=PartialDate("2019-09", "front matter: date", ("circa",)),
    countries=(Tag("NR", (Evidence("title", "Nauru", "country name", 1, 0, 5),)),),
)
OTHERS: dict[str, Any] = {
    "title_derived": True,
    "paragraphs": ("Ein Urteil.",),
    "date": PartialDate("2019-09", "front matter: date"),
    "updated": POST.date,
    "authors": ("A",),
    "countries": (),
    "mentions": POST.countries,
    "themes": (Tag("NR", POST.countries[0].evidence),),
    "language": "de",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_values_give_another_digest(name: str) -> None:
    """Whatever changes in a post is seen by its digest, tags and their reasons included."""
    assert digest(dataclasses.replace(POST, **{name: OTHERS[name]})) != digest(POST)


def test_place_in_the_source_does_not_count() -> None:
    """A post that only moved within its file did not change."""
    moved = dataclasses.replace(POST, provenance=Provenance("a.txt", "1" * 64, "plain", 7, 8))
    assert digest(moved) == digest(POST)


def test_digests_are_the_same_in_every_process_and_version() -> None:
    """A digest that came out otherwise without a new version would tell of changes in vain."""
    assert digest(POST) == "5b815744f02dd7b"
