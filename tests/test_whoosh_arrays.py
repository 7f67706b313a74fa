"""A large index is searched in arrays, a small one in dictionaries: with the same answers."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzzing import examples
from random_posts import make_post
from rights_search.engines import whoosh
from rights_search.engines.protocol import Found, Page, Sort
from rights_search.engines.whoosh import arrays, snapshots
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.segments import Segments
from rights_search.engines.whoosh.snapshots import WhooshSnapshot
from rights_search.query.nodes import Node, Or, Phrase, Prefer, Preference, Word
from rights_search.values import replace
from test_engine_oracle import FACET_NAMES, NODES, PREFERENCES, make_index

GROUPS = st.lists(st.integers(0, 139), max_size=40, unique=True).map(
    lambda numbers: [numbers[start : start + 3] for start in range(0, len(numbers), 3)]
)


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[WhooshSnapshot, WhooshSnapshot]]:
    """Return one state of an index twice: searched in dictionaries, and in arrays."""
    handle, _ = make_index("whoosh", 20190919)
    found = []
    for least in (sys.maxsize, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(snapshots, "MIN_POSTS_FOR_ARRAYS", least)
            found.append(whoosh.snapshot(handle))
    in_dictionaries, in_arrays = found
    with pytest.MonkeyPatch.context() as patch:
        # Else no result is large enough for what large ones are put in order by.
        patch.setattr(arrays, "_FEW_TIES", 3)
        yield in_dictionaries, in_arrays
    in_dictionaries.close()
    in_arrays.close()


def told(found: Found) -> tuple[object, ...]:
    """Return all that an answer says."""
    shares = {document: found.shares(document) for document, _ in found.page}
    return found.total, found.distinct, found.page, found.facets, shares


PAGES = st.builds(
    Page,
    st.sampled_from(get_args(Sort)),
    st.integers(0, 250),
    st.integers(0, 5),
    st.just(FACET_NAMES),
    GROUPS,
)


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.too_slow])
@given(node=NODES | st.builds(Prefer, NODES, PREFERENCES), page=PAGES)
def test_answers_are_equal_to_the_last_bit(
    pair: tuple[WhooshSnapshot, WhooshSnapshot], node: Node, page: Page
) -> None:
    """Order, scores, shares of scores, counts: nothing differs, whatever is asked."""
    in_dictionaries, in_arrays = (told(page.ask(snapshot, node)) for snapshot in pair)
    assert in_dictionaries == in_arrays


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow])
@given(
    node=st.builds(Prefer, NODES, PREFERENCES)
    | st.builds(Prefer, st.builds(Prefer, NODES, PREFERENCES), PREFERENCES),
    sort=st.sampled_from(get_args(Sort)),
    limit=st.integers(0, 20),
)
def test_the_first_posts_are_those_of_the_whole_order(
    pair: tuple[WhooshSnapshot, WhooshSnapshot], node: Prefer, sort: Sort, limit: int
) -> None:
    """What is preferred is worked out for few posts: those that come first when it is for all."""
    for snapshot in pair:
        page = snapshot.search(node, sort=sort, limit=limit, offset=0, facets=()).page
        # As a part of a larger tree it is worked out for all.
        whole = snapshot.search(Or((node,)), sort=sort, limit=1000, offset=0, facets=()).page
        assert page == whole[:limit]


@pytest.mark.parametrize("least", [0, sys.maxsize])
@pytest.mark.parametrize("sort", get_args(Sort))
def test_positions_are_read_for_few_posts(
    least: int, sort: Sort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of posts that the nearness of words cannot bring to the first page no position is read."""
    monkeypatch.setattr(snapshots, "MIN_POSTS_FOR_ARRAYS", least)
    read: set[int] = set()
    positions = Segments.positions

    def reading(
        self: Segments, field: str, term: str, wanted: AbstractSet[int]
    ) -> dict[int, list[int]]:
        read.update(wanted)
        return positions(self, field, term, wanted)

    monkeypatch.setattr(Segments, "positions", reading)
    handle, rng = whoosh.create(None), random.Random(1)
    writer = whoosh.writer(handle)
    for number in range(100):
        words = "torture prison " * number + "other " * (100 - number)
        writer.add(replace(make_post(number, rng, "one"), paragraphs=(words,)))
    writer.commit()
    either = Or((Word("torture"), Word("prison")))
    near = Preference(Phrase(("torture", "prison"), None, 6), 0.1, "near")
    whoosh.snapshot(handle).search(Prefer(either, (near,)), sort=sort, limit=3, offset=0, facets=())
    assert 3 <= len(read) < 50


def test_arrays_are_for_large_indexes(pair: tuple[WhooshSnapshot, WhooshSnapshot]) -> None:
    """The two are what they are compared as."""
    assert [type(each.algebra).__name__ for each in pair] == ["Mappings", "Arrays"]


def test_a_session_goes_over_to_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a small index many searches are worth the import of NumPy; the answers stay equal."""
    monkeypatch.setattr(snapshots, "MIN_POSTS_IN_SESSION", 100)
    handle, _ = make_index("whoosh", 1)
    snapshot = whoosh.snapshot(handle)
    page = Page("relevance", 200, 0, FACET_NAMES)
    first, *_, last = [
        told(page.ask(snapshot, Word("torture"))) for _ in range(snapshots.SEARCHES_BEFORE_SESSION)
    ]
    assert first == last
    assert type(snapshot.algebra).__name__ == "Arrays"


def test_without_numpy_dictionaries_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy is an extra: an index of any size is searched without it."""
    monkeypatch.setattr(snapshots, "MIN_POSTS_FOR_ARRAYS", 0)
    monkeypatch.setattr(snapshots, "find_spec", lambda _: None)
    handle, _ = make_index("whoosh", 1)
    assert type(whoosh.snapshot(handle).algebra).__name__ == "Mappings"


def test_what_is_kept_has_a_bound() -> None:
    """Values go when they are too many; one that replaces another is not counted twice."""
    kept: Kept[str, tuple[int, ...]] = Kept(10)
    for _ in range(20):
        kept.put("a", (1, 2, 3))
    kept.put("b", (1, 2, 3, 4))
    assert kept.get("a") == (1, 2, 3)
    kept.put("c", ())
    kept.put("d", ())
    assert [kept.get(key) for key in "abcd"] == [None, None, None, ()]
    assert kept.made("e", lambda: (5,)) == kept.made("e", lambda: (6,)) == (5,)
