"""One item of a feed → a record under the names that the shared table knows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from rights_search.ingest.exports.values import LeftOut
from rights_search.ingest.html.dom import settable
from rights_search.ingest.paragraphs import tidy

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of all its items.

    Args:
        title: its name: the publication.
        language: its language tag.
        base: what relative links stand on.
        authors: who wrote what names no author.
        names: in an export of WordPress the names that people have, by those they log in with.
    """

    title: str | None = None
    language: str | None = None
    base: str | None = None
    authors: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def parse_item(root: str, markup: str) -> Element | None:
    """Return the tree of a part of a feed, repaired where it is broken; None for no XML.

    No entity is expanded but the characters that HTML names, and nothing is fetched.

    Args:
        root: the start tag of the feed, which declares its name spaces.
        markup: what stands in it; its open elements are closed.
    """
    from lxml import etree  # noqa: PLC0415

    text = _REFERENCE.sub(_character, settable(root + markup))
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def feed_facts(root: Element | None, url: str | None) -> Feed:
    """Return what the head of a feed says.

    Args:
        root: the feed without its items; None says nothing.
        url: the address that the feed was got from.
    """
    if root is None:
        return Feed(base=url)
    channel = next((child for child in root if _name(child) == "channel"), root)
    record = _record(channel, url)
    base = channel.get(_BASE) or root.get(_BASE) or record.get("link")
    return Feed(
        title=tidy(str(record.get("title", ""))) or None,
        language=record.get("language") or channel.get(_LANG) or root.get(_LANG),
        base=_joined(url, base),
        authors=tuple(record.get("author", ())),
        names=dict(_accounts(channel)),
    )


def item_record(root: Element, feed: Feed) -> dict[str, Any] | LeftOut | None:
    """Return an item as a record for `records.draft.to_draft`, if it is a post."""
    item = next((child for child in root if _name(child) in ("item", "entry")), None)
    if item is None:
        return None
    record = _record(item, _joined(feed.base, item.get(_BASE)))
    kind, status = record.pop("type", "post"), record.pop("status", "publish")
    if kind in _FURNITURE:
        return LeftOut(f"of the type {kind} in an export of WordPress")
    record["draft"] = status in ("draft", "pending", "auto-draft", "trash")
    authors = [feed.names.get(name, name) for name in record.pop("author", ())]
    record["author"] = authors or list(feed.authors)
    record.setdefault("language", item.get(_LANG) or feed.language)
    record.setdefault("site", feed.title)
    if "link" not in record:
        address = record.get("guid") or item.get(_ABOUT) or ""
        record["link"] = address if address.startswith(("http://", "https://")) else None
    return record


_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE, _LANG = f"{_XML}base", f"{_XML}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

# What is not in one of these says something else: "media:title" is a picture's.
_SPACES = {
    "": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://wordpress.org/export/1.0/": "wp",
    "http://wordpress.org/export/1.1/": "wp",
    "http://wordpress.org/export/1.2/": "wp",
    "http://wordpress.org/export/1.0/excerpt/": "excerpt",
    "http://wordpress.org/export/1.1/excerpt/": "excerpt",
    "http://wordpress.org/export/1.2/excerpt/": "excerpt",
}
_UNBOUND = {"dc": "dc", "dcterms": "dc", "content": "content", "atom": "", "rss": ""}

_LISTS = {"category": "category", "dc:subject": "category"}
_NAMES = {
    "title": "title",
    "dc:title": "title",
    "content:encoded": "contentHtml",
    "pubDate": "pubDate",
    "published": "published",
    "issued": "issued",
    "created": "created",
    "dc:date": "date",
    "dc:issued": "issued",
    "updated": "updated",
    "modified": "modified",
    "dc:modified": "modified",
    "guid": "guid",
    "id": "guid",
    "dc:identifier": "guid",
    "language": "language",
    "dc:language": "language",
    "description": "description",
    "summary": "summary",
    "dc:description": "description",
    # The day where the site is; "pubDate" has that of Greenwich.
    "wp:post_date": "wp:post_date:datePublished",
    "wp:post_type": "type",
    "wp:status": "status",
    "wp:post_modified": "modified",
    "excerpt:encoded": "description",
}
# What an export of WordPress holds beside posts, pages and the types of a site's own.
_FURNITURE = frozenset(
    (
        *("attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset"),
        *("wp_navigation", "wp_global_styles", "wp_template", "wp_template_part", "wp_block"),
    )
)

_REFERENCE = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z]\w{0,30};)?")
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_PREFIX = re.compile(r"\A.*[}:]", re.DOTALL)
_HTML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
# Without giving back: an address of a megabyte is gone through once.
_MAILED = re.compile(r"[^\s@]++@[^\s(]++\s*+\((?P<name>[^()]++)\)\s*+\Z")


def _character(found: re.Match[str]) -> str:
    """Return a character that HTML names, and an ampersand that names nothing as such."""
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in _OF_XML:
        return found[0]
    char = html.unescape(found[0])
    return char if char != found[0] else f"&amp;{name}"


def _name(element: Element) -> str | None:
    """Return an element's name, with ``dc:`` or ``content:`` before it; None for others."""
    tag = str(element.tag)
    space, _, local = tag.rpartition("}")
    # Tools that move a site to https change every address in its export, these as well.
    prefix = _SPACES.get(space.removeprefix("{").lower().replace("https://", "http://", 1))
    if not space and ":" in local:
        bound, _, local = local.partition(":")
        prefix = _UNBOUND.get(bound)
    if prefix is None:
        return None
    return f"{prefix}:{local}" if prefix else local


def _record(item: Element, base: str | None) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for child in item:
        name = _name(child)
        match name:
            case None:
                continue
            case "link":
                address = _link(child)
                if address:
                    record.setdefault("link", _joined(base, address))
            case "author" | "dc:creator":
                record.setdefault("author", []).extend(_people(child))
            case "content":
                _put_content(record, child)
            case "source":
                _put(record, "site", _source(child))
            case _ if name in _LISTS:
                label = child.get("label") or child.get("term") or child.text or ""
                record.setdefault(_LISTS[name], []).append(label)
            case _ if name in _NAMES:
                # A title in XHTML stands in an element that is no part of it.
                text = "".join(map(str, child.itertext())) if name == "title" else _markup(child)
                _put(record, _NAMES[name], text)
    return record


def _accounts(channel: Element) -> Iterator[tuple[str, str]]:
    """Yield what people log in with, and the names that are shown for them."""
    for child in channel:
        if _name(child) == "wp:author":
            says = {_name(part): tidy(part.text or "") for part in child}
            login, name = says.get("wp:author_login"), says.get("wp:author_display_name")
            if login and name:
                yield login, name


def _put(record: dict[str, Any], name: str, value: str | None) -> None:
    if value and value.strip():
        record.setdefault(name, value.strip())


def _put_content(record: dict[str, Any], content: Element) -> None:
    kind = content.get("type", "text").lower()
    if content.get("src") or content.get("mode") == "base64":
        return
    if kind in ("html", "xhtml", "text/html", "application/xhtml+xml") or len(content):
        _put(record, "contentHtml", _markup(content))
    elif kind in ("text", "text/plain"):
        _put(record, "content", _markup(content))


def _link(element: Element) -> str | None:
    """Return the address of the page that an item is about, not of a comment or a sound."""
    if element.get("href"):
        is_page = element.get("rel", "alternate") == "alternate"
        return element.get("href") if is_page else None
    return (element.text or "").strip() or None


def _people(element: Element) -> Iterator[str]:
    """Yield names: an Atom person, a Dublin Core name, or RSS's ``mail (name)``."""
    names = [child.text for child in element if _name(child) == "name"]
    for text in names or [element.text]:
        line = tidy(text or "")
        mailed = _MAILED.match(line)
        name = mailed["name"] if mailed else line
        if name and "@" not in name:
            yield name


def _source(element: Element) -> str | None:
    titles = [child.text for child in element if _name(child) == "title"]
    return (titles or [element.text])[0]


def _markup(element: Element) -> str:
    """Return the content of an element: its text, or as markup what stands in it."""
    if not len(element):
        return element.text or ""
    from lxml import etree  # noqa: PLC0415

    parts = [html.escape(element.text or "", quote=False)]
    for child in element:
        for node in child.iter("*"):
            tag = str(node.tag)
            if "}" in tag or ":" in tag:
                # A name that no parser should have let through is no element of HTML.
                name = _PREFIX.sub("", tag)
                node.tag = name if _HTML_NAME.match(name) else "span"
        parts.append(etree.tostring(child, encoding="unicode", method="html"))
    return "".join(parts)


def _joined(base: str | None, address: str | None) -> str | None:
    try:
        return urljoin(base or "", (address or "").strip()) or None
    except ValueError:
        return address
