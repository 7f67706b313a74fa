"""Tables that programs export whose columns are not what their names say.

Those of 4CAT, the comments in a Takeout of Google, and collections of Uwazi.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rights_search.ingest.exports.values import Fields, fields_of, objects, text


def as_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a table under names of columns that `records.draft.to_draft` understands."""
    if "thread_id" in row and "body" in row:
        return _collected(row)
    if "Date added" in row and "Template" in row:
        return _collection(row)
    if "Comment Text" in row or "Comment text" in row:
        return _comment({key.lower(): value for key, value in row.items()}) or row
    return row


def _comment(row: Fields) -> dict[str, Any] | None:
    """Return a comment of a Takeout, whose columns are spelt in several ways."""
    if "comment create timestamp" not in row:
        return None
    number, film = row.get("comment id"), row.get("video id")
    return {
        "comment id:id": number,
        "comment text:text": _segments(row["comment text"]),
        "comment create timestamp:date": row["comment create timestamp"],
        "video id:url": f"https://www.youtube.com/watch?v={film}&lc={number}" if film else None,
    }


def _segments(written: Any) -> Any:
    """Return the text of a comment, which newer Takeouts give as JSON, in pieces."""
    if not isinstance(written, str) or not written.startswith("{"):
        return written
    try:
        found = fields_of(json.loads(written))
    except (ValueError, RecursionError):
        return written
    pieces = [text(piece, "text") for piece in objects(found.get("takeoutSegments"))]
    return "".join(pieces) or text(found, "text") or written


def _collected(row: Fields) -> dict[str, Any]:
    """Return a post that 4CAT collected: its author may be a number.

    In its tables of Twitter the source is the program that a post was written with.
    """
    names = ("author_name", "author_fullname", "author_full", "author_display_name", "author")
    author = next((row[name] for name in names if row.get(name)), "")
    unused = {"language_guess", *names, *(("source",) if "is_retweet" in row else ())}
    found = {key: value for key, value in row.items() if key not in unused}
    found |= {"author": author, "language_guess:language": row.get("language_guess")}
    address = row.get("link") or row.get("tiktok_url") or row.get("post_url")
    chat, _, number = str(row.get("id", "")).rpartition("-")
    if not address and chat and chat == row.get("chat") and _CHAT.fullmatch(chat):
        address = f"https://t.me/{chat}/{number}"
    if not address and "is_retweet" in row and number.isdecimal():
        address = f"https://twitter.com/{row.get('author') or 'i/web'}/status/{number}"
    return found | {"id:url": address}


_CHAT = re.compile(r"[A-Za-z]\w{3,31}")


def _collection(row: Fields) -> dict[str, Any]:
    """Return an entity of Uwazi: the names of its columns are those that its people gave.

    Its ``Published`` says whether it is shown, and its date is that of a property. When it
    was added dates no document.
    """
    found = {key: value for key, value in row.items() if key not in ("Published", "Template")}
    found |= {"Template:tags": row["Template"], "draft": row.get("Published") == "Unpublished"}
    dated = (key for key in row if _DATED.search(key) and _DATE.match(str(row[key])))
    key = next(dated, None)
    if key is not None:
        found |= {f"{key}:date": _DATE.match(str(row[key]))[0]}  # type: ignore[index]
    return found


_DATED = re.compile(r"\b(?:date|fecha|data|datum|дата)\b(?! added)|تاريخ", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
