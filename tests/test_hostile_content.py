"""Whatever others wrote, through every command and every form of its output.

The lines that are run are made of the commands themselves, so that a new command, flag
or format is tried as soon as it is there.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import sys
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import pytest
from lxml import etree

from manual.commands import options
from rights_search.__main__ import main
from rights_search.archive import Archive
from rights_search.cli import report, session, terminal
from rights_search.cli.writing import output_to
from rights_search.errors import RightsSearchError
from rights_search.exports import FORMATS, writer
from rights_search.indexing import file_reading
from rights_search.indexing.sync_results import FileReport
from rights_search.post import Evidence, PartialDate, Post, Tag
from rights_search.tagging import tag_all
from test_commands_page import CONTEXTS, examples, of_line
from test_terminal_safety import post_of, unsafe_characters

MARK = "\x1b[35;7m"
"""A style that the program itself never uses."""

NASTY = (
    f"{MARK}red", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x9b2J\x9d", "a\x00b\x08\x7f",
    "line\r\nnext\tcell\x0b\x0c\x1c\x85\u2028\u2029",
    "\u202egpj.exe\u202c\u2066\u2069\u200f\u061c",
    "\u200b\u200d\u00ad\ufeff\U000e0041", "[bold]x[/] :smile: [link=http://x]", "=1+1|cmd",
    "@SUM(1)",
    "-1+1", "+1", "\t=1", "\u200b=1", "＝1", "</text><script>x</script>&amp;\"'", "{\\end} %$#_^~",
    "ER  - \nTY  - JOUR", "Z" + "\u0335" * 500, "ก" + "\u0e49" * 500, "ب" + "\u064b" * 500,
    "x" * 5000, "../../etc/passwd", "; rm -rf $(x) `y`", "\ufffe\uffff",
)  # fmt: skip

STYLES = re.compile(r"\x1b\[[0-9;]*m|\x1b\[(?:\?25[lh]|\d*[AK])")
"""What rich writes on a terminal: styles, and the movements of a progress bar."""
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
FACETS = ("source", "language", "country", "place")

WRITTEN = (".svg", ".bib", ".jsonl")
"""Endings of the files that the examples write."""

PIPED, SEEN = "in a pipe", "on a terminal"


def words_of_examples() -> str:
    """Return text in which the queries of the examples find something."""
    return (
        "Torture in Egypt, in South Africa, in Chechnya and in Nigeria, Western Africa: LGBTI "
        "refugees in Russia, a strike, an execution, the death penalty, a secret prison."
    )


def hostile(post: Post, number: int) -> Post:
    """Return a post with what others might write wherever a text of theirs may stand."""
    nasty = NASTY[number % len(NASTY)]
    reasons = (Evidence(nasty, nasty, nasty, 2),)
    kept = {"id", "date", "updated", "provenance", "paragraphs", "title_derived"}
    values: dict[str, Any] = {}
    for field in fields(Post):
        held = getattr(post, field.name)
        if field.name in kept:
            continue
        if field.name in {"countries", "mentions", "themes", "groups", "places"}:
            own = Tag("RU" if field.name in {"countries", "mentions"} else nasty, reasons)
            values[field.name] = (own, *held)
        elif isinstance(held, tuple):
            values[field.name] = (nasty,)
        else:
            values[field.name] = nasty
    where = replace(
        post.provenance, sha256=nasty, reader=nasty, uri=nasty, captured=nasty, encoding=nasty
    )
    return replace(
        post,
        **values,
        paragraphs=(f"{nasty} {words_of_examples()} {nasty}", nasty),
        date=PartialDate("2014-03", nasty, (nasty, "circa")),
        updated=PartialDate("2019", nasty),
        provenance=where,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with files of bad names, and an index with posts of bad content."""
    here = tmp_path_factory.mktemp("hostile")
    for name in ("corpus", "posts", "bin"):
        (here / name).mkdir()
    for number, nasty in enumerate((*NASTY, "\udcff\udcfe")):
        stem = re.sub("[/\0]", "", nasty)[:40]
        text = f"# {nasty}\n\nBy {nasty}\n\n2014-03-05\n\n{nasty} {words_of_examples()}\n"
        for place in ("corpus", "posts"):
            data = text.encode("utf-8", "surrogateescape")
            (here / place / f"{stem}{number}.md").write_bytes(data)
            (here / place / f"{stem}{number}.json").write_bytes(b"{broken" + data)
            (here / place / f"{number}.md").write_text(f"# Post {number}\n\nIts text.\n")
    rows = [["query", "=name"], *([nasty, nasty] for nasty in NASTY[::4]), ["torture", "+"]]
    with (here / "queries.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    label = json.dumps(NASTY[0])
    themes = f'[themes.nets]\nlabel = {label}\nterms.en.strong = ["torture"]\n'
    (here / "my-themes.toml").write_text(themes, encoding="utf-8")
    (here / "corpus" / "espanol").mkdir()
    with (here / "corpus" / "espanol" / "entradas.csv").open("w", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["title", "body"], *([each, each] for each in NASTY)])
    for opener in ("xdg-open", "open"):
        (here / "bin" / opener).write_text("#!/bin/sh\nexit 0\n")
        (here / "bin" / opener).chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        numbers = iter(range(10**6))
        patch.setattr(
            file_reading,
            "tag_all",
            lambda posts: [hostile(post, next(numbers)) for post in tag_all(posts)],
        )
        with Archive.create(here / "index") as archive:
            archive.sync(here / "corpus", processes=1)
            assert archive.stats().posts >= len(NASTY)
    return here


def lines() -> list[str]:
    """Return the examples, then each command with each of its flags, choices and facets."""
    found = []
    for context in CONTEXTS:
        if isinstance(context.command, click.Group):
            continue
        base = next(line for line in examples() if line.startswith(f"{context.command_path}"))
        base = re.sub(r" --output \S+", "", re.split(r" (?:>|\|\|?) ", base)[0])
        for option in options(context.command):
            name = option.opts[-1] if option.opts[-1].startswith("--") else option.opts[0]
            if name in {"--open", "--pager"}:
                continue
            if option.is_flag:
                found.append(f"{base} {name}")
            elif isinstance(option.type, click.Choice):
                found += [f"{base} {name} {choice}" for choice in option.type.choices]
            elif option.metavar and "FACET" in option.metavar:
                found += [f"{base} {name} {facet}" for facet in FACETS]
            else:
                found += [f"{base} {name} {shlex.quote(NASTY[0])}"]
    named = [f":{name}" for name in (*session.COMMANDS, *session.OWN) if name != "quit"]
    typed = ["torture", ":show 1", ":why 1", ":similar 1", *named, MARK, f":{MARK}"]
    keys = "".join(f"{line}\\n" for line in typed)
    shell = f"printf '{keys}' | rights-search shell"
    return list(dict.fromkeys([*examples(), *found, shell]))


def wrong_lines() -> list[list[str]]:
    """Return each command with what is no argument of it."""
    return [
        [*context.command_path.split()[1:], *more, text]
        for context in CONTEXTS
        if not isinstance(context.command, click.Group)
        for text in (NASTY[0], f"no-such-{NASTY[4]}".replace("\0", ""), f"--{NASTY[6]}")
        for more in ((), ("--index",))
    ]


def check(line: str, output: str, error: str, way: str) -> None:
    """Fail where a terminal, a spreadsheet or an XML parser would obey what was written."""
    for text in (output, error):
        assert MARK not in text, line
        plain = STYLES.sub("", text).replace("\r", "") if way == SEEN else text
        assert unsafe_characters(plain) == [], line
        assert not re.search("(.)\\1{400}", re.sub("[\x20-\x7e─█]", "", plain)), line
    assert "Traceback" not in error, (line, error)
    assert "Traceback" not in output, (line, output)
    if re.search(r" --csv| --format csv|search batch ", line) and output:
        for row in csv.reader(io.StringIO(output)):
            assert not [each for each in row if FORMULA.match(each) and not NUMBER.match(each)], (
                line
            )


@pytest.mark.parametrize("way", [PIPED, SEEN])
def test_no_command_lets_content_act(
    folder: Path, way: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every command in every form, found by itself, shows what is hostile and obeys nothing."""
    environment = {"HOME": str(folder), "PAGER": "cat", "COLUMNS": "100"}
    environment["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    if way == SEEN:
        monkeypatch.setattr(terminal, "is_terminal", lambda stream: stream is not None)
        environment |= {"FORCE_COLOR": "1", "TERM": "xterm"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    with Archive.open("index") as archive:
        ids = [post.id for post in archive.posts()]
    wanted = lines() if way == PIPED else examples()
    for number, line in enumerate(wanted):
        here = line.replace("/data/index", "index").replace(" ~/", f" {folder}/")
        args, typed = of_line(here, ids[number % len(ids)])
        if args[0] == "index":
            # It would take the place of what was put there.
            args = [*args, "--index", "other-index"] if "--index" not in args else args
        run(args, typed, monkeypatch)
        check(line, *capfd.readouterr(), way)
    written = {path.suffix for path in folder.iterdir() if path.suffix in WRITTEN}
    assert written == set(WRITTEN)
    for path in folder.iterdir():
        if path.suffix in WRITTEN:
            check(path.name, path.read_text(encoding="utf-8"), "", PIPED)
    drawing = etree.parse(folder / "strikes.svg")
    tags = {etree.QName(element).localname for element in drawing.iter()}
    assert tags <= {"svg", "title", "desc", "text", "line", "rect"}


HUGE = "x" * 2**20


@pytest.fixture(scope="module")
def huge_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of posts with a word of a megabyte in every field of a list."""
    here = tmp_path_factory.mktemp("huge")
    (here / "corpus").mkdir()
    for number in range(3):
        text = f"# Post {number}\n\n2014-03-05\n\n{words_of_examples()}\n"
        (here / "corpus" / f"{number}.md").write_text(text, encoding="utf-8")

    def enlarged(post: Post) -> Post:
        where = replace(post.provenance, reader=HUGE, uri=HUGE, line_start=None, line_end=None)
        return replace(
            post, title=HUGE, authors=(HUGE,), organisation=HUGE, source=HUGE, provenance=where
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_reading, "tag_all", lambda posts: [*map(enlarged, tag_all(posts))])
        with Archive.create(here / "index") as archive:
            archive.sync(here / "corpus", processes=1)
    return here / "index"


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_a_word_of_a_megabyte_fills_no_window(
    huge_index: Path,
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Every command that lists cuts it, however wide the terminal is."""
    monkeypatch.setattr(terminal, "is_terminal", lambda stream: stream is not None)
    for name, value in {"COLUMNS": str(columns), "PAGER": "cat", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    with Archive.open(huge_index) as archive:
        first = next(iter(archive.posts())).id
    watch = f"in {columns} columns"
    for args in (
        ["query", "torture"], ["query", "torture", "--why"], ["query", HUGE], ["similar", first],
        ["facets", "torture", "--by", "source,country"], ["timeline", "torture"],
        ["timeline", "torture", "--split", "source"], ["watch", "add", watch, HUGE],
        ["watch", "run"], ["watch", "list"], ["stats"], ["explain", HUGE],
    ):  # fmt: skip
        with suppress(SystemExit):
            main([*args, "--index", str(huge_index)])
        out, error = capfd.readouterr()
        assert out or error, args[:2]
        assert len(out) < 60_000, args[:2]
        assert len(error) < 5_000, args[:2]


@pytest.mark.parametrize("args", wrong_lines(), ids=lambda args: ascii(" ".join(args))[:60])
def test_no_message_lets_an_argument_act(
    folder: Path,
    args: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Whatever is typed, a message about it shows it."""
    monkeypatch.chdir(folder)
    run(args, "", monkeypatch)
    check(" ".join(args), *capfd.readouterr(), PIPED)


def run(args: list[str], typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a command line in this process."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with suppress(SystemExit):
        main(args)


@pytest.mark.parametrize("name", FORMATS)
def test_a_citation_is_one_whatever_an_index_says(name: str) -> None:
    """Ids and digests come from an index too: a record stays one record, of safe text."""
    for nasty in NASTY:
        post = post_of(nasty)
        post = replace(post, id=f"ab{nasty}", provenance=replace(post.provenance, sha256=nasty))
        assert written(name, post) <= written(name, post_of("plain"))


def written(name: str, post: Post) -> int:
    """Return how many lines an export of a post has, once they are found to be safe."""
    stream = io.StringIO()
    writer(name)([post], stream)
    check(f"export --format {name}", stream.getvalue(), "", PIPED)
    return len(stream.getvalue().splitlines())


def linked(folder: Path, name: str) -> Path:
    """Return a name that leads out of its folder, to a file that is not there."""
    (folder / "mine").mkdir()
    (folder / "mine" / name).symlink_to(folder / "elsewhere")
    return folder / "mine" / name


def test_an_export_follows_no_dangling_link(tmp_path: Path) -> None:
    """A link that somebody put in place of the file is no way out, unless it is meant."""
    path = linked(tmp_path, "out.csv")
    with pytest.raises(RightsSearchError, match="is a link to"), output_to(str(path)) as stream:
        stream.write("x")
    assert not (tmp_path / "elsewhere").exists()
    with output_to(str(path), force=True) as stream:
        stream.write("x")
    assert (tmp_path / "elsewhere").read_text() == "x"
    assert path.is_symlink()


def test_a_report_takes_the_place_of_a_link(tmp_path: Path) -> None:
    """Neither its own name nor that of the file before it is whole leads anywhere else."""
    path = linked(tmp_path, "fates.jsonl")
    for guess in (".fates.jsonl.tmp", f".fates.jsonl.{os.getpid()}.part"):
        (path.parent / guess).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RightsSearchError, match="cannot be written"), report.writer(str(path)):
        pass
    (path.parent / guess).unlink()
    with report.writer(str(path)) as tell:
        assert tell is not None
        tell(FileReport("a.md", "added", "0" * 64, ("plain",), 1, (), ()))
    assert not (tmp_path / "elsewhere").exists()
    assert path.is_file()
    assert not path.is_symlink()
