"""Counts over time: as plain Python counts them, in the terminal, as SVG and as PNG."""

from __future__ import annotations

import csv
import io
import json
import random
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import resvg_py
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from fuzzing import examples
from random_posts import COUNTRIES, WORDS, make_post
from rights_search import Archive, MissingExtraError, RightsSearchError, engines, fields
from rights_search.__main__ import main
from rights_search.cli import charts, output, pictures
from rights_search.cli.terminal import ASCII_GLYPHS, Glyphs
from rights_search.cli.views.periods import between
from rights_search.cli.views.timeline import timeline_view
from rights_search.engines.protocol import Snapshot
from rights_search.links.relations import Links
from rights_search.post import PartialDate, Post
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.matching import matches
from rights_search.query.nodes import Word
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request
from rights_search.search.timeline import SPLIT_BY, Period, Series, Timeline, Unit, count
from test_cli import STYLE, run_in_terminal

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=engines.names())
def world(request: pytest.FixtureRequest) -> Iterator[tuple[Snapshot, list[Post]]]:
    """Return an index of random posts, some dated "about", and the posts."""
    rng = random.Random(20190919)
    engine = engines.load(request.param)
    handle = engine.create(None)
    writer = engine.writer(handle)
    posts = []
    for number in range(200):
        post = make_post(number, rng, "a")
        if post.date is not None and rng.random() < 0.3:
            post = replace(post, date=PartialDate(post.date.iso, flags=("circa",)))
        posts.append(post)
        writer.add(post)
    writer.commit()
    snapshot = engine.snapshot(handle)
    yield snapshot, posts
    snapshot.close()


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(
    word=st.none() | st.sampled_from(WORDS[:6]),
    country=st.none() | st.sampled_from(COUNTRIES),
    years=st.none() | st.sampled_from(["2013..2014", "1999", "2014.."]),
    by=st.sampled_from(["year", "month"]),
    split=st.none() | st.sampled_from(SPLIT_BY),
    top=st.integers(1, 3),
)
def test_counts_are_those_of_plain_python(  # noqa: PLR0913, PLR0917 - what is asked for
    world: tuple[Snapshot, list[Post]],
    word: str | None,
    country: str | None,
    years: str | None,
    by: Unit,
    split: str | None,
    top: int,
) -> None:
    """Every post is in its period, in a year without a month, or among the undated: once."""
    snapshot, posts = world
    filters = (("country", (country,) if country else ()), ("year", (years,) if years else ()))
    request = Request(f'"{word}"' if word else "", filters, mode="exact")
    found = count(request, LinkedSnapshot(snapshot, Links()), by=by, split=split, top=top)

    low, _, high = (years or "0..9999").partition("..")
    low, high = low or "0", high or ("9999" if ".." in (years or "..") else low)
    answers = [
        post
        for post in posts
        if (word is None or matches(Word(word, exact=True), AnalysedPost(post)))
        and (country is None or country in {tag.value for tag in post.countries})
        and (years is None or (post.year is not None and int(low) <= post.year <= int(high)))
    ]
    length = 4 if by == "year" else 7
    dated = [post.date for post in answers if post.date is not None]
    expected = Counter(date.iso[:length] for date in dated)
    circa = Counter(date.iso[:length] for date in dated if "circa" in date.flags)
    counted = [*found.periods, *found.month_unknown]
    assert {each.iso: each.count for each in counted if each.count} == expected
    assert {each.iso: each.circa for each in counted if each.circa} == circa
    assert found.undated == len(answers) - len(dated)
    assert found.total == sum(each.count for each in counted) + found.undated
    assert all(len(each.iso) == length for each in found.periods)
    isos = [each.iso for each in found.periods]
    assert isos == sorted(isos)
    assert all(not list(between(*pair)) for pair in pairwise(isos))
    check_series(found, answers, length)


def check_series(found: Timeline, answers: list[Post], length: int) -> None:
    """Compare the series of a timeline with the posts."""
    if found.split is None:
        assert not found.series
        return
    field = fields.BY_NAME[found.split]
    keys = {post.id: set(map(field.key, field.values(post))) for post in answers}
    shown = [field.key(each.value) for each in found.series if each.value is not None]
    for each in found.series:
        own = [
            post
            for post in answers
            if (
                field.key(each.value) in keys[post.id]
                if each.value is not None
                else keys[post.id].isdisjoint(shown)
            )
        ]
        assert each.total == len(own)
        expected = Counter(post.date.iso[:length] for post in own if post.date is not None)
        isos = (period.iso for period in found.periods)
        assert each.counts == tuple(expected[iso] for iso in isos)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of a few posts, two of them copies."""
    folder = tmp_path_factory.mktemp("timeline")
    corpus = folder / "corpus"
    corpus.mkdir()
    posts = [
        ("Russia", "2012-01-02", "A strike of miners"),
        ("Russia", "2012-03-04", "A strike of teachers"),
        ("Egypt", "2012", "A strike of dockers"),
        ("Egypt", "circa 2014", "A strike of drivers"),
        ("Fiji", "1990-05-06", "A strike of cooks"),
        ("", "", "A strike of bakers"),
    ]
    lines = [
        json.dumps({"title": text, "country": country, "date": date, "text": f"{text} began."})
        for country, date, text in posts
    ]
    (corpus / "posts.jsonl").write_text("\n".join(lines))
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
    return folder / "index"


def test_years_without_hits_are_periods_too(index: Path) -> None:
    """Each year from the first to the last is there; "about" is said of its year."""
    with Archive.open(index) as archive:
        found = archive.timeline("strike")
        assert (found.by, found.total, found.undated) == ("year", 6, 1)
        assert [period.iso for period in found.periods] == [str(y) for y in range(1990, 2015)]
        assert found.periods[-3:] == (Period("2012", 3), Period("2013", 0), Period("2014", 1, 1))
        assert archive.timeline("zebra").periods == ()
        assert archive.timeline("strike zebra").total == 0, "a weaker query is another one"


def test_a_year_alone_is_in_no_month(index: Path) -> None:
    """It stands apart; months are chosen where there are few years; filters set the span."""
    with Archive.open(index) as archive:
        found = archive.timeline(year="2012")
        assert found.by == "month"
        assert [period.iso for period in found.periods] == [f"2012-{m:02}" for m in range(1, 13)]
        assert sum(period.count for period in found.periods) == 2
        assert found.month_unknown == (Period("2012", 1),)
        assert len(archive.timeline(year="2012..2013").periods) == 24
        assert [each.iso for each in archive.timeline(year="2010..2012", by="year").periods] == [
            "2010", "2011", "2012",
        ]  # fmt: skip


def test_wrong_arguments_are_refused(index: Path) -> None:
    """The message names what would do."""
    with Archive.open(index) as archive:
        with pytest.raises(ValueError, match="by must be one of year, month"):
            archive.timeline(by="week")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="split must be one of country"):
            archive.timeline(split="year")
        with pytest.raises(ValueError, match="top"):
            archive.timeline(split="theme", top=0)


# --- the command ---------------------------------------------------------------------


def test_the_plot_has_every_number(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bar a year, a long gap in one row, what has no month or date in words."""
    assert main(["timeline", "strike", "--index", str(index), "--split", "country"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "6 hits by year, 1990 to 2014"
    shown = [line.split() for line in lines[2:7]]
    assert [row[0] for row in shown] == ["1990", "1991..2011", "2012", "2013", "2014"]
    assert [row[-1] for row in shown] == ["1", "0", "3", "0", "2014)"]
    assert "1 (c. 2014)" in lines[6]
    assert "  undated: 1" in lines
    assert [line.split()[0] for line in lines[lines.index("By country") + 1 :][:3]] == [
        "Egypt", "Russia", "Fiji",
    ]  # fmt: skip
    assert main(["timeline", "--by", "month", "--index", str(index)]) == 0
    out = capsys.readouterr().out
    assert "  2012, month unknown: 1\n  2014, month unknown: 1 (c. 2014)\n  undated: 1\n" in out


def test_programs_get_the_same(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has the library's values, CSV a row a period and a column a series."""
    asked = ["timeline", "strike", "--index", str(index), "--split", "country", "--top", "1"]
    assert main([*asked, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["periods"][-3] == {"iso": "2012", "count": 3, "circa": 0}
    assert [each["label"] for each in record["series"]] == ["Egypt", "none of these"]
    assert main([*asked, "--csv", "--by", "month"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert sum(int(row["hits"]) for row in rows) == 6
    assert next(row for row in rows if row["period"] == "2012-01") == {
        "period": "2012-01", "kind": "month", "hits": "1", "circa": "0",
        "Egypt": "0", "none of these": "1",
    }  # fmt: skip
    assert [row["kind"] for row in rows[-3:]] == ["month unknown", "month unknown", "undated"]


def test_nothing_found_is_said(
    index: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """No plot and no file, and the exit code of grep."""
    assert main(["timeline", "zebra", "--index", str(index)]) == 1
    assert capsys.readouterr().out == "0 hits\n"
    picture = tmp_path / "t.svg"
    assert main(["timeline", "zebra", "--index", str(index), "--output", str(picture)]) == 1
    assert not picture.exists()


@pytest.mark.parametrize("columns", [15, 40, 80, 200])
def test_a_terminal_of_any_width_shows_the_numbers(index: Path, columns: int) -> None:
    """No line is wider than the terminal, nor than people read; every year has its number."""
    done = run_in_terminal(
        "timeline", "strike", "--no-color", "--index", index, "--split", "country", columns=columns
    )
    assert done.code == 0
    lines = STYLE.sub("", done.out).splitlines()
    assert all(len(line) <= min(columns, 100) for line in lines)
    for year in ("1990", "2012", "2013", "2014"):
        assert any(year in line for line in lines)


@pytest.mark.parametrize(
    ("command", "args", "message"),
    [
        ("timeline", ["--by", "week"], "--by"),
        ("timeline", ["--split", "year"], "it can be split by country"),
        ("timeline", ["--split", "title"], "it can be split by country"),
        ("timeline", ["--output", "t.pdf"], "must end in .svg or .png"),
        ("timeline", ["--country", "Atlantis"], "Atlantis"),
        ("timeline", ["--top", "0"], "--top"),
        ("timeline", ["--json", "--csv"], "Choose one of"),
        ("facets", ["--json", "--csv"], "Choose one of"),
        (
            "facets",
            ["--place", "Grozny"],
            "Unknown place 'Grozny'; it is a region such as Chechnya",
        ),
        ("facets", ["--by", "cuontry"], "--by cuontry: did you mean 'country'? facets are country"),
        (
            "facets",
            ["--by", "country,regions"],
            "'regions' is what --by country --fold shows; facets",
        ),
        ("facets", ["--by", "colour"], "facets are country, mentions"),
        ("facets", ["--by", "title"], "facets are country"),
        ("facets", ["--by", ""], "facets are country"),
        ("facets", ["--not-country", "Atlantis"], "Atlantis"),
        ("facets", ["--limit", "0"], "--limit"),
    ],
)
def test_a_mistake_is_a_message(
    index: Path, command: str, args: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong option of a command that counts has its reason and exit code 2."""
    assert main([command, "strike", *args, "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


# --- bars and sparks -------------------------------------------------------------------


@given(count=st.integers(0, 10**6), more=st.integers(0, 10**6), columns=st.integers(4, 100))
def test_a_bar_is_as_long_as_its_count(count: int, more: int, columns: int) -> None:
    """It fits, the largest fills the room, and only none has no bar."""
    for glyphs in (Glyphs(), ASCII_GLYPHS):
        drawn = charts.bar(count, count + more, columns, glyphs.bar)
        assert len(drawn) <= columns
        assert bool(drawn) == bool(count)
        if count:
            exact = columns * count / (count + more)
            assert exact <= len(drawn) < exact + 1
            assert charts.bar(count, count, columns, glyphs.bar) == glyphs.bar[-1] * columns


def test_ascii_will_do() -> None:
    """A terminal without other signs gets a plot in ASCII."""
    periods = (Period("2012", 3), Period("2013", 0), Period("2014", 1))
    series = (Series("EG", 2, (1, 0, 1)),)
    timeline = Timeline("x", 4, 4, "year", periods, split="country", series=series)
    text = "\n".join(output.plain(timeline_view(timeline, ASCII_GLYPHS)))
    assert text.isascii()
    assert "#" in text


def test_ties_stand_in_the_order_of_their_names() -> None:
    """As in facets: who looks for Switzerland knows no CH; the rest is last, however many."""
    series = (
        Series("EG", 3, (3,)), Series("CH", 1, (1,)), Series("DE", 1, (1,)), Series(None, 9, (9,)),
    )  # fmt: skip
    timeline = Timeline("x", 9, 9, "year", (Period("2012", 9),), split="country", series=series)
    lines = output.plain(timeline_view(timeline, ASCII_GLYPHS))
    names = ("Egypt", "Germany", "Switzerland", "none of these")
    text = "\n".join(lines)
    assert sorted(names, key=text.index) == list(names)
    root = etree.fromstring(pictures.svg(timeline).encode())
    drawn = "".join(map(str, root.itertext()))
    assert sorted(names, key=drawn.rindex) == list(names)


# --- pictures --------------------------------------------------------------------------


HOSTILE = '<script>alert(1)</script> & "x" \']]> \x1b[31m \u202e'
PICTURED = Timeline(
    HOSTILE, 9, 8, "year",
    (Period("2012", 5), Period("2013", 0), Period("2014", 2, 1)),
    month_unknown=(Period("2012", 1),), undated=1, split="source",
    series=(Series(HOSTILE, 3, (2, 0, 1)), Series(None, 5, (3, 0, 1))),
)  # fmt: skip


def test_a_picture_is_valid_and_says_what_it_shows() -> None:
    """It has a title, a description, a bar a count with its number, and nothing that acts."""
    root = etree.fromstring(pictures.svg(PICTURED).encode())
    title = root.findtext(f"{SVG}title")
    described = root.findtext(f"{SVG}desc")
    assert title is not None
    assert "<script>alert(1)</script> &" in title
    assert "9 posts, 1 of them a copy: 8 hits by year, 2012 to 2014" in title
    assert described is not None
    for said in ("2012: 5.", "2014: 2.", "undated: 1", "month unknown: 1", "1 of them c. 2014"):
        assert said in described
    bars = [rect.findtext(f"{SVG}title") for rect in root.iter(f"{SVG}rect")]
    assert bars == [
        "2012: 5", "2014: 2 (1 of them c. 2014)", "2012: 2", "2014: 1", "2012: 3", "2014: 1",
    ]  # fmt: skip
    tags = {etree.QName(element).localname for element in root.iter(etree.Element)}
    assert tags == {"svg", "title", "desc", "text", "line", "rect"}
    names = {str(name) for element in root.iter(etree.Element) for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}
    assert not set("\x1b\u202e") & set("".join(map(str, root.itertext())))


@settings(max_examples=examples(40))
@given(
    counts=st.lists(st.integers(0, 10**7), min_size=1, max_size=300),
    query=st.text(),
    by=st.sampled_from(["year", "month"]),
)
def test_any_timeline_gives_a_picture_with_its_bars_inside(
    counts: list[int], query: str, by: Unit
) -> None:
    """Every bar lies in the picture, whatever the counts and the words."""
    periods = tuple(
        Period(f"{1700 + n:04}" if by == "year" else f"{1900 + n // 12:04}-{n % 12 + 1:02}", number)
        for n, number in enumerate(counts)
    )
    root = etree.fromstring(pictures.svg(Timeline(query, 1, 1, by, periods)).encode())
    height = float(root.get("height", "0"))
    rects = list(root.iter(f"{SVG}rect"))
    assert len(rects) == sum(map(bool, counts))
    for rect in rects:
        x, y, wide, tall = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= pictures.WIDTH
        assert 0 <= y <= y + tall <= height


def test_the_command_draws(index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SVG and PNG by the name; what is there is kept unless it is said."""
    asked = ["timeline", "strike", "--index", str(index), "--split", "country"]
    for name in ("t.svg", "T.PNG"):
        assert main([*asked, "--output", str(tmp_path / name)]) == 0
    assert capsys.readouterr().out == ""
    assert etree.parse(tmp_path / "t.svg").getroot().tag == f"{SVG}svg"
    data = (tmp_path / "T.PNG").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", data[16:20])[0] == pictures.WIDTH * pictures.PNG_ZOOM
    assert main([*asked, "--output", str(tmp_path / "t.svg")]) == 2
    assert "use --force" in capsys.readouterr().err
    assert main([*asked, "--output", str(tmp_path / "t.svg"), "--force"]) == 0


def test_a_png_needs_an_extra_and_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that is missing is said, with the way out."""
    # Not by the name of a font that is not there: another may take its place.
    without_fonts = partial(resvg_py.svg_to_bytes, skip_system_fonts=True)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", without_fonts)
    with pytest.raises(RightsSearchError, match="needs a font"):
        pictures.png(pictures.svg(PICTURED))
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[plot\]'"):
        pictures.png(pictures.svg(PICTURED))


# --- stretches without hits ------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2012", "2013", []),
        ("2012", "2015", ["2013", "2014"]),
        ("1999", "2030", ["2000..2029"]),
        ("2012-11", "2013-02", ["2012-12", "2013-01"]),
        ("2012-12", "2013-01", []),
        ("2012", "2012-03", []),
        ("2012-03", "2014", ["2013"]),
    ],
)
def test_what_lies_between(first: str, last: str, expected: list[str]) -> None:
    """The years or months between two, many of them as one."""
    assert list(between(first, last)) == expected
