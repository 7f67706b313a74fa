"""Posts of Twitter, now X: its archive, its APIs 1.1 (twarc) and 2, snscrape and twscrape."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

from rights_search.ingest.exports.values import Fields, LeftOut, fields_of, objects, text, texts


def tweet(value: Fields, _: Fields) -> Fields | None:
    """Return a post of Twitter's archive or of its API 1.1."""
    if "full_text" not in value and not isinstance(value.get("user"), dict):
        return None
    reposted = value.get("retweeted_status")
    written = _text(value)
    if isinstance(reposted, dict):
        # The outer text breaks off where both do not fit.
        written = f"RT @{text(reposted.get('user'), 'screen_name')}: {_text(reposted)}"
    user = value.get("user")
    return {
        "id": value["id_str"],
        "full_text:text": written,
        "created_at": value.get("created_at"),
        "lang": value.get("lang"),
        "user:author": user,
        "id_str:url": _address(text(user, "screen_name"), value["id_str"]),
        "hashtags": texts(fields_of(value.get("entities")).get("hashtags"), "text"),
    }


def _text(value: Fields) -> str:
    extended = fields_of(value.get("extended_tweet"))
    value = extended if "full_text" in extended else value
    written = html.unescape(text(value, "full_text") or text(value, "text"))
    return _with_addresses(written, fields_of(value.get("entities")))


def _with_addresses(written: str, entities: Fields) -> str:
    """Return the text of a tweet with the addresses that the shortened ones stand for."""
    links = chain(objects(entities.get("urls")), objects(entities.get("media")))
    return _lengthened(written, ((text(link, "url"), text(link, "expanded_url")) for link in links))


def _lengthened(written: str, links: Iterable[tuple[Any, Any]]) -> str:
    """Return a text with whole addresses in place of short ones.

    All at once, so many as a tweet may have: one after the other, each that holds what stood for
    it would double the text.
    """
    known: dict[str, str] = {}
    for short, whole in islice(links, _MAX_LINKS):
        if not isinstance(short, str) or not isinstance(whole, str) or not short or not whole:
            continue
        if len(short) <= _MAX_SHORT_CHARS and len(whole) <= _MAX_ADDRESS_CHARS:
            known.setdefault(short, whole)
    if not known:
        return written
    longest_first = sorted(known, key=len, reverse=True)
    shorts = re.compile("|".join(map(re.escape, longest_first)))
    return shorts.sub(lambda found: known[found[0]], written, count=_MAX_LINKS)


_MAX_LINKS = 100
_MAX_ADDRESS_CHARS = 4_000
# At each place of a text all of them are tried.
_MAX_SHORT_CHARS = 100


def tweet_of_api_2(value: Fields, page: Fields) -> Fields | None:
    """Return a post of the API 2, of which a page names the authors beside its posts."""
    if not isinstance(value.get("text"), str) or "id" not in value:
        return None
    author = value.get("author")
    if author is None:
        users = objects(fields_of(page.get("includes")).get("users"))
        author = next((user for user in users if user.get("id") == value["author_id"]), None)
    entities = fields_of(value.get("entities"))
    written = html.unescape(text(value.get("note_tweet"), "text") or value["text"])
    return {
        "id": value["id"],
        "text": _with_addresses(written, entities),
        "created_at": value.get("created_at"),
        "lang": value.get("lang"),
        "author": author,
        "id:url": _address(text(author, "username"), value["id"]),
        "hashtags": texts(entities.get("hashtags"), "tag"),
    }


def scraped_tweet(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a tweet of snscrape or twscrape, whose fields have names of their own."""
    kind = text(value, "_type")
    if not kind.startswith("snscrape.modules.twitter."):
        return None
    if not kind.endswith("Tweet"):
        return LeftOut("who has an account, and no post")
    reposted = fields_of(value.get("retweetedTweet"))
    written = _scraped(value)
    if reposted:
        written = f"RT @{text(reposted.get('user'), 'username')}: {_scraped(reposted)}"
    return {
        "id": value.get("id"),
        "rawContent:text": written,
        "date": value.get("date"),
        "lang": value.get("lang"),
        "user:author": value.get("user"),
        "url": value.get("url"),
        "hashtags": value.get("hashtags"),
    }


def _scraped(value: Fields) -> str:
    """Return the text of a scraped tweet with the addresses that the shortened ones stand for."""
    written = html.unescape(text(value, "rawContent") or text(value, "content"))
    links = [(text(link, "tcourl"), text(link, "url")) for link in objects(value.get("links"))]
    short, whole = value.get("tcooutlinks"), value.get("outlinks")
    if isinstance(short, list) and isinstance(whole, list):
        links += zip(short, whole, strict=False)
    return _lengthened(written, links)


def _address(user: str, number: Any) -> str | None:
    if not isinstance(number, (str, int)):
        return None
    return f"https://twitter.com/{user or 'i/web'}/status/{number}"
