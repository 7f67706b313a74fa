"""Whatever a post, a file name or a query holds, an output only shows it."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rights_search.cli import app, export, output, styled
from rights_search.cli.blocks import Block, Run
from rights_search.cli.terminal import ASCII_GLYPHS, Glyphs, glyphs_for
from rights_search.cli.views.post import post_view
from rights_search.cli.views.results import results_view
from rights_search.cli.views.stats import stats_view
from rights_search.cli.views.summary import problem_lines, summary_view
from rights_search.errors import QueryError, ReadError
from rights_search.indexing.sync_results import Problem, SyncSummary
from rights_search.post import Evidence, PartialDate, Post, Provenance, Tag
from rights_search.result_records import to_dict
from rights_search.results import Expansion, Hit, Match, Results, Snippet, Stats
from rights_search.safe_text import MAX_MARKS, safe

GLYPHS = Glyphs()
# Exactly what rich makes of our styles: a stray red from a post is none of these.
OUR_STYLES = re.compile(r"\x1b\[(?:0|1|2|36|1;31)m")

# Far more often than chance would have it: what terminals, shells and rich obey.
NASTY = st.sampled_from(
    [
        "\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x9b2J", "\x00", "\x08", "\x7f",
        "\r", "\n", "\r\n", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029",
        "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\u200b", "\u200d", "\u200c",
        "\u00ad", "\ufeff", "\U000e0041", "\ud800", "\udfff", "\ufffe", "[bold]", "[/]", ":smile:",
        "[link=http://x]", "\\[", "=1+1", "人权", "Чечня", "حقوق", "\u0301" * 30,
    ]
)  # fmt: skip
ANY_CHARACTER = st.characters(exclude_categories=())
TEXT = st.lists(NASTY | st.text(ANY_CHARACTER, max_size=8), max_size=6).map("".join)
# Where the library promises at least one character.
NAME = TEXT.map(lambda text: text or "x")


def unsafe_characters(text: str) -> list[str]:
    """Return the characters that a terminal might obey, line ends left out."""
    return [
        f"U+{ord(char):04X}"
        for char in text
        if char != "\n"
        and (
            unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}
            or unicodedata.bidirectional(char)
            in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
            or char in "\u200b\u200e\u200f\u061c\u00ad\ufeff\u2060"
        )
    ]


def written(blocks: Iterable[Block]) -> str:
    """Return what a pipe gets."""
    return "".join(line + "\n" for line in output.plain(blocks))


def drawn(blocks: Iterable[Block], columns: int) -> str:
    """Return what a terminal gets, our own styles taken out."""
    stream = io.StringIO()
    styled.write(blocks, colour=True, stream=stream, columns=columns)
    return OUR_STYLES.sub("", stream.getvalue())


def post_of(text: str) -> Post:
    """Return a post that holds ``text`` wherever others write."""
    tags = (Tag("RU", (Evidence(text, text, text, 2),)),)
    return Post(
        id="0123456789ab",
        title=text,
        paragraphs=(text, text),
        provenance=Provenance(text, text, text, 1, 2, 0, 9, text),
        date=PartialDate("2019", text, (text,)),
        authors=(text,),
        role=text,
        organisation=text,
        place=text,
        captions=(text,),
        calls_to_action=(text,),
        url=text,
        language=text,
        source=text,
        source_countries=(text,),
        source_tags=(text,),
        notes=(text,),
        countries=tags,
        places=(Tag(text, tags[0].evidence),),
    )


def results_of(text: str) -> Results:
    """Return an answer that holds ``text`` wherever others write."""
    middle = len(text) // 2
    hit = Hit(
        1,
        1.5,
        post_of(text),
        Snippet(text, ((0, middle),) if middle else ()),
        ((middle, len(text)),) if text else (),
        (Match(text, text, text, text, 2),),
    )
    return Results(
        query=text,
        total=1,
        hits=(hit,),
        facets={"source": {text: 1}, "language": {text: 3}},
        expansions=(Expansion(text, text, (text,)),),
        notes=(text,),
    )


def all_views(text: str) -> list[Block]:
    """Return every view there is, filled with ``text``."""
    stats = Stats(
        1, 1, 10, {"source": {text: 1}, "year": {"2019": 1}}, 0, text, 1, text, text, text
    )
    summary = SyncSummary(problems=(Problem(text, text, 3), Problem(text, text)))
    return [
        *results_view(results_of(text), GLYPHS, why=True),
        *post_view(post_of(text), GLYPHS),
        *post_view(post_of(text), GLYPHS, why=True),
        *stats_view(stats, text, GLYPHS),
        *summary_view(summary, text, text, GLYPHS),
        *problem_lines(summary),
    ]


@given(TEXT)
def test_a_pipe_gets_no_character_that_acts(text: str) -> None:
    """Plain output of every view holds no control but line ends, whatever goes in."""
    assert unsafe_characters(written(all_views(text))) == []


@settings(max_examples=25)
@given(TEXT, st.sampled_from([20, 40, 120]))
def test_a_terminal_gets_no_character_that_acts_but_our_styles(text: str, columns: int) -> None:
    """Styled output of every view holds nothing but text, line ends and our styles."""
    assert unsafe_characters(drawn(all_views(text), columns)) == []


@given(TEXT)
def test_safe_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    """Making text safe twice is making it safe once, and never leaves a line end."""
    once = safe(text)
    assert safe(once) == once
    assert len(once.splitlines()) <= 1
    once.encode("utf-8")


@given(TEXT)
def test_json_is_ascii_and_valid_everywhere(text: str) -> None:
    """JSON is inert: printable ASCII without lone surrogates, and reads back."""
    stream = io.StringIO()
    export.write_json(to_dict(results_of(text)), stream)
    export.write_json(to_dict(post_of(text)), stream)
    export.write_jsonl(results_of(text), stream)
    shown = stream.getvalue()
    assert unsafe_characters(shown) == []
    assert shown.isascii()
    line = shown.splitlines()[-1]
    json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")


@given(TEXT)
def test_csv_is_one_line_a_hit_and_starts_no_formula(text: str) -> None:
    """CSV holds no control characters and no cell that a spreadsheet would run."""
    stream = io.StringIO()
    export.write_csv(results_of(text), stream)
    shown = stream.getvalue()
    assert unsafe_characters(shown) == []
    _, row = csv.reader(io.StringIO(shown))
    assert len(row) == len(export.CSV_COLUMNS)
    assert not [cell for cell in row if re.match(r"\s*[=+\-@＝＋－＠]", cell)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "\u200b="])
def test_a_cell_that_begins_as_a_formula_is_quoted(start: str) -> None:
    """The guard in front of a formula is a single apostrophe, as spreadsheets know it."""
    stream = io.StringIO()
    export.write_csv(results_of(f"{start}cmd|' /C calc'!A0"), stream)
    row = next(csv.DictReader(io.StringIO(stream.getvalue())))
    assert row["title"].startswith("'")
    assert row["rank"] == "1"


@given(TEXT)
@example("a;=1+1")
@example('"; "=1+1&"')
@example("=1;-2;\t@x")
def test_no_cell_is_a_formula_where_a_semicolon_ends_it(text: str) -> None:
    """Excel cuts at semicolons where the comma is the decimal sign, LibreOffice at both signs."""
    stream = io.StringIO()
    export.write_csv(results_of(text), stream)
    lines = stream.getvalue().splitlines()[1:]
    cells = [cell for row in csv.reader(lines, delimiter=";") for cell in row]
    cells += [cell for line in lines for cell in line.split(";")]
    assert not [cell for cell in cells if re.match(r'[\s"]*[=+\-@＝＋－＠]', cell)]


@given(TEXT, TEXT)
def test_errors_are_safe_and_never_longer_than_three_lines(query: str, reason: str) -> None:
    """An error message shows the query without obeying it."""
    error = QueryError(query, 0, max(1, len(query) // 2), reason)
    for lines in (app.error_lines(error), app.error_lines(ReadError(query, reason))):
        text = "\n".join(safe(line) for line in lines)
        assert unsafe_characters(text) == []
        assert len(text.split("\n")) <= 3


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("a\x1b[31mb", "a�[31mb"),
        ("line\r\nnext\tcell", "line next cell"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("pass\u200bword \u2066x\u2069", "password x"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("a\u200d\u200db", "ab"),
        ("bad\udcffbyte", "bad�byte"),
        ("[bold]as it is[/bold]", "[bold]as it is[/bold]"),
        ("caf\u0065\u0301", "caf\u0065\u0301"),
    ],
)
def test_what_becomes_of_dangerous_text(given_text: str, shown: str) -> None:
    """Tampering is seen or gone; spelling, brackets and emoji stay."""
    assert safe(given_text) == shown


@pytest.mark.parametrize("mark", ["\u0335", "\u0e49", "\u064b", "\u0ec8", "\u11a8", "\ufe0f"])
@pytest.mark.parametrize("between", ["", "\u200d"])
def test_piled_up_marks_are_cut(mark: str, between: str) -> None:
    """Dozens of marks on a letter, which would cover the lines above, become a few."""
    shown = safe(f"Z{f'{mark}{between}' * 50}Z{mark}")
    assert shown.count(mark) == MAX_MARKS + 1
    assert safe(shown) == shown


def test_markup_in_a_post_is_shown_not_obeyed() -> None:
    """Brackets and emoji codes of a post reach the terminal as they are."""
    text = "[red]x[/red] [link=http://e.org]y[/link] :warning:"
    assert text in drawn(all_views(text), 120)


def test_a_run_is_safe_however_it_is_made() -> None:
    """Text becomes safe on entering a run, so that no view can forget it."""
    assert Run("\x1b]0;x\x07").text == "�]0;x�"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "koi8-r", "utf-8"])
def test_an_output_that_lacks_a_character_does_not_crash(encoding: str) -> None:
    """With the streams prepared as the program does, every locale gets some output."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    glyphs = glyphs_for(stream)
    text = "Чечня 人权 é \U0001f600"
    for line in output.plain(results_view(results_of(text), glyphs, why=True)):
        stream.write(line + "\n")
    stream.flush()
    assert glyphs == (GLYPHS if encoding == "utf-8" else ASCII_GLYPHS)
