"""Which posts are copies of which, and which follow which."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.links import relations, state
from rights_search.links.clusters import MAX_COMPARED, MAX_IN_BUCKET, NEAR, find_copies
from rights_search.links.fingerprints import (
    BANDS,
    MAX_CHARS,
    SHORT_WORDS,
    bands,
    digest,
    fingerprint,
    normalised,
    permille,
    shingles,
    words_of,
)
from rights_search.links.linker import Linker
from rights_search.links.relations import EXACT, Cluster, Links
from rights_search.links.state import State
from rights_search.links.threads import thread_of
from rights_search.post import PartialDate, Post, Provenance, Tag

FIXTURES = sorted(Path(__file__).parent.glob("fixtures/links/*.json"))
WORDS = [f"word{number}" for number in range(400)]


def make_post(record: Mapping[str, Any]) -> Post:
    """Return the post of a fixture; an id of two letters becomes one of twelve digits."""
    date = record.get("date")
    return Post(
        id=f"{record['id']:0>12}",
        title=record["title"] or "",
        title_derived=record["title"] is None,
        paragraphs=tuple((record["text"] or "").split("\n\n")),
        provenance=Provenance("posts.jsonl", "0" * 64, "jsonl"),
        date=None if date is None else PartialDate(date),
        source=record.get("source", "example.org"),
        url=record.get("url"),
        message_id=record.get("message_id"),
        answers=tuple(record.get("answers", ())),
        language=record.get("language", "en"),
        countries=tuple(Tag(code, ()) for code in record.get("countries", ())),
    )


def never(post_id: str) -> Post:
    """Stand in for reading an old post where there is none."""
    raise AssertionError(f"post {post_id} need not be read again")


def linked(posts: Sequence[Post]) -> tuple[State, Links]:
    """Return what is found among posts that all come at once."""
    linker = Linker(never)
    for post in posts:
        linker.add(post)
    found = linker.finish(None, [post.id for post in posts])
    linker.close()
    return found


def text_of(rng: random.Random, count: int = 60) -> str:
    """Return some words."""
    return " ".join(rng.choices(WORDS, k=count))


def plain_post(number: int, text: str, date: str | None = "2014-02-05") -> Post:
    """Return a post without a title of its own."""
    return make_post({"id": f"{number:x}", "title": None, "text": text, "date": date})


# --- what is found -----------------------------------------------------------------


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_links_of_a_fixture_are_as_it_says(path: Path) -> None:
    """Each fixture holds posts and, beside them, their clusters and threads."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    _, found = linked([make_post(record) for record in expected["posts"]])
    clusters = [
        {
            "original": cluster.original.lstrip("0"),
            "copies": {post_id.lstrip("0"): like for post_id, like in cluster.copies},
        }
        for cluster in found.clusters
    ]
    assert clusters == [
        {
            "original": cluster["original"],
            "copies": {post_id: _Like(like) for post_id, like in cluster["copies"].items()},
        }
        for cluster in expected["clusters"]
    ]
    follows = {
        post_id.lstrip("0"): [target.lstrip("0"), rule]
        for post_id, (target, rule) in found.follows.items()
    }
    assert follows == expected["follows"]


class _Like:
    """Equals the similarities that a fixture allows: a number, ``near`` or ``any``."""

    def __init__(self, like: int | str) -> None:
        self.like = like

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int):
            return NotImplemented
        match self.like:
            case "near":
                return NEAR <= other < EXACT
            case "any":
                return NEAR <= other <= EXACT
            case _:
                return self.like == other

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"{self.like}"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), changed=st.integers(0, 12))
def test_a_near_copy_is_one_by_true_similarity(seed: int, changed: int) -> None:
    """What is linked has 700 thousandths in common, counted on the texts; less is not linked."""
    rng = random.Random(seed)
    first = rng.sample(WORDS, 80)
    second = list(first)
    for place in rng.sample(range(80), changed):
        second[place] = f"other{place}"
    one, two = ({tuple(words[i : i + 4]) for i in range(77)} for words in (first, second))
    like = 1000 * len(one & two) // len(one | two)
    _, found = linked([plain_post(1, " ".join(first)), plain_post(2, " ".join(second))])
    if like < NEAR:
        assert found.clusters == ()
    elif like >= 800:  # below, one pair in some hundred shares no band
        expected = EXACT if changed == 0 else like
        assert found.clusters == (Cluster(f"{1:012x}", ((f"{2:012x}", expected),)),)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_who_is_a_copy_does_not_depend_on_the_order_of_reading(seed: int) -> None:
    """Posts may be added in any order: clusters follow from their dates, lengths and places."""
    rng = random.Random(seed)
    posts = family(rng, 24)
    ids = [post.id for post in posts]
    shuffled = rng.sample(posts, len(posts))
    found = []
    for order in (posts, shuffled):
        linker = Linker(never)
        for post in order:
            linker.add(post)
        remembered, links = linker.finish(None, ids)
        linker.close()
        found.append((state.to_bytes(remembered), relations.to_bytes(links)))
    assert found[0] == found[1]


def family(rng: random.Random, count: int) -> list[Post]:
    """Return posts of which many are copies of others, exact ones and near ones."""
    texts: list[list[str]] = []
    posts: list[Post] = []
    for number in range(count):
        words = list(rng.choice(texts)) if texts and rng.random() < 0.7 else rng.sample(WORDS, 40)
        for place in rng.sample(range(len(words)), rng.choice((0, 0, 1, 2, 4))):
            words[place] = rng.choice(WORDS)
        texts.append(words)
        date = rng.choice((None, "2014", "2014-02", "2014-02-05", "2013-12-31"))
        posts.append(plain_post(number + 1, " ".join(words), date))
    return posts


def test_every_copy_resembles_its_very_original() -> None:
    """In a chain of small changes no post stands under an original that it no longer resembles."""
    words = [f"w{number}" for number in range(60)]
    posts = []
    for number in range(15):
        posts.append(plain_post(number + 1, " ".join(words), f"2014-02-{number + 1:02}"))
        words[number * 4] = f"new{number}"
    texts = {post.id: frozenset(shingles(words_of(post))) for post in posts}
    _, found = linked(posts)
    assert len(found.clusters) > 1
    for cluster in found.clusters:
        original = texts[cluster.original]
        for post_id, like in cluster.copies:
            assert like == permille(texts[post_id], original, len(original)) >= NEAR


@given(*[st.lists(st.integers(0, 9), min_size=1)] * 2)
def test_similarity_is_of_sets_whatever_comes_twice(first: list[int], second: list[int]) -> None:
    """It is what two sets have in common of all that is in either, in thousandths."""
    one, two = frozenset(first), frozenset(second)
    assert permille(one, second, len(two)) == 1000 * len(one & two) // len(one | two)


def test_words_that_a_post_repeats_count_once() -> None:
    """A refrain of one post, which the other has only once, makes them no less alike."""
    rng = random.Random(3)
    text, refrain = text_of(rng), text_of(rng, 30)
    _, found = linked(
        [plain_post(1, f"{text} {refrain} {refrain}"), plain_post(2, f"{text} {refrain}")]
    )
    (cluster,) = found.clusters
    shorter, longer = 60 + 30 - 3, 60 + 30
    assert cluster == Cluster(f"{1:012x}", ((f"{2:012x}", 1000 * shorter // longer),))


def test_the_words_of_a_form_that_all_share_do_not_cost_the_square_of_the_posts() -> None:
    """With boilerplate of 45 words in 60, each post is compared with so many and no more."""
    rng = random.Random(5)
    form = rng.sample(WORDS, 45)
    posts = [
        plain_post(number + 1, " ".join([*form, *(f"own{number}x{place}" for place in range(25))]))
        for number in range(400)
    ]
    remembered, found = linked(posts)
    assert found.clusters == ()
    compared = [row for row, _ in remembered.pairs]
    assert max(compared.count(row) for row in set(compared)) == MAX_COMPARED < MAX_IN_BUCKET


def test_a_thousand_copies_are_compared_once_each() -> None:
    """A post that is everywhere makes one cluster, each copy compared with the original alone."""
    rng = random.Random(6)
    words = rng.sample(WORDS, 100)
    posts = []
    for number in range(1000):
        own = list(words)
        own[number % 100] = f"own{number}"
        posts.append(plain_post(number + 1, " ".join(own)))
    remembered, found = linked(posts)
    assert [len(cluster.copies) for cluster in found.clusters] == [999]
    assert len(remembered.pairs) == 999


# --- fingerprints --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S. “court’s” re-trial", "the u s court s re trial"),
        ("Guantánamo, TÜRKIYE", "guantanamo turkiye"),
        ("cafe\u0301 hu\u00adman", "cafe human"),
        ("Чечня — ёлка", "чечня елка"),
        ("بَرّأت المحكمة", "برات المحكمه"),
        ("人权。NGO人", "人 权 ngo人"),
        ("a_b\tc\nd", "a b c d"),
        ("see [the law](https://example.org/a-b?c=d), now", "see the law now"),
        ("at http://example.org/x.html.", "at"),
        ("\ud800 x", "x"),
        ("…!?", ""),
    ],
)
def test_words_are_those_that_a_copy_keeps(text: str, words: str) -> None:
    """Case, accents, points, signs and line ends make no other text."""
    assert b" ".join(normalised(text)).decode() == words


def test_a_fingerprint_is_the_same_in_every_run() -> None:
    """No hash of Python's own is in it, which would differ from process to process."""
    post = plain_post(1, " ".join(WORDS[:40]))
    words = words_of(post)
    mark = fingerprint(post, len(words), digest(words), shingles(words))
    assert mark.exact == 13512834130478571597
    assert mark.bands[:2] == (908169618, 21293919)


def test_words_made_to_have_the_same_shingles_are_another_text() -> None:
    """CRC-32 of these two words is one in any place: their posts are near-copies at the most."""
    before = [b"the", b"crowd", b"of", b"protesters", b"stood", b"there", *(b"word",) * 40]
    after = [b"rikufuzide" if word == b"protesters" else word for word in before]
    assert shingles(before) == shingles(after)
    posts = [
        plain_post(number, b" ".join(words).decode())
        for number, words in enumerate((before, after))
    ]
    _, found = linked(posts)
    assert found.exact_count == 0
    assert [cluster.copies[0][1] for cluster in found.clusters] == [EXACT - 1]


def test_a_short_text_has_no_bands() -> None:
    """With fewer than thirty words it can only be an exact copy, of one day or undated."""
    for date, has_exact in (("2014-02-05", True), ("2014-02", False), (None, True)):
        post = plain_post(1, " ".join(WORDS[: SHORT_WORDS - 1]), date)
        words = words_of(post)
        mark = fingerprint(post, len(words), digest(words), shingles(words))
        assert bool(mark.exact) is has_exact
        assert not any(mark.bands)


def test_texts_beyond_the_bound_differ_by_their_length() -> None:
    """Only the first million characters are looked at, and a longer rest is another text."""
    start = "word " * (MAX_CHARS // 5)
    posts = [plain_post(number + 1, start + "x" * number) for number in (0, 1, 1)]
    marks = []
    for post in posts:
        words = words_of(post)
        assert len(words) == MAX_CHARS // 5
        marks.append(fingerprint(post, len(words), digest(words), shingles(words)))
    assert marks[0].exact != marks[1].exact == marks[2].exact


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 300))
def test_bands_are_of_the_smallest_hashes_of_their_ranges(seed: int, count: int) -> None:
    """Taken slowly, range by range around the circle, the minima give the same bands."""
    import struct  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    rng = random.Random(seed)
    hashes = [rng.randrange(1 << 32) for _ in range(count)]
    minima = [
        min(hashes, key=lambda value, low=number << 26: (value - low) % (1 << 32))  # type: ignore[misc]
        for number in range(64)
    ]
    expected = [
        zlib.crc32(struct.pack("<4I", *minima[4 * band : 4 * band + 4])) for band in range(BANDS)
    ]
    assert list(bands(hashes)) == expected


# --- threads -------------------------------------------------------------------------


def thread_titles() -> list[tuple[str, str]]:
    """Return titles and what is left of them without the mark; empty where there is none."""
    path = Path(__file__).parent / "fixtures" / "links" / "titles.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(title, subject) for title, subject in rows]


@pytest.mark.parametrize(("title", "subject"), thread_titles())
def test_a_title_says_what_it_follows(title: str, subject: str) -> None:
    """The mark is found in its place only, and what stands beside it is what is followed."""
    thread = thread_of(make_post({"id": "1", "title": title, "text": "Text."}))
    assert thread.is_follow_up is bool(subject)
    if subject:
        words = b" ".join(normalised(subject)).decode()
        assert f"title example.org\0{words}" in thread.names


def test_a_title_of_a_million_characters_is_cut() -> None:
    """A hostile title costs no more than a long one."""
    for title in ("Update: " * 100_000, "a: " * 300_000 + "update", "(" * 500_000 + "update)"):
        thread = thread_of(make_post({"id": "1", "title": title, "text": "Text."}))
        assert all(len(name) < 1100 for name in thread.names)


def test_letters_that_only_ignoring_case_confuses_are_no_name() -> None:
    """A dotless i in the name of an appeal stops nothing."""
    thread = thread_of(make_post({"id": "1", "title": "Actıon urgente 12/93: X", "text": "T."}))
    assert thread.action == ""


def test_hundreds_of_cited_numbers_are_cut() -> None:
    """A title that cites everything cites twenty."""
    title = "Further information on " + " ".join(f"ASA 11/{n}/90" for n in range(1, 70))
    assert len(thread_of(make_post({"id": "1", "title": title, "text": "Text."})).cites) == 20


# --- stored forms --------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_is_stored_is_what_is_read(seed: int) -> None:
    """Both files give back what went into them."""
    remembered, found = linked(family(random.Random(seed), 12))
    assert state.from_bytes(state.to_bytes(remembered)) == remembered
    assert relations.from_bytes(relations.to_bytes(found)) == found


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damage_is_never_taken_for_links(data: st.DataObject) -> None:
    """A byte changed, cut off or added anywhere is a ValueError that says so."""
    remembered, found = linked(family(random.Random(3), 6))
    for good, read in (
        (state.to_bytes(remembered), state.from_bytes),
        (relations.to_bytes(found), relations.from_bytes),
    ):
        place = data.draw(st.integers(0, len(good) - 1))
        cut, flipped = good[:place], bytearray(good)
        flipped[place] ^= data.draw(st.integers(1, 255))
        for bad in (cut, bytes(flipped), b"", good + b"x"):
            with pytest.raises(
                ValueError, match=r"its checksum is wrong|none of our files|it has form"
            ):
                _ = read(bad)


def stored(record: dict[str, object], form: int = 2) -> bytes:
    """Return a file of links with some content, its checksum right."""
    body = json.dumps(record).encode()
    return b'{"links":%d,"crc32":%d}\n%b' % (form, crc32(body), body)


def test_links_of_the_form_before_are_read() -> None:
    """An index that was written before is searched without being built anew."""
    clusters = [["a", ["b", 1000], ["c", 800]], ["d", ["e", 700]]]
    follows = [["f", "a", "reply"]]
    assert relations.from_bytes(stored({"clusters": clusters, "follows": follows}, 1)) == Links(
        (Cluster("a", (("b", 1000), ("c", 800))), Cluster("d", (("e", 700),))),
        {"f": ("a", "reply")},
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"ids": "a b"},
        {"ids": "a b c d"},
        {"ids": ["a", "b", "c"]},
        {"sizes": [3, 0]},
        {"sizes": [2]},
        {"sizes": [True, 2]},
        {"sizes": "3"},
        {"likes": [1000]},
        {"likes": [1000, 1001]},
        {"likes": [1000, -1]},
        {"likes": [1000, "x"]},
        {"follows": [["f", 5, "reply"]]},
        {"follows": [["f", "a", "hearsay"]]},
        {"clusters": 5},
        {"clusters": [["a", ["b", 1000], ["c"]]]},
        {"clusters": [[5, ["b", 1000]]]},
    ],
    ids=str,
)
def test_numbers_that_do_not_fit_are_no_links(wrong: dict[str, object]) -> None:
    """Ids, sizes and similarities that contradict each other are a ValueError."""
    record: dict[str, object] = {"ids": "a b c", "sizes": [3], "likes": [1000, 800], "follows": []}
    assert relations.from_bytes(stored(record)).copy_ids == ("b", "c")
    with pytest.raises(ValueError, match=r"it |none|not in|not enough"):
        relations.from_bytes(stored(record | wrong))


def test_links_are_looked_up_by_any_of_their_posts() -> None:
    """A cluster is found by its original and by its copies; followers by what they follow."""
    links = Links(
        (Cluster("a", (("b", 1000), ("c", 800))),), {"d": ("a", "reply"), "e": ("a", "same title")}
    )
    assert {links.cluster(post_id) for post_id in "abc"} == {links.clusters[0]}
    assert links.cluster("d") is None
    assert links.copy_ids == ("b", "c")
    assert links.exact_count == 1
    assert links.followers("a") == ("d", "e")


def test_only_shared_bands_lead_to_a_comparison() -> None:
    """Posts that have nothing in common are never compared."""
    rng = random.Random(7)
    remembered, _ = linked([plain_post(number + 1, text_of(rng)) for number in range(200)])
    assert remembered.pairs == {}
    assert find_copies(remembered, lambda row, others: [row + other for other in others]) == []
