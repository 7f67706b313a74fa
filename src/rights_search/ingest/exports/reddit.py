"""Submissions and comments of Reddit: its API, and the lines of Pushshift and Arctic Shift."""

from __future__ import annotations

import re

from rights_search.ingest.exports.values import Fields, LeftOut, text


def reddit(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a submission or a comment of Reddit."""
    address = _SITE.sub("", text(value, "permalink")) or _address(value)
    if not address.startswith(("/r/", "/user/")):
        return None
    linked = text(value, "url")
    said = [text(value, "selftext"), text(value, "body"), "" if address in linked else linked]
    said = [words for words in said if words not in _GONE]
    if not said and not value.get("title"):
        return LeftOut("deleted where it was posted")
    author, edited = text(value, "author"), value.get("edited")
    return {
        "id": value.get("id"),
        "title": value.get("title"),
        "selftext:text": "\n\n".join(said),
        "created_utc:date": value.get("created_utc"),
        "edited:updated": None if isinstance(edited, bool) else edited,
        "author": None if author in _GONE else author,
        "permalink:url": f"https://www.reddit.com{address}",
        "subreddit:site": f"r/{value['subreddit']}" if value.get("subreddit") else None,
    }


def _address(value: Fields) -> str:
    """Return the address of a post in older dumps, where it is left out."""
    group, number = text(value, "subreddit"), text(value, "id")
    submission = text(value, "link_id").removeprefix("t3_")
    if not group or not number or not (submission or "selftext" in value or "domain" in value):
        return ""
    if submission:
        return f"/r/{group}/comments/{submission}/_/{number}/"
    return f"/r/{group}/comments/{number}/"


_SITE = re.compile(r"\Ahttps?://(?:\w+\.)?reddit\.com(?=/)")
_GONE = ("", "[deleted]", "[removed]")
