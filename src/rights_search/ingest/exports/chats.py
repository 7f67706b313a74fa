"""Messages of Telegram Desktop and Telethon, of Facebook's Messenger and Instagram, of Discord.

Telegram writes a message as pieces of text, Facebook spells letters as bytes, Discord's
messages come from a widely used exporter. What a messenger itself notes is no post.
"""

from __future__ import annotations

from rights_search.ingest.exports.values import (
    MESSENGER_NOTE,
    NO_WORDS,
    Fields,
    LeftOut,
    fields_of,
    objects,
    sound,
    text,
    texts,
)


def telegram(value: Fields, chat: Fields) -> Fields | LeftOut:
    """Return a message of Telegram Desktop's ``result.json``."""
    entities = [*objects(value.get("text")), *objects(value.get("text_entities"))]
    said = _in_pieces(value["text"] if "text" in value else value.get("text_entities"))
    poll = fields_of(value.get("poll"))
    answers = texts(poll.get("answers"), "text")
    said = "\n\n".join(filter(None, (said, text(poll, "question"), *answers)))
    if not said.strip():
        return NO_WORDS
    found = {
        "id": value.get("id"),
        "text": said,
        "date": value.get("date") or value.get("date_unixtime"),
        "edited:updated": value.get("edited"),
        "from:author": value.get("forwarded_from") or value.get("from"),
        "text_entities:tags": [
            text(entity, "text").lstrip("#")
            for entity in entities
            if entity.get("type") == "hashtag"
        ],
        "name:site": chat.get("name"),
    }
    is_open = str(chat.get("type", "")).endswith(("_channel", "_supergroup"))
    if is_open and isinstance(chat.get("id"), int) and isinstance(value.get("id"), int):
        found["id:url"] = f"https://t.me/c/{chat['id']}/{value['id']}"
    return found


def telethon(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a message as Telethon writes it, who names people and channels by numbers."""
    if value["_"] in ("MessageService", "MessageEmpty"):
        return MESSENGER_NOTE
    if value["_"] not in ("Message", "message") or not isinstance(value.get("message"), str):
        return None
    if not value["message"].strip():
        return NO_WORDS
    passed_on, peer = fields_of(value.get("fwd_from")), fields_of(value.get("peer_id"))
    channel, number = peer.get("channel_id"), value.get("id")
    is_placed = isinstance(channel, int) and isinstance(number, int)
    return {
        "id": number,
        "message:text": value["message"],
        "date": value.get("date"),
        "edit_date:updated": value.get("edit_date"),
        "post_author:author": passed_on.get("from_name") or value.get("post_author"),
        "id:url": f"https://t.me/c/{channel}/{number}" if is_placed else None,
    }


def _in_pieces(value: object) -> str:
    pieces = value if isinstance(value, list) else [value]
    return "".join(piece if isinstance(piece, str) else text(piece, "text") for piece in pieces)


def messenger(value: Fields, chat: Fields) -> Fields | LeftOut | None:
    """Return a message of the downloads of Messenger and Instagram."""
    if "timestamp_ms" not in value:
        return None
    shared = fields_of(value.get("share"))
    said = dict.fromkeys((text(value, "content"), text(shared, "share_text"), text(shared, "link")))
    whole = "\n\n".join(filter(str.strip, said))
    if not whole:
        return NO_WORDS
    return {
        "content:text": sound(whole),
        "timestamp_ms:date": value["timestamp_ms"],
        "sender_name:author": sound(text(value, "sender_name")),
        "title:site": sound(text(chat, "title")),
    }


_SAID_BY_PEOPLE = ("Default", "Reply", "ThreadStarterMessage")


def discord(value: Fields, page: Fields) -> Fields | LeftOut | None:
    """Return a message of a channel that DiscordChatExporter saved."""
    author = value.get("author")
    if not isinstance(author, dict) or not isinstance(value.get("content"), str):
        return None
    if value.get("type") not in _SAID_BY_PEOPLE:
        return MESSENGER_NOTE
    cards = [
        part
        for embed in objects(value.get("embeds"))
        for part in (text(embed, "title"), text(embed, "description"))
    ]
    said = "\n\n".join(filter(str.strip, (value["content"], *cards)))
    if not said:
        return NO_WORDS
    guild, channel = fields_of(page.get("guild")), fields_of(page.get("channel"))
    names = (text(guild, "name"), text(channel, "name"))
    places = (text(guild, "id"), text(channel, "id"), text(value, "id"))
    return {
        "id": value.get("id"),
        "content:text": said,
        "timestamp": value.get("timestamp"),
        "timestampEdited:updated": value["timestampEdited"],
        "author": text(author, "nickname") or text(author, "name"),
        "channel:site": " / ".join(filter(None, names)),
        "id:url": f"https://discord.com/channels/{'/'.join(places)}" if all(places) else None,
    }
