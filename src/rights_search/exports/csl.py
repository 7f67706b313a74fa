"""CSL-JSON, as citation processors read it: one array of items.

The names are those of the CSL 1.0.2 specification, https://docs.citationstyles.org.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, TextIO

from rights_search.exports import citation
from rights_search.exports.cells import valid
from rights_search.post import PartialDate, Post


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write an item a line, so that the array can be written while it is read."""
    items = (json.dumps(valid(item(post))) for post in posts)
    stream.write("[\n")
    stream.write(next(items, ""))
    stream.writelines(f",\n{each}" for each in items)
    stream.write("\n]\n")


def item(post: Post) -> dict[str, Any]:
    """Return the item of a post, what is not known left out."""
    address, got = citation.url(post), citation.accessed(post)
    values = {
        "id": post.id,
        "type": "webpage" if address else "document",
        "title": citation.title(post),
        "author": [{"literal": name} for name in citation.authors(post)],
        "container-title": citation.publication(post),
        "publisher": citation.publisher(post),
        "issued": None if post.date is None else _issued(post.date),
        "accessed": None if got is None else _day(got),
        "URL": address,
        "language": citation.language(post),
        "note": citation.place(post),
    }
    return {name: value for name, value in values.items() if value}


def _issued(date: PartialDate) -> dict[str, Any]:
    parts: dict[str, Any] = {"date-parts": [list(citation.date_parts(date))]}
    return parts | {"circa": True} if citation.is_circa(date) else parts


def _day(day: dt.date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
