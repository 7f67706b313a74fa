"""Article pages in HTML: the one post that a page is.

What the page says of itself goes before what its text shows, and that before any
guess; each guess is a note of the post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from rights_search.ingest.bylines import is_by_phrase, parse_byline
from rights_search.ingest.dates import parse_date
from rights_search.ingest.html_container import Container
from rights_search.ingest.html_counts import date_line, order_of_dates
from rights_search.ingest.html_dom import quick_text, small_text
from rights_search.ingest.html_entry import Page
from rights_search.ingest.html_meta import PageFacts
from rights_search.ingest.html_prose import is_link
from rights_search.ingest.html_reading import MarkedDate, Reading
from rights_search.ingest.html_text import article_text
from rights_search.ingest.html_title import choose_title, told_title
from rights_search.ingest.page_words import is_call, is_credit, is_navigation
from rights_search.ingest.paragraphs import Blocks
from rights_search.ingest.people import People, from_line, joined
from rights_search.ingest.records import Setting, to_draft
from rights_search.ingest.source import Draft
from rights_search.post import PartialDate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def article_draft(container: Container, body: Element, page: Page, markup: str) -> Draft | None:
    """Return the post that a page is, or None where it holds no text.

    Args:
        container: where its text stands.
        body: the body of the page.
        page: the file, and what the page says of itself.
        markup: the page as it is in its file.
    """
    facts = page.facts
    told = told_title(facts)
    text = article_text(container, body, facts, told, markup)
    if not text.blocks.paragraphs and not (facts.article or "og:description" in facts.meta):
        return None
    reading = text.reading
    outer = (quick_text(node) for node in islice(body.iter("h1"), _MAX_HEADINGS))
    title, others = choose_title(told, reading.headings, outer, facts)
    blocks = Blocks((*others, *text.blocks.paragraphs), text.blocks.captions)
    notes = (*page.notes, *facts.notes, *text.notes)
    setting = Setting(page.source, "html", text.span, page.encoding, notes)
    draft = to_draft({**_record(facts), "title": title}, setting, blocks)
    place = "heading" if title in reading.headings else "head" if told else "title element"
    draft = replace(draft, origins=(*draft.origins, ("title", f"html: {place}")))
    draft = _sorted(_with_people(_with_dates(draft, reading, body, page), reading))
    if not draft.paragraphs:
        return None
    # What is a link and nothing else is no text, but some of it asks the reader to act.
    asked = (piece.text for piece in reading.pieces if is_link(piece) and piece.tag != "li")
    calls = dict.fromkeys((*draft.calls_to_action, *filter(_is_call, asked)))
    return replace(draft, calls_to_action=tuple(calls))


def _is_call(text: str) -> bool:
    return is_call(text, behind_text=True)


_LD_NAMES = (
    "datePublished dateModified author creator keywords articleSection inLanguage "
    "contentLocation locationCreated identifier description"
)
_META_NAMES = (
    "article:published_time datepublished dcterms.issued dc.date.issued dc.date dcterms.date "
    "citation_publication_date citation_date pubdate publishdate publish_date parsely-pub-date "
    "sailthru.date date article:modified_time og:updated_time dcterms.modified last-modified "
    "author article:author dc.creator dcterms.creator citation_author parsely-author "
    "sailthru.author article:tag article:section news_keywords keywords og:description"
)
# Names that the shared table cannot know, for they say more than their last part.
_RENAMED = {
    "dcterms.issued": "dateIssued",
    "dc.date.issued": "dateIssued",
    "dc.date": "date",
    "dcterms.date": "date",
    "citation_publication_date": "publicationDate",
    "citation_date": "publicationDate",
    "publish_date": "publishDate",
    "parsely-pub-date": "pubDate",
    "sailthru.date": "pubDate",
    "og:updated_time": "updated",
    "dcterms.modified": "modified",
    "dc.creator": "creator",
    "dcterms.creator": "creator",
    "citation_author": "creator",
    "parsely-author": "creator",
    "sailthru.author": "creator",
    "news_keywords": "keywords",
}
_MAX_HEADINGS = 20
_MAX_LINES = 3000


def _record(facts: PageFacts) -> dict[str, Any]:
    """Return what the head says of the post, under names that the shared table knows."""
    record: dict[str, Any] = {
        key: facts.article[key] for key in _LD_NAMES.split() if facts.article.get(key)
    }
    for key in _META_NAMES.split():
        values = [value for value in facts.meta.get(key, ()) if not _is_address(key, value)]
        if values:
            record.setdefault(_RENAMED.get(key, key), values)
    for key, marked in facts.properties.items():
        if key not in ("headline", "publisher"):
            record.setdefault(key, marked)
    record["language"] = record.pop("inLanguage", None) or facts.language
    record["url"] = facts.url
    record["site"] = facts.site or facts.properties.get("publisher")
    return record


def _is_address(key: str, value: str) -> bool:
    return "author" in key and "://" in value


def _with_dates(draft: Draft, reading: Reading, body: Element, page: Page) -> Draft:
    """Return a draft with the dates that stand in the page, where its head tells none."""
    dates = reading.dates
    notes: tuple[str, ...] = ()
    date, updated = draft.date, draft.updated
    if date is None:
        found = [marked for marked in dates if not marked.is_update] or _dates_elsewhere(body)
        date = next(filter(None, (_parsed(marked, body, page) for marked in found)), None)
        if date is not None and not date.origin.endswith(": time"):
            notes = (f"its head tells no date: {date.iso} was taken from {date.origin[6:]}",)
    if updated is None:
        changes = (_parsed(marked, body, page) for marked in dates if marked.is_update)
        updated = next(filter(None, changes), None)
    return replace(draft, date=date, updated=updated, notes=(*draft.notes, *notes))


def _parsed(marked: MarkedDate, body: Element, page: Page) -> PartialDate | None:
    origin = f"html: {marked.origin}"
    day_first = page.source.settings.day_first
    date = parse_date(marked.value, origin=origin, day_first=day_first)
    if date is None or "ambiguous-day-month" not in date.flags:
        return date
    # Other dates of the page may tell; to ask them takes time.
    order = order_of_dates(" ".join(str(text) for text in body.itertext("*")))
    return parse_date(marked.value, origin=origin, day_first=order)


def _dates_elsewhere(body: Element) -> Sequence[MarkedDate]:
    """Return the date that stands elsewhere in the page, if there is only one."""
    found: set[str] = set()
    for node in islice(body.iter("time", "p", "div", "span", "td", "i", "em"), _MAX_LINES):
        value = node.get("datetime") if node.tag == "time" else None
        line = date_line(small_text(node) or "")
        if value:
            found.add(value)
        elif line is not None and line.date is not None:
            found.add(line.date.iso)
    return [MarkedDate(found.pop(), "the only date in the page")] if len(found) == 1 else []


def _with_people(draft: Draft, reading: Reading) -> Draft:
    """Return a draft with the authors and tags that the page marks, where its head tells none."""
    if not draft.authors and reading.authors:
        people = People()
        for line in dict.fromkeys(reading.authors):
            people = joined(people, from_line(line))
        draft = replace(
            draft,
            authors=people.names,
            role=draft.role or people.role,
            organisation=draft.organisation or people.organisation,
            place=draft.place or people.place,
        )
    if not draft.source_tags and reading.tags:
        draft = replace(draft, source_tags=tuple(dict.fromkeys(reading.tags)))
    return draft


def _sorted(draft: Draft) -> Draft:
    """Put lines that are no text where they belong: credits, calls, a byline at the top."""
    text: list[str] = []
    captions, calls = [*draft.captions], [*draft.calls_to_action]
    for paragraph in draft.paragraphs:
        byline = parse_byline(paragraph, strict=True) if is_by_phrase(paragraph) else None
        if is_navigation(paragraph) or (paragraph == draft.title and len(draft.paragraphs) > 1):
            continue
        if is_credit(paragraph):
            captions.append(paragraph)
        elif is_call(paragraph, behind_text=bool(text)):
            calls.append(paragraph)
        elif byline is not None and not text:
            draft = replace(
                draft,
                authors=draft.authors or byline.authors,
                role=draft.role or byline.role,
                organisation=draft.organisation or byline.organisation,
                place=draft.place or byline.place,
            )
        else:
            text.append(paragraph)
    return replace(
        draft,
        paragraphs=tuple(text),
        captions=tuple(dict.fromkeys(captions)),
        calls_to_action=tuple(dict.fromkeys(calls)),
    )
