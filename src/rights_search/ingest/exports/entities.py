"""Entities of FollowTheMoney, as Aleph and OpenAleph export them: the documents among them.

Each property is a list of texts (https://followthemoney.tech/explorer/).
"""

from __future__ import annotations

import re

from rights_search.ingest.exports.values import NO_WORDS, Fields, LeftOut


def entity(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a document; people, companies and what ties them are left out."""
    kind, said = value["schema"], value.get("properties")
    if not isinstance(kind, str) or not isinstance(said, dict):
        return None
    if not said or not all(isinstance(values, list) for values in said.values()):
        return None  # Other things have a schema and properties, too.
    if kind not in _DOCUMENTS:
        return LeftOut(f"of the schema {kind}, which is no document")
    title = _first(said, "title", "subject", "name")
    html = _texts(said, "bodyHtml")
    written = _texts(said, "bodyText", "indexText", "translatedText")
    about = _texts(said, "description", "summary")
    if not (title or html or written or about):
        return NO_WORDS
    return {
        "id": value.get("id"),
        "title": title,
        "bodyHtml:html": html,
        "bodyText:text": None if html else "\n\n".join(written or about),
        "date": _first(said, "publishedAt", "authoredAt", "date", "startDate"),
        "author": [
            _MAILBOX.sub("", name) or name for name in _all(said, "author", "from", "sender")
        ],
        "sourceUrl:url": _first(said, "sourceUrl"),
        "publisher:source": _first(said, "publisher"),
        "location": _first(said, "location"),
        "country": _all(said, "country"),
        "keywords": _all(said, "keywords"),
        "language": _first(said, "language"),
    }


_DOCUMENTS = frozenset(
    "Document Article PlainText HyperText Pages Page Email Message Audio Video Image Note "
    "Event".split()
)
_MAILBOX = re.compile(r"\s*<[^<>]*>\s*\Z")


def _all(said: Fields, *names: str) -> list[str]:
    found = [item for name in names for item in said.get(name, ())]
    return [item for item in found if isinstance(item, str) and item.strip()]


def _texts(said: Fields, *names: str) -> list[str]:
    """Return all that one property says, the first that says anything: pages, one by one."""
    return next(filter(None, (_all(said, name) for name in names)), [])


def _first(said: Fields, *names: str) -> str | None:
    return next(iter(_all(said, *names)), None)
