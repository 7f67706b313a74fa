"""Records of social networks, messengers and blogs → the keys that the shared table knows.

These exports keep text, author or address where no name of a field would be looked for: a
message as a list of pieces, a boost inside of what was boosted, an address only as a number.
Each rule is told by keys that only its export has. In the keys that a rule makes there stands
behind a colon what the value is, before it where it was: ``data.post:text``.

Addresses that an export leaves out are made of its numbers as the services themselves make
them. The shapes were written down from general knowledge of these exports, not from files of them:
Twitter (archive, API 1.1, API 2), ActivityPub and Mastodon's API, Telegram Desktop, the
downloads of Facebook and Instagram, Bluesky, VK, Reddit, WordPress's REST API.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from rights_search.ingest.records import without_wrapper

Fields: TypeAlias = Mapping[str, Any]

NOBODY: Fields = {}
"""The holder of records that stand in no object."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Say why a record is no post, as the end of a sentence: the same words for all alike."""

    reason: str


def as_record(value: Fields, holder: Fields = NOBODY) -> Fields | LeftOut:
    """Return a decoded object under keys that `records.to_draft` understands.

    Args:
        value: any object; one of no known export comes back without its wrapper, if it has one.
        holder: the object whose list it stands in, which may say who wrote it.
    """
    for _ in range(_MAX_WRAPPERS):
        for key, rule in _RULES:
            if key in value:
                found = rule(value, holder)
                if found is not None:
                    return found
        inner = without_wrapper(value)
        if inner is value:
            break
        value = inner
    return value


_MAX_WRAPPERS = 3
NO_WORDS = LeftOut("without words, such as a picture alone")
MESSENGER_NOTE = LeftOut("a note of the messenger, such as that someone joined")


def _typed(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    match value:
        case {"type": "message", "date": str(), "text": str() | list()}:
            return _telegram(value, holder)
        case {"type": "service", "date": str(), "action": str()}:
            return MESSENGER_NOTE
        case {"type": "Create" | "Update", "object": dict(note)}:
            return _activity(value, note)
        case {"type": "Announce", "object": str()}:
            return LeftOut("a boost, of which the export holds no text")
        case _:
            return None


def _telegram(value: Fields, chat: Fields) -> Fields | LeftOut:
    pieces = value["text"] if isinstance(value["text"], list) else [value["text"]]
    text = "".join(piece if isinstance(piece, str) else _text(piece, "text") for piece in pieces)
    poll = value.get("poll")
    if isinstance(poll, dict):
        answers = [_text(answer, "text") for answer in _objects(poll.get("answers"))]
        text = "\n\n".join(filter(None, (text, _text(poll, "question"), *answers)))
    if not text.strip():
        return NO_WORDS
    entities = [*_objects(pieces), *_objects(value.get("text_entities"))]
    found = {
        "id": value.get("id"),
        "text": text,
        "date": value["date"],
        "edited:updated": value.get("edited"),
        "from:author": value.get("forwarded_from") or value.get("from"),
        "text_entities:tags": [
            _text(entity, "text").lstrip("#")
            for entity in entities
            if entity.get("type") == "hashtag"
        ],
        "name:site": chat.get("name"),
    }
    is_open = str(chat.get("type", "")).endswith(("_channel", "_supergroup"))
    if is_open and isinstance(chat.get("id"), int) and isinstance(value.get("id"), int):
        found["id:url"] = f"https://t.me/c/{chat['id']}/{value['id']}"
    return found


def _activity(value: Fields, note: Fields) -> Fields | None:
    if not isinstance(note.get("content"), str):
        return None
    languages = note.get("contentMap")
    actor = note.get("attributedTo") or value.get("actor")
    return {
        "id": note.get("id"),
        "object.content:html": note["content"],
        "object.summary:title": note.get("summary"),
        "object.published:date": note.get("published") or value.get("published"),
        "object.updated:updated": note.get("updated"),
        "object.url:url": note.get("url") or note.get("id"),
        "actor:author": actor.rstrip("/").rpartition("/")[2] if isinstance(actor, str) else actor,
        "object.contentMap:language": next(iter(languages))
        if isinstance(languages, dict) and len(languages) == 1
        else None,
        "object.attachment:captions": _texts(note.get("attachment"), "name"),
        "object.tag:tags": [
            _text(tag, "name").lstrip("#")
            for tag in _objects(note.get("tag"))
            if tag.get("type") == "Hashtag"
        ],
    }


def _status(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    """Return a post of Mastodon's API, of which a boost holds another one."""
    account, boosted = value.get("account"), value.get("reblog")
    if not isinstance(account, dict) or "content" not in value:
        return None
    if isinstance(boosted, dict):
        return _status({**boosted, "created_at": value.get("created_at")}, holder)
    if not _text(value, "content").strip() and not value.get("spoiler_text"):
        return NO_WORDS
    return {
        "id": value.get("id"),
        "content:html": value["content"],
        "spoiler_text:title": value.get("spoiler_text"),
        "created_at": value.get("created_at"),
        "edited_at:updated": value.get("edited_at"),
        "url": value.get("url") or value.get("uri"),
        "account:author": account,
        "language": value.get("language"),
        "media_attachments:captions": _texts(value.get("media_attachments"), "description"),
        "tags": value.get("tags"),
    }


def _archived(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    inner = value["tweet"]
    return as_record(inner, holder) if isinstance(inner, dict) else None


def _tweet(value: Fields, _: Fields) -> Fields | None:
    """Return a post of Twitter's archive or of its API 1.1."""
    if "full_text" not in value and not isinstance(value.get("user"), dict):
        return None
    reposted = value.get("retweeted_status")
    text = _tweet_text(value)
    if isinstance(reposted, dict):
        # The outer text breaks off where both do not fit.
        text = f"RT @{_text(reposted.get('user'), 'screen_name')}: {_tweet_text(reposted)}"
    entities = value.get("entities")
    user = value.get("user")
    return {
        "id": value["id_str"],
        "full_text:text": text,
        "created_at": value.get("created_at"),
        "lang": value.get("lang"),
        "user:author": user,
        "id_str:url": _tweet_address(_text(user, "screen_name"), value["id_str"]),
        "hashtags": _texts(entities.get("hashtags"), "text") if isinstance(entities, dict) else (),
    }


def _tweet_text(value: Fields) -> str:
    extended = value.get("extended_tweet")
    value = extended if isinstance(extended, dict) and "full_text" in extended else value
    text = html.unescape(_text(value, "full_text") or _text(value, "text"))
    entities = value.get("entities")
    return _with_addresses(text, entities if isinstance(entities, dict) else NOBODY)


def _with_addresses(text: str, entities: Fields) -> str:
    """Return the text of a tweet with the addresses that the shortened ones stand for."""
    for link in _objects(entities.get("urls")):
        short, whole = _text(link, "url"), _text(link, "expanded_url")
        if short and whole:
            text = text.replace(short, whole)
    return text


def _tweet_of_api_2(value: Fields, page: Fields) -> Fields | None:
    if not isinstance(value.get("text"), str) or "id" not in value:
        return None
    author = value.get("author")
    included = page.get("includes")
    if author is None and isinstance(included, dict):
        users = _objects(included.get("users"))
        author = next((user for user in users if user.get("id") == value["author_id"]), None)
    note = value.get("note_tweet")
    entities = value.get("entities")
    entities = entities if isinstance(entities, dict) else NOBODY
    text = html.unescape(_text(note, "text") or value["text"])
    return {
        "id": value["id"],
        "text": _with_addresses(text, entities),
        "created_at": value.get("created_at"),
        "lang": value.get("lang"),
        "author": author,
        "id:url": _tweet_address(_text(author, "username"), value["id"]),
        "hashtags": _texts(entities.get("hashtags"), "tag"),
    }


def _tweet_address(user: str, number: Any) -> str | None:
    if not isinstance(number, (str, int)):
        return None
    return f"https://twitter.com/{user or 'i/web'}/status/{number}"


def _facebook(value: Fields, _: Fields) -> Fields | LeftOut | None:
    if not isinstance(value.get("timestamp"), int):
        return None
    written = _texts(value.get("data"), "post")
    attached = [
        part for group in _objects(value.get("attachments")) for part in _objects(group.get("data"))
    ]
    media = _texts([part.get("media") for part in attached], "description")
    linked = [part.get("external_context") for part in attached]
    places = _texts([part.get("place") for part in attached], "name")
    texts = dict.fromkeys(
        (*written, *media, *_texts(linked, "name"), *_texts(attached, "text"))
    ) | dict.fromkeys(_texts(linked, "url"))
    if not texts:
        return NO_WORDS
    return {
        "data.post:text": "\n\n".join(map(_sound, texts)),
        "timestamp": value["timestamp"],
        "attachments.place:place": _sound(places[0]) if places else None,
        # "… shared a link.": what was done, and no title of what was written.
        "title:caption": _sound(_text(value, "title")),
    }


def _instagram(value: Fields, _: Fields) -> Fields | LeftOut | None:
    media = [item for item in _objects(value["media"]) if "creation_timestamp" in item]
    if not media:
        return None
    texts = dict.fromkeys(filter(None, (_text(value, "title"), *_texts(media, "title"))))
    if not texts:
        return NO_WORDS
    moment = value.get("creation_timestamp") or media[0]["creation_timestamp"]
    return {"title:text": "\n\n".join(map(_sound, texts)), "creation_timestamp:date": moment}


def _sound(text: str) -> str:
    """Return a text of Facebook's downloads, which spell each byte of UTF-8 as a character."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _bluesky(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    post = value.get("post")
    if isinstance(post, dict) and isinstance(post.get("record"), dict):
        return _bluesky(post, holder)
    record, author = value.get("record"), value.get("author")
    if not isinstance(record, dict) or "createdAt" not in record:
        return None
    if not _text(record, "text").strip():
        return NO_WORDS
    handle, address = _text(author, "handle"), _text(value, "uri")
    number = address.rpartition("/")[2]
    return {
        "id": address,
        "record.text:text": record["text"],
        "record.createdAt:date": record["createdAt"],
        "record.langs:language": record.get("langs"),
        "author": author,
        "uri:url": f"https://bsky.app/profile/{handle}/post/{number}"
        if handle and number
        else None,
    }


def _vk(value: Fields, _: Fields) -> Fields | LeftOut | None:
    match value:
        case {"date": int(), "text": str(), "owner_id": int(), "id": int()}:
            pass
        case _:
            return None
    text = "\n\n".join(filter(None, (value["text"], *_texts(value.get("copy_history"), "text"))))
    if not text.strip():
        return NO_WORDS
    return {
        "id": value["id"],
        "text": text,
        "date": value["date"],
        "owner_id:url": f"https://vk.com/wall{value['owner_id']}_{value['id']}",
    }


def _reddit(value: Fields, _: Fields) -> Fields | None:
    address = value["permalink"]
    if not isinstance(address, str) or not address.startswith("/r/"):
        return None
    linked = _text(value, "url")
    texts = [_text(value, "selftext"), _text(value, "body")]
    texts.append("" if address in linked else linked)
    author = _text(value, "author")
    return {
        "id": value.get("id"),
        "title": value.get("title"),
        "selftext:text": "\n\n".join(text for text in texts if text not in _GONE),
        "created_utc:date": value.get("created_utc"),
        "author": None if author in _GONE else author,
        "permalink:url": f"https://www.reddit.com{address}",
        "subreddit:site": f"r/{value['subreddit']}" if value.get("subreddit") else None,
    }


_GONE = ("", "[deleted]", "[removed]")


def _wordpress(value: Fields, _: Fields) -> Fields | None:
    """Return a post of the REST API, where people and labels are numbers unless embedded."""
    match value:
        case {"content": {"rendered": str()}, "guid": {"rendered": str()}}:
            pass
        case _:
            return None
    embedded = value.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else NOBODY
    terms = embedded.get("wp:term")
    labels = [name for group in terms for name in _texts(group, "name")] if terms else []
    authors = _texts(embedded.get("author"), "name")
    numbered = ("author", "categories", "tags")
    found = {key: inner for key, inner in value.items() if key not in (*numbered, "_embedded")}
    found |= {"_embedded.author:author": authors, "_embedded.wp:term:tags": labels}
    found["draft"] = value.get("status") not in (None, "publish")
    # They are named in a note, as keys that nobody knows.
    unnamed = {} if embedded else {f"{key} by number": value.get(key) for key in numbered}
    return found | unnamed


def _named(value: Fields, _: Fields) -> Fields | None:
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


def _linked_data(value: Fields, _: Fields) -> LeftOut | None:
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

_Rule: TypeAlias = Callable[[Fields, Fields], "Fields | LeftOut | None"]
# The key that has to be there, which is all that most records are asked for.
_RULES: tuple[tuple[str, _Rule], ...] = (
    ("type", _typed),
    ("@type", _linked_data),
    ("tweet", _archived),
    ("id_str", _tweet),
    ("author_id", _tweet_of_api_2),
    ("account", _status),
    ("attachments", _facebook),
    ("data", _facebook),
    ("media", _instagram),
    ("post", _bluesky),
    ("record", _bluesky),
    ("owner_id", _vk),
    ("permalink", _reddit),
    ("guid", _wordpress),
    ("user", _named),
)


def _objects(value: Any) -> Iterator[Fields]:
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )


def _text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _texts(values: Iterable[Any] | None, key: str) -> list[str]:
    """Return what the objects of a list say under a key, where they say anything."""
    found = [_text(value, key) for value in values] if isinstance(values, list) else []
    return [text for text in found if text.strip()]
