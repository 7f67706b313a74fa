"""One whole post, with where it comes from and why it has its tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Block, Line, Run, joined, labelled, line
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.links import related_view
from rights_search.exports import cite
from rights_search.post import Evidence, PartialDate, Post, Tag, part_at
from rights_search.results import Related
from rights_search.search import facet_labels

INDENT = 2
LABEL_COLUMNS = 10


def post_view(
    post: Post, glyphs: Glyphs, *, related: Related | None = None, why: bool = False
) -> Iterator[Block]:
    """Yield a whole post.

    Args:
        post: the post.
        glyphs: signs that the output can show.
        related: what it has to do with others.
        why: True to list what each tag rests on.
    """
    yield from _head(post, glyphs)
    for paragraph in post.paragraphs:
        yield BLANK
        yield line(paragraph)
    yield from _section("Captions", post.captions)
    yield from _section("Calls to action", post.calls_to_action)
    yield BLANK
    yield from tag_lines(post, glyphs, why=why)
    if post.language:
        yield _fact("Language", facet_labels.language(post.language))
    if related is not None:
        yield from related_view(related, glyphs)
    yield BLANK
    yield from _provenance(post, glyphs)
    yield from _section("Notes", post.notes)


def _head(post: Post, glyphs: Glyphs) -> Iterator[Block]:
    if post.title_derived:
        yield line(f"{glyphs.opening}{post.title}{glyphs.closing}", "derived")
        yield line("(no title in the source: these are its first words)", "dim")
    else:
        yield line(post.title, "title")
    if post.date is None:
        yield line("undated")
    else:
        yield _date(post.date, glyphs)
    if post.updated is not None:
        yield _date(post.updated, glyphs, Run("updated "))
    byline = _byline(post)
    if byline:
        yield line(byline)


def _date(date: PartialDate, glyphs: Glyphs, *before: Run) -> Line:
    parts = (
        Run(labels.date(date)),
        Run(f"precise to the {date.precision}", "dim"),
        Run(f"from {date.origin}" if date.origin else "", "dim"),
    )
    return Line((*before, *joined(parts, glyphs.dot)))


def _byline(post: Post) -> str:
    parts = (", ".join(post.authors), post.role, post.organisation, post.place)
    return ", ".join(part for part in parts if part)


def _section(title: str, lines: tuple[str, ...]) -> Iterator[Block]:
    if lines:
        yield BLANK
        yield line(title, "label")
        yield from (line(text, indent=INDENT, hang=2) for text in lines)


def tag_lines(post: Post, glyphs: Glyphs, *, why: bool, indent: int = 0) -> Iterator[Block]:
    """Yield the tags of a post.

    Args:
        post: the post.
        glyphs: signs that the output can show.
        why: True to list what each tag rests on.
        indent: spaces before each line.
    """
    groups: tuple[tuple[str, tuple[Tag, ...], Callable[[str], str]], ...] = (
        ("Countries", post.countries, facet_labels.country),
        ("Mentions", post.mentions, facet_labels.country),
        ("Places", post.places, str),
        ("Themes", post.themes, facet_labels.theme),
        ("Groups", post.groups, facet_labels.group),
    )
    for title, tags, name in groups:
        if why and tags:
            yield line(title, "label", indent=indent)
            for tag in tags:
                yield line(_named(tag.value, name), indent=indent + INDENT)
                for reason in tag.evidence:
                    yield replace(_evidence(reason, post, glyphs), indent=indent + 2 * INDENT)
        else:
            words = "; ".join(name(tag.value) for tag in tags)
            yield replace(_fact(title, words or "none"), indent=indent)
    given = ", ".join((*post.source_countries, *post.source_tags))
    if given:
        yield replace(_fact("Labels", given), indent=indent)


def _named(value: str, name: Callable[[str], str]) -> str:
    words = name(value)
    return words if words == value else f"{words} ({value})"


def _evidence(reason: Evidence, post: Post, glyphs: Glyphs) -> Line:
    times = f" {glyphs.times}{reason.count}" if reason.count > 1 else ""
    runs = (
        Run(f"{_place(reason, post)}: ", "dim"),
        Run(f"{glyphs.opening}{reason.words}{glyphs.closing}"),
        Run(f"{times} ({reason.rule})", "dim"),
    )
    return Line(runs, hang=2)


def _place(reason: Evidence, post: Post) -> str:
    """Return where the words stand, as a person would count: "body, paragraph 3"."""
    match reason.field, reason.start:
        case "body", int(start):
            return _numbered("body, paragraph", part_at(post.paragraphs, start))
        case "captions", int(start):
            return _numbered("caption", part_at(post.captions, start))
        case "source_countries" | "source_tags", _:
            return "label of the source"
        case "page_country", _:
            return "the page's country"
        case name, _:
            return name


def _numbered(name: str, index: int | None) -> str:
    return name if index is None else f"{name} {index + 1}"


def place_in_file(post: Post, glyphs: Glyphs) -> str:
    """Return where a post stands in its file: lines, bytes, pages."""
    origin = post.provenance
    lines = _range("line", origin.line_start, origin.line_end, glyphs)
    octets = _range("byte", origin.byte_start, origin.byte_end, glyphs)
    pages = _range("page", *_ends(origin.pages), glyphs)
    return ", ".join(part for part in (lines, octets, pages) if part)


def _ends(pages: tuple[int, ...]) -> tuple[int | None, int | None]:
    return (pages[0], pages[-1]) if pages else (None, None)


def _provenance(post: Post, glyphs: Glyphs) -> Iterator[Block]:
    origin = post.provenance
    yield _fact("Id", post.id)
    place = place_in_file(post, glyphs)
    yield _fact("File", f"{origin.name}, {place}" if place else origin.name)
    if origin.member_offset is not None:
        yield _fact("Member at", f"byte {origin.member_offset} of its archive")
    if origin.uri:
        yield _fact("Got from", origin.uri)
    if origin.captured:
        yield _fact("Captured", origin.captured)
    yield _fact("Read as", f"{origin.reader}, {origin.encoding}")
    yield _fact("SHA-256", origin.sha256)
    if post.source:
        yield _fact("Source", post.source)
    if post.url:
        yield _fact("Address", post.url)
    if post.page_country:
        yield _fact("Page about", facet_labels.country(post.page_country))
    yield _fact("Cited as", cite(post))


def _range(unit: str, start: int | None, end: int | None, glyphs: Glyphs) -> str:
    if start is None:
        return ""
    return f"{unit} {start}" if end in {None, start} else f"{unit}s {start}{glyphs.dash}{end}"


def _fact(label: str, value: str) -> Line:
    return labelled(label, value, LABEL_COLUMNS)
