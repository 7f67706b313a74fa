"""Records of social networks, messengers and blogs → the keys that the shared table knows.

These exports keep text, author or address where no name of a field would be looked for: a
message as a list of pieces, a boost inside of what was boosted, an address only as a number.
Each rule is told by keys that only its export has. In the keys that a rule makes there stands
behind a colon what the value is, before it where it was: ``data.post:text``.

Addresses that an export leaves out are made of its numbers as the services themselves make
them. The shapes are those of files that people and programs keep in public: archives of
Twitter, its APIs 1.1 and 2, ActivityPub and Mastodon's API, Telegram Desktop, Messenger, Discord,
the downloads of Facebook and Instagram, Bluesky, VK, Reddit and its dumps, YouTube, snscrape,
Telethon, CrowdTangle, ReliefWeb, FollowTheMoney, WordPress's REST API, Ghost.
"""

from __future__ import annotations

from rights_search.ingest.exports.chats import discord, messenger, telegram, telethon
from rights_search.ingest.exports.entities import entity
from rights_search.ingest.exports.films import comment_of_film, fetched_comment, film, youtube
from rights_search.ingest.exports.networks import (
    activity,
    bluesky,
    captioned,
    commented,
    crowdtangle,
    facebook,
    instagram,
    status,
)
from rights_search.ingest.exports.profiles import profile
from rights_search.ingest.exports.reddit import reddit
from rights_search.ingest.exports.sites import ghost, linked_data, named, reliefweb, wordpress
from rights_search.ingest.exports.tweets import scraped_tweet, tweet, tweet_of_api_2
from rights_search.ingest.exports.values import MESSENGER_NOTE, NOBODY, Fields, LeftOut, Rule
from rights_search.ingest.exports.vk import vk
from rights_search.ingest.records.draft import without_wrapper


def as_record(value: Fields, holder: Fields = NOBODY) -> Fields | LeftOut:
    """Return a decoded object under keys that `records.draft.to_draft` understands.

    Args:
        value: any object; one of no known export comes back without its wrapper, if it has one.
        holder: the object whose list it stands in, which may say who wrote it; as
            `exports.names.with_names` returns it.
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


def _typed(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    match value:
        case {"type": "message", "date": str(), "text": str() | list()} | {
            "type": "message",
            "date_unixtime": str(),
            "from_id": _,
        }:
            return telegram(value, holder)
        case {"type": "service", "action": str()}:
            return MESSENGER_NOTE
        case {"type": "Create" | "Update", "object": dict()}:
            return activity(value)
        case {"type": "Announce", "object": str()}:
            return LeftOut("a boost, of which the export holds no text")
        case {"type": str(), "inbox": str(), "outbox": str()}:
            return LeftOut("who has the account, and no post")
        case _:
            return None


def _listed(value: Fields, _: Fields) -> LeftOut | None:
    """Leave out what stands in a listing of Reddit for comments that are not in it."""
    is_more = value["kind"] == "more" and isinstance(value.get("data"), dict)
    return LeftOut("comments that would have to be fetched by themselves") if is_more else None


def _archived(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    inner = value["tweet"]
    return as_record(inner, holder) if isinstance(inner, dict) else None


# The key that has to be there, which is all that most records are asked for.
_RULES: tuple[tuple[str, Rule], ...] = (
    ("type", _typed),
    ("@type", linked_data),
    ("kind", _listed),
    ("tweet", _archived),
    ("_type", scraped_tweet),
    ("_", telethon),
    ("schema", entity),
    ("snippet", youtube),
    ("cid", fetched_comment),
    ("parent", comment_of_film),
    ("extractor", film),
    ("platformId", crowdtangle),
    ("fields", reliefweb),
    ("id_str", tweet),
    ("author_id", tweet_of_api_2),
    ("account", status),
    ("attachments", facebook),
    ("data", facebook),
    ("media", instagram),
    ("taken_at", captioned),
    ("string_map_data", commented),
    ("string_list_data", commented),
    ("post", bluesky),
    ("record", bluesky),
    ("value", bluesky),
    ("sender_name", messenger),
    ("timestampEdited", discord),
    ("owner_id", vk),
    ("to_id", vk),
    ("subreddit", reddit),
    ("permalink", reddit),
    ("guid", wordpress),
    ("comment_id", ghost),
    ("user", named),
    ("profile_user", profile),
    ("profile_v2", profile),
    ("profile", profile),
)
