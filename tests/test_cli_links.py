"""How copies and threads look: under a hit, with a whole post, in numbers, as data."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from rights_search.cli import export, output, styled
from rights_search.cli.blocks import Block
from rights_search.cli.terminal import ASCII_GLYPHS, Glyphs
from rights_search.cli.views.links import hit_links, related_view
from rights_search.cli.views.results import results_view
from rights_search.cli.views.stats import stats_view
from rights_search.post import PartialDate, Post, Provenance
from rights_search.result_records import to_dict
from rights_search.results import Copies, Copy, Follow, Hit, Related, Results, Snippet, Stats

GLYPHS = Glyphs()
STYLE = re.compile(r"\x1b\[[0-9;]*m")

POST = Post(
    id="00000000000a",
    title="Four teachers acquitted",
    paragraphs=("Text.",),
    provenance=Provenance("a.md", "0" * 64, "markdown", 1),
    date=PartialDate("2014-02-05"),
    source="first.example.org",
)


def copy(letter: str, similarity: float = 1.0, source: str | None = "other.example.org") -> Copy:
    """Return a copy of the post."""
    date = PartialDate("2014-02-06")
    return Copy(f"00000000000{letter}", POST.title, date, source, f"{letter}.md:1", similarity)


def hit(copies: Copies | None = None, follows: Follow | None = None) -> Hit:
    """Return a hit with these links."""
    return Hit(1, 1.0, POST, Snippet("Text."), copies=copies, follows=follows)


def plain(blocks: Iterable[Block]) -> list[str]:
    """Return what a pipe gets."""
    return list(output.plain(blocks))


def of_original(*copies: Copy, count: int | None = None) -> Copies:
    """Return the copies that stand under their original."""
    return Copies(POST.id, 1.0, len(copies) if count is None else count, copies)


@pytest.mark.parametrize(
    ("copies", "line"),
    [
        (
            of_original(copy("b")),
            "and 1 copy: other.example.org · 2014-02-06 · 00000000000b",
        ),
        (
            of_original(copy("b"), copy("c", 0.83)),
            (
                "and 2 near-copies: other.example.org · 2014-02-06 · 00000000000b; "
                "other.example.org · 2014-02-06 · 00000000000c"
            ),
        ),
        (
            of_original(copy("b", source=POST.source), copy("c", source=None)),
            "and 2 copies: b.md:1 · 2014-02-06 · 00000000000b; c.md:1 · 2014-02-06 · 00000000000c",
        ),
        (
            of_original(*(copy(letter) for letter in "bcdef"), count=1234),
            (
                "and 1,234 copies: other.example.org · 2014-02-06 · 00000000000b; "
                "other.example.org · 2014-02-06 · 00000000000c; "
                "other.example.org · 2014-02-06 · 00000000000d … +1,231"
            ),
        ),
        (
            Copies("00000000000b", 0.9, 3, (copy("b"), copy("c"), copy("d"))),
            "near-copy of other.example.org · 2014-02-06 · 00000000000b … +2",
        ),
        (
            Copies("00000000000b", 1.0, 1, (copy("b"),)),
            "copy of other.example.org · 2014-02-06 · 00000000000b",
        ),
    ],
    ids=["one", "two", "same source", "many", "of a near-copy", "of a copy"],
)
def test_a_hit_names_where_its_copies_stand(copies: Copies, line: str) -> None:
    """One line: how many, and the source of each, or its file where the source is the same."""
    assert plain(hit_links(hit(copies), GLYPHS, indent=4)) == [f"    {line}"]


def test_a_hit_says_what_it_follows() -> None:
    """Date, title and id of the post before it."""
    follows = Follow("00000000000f", "Four teachers held", PartialDate("2013"), "same title")
    assert plain(hit_links(hit(follows=follows), GLYPHS, indent=4)) == [
        "    follows: 2013 · Four teachers held · 00000000000f"
    ]
    assert plain(hit_links(hit(), GLYPHS, indent=4)) == []


def test_the_header_counts_posts_and_hits() -> None:
    """Both numbers stand there where they differ, and pages go through the hits."""
    results = Results("x", 1200, (hit(),), collapsed=100)
    lines = plain(results_view(results, GLYPHS))
    assert lines[0].startswith("1,200 posts match, 100 of them copies: 1,100 hits (")
    assert lines[-1] == "1–1 of 1,100; for more: --offset 1"
    assert plain(results_view(replace(results, total=101), GLYPHS))[-1].endswith("Text.")
    one = plain(results_view(replace(results, total=3, collapsed=1), GLYPHS))[0]
    assert one.startswith("3 posts match, 1 of them a copy: 2 hits (")
    assert plain(results_view(replace(results, collapsed=0), GLYPHS))[0].startswith(
        "1,200 posts match ("
    )


def test_a_whole_post_has_its_links_in_sections() -> None:
    """Copies with their shares, then what it follows and what follows it, each with its reason."""
    related = Related(
        Copies("00000000000b", 0.8999, 30, (copy("b"), copy("c", 0.75))),
        Follow("00000000000e", "UA 120/93", PartialDate("1993"), "action number", "UA 120/93"),
        (Follow("00000000000f", "Re: all", None, "reply", "Re:"),),
    )
    assert plain(related_view(related, GLYPHS)) == [
        "",
        "Near-copies",
        "  this post has 89 % of its text in common with the original",
        "  other.example.org · b.md:1 · 2014-02-06 · 00000000000b · original",
        "  other.example.org · c.md:1 · 2014-02-06 · 00000000000c · 75 %",
        "  +28 more",
        "",
        "Follows",
        "  1993 · UA 120/93 · 00000000000e · “UA 120/93”, action number",
        "",
        "Followed by",
        "  undated · Re: all · 00000000000f · “Re:”, reply",
    ]
    assert plain(related_view(Related(), GLYPHS)) == []
    assert "“" not in "".join(plain(related_view(related, ASCII_GLYPHS)))


@pytest.mark.parametrize("columns", [40, 72, 200])
def test_links_fit_into_narrow_and_wide_windows(columns: int) -> None:
    """Lines are wrapped under their beginning, and nothing of them is lost."""
    copies = of_original(copy("b"), copy("c"), copy("d"))
    follows = Follow("00000000000f", "Four teachers held " * 5, PartialDate("2013"), "same title")
    stream = io.StringIO()
    blocks = [
        *results_view(Results("x", 4, (hit(copies, follows),), collapsed=3), GLYPHS),
        *related_view(Related(copies, follows, (follows,)), GLYPHS),
    ]
    styled.write(blocks, colour=True, stream=stream, columns=columns)
    shown = STYLE.sub("", stream.getvalue())
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= columns
    words = " ".join(shown.split())
    for part in ("and 3 copies:", "00000000000d", "follows: 2013", "held ·", "Followed by"):
        assert part in words


def test_data_for_programs_has_the_links() -> None:
    """JSON has them whole, CSV the ids; a post without any says so."""
    follows = Follow("00000000000f", "Before", PartialDate("2013"), "same title")
    results = Results("x", 3, (hit(of_original(copy("b"), copy("c")), follows), hit()), collapsed=1)
    stream = io.StringIO()
    export.write_json(to_dict(results), stream)
    record = json.loads(stream.getvalue())
    assert (record["total"], record["distinct"]) == (3, 2)
    first, second = record["hits"]
    assert first["copies"]["original"] == POST.id
    assert [each["source"] for each in first["copies"]["others"]] == ["other.example.org"] * 2
    assert first["copies"]["others"][0]["date"]["iso"] == "2014-02-06"
    assert (first["follows"]["id"], first["follows"]["rule"]) == ("00000000000f", "same title")
    assert (second["copies"], second["follows"]) == (None, None)
    stream = io.StringIO()
    export.write_csv(results, stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert [(row["copies"], row["follows"]) for row in rows] == [
        ("00000000000b; 00000000000c", "00000000000f"),
        ("", ""),
    ]


def test_stats_count_copies_and_threads() -> None:
    """How many copies of how many posts, and of which kind."""
    stats = Stats(9, 1, 1, {}, 0, "whoosh", 1, "", "", "", 1200, 30, 1, 1)
    lines = plain(stats_view(stats, "index/", GLYPHS))
    assert "Copies    1,230 of 1 post: 1,200 exact, 30 near" in lines
    assert "Threads   1 post that follows another" in lines
    none = replace(stats, exact_copies=0, near_copies=0, originals_copied=0, follow_ups=0)
    lines = plain(stats_view(none, "index/", GLYPHS))
    assert "Copies    none" in lines
    assert "Threads   none" in lines


def test_the_option_gives_each_copy_its_hit(tmp_path: Path) -> None:
    """By default copies are one hit; with --all-copies each is one."""
    text = " ".join(f"word{number}" for number in range(40))
    corpus = tmp_path / "corpus"
    for source in ("one", "two", "three"):
        (corpus / source).mkdir(parents=True)
        (corpus / source / "post.md").write_text(f"# Teachers acquitted\n\n{text}\n")

    def run(*arguments: str) -> str:
        place = ["--index", str(tmp_path / "index")]
        command = [sys.executable, "-m", "rights_search", *arguments, *place]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("index", str(corpus), "--quiet")
    collapsed = run("query", "teachers")
    assert collapsed.startswith("3 posts match, 2 of them copies: 1 hit (")
    assert "    and 2 copies: three · undated · " in collapsed
    every = json.loads(run("query", "teachers", "--all-copies", "--json"))
    assert (every["total"], every["distinct"], len(every["hits"])) == (3, 3, 3)
    assert "Copies    2 of 1 post: 2 exact, 0 near" in run("stats")
