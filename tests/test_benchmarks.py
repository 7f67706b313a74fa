"""The benchmark: posts and pages that are made, what steps tell, tables, plots and ratios."""

from __future__ import annotations

import json
import platform
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks import asking, engine_work, made_pages, made_posts, plots, report, store
from benchmarks.__main__ import main
from benchmarks.contenders.protocol import records
from benchmarks.parts import KINDS
from benchmarks.parts.command_line import state_of
from benchmarks.parts.work import size_of
from benchmarks.ratios import RATIOS
from benchmarks.running import Runner
from benchmarks.store import Found
from rights_search import engines
from rights_search.ingest import read
from rights_search.post import Post


@pytest.fixture(name="posts", scope="module")
def _posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("posts") / "posts.jsonl"
    made_posts.write(path, 200, is_made=True)
    return path


# --- what is made ----------------------------------------------------------------


def test_the_same_seed_gives_the_same_posts() -> None:
    """Two runs make the same posts, another seed makes others."""
    first, again = (list(islice(made_posts.made(7), 20)) for _ in range(2))
    assert first == again
    assert first != list(islice(made_posts.made(8), 20))


def test_words_are_as_frequent_as_in_a_language(posts: Path) -> None:
    """The most frequent word is a twentieth or so of all, and most words are seen once or twice."""
    words = Counter(word.lower() for post in records(posts) for word in post["text"].split())
    (_, most), *_ = words.most_common(1)
    assert 0.03 < most / words.total() < 0.15
    assert sum(count <= 2 for count in words.values()) > len(words) / 3


def test_the_vocabulary_keeps_growing(posts: Path) -> None:
    """The second half of the posts has hundreds of words that the first has not."""
    halves = [set[str](), set[str]()]
    for number, post in enumerate(records(posts)):
        halves[number // 100].update(post["text"].lower().split())
    assert len(halves[1] - halves[0]) > 300


def test_posts_have_what_is_filtered_and_counted(posts: Path) -> None:
    """Each post has an id of its own, a date that exists, one country and some themes."""
    made = list(records(posts))
    assert len({post["id"] for post in made}) == len(made) == 200
    assert all(post["country"] and post["themes"] for post in made)
    items = list(read(posts))
    assert [type(item) for item in items] == [Post] * 200


def test_pages_are_read_as_they_were_made(tmp_path: Path) -> None:
    """A page gives one post with the title, the day, the language and the text of the made post."""
    size = made_pages.write(tmp_path, 60)
    assert 2500 < size / 60 < 4500
    items = [item for item in read(tmp_path) if isinstance(item, Post)]
    made = list(islice(made_posts.made(1, median_words=made_pages.MEDIAN_WORDS), 60))
    assert [(post.title, str(post.date)) for post in items] == [
        (each["title"], each["date"]) for each in made
    ]
    first = " ".join(items[0].paragraphs)
    assert first.replace(".", "").split() == made[0]["text"].replace(".", "").split()


# --- what is asked ---------------------------------------------------------------


def test_every_question_has_an_answer(posts: Path) -> None:
    """There are as many questions of each kind, and their words stand in posts."""
    asked = asking.questions(posts)
    assert set(Counter(question.kind for question in asked).values()) == {asking.VARIANTS}
    text = " ".join(post["text"].lower() for post in records(posts))
    assert all(word in text for question in asked for word in question.words)


# --- steps -----------------------------------------------------------------------


def _told(*words: str) -> dict[str, Any]:
    return {"words": words, "env": {}, "codes": [0]}


def test_a_command_is_measured() -> None:
    """Wall time, processor time and the memory of the command are told."""
    hold = "x = bytearray(80_000_000)"
    taken = Runner(600).run("run", _told(sys.executable, "-c", hold))
    assert taken["wall"] >= 0
    assert taken["cpu"] > 0
    assert taken["memory"] > 80_000_000


def test_a_failure_is_a_finding() -> None:
    """A command that fails is told with its last words, no folder of this machine among them."""
    code = "raise SystemExit('no disk for /var/tmp/one/two.txt')"
    taken = Runner(600).run("run", _told(sys.executable, "-c", code))
    assert taken["failed"].endswith("no disk for …/two.txt")


def test_a_step_is_stopped_when_the_time_is_up() -> None:
    """A step that would take for ever ends, and one that comes later is not begun."""
    runner = Runner(0.5)
    taken = runner.run("run", _told(sys.executable, "-c", "import time; time.sleep(999)"))
    assert taken["failed"].startswith("stopped")
    assert runner.run("run", _told("true"))["failed"].startswith("not run")


def test_processes_read_at_once(posts: Path, tmp_path: Path) -> None:
    """Two processes answer together; a program without an answer says that it cannot."""
    told = {"name": "FTS5", "posts": str(posts), "folder": str(tmp_path)}
    assert "failed" not in Runner(600).run("build", told)
    question = {"kind": "common", "words": ["government"], "how": "and"}
    reading = {"name": "FTS5", "folder": str(tmp_path), "questions": [question], "seconds": 0.1}
    assert Runner(600).read(reading, 2)["per_second"] > 0
    cannot = Runner(600).read(reading | {"questions": [question | {"how": "fuzzy"}]}, 1)
    assert cannot["cannot"]


@pytest.mark.parametrize("engine", engines.names())
def test_an_engine_alone_writes_all_posts(tmp_path: Path, engine: str) -> None:
    """Its work alone, in one process or in two, makes an index with every post."""
    source, tagged, one, two = (tmp_path / name for name in ("posts.jsonl", "tagged", "one", "two"))
    made_posts.write(source, 30, is_made=True)
    engine_work.tag(source, tagged)
    one.mkdir()
    two.mkdir()
    found = engine_work.build(engine, tagged, one, 1)
    told = {"engine": engine, "posts": str(tagged), "folder": str(two), "processes": 2}
    assert Runner(600).run("engine", told)["posts"] == found["posts"] == 30
    module = engines.load(engine)
    for folder in (one, two):
        snapshot = module.snapshot(module.open(folder))
        assert snapshot.post_count() == 30
        snapshot.close()


def test_files_are_compared_by_name_size_and_time(tmp_path: Path) -> None:
    """What is written, even with the same bytes, is seen."""
    (tmp_path / "a").write_bytes(b"12345")
    made_posts.age(tmp_path / "a")
    before = state_of(tmp_path)
    assert state_of(tmp_path) == before
    assert size_of(tmp_path) == 5
    (tmp_path / "a").write_bytes(b"12345")
    assert state_of(tmp_path) != before


# --- results ---------------------------------------------------------------------


def _found(kind: str, count: int, **steps: dict[str, list[dict[str, Any]]]) -> Found:
    """Return what a part may have found; an underscore in a name stands for a blank."""
    named = {name.replace("_", " "): of for name, of in steps.items()}
    return Found(
        kind,
        count,
        about=f"{count} posts",
        machine=dict(store.machine()),
        versions=dict.fromkeys(named, "1.0"),
        steps=named,
    )


def test_a_ratio_is_of_medians_of_one_run() -> None:
    """What is measured is told with whether it is met; what is not, or failed, is not claimed."""
    ratio = next(one for one in RATIOS if "Recoll" in one.what and "Whoosh" in one.what)
    ours = {"index": [{"wall": wall} for wall in (5.0, 8.0, 90.0)]}
    met = _found("pages", 10_000, Recoll={"index": [{"wall": 10.0}]}, **{"rights-search": ours})
    assert ratio.row({met.name: met})[1:] == ["≤ 0.9 ×", "0.80 ×", "met"]
    slow = _found("pages", 10_000, Recoll={"index": [{"wall": 4.0}]}, **{"rights-search": ours})
    assert ratio.row({slow.name: slow})[2:] == ["2.00 ×", "not met"]
    failed = {"index": [{"failed": "no disk"}]}
    lost = _found("pages", 10_000, Recoll=failed, **{"rights-search": ours})
    assert ratio.row({lost.name: lost})[2:] == ["not measured", ""]
    small = _found("pages", 200, Recoll={"index": [{"wall": 10.0}]}, **{"rights-search": ours})
    assert ratio.row({small.name: small})[2:] == ["not measured", ""]


def test_nothing_is_claimed_without_a_run() -> None:
    """Without any part no ratio has a number."""
    assert [ratio.row({})[2:] for ratio in RATIOS] == [["not measured", ""]] * len(RATIOS)


def test_a_page_names_what_failed(tmp_path: Path) -> None:
    """A program that is not here, a step that failed and a part that broke stand in the table."""
    found = _found("engine", 10, Whoosh_alone={"build": [{"failed": "no disk"}]})
    found.left_out["Xapian"] = "not here"
    found.broken = "KeyError: 1"
    list(report.write(tmp_path, {found.name: found}))
    text = (tmp_path / "engine-10.md").read_text("utf-8")
    assert "| Whoosh alone | 1.0 | failed |" in text
    assert "- Whoosh alone, build: `no disk`." in text
    assert "- Xapian: not here." in text
    assert "`KeyError: 1`" in text


def test_a_question_that_is_refused_does_not_lose_the_others(tmp_path: Path) -> None:
    """What a program says of it stands under the table, the other kinds in it."""
    answers = [{"total": 3, "warm": 0.002}, {"failed": "QueryError: too much"}, {"cannot": True}]
    found = _found("posts", 10, FTS5={"ask": [{"wall": 1.0, "answers": answers}]})
    found.answers = ["common", "prefix", "fuzzy"]
    list(report.write(tmp_path, {found.name: found}))
    text = (tmp_path / "10.md").read_text("utf-8")
    assert "| FTS5 |  | 2.00 | failed |  |" in text
    assert "| posts that match the first |  | 3 |  |  |" in text
    assert "- FTS5, prefix: `QueryError: too much`." in text


def test_a_part_that_found_nothing_has_a_page(tmp_path: Path) -> None:
    """Every kind of part can be shown as soon as it was begun."""
    written = report.write(tmp_path, {kind: _found(kind, 10) for kind in KINDS})
    assert {path.name for path in written} >= {"10.md", "pages-10.md", "cold-10.md", "ratios.md"}


def test_bars_are_as_long_as_their_logarithms() -> None:
    """From ten to a thousand the middle one is half as long; names are escaped."""
    root = ET.fromstring(plots.bars("a < b", "s", {"x": {"<1>": 10, "2": 100, "3": 1000}}))
    widths = [float(each.get("width", 0)) for each in root if each.tag.endswith("rect")]
    assert widths[1] == widths[2] / 2 > widths[0]
    assert "<1>" in "".join(root.itertext())


# --- the command -----------------------------------------------------------------


def test_a_whole_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command builds, asks and writes what it found, without a name or a path of ours."""
    arguments = ["posts-60", "--only", "FTS5", "--rounds", "1", "--made", "--steps", "ask", "add"]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    assert "60.md" in capsys.readouterr().out
    text = (tmp_path / "60.md").read_text("utf-8")
    assert "# 60 made posts" in text
    assert "| FTS5 |" in text
    assert "Not measured" not in text
    ET.parse(tmp_path / "60-queries.svg")
    for path in tmp_path.rglob("*.*"):
        written = path.read_text("utf-8")
        assert str(Path.cwd()) not in written
        assert platform.node() not in written
    held = json.loads((tmp_path / "raw" / "posts-60.json").read_text("utf-8"))
    assert held["steps"]["FTS5"]["add"][0]["wall"] > 0


def test_a_part_that_breaks_does_not_lose_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake in one part is told in its page, and the next part is done."""

    def broken(*_: object) -> int:
        raise ValueError("no pages")

    monkeypatch.setattr(made_pages, "write", broken)
    only = ["--only", "FTS5", "--rounds", "1", "--made", "--steps", "add"]
    assert main(["pages-5", "posts-60", *only, "--out", str(tmp_path)]) == 0
    assert "ValueError: no pages" in (tmp_path / "pages-5.md").read_text("utf-8")
    assert "| FTS5 |" in (tmp_path / "60.md").read_text("utf-8")


def test_a_plan_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan says how long each part takes; a part that there is not is refused in one line."""
    assert main(["posts-1k", "pages-10k", "--plan", "--out", str(tmp_path / "none")]) == 0
    assert "together about" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()
    for name in ("posts", "posts-", "posts-k1", "posts-1G", "page-10"):
        assert main([name]) == 2
        assert f"there is no part {name};" in capsys.readouterr().err


def test_an_interrupt_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the run; the page of the part says so, and can be written again."""

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(made_pages, "write", interrupted)
    assert main(["pages-5", "posts-60", "--out", str(tmp_path)]) == 130
    page = tmp_path / "pages-5.md"
    assert "`interrupted`" in page.read_text("utf-8")
    assert not (tmp_path / "60.md").exists()
    page.unlink()
    assert main(["--pages", "--out", str(tmp_path)]) == 0
    assert "`interrupted`" in page.read_text("utf-8")
