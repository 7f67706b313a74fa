"""Article pages in HTML: the one post that a page is.

The head of the page says most of it: title, date, authors. The text comes from the
element that holds it, for in JSON-LD it is often cut or has no paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from rights_search.ingest.bylines import is_by_phrase, parse_byline
from rights_search.ingest.dates import find_date_line
from rights_search.ingest.html_blocks import find_group
from rights_search.ingest.html_container import clear_links, find_container, others_in
from rights_search.ingest.html_counts import Counts, count, is_date
from rights_search.ingest.html_dom import (
    blocks,
    class_words,
    first_line,
    fragment,
    last_line,
    quick_text,
    remove,
    text_of,
)
from rights_search.ingest.html_entry import Page
from rights_search.ingest.html_meta import PageFacts, microdata
from rights_search.ingest.page_words import is_call, is_credit, is_navigation
from rights_search.ingest.paragraphs import Blocks, looks_like_html, split_plain
from rights_search.ingest.records import Setting, to_draft
from rights_search.ingest.source import Draft, Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def article_draft(body: Element, page: Page, headings: tuple[str, ...]) -> Draft | None:
    """Return the post that a page is, or None where it holds no text.

    Args:
        body: the cleared body of the page; it is taken apart.
        page: the file, and what the page says of itself.
        headings: the headings of the page before it was cleared.
    """
    facts = page.facts
    record = {**microdata(body), **_record(facts)}
    counted = count(body)
    group = find_group(counted)
    if group is not None:
        remove(others_in(group, counted, counted[body].chars, facts.url))
        counted = count(body)
    container = find_container(body, counted)
    span = Span(first_line(container), last_line(container))
    record["title"] = _take_title(container, facts, headings)
    _take_dates(container, record, counted)
    if not _has_date(record):
        record["date"] = _date_around(body, container, counted)
    _take_people_and_tags(container, record, counted)
    remove(list(container.iter("footer")))
    clear_links(container, counted)
    text = _text(container, facts)
    if not text.paragraphs and not (facts.article or record.get("og:description")):
        return None
    setting = Setting(page.source, "html", span, page.encoding, page.notes)
    draft = _sorted(to_draft(record, setting, text))
    return draft if draft.paragraphs else None


_LD_NAMES = (
    "datePublished dateModified author creator keywords articleSection inLanguage "
    "contentLocation locationCreated identifier description"
)
_META_NAMES = (
    "article:published_time datepublished dcterms.issued dc.date.issued dc.date dcterms.date "
    "citation_publication_date pubdate publishdate parsely-pub-date date article:modified_time "
    "og:updated_time dcterms.modified last-modified author article:author dc.creator "
    "dcterms.creator citation_author article:tag article:section news_keywords keywords "
    "og:description"
)
# Names that the shared table cannot know, for they say more than their last part.
_RENAMED = {
    "dcterms.issued": "dateIssued",
    "dc.date.issued": "dateIssued",
    "dc.date": "date",
    "dcterms.date": "date",
    "citation_publication_date": "publicationDate",
    "parsely-pub-date": "pubDate",
    "og:updated_time": "updated",
    "dcterms.modified": "modified",
    "dc.creator": "creator",
    "dcterms.creator": "creator",
    "citation_author": "creator",
    "news_keywords": "keywords",
}
_TOLD_SHARE = 0.4
_LONG_CHARS = 120
_Counted: TypeAlias = Mapping["Element", Counts]
_SITE_MARK = re.compile(r"\s+[|–—·»«-]\s+")


def _record(facts: PageFacts) -> dict[str, Any]:
    """Return what the head says of the post, under names that the shared table knows."""
    record: dict[str, Any] = {
        key: facts.article[key] for key in _LD_NAMES.split() if facts.article.get(key)
    }
    for key in _META_NAMES.split():
        values = [value for value in facts.meta.get(key, ()) if not _is_address(key, value)]
        if values:
            record.setdefault(_RENAMED.get(key, key), values)
    record["language"] = record.pop("inLanguage", None) or facts.language
    record["url"] = facts.url
    record["site"] = facts.site or facts.article.get("publisher")
    return record


def _is_address(key: str, value: str) -> bool:
    return "author" in key and "://" in value


def _take_title(container: Element, facts: PageFacts, headings: tuple[str, ...]) -> str | None:
    """Return the title; its heading is cut out of the text."""
    heading = next((node for node in container.iter("h1") if quick_text(node)), None)
    told = [str(facts.article.get("headline") or ""), facts.first("og:title", "dc.title") or ""]
    said = [_without_site(text, facts.site) for text in (*told, facts.title) if text]
    # A heading outside of the text is the title only where the head says so too.
    outer = next((text for text in headings if any(text in title for title in said)), None)
    title = text_of(heading) if heading is not None else outer
    title = title or next(iter(said), None)
    same = [node for node in container.iter("h1", "h2", "h3") if quick_text(node) == title]
    remove([heading] if heading is not None else same[:1])
    return title


def _without_site(title: str, site: str | None) -> str:
    """Return a title without the name of its site at the end: ``Title | Site``."""
    parts = _SITE_MARK.split(title)
    if len(parts) > 1 and (parts[-1] == site or (site is None and " | " in title)):
        return title[: title.rindex(parts[-1])].rstrip(" |–—·»«-")
    return title


def _take_dates(container: Element, record: dict[str, Any], counted: _Counted) -> None:
    """Cut out the dates above the text; keep them where the head names none."""
    taken: list[Element] = []
    for node in _above_text(container, counted):
        text = quick_text(node)
        value = node.get("datetime") if node.tag == "time" else None
        if not value and not is_date(text):
            continue
        line = find_date_line(text)
        is_update = "updated" in class_words(node) or "modified" in class_words(node)
        if is_update or (line is not None and line.date is None and line.updated is not None):
            updated = value or (line.updated.iso if line is not None and line.updated else text)
            record.setdefault("updated", updated)
        elif not _has_date(record):
            record["date"] = value or (line.date.iso if line is not None and line.date else text)
        if line is not None and line.byline:
            record.setdefault("author", line.byline)
        taken.append(node)
    remove(taken)


def _has_date(record: dict[str, Any]) -> bool:
    from rights_search.ingest.record_keys import field_of  # noqa: PLC0415

    return any((field_of(key) or ("",))[0] == "date" and record[key] for key in record)


def _date_around(body: Element, container: Element, counted: _Counted) -> str | None:
    """Return the date that stands outside of the text, if there is only one."""
    found: set[str] = set()
    inside = set(container.iter("*"))
    for node in body.iter("*"):
        if node in inside or not counted[node].is_small:
            continue
        text = quick_text(node)
        value = node.get("datetime") if node.tag == "time" else None
        if value or is_date(text):
            line = find_date_line(text)
            found.add(value or (line.date.iso if line is not None and line.date else text))
    return found.pop() if len(found) == 1 else None


def _above_text(container: Element, counted: _Counted) -> Iterator[Element]:
    """Yield the small elements that stand before the first long paragraph, and all times."""
    is_above = True
    for node in list(container.iter("*")):
        if node.tag in ("p", "blockquote") and counted[node].chars > _LONG_CHARS:
            is_above = False
        if node.tag == "time":
            if is_above or _is_alone(node, counted):
                yield node
        elif is_above and counted[node].is_small:
            yield node


def _is_alone(node: Element, counted: _Counted) -> bool:
    parent = node.getparent()
    if parent is None or parent not in counted:
        return True
    return counted[parent].chars == counted[node].chars


def _take_people_and_tags(container: Element, record: dict[str, Any], counted: _Counted) -> None:
    taken: dict[Element, None] = {}
    tags: list[str] = []
    for node in container.iter("*"):
        if not node.attrib or not counted[node].is_small or node.tag in ("time", "h1"):
            continue
        relation = node.get("rel", "").split()
        if "author" in relation or not class_words(node).isdisjoint({"author", "byline"}):
            text = quick_text(node)
            if text and not any(parent in taken for parent in node.iterancestors()):
                record.setdefault("author", text)
            taken[node] = None
        elif "tag" in relation:
            tags.append(quick_text(node))
            taken[node] = None
    remove(taken)
    if tags:
        record.setdefault("tags", tags)


def _text(container: Element, facts: PageFacts) -> Blocks:
    """Return the text of the page, or of its JSON-LD where the page itself has little."""
    found = blocks(container)
    told = facts.article.get("articleBody")
    if not isinstance(told, str) or len(told) * _TOLD_SHARE < sum(map(len, found.paragraphs)):
        return found
    text = fragment(told) if looks_like_html(told) else Blocks(split_plain(told))
    return Blocks(text.paragraphs, (*found.captions, *text.captions))


def _sorted(draft: Draft) -> Draft:
    """Put lines that are no text where they belong: credits, calls, a byline at the top."""
    text: list[str] = []
    captions, calls = [*draft.captions], [*draft.calls_to_action]
    for paragraph in draft.paragraphs:
        byline = parse_byline(paragraph, strict=True) if is_by_phrase(paragraph) else None
        if is_navigation(paragraph) or paragraph == draft.title:
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
