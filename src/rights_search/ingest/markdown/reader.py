"""The reader of Markdown: one post a file, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rights_search.ingest.bylines import parse_byline
from rights_search.ingest.dates.doubts import other_calendar_notes
from rights_search.ingest.dates.finding import DateLine, find_date_line, find_tied_date, parse_date
from rights_search.ingest.dates.towns import find_town_line, is_one_of_many
from rights_search.ingest.encodings.decoding import read_text, whole_span
from rights_search.ingest.markdown.blocks import read_document
from rights_search.ingest.markdown.front_matter import split_front_matter
from rights_search.ingest.markdown.label_lines import split_labels
from rights_search.ingest.plain.labelled import Labels
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Draft, Record, Source


def read_markdown(source: Source) -> Iterator[Record]:
    """Yield the one post of a Markdown file; nothing for a section page without text.

    Hugo keeps the keys of a whole section in a file called ``_index.md``. Such a
    file with a text of its own is a post like any other.

    Raises:
        ReadError: if the file is no text or its front matter is broken.
    """
    decoded = read_text(source)
    front = split_front_matter(decoded.text, source.name)
    day_first = source.settings.day_first
    body, labels = (front.body, Labels()) if front.kind else split_labels(front.body, day_first)
    document = read_document(body)
    if labels.lines and not document.blocks.paragraphs:
        # Labels above nothing are all the words that there are.
        document, labels = read_document(front.body), Labels()
    if not document.blocks.paragraphs and _SECTION.search(source.name):
        return
    setting = Setting(source, "front matter", whole_span(decoded), decoded.encoding, decoded.notes)
    draft = to_draft(front.values, setting, document.blocks)
    if document.title is not None:
        draft = _with_heading(draft, document.title)
    draft = _with_head_lines(draft, day_first)
    if labels.title and draft.title is None:
        draft = replace(draft, title=labels.title[0].text)
    yield _with_date_of_name(draft, source.name) if front.kind else labels.over(draft)


_SECTION = re.compile(r"(?:\A|[/_])_index(?:\.\w\w)?\.\w+(?:\.gz)?\Z")


def _with_heading(draft: Draft, heading: str) -> Draft:
    """Put the first heading where it belongs: it is the title where there is no other."""
    if draft.title is None:
        origins = (*draft.origins, ("title", "first heading"))
        return replace(draft, title=heading, origins=origins)
    if draft.title.casefold() == heading.casefold():
        return draft
    return replace(draft, paragraphs=(heading, *draft.paragraphs))


def _with_head_lines(draft: Draft, day_first: bool | None) -> Draft:
    """Take the lines under the title that say no more than when and by whom it was written.

    What the front matter says goes before them; then they stay in the text.
    """
    for _ in range(_HEAD_LINES):
        if len(draft.paragraphs) < _HEAD_LINES:
            break
        line, *rest = draft.paragraphs
        says, town = _date_line(line, rest, day_first) if draft.date is None else (None, None)
        byline = parse_byline((says.byline or "") if says else line)
        is_byline = byline is not None and not draft.authors
        if not ((says and says.date and not says.rest) or (says is None and is_byline)):
            break
        draft = replace(draft, paragraphs=tuple(rest), date=says.date if says else draft.date)
        if town and draft.place is None:
            draft = replace(draft, place=town, origins=(*draft.origins, ("place", "date line")))
        if byline is not None and is_byline:
            origins = (*draft.origins, ("authors", "date line" if says else "byline"))
            role, place = byline.role or draft.role, byline.place or draft.place
            draft = replace(draft, authors=byline.authors, role=role, place=place, origins=origins)
    if draft.date is not None:
        return draft
    notes = other_calendar_notes(draft.paragraphs[:_HEAD_LINES])
    return replace(draft, notes=(*draft.notes, *notes))


def _date_line(
    line: str, others: Sequence[str], day_first: bool | None
) -> tuple[DateLine | None, str | None]:
    """Return the date of a line, and the town that it names; none for one of a chronology."""
    says = find_date_line(line, day_first=day_first)
    if says is not None:
        return says, None
    if is_one_of_many(line, others, day_first=day_first):
        return None, None
    tied = find_tied_date(line, day_first=day_first)
    if tied is not None:
        return tied, None
    found = find_town_line(line, day_first=day_first)
    return (None, None) if found is None else (found.says, found.town)


def _with_date_of_name(draft: Draft, name: str) -> Draft:
    """Take the date from the name, ``2018-12-10-title.md``, where Jekyll has it."""
    found = _DATED.search(name)
    if found is None or draft.date is not None:
        return draft
    return replace(draft, date=parse_date(found[1], origin="name of the file, as Jekyll has it"))


_DATED = re.compile(r"(?:\A|/)(\d{4}-\d{1,2}-\d{1,2})-[^/]+\Z")
_HEAD_LINES = 2
