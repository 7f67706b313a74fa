"""Listing dumps: each post with its own date, byline, captions and place in the file."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rights_search.errors import ReadError
from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.listing.reader import is_listing, read_listing
from rights_search.ingest.settings import Settings
from rights_search.ingest.source import Draft, Record, Source

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "listing"
LEAD = (FIXTURES / "lead_blog.txt").read_text(encoding="utf-8")


def _source(path: Path, **options: Any) -> Source:
    return Source(path, path.name, "0" * 64, settings=Settings(**options))


def _read(path: Path, content: bytes | str, **options: Any) -> list[Record]:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return list(read_listing(_source(path, **options)))


def _drafts(records: list[Record]) -> list[Draft]:
    drafts = [record for record in records if isinstance(record, Draft)]
    assert len(drafts) == len(records), records
    return drafts


def _plain(record: Record) -> dict[str, Any]:
    """Return a record as the fixtures write it: what is set, dates and spans short."""
    if isinstance(record, ReadError):
        return {"error": record.reason, "line": record.line}
    plain: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        # Origins are for `check`, whose tests look at them.
        if value in (None, ()) or field.name in ("encoding", "origins"):
            continue
        if field.name in ("date", "updated"):
            plain[field.name] = " ".join([value.iso, *value.flags])
        elif field.name == "span":
            plain[field.name] = [value.line_start, value.line_end]
        else:
            plain[field.name] = list(value) if isinstance(value, tuple) else value
    return plain


def _content(draft: Draft) -> dict[str, Any]:
    """Return a draft without what depends on the file's bytes."""
    return {**_plain(draft), "span": None, "notes": None}


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.txt")), ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    """Each dump beside this test gives what stands beside it."""
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert [_plain(record) for record in read_listing(_source(path))] == expected
    assert is_listing(path.read_text(encoding="utf-8"))


def _wrapped(text: str, width: int) -> str:
    rows = []
    for row in text.split("\n"):
        indent = row[: len(row) - len(row.lstrip(" "))]
        rows += textwrap.wrap(
            row,
            width,
            initial_indent=indent,
            subsequent_indent=indent,
            drop_whitespace=True,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(rows)


def _redated(pattern: str) -> Callable[[str], str]:
    months = "January February March April May June July August September October November December"

    def change(found: re.Match[str]) -> str:
        date = parse_date(found[2])
        assert date is not None
        name = months.split()[date.start.month - 1]
        return found[1] + pattern.format(date.start, month=name)

    return lambda text: re.sub(r"(?m)^(\s*)([A-Z][a-z]+ \d\d, \d{4})$", change, text)


VARIANTS: dict[str, Callable[[str], bytes]] = {
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "utf-32": lambda text: text.encode("utf-32"),
    "cp1252": lambda text: text.encode("cp1252"),
    "no indent": lambda text: re.sub(r"(?m)^ +", "", text).encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "wrapped": lambda text: _wrapped(text, 72).encode(),
    "form feeds": lambda text: re.sub(r"(?m)^(    \w+ \d\d, )", "\f\\1", text).encode(),
    "trailing spaces": lambda text: text.replace("\n", "\u00a0 \n").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "day first": lambda text: _redated("{0.day} {month} {0.year}")(text).encode(),
    "ISO": lambda text: _redated("{0}")(text).encode(),
    "posted on": lambda text: _redated("Posted on {month:.3}. {0.day}, {0.year}")(text).encode(),
    "time": lambda text: _redated("{0:%A}, {0.day} {month} {0.year} - 14:30")(text).encode(),
    "footer": lambda text: (text + "\n\n  • About\n  • Contact\n  • Jobs\n\n© 2022 X\n").encode(),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_read_alike(name: str, tmp_path: Path) -> None:
    """Line ends, encodings, width and the look of dates change nothing but the places."""
    content = VARIANTS[name](LEAD)
    expected = _drafts(_read(tmp_path / "plain.txt", LEAD))
    drafts = _drafts(_read(tmp_path / "variant.txt", content))
    assert [_content(draft) for draft in drafts] == [_content(draft) for draft in expected]
    for draft in drafts:
        _check_place(draft, content)


def _check_place(draft: Draft, content: bytes) -> None:
    """Check that the bytes of a draft's span are its lines, first and last."""
    codec = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(draft.encoding, draft.encoding)
    span = draft.span
    assert span.byte_start is not None
    assert span.line_start is not None
    assert span.line_end is not None
    text = content[span.byte_start : span.byte_end].decode(codec)
    lines = re.split(r"\r\n|\n|\r", text)
    assert len(lines) == span.line_end - span.line_start + 1
    assert draft.date is not None
    assert lines[0].strip(" \t\f\u00a0") != ""
    assert draft.date.iso[:4] in lines[0]
    before = content[: span.byte_start].decode(draft.encoding)
    assert len(re.split(r"\r\n|\n|\r", before)) == span.line_start


def test_gzip_offsets_are_of_the_decompressed_file(tmp_path: Path) -> None:
    """A compressed dump reads as the plain one, offsets included."""
    plain = _read(tmp_path / "page.txt", LEAD)
    assert _read(tmp_path / "page.txt.gz", gzip.compress(LEAD.encode())) == plain


def test_undecodable_bytes_do_not_shift_offsets(tmp_path: Path) -> None:
    """Byte offsets hold behind bytes that no encoding explains."""
    content = LEAD.encode().replace(b"caf\xc3\xa9", b"caf\xff")
    drafts = _drafts(_read(tmp_path / "page.txt", content))
    last = drafts[-1].span
    assert content[last.byte_start : last.byte_end].startswith(b"    November 13, 2013")
    assert drafts[-1].notes


def test_the_source_decides_the_order_of_day_and_month(tmp_path: Path) -> None:
    """What the user said goes before what the page's other dates suggest."""
    text = "03/04/2019\n\nThe first hearing was put off.\n\n25/03/2019\n\nThe court heard two.\n"
    isos = [
        [
            draft.date.iso
            for draft in _drafts(_read(tmp_path / "page.txt", text, day_first=order))
            if draft.date
        ]
        for order in (None, True, False)
    ]
    assert isos == [
        ["2019-04-03", "2019-03-25"],
        ["2019-04-03", "2019-03-25"],
        ["2019-03-04", "2019-03-25"],
    ]


def test_a_date_without_text_is_reported(tmp_path: Path) -> None:
    """A date line with nothing under it is a skipped record with its line, not a post."""
    text = (
        "12 March 2014\n\nA post about the court.\n\n"
        "11 March 2014\n\n10 March 2014\n\nAnother post.\n"
    )
    records = _read(tmp_path / "page.txt", text)
    errors = [record for record in records if isinstance(record, ReadError)]
    assert [str(error) for error in errors] == [
        "page.txt:5: a date line without any text of a post"
    ]
    assert len(records) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty"),
        (" \n\f\n\u00a0\n", "the file is empty"),
        ("A title\n\nAnd some text.\n", "no line is only a date: read it as one plain post"),
    ],
)
def test_what_is_no_listing_raises(content: str, reason: str, tmp_path: Path) -> None:
    """An empty file, and one without date lines, end the source with a reason."""
    with pytest.raises(ReadError) as caught:
        _read(tmp_path / "page.txt", content)
    assert caught.value.reason == reason
    assert caught.value.fatal


PARAGRAPH = "The court heard the first two witnesses behind closed doors."


@pytest.mark.parametrize(
    "text",
    [
        f"A title\n12 March 2014\n\n{PARAGRAPH}\n",
        f"A title of a post\n\nPublished 12 March 2014\nUpdated 14 March 2014\n\n{PARAGRAPH}\n",
        f"A title of a post\n\n12 March 2014\n\n{PARAGRAPH}\n\nLast updated: 14 March 2014\n",
        f"A title of a post\n\n12 March 2014\n\n{PARAGRAPH}\n\n14 March 2014\n",
        f"{PARAGRAPH}\n\nGeneva, 12 March 2014\n",
        f"{PARAGRAPH} He was arrested on\n12 March 2014\nand again on\n14 March 2014\nat home.\n",
        f"{PARAGRAPH}\n\n{PARAGRAPH}\n",
        f"A chronology\n\n{PARAGRAPH}\n\n3 May 1983\n\n{PARAGRAPH}\n\n4 May 1987\n\n{PARAGRAPH}\n",
        f"{PARAGRAPH * 12}\n\n4 May 1987\n\n{PARAGRAPH}\n\n3 May 1983\n\n{PARAGRAPH}\n",
        "| 1 | 2016-11-30 20:04:31 | 196.0.2.0/21 |\n| 2 | 2016-11-30 20:04:05 | 212.0.2.0/19 |\n",
        "March 2014\nFebruary 2014\nJanuary 2014\n",
        "",
    ],
)
def test_one_post_is_no_listing(text: str) -> None:
    """Dates in the head, at the end or inside of one post do not make it a listing."""
    assert not is_listing(text)


def test_two_posts_are_a_listing() -> None:
    """Two dates with a text each make a listing, whichever side they stand on."""
    assert is_listing(f"12 March 2014\n\n{PARAGRAPH}\n\n10 March 2014\n\n{PARAGRAPH}\n")
    assert is_listing(f"{PARAGRAPH}\n12 March 2014\n\n{PARAGRAPH}\n10 March 2014\n")


def test_the_first_listing_of_all(shared: Path) -> None:
    """The dump that this project began with comes out as it was parsed by hand."""
    folder = shared / "reference"
    expected = json.loads((folder / "seed-expected.json").read_text(encoding="utf-8"))
    path = folder / expected["source"]
    drafts = _drafts(list(read_listing(_source(path))))
    assert len(drafts) == expected["page"]["n_posts"]
    for draft, post in zip(drafts, expected["posts"], strict=True):
        byline = post["byline"] or {}
        assert draft.date is not None
        assert (draft.date.iso, draft.date.precision) == (post["date"], post["precision"])
        assert draft.date.origin == "date line"
        assert draft.authors == ((byline["author"],) if byline else ())
        assert (draft.role, draft.organisation, draft.place) == (
            byline.get("role"),
            byline.get("org"),
            byline.get("place"),
        )
        assert list(draft.captions) == post["captions"]
        assert list(draft.calls_to_action) == post["cta"]
        assert draft.paragraphs[0].startswith(post["body_first"])
        assert len(draft.paragraphs) == post["paragraphs"]
        assert draft.page_country == expected["page"]["page_country"]
        assert draft.title is None
        _check_place(draft, path.read_bytes())
    text = " ".join(paragraph for draft in drafts for paragraph in draft.paragraphs)
    assert not any(line in text for line in expected["page"]["nav_lines"])


@dataclasses.dataclass(frozen=True, slots=True)
class _Result:
    """One result of a saved page, as its HTML has it; white space taken out of texts."""

    title: str
    excerpt: str
    date: str


def _results(page: Path) -> list[_Result]:
    from lxml import html  # noqa: PLC0415

    tree = html.fromstring(page.read_text(encoding="utf-8"))
    results = []
    for article in tree.findall(".//article"):
        if "post--result" not in article.get("class", "").split():
            continue
        found = {
            name: "".join(
                str(text)
                for part in article.iter()
                if part.get("class") == name
                for text in part.itertext()
            )
            for name in ("post-title", "post-excerpt", "post-byline")
        }
        date = parse_date(found["post-byline"])
        results.append(
            _Result(
                _bare(found["post-title"]), _bare(found["post-excerpt"]), date.iso if date else ""
            )
        )
    return results


def _bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("options", [("-cols", "500"), ()], ids=["wide", "default width"])
def test_saved_pages_keep_their_dates(
    options: tuple[str, ...], shared: Path, tmp_path: Path
) -> None:
    """Dumps of real pages give every excerpt with the title and the date of its own."""
    w3m = shutil.which("w3m")
    if w3m is None:
        pytest.skip("not here: w3m")
    right = wrong = 0
    for page in sorted((shared / "data" / "amnesty-pages").glob("*.html")):
        results = [result for result in _results(page) if result.excerpt]
        if not any(result.date for result in results):
            continue  # without a single date there is nothing to part the results by
        dump = subprocess.run(
            [w3m, "-dump", *options, "-T", "text/html", page], capture_output=True, check=True
        )
        assert is_listing(dump.stdout.decode())
        found = {
            _Result(
                _bare(draft.title or ""),
                _bare("".join(draft.paragraphs)),
                draft.date.iso if draft.date else "",
            )
            for draft in _drafts(_read(tmp_path / "page.txt", dump.stdout))
        }
        right += sum(result in found for result in results)
        wrong += sum(result not in found for result in results) + len(found - set(results))
    assert (right, wrong) == (233, 0)
