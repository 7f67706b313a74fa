"""How answers look: plain in a pipe, wrapped and styled on a terminal, as data for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from rights_search.cli import app, export, labels, output, styled
from rights_search.cli.blocks import Block, Line, Run, Tallies, Tally, highlighted
from rights_search.cli.terminal import ASCII_GLYPHS, Glyphs
from rights_search.cli.views.post import post_view
from rights_search.cli.views.results import results_view
from rights_search.cli.views.stats import histogram, stats_view
from rights_search.cli.views.summary import MAX_PROBLEMS, problem_lines, summary_view
from rights_search.errors import QueryError, RightsSearchError
from rights_search.indexing.sync_results import Problem, SyncSummary
from rights_search.post import Evidence, PartialDate, Post, Provenance, Tag
from rights_search.result_records import to_dict
from rights_search.results import Expansion, Hit, Match, Results, Snippet, Stats

GLYPHS = Glyphs()
STYLE = re.compile(r"\x1b\[[0-9;]*m")

POST = Post(
    id="3f2a9c0d1e42",
    title="Strike at the mine",
    paragraphs=("The strike began at dawn.", "It lasted a week."),
    provenance=Provenance("news/1984.md", "ab" * 32, "markdown", 3, 9, 40, 310),
    date=PartialDate("1984-03", "front matter: date"),
    authors=("A. Writer", "B. Writer"),
    role="reporter",
    organisation="The Paper",
    captions=("Miners at the gate",),
    calls_to_action=("Sign petition",),
    language="en",
    source="news",
    source_tags=("work",),
    notes=("The day was not given.",),
    countries=(Tag("GB", (Evidence("body", "Yorkshire", "region", 2),)),),
    themes=(Tag("labour-rights", (Evidence("title", "strike", "strong term"),)),),
)
HIT = Hit(
    rank=1,
    score=7.25,
    post=POST,
    snippet=Snippet("The strike began at dawn.", ((4, 10),)),
    title_spans=((0, 6),),
    why=(
        Match("title", "Strike", "strike", "as written"),
        Match("body", "walkout", "strike", "alias: strike", 3),
        Match("country", "GB", "country", "facet"),
    ),
)
RESULTS = Results("strike", 1, (HIT,), elapsed_s=0.0042)


def plain(blocks: Iterable[Block]) -> str:
    """Return what a pipe gets."""
    return "\n".join(output.plain(blocks))


def drawn(blocks: Iterable[Block], columns: int, *, colour: bool = True) -> str:
    """Return what a terminal of that width gets, styles included."""
    stream = io.StringIO()
    styled.write(blocks, colour=colour, stream=stream, columns=columns)
    return stream.getvalue()


def seen(blocks: Iterable[Block], columns: int) -> list[str]:
    """Return the lines that a terminal of that width shows."""
    return STYLE.sub("", drawn(blocks, columns)).splitlines()


def test_a_long_paragraph_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lines on the screen are as many as they are, what is written to it is not."""
    stream = io.StringIO()
    writes: list[str] = []
    monkeypatch.setattr(stream, "write", writes.append)
    styled.write([Line((Run("word " * 3000),))], colour=True, stream=stream, columns=40)
    (text,) = writes
    assert len(text.splitlines()) == 375


# --- query -------------------------------------------------------------------------


def test_the_layout_in_a_pipe_is_what_the_help_says() -> None:
    """A line of numbers, then rank and title, facts, place and passage."""
    assert plain(results_view(RESULTS, GLYPHS)) == (
        "1 post matches (4 ms)\n"
        "\n"
        "1.  Strike at the mine\n"
        "    1984-03 · United Kingdom · Labour rights · A. Writer, B. Writer · 3f2a9c0d1e42\n"
        "    news/1984.md:3\n"
        "    The strike began at dawn."
    )


def test_what_a_post_does_not_have_is_left_out() -> None:
    """Missing facts leave no gaps; a missing date is said."""
    post = replace(POST, date=None, countries=(), themes=(), authors=())
    hit = replace(HIT, post=post, snippet=Snippet(""))
    lines = plain(results_view(replace(RESULTS, hits=(hit,)), GLYPHS)).splitlines()
    assert lines[-2:] == ["    undated · 3f2a9c0d1e42", "    news/1984.md:3"]


def test_why_lists_the_words_behind_a_hit() -> None:
    """Each reason names the field, the words there, the clause and the rule."""
    text = plain(results_view(RESULTS, GLYPHS, why=True))
    assert text.splitlines()[-3:] == [
        "      title: “Strike” for strike (as written)",
        "      body: “walkout” ×3 for strike (alias: strike)",
        "      country: United Kingdom",
    ]


@pytest.mark.parametrize(
    ("total", "header"),
    [(0, "No post matches"), (1, "1 post matches"), (1234, "1,234 posts match")],
)
def test_the_header_counts_in_words(total: int, header: str) -> None:
    """The first line says how many posts match, in proper English."""
    text = plain(results_view(Results("x", total, ()), GLYPHS))
    assert text.splitlines()[0] == f"{header} (<1 ms)"


def test_expansions_are_cut_and_counted() -> None:
    """What else was searched for takes a line a clause, and eight forms at most."""
    forms = tuple(f"form{number}" for number in range(13))
    results = replace(RESULTS, expansions=(Expansion("strike", "strike", forms),))
    line = plain(results_view(results, GLYPHS)).splitlines()[1]
    assert line.startswith("strike: also searched for form0, form1,")
    assert line.endswith("form7 … +5 (-alias:strike)")


def test_a_relaxed_answer_and_doubts_are_said() -> None:
    """The reader learns that a result is weaker than asked for, and how it was read."""
    results = replace(RESULTS, is_relaxed=True, notes=("The quote is closed at the end.",))
    text = plain(results_view(results, GLYPHS))
    assert "No post holds all the words; these hold some of them." in text
    assert "The quote is closed at the end." in text


def test_a_derived_title_is_marked_and_the_mark_explained() -> None:
    """Quotes stand round a title that the source did not give, and a legend says so."""
    hit = replace(HIT, post=replace(POST, title_derived=True), title_spans=())
    text = plain(results_view(replace(RESULTS, hits=(hit,)), GLYPHS))
    assert "1.  “Strike at the mine”\n" in text
    assert "“…” a post without a title, by its first words" in text
    assert "“…”" not in plain(results_view(RESULTS, GLYPHS))


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (None, "undated"),
        (PartialDate("2019"), "2019"),
        (PartialDate("2019-09"), "2019-09"),
        (PartialDate("2013", flags=("ambiguous-day-month",)), "2013 (day and month unclear)"),
        (PartialDate("1850", flags=("circa",)), "c. 1850"),
        (
            PartialDate("2014-03-09", flags=("weekday-differs",)),
            "2014-03-09 (another weekday in the source)",
        ),
        (PartialDate("2014-03", flags=("range",)), "2014-03 (a range of days within it)"),
        (PartialDate("2014", flags=("coarsened", "circa")), "c. 2014 (the source is more exact)"),
        (PartialDate("2014", flags=("a-new-one",)), "2014 (a new one)"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is(date: PartialDate | None, text: str) -> None:
    """No day or month is invented, and what is doubtful says so."""
    assert labels.date(date) == text


def test_the_footer_says_how_to_go_on() -> None:
    """Under a page that is not the last stands the option for the next one."""
    results = replace(RESULTS, total=25, offset=9)
    assert plain(results_view(results, GLYPHS)).endswith("10–10 of 25; for more: --offset 10")
    last = replace(RESULTS, total=10, offset=9)
    assert "--offset" not in plain(results_view(last, GLYPHS))


def test_a_page_behind_the_end_is_not_mistaken_for_no_result() -> None:
    """Past the last hit the header still counts, and the footer explains."""
    text = plain(results_view(Results("x", 5, (), offset=10), GLYPHS))
    assert text.startswith("5 posts match")
    assert text.endswith("No hits behind --offset 10.")


# --- counts ------------------------------------------------------------------------

FACETS = {
    "country": {"GB": 12, "FR": 3, "": 2},
    "year": {str(year): 1 for year in range(2000, 2011)},
    "theme": {"labour-rights": 9},
}


def test_counts_in_a_pipe_are_a_line_each() -> None:
    """Values come by name, missing values in words, and only the first eight."""
    text = plain(results_view(replace(RESULTS, facets=FACETS), GLYPHS))
    assert "Countries\n       12  United Kingdom\n        3  France\n        2  no country" in text
    assert "        1  2007\n           +3 more\n\nThemes\n        9  Labour rights" in text


def test_count_tables_stand_side_by_side_when_there_is_room() -> None:
    """A wide window shows the three headings in one line, a narrow one below each other."""
    blocks = list(results_view(replace(RESULTS, facets=FACETS), GLYPHS))
    assert any(re.match(r"Countries +Years +Themes", line) for line in seen(blocks, 100))
    narrow = [line.strip() for line in seen(blocks, 40)]
    assert [line for line in narrow if line in {"Countries", "Years", "Themes"}] == [
        "Countries",
        "Years",
        "Themes",
    ]


def test_a_long_label_in_a_table_is_cut_not_wrapped() -> None:
    """A count keeps its place beside a label that is too long for the window."""
    lines = seen([Tallies((Tally("Sources", (("x" * 200, 7),)),))], 40)
    assert len(lines) == 2
    assert lines[1].rstrip().endswith("…  7")
    assert len(lines[1]) <= 40


def test_long_labels_side_by_side_leave_the_counts_whole() -> None:
    """Labels share the window; a short table gives its room to a long one."""
    tallies = (
        Tally("A", (("x" * 90, 12_345), ("b", 3))),
        Tally("B", (("y " * 60, 7),)),
        Tally("C", (("short", 1),)),
    )
    first, *rest = seen([Tallies(tallies)], 80)[1:]
    assert re.fullmatch(r"x+…  12,345   [y ]+…  7   short  1", first.rstrip())
    assert 76 <= len(first.rstrip()) <= 80
    assert re.match(r"b +3", rest[0])


def test_no_counts_without_a_match() -> None:
    """Empty tables say nothing, so they are left out."""
    results = Results("x", 0, (), facets={"country": {}, "year": {}})
    assert plain(results_view(results, GLYPHS)) == "No post matches (<1 ms)"


# --- on a terminal -------------------------------------------------------------------


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_window(columns: int) -> None:
    """Every view fits, with long words and wide letters, in a narrow window too."""
    title = "Menschenrechtsverteidigerinnenschutzverordnung " + "人权观察组织说中国政府" * 3
    hit = replace(HIT, post=replace(POST, title=title), title_spans=((0, 5), (47, 52)))
    results = replace(RESULTS, hits=(hit,), facets=FACETS)
    blocks = [
        *results_view(results, GLYPHS, why=True),
        *post_view(hit.post, GLYPHS, why=True),
        *stats_view(STATS, "index/", GLYPHS),
        *summary_view(SyncSummary(added=3), "index/", "rights-search query x", GLYPHS),
    ]
    from rich.cells import cell_len  # noqa: PLC0415 - rich is for terminals only

    widest = max(cell_len(line.rstrip()) for line in seen(blocks, columns))
    assert widest <= max(columns, 34), "bars of a histogram need 34 columns"


def test_very_wide_windows_keep_lines_readable() -> None:
    """Text is not spread over more than a hundred columns."""
    assert max(len(line) for line in seen([Line((Run("word " * 100),))], 250)) <= 100


def test_wrapped_lines_keep_their_indent() -> None:
    """A long title goes on under its own first letter, not under its rank."""
    hit = replace(HIT, post=replace(POST, title="word " * 12))
    lines = seen(results_view(replace(RESULTS, hits=(hit,)), GLYPHS), 40)
    assert lines[2].startswith("1.  word")
    assert lines[3].startswith("    word")


def test_matches_are_coloured_and_without_colour_underlined() -> None:
    """What matched stands out, also where colours are not wanted."""
    blocks = list(results_view(RESULTS, GLYPHS))
    assert "\x1b[1;31mStrike\x1b[0m" in drawn(blocks, 80)
    colourless = drawn(blocks, 80, colour=False)
    assert "\x1b[1;4mStrike\x1b[0m" in colourless
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", colourless)


def test_highlights_cut_the_text_they_belong_to() -> None:
    """Spans count characters of the post's text, before it is made safe."""
    runs = list(highlighted("a\u200b\u200bb word c", ((5, 9),)))
    assert [(run.text, run.style) for run in runs] == [
        ("ab ", "text"),
        ("word", "match"),
        (" c", "text"),
    ]


def test_what_a_terminal_shows_is_what_a_pipe_gets() -> None:
    """Styles add nothing and hide nothing: the words are the same."""
    results = replace(RESULTS, expansions=(Expansion("strike", "strike", ("walkout",)),))
    blocks = [*results_view(results, GLYPHS, why=True), *post_view(POST, GLYPHS)]
    assert " ".join(seen(blocks, 80)).split() == plain(blocks).split()


# --- show, stats, index ----------------------------------------------------------------


def test_a_post_is_shown_whole() -> None:
    """Text, byline, tags and provenance are all there, in reading order."""
    assert plain(post_view(POST, GLYPHS)) == (
        "Strike at the mine\n"
        "1984-03 · precise to the month · from front matter: date\n"
        "A. Writer, B. Writer, reporter, The Paper\n"
        "\n"
        "The strike began at dawn.\n"
        "\n"
        "It lasted a week.\n"
        "\n"
        "Captions\n"
        "  Miners at the gate\n"
        "\n"
        "Calls to action\n"
        "  Sign petition\n"
        "\n"
        "Countries  United Kingdom\n"
        "Mentions   none\n"
        "Places     none\n"
        "Themes     Labour rights\n"
        "Groups     none\n"
        "Labels     work\n"
        "Language   English\n"
        "\n"
        "Id         3f2a9c0d1e42\n"
        "File       news/1984.md, lines 3–9, bytes 40–310\n"
        "Read as    markdown, utf-8\n"
        f"SHA-256    {'ab' * 32}\n"
        "Source     news\n"
        "Cited as   A. Writer, B. Writer. “Strike at the mine”. news, The Paper, 1984-03 [en]\n"
        "\n"
        "Notes\n"
        "  The day was not given."
    )


def test_a_count_that_stopped_says_so() -> None:
    """Of a word that a post holds too often to count, there are at least so many."""
    least = replace(HIT.why[1], is_least=True)
    text = plain(
        results_view(replace(RESULTS, hits=(replace(HIT, why=(least,)),)), GLYPHS, why=True)
    )
    assert "“walkout” at least ×3 for strike" in text
    once = replace(least, count=1)
    text = plain(
        results_view(replace(RESULTS, hits=(replace(HIT, why=(once,)),)), GLYPHS, why=True)
    )
    assert "“walkout” at least ×1 for strike" in text


def test_tags_say_why() -> None:
    """With the reasons asked for, each tag names field, words and rule."""
    text = plain(post_view(POST, GLYPHS, why=True))
    assert "Countries\n  United Kingdom (GB)\n    body: “Yorkshire” ×2 (region)\n" in text
    assert "Themes\n  Labour rights (labour-rights)\n    title: “strike” (strong term)\n" in text


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (Evidence("title", "Strike", "strong term", 1, 0, 6), "title: “Strike” (strong term)"),
        (Evidence("body", "dawn", "city", 1, 20, 24), "body, paragraph 1: “dawn” (city)"),
        (Evidence("body", "It", "city", 3, 27, 29), "body, paragraph 2: “It” ×3 (city)"),
        (Evidence("captions", "gate", "city", 1, 14, 18), "caption 1: “gate” (city)"),
        (
            Evidence("source_countries", "UK", "source label"),
            "label of the source: “UK” (source label)",
        ),
        (
            Evidence("page_country", "GB", "page country"),
            "the page's country: “GB” (page country)",
        ),
    ],
)
def test_reasons_say_where(reason: Evidence, line: str) -> None:
    """A reason names the paragraph or caption that a reader would look into."""
    post = replace(POST, countries=(Tag("GB", (reason,)),))
    assert f"  United Kingdom (GB)\n    {line}\n" in plain(post_view(post, GLYPHS, why=True))


STATS = Stats(
    posts=1500,
    files=40,
    bytes_on_disk=12_345_678,
    facets={
        "country": {"GB": 2, "": 1},
        "year": {"1984": 40, "1999": 1, "": 3},
        "theme": {"labour-rights": 2},
        "language": {"en": 3},
        "source": {"news": 3},
        "mentions": {"GB": 2},
    },
    undated=3,
    engine="whoosh",
    schema_version=1,
    created="2026-01-02T03:04:05+00:00",
    updated="2026-01-03T03:04:05Z",
    corpus="/srv/corpus",
)


def test_stats_hold_numbers_dates_and_tables() -> None:
    """An index is summed up: how much, from when to when, of what, by which engine."""
    text = plain(stats_view(STATS, "index/", GLYPHS))
    for line in (
        "Posts     1,500",
        "Dates     1984 to 1999; 3 undated",
        "Index     index/, 12.3 MB",
        "Engine    whoosh, schema 1",
        "Created   2026-01-02 03:04:05 UTC",
        "        2  United Kingdom",
        "        3  English",
    ):
        assert line in text.splitlines()
    assert "mentions" not in text


def test_a_histogram_is_short_and_loses_no_post() -> None:
    """Long spans are put into bins; a bin with one post of many still has a bar."""
    years = dict.fromkeys(range(1948, 2026), 1) | {2020: 10_000}
    lines = list(output.plain([histogram(years, GLYPHS)]))
    assert len(lines) <= 12
    assert sum(int(line.split()[-1].replace(",", "")) for line in lines) == sum(years.values())
    assert lines[0].split() == ["1940–1949", "▏", "2"]
    assert max(line.count("█") for line in lines) == 20


def test_a_histogram_shows_years_without_posts() -> None:
    """A gap in the years is seen as a gap."""
    lines = [line.split() for line in output.plain([histogram({2001: 2, 2003: 1}, ASCII_GLYPHS)])]
    assert lines == [["2001", "#" * 20, "2"], ["2002", "0"], ["2003", "#" * 10, "1"]]


def test_a_sync_says_what_it_did_and_what_comes_next() -> None:
    """The summary has every number, the place of the index and the next command."""
    summary = SyncSummary(12, 3, 1, 1500, 40, 5, 1, 2, 1, elapsed_s=63.0)
    assert plain(summary_view(summary, "index/", "rights-search query x", GLYPHS)) == (
        "1,515 posts in index/ (1 min 3 s)\n"
        "  posts: 12 added · 3 changed · 1 removed · 1,500 unchanged · 2 skipped\n"
        "  files: 40 seen · 5 read · 1 gone · 1 failed\n"
        "Next: rights-search query x"
    )


def test_problems_are_listed_worst_first_and_not_without_end() -> None:
    """Failed files stand before skipped records; beyond twenty they are only counted."""
    problems = [Problem(f"{n}.csv", "odd", n, is_failure=False) for n in range(1, 25)]
    summary = SyncSummary(problems=(*problems, Problem("x.html", "is no HTML")))
    lines = plain(problem_lines(summary)).splitlines()
    assert lines[:2] == ["failed: x.html: is no HTML", "skipped: 1.csv:1: odd"]
    assert len(lines) == MAX_PROBLEMS + 1
    assert lines[-1].startswith("+5 more")


def test_what_earlier_runs_told_is_counted_and_does_not_hide_what_is_new() -> None:
    """A job that runs every night tells a failure once, in a line of its own."""
    known = [Problem(f"{n}.pdf", "is broken", is_known=True) for n in range(MAX_PROBLEMS + 5)]
    summary = SyncSummary(1, problems=(*known, Problem("new.pdf", "is broken")))
    assert plain(problem_lines(summary)) == "failed: new.pdf: is broken"
    strict = plain(problem_lines(summary, strict=True)).splitlines()
    assert strict[:2] == ["failed: new.pdf: is broken", "failed: 0.pdf: is broken"]
    view = plain(summary_view(summary, "index/", "rights-search query x", GLYPHS))
    assert (
        "\n  left out: 25 files or records known from earlier runs; --report FILE lists all\n"
        in view
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0001, "<1 ms"),
        (0.0126, "13 ms"),
        (1.26, "1.3 s"),
        (59.96, "1 min 0 s"),
        (125, "2 min 5 s"),
    ],
)
def test_durations_have_the_unit_that_suits_them(value: float, text: str) -> None:
    """Milliseconds for a search, minutes for a long sync."""
    assert labels.seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_000_000, "2.0 MB"), (3e9, "3.0 GB")],
)
def test_sizes_have_the_unit_that_suits_them(value: int, text: str) -> None:
    """Decimal units, as file managers use them."""
    assert labels.size(value) == text


# --- for programs ------------------------------------------------------------------------


def test_json_has_every_public_field_of_an_answer() -> None:
    """A program gets all that the library gives, dates in ISO 8601."""
    results = replace(
        RESULTS, facets=FACETS, expansions=(Expansion("strike", "strike", ("walkout",)),)
    )
    stream = io.StringIO()
    export.write_json(to_dict(results), stream)
    record = json.loads(stream.getvalue())
    assert list(record) == [
        "query", "total", "distinct", "offset", "facets", "expansions", "is_relaxed", "notes",
        "mode", "why_empty", "collapsed", "suggestion", "selected", "hits",
    ]  # fmt: skip
    assert record["facets"] == FACETS
    assert record["expansions"] == [{"clause": "strike", "group": "strike", "forms": ["walkout"]}]
    hit = record["hits"][0]
    assert set(hit) == set(Hit.__dataclass_fields__)
    assert hit["post"]["date"]["iso"] == "1984-03"
    assert hit["snippet"] == {
        "text": "The strike began at dawn.",
        "spans": [[4, 10]],
        "paragraph": None,
    }
    assert hit["why"][1] == {
        "field": "body", "words": "walkout", "clause": "strike", "rule": "alias: strike",
        "count": 3, "is_least": False,
    }  # fmt: skip


def test_json_lines_are_one_hit_each() -> None:
    """A line holds the same object as the list of hits."""
    stream = io.StringIO()
    export.write_jsonl(replace(RESULTS, hits=(HIT, replace(HIT, rank=2))), stream)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["rank"] for line in lines] == [1, 2]
    assert lines[0] == json.loads(json.dumps(to_dict(HIT)))


def test_csv_has_a_header_and_names_not_codes() -> None:
    """A spreadsheet gets a row a hit, several values joined."""
    stream = io.StringIO()
    export.write_csv(RESULTS, stream)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue()))
    assert row == {
        "rank": "1",
        "score": "7.25",
        "id": "3f2a9c0d1e42",
        "date": "1984-03",
        "date_notes": "",
        "date_origin": "front matter: date",
        "updated": "",
        "title": "Strike at the mine",
        "countries": "United Kingdom",
        "themes": "Labour rights",
        "groups": "",
        "authors": "A. Writer; B. Writer",
        "language": "en",
        "source": "news",
        "url": "",
        "path": "news/1984.md",
        "line": "3",
        "page": "",
        "snippet": "The strike began at dawn.",
        "copies": "",
        "follows": "",
    }


def test_a_doubtful_date_is_doubtful_in_every_format() -> None:
    """CSV, JSON and the whole post say circa, how precise, from where and when updated."""
    post = replace(
        POST,
        date=PartialDate("2014", "table: Datum", ("circa", "coarsened")),
        updated=PartialDate("2015-01", "table: updated"),
    )
    stream = io.StringIO()
    export.write_csv(replace(RESULTS, hits=(replace(HIT, post=post),)), stream)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue()))
    assert (row["date"], row["date_notes"]) == ("c. 2014", "the source is more exact")
    assert (row["date_origin"], row["updated"]) == ("table: Datum", "2015-01")
    assert to_dict(post)["date"] == {
        "iso": "2014",
        "origin": "table: Datum",
        "flags": ["circa", "coarsened"],
        "precision": "year",
        "text": "c. 2014",
    }
    lines = plain(post_view(post, GLYPHS)).splitlines()
    assert lines[1:3] == [
        "c. 2014 (the source is more exact) · precise to the year · from table: Datum",
        "updated 2015-01 · precise to the month · from table: updated",
    ]


def test_csv_without_hits_is_a_header() -> None:
    """A program that reads columns by name finds them even so."""
    stream = io.StringIO()
    export.write_csv(Results("x", 0, ()), stream)
    assert stream.getvalue() == ",".join(export.CSV_COLUMNS) + "\n"


# --- errors ------------------------------------------------------------------------------


def test_carets_stand_under_the_place_at_fault() -> None:
    """A query error shows reason, query and carets."""
    error = QueryError("strike contry:GB", 7, 13, "Unknown field 'contry'")
    assert app.error_lines(error) == [
        "Unknown field 'contry'",
        "  strike contry:GB",
        "         ^^^^^^",
    ]


def test_carets_know_wide_letters() -> None:
    """Ideographs take two columns, so the carets move and grow."""
    error = QueryError("人权 语:中", 3, 4, "Unknown field '语'")
    assert app.error_lines(error)[-1] == "  " + " " * 5 + "^^"


def test_other_errors_are_their_message() -> None:
    """The library's own words are shown as they are."""
    assert app.error_lines(RightsSearchError("index/: there is none")) == ["index/: there is none"]
