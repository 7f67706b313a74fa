"""What a page says of itself: JSON-LD, meta elements, links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from rights_search.ingest.html_dom import quick_text
from rights_search.ingest.paragraphs import plain_line

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the head of a page says.

    Args:
        types: the schema.org types of its JSON-LD, lower case.
        article: the JSON-LD object of the page's article; empty if it has none.
        articles: how many such objects it has.
        meta: the values of its meta elements by their lower-case names.
        title: the text of its title element.
        url: its own address, from a canonical link, Open Graph or JSON-LD.
        base: what relative links stand on: the base element's or the own address.
        language: the language tag of its html element or meta elements.
        site: the name of the publication.
    """

    types: frozenset[str] = frozenset()
    article: Mapping[str, Any] = field(default_factory=dict)
    articles: int = 0
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    url: str | None = None
    base: str | None = None
    language: str | None = None
    site: str | None = None

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
        if href is None or not href.strip() or _is_no_page(href.strip()):
            return None
        return _joined(self.base, href.strip())


def page_facts(root: Element, source_url: str | None = None) -> PageFacts:
    """Return what the page under ``root`` says of itself; a broken part says nothing.

    Args:
        root: the root of the page.
        source_url: the address that it was got from; its own where it names none.
    """
    objects = list(_json_ld(root))
    types = frozenset(kind for item in objects for kind in types_of(item))
    articles = [item for item in objects if types_of(item) & ARTICLE_TYPES]
    article = articles[0] if articles else {}
    meta = _meta(root)
    canonical = [link.get("href") for link in _links(root, "canonical")]
    own = [*canonical, *meta.get("og:url", ()), _address(article.get("url")), source_url]
    url = next((address for address in own if address and _has_host(address)), None)
    base = next((element.get("href") for element in root.iter("base")), None)
    title = next((quick_text(element) for element in root.iter("title")), "")
    site = meta.get("og:site_name") or meta.get("application-name") or ()
    language = (root.get("lang"), *meta.get("og:locale", ()), *meta.get("content-language", ()))
    return PageFacts(
        types=types,
        article=article,
        articles=len(articles),
        meta=meta,
        title=title,
        url=url,
        base=_joined(url, base),
        language=next(filter(None, language), None),
        site=next(iter(site), None),
    )


def types_of(item: Mapping[str, Any]) -> frozenset[str]:
    """Return the schema.org types of a JSON-LD object, lower case."""
    kinds = item.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(
        kind.rpartition("/")[2].rpartition(":")[2].lower()
        for kind in listed
        if isinstance(kind, str)
    )


def microdata(body: Element) -> dict[str, Any]:
    """Return the properties of the post that are marked in its text."""
    record: dict[str, Any] = {}
    for node in body.iter("*"):
        name = node.get("itemprop", "")
        if name in _PROPERTIES:
            value = node.get("content") or node.get("datetime") or quick_text(node)
            record.setdefault(name, []).append(value)
    return record


ARTICLE_TYPES = frozenset(
    {
        "article",
        "newsarticle",
        "blogposting",
        "report",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "reviewnewsarticle",
        "scholarlyarticle",
        "techarticle",
        "liveblogposting",
        "socialmediaposting",
    }
)
"""The types of https://schema.org/Article and those below it."""

LISTING_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "blog"})
"""The types of pages that hold several posts."""

_PROPERTIES = frozenset(
    {"datePublished", "dateModified", "author", "keywords", "articleSection", "inLanguage"}
)
_MAX_OBJECTS = 1000


def _json_ld(root: Element) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of all JSON-LD, those of graphs and lists one by one."""
    objects: list[Any] = []
    for script in root.iter("script"):
        if script.get("type", "").split(";")[0].strip().lower() == "application/ld+json":
            try:
                objects.append(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue  # many pages have a broken one; browsers and crawlers pass over it
    by_id: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    while objects and len(found) < _MAX_OBJECTS:
        item = objects.pop(0)
        if isinstance(item, list):
            objects[:0] = item
        elif isinstance(item, dict):
            found.append(item)
            by_id.setdefault(str(item.get("@id")), item)
            graph = item.get("@graph") or item.get("mainEntity")
            objects[:0] = [graph] if isinstance(graph, (list, dict)) else []
    for item in found:
        yield {key: _resolved(value, by_id) for key, value in item.items()}


def _resolved(value: Any, by_id: Mapping[str, Any]) -> Any:
    """Return what a value refers to: authors are often objects of their own in the graph."""
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value if not isinstance(item, list)]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return by_id.get(str(value.get("@id")), value)
    return value


def _meta(root: Element) -> dict[str, tuple[str, ...]]:
    meta: dict[str, tuple[str, ...]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        content = plain_line(element.get("content", ""))
        if name and content:
            key = name.strip().lower()
            meta[key] = (*meta.get(key, ()), content)
    return meta


def _links(root: Element, relation: str) -> Iterable[Element]:
    return (
        element
        for element in root.iter("link")
        if relation in element.get("rel", "").lower().split()
    )


def _address(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else None


def _joined(base: str | None, address: str | None) -> str | None:
    try:
        return urljoin(base or "", address or "") or None
    except ValueError:
        return None


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address.strip()).netloc)
    except ValueError:
        return False


def _is_no_page(href: str) -> bool:
    return href.startswith("#") or href.lower().startswith(("javascript:", "mailto:", "tel:"))
