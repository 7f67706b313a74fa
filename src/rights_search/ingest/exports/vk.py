"""Posts and comments of VK, as its API answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rights_search.ingest.exports.names import VK, names_in
from rights_search.ingest.exports.values import (
    NO_WORDS,
    Fields,
    LeftOut,
    fields_of,
    objects,
    text,
    texts,
)


def vk(value: Fields, holder: Fields) -> Fields | LeftOut | None:
    """Return a post of a wall or a comment, with what it passes on and what is attached to it.

    Who wrote it is known where the answer was asked for with ``extended=1``.
    """
    owner = value.get("owner_id", value.get("to_id"))
    match value:
        case {"date": int(), "text": str(), "id": int(number)} if isinstance(owner, int):
            pass
        case _:
            return None
    said = "\n\n".join(dict.fromkeys(filter(str.strip, _said(value))))
    if not said:
        return NO_WORDS
    names: Mapping[int, str] = names_in(holder, VK)
    post = value.get("post_id")
    place = f"{owner}_{number}" if post is None else f"{owner}_{post}?reply={number}"
    return {
        "id": place,
        "text": _MENTION.sub(r"\1", said),
        "date": value["date"],
        "from_id:author": _name(value, names),
        "owner_id:site": names.get(owner),
        "owner_id:url": f"https://vk.com/wall{place}",
    }


def _name(value: Fields, names: Mapping[int, str]) -> str | None:
    numbers = (value.get("signer_id"), value.get("from_id"))
    found = (names.get(number) for number in numbers if isinstance(number, int))
    return next(filter(None, found), None)


def _said(value: Fields) -> Iterator[str]:
    for post in (value, *objects(value.get("copy_history"))):
        yield text(post, "text")
        for attached in objects(post.get("attachments")):
            inner = fields_of(attached.get(text(attached, "type")))
            yield from (text(inner, name) for name in _WORDS)
            yield from texts(inner.get("answers"), "text")


_WORDS = ("question", "title", "text", "caption", "description")
# "[id1|A Name]", "[club2|A group]": who is meant, and what is shown.
_MENTION = re.compile(r"\[(?:id|club|public|event)\d+(?::[^|\]]*)?\|([^\[\]]*)\]")
