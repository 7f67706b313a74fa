"""What makes one match a better answer than another, and what a score is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.engines import ranking
from rights_search.post import Post, Provenance
from rights_search.query.broadening import REPEATED_POWER, broaden
from rights_search.query.feedback import Bag, Roots, bag, feedback
from rights_search.query.neighbours import smooth
from rights_search.query.nodes import Derived, Facet, Or, Phrase, Prefer, Synonyms, Word, leaves
from rights_search.query.parser import parse
from rights_search.query.preferences import prefer
from rights_search.query.tuning import TUNED

POSTS = """\
{"title": "A", "text": "The prison was closed. Nobody spoke of torture.", "date": "2001-05-06"}
{"title": "B", "text": "Torture in prison was reported.", "date": "2002-05-06"}
{"title": "C", "text": "Torture. Prison. They say that prison is torture.", "date": "1990"}
{"title": "D", "text": "Ukraine and Turkey talk: Ukraine.", "country": "Turkey", "date": "2003"}
{"title": "E", "text": "Ukraine and Turkey talk: Turkey.", "country": "Ukraine", "date": "2003"}
{"title": "F", "text": "Strike of the miners.", "date": "2020-01-01"}
{"title": "G", "text": "Strike of the miners.", "date": "1970-01-01"}
{"title": "H", "text": "Strike of the miners."}
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive of a few short posts."""
    corpus = tmp_path_factory.mktemp("ranking")
    (corpus / "posts.jsonl").write_text(POSTS, encoding="utf-8")
    with Archive.create(None) as archive:
        assert archive.sync(corpus).added == POSTS.count("\n")
        yield archive


# --- preferences ------------------------------------------------------------------------


def test_neighbours_of_the_query_are_preferred_near_each_other() -> None:
    """Two plain words side by side are a pair; quoted and negated ones are not."""
    node = prefer(parse('torture prison "death row" -police').node)
    assert isinstance(node, Prefer)
    pairs = [each.node for each in node.preferences if each.rule == "near"]
    assert [pair.terms for pair in pairs if isinstance(pair, Phrase)] == [("torture", "prison")]


def test_a_named_country_is_preferred() -> None:
    """The name of a country, in any language and of several words, prefers posts about it."""
    node = prefer(parse("prisons sri lanka").node)
    assert isinstance(node, Prefer)
    about = [each for each in node.preferences if each.rule == "about"]
    assert [each.node for each in about] == [Facet("country", ("LK",))]
    assert "prisons sri lanka"[slice(*about[0].span)] == "sri lanka"


@pytest.mark.parametrize("query", ["in", "no", "us", "torture", '"Sri Lanka"', "-Kenya", ""])
def test_what_names_no_country_prefers_none(query: str) -> None:
    """Codes are words as well, and what is quoted or left out is not asked for."""
    node = prefer(parse(query).node)
    rules = [each.rule for each in node.preferences] if isinstance(node, Prefer) else []
    assert "about" not in rules


def test_posts_about_a_country_come_first(archive: Archive) -> None:
    """Of two posts with the same words the one about the country is the better answer."""
    assert [hit.post.title for hit in archive.search("Ukraine talks")] == ["E", "D"]
    assert [hit.post.title for hit in archive.search("Turkey talks")] == ["D", "E"]


def test_words_near_each_other_score_higher(archive: Archive) -> None:
    """The pair adds to the score where it stands together."""
    hits = {hit.post.title: hit for hit in archive.search("torture prison")}
    near = {
        title: sum(part.score for part in hit.parts if part.rule == "near")
        for title, hit in hits.items()
    }
    assert near["C"] > near["A"] > 0


# --- recency ----------------------------------------------------------------------------


def test_recent_relevant_order_fades_with_age(archive: Archive) -> None:
    """Equal texts come in the order of their dates, the undated one with the oldest."""
    hits = archive.search("strike", sort="recent-relevant").hits
    assert [hit.post.title for hit in hits] == ["F", "G", "H"]
    assert hits[0].score > hits[1].score > hits[2].score * 0.999
    relevant = archive.search("strike").hits
    assert len({hit.score for hit in relevant}) == 1


@pytest.mark.parametrize(
    ("day", "factor"),
    [(None, 0.5), (1000, 1.0), (2000, 1.0), (1000 - ranking.HALF_LIFE_DAYS, 0.75), (-(10**6), 0.5)],
)
def test_recency_halves_with_each_half_life(day: float | None, factor: float) -> None:
    """From 1 for the newest to one half for what is very old or undated."""
    assert ranking.recency(day, 1000) == pytest.approx(factor)  # type: ignore[arg-type]


# --- what a score is made of --------------------------------------------------------------


@pytest.mark.parametrize("mode", ["exact", "default", "broad"])
@pytest.mark.parametrize("sort", ["relevance", "recent-relevant"])
@pytest.mark.parametrize("query", ["torture prison", "Ukraine talks OR strike"])
def test_the_parts_add_up_to_the_score(archive: Archive, mode: str, sort: str, query: str) -> None:
    """Nothing of a score is unexplained, in any mode."""
    results = archive.search(query, mode=mode, sort=sort)  # type: ignore[arg-type]
    assert results.total
    for hit in results:
        assert sum(part.score for part in hit.parts) == pytest.approx(hit.score)


def test_explain_names_the_words(archive: Archive) -> None:
    """The score, then a line for each part, with the words that it comes from."""
    first, *rest = archive.search("torture prison").hits[0].explain().splitlines()
    assert first.endswith(" score")
    assert [line.split(" ", 1)[1] for line in rest] == [
        "torture: words", "prison: words", "torture prison: near",
    ]  # fmt: skip


# --- broad ------------------------------------------------------------------------------


def test_broad_asks_for_any_word_and_its_roots() -> None:
    """Alternatives of words with what shares their root; quoted words inflected, but in order."""
    node = broaden(parse('terrorism "fair trial"').node, lambda _: 100)
    assert isinstance(node, Or)
    word, phrase = node.children
    assert isinstance(word, Synonyms)
    assert word.leaves[0] == Word("terrorism")
    assert isinstance(word.leaves[1], Derived)
    assert phrase == Phrase(("fair", "trial"), exact=False)
    assert broaden(parse('"prisons"').node, lambda _: 100) == Word("prisons")


def test_a_repeated_word_counts_less_than_twice() -> None:
    """Saying a word twice makes it heavier, but not two words of it."""
    node = broaden(parse("prison prison strike").node, lambda _: 100)
    boosts = {leaf.term: leaf.boost for leaf in leaves(node) if isinstance(leaf, Word)}
    assert boosts == {"prison": pytest.approx(2**REPEATED_POWER), "strike": 1.0}


def test_broad_matches_what_any_word_matches(archive: Archive) -> None:
    """Feedback and neighbours change the order alone."""
    either = archive.search("miners OR ukraine", mode="default", limit=50)
    broad = archive.search("miners ukraine", mode="broad", limit=50)
    assert broad.total == either.total
    assert {hit.post.id for hit in broad} == {hit.post.id for hit in either}


def test_broad_pages_are_slices_of_one_order(archive: Archive) -> None:
    """Paging through a broad result gives each post once."""
    whole = [hit.post.id for hit in archive.search("miners ukraine prison", mode="broad", limit=50)]
    paged = [
        hit.post.id
        for offset in range(0, len(whole), 2)
        for hit in archive.search("miners ukraine prison", mode="broad", limit=2, offset=offset)
    ]
    assert paged == whole


def make_bag(**counts: int) -> Bag:
    """Return a bag whose roots are their own forms."""
    return Bag(counts, {word: word for word in counts}, sum(counts.values()))


def test_feedback_weighs_what_the_best_answers_share() -> None:
    """Frequent, rare words of good answers come first; together they get their share."""
    answers = [(make_bag(gulag=3, camp=1), 4.0), (make_bag(camp=1, said=3), 1.0)]
    found = feedback(answers, {"gulag": 4.0, "camp": 4.0, "said": 0.25}, words=3.0)
    terms = [
        next(word.term for word in leaves(each.node) if isinstance(word, Word)) for each in found
    ]
    assert terms == ["gulag", "camp", "said"]
    assert sum(each.weight for each in found) == pytest.approx(
        3.0 * TUNED.feedback_share / (1 - TUNED.feedback_share)
    )


def test_feedback_needs_an_answer() -> None:
    """Nothing found, or nothing ranked, is nothing to learn from."""
    assert feedback([], {}, 1.0) == ()
    assert feedback([(make_bag(camp=1), 0.0)], {"camp": 1.0}, 1.0) == ()


def test_a_bag_holds_roots_without_function_words() -> None:
    """Words of one root are counted together, under their most frequent form."""
    post = Post(
        "0" * 12,
        "Computers",
        ("The computer and the computation of computers",),
        Provenance("x", "0" * 64, "test"),
        language="en",
    )
    found = bag(post)
    assert found.counts == {"comput": 4}
    assert found.forms == {"comput": "computers"}
    assert found.length == 8


def test_the_words_of_a_search_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts full of made-up words are not all looked up: what was met before still counts."""
    monkeypatch.setattr("rights_search.query.feedback.MAX_WORDS", 3)
    post = Post("0" * 12, "Prisons", ("camp gulag strike",), Provenance("x", "0" * 64, "test"))
    roots: Roots = {}
    assert list(bag(post, roots).forms.values()) == ["prisons", "camp", "gulag"]
    other = replace(post, paragraphs=("strike gulag gulag walkout",))
    assert bag(other, roots).counts == {"gulag": 2, "prison": 1}
    assert bag(other).counts["gulag"] == 2


def test_neighbours_lift_each_other() -> None:
    """A post that resembles a good one rises above one that resembles nothing."""
    bags = [make_bag(camp=1, gulag=1), make_bag(camp=1, gulag=1), make_bag(strike=1)]
    rarity = {"camp": 1.0, "gulag": 1.0, "strike": 1.0}
    top, alike, alone = smooth(bags, [3.0, 1.0, 1.0], rarity)
    assert top == pytest.approx(3 * (1 - TUNED.neighbour_share) + 1 * TUNED.neighbour_share)
    assert alike == pytest.approx(1 * (1 - TUNED.neighbour_share) + 3 * TUNED.neighbour_share)
    assert alone == pytest.approx(1 - TUNED.neighbour_share)


def test_a_word_of_every_post_stays_a_word_when_posts_change(tmp_path: Path) -> None:
    """Posts that are deleted but not yet gone from the disk make no weight negative."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(8):
        (corpus / f"{number}.md").write_text(f"# Note {number}\n\n2014\n\nTorture in prison.\n")
    with Archive.create(None) as archive:
        archive.sync(corpus)
        for number in range(4):
            (corpus / f"{number}.md").write_text(f"# Notes {number}\n\n2014\n\nPrison: torture.\n")
        archive.sync(corpus)
        results = archive.search("torture prison", mode="broad", copies="all")
        assert results.total == 8
        assert min(hit.score for hit in results) > 0


def test_the_weight_of_a_word_is_positive() -> None:
    """However many posts are counted, the deleted ones too."""
    weights = [ranking.idf(10, matching) for matching in range(20)]
    assert min(weights) > 0
    assert weights == sorted(weights, reverse=True)
