"""Posts of sites and blogs: WordPress's REST API, Ghost, ReliefWeb, scrapers, schema.org."""

from __future__ import annotations

from rights_search.ingest.exports.names import GHOST, key_of, names_in
from rights_search.ingest.exports.values import Fields, LeftOut, fields_of, texts


def wordpress(value: Fields, _: Fields) -> Fields | None:
    """Return a post of the REST API, where people and labels are numbers unless embedded."""
    match value:
        case {"content": {"rendered": str()}, "guid": {"rendered": str()}}:
            pass
        case _:
            return None
    embedded = fields_of(value.get("_embedded"))
    terms = embedded.get("wp:term")
    groups = terms if isinstance(terms, list) else ()
    labels = [name for group in groups for name in texts(group, "name")]
    authors = texts(embedded.get("author"), "name")
    numbered = ("author", "categories", "tags")
    found = {key: inner for key, inner in value.items() if key not in (*numbered, "_embedded")}
    found |= {"_embedded.author:author": authors, "_embedded.wp:term:tags": labels}
    found["draft"] = value.get("status") not in (None, "publish")
    # They are named in a note, as keys that nobody knows.
    unnamed = {} if embedded else {f"{key} by number": value.get(key) for key in numbered}
    return found | unnamed


def ghost(value: Fields, holder: Fields) -> Fields | None:
    """Return a post of Ghost's exports, with the names that stand beside the list of posts."""
    names = names_in(holder, GHOST)
    if not names:
        return None
    number = key_of(value.get("id"))
    unused = {"comment_id", "mobiledoc", "lexical", "type", "status", "visibility"}
    found = {key: inner for key, inner in value.items() if key not in unused}
    return found | {
        "users:author": names["users"].get(number),
        "tags": names["tags"].get(number),
        "draft": value.get("status") not in (None, "published", "sent"),
    }


def named(value: Fields, _: Fields) -> Fields | None:
    """Return a record whose author is an object: that of a scraper."""
    user = value["user"]
    if not isinstance(user, dict):
        return None
    # Of snscrape the source is the program with which a post was written.
    unused = {"user", "source"} if "_type" in value else {"user"}
    return {
        **{key: inner for key, inner in value.items() if key not in unused},
        "user:author": user,
    }


def reliefweb(value: Fields, _: Fields) -> Fields | None:
    """Return a report of ReliefWeb's API, whose text is Markdown, and perhaps HTML too."""
    report = value["fields"]
    if not isinstance(report, dict) or not {"url_alias", "primary_country"} & report.keys():
        return None
    unused = {"body", "body-html", "url", "url_alias", "status", "primary_country", "format"}
    found = {key: inner for key, inner in report.items() if key not in unused}
    return found | {
        "id": value.get("id") or report.get("id"),
        "body:markdown": None if report.get("body-html") else report.get("body"),
        "body-html": report.get("body-html"),
        "url_alias:url": report.get("url_alias") or report.get("url"),
        "disaster_type:tags": report.get("disaster_type"),
        "format:tags": report.get("format"),
    }


def linked_data(value: Fields, _: Fields) -> LeftOut | None:
    """Leave out what a graph of schema.org says beside its articles."""
    kind = value["@type"]
    if not isinstance(kind, str) or kind not in _NO_ARTICLES:
        return None
    return LeftOut(f"of the type {kind}, which is no article")


_NO_ARTICLES = frozenset(
    (
        *("Organization", "NewsMediaOrganization", "NGO", "Person", "Place", "Country"),
        *("WebSite", "BreadcrumbList", "ListItem", "ImageObject", "SearchAction", "PostalAddress"),
    )
)
