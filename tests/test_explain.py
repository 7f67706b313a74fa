"""How a query was read, what its parts match, and which part emptied a result."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_search.__main__ import main
from rights_search.archive import Archive
from rights_search.errors import QueryError
from rights_search.results import Clause, Explanation

TODAY = dt.date(2020, 6, 1)
POSTS = (
    ("Strike at the mine", "1984-03", "GB", "Miners were on strike and the police came."),
    ("Strike ends", "1985", "GB", "The strikes ended after a year; the miners went back."),
    ("Shipyard agreement", "1980-08-31", "PL", "The right to strike was in the agreement."),
    ("Verdict", "2019-09-19", "PL", "The court gave its verdict without police at the door."),
    ("Undated note", None, None, "A note on miners."),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an index of a few posts."""
    folder = tmp_path_factory.mktemp("explain")
    records = [
        {"title": title, "date": date, "countries": [code] if code else [], "text": text}
        for title, date, code, text in POSTS
    ]
    corpus = folder / "corpus" / "mine.example"
    corpus.mkdir(parents=True)
    lines = (json.dumps(record) for record in records)
    (corpus / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with Archive.create(folder / "index") as archive:
        assert archive.sync(folder / "corpus").added == len(POSTS)
    return folder / "index"


@pytest.fixture(scope="module")
def archive(index: Path) -> Iterator[Archive]:
    """Return that index, open."""
    with Archive.open(index) as opened:
        yield opened


def outline(clause: Clause) -> list[str]:
    """Return a clause and its parts as lines: number of posts, kind, reading."""
    own = f"{clause.posts} {clause.kind}: {clause.reading}"
    return [own, *(f"  {line}" for part in clause.parts for line in outline(part))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["5 everything: "]),
        ("court", ['1 word: "court"']),
        ("***", ["0 any: ()"]),
        (
            "Strike* NOT (country:Poland OR year:1985)",
            [
                "1 all: strike* -(country:PL OR date:1985)",
                "  3 prefix: strike*",
                "  2 not: -(country:PL OR date:1985)",
                "    3 any: country:PL OR date:1985",
                "      2 value: country:PL",
                "      1 dates: date:1985",
            ],
        ),
        (
            '"right to strike" near:3 agreement has:date',
            [
                '1 all: "right to strike" near:3 "agreement" has:date',
                '  1 near: "right to strike" near:3 "agreement"',
                '    1 phrase: "right to strike"',
                '    1 word: "agreement"',
                "  4 has: has:date",
            ],
        ),
        ("date:last-year", ["1 dates: date:2019"]),
        ("title:verdct~1", ["1 fuzzy: title:verdct~1"]),
    ],
)
def test_the_tree_is_counted(archive: Archive, query: str, expected: list[str]) -> None:
    """Every part of a query is there, in the query's own language, with its posts."""
    explained = archive.explain(query, mode="exact", today=TODAY)
    assert outline(explained.clause) == expected
    assert explained.total == archive.search(query, mode="exact", today=TODAY).total


def test_inflections_and_aliases_are_counted(archive: Archive) -> None:
    """A word shows its forms in the index; another name says which group it is of."""
    word = parts_of(archive.explain("strike"))[0]
    assert word.reading == "strike"
    assert word.forms == {"strike": 3, "strikes": 1}
    explained = archive.explain("police")
    assert explained.clause.kind == "one word"
    typed, *others = explained.clause.parts
    assert (typed.typed, typed.alias) == ("police", None)
    assert others
    assert {(part.typed, part.alias) for part in others} == {("", "police")}
    assert explained.expansions[0].group == "police"


def parts_of(explained: Explanation) -> tuple[Clause, ...]:
    """Return the parts of a query, or the query itself where it is one part."""
    return explained.clause.parts or (explained.clause,)


def test_filters_are_parts_of_a_query(archive: Archive) -> None:
    """Filters stand behind the words, without a text that was typed."""
    explained = archive.explain("strike", country=["Poland", "GB"], year=1980)
    assert [(part.reading, part.typed, part.posts) for part in parts_of(explained)[1:]] == [
        ("country:PL OR country:GB", "", 4),
        ("date:1980", "", 1),
    ]
    assert explained.total == 1


def test_what_a_value_stands_for_is_told(archive: Archive) -> None:
    """A facet's values are given as the index has them."""
    clause = archive.explain("theme:freedoms").clause
    assert clause.field == "theme"
    assert clause.typed == "theme:freedoms"
    assert {"freedom-of-expression", "religion-belief"} < set(clause.values)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("xyzzy", "No post has 'xyzzy'."),
        ("strike xyzzy", "No post has 'xyzzy'; without 'xyzzy': 3."),
        ("plugh strike xyzzy", "No post has 'plugh' or 'xyzzy'."),
        (
            "court miners",
            "No post has both 'court' and 'miners'; without 'court': 3; without 'miners': 1.",
        ),
        (
            "miners court door",
            "No post has 'miners', 'court' and 'door' together; without 'miners': 1.",
        ),
        (
            "strike -stri* country:GB",
            "No post has '-stri*' and 'country:GB' together; without '-stri*': 2.",
        ),
        ("miners court strike door", "No post has 'miners', 'court' and 'door' together."),
        ("-has:id", "'-has:id' leaves no post over."),
        (
            "court near:1 door",
            "No post has 'court near:1 door'; 1 with these words, but not so near.",
        ),
        ('"strike to right"', "No post has '\"strike to right\"' as a phrase; 1 with these words."),
        (
            "https://a.example",
            "No post has 'https://a.example' in its text; url: before it asks for that address.",
        ),
        ("date:2031", "No post has 'date:2031'; the dates are from 1980 to 2019."),
        ("source:mine.exmple", "No post has 'source:mine.exmple'. Did you mean 'mine.example'?"),
        ("title:stryke", "No post has 'title:stryke'. Did you mean 'strike'?"),
        ("xyzzy OR plugh", "No post has 'xyzzy OR plugh'."),
    ],
)  # fmt: skip
def test_an_empty_result_says_which_part_emptied_it(
    archive: Archive, query: str, message: str
) -> None:
    """The parts that leave nothing over are named, with what is found without them."""
    assert str(archive.search(query, mode="exact").why_empty) == message
    assert str(archive.explain(query, mode="exact").why_empty) == message


def test_an_id_among_the_words_is_told_from_a_word(archive: Archive) -> None:
    """Who pastes one gets the field that finds its post; another number is a word."""
    known = archive.search("court")[0].post.id
    reason = f"No post has '{known}' in its text; id:{known} is one."
    assert str(archive.search(known).why_empty) == reason
    assert archive.search(f"id:{known}").total == 1
    assert str(archive.search("0123456789ab").why_empty) == "No post has '0123456789ab'."


def test_an_id_is_told_from_a_word_where_posts_are_in_other_scripts(tmp_path: Path) -> None:
    """Words are looked for in the letters of those posts as well, and an id looks like a word."""
    (tmp_path / "post.txt").write_text("Суд не принял жалобу на пытки.", encoding="utf-8")
    with Archive.create(None) as archive:
        archive.sync(tmp_path)
        known = archive.search("пытки")[0].post.id
        why = str(archive.search(known).why_empty)
    assert why == f"No post has '{known}' in its text; id:{known} is one."


def test_a_relaxed_answer_says_why_it_is_one(archive: Archive) -> None:
    """Where any of the words had to do, the reason is given as well."""
    results = archive.search("court miners")
    assert results.is_relaxed
    assert results.why_empty is not None
    assert results.why_empty.without == {"court": 3, "miners": 1}


@pytest.mark.parametrize("query", ["strike", "", "-xyzzy", "***", "()"])
def test_nothing_is_explained_that_needs_no_reason(archive: Archive, query: str) -> None:
    """Neither a result nor a query without a word has a part that emptied it."""
    assert archive.search(query).why_empty is None


def test_a_filter_can_empty_a_result(archive: Archive) -> None:
    """A filter is named as it would be typed."""
    why = archive.search("court", country="GB").why_empty
    assert why is not None
    assert why.without == {"court": 2, "country:GB": 1}


def test_an_empty_index_says_so() -> None:
    """Where there is nothing to find, no part of the query is to blame."""
    with Archive.create(None) as empty:
        assert str(empty.search("strike").why_empty) == "The index holds no posts."


def test_a_long_query_is_not_tried_part_by_part(archive: Archive) -> None:
    """Of many parts it is only said that they have no post in common."""
    letters = " ".join(f"-{word}" for word in "a b c d e f g h i j k".split())
    why = archive.search(f"court miners {letters}", mode="exact").why_empty
    assert why is not None
    assert why.without == {}
    assert str(why) == "No post has all of the 13 parts of the query."


def test_mistakes_are_pointed_at_in_the_query(archive: Archive) -> None:
    """What the engine refuses is shown at its place, as what the parser refuses is."""
    with pytest.raises(QueryError) as caught:
        archive.explain("strike country:Ukrane")
    assert caught.value.query == "strike country:Ukrane"


# --- on the command line ----------------------------------------------------------


def test_the_tree_is_printed(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line a part: posts, indent, what it is and what it stands for."""
    code = main(
        ["explain", "--index", str(index), "strike* country:Poland -police", "--year", "2019"]
    )
    assert code == 1
    assert capsys.readouterr().out.splitlines() == [
        "        0  all of",
        "        3    strike*  strike 3, strikes 1",
        "        2    country:Poland  Poland",
        "        3    not",
        "        2      police",
        "        1    date:2019",
        "No post has 'strike*', 'country:Poland' and 'year:2019' together; without 'year:2019': 1.",
    ]


def test_signs_that_cannot_be_typed_are_explained(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A legend says what `word@root` and a weight stand for, where they are used."""
    assert main(["explain", "miner", "--broad", "--index", str(index)]) == 0
    shown = capsys.readouterr().out
    assert "word@root: the words built from the same root" in shown
    assert "word^0.5: counts 0.5 times as much" in shown
    assert "word@sound" not in shown
    assert main(["explain", '"a@root^2" strike', "--index", str(index)]) == 1
    assert "word@root" not in capsys.readouterr().out


def test_the_reason_is_printed_by_both_commands(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says why nothing was found, in the tree and in the answer."""
    line = "No post has both 'court' and 'miners'; without 'court': 3; without 'miners': 1."
    for command in ("explain", "query"):
        main([command, "--index", str(index), "--exact", "court", "miners"])
        assert line in capsys.readouterr().out.splitlines()


def test_json_holds_the_whole_explanation(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has what the library gives."""
    assert main(["explain", "--index", str(index), "--json", "court near:9 door"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["query"], record["total"], record["mode"]) == ("court near:9 door", 1, "default")
    assert record["clause"]["kind"] == "near"
    assert record["why_empty"] is None
    assert main(["query", "--index", str(index), "--json", "xyzzy"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["why_empty"] == {
        "reason": "No post has 'xyzzy'",
        "without": {},
        "did_you_mean": [],
    }


def test_a_group_is_quoted_with_its_brackets(archive: Archive) -> None:
    """What was typed is shown whole: one word of a group alone, the group as a group."""
    clause = archive.explain("court near:9 (door OR gate)").clause
    assert clause.typed == "court near:9 (door OR gate)"
    assert archive.explain("court (door)").clause.parts[1].typed == "door"


def test_dates_of_one_year_are_no_span(tmp_path: Path) -> None:
    """What reads "from 2014 to 2014" would be taken for a mistake."""
    (tmp_path / "a.md").write_text("---\ntitle: A verdict\ndate: 2014-03-04\n---\nIt was heard.\n")
    with Archive.create(None) as archive:
        archive.sync(tmp_path)
        why = str(archive.search("verdict year:2013").why_empty)
    assert why == "No post has 'year:2013'; all dates are of 2014; without 'year:2013': 1."
