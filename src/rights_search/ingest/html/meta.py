"""What a page says of itself: JSON-LD, meta elements, links, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from rights_search.ingest.html.dom import language_of, quick_text
from rights_search.ingest.html.json_ld import (
    ARTICLE_TYPES,
    LISTING_TYPES,
    json_ld_objects,
    types_of,
)
from rights_search.ingest.html.microdata import article_properties
from rights_search.ingest.paragraphs import plain_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

TITLE_NAMES = tuple(
    "og:title citation_title dc.title dcterms.title twitter:title parsely-title".split()
)
"""The meta elements that name the title of a post, the best first."""

_RECORD_NAMES = (
    "article:published_time datepublished dcterms.issued dc.date.issued dc.date dcterms.date "
    "citation_publication_date citation_date pubdate publishdate publish_date parsely-pub-date "
    "sailthru.date date article:modified_time og:updated_time dcterms.modified last-modified "
    "author article:author dc.creator dcterms.creator citation_author parsely-author "
    "sailthru.author article:tag article:section news_keywords keywords og:description"
)
RECORD_NAMES = tuple(_RECORD_NAMES.split())
"""Those that name a field of a post, the best first."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself.

    Args:
        types: the schema.org types of its JSON-LD, lower case.
        article: the JSON-LD object of the page's article; empty if it has none.
        articles: how many such objects it has.
        meta: the values of its meta elements by their lower-case names: of those that are read.
        properties: the microdata of its article.
        title: the text of its title element.
        url: its own address, from a canonical link, Open Graph or JSON-LD.
        base: what relative links stand on: the base element's or the own address.
        language: the language tag of its html element or meta elements.
        site: the name of the publication.
        notes: what is doubtful of it.
    """

    types: frozenset[str] = frozenset()
    article: Mapping[str, Any] = field(default_factory=dict)
    articles: int = 0
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    properties: Mapping[str, list[str]] = field(default_factory=dict)
    title: str = ""
    url: str | None = None
    base: str | None = None
    language: str | None = None
    site: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_article(self) -> bool:
        """Say whether the page calls itself one article, with a date of its own."""
        if self.articles > 1 or not self.types.isdisjoint(LISTING_TYPES):
            return False
        return self.articles == 1 or "article:published_time" in self.meta

    def first(self, *names: str) -> str | None:
        """Return the first value of the first of these meta elements that is there."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def absolute(self, href: str | None) -> str | None:
        """Return a link's address, whole if the page's own is known; None for no page."""
        href = _UNPRINTED.sub("", href or "")
        if not href or href.startswith("#"):
            return None
        address = _joined(self.base, href)
        scheme = _SCHEME.match(address or "")
        return address if scheme is None or scheme[1].lower() in _WEB else None


def page_facts(
    root: Element, source_url: str | None = None, *, has_microdata: bool = True
) -> PageFacts:
    """Return what the page under ``root`` says of itself; a broken part says nothing.

    Args:
        root: the root of the page.
        source_url: the address that it was got from; its own where it names none.
        has_microdata: whether there is any, which takes a look at every element.
    """
    meta: dict[str, tuple[str, ...]] = {}
    scripts: list[str] = []
    canonical: list[str] = []
    bases: list[str] = []
    title = ""
    # One pass for all of them: walking the tree is what takes the time.
    for element in root.iter("meta", "script", "link", "title", "base"):
        match element.tag:
            case "meta":
                _add_meta(element, meta)
            case "script" if _is_json_ld(element):
                scripts.append(element.text or "")
            case "link" if "canonical" in element.get("rel", "").lower().split():
                canonical.append(element.get("href", ""))
            case "title" if not title:
                # Pictures in SVG have titles as well, and stand behind.
                title = quick_text(element)
            case "base":
                bases.append(element.get("href", ""))
    objects = json_ld_objects(scripts)
    articles = [item for item in objects if types_of(item) & ARTICLE_TYPES]
    article = articles[0] if articles else {}
    own = [*canonical, *meta.get("og:url", ()), *_addresses(article)]
    url, notes = _own_address(own, source_url)
    properties = article_properties(root) if has_microdata else {}
    return PageFacts(
        types=frozenset(kind for item in objects for kind in types_of(item)),
        article=article,
        articles=len(articles),
        meta=meta,
        properties=properties,
        title=title,
        url=url,
        base=_base(bases, url or source_url),
        language=_language(root, meta),
        site=_site(meta, objects, article),
        notes=notes,
    )


_WEB = frozenset({"http", "https"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers drop these from addresses, so "java\nscript:" is one scheme.
_UNPRINTED = re.compile(r"\A[\x00-\x20]+|[\x00-\x20]+\Z|[\t\n\r]|[\x00-\x1f\x7f]")
_MAX_META_VALUES = 200
_LANGUAGE_NAMES = ("og:locale", "content-language", "dc.language", "dcterms.language")
_SITE_NAMES = ("og:site_name", "application-name")
_READ_NAMES = frozenset((*TITLE_NAMES, *RECORD_NAMES, *_LANGUAGE_NAMES, *_SITE_NAMES, "og:url"))


def _add_meta(element: Element, meta: dict[str, tuple[str, ...]]) -> None:
    name = element.get("property") or element.get("name") or element.get("http-equiv")
    if not name:
        return
    key = name.strip().lower()
    if key not in _READ_NAMES:
        return  # most are for other machines
    content = plain_line(element.get("content", ""))
    if content and len(meta.get(key, ())) < _MAX_META_VALUES:
        meta[key] = (*meta.get(key, ()), content)


def _is_json_ld(script: Element) -> bool:
    return script.get("type", "").split(";")[0].strip().lower() == "application/ld+json"


def _addresses(article: Mapping[str, Any]) -> Iterable[str]:
    for key in ("url", "mainEntityOfPage"):
        value = article.get(key)
        if isinstance(value, Mapping):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _own_address(
    named: Iterable[str], source_url: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Return the address that a page gives itself, or else where it was got from.

    Some sites name their start page on every page of theirs; that is not believed.
    """
    came_from = _web_address(None, source_url)
    for address in named:
        url = _web_address(came_from, address)
        if url is None:
            continue
        if came_from is not None and _is_start(url) and not _is_start(came_from):
            return came_from, (f"the page names {url} as its address, which is a start page",)
        return url, ()
    return came_from, ()


def _web_address(base: str | None, address: str | None) -> str | None:
    """Return an address that is whole and of the web, or None."""
    if not (base or address):
        return None
    joined = _joined(base, _UNPRINTED.sub("", address or ""))
    try:
        parts = urlsplit(joined or "")
    except ValueError:
        return None
    return joined if parts.scheme.lower() in _WEB and parts.netloc else None


def _is_start(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _base(named: Iterable[str], url: str | None) -> str | None:
    """Return what links stand on: the first base element counts, if it is of the web."""
    address = next(iter(named), None)
    return (_web_address(url, address) if address else None) or url


def _joined(base: str | None, address: str | None) -> str | None:
    try:
        return urljoin(base or "", address or "") or None
    except ValueError:
        return None


def _language(root: Element, meta: Mapping[str, tuple[str, ...]]) -> str | None:
    tags = (
        language_of(root),
        *(tag for name in _LANGUAGE_NAMES for tag in meta.get(name, ())),
    )
    return next(filter(None, tags), None)


def _site(
    meta: Mapping[str, tuple[str, ...]],
    objects: Iterable[Mapping[str, Any]],
    article: Mapping[str, Any],
) -> str | None:
    named = next((meta[name] for name in _SITE_NAMES if name in meta), None)
    if named:
        return named[0]
    sites = [item for item in objects if "website" in types_of(item)]
    for holder in (article.get("publisher"), *sites):
        name = holder.get("name") if isinstance(holder, Mapping) else None
        if isinstance(name, str) and name.strip():
            return plain_line(name)
    return None
