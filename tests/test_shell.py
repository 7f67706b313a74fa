"""The session: lines as commands, what is kept between them, and the terminal."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rights_search import Archive, RightsSearchError
from rights_search.__main__ import main
from rights_search.cli import prompt
from rights_search.cli.line_completion import candidates
from rights_search.cli.session import COMMANDS, MAX_LINE_CHARS, OWN, Session
from rights_search.geography import territories
from rights_search.query.nodes import Facet
from rights_search.query.parser import parse
from terminals import Terminal
from test_cli import PROGRAM, Run, environment

POSTS = {
    "cape": (
        "Miners on strike",
        "Miners of South Africa went on strike at the shaft.",
        "2014-02-05",
    ),
    "homs": ("Prisoners of Homs", "In Syria prisoners were tortured in a prison.", "2013"),
    "accra": ("Teachers", 'Teachers of Ghana marched; "a strike", they said, in Accra.', "2015"),
    "hostile": ("\x1b]0;owned\x07Strike\x1b[2J", "A strike\x1b[31m in Chile\u202e.", "2016"),
}


def put(corpus: Path, name: str, title: str, body: str, date: str) -> None:
    """Write a post."""
    corpus.mkdir(exist_ok=True)
    record = {"title": title, "body": body, "date": date, "author": "Ama Example"}
    (corpus / f"{name}.json").write_text(json.dumps(record))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return an index of a few posts."""
    for name, post in POSTS.items():
        put(tmp_path / "corpus", name, *post)
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(tmp_path / "corpus")
    return tmp_path / "index"


Say = Callable[[str], Run]


@pytest.fixture
def say(index: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    """Return a function that runs a line in a session."""
    session = Session(str(index))

    def run(line: str) -> Run:
        code = session.run(line)
        return Run(code, *capsys.readouterr())

    yield run
    session.close()


def titles(run: Run) -> list[str]:
    """Return the titles of the hits in an answer."""
    lines = run.out.splitlines()
    return [
        line.partition(". ")[2].strip() for line in lines if line[:1].isdigit() and ". " in line
    ]


def test_a_line_is_a_query(say: Say) -> None:
    """Quotes, minus signs and stars mean what they mean in the query language."""
    assert len(titles(say("strike"))) == 3
    assert titles(say('"a strike" -chile')) == ["Teachers"]
    assert titles(say("-strike")) == ["Prisoners of Homs"]
    assert titles(say("tortur* country:Syria")) == ["Prisoners of Homs"]
    assert say("zebra").code == 1
    assert say("   ").out == ""


def test_numbers_stand_for_the_posts_of_the_last_list(say: Say) -> None:
    """In show, similar and why; a list of similar posts counts from then on."""
    found = titles(say("strike country:ZA,GH"))
    assert len(found) == 2
    assert say(":show 2").out.startswith(found[1])
    why = say(":why 2")
    assert why.out.startswith(f"2.  {found[1]}"), "the hit alone"
    assert "for more" not in why.out
    assert "strike” for strike (as written)" in why.out
    assert say(":show 1").out.startswith(found[0])
    like = titles(say(":similar 1"))
    assert like
    assert say(":show 1").out.startswith(like[0])
    wrong = say(":show 99")
    assert (wrong.code, wrong.out) == (2, "")
    assert "There is no hit 99 in the last list; it has 1 to" in wrong.err


def test_commands_without_words_are_about_the_last_query(say: Say) -> None:
    """Facets, explain, export and watches; words of their own go first."""
    say("strike country:ZA")
    assert say(":facets --by country").out.startswith("1 post\n")
    assert say(":facets prison --by country").out.startswith("1 post\n")
    assert "Syria" in say(":facets prison --by country").out
    assert "Syria" not in say(":facets --by country").out
    assert say(":explain").out == say(":explain strike country:ZA").out
    assert len(say(":export --format jsonl").out.splitlines()) == 1
    assert say(":watch add mine").code == 0
    assert say(":watch list").out.startswith("mine: strike country:ZA\n")
    assert say(":watch add other teachers").code == 0
    assert "other: teachers\n" in say(":watch list").out


def test_quotes_keep_blanks_together_in_options_and_mean_phrases_in_queries(say: Say) -> None:
    """As people would type it who know neither shells nor us."""
    assert "Teachers" not in titles(say(':query strike --country "South Africa"'))
    assert titles(say(':query "a strike" --not-country Chile')) == ["Teachers"]


def test_modes_and_orders_hold_until_they_are_changed(say: Say) -> None:
    """They are for the queries to come, and can be looked at."""
    assert say(":mode").out == "mode: default\n"
    assert say(":mode EXACT").out == "mode: exact\n"
    assert say("strikes").code == 1
    assert say(":export strikes --format jsonl").code == 1
    say(":mode default")
    assert say("strikes").code == 0
    say(":sort oldest")
    say(":limit 1")
    assert titles(say("strike")) == ["Miners on strike"]
    more = say(":more")
    assert titles(more) == ["Teachers"]
    assert "2–2 of 3; for more: :more" in more.out
    assert say(":mode loose").err == "rights-search: :mode takes default, exact, broad.\n"
    assert say(":limit 0").err == "rights-search: :limit takes a number.\n"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (":nonsense", "There is no command ':nonsense'. ':help' lists what there is."),
        (":facet", "Did you mean ':facets'?"),
        (":shell", "There is no command ':shell'"),
        (":more", "Search for something first"),
        (":why", ":why takes the number of a hit, from 1 on."),
        (":why 0", "from 1 on."),
        (":quit now", ":quit takes nothing behind it."),
        (":show", "Missing argument 'ID'."),
        (":show 1", "search for something first"),
        (":watch rn", "No such command 'rn'."),
        (":facets --bye", "No such option"),
        (":help nonsense", "There is no command ':nonsense'."),
        ("contry:x", "did you mean 'country'?"),
        ("x" * (MAX_LINE_CHARS + 1), "A line may have 100,000 characters."),
        (":export --format csv --output /nowhere/x", "/nowhere/x: cannot be written"),
    ],
)
def test_a_mistake_is_a_message_and_ends_nothing(say: Say, line: str, hint: str) -> None:
    """It says what would have worked; the next line is run as if nothing had been."""
    say("teachers") if "output" in line else None
    failed = say(line)
    assert (failed.code, failed.out) == (2, "")
    assert hint in failed.err
    assert len(failed.err.splitlines()) <= 3
    assert say("prison").code == 0


def test_the_last_query_is_one_that_was_understood(say: Say) -> None:
    """A mistake in between does not change what ``:more`` goes on with."""
    say(":limit 1")
    first = titles(say("strike"))
    say("contry:x")
    assert titles(say(":more")) != first


def test_a_bug_is_seen_and_the_session_goes_on(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its traceback is shown without anything that acts."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("\x1b[2Jboom")

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "search", broken)
        failed = say("strike")
    assert failed.code == 2
    assert "boom" in failed.err
    assert "\x1b" not in failed.err
    assert say("strike").code == 0


def test_the_index_is_read_again_when_it_has_changed(say: Say, index: Path) -> None:
    """After a commit of another process, and when another index is in its place."""
    assert len(titles(say("strike"))) == 3
    corpus = index.parent / "corpus"
    put(corpus, "new", "Strike again", "A strike in Peru.", "2018")
    with Archive.open(index) as archive:
        archive.sync(corpus)
    assert len(titles(say("strike"))) == 4
    other = index.parent / "other"
    put(other, "only", "Only this", "One strike.", "2018")
    with Archive.create(index, overwrite=True) as archive:
        archive.sync(other)
    assert titles(say("strike")) == ["Only this"]
    for path in index.iterdir():
        path.rename(index.parent / path.name)
    gone = say("strike")
    assert gone.code == 2
    assert "no index here, but the folder above it is one" in gone.err


def test_the_index_is_opened_once(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """All lines share it, whatever command they run, and it is not that of the environment."""
    monkeypatch.setenv("RIGHTS_SEARCH_INDEX", "/nowhere")
    say("strike")

    def never(*_: object) -> None:
        raise AssertionError("opened again")

    monkeypatch.setattr(Archive, "open", never)
    for line in ("prison", ":show 1", ":facets", ":similar 1", ":stats", ":explain", ":more"):
        assert say(line).code in (0, 1), line


def test_help_names_every_command(say: Say) -> None:
    """What only a session has, and what the program has."""
    text = say(":help").out
    for name in (*OWN, *COMMANDS):
        assert f":{name}" in text, name
    one = say(":help facets").out
    assert one.startswith("Usage: :facets [OPTIONS] QUERY...")


# --- a pipe ------------------------------------------------------------------------


def piped(text: bytes, index: Path, *more: str) -> Run:
    """Run a session with a text on its standard input."""
    done = subprocess.run(
        [*PROGRAM, "shell", "--index", str(index), *more],
        input=text, capture_output=True, env=environment(), timeout=60, check=False,
    )  # fmt: skip
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_pipe_runs_each_line_without_a_prompt(index: Path) -> None:
    """Answers stand one behind the other, and what is typed is not repeated."""
    both = piped(b"prison\n\n:export strike country:GH --format jsonl\n:quit\nzebra\n", index)
    assert (both.code, both.err) == (0, "")
    assert "search>" not in both.out
    assert both.out.count("1 post matches") == 1
    assert json.loads(both.out.strip().splitlines()[-1])["title"] == "Teachers"
    assert not both.out.endswith("\n\n"), "nothing comes of :quit"


@pytest.mark.parametrize(
    ("typed", "code"), [("zebra\n", 1), ("", 1), ("zebra\nprison", 0), ("contry:x\nprison\n", 2)]
)
def test_a_pipe_ends_as_its_lines_do(
    typed: str, code: int, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 2 if a line failed, with 0 if one found something, else with 1."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert main(["shell", "--index", str(index)]) == code


def test_a_pipe_of_anything_is_answered(index: Path) -> None:
    """Bytes that are no text, a line without an end: messages or answers, no traceback."""
    done = piped(b"\xff\xfe\x00prison\n" + b"x" * 300_000 + b"\nprison", index)
    assert "Traceback" not in done.err
    assert done.err.count("A line may have") == 1
    assert "1 post matches" in done.out


def test_a_missing_index_is_said_at_once(tmp_path: Path) -> None:
    """There is no session over nothing."""
    done = piped(b"prison\n", tmp_path / "none")
    assert (done.code, done.out) == (2, "")
    assert "rights-search index" in done.err


# --- completion --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (":fa", [":facets "]),
        (":mode e", ["exact"]),
        (":sort n", ["newest"]),
        (":help sh", ["show"]),
        (":watch r", ["remove", "run"]),
        (":facets --not-co", ["--not-country"]),
        (":export --format bi", ["bibtex"]),
        (":facets coun", ["country:", "countries:"]),
        ("strike lang", ["lang:", "language:"]),
        ("country:so", ["country:South-Africa"]),
        ("-(COUNTRY:so", ["-(COUNTRY:South-Africa"]),
        ("country:Syria,gh", ["country:Syria,Ghana"]),
        ("country:sy", ["country:Syria"]),
        ("about:GH", ["about:Ghana"]),
        ("year:201", ["year:2013", "year:2014", "year:2015", "year:2016"]),
        ("lang:eng", ["lang:English"]),
        ("author:ex", ["author:example"]),
        ("is:co", ["is:copy"]),
        ("date:last-y", ["date:last-year"]),
        ("has:cap", ["has:captions"]),
        ("nonsense:x", []),
        (":nonsense x", []),
        ("zzz", []),
    ],
)
def test_what_is_offered(index: Path, line: str, offered: list[str]) -> None:
    """Commands, options, fields, and the values that this index has."""
    with Archive.open(index) as archive:
        assert sorted(candidates(line, archive)) == sorted(offered)


def test_what_is_offered_begins_with_what_was_typed(index: Path) -> None:
    """So that completing a line takes nothing away, but for case and accents."""
    with Archive.open(index) as archive:
        for line in ("country:s", "theme:f", "group:p", "year:2", "source:", "place:s", "c"):
            for each in candidates(line, archive):
                assert each.lower().startswith(line), (line, each)
                assert " " not in each


def test_every_country_is_written_so_that_it_is_read(tmp_path: Path) -> None:
    """Names with blanks, hyphens and brackets are one value to the parser."""
    codes = [code for code in territories.codes() if not territories.is_former(code)]
    corpus = tmp_path / "corpus"
    for number, code in enumerate(codes):
        record = {"title": "T", "body": f"Body {number}.", "country": territories.name(code)}
        corpus.mkdir(exist_ok=True)
        (corpus / f"{number}.json").write_text(json.dumps(record))
    with Archive.create(None) as archive:
        archive.sync(corpus)
        offered = archive.complete("country", limit=1000)
        held = archive.stats().facets["country"]
    assert len(offered) == len([code for code in held if code]) > 200
    for value in offered:
        node = parse(f"country:{value}").node
        assert isinstance(node, Facet), value
        assert len(node.values) == 1


# --- history -----------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_history_is_its_owners_and_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mode 600 from the first line on, also where the file was there; old lines go."""
    monkeypatch.setattr(prompt, "MAX_HISTORY", 3)
    file = tmp_path / "history"
    for number in range(5):
        prompt.append(file, f"line {number}\x1b[2J")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    assert prompt.load(file) == [f"line {number}�[2J" for number in (2, 3, 4)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert prompt.load(tmp_path / "none") == []
    with pytest.raises(RightsSearchError, match="the history cannot be kept here"):
        prompt.load(tmp_path / "nowhere" / "history")
    with pytest.raises(RightsSearchError, match="the history cannot be kept here"):
        prompt.append(tmp_path, "line")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RightsSearchError, match="cannot be kept here: it is no plain file"):
        prompt.load(tmp_path / "pipe")


def test_a_history_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """On a shared machine it would write where somebody else chose; the target stays as it was."""
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    for _ in range(2):
        with pytest.raises(RightsSearchError, match="cannot be kept here: it is a link"):
            prompt.load(link)
        with pytest.raises(RightsSearchError, match="cannot be kept here: it is a link"):
            prompt.append(link, "line")
        assert not target.exists() or target.read_text() == "theirs"
        target.write_text("theirs")


# --- a terminal --------------------------------------------------------------------

PROMPT = prompt.PROMPT


def shell(index: Path, *more: str, columns: int = 80) -> Terminal:
    """Start a session in a terminal."""
    command = (*PROGRAM, "shell", "--index", str(index), *more)
    return Terminal(command, environment({"PAGER": "cat"}), columns=columns)


def test_a_session_in_a_terminal(index: Path, tmp_path: Path) -> None:
    """Tab completes, Ctrl-C cancels a line, errors go by, Ctrl-D leaves, all is remembered."""
    history = tmp_path / "history"
    with shell(index, "--history", str(history)) as terminal:
        assert "4 posts in" in terminal.expect(PROMPT)
        terminal.type("country:so\t")
        terminal.expect("South-Africa")
        terminal.type("\n")
        assert "Miners on strike" in terminal.expect(PROMPT)
        terminal.type("half a li")
        terminal.expect("half a li")
        terminal.interrupt()
        terminal.expect(PROMPT)
        terminal.type("contry:x\n")
        assert "did you mean 'country'" in terminal.expect(PROMPT)
        terminal.type(":sh\t1\n")
        assert "SHA-256" in terminal.expect(PROMPT)
        terminal.type("\x04")
        code, rest = terminal.end()
    assert code == 0
    assert "Traceback" not in rest
    assert history.read_text().splitlines() == ["country:South-Africa", "contry:x", ":show 1"]


def test_nothing_is_written_without_being_asked(index: Path, tmp_path: Path) -> None:
    """No history of what a researcher looks for; ``:quit`` leaves, too."""
    home = tmp_path / "home"
    home.mkdir()
    before = {path.name for path in index.iterdir()}
    command = (*PROGRAM, "shell", "--index", str(index))
    with Terminal(command, environment({"HOME": str(home), "PAGER": "cat"})) as terminal:
        terminal.expect(PROMPT)
        terminal.type("strike\n")
        terminal.expect(PROMPT)
        terminal.type(":quit\n")
        assert terminal.end()[0] == 0
    assert list(home.iterdir()) == []
    assert {path.name for path in index.iterdir()} == before


def test_ctrl_c_ends_a_search_and_not_the_session(index: Path) -> None:
    """The command is told to stop, the prompt comes back."""
    with shell(index) as terminal:
        terminal.expect(PROMPT)
        # A command that waits for what nobody writes.
        fifo = index.parent / "fifo"
        os.mkfifo(fifo)
        terminal.type(f":batch {fifo}\n")
        terminal.expect("fifo\n")
        writer = os.open(fifo, os.O_WRONLY)
        try:
            terminal.interrupt()
            assert "interrupted" in terminal.expect(PROMPT)
        finally:
            os.close(writer)
        terminal.type("prison\n")
        assert "1 post matches" in terminal.expect(PROMPT)


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_a_hostile_post_is_shown_in_a_session(index: Path, columns: int) -> None:
    """Whatever the width: its title sets no window's, its body clears no screen."""
    with shell(index, columns=columns) as terminal:
        terminal.expect(PROMPT)
        terminal.type("strike country:CL\n")
        shown = terminal.expect(PROMPT)
        assert "owned" in shown
        assert "\x1b]" not in shown
        assert "\u202e" not in shown
        assert "\x07" not in shown


def test_a_shell_loads_no_command_before_it_is_used(index: Path) -> None:
    """Neither readers nor rich are loaded for a pipe, and readline only for a terminal."""
    code = (
        "import sys, io; sys.stdin = io.StringIO('prison\\n')\n"
        "from rights_search.__main__ import main\n"
        f"main(['shell', '--index', {str(index)!r}])\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    unwanted = {"readline", "rich", "rights_search.cli.commands.facets", "rights_search.ingest"}
    assert not loaded & unwanted
