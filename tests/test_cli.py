"""The command line as people run it: real processes, pipes and terminals."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from rights_search.__main__ import main
from rights_search.cli import app

FIXTURES = Path(__file__).parent / "fixtures" / "cli"
PROGRAM = (sys.executable, "-m", "rights_search")
STYLE = re.compile(r"\x1b\[[0-9;]*m")
TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Run:
    """What a process left behind."""

    code: int
    out: str
    err: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return our environment without what would change the output."""
    ours = ("NO_COLOR", "COLUMNS", "LINES", "RIGHTS_SEARCH_INDEX", "FORCE_COLOR")
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return clean | {"TERM": "xterm-256color", "PYTHONUTF8": "1"} | dict(extra or {})


def run(*args: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
    """Run the program with pipes on both outputs."""
    done = subprocess.run(
        [*PROGRAM, *map(str, args)],
        capture_output=True,
        env=environment(env),
        cwd=cwd,
        timeout=TIMEOUT_S,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_in_terminal(
    *args: str | Path, columns: int = 80, env: Mapping[str, str] | None = None
) -> Run:
    """Run the program with a terminal on both outputs; they come back together."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(
        [*PROGRAM, *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment(env),
    ) as process:
        os.close(theirs)
        text = _read_all(ours)
        code = process.wait(TIMEOUT_S)
    os.close(ours)
    return Run(code, text.replace("\r\n", "\n"), "")


def _read_all(descriptor: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # Linux reports the closed other end of a terminal so.
            part = b""
        if not part:
            return b"".join(parts).decode()
        parts.append(part)


class Call(Protocol):
    """The program without a process of its own: for what no process can change."""

    def __call__(self, *args: str | Path) -> Run:
        """Run the program and return what it left behind."""


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs the program inside this process."""
    monkeypatch.delenv("RIGHTS_SEARCH_INDEX", raising=False)

    def run_here(*args: str | Path) -> Run:
        code = main([str(arg) for arg in args])
        return Run(code, *capsys.readouterr())

    return run_here


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the small corpus, made by the program itself."""
    folder = tmp_path_factory.mktemp("cli") / "index"
    done = run("index", FIXTURES / "corpus", "--index", folder)
    assert (done.code, done.err) == (0, ""), done
    return folder


# --- index -------------------------------------------------------------------------


def test_index_sums_up_and_names_the_next_command(tmp_path: Path, call: Call) -> None:
    """The first run adds, the second finds nothing new; neither draws a bar in a pipe."""
    folder = tmp_path / "index"
    first = run("index", FIXTURES / "corpus", "--index", folder)
    assert first.code == 0
    assert f"7 posts in {folder}" in first.out
    assert "posts: 7 added · 0 changed · 0 removed · 0 unchanged · 0 skipped" in first.out
    assert f"Next: rights-search query --index {folder}" in first.out
    assert "\x1b" not in first.out + first.err
    second = call("index", FIXTURES / "corpus", "--index", folder)
    assert "posts: 0 added · 0 changed · 0 removed · 7 unchanged" in second.out


def test_index_sees_changed_and_removed_files(tmp_path: Path, call: Call) -> None:
    """A file that goes takes its posts along, an edited one changes them."""
    corpus, folder = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(FIXTURES / "corpus", corpus)
    call("index", corpus, "--index", folder, "--quiet")
    (corpus / "hostile.json").unlink()
    treaties = corpus / "notes" / "treaties.jsonl"
    treaties.write_text(
        treaties.read_text("utf-8").replace("Almost every", "Nearly every"), "utf-8"
    )
    again = call("index", corpus, "--index", folder)
    assert "posts: 0 added · 1 changed · 1 removed · 5 unchanged" in again.out
    assert "1 gone" in again.out


def test_a_broken_file_is_named_and_the_rest_is_indexed(tmp_path: Path, call: Call) -> None:
    """One line on the standard error says which file failed; only --strict makes it count."""
    lenient = call("index", FIXTURES / "broken", "--index", tmp_path / "index")
    assert lenient.code == 0
    assert lenient.err.startswith("failed: cut.json")
    assert len(lenient.err.splitlines()) == 1
    assert "1 failed" in lenient.out
    strict = call("index", FIXTURES / "broken", "--index", tmp_path / "index", "--strict")
    assert strict.code == 3
    assert strict.err == lenient.err


def test_a_job_of_every_night_fails_for_what_is_new(tmp_path: Path, call: Call) -> None:
    """One broken file that nobody can mend would else hide each other one behind the same code."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(FIXTURES / "broken", corpus)
    for path in corpus.iterdir():
        os.utime(path, (1_500_000_000, 1_500_000_000))
    assert call("index", corpus, "--index", index, "--strict-new").code == 3
    again = call("index", corpus, "--index", index, "--strict-new")
    assert (again.code, again.err) == (0, "")
    assert call("index", corpus, "--index", index, "--strict").code == 3
    (corpus / "new.json").write_bytes((corpus / "cut.json").read_bytes())
    assert call("index", corpus, "--index", index, "--strict-new", "--quiet") == Run(3, "", "")


def test_what_is_tried_again_every_night_is_no_news(tmp_path: Path, call: Call) -> None:
    """A file of which the posts of before are kept fails a job for what is new once."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    kept = corpus / "kept.json"
    kept.write_text('[{"title": "T", "text": "It rains."}]', encoding="utf-8")
    assert call("index", corpus, "--index", index, "--strict-new").code == 0
    kept.write_bytes((FIXTURES / "broken" / "cut.json").read_bytes())
    first = call("index", corpus, "--index", index, "--strict-new")
    assert (first.code, "kept as they were" in first.err) == (3, True)
    again = call("index", corpus, "--index", index, "--strict-new")
    assert (again.code, again.err) == (0, "")
    assert call("index", corpus, "--index", index, "--strict").code == 3


def test_quiet_says_nothing(tmp_path: Path, call: Call) -> None:
    """For cron: no summary, no problems, but still the exit code."""
    done = call("index", FIXTURES / "broken", "--index", tmp_path / "index", "--quiet", "--strict")
    assert done == Run(3, "", "")


def test_rebuild_reads_everything_again(tmp_path: Path, call: Call) -> None:
    """A rebuild takes in all posts anew, whatever was there."""
    folder = tmp_path / "index"
    call("index", FIXTURES / "corpus", "--index", folder, "--quiet")
    done = call("index", FIXTURES / "broken", "--index", folder, "--rebuild")
    assert done.code == 0
    assert f"1 post in {folder}" in done.out


def test_rebuild_mends_a_damaged_index(tmp_path: Path, call: Call) -> None:
    """An index whose files were cut short is refused, and --rebuild makes it whole."""
    folder = tmp_path / "index"
    call("index", FIXTURES / "corpus", "--index", folder, "--quiet")
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:20])
    broken = call("query", "--index", folder, "torture")
    assert (broken.code, broken.out) == (2, "")
    assert "--rebuild" in broken.err
    assert call("index", FIXTURES / "corpus", "--index", folder, "--rebuild").code == 0
    assert call("query", "--index", folder, "torture").code == 0


def test_another_corpus_needs_another_index(index: Path, call: Call) -> None:
    """An index mirrors one corpus; a second one is refused with the way out."""
    done = call("index", FIXTURES / "broken", "--index", index)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "--rebuild" in done.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "Which folder holds the posts?"),
        (("nowhere",), "'nowhere' does not exist"),
        ((FIXTURES, FIXTURES), "An index mirrors one CORPUS"),
    ],
)
def test_index_says_what_it_needs(
    args: tuple[str | Path, ...],
    message: str,
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No corpus, a missing one and two of them are usage errors."""
    monkeypatch.chdir(tmp_path)
    done = call("index", *args)
    assert done.code == 2
    assert message in done.err
    assert not (tmp_path / "index").exists()


def test_a_bar_is_drawn_on_a_terminal_and_goes_away(tmp_path: Path) -> None:
    """Someone who watches sees progress; what stays is the summary."""
    done = run_in_terminal("index", FIXTURES / "corpus", "--index", tmp_path / "index")
    assert done.code == 0
    assert "\x1b[2K" in done.out, "a bar erases its line when it goes"
    assert "7 posts" in done.out
    assert "[progress" not in done.out
    assert "100 %" in done.out


def test_an_index_in_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in the way is one line, not a traceback."""
    (tmp_path / "file").write_text("x", "utf-8")
    done = run("index", FIXTURES / "corpus", "--index", tmp_path / "file")
    assert done.code == 2
    assert re.fullmatch(r"rights-search: .*file.*\n", done.err)


# --- query -------------------------------------------------------------------------


def test_query_finds_ranks_and_counts(index: Path, call: Call) -> None:
    """Words need no quotes; hits, passages and counts come in the documented layout."""
    done = call("query", "--index", index, "death", "penalty")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert re.fullmatch(r"1 post matches \(.+ m?s\)", lines[0])
    at = lines.index("1.  Court ends the death penalty")
    assert re.fullmatch(
        r"    1995-06 · South Africa · .*Death penalty.* · [0-9a-f]{12}", lines[at + 1]
    )
    assert lines[at + 2] == "    abolition.md:1"
    assert "death penalty" in lines[at + 3]
    assert "        1  South Africa" in lines


def test_exit_codes_are_those_of_grep(index: Path, call: Call) -> None:
    """0 for something, 1 for nothing, 2 for an error."""
    assert call("query", "--index", index, "torture").code == 0
    nothing = call("query", "--index", index, "zebra")
    assert (nothing.code, nothing.err) == (1, "")
    assert nothing.out.startswith("No post matches")
    assert call("query", "--index", index, "contry:ZA").code == 2


def test_a_mistyped_field_is_pointed_at(index: Path, call: Call) -> None:
    """The message holds a suggestion, the query and carets under the word at fault."""
    done = call("query", "--index", index, "prison", "contry:ZA")
    assert (done.code, done.out) == (2, "")
    first, query, carets = done.err.splitlines()
    assert first.startswith("rights-search: Unknown field 'contry'")
    assert "'country'" in first
    assert (query, carets) == ("  prison contry:ZA", "         ^^^^^^")


def test_filters_and_order(index: Path, call: Call) -> None:
    """Repeated filters mean any of them, different ones all; the order is chosen."""
    done = call(
        "query", "--index", index, "--jsonl", "--year", "1984", "--year", "1989..1990",
        "--sort", "oldest",
    )  # fmt: skip
    years = [json.loads(line)["post"]["date"]["iso"][:4] for line in done.out.splitlines()]
    assert years == ["1984", "1989", "1989", "1990"]
    done = call("query", "--index", index, "--jsonl", "--country", "South Africa", "--year", "1990")
    assert [json.loads(line)["post"]["title"] for line in done.out.splitlines()] == [
        "Nelson Mandela walks free"
    ]


def test_a_wrong_filter_is_a_message(index: Path, call: Call) -> None:
    """A country that does not exist is said, with what may have been meant."""
    done = call("query", "--index", index, "--country", "Sout Africa", "prison")
    assert done.code == 2
    assert "South Africa" in done.err or "ZA" in done.err
    assert "Traceback" not in done.err


def test_pages(index: Path, call: Call) -> None:
    """Limit and offset cut the same order into pages, and the footer leads on."""
    whole = call("query", "--index", index, "--jsonl", "--sort", "newest").out.splitlines()
    page = call(
        "query", "--index", index, "--jsonl", "--sort", "newest", "--limit", "2", "--offset", "3"
    )
    assert page.out.splitlines() == whole[3:5]
    first = call("query", "--index", index, "--sort", "newest", "--limit", "3")
    assert first.out.endswith("1–3 of 7; for more: --offset 3\n")
    counts = call("query", "--index", index, "--sort", "newest", "--limit", "0")
    assert counts.code == 0
    assert "South Africa" in counts.out
    assert "1.  " not in counts.out


def test_json_is_valid_and_repeatable(index: Path, call: Call) -> None:
    """The same question gives the same bytes, and they parse."""
    done = run("query", "--index", index, "torture", "--json")
    record = json.loads(done.out)
    assert record["query"] == "torture"
    assert record["total"] == len(record["hits"]) > 0
    assert set(record["facets"]) == {"country", "year", "theme"}
    assert record["hits"][0]["post"]["provenance"]["path"] == "notes/treaties.jsonl"
    assert call("query", "--index", index, "torture", "--json").out == done.out
    empty = call("query", "--index", index, "zebra", "--json", "--no-facets")
    assert (empty.code, json.loads(empty.out)["facets"]) == (1, {})


def test_csv_is_a_table(index: Path, call: Call) -> None:
    """Every row has the columns of the header, and no cell starts a formula."""
    done = call("query", "--index", index, "--sort", "oldest", "--csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == 7
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@")]


def test_one_format_at_a_time(index: Path, call: Call) -> None:
    """Two formats at once are a usage error, not a silent choice."""
    done = call("query", "--index", index, "torture", "--json", "--csv")
    assert (done.code, done.out) == (2, "")


def test_why_names_the_words(index: Path, call: Call) -> None:
    """Each hit says which words matched, in which field, by which rule."""
    done = call("query", "--index", index, "execution", "--why")
    assert re.search(r"body: “Executions” for execution \(inflection\)", done.out)


def test_exact_means_as_written(index: Path, call: Call) -> None:
    """With --exact the plural is another word."""
    assert call("query", "--index", index, "execution").code == 0
    assert call("query", "--index", index, "execution", "--exact").code == 1


def test_broad_asks_for_any_of_the_words(index: Path, call: Call) -> None:
    """With --broad a word that no post holds does not empty the result, and JSON names the mode."""
    found = json.loads(call("query", "--index", index, "torture xyzzy", "--broad", "--json").out)
    plain = json.loads(call("query", "--index", index, "torture", "--json").out)
    assert (found["mode"], found["is_relaxed"]) == ("broad", False)
    assert found["total"] == plain["total"]


def test_words_with_a_minus_sign(index: Path, call: Call) -> None:
    """A word to leave out is no option, and behind -- nothing is one."""
    minus = call("query", "convention", "-torture", "--index", index, "--jsonl")
    assert [json.loads(line)["post"]["date"]["iso"] for line in minus.out.splitlines()] == [
        "1989-11-20"
    ]
    first = call("query", "--index", index, "--jsonl", "--", "-torture", "convention")
    assert first.out.count("\n") == 1
    dashes = call("query", "--index", index, "--", "--torture")
    assert dashes.code in {0, 1}


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("query",), "For example: rights-search query torture in Egypt"),
        (("query", "--contry", "ZA", "x"), "Did you mean --country?"),
        (("query", "x", "-n", "5"), "No such option: -n. Did you mean --limit?"),
        (("query", "--lang", "fr", "x"), "In the words of the query, write language:VALUE"),
        (("query", "-i", "idx", "x"), "No such option: -i. Did you mean --index?"),
        (("index", "corpus", "-o", "idx"), "Did you mean --index?"),
        (("query", "x", "-year", "2017"), "Did you mean --year? To leave a word out: -- -year"),
        (("facets", "x", "-country=Peru"), "No such option: -country. Did you mean --country?"),
        (("query", "x", "--limit", "many"), "'many' is not a valid integer"),
        (("query", "x", "--limit", "-1"), "--limit"),
        (("query", "x", "--sort", "date"), "relevance"),
        (("search", "x"), "Did you mean 'rights-search query'?"),
        (("qeury", "x"), "Did you mean 'query'?"),
        (("torture",), "rights-search query torture"),
        (("help", "stats"), "rights-search stats --help"),
        (("--nonsense",), "--nonsense"),
        (("--index", "idx", "query", "x"), "Did you mean 'rights-search query --index'?"),
        (("--json", "query", "x"), "option '--json'. Did you mean 'rights-search query --json'?"),
        (("--peek", "watch", "run"), "No such option '--peek'."),
        (("show",), "ID"),
        (("watch", "nonsense"), "No such command 'nonsense'"),
        (("completion", "tcsh"), "bash"),
    ],
)
def test_what_newcomers_type(args: tuple[str, ...], hint: str, call: Call) -> None:
    """A wrong command line is answered in a line or two that say what to type."""
    done = call(*args)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("rights-search: ")
    assert hint in done.err
    assert len(done.err.splitlines()) <= 2


def test_a_path_or_a_name_without_its_quotes_is_told(
    index: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shell makes words of a path with spaces and of "South Africa"; what was meant is said."""
    monkeypatch.chdir(tmp_path)
    Path("my old posts").mkdir()
    assert "quotes: 'my old posts'" in call("index", "my", "old", "posts").err
    assert "quotes" not in call("index", "my", "new", "posts").err
    done = call("query", "--index", index, "torture", "--not-country", "South", "Africa", "police")
    assert "Unknown country 'South'; a name of several words needs quotes" in done.err
    assert '--not-country "South Africa"\n' in done.err
    done = call("facets", "--index", index, "--theme", "right", "to", "life", "torture")
    assert '--theme "right to life"' in done.err
    assert "quotes" not in call("query", "--index", index, "--country", "Sowth", "Africa").err


def test_a_facet_among_the_words_is_told(index: Path, call: Call) -> None:
    """Facets are joined by commas: who puts a space there looks for the word."""
    done = call("facets", "--index", index, "torture", "--by", "country", "year")
    assert "'year' was searched for as a word; to count it: --by country,year" in done.out
    assert "as a word" not in call("facets", "--index", index, "year", "--by", "year").out
    assert "as a word" not in call("facets", "--index", index, "torture year").out


def test_in_the_folder_of_an_index_it_is_named(
    index: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no index in the index: the one that is meant is the folder itself."""
    monkeypatch.chdir(index)
    done = call("query", "torture")
    assert (done.code, done.err) == (
        2, "rights-search: index: no index here, but the folder above it is one: --index .\n",
    )  # fmt: skip
    assert call("query", "torture", "--index", ".").code == 0


def test_where_every_file_failed_the_folder_is_not_doubted(call: Call, tmp_path: Path) -> None:
    """It may be the right one: the list of the failures says what is wrong."""
    folder = tmp_path / "posts"
    folder.mkdir()
    index = tmp_path / "index"
    assert "is this the right folder?" in call("index", folder, "--index", index).out
    (folder / "a.json").write_text('{"text": ')
    assert "No file could be read." in call("index", folder, "--index", index).out


def test_a_missing_index_is_said_with_the_command_that_makes_one(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first index every command says the same, in one line."""
    monkeypatch.chdir(tmp_path)
    for command in (("query", "x"), ("show", "0123"), ("stats",)):
        done = call(*command)
        assert (done.code, done.out) == (2, "")
        assert re.fullmatch(r"rights-search: index: .*rights-search index .*\n", done.err)


def test_the_index_is_found_by_option_then_environment(index: Path, tmp_path: Path) -> None:
    """The option wins over RIGHTS_SEARCH_INDEX, which wins over index/."""
    named = {"RIGHTS_SEARCH_INDEX": str(index)}
    assert run("query", "torture", env=named, cwd=tmp_path).code == 0
    done = run("query", "torture", "--index", tmp_path / "none", env=named, cwd=tmp_path)
    assert done.code == 2
    assert str(tmp_path / "none") in done.err


# --- show, stats, completion, help -----------------------------------------------------


def test_show_by_id_and_by_its_beginning(index: Path, call: Call) -> None:
    """The id of a hit, or its first characters, show the whole post."""
    hit = json.loads(call("query", "--index", index, "Mandela", "--jsonl").out)
    post_id = hit["post"]["id"]
    whole = call("show", post_id, "--index", index)
    assert whole.code == 0
    assert "Crowds waited in Cape Town until the evening to hear him speak." in whole.out
    assert call("show", post_id[:6].upper(), "--index", index).out == whole.out
    shown = json.loads(call("show", post_id, "--json", "--index", index).out)
    assert shown.pop("related") == {"copies": None, "follows": None, "followed_by": []}
    assert shown == hit["post"]
    assert "(source label)" in call("show", post_id, "--why", "--index", index).out


@pytest.mark.parametrize("post_id", ["ffffffffffff", "1", "zzzz", ""])
def test_show_of_no_post_is_a_message(index: Path, post_id: str, call: Call) -> None:
    """An id that stands for no post is an error in one line."""
    done = call("show", post_id, "--index", index)
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(r"rights-search: .+\n", done.err)


def test_stats_as_text_and_as_json(index: Path, call: Call) -> None:
    """The same numbers for people and for programs."""
    text = call("stats", "--index", index)
    assert text.code == 0
    assert re.search(r"^Posts +7$", text.out, re.MULTILINE)
    assert re.search(r"^Dates +1984 to 2001; 0 undated$", text.out, re.MULTILINE)
    record = json.loads(call("stats", "--json", "--index", index).out)
    assert (record["posts"], record["engine"]) == (7, "whoosh")
    assert record["facets"]["year"]["1989"] == 2


def test_completion_scripts_and_what_they_call(call: Call) -> None:
    """Each shell gets its script, and the program answers what the script asks."""
    assert call("completion", "zsh").out.startswith("#compdef rights-search\n")
    assert "complete --no-files --command rights-search" in call("completion", "fish").out
    script = call("completion", "bash").out
    assert "_RIGHTS_SEARCH_COMPLETE=bash_complete" in script
    assert "bash-completion/completions/rights-search" in script.splitlines()[-2]
    asked = {
        "_RIGHTS_SEARCH_COMPLETE": "bash_complete",
        "COMP_WORDS": "rights-search query --the",
        "COMP_CWORD": "2",
    }
    assert run(env=asked).out == "plain,--theme\n"


def test_help_is_everywhere_and_ends_with_examples(call: Call) -> None:
    """Every command explains itself and ends with command lines to copy."""
    overview = call("--help")
    assert call().out == overview.out
    for command in ("index", "query", "show"):
        assert f"  rights-search {command} " in overview.out.split("usual commands")[1]
    for command in ("index", "query", "show", "stats", "completion"):
        done = call(command, "--help")
        assert (done.code, done.err) == (0, "")
        examples = done.out.partition("Examples:\n")[2].rstrip().splitlines()
        assert examples
        assert all(line.startswith(f"    rights-search {command}") for line in examples)
    assert call("query", "-h").out == call("query", "--help").out


def test_version() -> None:
    """The version is the package's own."""
    from importlib.metadata import version  # noqa: PLC0415

    assert run("--version").out == f"rights-search {version('rights-search')}\n"


# --- pipes, terminals, signals ----------------------------------------------------------


def test_a_closed_pipe_is_silent(index: Path) -> None:
    """A reader that has seen enough, as head has, leaves no traceback behind."""
    program = " ".join(PROGRAM)
    command = f"{program} query --index '{index}' --sort newest --json | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"{command}; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, env=environment(), timeout=TIMEOUT_S, check=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == "{"
    # The reader is gone before the first byte: certain to be a broken pipe.
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "rights_search", "query", "--index", str(index), "torture"],
        stdout=writer, stderr=subprocess.PIPE, env=environment(), timeout=TIMEOUT_S, check=False,
        text=True,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="not here: /dev/full")
def test_a_full_disk_is_one_line(index: Path) -> None:
    """Output that cannot be written is an error, said once."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "query", "--index", str(index), "torture"],
            stdout=full, stderr=subprocess.PIPE, env=environment(), timeout=TIMEOUT_S, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert re.fullmatch(rb"rights-search: .*[Ss]pace.*\n", done.stderr)


def test_interrupting_ends_with_130(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a sync is one line, without a traceback."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    code = (
        "import os, signal, sys, rights_search.archive as archive\n"
        "def sync(*_, **__):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    signal.pause()\n"
        "archive.Archive.sync = sync\n"
        # A run in the background inherits a Ctrl-C that is ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from rights_search.__main__ import main\n"
        f"sys.exit(main(['index', {str(corpus)!r}, '--index', {str(tmp_path / 'index')!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, env=environment(), timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stderr.strip() == "rights-search: interrupted; nothing was changed"


def test_a_pipe_never_loads_rich(index: Path) -> None:
    """Plain and structured output, help and errors cost no import that only eyes need."""
    commands = [
        ["query", "torture", "--why"], ["query", "torture", "--json"], ["query", "x", "--csv"],
        ["stats"], ["--help"], ["query", "contry:ZA"], ["show", "0000"],
        ["index", str(FIXTURES / "corpus")],
    ]  # fmt: skip
    code = (
        "import sys\nfrom rights_search.__main__ import main\n"
        f"for args in {commands!r}:\n    main(args)\n"
        "sys.exit(3 if 'rich' in sys.modules else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, timeout=TIMEOUT_S, check=False,
        env=environment({"RIGHTS_SEARCH_INDEX": str(index)}),
    )  # fmt: skip
    assert done.returncode == 0


def test_help_loads_neither_engine_nor_readers() -> None:
    """Asking for help costs click and little else."""
    code = (
        "import sys\nfrom rights_search.__main__ import main\nmain(['query', '--help'])\n"
        "heavy = {'rich', 'whoosh', 'numpy', 'lxml', 'dateutil', 'yaml'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, env=environment(), timeout=TIMEOUT_S, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_gets_colours_unless_they_are_unwanted(index: Path) -> None:
    """Matches are red; NO_COLOR and --no-color leave bold and underlined."""
    query = ("query", "--index", index, "torture")
    assert "\x1b[1;31m" in run_in_terminal(*query).out
    for done in (
        run_in_terminal(*query, env={"NO_COLOR": "1"}),
        run_in_terminal(*query, "--no-color"),
    ):
        assert "\x1b[1;4m" in done.out
        assert not re.search(r"\x1b\[[0-9;]*3[0-7]", done.out)
    assert "\x1b" not in run_in_terminal(*query, env={"TERM": "dumb"}).out


@pytest.mark.parametrize("how", ["window", "COLUMNS"])
def test_a_narrow_terminal_is_kept_to(index: Path, how: str) -> None:
    """In forty columns nothing is cut off and no line is wider."""
    query = ("query", "--index", index, "--sort", "oldest", "--why")
    if how == "window":
        done = run_in_terminal(*query, columns=40)
    else:
        done = run_in_terminal(*query, columns=120, env={"COLUMNS": "40"})
    lines = [line.rstrip() for line in STYLE.sub("", done.out).splitlines()]
    assert max(len(line) for line in lines) <= 40
    assert "Convention on the Rights of the Child adopted" in " ".join(" ".join(lines).split())


def test_a_hostile_post_is_shown_not_obeyed(index: Path, call: Call) -> None:
    """Escapes of a post reach neither pipe nor terminal; markup stays text."""
    query = ("query", "--index", index, "hostile")
    for text in (
        run(*query).out,
        call(*query, "--json").out,
        call(*query, "--csv").out,
        STYLE.sub("", run_in_terminal(*query, columns=120).out),
    ):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert "[bold]title[/bold]" in text
    assert "\x1b" not in call("query", "--index", index, "contry:\x1b[31mred").err
    assert "\x1b" not in call("query", "--\x1b[31mred").err


def test_other_locales_do_not_crash(index: Path) -> None:
    """An output that cannot hold Cyrillic gets question marks."""
    env = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = run("query", "--index", index, "theme:international-justice", env=env)
    assert (done.code, done.err) == (0, "")
    title = "Статут Международного уголовного суда принят в Риме"
    assert f"1.  {re.sub('[^ ]', '?', title)}\n" in done.out
    assert "    1998-07-17 | " in done.out


def test_a_bug_keeps_its_traceback_and_is_not_taken_for_no_result(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would exit with 1, which here means that nothing was found."""

    def fail(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("\x1b[31mred")

    monkeypatch.setattr(app.cli, "invoke", fail)
    done = call("stats")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Traceback")
    assert done.err.endswith("ZeroDivisionError: �[31mred\n")


def test_an_argument_that_is_no_text_does_not_crash(index: Path) -> None:
    """Bytes that are not UTF-8 in a query are looked for in vain, or shown as such."""
    done = subprocess.run(
        [*map(os.fsencode, PROGRAM), b"query", b"--index", os.fsencode(index), b"caf\xe9 \xff"],
        capture_output=True, env=environment(), timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}
    assert b"Traceback" not in done.stderr


def test_a_message_of_a_megabyte_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong may be as long as somebody likes: its beginning and its end are shown."""
    assert app.complain(f"x.json: {'9' * 10**6} is no date; mend it") == 2
    said = capsys.readouterr().err
    assert len(said) < 2_100
    assert said.startswith("rights-search: x.json: 999")
    assert said.endswith("999 is no date; mend it\n")
