"""Which words of a query get other forms beside them, and which do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.analysis import terms
from rights_search.post import Post, Provenance
from rights_search.query import aliases
from rights_search.query.alias_file import Lines
from rights_search.query.aliases import AliasForm, AliasGroup, AliasMatch, AliasTable
from rights_search.query.expansion import (
    ALIAS_BOOST,
    Expanded,
    Reach,
    expand,
    is_group,
    unknown_group,
)
from rights_search.query.matching import matches
from rights_search.query.nodes import (
    And,
    Facet,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Synonyms,
    Transcription,
    Word,
    leaves,
)
from rights_search.query.parser import parse
from rights_search.words.inflection import stem
from rights_search.words.scripts import Script


def group(name: str, *forms: AliasForm | str) -> AliasGroup:
    """Return a group of forms."""
    made = (
        AliasForm(form, tuple(terms(form))) if isinstance(form, str) else form for form in forms
    )
    return AliasGroup(name, "test", tuple(made), ("hand",))


GROUPS = (
    group("chechnya", "Chechnya", "Chechen Republic", "Чечня"),
    group("kyiv", "Kyiv", "Kiev"),
    group("gay", "gay", "same-sex"),
    group("china", "China", AliasForm("Chine", ("chine",), exact=True)),
    # Two groups that share a form.
    group("georgia", "Georgia", "Sakartvelo"),
    group("georgia-us", "Georgia", "Atlanta"),
    # Nobody who looks for the one looks for the other.
    group("narrow", "Narrow", AliasForm("slim", ("slim",), only_query=True)),
    group("narrow-sea", "Narrow Sea", AliasForm("channel", ("channel",), only_query=True)),
)


def find(typed: Sequence[str]) -> tuple[AliasMatch, ...]:
    """Return what `aliases.find` is specified to, among these groups."""
    stems = [stem(term, None) for term in typed]
    start = 0
    found: list[AliasMatch] = []
    while start < len(typed):
        here = [
            AliasMatch(start, len(form.terms), each)
            for each in GROUPS
            for form in each.forms
            if stems[start : start + len(form.terms)] == [stem(term, None) for term in form.terms]
        ]
        longest = max((match.length for match in here), default=1)
        found.extend(match for match in here if match.length == longest)
        start += longest
    return tuple(found)


@pytest.fixture(autouse=True)
def _few_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few groups be all there is."""
    monkeypatch.setattr(aliases, "find", find)


def word(term: str, group: str, field: str | None = None, *, exact: bool = False) -> Word:
    """Return another form of one word."""
    return Word(term, field, exact, ALIAS_BOOST, group)


def phrase(text: str, group: str, field: str | None = None) -> Phrase:
    """Return another form of several words."""
    return Phrase(tuple(text.split()), field, None, exact=False, boost=ALIAS_BOOST, alias=group)


KIEV = Synonyms((Word("kiev"), word("kyiv", "kyiv")))
CHECHNYA = Synonyms((
    Word("chechnya"), phrase("chechen republic", "chechnya"), word("чечня", "chechnya"),
))  # fmt: skip
REPUBLIC = Or((
    And((Word("chechen"), Word("republic"))),
    Synonyms((word("chechnya", "chechnya"), word("чечня", "chechnya"))),
))  # fmt: skip
PRISON = Word("prison")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kiev", KIEV),
        ("Kiev prison", And((KIEV, PRISON))),
        ("prison Chechnya", And((PRISON, CHECHNYA))),
        # A form of several words, alone and among others.
        ("Chechen Republic", REPUBLIC),
        ("prison Chechen Republic kiev", And((PRISON, REPUBLIC, KIEV))),
        ("chechen prison republic", And((Word("chechen"), PRISON, Word("republic")))),
        # One word of two terms.
        ("same-sex", Synonyms((Phrase(("same", "sex"), exact=False), word("gay", "gay")))),
        ("gay", Synonyms((Word("gay"), phrase("same sex", "gay")))),
        # A form whose inflections are other words stays as it is written.
        ("China", Synonyms((Word("china"), word("chine", "china", exact=True)))),
        # Both sides of an Or, groups, and facets beside words.
        ("kiev OR chechnya", Or((KIEV, CHECHNYA))),
        ("(kiev OR prison) chechnya", And((Or((KIEV, PRISON)), CHECHNYA))),
        ("kiev country:UA", And((KIEV, Facet("country", ("UA",))))),
        # A default field is kept in the forms.
        ("title:kiev", Synonyms((Word("kiev", "title"), word("kyiv", "kyiv", "title")))),
        ("body:gay", Synonyms((Word("gay", "body"), phrase("same sex", "gay", "body")))),
        # Of which nothing else is looked for.
        ("narrow", Word("narrow")),
        ("narrow sea", And((Word("narrow"), Word("sea")))),
        ("narrow sea kiev", And((Word("narrow"), Word("sea"), KIEV))),
        # An inflected form triggers as well.
        ("Kievs", Synonyms((Word("kievs"), word("kyiv", "kyiv")))),
        # Boosts are passed on.
        (
            "kiev^3",
            Synonyms((
                Word("kiev", boost=3.0),
                replace(word("kyiv", "kyiv"), boost=3 * ALIAS_BOOST),
            )),
        ),
    ],
)  # fmt: skip
def test_words_get_their_other_forms(query: str, expected: Node) -> None:
    """The typed word comes first and weighs most; forms carry the id of their group."""
    assert expand(parse(query).node)[0] == expected


@pytest.mark.parametrize(
    "query",
    [
        '"kiev"',
        '"chechen republic"',
        '"same-sex"',
        "kie*",
        "kiev~",
        '"kiev prison"~3',
        "-kiev",
        "NOT (kiev OR chechnya)",
        "prison -(prison kiev)",
        # Fields that bare words do not look into
        "url:kiev",
        "calls:(prison kiev)",
        # The words of a form, but apart: in two fields, on two sides, in two halves.
        "title:chechen republic",
        "chechen OR republic",
        "chechen country:RU republic",
        "chechen-prison republic",
        "old-chechen republic",
        "chechen republic-wide",
        "same",
        "prison",
        "",
    ],
)
def test_other_words_stay_as_they_are(query: str) -> None:
    """What was quoted, cut short, negated or looked for elsewhere is not expanded."""
    node = parse(query).node
    assert expand(node) == (node, ())


def test_members_of_what_is_near_get_their_other_forms() -> None:
    """Each by itself: forms of several words as phrases; what was quoted stays."""
    node, added = expand(parse("prison near:5 kiev near:5 (chechnya OR prison)").node)
    either = Synonyms((*CHECHNYA.leaves, PRISON))
    assert node == Near((PRISON, KIEV, either), 5)
    assert [each.group for each in added] == ["kyiv", "chechnya"]
    quoted = parse('prison near:5 "kiev"').node
    assert expand(quoted) == (quoted, ())


def sounds(term: str, boost: float = 1.0) -> Transcription:
    """Return what looks for other spellings of a name."""
    return Transcription(term, boost=boost * ALIAS_BOOST, alias="transcription")


SCRIPTS: frozenset[Script] = frozenset({"latin", "cyrillic"})


@pytest.mark.parametrize(
    ("query", "without", "expected"),
    [
        ("kadyrov^3", (), Synonyms((Word("kadyrov", boost=3.0), sounds("kadyrov", 3.0)))),
        (
            "title:kadyrov",
            (),
            Synonyms((Word("kadyrov", "title"), replace(sounds("kadyrov"), field="title"))),
        ),
        ("kadyrov kiev", (), And((Synonyms((Word("kadyrov"), sounds("kadyrov"))), KIEV))),
        ("kadyrov kiev", ("transcription",), And((Word("kadyrov"), KIEV))),
        (
            "kadyrov kiev",
            ("kyiv",),
            And((Synonyms((Word("kadyrov"), sounds("kadyrov"))), Word("kiev"))),
        ),
        ("kadyrov kiev", ("all",), And((Word("kadyrov"), Word("kiev")))),
    ],
)
def test_names_are_looked_for_as_they_may_be_spelt(
    query: str, without: tuple[str, ...], expected: Node
) -> None:
    """In the scripts of the posts, where no group has them; groups and rules can be left out."""
    node, _ = expand(parse(query).node, Reach(None, frozenset(without), SCRIPTS))
    assert node == expected
    assert {leaf.span for leaf in leaves(node)} == {leaf.span for leaf in leaves(parse(query).node)}


def test_a_chinese_name_is_looked_for_in_other_systems() -> None:
    """In the scripts that posts are written in, at the weight of another form."""
    typed = Word("xiaoping", boost=2.0)
    sound = Transcription("xiaoping", boost=1.0, alias="transcription")
    others = (
        Word("сяопин", boost=1.0, alias="transcription"),
        Phrase(("hsiao", "ping"), exact=False, boost=1.0, alias="transcription"),
        Word("hsiaoping", boost=1.0, alias="transcription"),
    )
    latin, cyrillic = Reach(scripts=frozenset({"latin"})), Reach(scripts=frozenset({"cyrillic"}))
    assert expand(typed, latin)[0] == Synonyms((typed, *others[1:]))
    assert expand(typed, cyrillic)[0] == Synonyms((typed, sound, *others[:1]))
    assert expand(typed, Reach(scripts=SCRIPTS))[0] == Synonyms((typed, sound, *others))
    assert expand(typed, Reach())[0] == typed


def test_groups_are_known_by_their_names() -> None:
    """Those of a table, the rules and all of them; of another name the nearest is told."""
    for name in ("lgbti", "all", "spelling", "transcription"):
        assert is_group(name, None)
    assert not is_group("kyiv-city", None)
    said = "There is no group of other names "
    assert unknown_group("lgbt", None) == said + "'lgbt'; did you mean 'lgbti'?"
    assert unknown_group("transcriptoin", None).endswith("did you mean 'transcription'?")
    assert unknown_group("al", None).endswith("did you mean 'all'?")
    own = AliasTable(
        {"red-sea": {"kind": "place", "sources": [], "forms": ["Red Sea"]}}, Lines.of([])
    )
    assert is_group("red-sea", own)
    assert not is_group("lgbti", own)
    assert unknown_group("red-see", own).endswith("did you mean 'red-sea'?")
    long = unknown_group("x" * 80, None)
    assert long == f"{said}'{'x' * 60}…'; the result names those it used"


def test_a_table_of_ones_own_is_asked() -> None:
    """In place of the groups that there are without it."""
    own = AliasTable(
        {"red-sea": {"kind": "place", "sources": [], "forms": ["Xorland", "Zorland"]}},
        Lines.of(["xorland\tred-sea"]),
    )
    expected = Synonyms((Word("xorland"), word("zorland", "red-sea")))
    assert expand(parse("xorland kiev").node, Reach(own))[0] == And((expected, Word("kiev")))


def test_exact_queries_have_nothing_to_expand() -> None:
    """Words that are looked for as written stand for themselves."""
    node = parse("kiev chechnya", exact=True).node
    assert expand(node) == (node, ())


def test_what_was_added_is_told() -> None:
    """The report names the words, their place, the group and the forms as people write them."""
    query = "prison chechen republic OR kiev"
    _, added = expand(parse(query).node)
    assert added == (
        Expanded("chechen republic", (7, 23), "chechnya", ("Chechnya", "Чечня")),
        Expanded("kiev", (27, 31), "kyiv", ("Kyiv",)),
    )
    assert [query[slice(*each.span)] for each in added] == ["chechen republic", "kiev"]


def test_forms_point_at_the_words_that_were_typed() -> None:
    """Each form has the span of what it stands for, so that a hit can say why."""
    query = "prison Chechen  Republic"
    node, _ = expand(parse(query).node)
    spans = {query[slice(*leaf.span)] for leaf in leaves(node) if leaf.alias}
    assert spans == {"Chechen  Republic"}


@pytest.mark.parametrize(
    ("query", "spans"),
    [
        ("prison kiev", [(0, 11), (0, 6), (7, 11)]),
        ("kadyrov", [(0, 7)]),
        ("title:kiev", [(0, 10)]),
        ("Chechen  Republic", [(0, 17), (0, 17), (0, 7), (9, 17), (0, 17)]),
        ("same-sex near:3 (kiev OR gay)", [(0, 29), (0, 8), (16, 29)]),
    ],
)
def test_each_part_points_at_what_was_typed(query: str, spans: list[tuple[int, int]]) -> None:
    """What is joined to it, too: from its first word to its last."""
    node, _ = expand(parse(query).node, Reach(scripts=SCRIPTS))
    assert [part.span for part in joined_parts(node)] == spans


def joined_parts(node: Node) -> list[Node]:
    """Return a tree and what it joins, without the leaves of synonyms."""
    match node:
        case And(children) | Or(children) | Near(children):
            return [node, *(part for child in children for part in joined_parts(child))]
        case _:
            return [node]


def test_groups_that_share_a_form_are_joined() -> None:
    """Two groups at one word give one set of synonyms, and a report of each."""
    node, added = expand(parse("georgia").node)
    forms = (word("sakartvelo", "georgia"), word("atlanta", "georgia-us"))
    assert node == Synonyms((Word("georgia"), *forms))
    assert [each.group for each in added] == ["georgia", "georgia-us"]


PARTS = ["kiev", "chechen", "republic", "chechnya", "same-sex", "gay", "prison", "-kiev", "OR", "("]
TEXTS = st.lists(
    st.sampled_from(["Kiev", "Kyiv", "Chechen", "Republic", "Чечня", "gay", "same sex", "prison"]),
    max_size=6,
).map(" ".join)


@given(st.lists(st.sampled_from(PARTS), max_size=7).map(" ".join), TEXTS)
def test_expansion_only_adds(query: str, text: str) -> None:
    """A post that answers a query answers its expansion; nothing that is negated changes."""
    node = parse(query).node
    post = Post("0" * 12, "", (text,), Provenance("a", "0" * 64, "plain"), title_derived=True)
    expanded, added = expand(node)
    assert not matches(node, post) or matches(expanded, post)
    assert [part for part in parts_of(expanded) if isinstance(part, Not)] == [
        part for part in parts_of(node) if isinstance(part, Not)
    ]
    assert all(query[slice(*each.span)].strip("-") for each in added)


def parts_of(node: Node) -> list[Node]:
    """Return the parts of a tree, but for those below a negation."""
    match node:
        case And(children) | Or(children):
            return [part for child in children for part in parts_of(child)]
        case _:
            return [node]
