"""Article pages in HTML: the one post that a page is.

What the page says of itself goes before what its text shows, and that before any
guess; each guess is a note of the post.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from rights_search.ingest.html.container import Container
from rights_search.ingest.html.dom import quick_text
from rights_search.ingest.html.entry import Page
from rights_search.ingest.html.margin import with_margin
from rights_search.ingest.html.meta import RECORD_NAMES, PageFacts
from rights_search.ingest.html.text import article_text
from rights_search.ingest.html.title import choose_title, told_title
from rights_search.ingest.paragraphs import Blocks
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Draft

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


TITLE_ELEMENT = "html: title element"
"""The origin of a title that neither the head of a page tells nor a heading."""


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
    place = "html: heading" if title in reading.headings else "html: head"
    origins = (("title", place if told or title in reading.headings else TITLE_ELEMENT),)
    draft = to_draft({**_record(facts), "title": title}, setting, blocks, origins)
    draft = with_margin(draft, reading, body, page)
    return draft if draft.paragraphs else None


_LD_NAMES = (
    "datePublished dateModified author creator keywords articleSection inLanguage "
    "contentLocation locationCreated identifier description"
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


def _record(facts: PageFacts) -> dict[str, Any]:
    """Return what the head says of the post, under names that the shared table knows."""
    record: dict[str, Any] = {
        key: facts.article[key] for key in _LD_NAMES.split() if facts.article.get(key)
    }
    for key in filter(facts.meta.__contains__, RECORD_NAMES):
        values = [value for value in facts.meta[key] if not _is_address(key, value)]
        if values:
            # News are given theirs one by one; those of "keywords" are as often the whole site's.
            is_list = key != "news_keywords"
            record.setdefault(_RENAMED.get(key, key), values if is_list else ", ".join(values))
    for key, marked in facts.properties.items():
        if key not in ("headline", "publisher"):
            record.setdefault(key, marked)
    record["language"] = record.pop("inLanguage", None) or facts.language
    record["url"] = facts.url
    record["site"] = facts.site or facts.properties.get("publisher")
    return record


def _is_address(key: str, value: str) -> bool:
    return "author" in key and "://" in value
