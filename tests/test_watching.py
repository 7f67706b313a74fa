"""Saved searches: what counts as new, what is remembered, and what can go wrong."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from rights_search import Archive, RightsSearchError
from rights_search.file_lock import locked
from rights_search.index_files import is_beside_index
from rights_search.watches.file import MAX_NAME_CHARS
from rights_search.watches.watching import FILE_NAME, Report, Watches
from test_cli import PROGRAM, Call, call, environment

__all__ = ["call"]

LONG = (
    "Miners of the copper pit went on strike when the shaft collapsed upon them, and their "
    "families waited at the gate for three days and nights until the last of them was found."
)


def put(corpus: Path, name: str, body: str, *, date: str = "2014", title: str = "") -> None:
    """Write a post."""
    corpus.mkdir(exist_ok=True)
    head = f"---\ntitle: '{title or name}'\ndate: {date}\n---\n\n"
    (corpus / f"{name}.md").write_text(head + body + "\n", encoding="utf-8")


class Setting:
    """A corpus with its index, and the saved searches of that."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.index = folder / "index"
        put(self.corpus, "first", LONG, title="The strike")
        put(self.corpus, "second", "A strike of teachers.", date="2015")
        put(self.corpus, "other", "Poets read sonnets.")
        self.sync()

    def sync(self, *, rebuild: bool = False) -> None:
        """Bring the index up to date, as another process would."""
        with Archive.open_or_create(self.index) as archive:
            archive.sync(self.corpus, rebuild=rebuild)

    def add(self, name: str = "strikes", query: str = "strike", **options: bool) -> Report:
        """Save a search."""
        with Archive.open(self.index) as archive:
            return Watches.of(archive).add(name, query, from_now=options.get("from_now", False))

    def news(self, *names: str, limit: int = 100) -> list[str]:
        """Run the saved searches and return the titles of what is new."""
        with Archive.open(self.index) as archive:
            with Watches.of(archive).run(*names, limit=limit) as reports:
                pass
            found = [report.news for report in reports if report.news is not None]
            assert len(found) == len(reports), reports
            return [hit.post.title for news in found for hit in news.hits]


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """Return a small corpus and its index."""
    return Setting(tmp_path)


def test_a_post_is_reported_once_the_newest_first(setting: Setting) -> None:
    """The first run says all that is there, later ones what has come."""
    assert setting.add().news.count == 2  # type: ignore[union-attr]
    assert setting.news() == ["second", "The strike"]
    assert setting.news() == []
    put(setting.corpus, "third", "Another strike, of drivers.", date="2016")
    put(setting.corpus, "fourth", "More poets.", date="2016")
    setting.sync()
    assert setting.news() == ["third"]
    assert setting.news() == []


def test_what_is_there_can_count_as_known(setting: Setting) -> None:
    """With ``from_now`` the first run is silent."""
    report = setting.add(from_now=True)
    assert report.news is not None
    assert (report.news.total, report.news.count) == (2, 0)
    assert setting.news() == []


def test_peeking_remembers_nothing(setting: Setting) -> None:
    """Who looks without reporting finds the same again."""
    setting.add()
    with Archive.open(setting.index) as archive:
        watches = Watches.of(archive)
        for _ in range(2):
            (report,) = watches.peek()
            assert report.news is not None
            assert report.news.count == 2
        (watch,) = watches
        assert watch.last_run is None
    assert len(setting.news()) == 2


def test_what_was_not_shown_is_not_forgotten(setting: Setting) -> None:
    """A limit leaves the rest to the next run, and an error leaves all of it."""
    setting.add()
    assert setting.news(limit=0) == []
    with Archive.open(setting.index) as archive, pytest.raises(BrokenPipeError):  # noqa: SIM117
        with Watches.of(archive).run():
            raise BrokenPipeError
    assert setting.news(limit=1) == ["second"]
    assert setting.news(limit=1) == ["The strike"]
    assert setting.news(limit=1) == []


def test_a_rebuild_a_move_and_a_return_are_no_news(setting: Setting) -> None:
    """Reported texts stay reported, whatever happens to their files."""
    setting.add()
    assert len(setting.news()) == 2
    setting.sync(rebuild=True)
    assert setting.news() == []
    first = setting.corpus / "first.md"
    first.rename(setting.corpus / "moved.md")
    setting.sync()
    assert setting.news() == []
    (setting.corpus / "moved.md").rename(setting.corpus.parent / "away.md")
    setting.sync()
    assert setting.news() == []
    (setting.corpus.parent / "away.md").rename(first)
    setting.sync()
    assert setting.news() == []


def test_an_index_that_is_made_anew_keeps_the_watches(setting: Setting) -> None:
    """Even where every file of the index is thrown away, as with one that is damaged."""
    setting.add()
    assert len(setting.news()) == 2
    with Archive.create(setting.index, overwrite=True) as archive:
        archive.sync(setting.corpus)
    assert setting.news() == []


def test_a_changed_post_is_news_only_if_it_did_not_match_before(setting: Setting) -> None:
    """A post that was reported stays so; one that has come to match is new."""
    setting.add()
    setting.news()
    put(setting.corpus, "second", "A strike of teachers.", date="2015", title="second, again")
    put(setting.corpus, "other", "Poets on strike.")
    setting.sync()
    # Title and date are what tells a short text from others: with another title it is another.
    assert setting.news() == ["second, again", "other"]


def test_copies_of_reported_posts_are_no_news(setting: Setting) -> None:
    """A near-copy is silent, even one that is older and so becomes the original."""
    setting.add()
    setting.news()
    put(setting.corpus, "later", f"{LONG} It was the third accident.", date="2016")
    put(setting.corpus, "earlier", f"{LONG} Nobody was told why.", date="2013")
    setting.sync()
    assert setting.news() == []
    (setting.corpus / "first.md").unlink()
    setting.sync()
    assert setting.news() == []


def test_of_new_copies_one_is_reported_and_all_are_remembered(setting: Setting) -> None:
    """Two copies of a new text are one hit; neither comes again when the other goes."""
    setting.add()
    setting.news()
    words = "Dockers laid down their tools " + " ".join(f"word{n}" for n in range(40))
    put(setting.corpus, "docks", f"{words} strike", date="2018")
    put(setting.corpus, "harbour", f"{words} strike again", date="2017")
    setting.sync()
    assert setting.news() == ["harbour"]
    (setting.corpus / "harbour.md").unlink()
    setting.sync()
    assert setting.news() == []


def test_each_copy_is_news_if_asked_for(setting: Setting) -> None:
    """With ``copies="all"`` posts count, not texts."""
    with Archive.open(setting.index) as archive:
        Watches.of(archive).add("all", "strike", copies="all")
    assert len(setting.news()) == 2
    put(setting.corpus, "again", LONG, title="The strike", date="2016")
    setting.sync()
    assert setting.news() == ["The strike"]


def test_a_weaker_answer_is_no_news(setting: Setting) -> None:
    """A post that holds some of the words does not answer the query."""
    report = setting.add("both", "teachers sonnets")
    assert report.news is not None
    assert (report.news.total, report.news.count) == (0, 0)
    assert setting.news() == []


def test_options_are_saved(setting: Setting) -> None:
    """Filters and mode hold at each run; values may be given as in a search."""
    with Archive.open(setting.index) as archive:
        watches = Watches.of(archive)
        watches.add("new", "strikes", year=2015)
        watches.add("exact", "strikes", mode="exact")
        watches.add("not", "strike", not_year=["2015"], without_aliases=("all",))
        assert [watch.name for watch in watches] == ["exact", "new", "not"]
    assert setting.news("new") == ["second"]
    assert setting.news("exact") == []
    assert setting.news("not") == ["The strike"]


def test_one_search_that_fails_does_not_stop_the_others(setting: Setting) -> None:
    """What cannot be understood any more is reported beside the rest."""
    setting.add("fine")
    setting.add("lost")
    file = setting.index / FILE_NAME
    record = json.loads(file.read_text())
    record["watches"][1]["query"] = "theme:gone"
    file.write_text(json.dumps(record))
    with Archive.open(setting.index) as archive, Watches.of(archive).run() as reports:
        fine, lost = reports
        assert fine.news is not None
        assert fine.news.count == 2
        assert lost.news is None
        assert "gone" in str(lost.error)
    assert setting.news("fine") == []


@pytest.mark.parametrize("name", ["", "a b", "../x", "-", "a/b", "é\u202e", "x" * 61, "a\n"])
def test_what_is_no_name(setting: Setting, name: str) -> None:
    """A name is short and one word, in any script."""
    with pytest.raises(RightsSearchError, match=f"up to {MAX_NAME_CHARS} letters"):
        setting.add(name)
    setting.add("Чечня-2.x")


def test_mistakes_are_said(setting: Setting) -> None:
    """A name that is taken or unknown, and a query that means nothing, change nothing."""
    setting.add()
    before = (setting.index / FILE_NAME).read_bytes()
    with pytest.raises(RightsSearchError, match="there is a watch 'strikes' already"):
        setting.add()
    with pytest.raises(RightsSearchError, match="no watch 'strike'; did you mean 'strikes'"):
        setting.news("strike")
    with pytest.raises(RightsSearchError, match="nowhere"):
        setting.add("x", "country:nowhere")
    with Archive.open(setting.index) as archive:
        watches = Watches.of(archive)
        with pytest.raises(RightsSearchError, match="no watch 'zzz'; 'watch list' shows them"):
            watches.remove("zzz")
        assert (setting.index / FILE_NAME).read_bytes() == before
        assert watches.remove("strikes").query == "strike"
        assert list(watches) == []


def test_an_index_in_memory_has_no_place_for_them(tmp_path: Path) -> None:
    """There a file has to be named."""
    with Archive.create(None) as archive:
        with pytest.raises(ValueError, match="no folder"):
            Watches.of(archive)
        watches = Watches.of(archive, tmp_path / "mine.json")
        watches.add("all")
        assert [watch.name for watch in watches] == ["all"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_file_is_its_owners_and_replaces_no_link(setting: Setting, tmp_path: Path) -> None:
    """Mode 600 whatever the umask; a link in its place, or in that of a part, is not followed."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (setting.index / "watches.tmp").symlink_to(victim)
    old = os.umask(0)
    try:
        setting.add()
        setting.news()
    finally:
        os.umask(old)
    assert victim.read_text() == "mine"
    (setting.index / FILE_NAME).rename(tmp_path / "elsewhere")
    (setting.index / FILE_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RightsSearchError, match="is a link"):
        setting.news()
    (tmp_path / "elsewhere").rename(setting.index / FILE_NAME)
    for name in (FILE_NAME, "watches.lock"):
        path = setting.index / name
        assert not path.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_runs_take_turns(setting: Setting) -> None:
    """While one is at work, another is refused and reports nothing."""
    setting.add()
    with locked(setting.index / "watches.lock"):
        with pytest.raises(RightsSearchError, match=r"another run .* is at work"):
            setting.news()
        with Archive.open(setting.index) as archive:
            assert len(list(Watches.of(archive))) == 1
    assert len(setting.news()) == 2


def test_what_comes_during_a_run_is_left_to_the_next(setting: Setting) -> None:
    """A commit between looking and remembering is not lost."""
    setting.add()
    with Archive.open(setting.index) as archive:
        with Watches.of(archive).run() as reports:
            put(setting.corpus, "third", "Another strike.", date="2016")
            setting.sync()
        assert reports[0].news is not None
        assert reports[0].news.count == 2
    assert setting.news() == ["third"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"form": 2, "watches": []}',
        '{"form": 1, "watches": [{}]}',
        '{"form": 1, "watches": 5}',
        "[" * 100_000,
        f'{{"form": "{"x" * 100_000}", "watches": []}}',
        (
            f'{{"form":1,"watches":[{{"name":"{"x" * 100_000}","query":"","options":{{}},'
            '"copies":"all","created":"2020-01-01","last_run":null,"reported":{}}]}'
        ),
        (
            '{"form":1,"watches":[{"name":"../x","query":"","options":{},"copies":"all",'
            '"created":"2020-01-01","last_run":null,"reported":{}}]}'
        ),
        (
            '{"form":1,"watches":[{"name":"x","query":"","options":{"aliases":"/dev/zero"},'
            '"copies":"all","created":"2020-01-01","last_run":null,"reported":{}}]}'
        ),
    ],
)
def test_a_damaged_file_is_a_message_and_stays(setting: Setting, text: str) -> None:
    """What we did not write is neither believed nor replaced."""
    file = setting.index / FILE_NAME
    file.write_text(text)
    for act in (setting.add, setting.news):
        with pytest.raises(RightsSearchError, match=FILE_NAME) as caught:
            act()
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 400
    assert file.read_text() == text


def test_where_nothing_can_be_written_another_file_is_named(
    setting: Setting, tmp_path: Path
) -> None:
    """The message names the way out, which works; looking needs no writing."""
    (setting.index / "watches.lock").mkdir()
    with pytest.raises(RightsSearchError, match="--watches names another file"):
        setting.add()
    with Archive.open(setting.index) as archive:
        assert Watches.of(archive).peek() == ()
        Watches.of(archive, tmp_path / "mine.json").add("x", "strike")


def test_their_files_are_no_posts(setting: Setting) -> None:
    """An index inside of its corpus does not read the saved searches."""
    inside = setting.corpus / "index"
    with Archive.create(inside) as archive:
        archive.sync(setting.corpus)
        Watches.of(archive).add("x", "strike")
        assert all(is_beside_index(path.name) for path in inside.iterdir())
        assert archive.sync(setting.corpus).added == 0


# --- the command -------------------------------------------------------------------


def test_the_command_from_saving_to_removing(setting: Setting, call: Call) -> None:
    """Each step says what it did, with the exit codes of grep."""
    where = ("--index", setting.index)
    assert call("watch", "run", *where).out.startswith("No searches are saved. For example")
    assert call("watch").out.startswith("Usage: rights-search watch")
    none = call("watch", "list", *where)
    assert (none.code, none.out[:21]) == (1, "No searches are saved")
    saved = call(
        "watch", "add", "strikes", "strike", "-sonnets", "--not-country", "South Africa", *where
    )
    assert saved.code == 0
    assert saved.out.startswith("strikes: saved; 2 posts found now, 2 to be shown first\n")
    assert f"watch run strikes --index {setting.index}" in saved.out
    peeked = call("watch", "run", "--peek", *where)
    first = call("watch", "run", *where)
    assert peeked.out == first.out
    assert first.code == 0
    assert first.out.startswith("strikes: 2 new; 2 posts match\n\n1.  second\n")
    second = call("watch", "run", *where)
    assert (second.code, second.out) == (1, "strikes: nothing new; 2 posts match\n")
    put(setting.corpus, "later", f"{LONG} It was the third accident.", date="2016")
    setting.sync()
    (copied,) = json.loads(call("watch", "run", "--peek", "--json", *where).out)["watches"]
    (named,) = copied["near_copies"]
    table = call("watch", "run", "--peek", "--csv", *where)
    assert table.err == f"strikes: near-copy of what was shown before: {named}\n"
    said = f"strikes: nothing new; 3 posts match; near-copy of what was shown before: {named}\n"
    assert call("watch", "run", *where).out == said
    assert call("watch", "run", *where).out == "strikes: nothing new; 3 posts match\n"
    listed = call("watch", "list", *where)
    assert listed.out.startswith("strikes: strike -sonnets --not-country 'South Africa'\n")
    assert "3 posts reported · last run 20" in listed.out
    removed = call("watch", "remove", "strikes", *where)
    assert (removed.code, removed.out[:16]) == (0, "Removed strikes:")


def test_programs_get_the_news_too(setting: Setting, call: Call) -> None:
    """JSON has every search, JSON Lines and CSV have a line for each new hit."""
    where = ("--index", setting.index)
    setting.add("a")
    setting.add("b", "sonnets")
    whole = json.loads(call("watch", "run", "--peek", "--json", *where).out)["watches"]
    assert [(each["name"], each["new"], len(each["hits"])) for each in whole] == [
        ("a", 2, 2),
        ("b", 1, 1),
    ]
    lines = call("watch", "run", "--peek", "--jsonl", *where).out.splitlines()
    assert [json.loads(each)["watch"] for each in lines] == ["a", "a", "b"]
    rows = list(csv.DictReader(io.StringIO(call("watch", "run", "--csv", *where).out)))
    assert [(row["watch"], row["title"]) for row in rows] == [
        ("a", "second"),
        ("a", "The strike"),
        ("b", "other"),
    ]
    both = call("watch", "run", "--csv", "--json", *where)
    assert (both.code, "Choose one of" in both.err) == (2, True)
    kept = json.loads(call("watch", "list", "--json", *where).out)["watches"]
    assert [each["reported"] for each in kept] == [2, 1]


def test_mistakes_on_the_command_line(setting: Setting, call: Call) -> None:
    """One line each, and the next step; a search that fails is an error after the rest."""
    where = ("--index", setting.index)
    assert "What is to be found?" in call("watch", "add", "x", *where).err
    assert "did you mean" in call("watch", "add", "x", "contry:RU", *where).err.lower()
    setting.add("fine")
    assert "did you mean 'fine'" in call("watch", "run", "fin", *where).err
    file = setting.index / FILE_NAME
    file.write_text(file.read_text().replace('"query": "strike"', '"query": "theme:gone"'))
    failed = call("watch", "run", *where)
    assert failed.code == 2
    assert failed.out.startswith("fine: failed: ")
    assert failed.err == "rights-search: 1 saved search failed: see above; the others were run\n"


def test_output_that_breaks_off_was_not_shown(setting: Setting) -> None:
    """On a full disk nothing counts as reported."""
    setting.add()
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "watch", "run", "--index", setting.index],
            stdout=full, stderr=subprocess.PIPE, env=environment(), check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert len(setting.news()) == 2


def test_many_new_hits_are_shown_in_turns(setting: Setting, call: Call) -> None:
    """What is left is said, and comes next."""
    where = ("--index", setting.index)
    setting.add()
    first = call("watch", "run", "--limit", "1", *where)
    assert first.out.endswith("1 more are new: run it again, or with --limit\n")
    second = call("watch", "run", "--limit", "1", *where)
    assert second.out.startswith("strikes: 1 new; 2 posts match\n\n1.  The strike\n")


def test_every_filter_is_saved(tmp_path: Path) -> None:
    """A day among them becomes the text of that day, as a file can hold it."""
    setting = Setting(tmp_path)
    with Archive.open(setting.index) as archive:
        watches = Watches.of(archive)
        day = dt.datetime(2014, 1, 1, 12, tzinfo=dt.UTC)
        watches.add("day", "strike", date=day, not_language="fr", source=["corpus"])
        (saved,) = Watches.of(archive)
    assert saved.options == {
        "date": ("2014-01-01",), "not_language": ("fr",), "source": ("corpus",),
    }  # fmt: skip
