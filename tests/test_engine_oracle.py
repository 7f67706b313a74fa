"""Every engine must give the matches and counts that plain Python says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from fuzzing import FACTOR, examples
from random_posts import (
    ARABIC,
    COUNTRIES,
    CYRILLIC,
    DATES,
    ODD,
    PEOPLE,
    THEMES,
    WORDS,
    make_post,
)
from rights_search import engines, fields
from rights_search.analysis import terms
from rights_search.engines.protocol import Snapshot, Sort, count_values, order_counts
from rights_search.engines.whoosh import merging, snapshots
from rights_search.errors import QueryError
from rights_search.links.relations import Links
from rights_search.post import PartialDate, Post
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.facets import facet_node
from rights_search.query.matching import find_occurrences, matches
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Everything,
    Facet,
    Fuzzy,
    Has,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefer,
    Preference,
    Prefix,
    Synonyms,
    Transcription,
    Word,
)
from rights_search.results import Mode
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request, read


@dataclass(frozen=True)
class World:
    """An index and the posts that it must hold."""

    snapshot: Snapshot
    posts: dict[str, AnalysedPost] = field(repr=False)


def make_index(name: str, seed: int) -> tuple[Any, dict[str, Post]]:
    """Return an index of several segments, from which sources were deleted, and what it holds."""
    rng = random.Random(seed)
    engine = engines.load(name)
    handle = engine.create(None)
    held: dict[str, Post] = {}
    # Else so few posts would be one segment without deletions.
    groups: list[list[int]] = []
    patch = pytest.MonkeyPatch()
    patch.setattr(merging, "plan", lambda *_, **__: groups)
    for commit in range(5):
        groups = [[0, 1]] if commit == 3 else []
        writer = engine.writer(handle)
        for path in [f"{commit - 2}-1", f"{commit - 1}-0"]:
            writer.delete_source(path)
            held = {key: post for key, post in held.items() if post.provenance.path != path}
        for number in range(40):
            path = f"{commit}-{number % 3}"
            post = make_post(commit * 1000 + number, rng, path)
            held[post.id] = post
            writer.add(post)
        writer.commit()
    patch.undo()
    return handle, held


@pytest.fixture(
    scope="module",
    params=product((*engines.names(), "arrays"), range(20190919, 20190919 + FACTOR)),
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return an index; with "arrays" Whoosh's, searched as a large one is."""
    name, seed = request.param
    handle, held = make_index("whoosh" if name == "arrays" else name, seed)
    with pytest.MonkeyPatch.context() as patch:
        if name == "arrays":
            patch.setattr(snapshots, "MIN_POSTS_FOR_ARRAYS", 0)
        snapshot = engines.load("whoosh" if name == "arrays" else name).snapshot(handle)
    yield World(snapshot, {key: AnalysedPost(post) for key, post in held.items()})
    snapshot.close()


TERMS = st.sampled_from(
    [*WORDS, *CYRILLIC, *ARABIC, *(term for word in ODD for term in terms(word)), "absent"]
)
TEXT_FIELD = st.none() | st.sampled_from([known.name for known in fields.TEXT_FIELDS])
LEAVES = (
    st.builds(Word, TERMS, TEXT_FIELD, st.booleans())
    | st.builds(
        Phrase,
        st.lists(TERMS, min_size=2, max_size=3).map(tuple),
        TEXT_FIELD,
        st.none() | st.integers(0, 5),
        st.booleans(),
    )
    | st.builds(Prefix, TERMS.map(lambda term: term[:3]), TEXT_FIELD)
    | st.builds(Fuzzy, TERMS, st.integers(0, 2), TEXT_FIELD)
    | st.builds(Derived, TERMS, TEXT_FIELD)
    | st.builds(Transcription, TERMS, TEXT_FIELD, st.booleans())
)
IDS = [f"{commit * 1000 + number:012x}" for commit in range(5) for number in range(40)]
DAYS = st.none() | st.sampled_from(
    [PartialDate(date).start for date in DATES if date] + [PartialDate("2014").last]
)
FACETS = (
    st.builds(Facet, st.just("country"), st.lists(st.sampled_from(COUNTRIES)).map(tuple))
    | st.builds(Facet, st.just("mentions"), st.lists(st.sampled_from(COUNTRIES)).map(tuple))
    | st.builds(Facet, st.just("theme"), st.lists(st.sampled_from(THEMES)).map(tuple))
    | st.builds(Facet, st.just("group"), st.lists(st.sampled_from(PEOPLE)).map(tuple))
    | st.builds(Facet, st.just("language"), st.sampled_from([("en",), ("ru", "ar"), ("xx",)]))
    | st.builds(Facet, st.just("source"), st.sampled_from([("one",), ("two words",)]))
    | st.builds(
        Has, st.sampled_from([known.name for known in fields.FIELDS if known.kind != "derived"])
    )
    | st.builds(DateRange, DAYS, DAYS)
    | st.builds(Among, st.just("copy"), st.frozensets(st.sampled_from(IDS), max_size=60))
)
SYNONYMS = st.builds(Synonyms, st.lists(LEAVES, min_size=1, max_size=3).map(tuple))
# Near each other can be what has a place: not words that are themselves only near.
PLACED = LEAVES.filter(lambda leaf: not isinstance(leaf, Phrase) or leaf.slop is None)
MEMBERS = PLACED | st.builds(Synonyms, st.lists(PLACED, min_size=1, max_size=3).map(tuple))
SIMPLE: st.SearchStrategy[Node] = (
    LEAVES
    | FACETS
    | st.just(Everything())
    | SYNONYMS
    | st.builds(Near, st.lists(MEMBERS, min_size=2, max_size=3).map(tuple), st.integers(0, 6))
)
PREFERENCES = st.lists(
    st.builds(
        Preference,
        LEAVES | st.builds(Facet, st.just("country"), st.just(("RU",))),
        st.floats(0.1, 2.0),
        st.sampled_from(["near", "about", "feedback"]),
    ),
    max_size=3,
).map(tuple)


def combined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return trees of ``inner``."""
    return (
        st.builds(And, st.lists(inner, min_size=1, max_size=4).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=1, max_size=4).map(tuple))
        | st.builds(Not, inner)
        | st.builds(Prefer, inner, PREFERENCES)
    )


NODES: st.SearchStrategy[Node] = st.recursive(SIMPLE, combined, max_leaves=8)
DEEP: st.SearchStrategy[Node] = st.recursive(SIMPLE, combined, max_leaves=40)
FACET_NAMES = tuple(known.name for known in fields.FACETS)


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow])
@given(node=NODES | DEEP)
def test_matches_and_counts_are_those_of_the_oracle(world: World, node: Node) -> None:
    """An engine finds the very posts that `matches` accepts and counts their facets."""
    compare(world, node)


def compare(world: World, node: Node) -> None:
    """Let an engine and plain Python answer the same tree."""
    expected = {key for key, post in world.posts.items() if matches(node, post)}
    found = world.snapshot.search(
        node, sort="relevance", limit=len(world.posts) + 1, offset=0, facets=FACET_NAMES
    )
    assert {world.snapshot.post(document).id for document, _ in found.page} == expected
    assert found.total == len(expected)
    for name in FACET_NAMES:
        values = [fields.BY_NAME[name].values(world.posts[key].post) for key in expected]
        assert found.facets[name] == count_values(values), name


PIECES = st.sampled_from([
    *WORDS[:12], *CYRILLIC[:3], *ARABIC[:3], *ODD, "(", ")", ")^2", '"', "«torture prison»", "-",
    "NOT ", " OR ", " AND ", " near:2 ", " NEAR ", "*", "~", "~1", "^3", "title:", "place:", "by:",
    "country:RU,UA", "country:none", "theme:freedoms", "group:(women children)", "year:2013..2014",
    "date:>2014-02", "date:undated", "lang:ar", "source:TWO-words", "has:place", "has:calls",
    "place:Чечня", "place:Tokio", "mentions:XK", "tort", "wom", "id:",
])  # fmt: skip
QUERIES = st.lists(PIECES | st.just(" "), max_size=12).map("".join)


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow])
@given(query=QUERIES, mode=st.sampled_from(get_args(Mode)))
def test_what_people_type_is_what_the_oracle_says(world: World, query: str, mode: Mode) -> None:
    """Parsed, expanded and stripped, a query still finds what its tree means."""
    try:
        question = read(Request(query, mode=mode), LinkedSnapshot(world.snapshot, Links()))
    except QueryError:
        reject()
    compare(world, question.node)
    weaker = question.weaker()
    if weaker is not None:
        compare(world, weaker)


@settings(max_examples=examples(50))
@given(leaf=LEAVES.filter(lambda leaf: not isinstance(leaf, Phrase)))
def test_forms_are_the_terms_that_answer(world: World, leaf: Word | Prefix | Fuzzy) -> None:
    """The terms that a word stood for are those it is found by, with their posts."""
    expected: Counter[str] = Counter()
    for post in world.posts.values():
        found = find_occurrences(leaf, post).found
        expected.update({token.term for occurrence in found for token in occurrence.tokens})
    assert world.snapshot.forms(leaf) == order_counts(expected)


@settings(max_examples=examples(30))
@given(node=NODES, sort=st.sampled_from(["relevance", "newest", "oldest"]), size=st.integers(1, 9))
def test_pages_are_slices_of_one_order(world: World, node: Node, sort: str, size: int) -> None:
    """Paging through a result gives each post once, in the order of the whole result."""

    def page(limit: int, offset: int) -> list[int]:
        found = world.snapshot.search(node, sort=sort, limit=limit, offset=offset, facets=())  # type: ignore[arg-type]
        return [document for document, _ in found.page]

    whole = page(len(world.posts), 0)
    paged = [document for start in range(0, len(whole), size) for document in page(size, start)]
    assert paged == whole


@settings(max_examples=examples(30))
@given(node=NODES)
def test_order_follows_score_and_date(world: World, node: Node) -> None:
    """Scores never rise down a result, nor do dates when the newest come first."""
    found = world.snapshot.search(node, sort="relevance", limit=500, offset=0, facets=())
    scores = [score for _, score in found.page]
    assert scores == sorted(scores, reverse=True)
    assert all(score >= 0 for score in scores)
    newest = world.snapshot.search(node, sort="newest", limit=500, offset=0, facets=())
    dates = [world.snapshot.post(document).date for document, _ in newest.page]
    starts = [date.start.toordinal() if date else -1 for date in dates]
    assert starts == sorted(starts, reverse=True)


@settings(max_examples=examples(30))
@given(node=NODES, sort=st.sampled_from(["relevance", "recent-relevant"]))
def test_the_shares_of_a_score_add_up_to_it(world: World, node: Node, sort: Sort) -> None:
    """What a score is made of is all of it."""
    found = world.snapshot.search(node, sort=sort, limit=20, offset=0, facets=())
    for document, score in found.page:
        shares = found.shares(document)
        assert sum(share.score for share in shares) == pytest.approx(score)


@settings(max_examples=examples(30))
@given(node=NODES, preferences=PREFERENCES)
def test_preferences_change_the_order_alone(
    world: World, node: Node, preferences: tuple[Preference, ...]
) -> None:
    """What is preferred matches neither more nor less, and no post gets a lower score."""
    limit = len(world.posts)
    plain = world.snapshot.search(node, sort="relevance", limit=limit, offset=0, facets=())
    wider = Prefer(node, preferences)
    preferred = world.snapshot.search(wider, sort="relevance", limit=limit, offset=0, facets=())
    before, after = dict(plain.page), dict(preferred.page)
    assert before.keys() == after.keys()
    assert all(after[document] >= before[document] - 1e-9 for document in before)


def test_the_posts_come_back_whole(world: World) -> None:
    """What was added is what is read, field by field."""
    found = world.snapshot.search(Everything(), sort="oldest", limit=500, offset=0, facets=())
    read = {post.id: post for post in (world.snapshot.post(doc) for doc, _ in found.page)}
    assert read == {key: analysed.post for key, analysed in world.posts.items()}
    assert world.snapshot.post_count() == len(world.posts)


def test_ids_are_found_by_prefix(world: World) -> None:
    """Deleted posts are not among the ids."""
    expected = sorted(key for key in world.posts if key.startswith("000000000"))
    assert list(world.snapshot.ids("000000000", 1000)) == expected


def test_a_year_facet_and_a_year_range_agree(world: World) -> None:
    """Each year counted is found again by searching for it."""
    everything = world.snapshot.search(
        Everything(), sort="newest", limit=0, offset=0, facets=("year",)
    )
    for year, count in everything.facets["year"].items():
        if year:
            node = facet_node(fields.BY_NAME["year"], year, year, (0, 4))
            found = world.snapshot.search(node, sort="newest", limit=0, offset=0, facets=())
            assert found.total == count, year


# --- groups of posts that count as one ------------------------------------------------

GROUPS = st.lists(st.integers(0, 10**6), max_size=60)


def groups_of(world: World, numbers: Sequence[int]) -> list[list[str]]:
    """Return some groups of the posts that are there, none in two of them, by their ids."""
    ids = sorted(world.posts)
    chosen = list(dict.fromkeys(ids[number % len(ids)] for number in numbers))
    sizes = (2, 3, 5)
    groups: list[list[str]] = []
    while chosen:
        size = sizes[len(groups) % len(sizes)]
        groups.append(chosen[:size])
        chosen = chosen[size:]
    return groups


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])
@given(node=NODES, numbers=GROUPS)
def test_of_a_group_the_first_post_that_matches_stays(
    world: World, node: Node, numbers: Sequence[int]
) -> None:
    """All others of the group go, the order of the rest is as it was, and both counts are told."""
    groups = groups_of(world, numbers)
    plain = world.snapshot.search(node, sort="newest", limit=500, offset=0, facets=())
    every = [document for document, _ in plain.page]
    known = world.snapshot.documents(world.posts)
    gone = {
        document
        for group in groups
        for document in [known[each] for each in group if known[each] in every][1:]
    }
    held = world.snapshot.grouped(groups)
    found = world.snapshot.search(node, sort="newest", limit=500, offset=0, facets=(), groups=held)
    assert [document for document, _ in found.page] == [doc for doc in every if doc not in gone]
    assert (found.total, found.distinct) == (len(every), len(every) - len(gone))


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])
@given(node=NODES, numbers=GROUPS, sort=st.sampled_from(get_args(Sort)), limit=st.integers(1, 4))
def test_a_page_is_a_part_of_the_whole_order(
    world: World, node: Node, numbers: Sequence[int], sort: Sort, limit: int
) -> None:
    """Whatever is left out of groups before it, a page has the posts and scores of the whole."""
    groups = world.snapshot.grouped(groups_of(world, numbers))
    whole, part = (
        world.snapshot.search(node, sort=sort, limit=most, offset=off, facets=(), groups=groups)
        for most, off in ((500, 0), (limit, 1))
    )
    assert part.page == whole.page[1 : limit + 1]
    assert (part.total, part.distinct) == (whole.total, whole.distinct)


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])
@given(node=NODES, numbers=GROUPS, name=st.sampled_from(("country", "language", "theme")))
def test_a_count_is_the_number_of_hits_behind_it(
    world: World, node: Node, numbers: Sequence[int], name: str
) -> None:
    """With groups too, each value counted is found so often when it is asked for."""
    groups = world.snapshot.grouped(groups_of(world, numbers))
    found = world.snapshot.search(
        node, sort="newest", limit=0, offset=0, facets=(name,), groups=groups
    )
    for value, count in found.facets[name].items():
        part = Facet(name, (value,)) if value else Not(Has(name))
        behind = world.snapshot.search(
            And((node, part)), sort="newest", limit=0, offset=0, facets=(), groups=groups
        )
        assert behind.distinct == count, (name, value)


def test_facets_are_counted_one_by_one_as_all_at_once(world: World) -> None:
    """What is kept of groups for one facet is no part of what is counted for the next."""
    groups = world.snapshot.grouped(groups_of(world, range(len(world.posts))))

    def counts(*names: str) -> dict[str, dict[str, int]]:
        found = world.snapshot.search(
            Everything(), sort="newest", limit=0, offset=0, facets=names, groups=groups
        )
        return {name: dict(found.facets[name]) for name in names}

    names = ("country", "language", "theme")
    one_by_one = {name: counts(name)[name] for name in names}
    assert one_by_one == counts(*names)


def test_documents_are_found_by_id(world: World) -> None:
    """A few ids and many give the documents of those posts that are there, and no others."""
    for wanted in (list(world.posts)[:3], list(world.posts)):
        documents = world.snapshot.documents([*wanted, "ffffffffffff"])
        assert {key: world.snapshot.post(doc).id for key, doc in documents.items()} == {
            key: key for key in wanted
        }
    deleted = [f"{number:012x}" for number in range(40)]
    assert world.snapshot.documents(deleted).keys() == world.posts.keys() & set(deleted)
