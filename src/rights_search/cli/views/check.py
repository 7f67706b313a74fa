"""How files are read, as people look at it: file, reader, and post by post every decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Block, Line, Run, Style, joined, labelled, line
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.post import LABEL_COLUMNS, place_in_file, tag_lines
from rights_search.indexing.accounts import Tally, is_member
from rights_search.indexing.checking import Checked, CheckedFile, CheckedPart, CheckedPost
from rights_search.indexing.sync_results import Problem
from rights_search.ingest.settings import Settings
from rights_search.ingest.source import INSIDE
from rights_search.post import PartialDate, Post
from rights_search.search import facet_labels

INDENT = 2
POST_INDENT = 4


@dataclass(slots=True)
class Counts:
    """What came by."""

    files: int = 0
    posts: int = 0
    tally: Tally = field(default_factory=Tally)

    @property
    def has_failed(self) -> bool:
        """Tell whether a file or a member of an archive could not be read."""
        return bool(self.tally.files_failed or self.tally.members_failed)

    def counted(self, items: Iterable[Checked]) -> Iterator[Checked]:
        """Yield ``items``, and count them on the way."""
        name, posts = "", 0
        problems: list[Problem] = []
        for item in items:
            match item:
                case CheckedFile():
                    self._close(name, posts, problems)
                    name, posts, problems = item.name, 0, []
                    self.files += 1
                case CheckedPost():
                    posts += 1
                    self.posts += 1
                case Problem(source) if name and (source == name or is_member(source, name)):
                    problems.append(item)
                case Problem():
                    self.tally.listed(item)
            yield item
        self._close(name, posts, problems)

    def _close(self, name: str, posts: int, problems: Iterable[Problem]) -> None:
        if name:
            self.tally.opened(name, posts, problems)


def summary_line(counts: Counts, glyphs: Glyphs) -> Iterator[Block]:
    """Yield the numbers, in the words of a sync; they are read when all else was shown."""
    yield BLANK
    tally = counts.tally
    posts = (Run(labels.counted(counts.posts, "post"), "label"), Run(f"{tally.skipped:,} skipped"))
    yield Line(joined(posts, glyphs.dot))
    files = [
        labels.counted(counts.files, "file"),
        f"{tally.files_skipped:,} skipped",
    ]
    # "0 failed" below a member that failed would say that all is well.
    if tally.files_failed or not tally.members_failed:
        files.append(f"{tally.files_failed:,} failed")
    if tally.members_failed:
        files.append(f"{labels.counted(tally.members_failed, 'member')} of archives failed")
    yield Line(joined(map(Run, files), glyphs.dot))


def check_view(items: Iterable[Checked], glyphs: Glyphs, *, limit: int) -> Iterator[Block]:
    """Yield how files are read.

    Args:
        items: what `rights_search.indexing.checking.check` gives.
        glyphs: signs that the output can show.
        limit: posts of each file to show; the others are counted.
    """
    shown = hidden = 0
    for item in items:
        if hidden and not isinstance(item, CheckedPost):
            yield from _more(hidden, limit)
            hidden = 0
        match item:
            case CheckedFile():
                shown = 0
                yield from _file(item, glyphs)
            case CheckedPart():
                yield from _part(item)
            case CheckedPost() if shown < limit:
                shown += 1
                yield from _post(item, shown, glyphs)
            case CheckedPost():
                hidden += 1
            case Problem():
                word = "failed" if item.is_failure else "skipped"
                yield Line((Run(f"{word}: ", "label"), Run(str(item))), indent=INDENT, hang=2)
    yield from _more(hidden, limit)


def _more(hidden: int, limit: int) -> Iterator[Block]:
    if hidden:
        yield BLANK
        text = f"+{labels.counted(hidden, 'post')} more; to see them: --limit {limit + hidden}"
        yield line(text, "dim", indent=INDENT)


def _file(item: CheckedFile, glyphs: Glyphs) -> Iterator[Block]:
    yield BLANK
    yield Line(joined((Run(item.name, "title"), Run(labels.size(item.size), "dim")), glyphs.dot))
    for key, value, origin in setting_rows(item.settings):
        yield _fact("Setting", f"{key} = {value}", f"from {origin}", glyphs, INDENT)


def setting_rows(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """Yield key, value and settings file of all that somebody set for a file."""
    values = {
        "country": settings.country,
        "language": settings.language,
        "day-first": settings.day_first,
        "source": settings.source,
        "encoding": settings.encoding,
        "reader": settings.reader,
        "themes": labels.counted(len(settings.themes), "label") if settings.themes else None,
    }
    origins = dict(settings.origins)
    for key, value in values.items():
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield key, text, origins.get(key, "")


def _part(item: CheckedPart) -> Iterator[Block]:
    _, inside, member = item.name.partition(INSIDE)
    if inside:
        yield BLANK
        yield _labelled("Member", member, INDENT)
    yield _labelled("Read by", f"{item.reader}: {item.reason}", INDENT)
    if item.encoding:
        yield _labelled("Encoding", f"{item.encoding}: {item.told_by}", INDENT)


def _post(item: CheckedPost, number: int, glyphs: Glyphs) -> Iterator[Block]:
    post, origins = item.post, dict(item.origins)
    yield BLANK
    style: Style = "derived" if post.title_derived else "title"
    lead = Run(f"{number}. ", "dim")
    yield Line((Run(post.title, style),), indent=INDENT, hang=len(lead.text), lead=lead)
    rows = (
        ("Title", "derived" if post.title_derived else "given", origins.get("title")),
        ("Date", *_date(post.date, "no date was found")),
        ("Updated", *_date(post.updated, "")),
        ("Authors", "; ".join(post.authors), origins.get("authors")),
        ("Role", post.role, origins.get("role")),
        ("For", post.organisation, origins.get("organisation")),
        ("Place", post.place, origins.get("place")),
        ("Text", _amount(post), origins.get("text")),
        ("Language", _language(post), origins.get("language")),
        ("Source", post.source, origins.get("source")),
        (
            "Page on",
            post.page_country and facet_labels.country(post.page_country),
            origins.get("page_country"),
        ),
        ("Address", post.url, ""),
        ("In file", place_in_file(post, glyphs), ""),
        ("Decoded", post.provenance.encoding, ""),
    )
    for label, value, origin in rows:
        if value:
            yield _fact(label, value, origin or "", glyphs, POST_INDENT)
    for label, texts in (
        ("Hint", item.hints),
        ("Caption", post.captions),
        ("Call", post.calls_to_action),
        ("Note", post.notes),
    ):
        yield from (_labelled(label, text, POST_INDENT) for text in texts)
    yield from tag_lines(post, glyphs, why=True, indent=POST_INDENT)


def _date(date: PartialDate | None, nothing: str) -> tuple[str, str]:
    if date is None:
        return ("undated", nothing) if nothing else ("", "")
    return f"{labels.date(date)}, precise to the {date.precision}", date.origin


def _amount(post: Post) -> str:
    paragraphs = labels.counted(len(post.paragraphs), "paragraph")
    return f"{paragraphs}, {labels.counted(sum(map(len, post.paragraphs)), 'character')}"


def _language(post: Post) -> str:
    return facet_labels.language(post.language) if post.language else "unknown"


def _fact(label: str, value: str, origin: str, glyphs: Glyphs, indent: int) -> Line:
    base = _labelled(label, "", indent)
    return replace(base, runs=joined((Run(value), Run(origin, "dim")), glyphs.dot))


def _labelled(label: str, value: str, indent: int) -> Line:
    return replace(labelled(label, value, LABEL_COLUMNS), indent=indent)
