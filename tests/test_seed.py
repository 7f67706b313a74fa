"""The document that the project began with, from the file to the ranked hits."""

from __future__ import annotations

from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.results import Mode

CHECHNYA = {"2019-01-29", "2017-06-09", "2017-05-14"}


@pytest.fixture(scope="module")
def seed(shared: Path) -> Archive:
    """Return an archive of the seed listing."""
    archive = Archive.create(None)
    assert archive.sync(shared / "data" / "seed").added == 12
    return archive


def dates(archive: Archive, query: str, mode: Mode = "default") -> list[str]:
    """Return the dates of the hits, best first."""
    return [str(hit.post.date) for hit in archive.search(query, mode=mode, limit=20)]


def test_chechnya_lgbti_ranks_the_three_posts_first(seed: Archive) -> None:
    """The post of June 2017 is found by its aliases: it never says "LGBTI"."""
    assert set(dates(seed, "Chechnya LGBTI")[:3]) == CHECHNYA
    (june,) = (hit for hit in seed.search("Chechnya LGBTI") if str(hit.post.date) == "2017-06-09")
    assert "LGBTI" not in june.post.body + " ".join(june.post.captions)
    assert "alias: lgbti" in {reason.rule for reason in june.why}


def test_exact_switches_aliases_and_inflections_off(seed: Archive) -> None:
    """As written, one word finds what holds that very word."""
    assert set(dates(seed, "Chechnya LGBTI", "exact")) == CHECHNYA - {"2017-06-09"}
    assert dates(seed, "tortures", "exact") == []
    assert dates(seed, "tortures")


def test_the_highlights_are_the_reasons(seed: Archive) -> None:
    """Whatever is highlighted in a snippet is named in why."""
    for hit in seed.search("Chechnya LGBTI"):
        words = {reason.words for reason in hit.why}
        text = hit.snippet.text
        assert hit.snippet.spans
        for start, end in hit.snippet.spans:
            assert any(text[start:end] in word or word in text[start:end] for word in words)


def test_every_hit_leads_to_its_place_in_the_source(seed: Archive, shared: Path) -> None:
    """The bytes that a post names hold its first and its last words."""
    for hit in seed.search("", limit=20):
        place = hit.post.provenance
        content = (shared / "data" / "seed" / place.path).read_bytes()
        passage = content[place.byte_start : place.byte_end].decode(place.encoding)
        passage = " ".join(passage.split())
        for paragraph in (hit.post.paragraphs[0], hit.post.paragraphs[-1]):
            assert " ".join(paragraph.split()) in passage
