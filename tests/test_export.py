"""Whole results as files: each format is read back by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring
from markdown_it import MarkdownIt

from fuzzing import examples
from rights_search import Archive, QueryError
from rights_search.__main__ import main
from rights_search.exports import (
    FORMATS,
    bibtex,
    citation,
    csl,
    lines,
    markdown,
    pages,
    ris,
    table,
)
from rights_search.exports import writer as writer_of
from rights_search.post import PartialDate, Post, Provenance
from rights_search.post_records import from_dict
from rights_search.results import CopiesMode
from rights_search.safe_text import safe

SHA = "ab" * 32
POST = Post(
    id="00000000000a",
    title="Four teachers acquitted",
    paragraphs=("Text.",),
    provenance=Provenance("notes/a.md", SHA, "markdown", 3, 9, 20, 310),
    date=PartialDate("2014-02-05"),
    authors=("Jane Doe", "Union of Clerks and Teachers, East"),
    organisation="Example Watch",
    source="first.example.org",
    url="https://first.example.org/a?b=1",
    language="en",
)
HOSTILE = '\\end{document} } { $x_1^2$ 100% #1 & ~ <b> | * _ ` [a](javascript:b) “ " =1 —'
INJECTIONS = (
    "line\nER  - \nTY  - BOOK", "a\r\nb", "}\n@misc{x,", "\x1b[31mred\x00", "- a\n# b", "1. x",
    "+ x", "=HYPERLINK(1)", "\u202egnp.exe", "![i](http://example.org/x)", "<script>x</script>",
    "{", "}", "\\", "and", "a and b", "Doe, Jane", "*", "---", "\ud800", "a\u2028b", HOSTILE,
)  # fmt: skip


def written(name: str, *posts: Post) -> str:
    """Return what a format makes of posts."""
    stream = io.StringIO()
    writer_of(name)(posts, stream)
    return stream.getvalue()


def bibtex_entries(*posts: Post) -> list[dict[str, str]]:
    """Return the entries as bibtexparser reads them."""
    parser = BibTexParser(common_strings=True, interpolate_strings=False)
    entries: list[dict[str, str]] = bibtexparser.loads(written("bibtex", *posts), parser).entries
    return entries


# --- what each format says of a post ---------------------------------------------------


def test_bibtex_has_every_field() -> None:
    """An independent reader finds author, title, date, address and place under the id."""
    (entry,) = bibtex_entries(POST)
    assert (entry["ENTRYTYPE"], entry["ID"]) == ("misc", POST.id)
    assert entry["author"] == "{Jane Doe} and {Union of Clerks and Teachers, East}"
    assert entry["title"] == "{Four teachers acquitted}"
    assert (entry["year"], entry["day"]) == ("2014", "5")
    assert "month = feb,\n" in written("bibtex", POST)
    assert (entry["howpublished"], entry["organization"]) == ("first.example.org", "Example Watch")
    assert entry["url"] == POST.url
    assert entry["language"] == "en"
    assert entry["annote"] == citation.place(POST)


def test_ris_has_every_field() -> None:
    """An independent reader finds the same in RIS."""
    (record,) = rispy.loads(written("ris", POST))
    assert record["type_of_reference"] == "ELEC"
    assert record["id"] == POST.id
    assert record["authors"] == list(POST.authors)
    assert record["title"] == POST.title
    assert (record["year"], record["date"]) == ("2014", "2014/02/05/")
    assert record["secondary_title"] == POST.source
    assert record["publisher"] == POST.organisation
    assert record["urls"] == [POST.url]
    assert record["language"] == "en"
    assert record["notes"] == [citation.place(POST)]


def test_csl_has_every_field() -> None:
    """A citation processor takes the item and knows its names and its date."""
    (item,) = json.loads(written("csl-json", POST))
    assert item["author"] == [{"literal": name} for name in POST.authors]
    assert item["note"] == citation.place(POST)
    assert item["URL"] == POST.url
    reference = CiteProcJSON([item])[POST.id]
    assert "".join(map(str, reference["title"])) == POST.title
    assert reference["type"] == "webpage"
    assert "".join(map(str, reference["container_title"])) == POST.source
    issued = reference["issued"]
    assert (issued.year, issued.month, issued.day) == (2014, 2, 5)


def test_markdown_is_a_citation_and_a_place() -> None:
    """A Markdown reader sees one item with the words of the citation and one link."""
    tokens = MarkdownIt("commonmark").parse(written("markdown", POST))
    assert [token.type for token in tokens].count("list_item_open") == 1
    assert shown(tokens) == (f"{citation.text(POST)}\n{citation.place(POST)}", [POST.url])


def test_a_citation_reads_like_one() -> None:
    """Author, title, publication, date, language and address stand in this order."""
    assert citation.text(POST) == (
        "Jane Doe, Union of Clerks and Teachers, East. “Four teachers acquitted”. "
        "first.example.org, Example Watch, 2014-02-05 [en]. https://first.example.org/a?b=1"
    )
    assert citation.place(POST) == (
        f"notes/a.md, lines 3-9, bytes 20-310; SHA-256 {SHA}; id {POST.id}"
    )


def test_little_is_known() -> None:
    """What a post does not have is left out, and a title of ours is marked as such."""
    bare = Post("00000000000b", "They met", ("They met.",), Provenance("b.txt", SHA, "plain"),
                title_derived=True)  # fmt: skip
    assert citation.text(bare) == "“[They met]”. undated"
    assert citation.place(bare) == f"b.txt; SHA-256 {SHA}; id {bare.id}"
    (entry,) = bibtex_entries(bare)
    assert entry.keys() == {"ENTRYTYPE", "ID", "title", "annote"}
    (record,) = rispy.loads(written("ris", bare))
    assert record.keys() == {"type_of_reference", "id", "title", "notes"}
    assert csl.item(bare).keys() == {"id", "type", "title", "note"}


@pytest.mark.parametrize(
    ("iso", "flags", "bib", "date", "parts"),
    [
        ("2014", (), {"year": "2014"}, "2014///", [2014]),
        ("2014-02", (), {"year": "2014", "month": "feb"}, "2014/02//", [2014, 2]),
        (
            "2014-12-31", (), {"year": "2014", "month": "dec", "day": "31"}, "2014/12/31/",
            [2014, 12, 31],
        ),
        ("0988", (), {"year": "0988"}, "0988///", [988]),
        ("1948", ("circa",), {"year": "1948", "note": "c. 1948"}, "1948///c.", [1948]),
    ],
)  # fmt: skip
def test_a_date_has_the_parts_that_are_known(
    iso: str, flags: tuple[str, ...], bib: dict[str, str], date: str, parts: list[int]
) -> None:
    """No format makes up a month or a day."""
    post = replace(POST, date=PartialDate(iso, flags=flags))
    found = dict(re.findall(r"^  (year|month|day|note) = \{?(.+?)\}?,$", written("bibtex", post),
                            re.MULTILINE))  # fmt: skip
    assert found == bib
    (record,) = rispy.loads(written("ris", post))
    assert (record["year"], record["date"]) == (iso[:4], date)
    issued = csl.item(post)["issued"]
    assert issued["date-parts"] == [parts]
    assert issued.get("circa", False) == bool(flags)


def test_when_it_was_got_is_told() -> None:
    """The day on which an archive of the web got a page is the day of access."""
    where = replace(POST.provenance, path="w.warc.gz", member="a", captured="2020-03-04T05:06:07Z",
                    pages=(2, 2, 3))  # fmt: skip
    post = replace(POST, provenance=where)
    assert bibtex_entries(post)[0]["urldate"] == "2020-03-04"
    assert rispy.loads(written("ris", post))[0]["access_date"] == "2020/03/04/"
    assert csl.item(post)["accessed"] == {"date-parts": [[2020, 3, 4]]}
    assert citation.place(post).startswith("w.warc.gz!/a, lines 3-9, bytes 20-310, pages 2-3; ")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/a b{c}\\d<e>", "https://example.org/a%20b%7Bc%7D%5Cd%3Ce%3E"),
        ("http://example.org/%C3%A9?x=1&y=%20#z", "http://example.org/%C3%A9?x=1&y=%20#z"),
        (
            "https://пример.example.org/",
            "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example.org/",
        ),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://[::1", ""),
        ("/relative", ""),
        (None, ""),
    ],
)
def test_an_address_is_one_of_the_web(address: str | None, expected: str) -> None:
    """What would end a field or run as a program is encoded or left out."""
    assert citation.url(replace(POST, url=address)) == expected


# --- what others wrote stays data ------------------------------------------------------


def shown(tokens: Sequence[Any]) -> tuple[str, list[str]]:
    """Return the text that a Markdown reader shows, and the addresses it links to."""
    words, links = "", []
    for token in (child for each in tokens for child in each.children or ()):
        assert token.type in {
            "text", "text_special", "em_open", "em_close", "hardbreak", "link_open", "link_close",
        }, token  # fmt: skip
        words += "\n" if token.type == "hardbreak" else token.content
        if token.type == "link_open":
            links.append(token.attrs["href"])
    return words, links


def hostile(text: str) -> Post:
    """Return a post that has a text in every field that a citation shows."""
    where = replace(POST.provenance, path=f"x{text}")
    return replace(POST, title=text, authors=(text, "B"), organisation=text, source=f"x{text}",
                   language=f"x{text}", provenance=where)  # fmt: skip


TEXTS = st.sampled_from(INJECTIONS) | st.text(max_size=30)


@settings(max_examples=examples(60))
@given(text=TEXTS)
def test_nothing_in_a_text_acts(text: str) -> None:
    """In every format three posts stay three, and those around a hostile one are as alone."""
    last = replace(POST, id="00000000000c", title="Last")
    posts = (POST, replace(hostile(text), id="00000000000b"), last)
    check_bibtex(text, posts, last)
    check_ris(text, posts, last)
    items = json.loads(written("csl-json", *posts))
    assert [item["id"] for item in items] == [post.id for post in posts]
    check_markdown(posts)
    check_html(posts)
    rows = list(csv.DictReader(io.StringIO(written("csv", *posts))))
    assert [row["id"] for row in rows] == [post.id for post in posts]
    assert not any(str(value).lstrip()[:1] in set("=+-@") for value in rows[1].values())
    records = [json.loads(line) for line in written("jsonl", *posts).splitlines()]
    assert [record["id"] for record in records] == [post.id for post in posts]


def check_bibtex(text: str, posts: tuple[Post, ...], last: Post) -> None:
    entries = bibtex_entries(*posts)
    assert [entry["ID"] for entry in entries] == [post.id for post in posts]
    assert entries[2] == bibtex_entries(last)[0]
    assert balanced(written("bibtex", posts[1]))
    # What LaTeX would do with a text: only commands of ours are left in it.
    title = bibtex.escape(safe(text))
    commands = re.sub(r"\\(?:text(?:backslash|brace(?:left|right)|ascii(?:tilde|circum)|less"
                      r"|greater|bar)\{\}|[#$%&_])", "", title)  # fmt: skip
    assert not set(commands) & set("\\{}$%#&_~^")


def balanced(text: str) -> bool:
    """Tell whether braces pair up, as BibTeX counts them: a backslash does not matter."""
    depths = list(itertools.accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in text))
    return depths[-1] == 0 and min(depths) >= 0


def check_ris(text: str, posts: tuple[Post, ...], last: Post) -> None:
    records = rispy.loads(written("ris", *posts))
    assert [record["id"] for record in records] == [post.id for post in posts]
    assert records[2] == rispy.loads(written("ris", last))[0]
    if safe(text).strip():
        assert records[1]["title"] == safe(text).strip()


def check_markdown(posts: tuple[Post, ...]) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(written("markdown", *posts))
    kinds = [token.type for token in tokens]
    assert kinds.count("list_item_open") == len(posts)
    assert set(kinds) <= {
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
        "paragraph_open", "paragraph_close", "inline",
    }  # fmt: skip
    words, links = shown(tokens)
    assert links == [post.url for post in posts]
    assert citation.place(posts[1]).split()[-1] in words


def check_html(posts: tuple[Post, ...]) -> None:
    body = document_fromstring(written("html", *posts)).find("body")
    assert body is not None
    assert [article.get("id") for article in body] == [post.id for post in posts]
    assert {node.tag for node in body.iterdescendants("*")} == {"article", "h1", "p"}
    assert {key for node in body.iter("*") for key in node.keys()} <= {"id", "class", "lang", "dir"}  # noqa: SIM118 - of an element
    title = "".join(map(str, body[1][0].itertext()))
    assert title.split() == citation.title(posts[1]).split()


def test_html_has_the_texts_their_languages_and_places() -> None:
    """What is printed has all of a post, and what is needed to find it again."""
    post = replace(POST, paragraphs=("One & two.", "النص"), captions=("A <hall>",), language="ar")
    page = document_fromstring(written("html", post))
    assert [(node.get("class"), node.get("lang"), node.text) for node in page.iterfind(".//p")] == [
        ("cited", None, citation.text(post)),
        ("text", "ar", "One & two."),
        ("text", "ar", "النص"),
        ("caption", "ar", "A <hall>"),
        ("place", None, citation.place(post)),
    ]


def test_json_lines_give_the_post_back() -> None:
    """A line holds the whole post."""
    record = json.loads(written("jsonl", POST))
    assert record.pop("citation") == citation.text(POST)
    for added in ("precision", "text"):
        del record["date"][added]
    assert from_dict(record) == POST


def test_csv_has_a_column_for_each_thing_to_trace() -> None:
    """File, hash and place have columns of their own."""
    (row,) = csv.DictReader(io.StringIO(written("csv", POST)))
    assert (row["file"], row["sha256"], row["line"], row["line_end"]) == (
        "notes/a.md", SHA, "3", "9",
    )  # fmt: skip
    assert (row["byte_start"], row["byte_end"]) == ("20", "310")
    assert list(row) == list(table.COLUMNS)


@pytest.mark.parametrize("name", FORMATS)
def test_posts_are_written_one_by_one(name: str) -> None:
    """A post is written before the next but one is asked for: memory does not grow."""
    stream = io.StringIO()
    seen: list[int] = []

    def posts() -> Iterator[Post]:
        for number in range(4):
            yield replace(POST, id=f"{number:012x}")
            seen.append(stream.getvalue().count(SHA))

    writer_of(name)(posts(), stream)
    assert seen[-1] >= 3, seen
    assert writer_of(name) in {
        each.write for each in (bibtex, csl, lines, markdown, pages, ris, table)
    }


# --- the whole of a result ---------------------------------------------------------------


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of 25 posts, of which two are the same text."""
    folder = tmp_path_factory.mktemp("export")
    corpus = folder / "corpus"
    corpus.mkdir()
    posts = [
        {"title": f"Strike number {number}", "date": f"20{number:02}", "country": "Russia",
         "text": f"A strike of the workers number {number} began in the mines and "
                 "went on for a week. " + " ".join(f"word{number}x{place}" for place in range(60))}
        for number in range(24)
    ]  # fmt: skip
    posts.append({**posts[0], "url": "https://example.org/again"})
    (corpus / "posts.jsonl").write_text("\n".join(map(json.dumps, posts)))
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
    return folder / "index"


def test_all_hits_come_in_the_order_of_the_pages(index: Path) -> None:
    """What `posts` yields is what paging through `search` shows, copies hidden or not."""
    with Archive.open(index) as archive:
        counts: dict[CopiesMode, int] = {"collapse": 24, "all": 25}
        for copies, count in counts.items():
            pages = [
                archive.search("strike", limit=7, offset=start, copies=copies, sort="newest")
                for start in range(0, 28, 7)
            ]
            expected = [hit.post for page in pages for hit in page]
            assert list(archive.posts("strike", copies=copies, sort="newest")) == expected
            assert len(expected) == count


@pytest.mark.parametrize("mode", ["exact", "default", "broad"])
def test_filters_and_modes_count(index: Path, mode: Any) -> None:
    """The options of a search are those of a whole result."""
    with Archive.open(index) as archive:
        options = {"country": "Russia", "year": "2010..2014", "mode": mode}
        assert len(list(archive.posts("strike", **options))) == 5
        assert not list(archive.posts("strike", country="Egypt"))


def test_a_weaker_query_is_not_exported(index: Path) -> None:
    """A page may show posts that hold some of the words; a whole result does not."""
    with Archive.open(index) as archive:
        assert archive.search("strike absentword").is_relaxed
        assert list(archive.posts("strike absentword")) == []


def test_a_mistake_is_told_at_once(index: Path) -> None:
    """A query that cannot be read is an error before the first post is asked for."""
    with Archive.open(index) as archive, pytest.raises(QueryError):
        archive.posts("country:Atlantis")
    with Archive.open(index) as archive, pytest.raises(ValueError, match="sort"):
        archive.posts("strike", sort="upwards")  # type: ignore[arg-type]


def test_a_result_is_of_one_commit(tmp_path: Path) -> None:
    """Posts that a later commit removes still come, and the archive answers anew meanwhile."""
    for letter in "abc":
        (tmp_path / f"{letter}.md").write_text(f"# Strike {letter}\n\nA strike of {letter}.\n")
    with Archive.create(None) as archive:
        archive.sync(tmp_path)
        posts = archive.posts("strike", sort="oldest")
        first = next(posts)
        (tmp_path / "b.md").unlink()
        (tmp_path / "c.md").unlink()
        archive.sync(tmp_path)
        assert archive.search("strike").total == 1
        assert len({first.id, *(post.id for post in posts)}) == 3
        assert archive.search("strike").total == 1


# --- the command -------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_writes_every_hit(
    index: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file has what the standard output has: all hits, not a page of them.

    A table has the mark besides by which Excel knows its encoding.
    """
    target = tmp_path / "out"
    assert main(["export", "strike", "--format", name, "--index", str(index)]) == 0
    out = capsys.readouterr().out
    assert out.count("SHA-256" if name not in {"csv", "jsonl"} else "posts.jsonl") >= 24
    asked = ["export", "strike", "--format", name, "--index", str(index), "--output", str(target)]
    assert main(asked) == 0
    assert capsys.readouterr() == ("", "")
    assert target.read_text(encoding="utf-8") == ("\ufeff" if name == "csv" else "") + out


def test_a_file_that_is_there_stays(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only --force replaces a file, and then through a link its target."""
    target, link = tmp_path / "out.csv", tmp_path / "link"
    target.write_text("mine")
    link.symlink_to(target)
    asked = ["export", "strike", "--format", "csv", "--index", str(index), "--output", str(link)]
    assert main(asked) == 2
    error = capsys.readouterr().err
    assert (
        error
        == f"rights-search: {link}: is there already; use --force to replace it, or another name\n"
    )
    assert target.read_text() == "mine"
    assert main([*asked, "--force"]) == 0
    assert link.is_symlink()
    assert target.read_text().count("\n") == 25
    assert {path.name for path in tmp_path.iterdir()} == {"link", "out.csv"}


def test_nothing_found_writes_nothing(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a hit the exit code is 1 and no file comes into being."""
    target = tmp_path / "out.bib"
    asked = ["export", "absentword", "--format", "bibtex", "--index", str(index)]
    assert main([*asked, "--output", str(target)]) == 1
    assert capsys.readouterr() == ("", "")
    assert not target.exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["strike"], "--format"),
        (["strike", "--format", "pdf"], "'pdf' is not one of"),
        (["country:Atlantis", "--format", "csv"], "Atlantis"),
        (
            ["strike", "--format", "csv", "--output", "no/such/folder/x"],
            "x: cannot be written: No such file",
        ),
    ],
)
def test_a_mistake_is_one_line(
    index: Path, args: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error has its reason, exit code 2 and no traceback."""
    assert main(["export", *args, "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    """If writing fails half way, the file is as it was and nothing else is left."""
    from rights_search.cli.writing import output_to  # noqa: PLC0415 - as the command does

    target = tmp_path / "out"
    target.write_text("old")

    def fail() -> None:
        with output_to(str(target), force=True) as stream:
            stream.write("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_device_is_written_into(index: Path) -> None:
    """What is no file is not replaced by one."""
    asked = ["export", "strike", "--format", "csv", "--index", str(index)]
    assert main([*asked, "--output", os.devnull]) == 0
    assert not Path(os.devnull).is_file()
