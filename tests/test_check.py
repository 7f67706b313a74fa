"""`rights-search check`: every decision of a reading, told before anything is indexed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from rights_search.cli import output, styled
from rights_search.cli.app import main
from rights_search.cli.terminal import ASCII_GLYPHS, Glyphs
from rights_search.cli.views.check import check_view
from rights_search.indexing.checking import CheckedFile, CheckedPart, CheckedPost, check
from rights_search.indexing.sync_results import Problem
from rights_search.ingest import READERS
from rights_search.ingest.settings import FILE_NAME

RELEASE = """\
FOR IMMEDIATE RELEASE

Court in Peru orders the release of nine journalists
By Ada Example, Researcher at Example Watch

LIMA (24 March 2014) – The court ordered the release of nine journalists who had
been held without charge since the autumn.

###
"""


def put(folder: Path, name: str, text: str) -> Path:
    """Write a file, its folders included."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def only_post(path: Path) -> CheckedPost:
    """Return the one post of a file."""
    (post,) = (item for item in check(path) if isinstance(item, CheckedPost))
    return post


def lines(path: Path, limit: int = 10, glyphs: Glyphs = ASCII_GLYPHS) -> list[str]:
    """Return what people see in a pipe."""
    return list(output.plain(check_view(check(path), glyphs, limit=limit)))


@pytest.mark.parametrize(
    ("name", "text", "reader", "reason"),
    [
        ("x.txt", "Some words of a text.", "plain", "nothing in it says that it is more than text"),
        ("x.md", "Some words.", "markdown", "its name ends in .md"),
        ("x", "---\ntitle: T\n---\nText.", "markdown", "it opens with front matter"),
        ("x.txt", "<html><p>Some words.</p></html>", "html", "it opens with the element <html>"),
        ("x", f"\n<html><p>{'Words. ' * 10_000}", "html", "it opens with the element <html>"),
        ("x.txt", '{"title": "T", "text": "W."}', "json", "it opens as a JSON document does"),
        (
            "x.txt",
            '{"title": "T", "text": "W."}\n{"title": "U"}\n',
            "jsonl",
            "its first line is a JSON object, and others follow",
        ),
        ("x.csv", "title,text\nT,Words.\n", "table", "its name ends in .csv"),
        (
            "x.txt",
            "title;date;text\nT;2014;Words.\n",
            "table",
            "its first line names 3 columns that are known",
        ),
        (
            "x.txt",
            "".join(f"{day} May 2019\nTitle {day}\n\nIts text is here.\n\n" for day in (5, 6)),
            "listing",
            "lines that are only a date part its posts",
        ),
    ],
)
def test_the_choice_of_a_reader_says_why(
    tmp_path: Path, name: str, text: str, reader: str, reason: str
) -> None:
    """Reader and reason are told for each file."""
    (part,) = (item for item in check(put(tmp_path, name, text)) if isinstance(item, CheckedPart))
    assert (part.reader, part.reason) == (reader, reason)
    assert reader in READERS
    assert (part.encoding, part.told_by) == ("utf-8", "all of it is valid")


@pytest.mark.parametrize(
    ("data", "encoding", "told_by"),
    [
        (b"\xef\xbb\xbfSome words.", "utf-8-sig", "its byte order mark"),
        ("Some words.".encode("utf-16-le"), "utf-16-le", "its NUL bytes"),
        (b"<meta charset=koi8-r>\xc1\xc2", "koi8-r", "its own declaration"),
        ("Señor niño".encode("cp1252"), "cp1252", "a guess from its letters"),
        ("é".encode() * 9 + b"\xe9", "utf-8", "most of it is valid"),
    ],
)
def test_the_encoding_says_why(tmp_path: Path, data: bytes, encoding: str, told_by: str) -> None:
    """A mark, a declaration or a guess is named as such."""
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    (part,) = (item for item in check(path) if isinstance(item, CheckedPart))
    assert (part.encoding, part.told_by) == (encoding, told_by)


@pytest.mark.parametrize(
    ("name", "text", "origins"),
    [
        (
            "x.jsonl",
            '{"headline": "T", "articleBody": "Words.", "byline": "A. B", "inLanguage": "en"}\n',
            {
                "title": "jsonl: headline",
                "text": "jsonl: articleBody",
                "authors": "jsonl: byline",
                "language": "jsonl: inLanguage",
                "source": "name of the file",
            },
        ),
        (
            "x.csv",
            "Titel,Zusammenfassung,Quelle\nT,Worte.,Bote\n",
            {
                "title": "table: Titel",
                "text": "table: Zusammenfassung, for there is no text",
                "source": "table: Quelle",
                "language": "too little text to tell",
            },
        ),
        (
            "x.md",
            "---\ndate: 2014\nlang: fr\n---\n# A heading\n\nWords of an English text.",
            {
                "title": "first heading",
                "source": "name of the file",
                "language": "front matter: lang",
            },
        ),
        (
            "x.txt",
            RELEASE,
            {
                "title": "line 3",
                "authors": "byline",
                "role": "byline",
                "organisation": "byline",
                "place": "dateline",
                "source": "name of the file",
                "language": "detected in the text",
            },
        ),
        (
            "x.html",
            "<html lang=fr><h1>Titre</h1><p>Les mots de ce texte sont ici, pour un article.</html>",
            {
                "title": "html: heading",
                "source": "name of the file",
                "language": "html: language",
            },
        ),
        (
            "x.json",
            '[{"url": "https://www.example.org/x", "text": "Words."}]',
            {
                "title": "its first words",
                "text": "json: text",
                "source": "host of its address",
                "language": "too little text to tell",
            },
        ),
    ],
)
def test_each_value_says_where_it_is_from(
    tmp_path: Path, name: str, text: str, origins: dict[str, str]
) -> None:
    """Keys, lines and what stands in for a value are named, whatever the format."""
    assert dict(only_post(put(tmp_path, name, text)).origins) == origins


def test_a_listing_says_where_titles_and_bylines_stand(repository: Path) -> None:
    """Lines are counted from the top of the file."""
    path = repository / "tests" / "fixtures" / "listing" / "titles_below.txt"
    posts = [dict(item.origins) for item in check(path) if isinstance(item, CheckedPost)]
    assert [(post.get("title"), post.get("authors")) for post in posts] == [
        ("line 5", "byline"),
        ("line 13", None),
        ("line 19", None),
    ]


def test_settings_are_told_with_their_file(tmp_path: Path) -> None:
    """What holds for a file, who said so, and for which values it was used."""
    put(tmp_path, FILE_NAME, 'language = "es"\nsource = "Bulletin"\nday-first = true\n')
    put(tmp_path, "in/" + FILE_NAME, 'country = "PE"\n[readers]\n"*.txt" = "plain"\n')
    path = put(tmp_path, "in/x.txt", "Unas palabras.\n\nY otras.")
    file, part, post = check(path)
    assert isinstance(file, CheckedFile)
    assert isinstance(part, CheckedPart)
    assert isinstance(post, CheckedPost)
    outer, inner = (str(folder / FILE_NAME) for folder in (tmp_path, tmp_path / "in"))
    assert part.reason == f"named by {inner}"
    assert dict(post.origins) == {
        "title": "line 1",
        "source": f"settings: {outer}",
        "page_country": f"settings: {inner}",
        "language": f"settings: {outer}",
    }
    text = "\n".join(lines(path))
    assert f"Setting    country = PE | from {inner}" in text
    assert f"Setting    day-first = true | from {outer}" in text


def test_a_whole_reading(tmp_path: Path) -> None:
    """The view tells file, reader, and of each post every value with its origin."""
    path = put(tmp_path, "x.txt", RELEASE)
    shown = lines(path)
    assert shown[:15] == [
        "",
        f"x.txt | {len(RELEASE.encode())} bytes",
        "  Read by    plain: nothing in it says that it is more than text",
        "  Encoding   utf-8: all of it is valid",
        "",
        "  1. Court in Peru orders the release of nine journalists",
        "    Title      given | line 3",
        "    Date       2014-03-24, precise to the day | dateline",
        "    Authors    Ada Example | byline",
        "    Role       Researcher at Example Watch | byline",
        "    For        Example Watch | byline",
        "    Place      LIMA | dateline",
        "    Text       1 paragraph, 100 characters",
        "    Language   English | detected in the text",
        "    Source     x | name of the file",
    ]
    assert "      Peru (PE)" in shown
    assert '        title: "Peru" (country name)' in shown
    assert any(line.startswith("    Note       read as a press release") for line in shown)


def test_an_archive_is_told_part_by_part(tmp_path: Path) -> None:
    """Each member has its reader; what is broken in it is told in its place."""
    path = tmp_path / "x.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.md", "# T\n\nWords.")
        archive.writestr("b.json", "{")
        archive.writestr(FILE_NAME, "language = 'es'")
    items = list(check(path))
    parts = [(item.name, item.reader) for item in items if isinstance(item, CheckedPart)]
    assert parts == [("x.zip", "zip"), ("x.zip!/a.md", "markdown"), ("x.zip!/b.json", "json")]
    problems = {item.source: item for item in items if isinstance(item, Problem)}
    assert problems["x.zip!/b.json"].is_failure
    assert [item for item in problems.values() if "followed only where they lie" in item.reason]
    assert only_post(path).post.language != "es"


def test_the_limit_counts_what_it_hides(tmp_path: Path) -> None:
    """Of a long file some posts are shown, and the number of the others."""
    row = '{{"title": "T{0}", "text": "Words {0}."}}\n'
    put(tmp_path, "a.jsonl", "".join(map(row.format, range(7))))
    put(tmp_path, "b.jsonl", "".join(map(row.format, range(2))))
    text = "\n".join(lines(tmp_path, limit=3))
    assert len(re.findall(r"^  \d+\. T", text, re.MULTILINE)) == 5
    assert "+4 posts more; to see them: --limit 7" in text
    assert "more; to see" not in "\n".join(lines(tmp_path, limit=7))


@pytest.mark.parametrize("columns", [20, 40, 100])
def test_it_fits_every_terminal(tmp_path: Path, columns: int) -> None:
    """No line is wider than the window, and no control character gets through."""
    path = put(tmp_path, "x.txt", RELEASE.replace("nine", "ni\x1b[31mne"))
    stream = io.StringIO()
    styled.write(
        check_view(check(path), Glyphs(), limit=9), colour=False, stream=stream, columns=columns
    )
    plain = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= max(columns, 24)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    code = main(["check", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 where all was read, 1 without a post, 2 for an error, 3 where a file is broken."""
    good = put(tmp_path, "good/x.md", "# T\n\nWords.")
    bad = put(tmp_path, "bad/x.json", "{")
    some = put(tmp_path, "some/x.jsonl", '{"title": "T", "text": "W."}\n{"title"\n')
    put(tmp_path, "none/x.png", "picture")
    put(tmp_path, "settings/" + FILE_NAME, "contry = 'PE'")
    assert run(capsys, good)[0] == 0
    assert run(capsys, tmp_path / "none")[0] == 1
    assert run(capsys, bad)[0] == 3
    assert run(capsys, some)[0] == 0
    assert run(capsys, good, bad)[0] == 3
    assert run(capsys, tmp_path / "settings")[0] == 2
    assert run(capsys)[0] == 2
    assert run(capsys, good, "--json", "--jsonl")[0] == 2
    assert run(capsys, tmp_path / "nowhere")[0] == 2


def test_names_are_those_that_were_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several folders can be told apart."""
    put(tmp_path, "a/x.md", "# T\n\nWords.")
    put(tmp_path, "b/x.json", "{")
    monkeypatch.chdir(tmp_path)
    _, out = run(capsys, "a", "b/x.json", "--jsonl")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record.get("name", record.get("place")) for record in records] == [
        "a/x.md", "a/x.md", None, "b/x.json", "b/x.json", "b/x.json",
    ]  # fmt: skip


def test_json_lines_are_told_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is an object with a kind; a post has its values and their origins."""
    put(tmp_path, FILE_NAME, "language = 'en'\n")
    path = put(tmp_path, "x.jsonl", '{"title": "T", "text": "Words."}\n{"title"\n')
    code, out = run(capsys, path, "--jsonl")
    assert code == 0
    file, part, post, skipped = (json.loads(line) for line in out.splitlines())
    assert file == {
        "kind": "file",
        "name": str(path),
        "size": path.stat().st_size,
        "settings": [{"key": "language", "value": "en", "from": str(tmp_path / FILE_NAME)}],
    }
    assert (part["kind"], part["reader"], part["told_by"]) == (
        "part",
        "jsonl",
        "all of it is valid",
    )
    assert post["post"]["title"] == "T"
    assert post["origins"]["title"] == "jsonl: title"
    assert "id" not in post["post"]
    assert (skipped["kind"], skipped["place"], skipped["line"]) == ("skipped", str(path), 2)


def test_json_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files hold their parts, posts and problems; what is no file stands outside."""
    put(tmp_path, "a.jsonl", '{"title": "T", "text": "Words."}\n' * 3 + "{\n")
    put(tmp_path, "p.png", "picture")
    code, out = run(capsys, tmp_path, "--json", "--limit", "2")
    assert code == 0
    record: dict[str, Any] = json.loads(out)
    (file,) = record["files"]
    assert [part["reader"] for part in file["parts"]] == ["jsonl"]
    assert [post["post"]["title"] for post in file["posts"]] == ["T", "T"]
    assert [problem["kind"] for problem in file["problems"]] == ["skipped"]
    assert [problem["place"] for problem in record["problems"]] == [f"{tmp_path}/p.png"]


def test_no_zero_stands_below_a_member_that_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line is what people read: that no file failed would say that all is well."""
    path = tmp_path / "x.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.md", "# T\n\nWords.")
        archive.writestr("b.json", "{")
    code, out = run(capsys, path)
    assert (code, out.splitlines()[-1].count("0 failed")) == (3, 0)
    assert out.splitlines()[-1].endswith("1 member of archives failed")
    assert (
        run(capsys, put(tmp_path, "x.md", "# T\n\nWords."))[1].splitlines()[-1].endswith("0 failed")
    )
