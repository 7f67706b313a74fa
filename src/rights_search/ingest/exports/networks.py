"""Posts of social networks as they let one download them, and as their interfaces answer.

Mastodon and other networks of ActivityPub, Facebook, Instagram, CrowdTangle, Bluesky.
What a picture is described with stands in for the text of a post that has no other.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import chain
from typing import Any

from rights_search.ingest.exports.values import (
    NO_WORDS,
    Fields,
    LeftOut,
    fields_of,
    label_of,
    objects,
    sound,
    text,
    texts,
)


def activity(value: Fields) -> Fields | LeftOut | None:
    """Return what was posted by an activity of ActivityPub, such as those of ``outbox.json``."""
    note = fields_of(value.get("object"))
    if not isinstance(note.get("content"), str):
        return None
    # What can be answered to a question: one of them, or any.
    answers = texts(note.get("oneOf"), "name") or texts(note.get("anyOf"), "name")
    written = _written("object.content:html", note, answers, texts(note.get("attachment"), "name"))
    title = note.get("name") or note.get("summary")
    if not written and not title:
        return NO_WORDS
    languages = list(fields_of(note.get("contentMap")))
    actor = note.get("attributedTo") or value.get("actor")
    return {
        "id": note.get("id"),
        **written,
        "object.summary:title": title,
        "object.published:date": note.get("published") or value.get("published"),
        "object.updated:updated": note.get("updated"),
        "object.url:url": note.get("url") or note.get("id"),
        "actor:author": actor.rstrip("/").rpartition("/")[2] if isinstance(actor, str) else actor,
        "object.contentMap:language": languages[0] if len(languages) == 1 else None,
        "object.tag:tags": [
            text(tag, "name").lstrip("#")
            for tag in objects(note.get("tag"))
            if tag.get("type") == "Hashtag"
        ],
    }


def status(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    """Return a post of Mastodon's API, of which a boost holds another one."""
    account, boosted = value.get("account"), value.get("reblog")
    if not isinstance(account, dict) or not isinstance(value.get("content"), str):
        return None
    if isinstance(boosted, dict):
        return status({**boosted, "created_at": value.get("created_at")}, holder)
    answers = texts(fields_of(value.get("poll")).get("options"), "title")
    described = texts(value.get("media_attachments"), "description")
    written = _written("content:html", value, answers, described)
    if not written and not value.get("spoiler_text"):
        return NO_WORDS
    return {
        "id": value.get("id"),
        **written,
        "spoiler_text:title": value.get("spoiler_text"),
        "created_at": value.get("created_at"),
        "edited_at:updated": value.get("edited_at"),
        "url": value.get("url") or value.get("uri"),
        "account:author": account,
        "language": value.get("language"),
        "tags": value.get("tags"),
    }


def _written(key: str, value: Fields, answers: list[str], described: list[str]) -> Fields:
    """Return the text and the captions of a post under their keys; nothing for no words."""
    said = [text(value, "content"), *(f"<p>{html.escape(answer)}</p>" for answer in answers)]
    said = list(filter(str.strip, said))
    if said:
        return {key: said, "description:captions": described}
    return {"description:text": described} if described else {}


def facebook(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a post or a comment of Facebook's downloads, with what is attached to it."""
    if not isinstance(value.get("timestamp"), int):
        return None
    attached = [
        part for group in objects(value.get("attachments")) for part in objects(group.get("data"))
    ]
    linked = [part.get("external_context") for part in attached]
    events = [part.get("event") for part in attached]
    places = [part.get("place") for part in (*attached, *objects(events))]
    comments = [part.get("comment") for part in objects(value.get("data"))]
    written = texts(value.get("data"), "post")
    said = dict.fromkeys(
        chain(
            written,
            texts(comments, "comment"),
            texts([part.get("media") for part in attached], "description"),
            texts(linked, "name"),
            texts(attached, "text"),
            texts(events, "name"),
            texts(events, "description"),
            texts(linked, "url"),
        )
    )
    if not said:
        return NO_WORDS
    place = next(iter(texts(places, "name")), None)
    author = next(iter(texts(comments, "author")), None)
    return {
        "data.post:text" if written or not author else "data.comment:text": _joined(said),
        "timestamp": value["timestamp"],
        "data.comment.author:author": author and sound(author),
        "attachments.place:place": place and sound(place),
        # "… shared a link.": what was done, and no title of what was written.
        "title:caption": sound(text(value, "title")),
    }


def instagram(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a post of Instagram's downloads: its words are the titles of its pictures."""
    media = [item for item in objects(value["media"]) if "creation_timestamp" in item]
    if not media:
        return None
    said = dict.fromkeys(filter(None, (text(value, "title"), *texts(media, "title"))))
    if not said:
        return NO_WORDS
    moment = value.get("creation_timestamp") or media[0]["creation_timestamp"]
    return {"title:text": _joined(said), "creation_timestamp:date": moment}


_NO_POST = LeftOut("what was liked, followed, searched for or set, and no post")
_COMMENTS = frozenset(
    (
        *("comment", "commentaire", "comentario", "комментарий", "تعليق", "التعليق"),
        *("kommentar", "comentário"),
    )
)


def commented(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a comment of Instagram's downloads, of which the user's language labels the values.

    What else stands in such a form, under the name of an account for a title, is no post.
    """
    labelled = value.get("string_map_data")
    if not isinstance(labelled, dict):
        return _NO_POST if isinstance(value.get("string_list_data"), list) else None
    words = (text(found, "value") for key, found in labelled.items() if label_of(key) in _COMMENTS)
    said = next(filter(str.strip, words), "")
    # Of all values only that of the moment has one.
    moments = [found.get("timestamp") for found in objects([*labelled.values()])]
    moment = next((found for found in moments if found), None)
    return {"comment:text": sound(said), "timestamp": moment} if said and moment else _NO_POST


def captioned(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a picture of Instagram's downloads before 2020, whose posts these were."""
    if "path" not in value or not isinstance(value.get("caption", ""), str):
        return None
    if not text(value, "caption").strip():
        return NO_WORDS
    return {
        "caption:text": sound(value["caption"]),
        "taken_at:date": value["taken_at"],
        "location:place": sound(text(value, "location")),
    }


def crowdtangle(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a post of CrowdTangle's API: its title is that of what it links to."""
    account = value.get("account")
    if not isinstance(account, dict) or "date" not in value:
        return None
    linked = (text(value, "title"), text(value, "description"), text(value, "imageText"))
    said = text(value, "message") or "\n\n".join(filter(str.strip, linked))
    if not said.strip():
        return NO_WORDS
    return {
        "platformId:id": value["platformId"],
        "message:text": said,
        "date": value["date"],
        "account:author": account,
        "postUrl:url": value.get("postUrl"),
        "languageCode:language": value.get("languageCode"),
    }


def _joined(said: Iterable[str]) -> str:
    return "\n\n".join(map(sound, said))


def bluesky(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    """Return a post of Bluesky: of a feed, or a record of its author's repository."""
    post, author = value.get("post"), value.get("author")
    # An item of a newer kind of thread has its post one level down.
    post = post or fields_of(value.get("value")).get("post")
    if isinstance(post, dict) and isinstance(post.get("record"), dict):
        return bluesky(post, holder)
    record = fields_of(value.get("record") or value.get("value"))
    if not isinstance(record.get("text"), str) or "createdAt" not in record:
        return None
    embed = fields_of(record.get("embed"))
    # Pictures beside a quoted post stand one level down.
    embed = fields_of(embed.get("media")) or embed
    card = fields_of(embed.get("external"))
    described = texts(embed.get("images"), "alt")
    said = [record["text"], text(card, "title"), text(card, "description")]
    said = list(filter(str.strip, said)) or described
    if not said:
        return NO_WORDS
    address = text(value, "uri")
    account, number = _place_of(address)
    account = text(author, "handle") or account
    return {
        "id": address,
        "record.text:text": "\n\n".join(said),
        "record.createdAt:date": record["createdAt"],
        "record.langs:language": record.get("langs"),
        "author": text(author, "displayName") or text(author, "handle"),
        "uri:url": f"https://bsky.app/profile/{account}/post/{number}"
        if account and number
        else None,
        "embed.images:captions": described if described != said else (),
        "record.facets:tags": [
            *_listed(record.get("tags")),
            *(
                text(feature, "tag")
                for facet in objects(record.get("facets"))
                for feature in objects(facet.get("features"))
            ),
        ],
    }


def _place_of(address: str) -> tuple[str, str]:
    """Return whose repository an ``at://`` address names, and the number of the record in it."""
    parts = address.removeprefix("at://").split("/")
    return (parts[0], parts[-1]) if len(parts) > 1 else ("", "")


def _listed(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
