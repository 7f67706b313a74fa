"""The stored form of a post: JSON in which evidence is numbers, and nothing stands twice.

Evidence names words of the post by their place, and tags name evidence by its number: written
out it would be two thirds of an index. Where the words at the place are not those of the
evidence, they stand beside it, so that what is read is what was stored.
"""

from __future__ import annotations

import json
from typing import Any

from rights_search.json_text import check_memory
from rights_search.post import Evidence, Post, Tag, joined, with_tags
from rights_search.post_records import checked, from_dict, to_dict

_MAX_WORDS_CHARS = 200
"""Longer evidence is written out: else a small record could stand for gigabytes of words."""
_MAX_MEMORY = 2 << 30
"""What was read is of at most 64 MiB, and takes less."""

_TAGS = ("countries", "mentions", "places", "themes", "groups")
_EVIDENCE = "evidence"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def pack(post: Post) -> bytes:
    """Return the stored form of a post: JSON, which cannot run code."""
    record = to_dict(post, without=_TAGS)
    numbers: dict[Evidence, int] = {}
    for name in _TAGS:
        tags: tuple[Tag, ...] = getattr(post, name)
        if tags:
            record[name] = [
                [tag.value, *[numbers.setdefault(why, len(numbers)) for why in tag.evidence]]
                for tag in tags
            ]
    if numbers:
        texts = _texts(post)
        record[_EVIDENCE] = [_short(why, texts) for why in numbers]
    return _encode(record).encode("utf-8", "surrogatepass")


def unpack(stored: bytes) -> Post:
    """Return the post that `pack` made ``stored`` of.

    Raises:
        ValueError: if it is damaged, or is no post.
    """
    try:
        check_memory(stored, _MAX_MEMORY)
        record = json.loads(stored.decode("utf-8", "surrogatepass"))
        listed = record.pop(_EVIDENCE, ())
        tags = {name: record.pop(name) for name in _TAGS if name in record}
        post = from_dict(record)
        texts = _texts(post)
        evidence = [_long(row, texts) for row in listed]
        return with_tags(
            post,
            **{name: tuple(_tag(row, evidence) for row in rows) for name, rows in tags.items()},
        )
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no post: {error}") from error


def _texts(post: Post) -> dict[str, str]:
    """Return the texts that offsets of evidence count in."""
    texts = {"title": post.title, "body": post.body}
    if post.captions:
        texts["captions"] = joined(post.captions)
    return texts


def _short(why: Evidence, texts: dict[str, str]) -> list[Any]:
    """Return field, rule, count, start and length, and the words unless they stand there."""
    field, words, rule, count, start, end = why
    if start is None or end is None:
        return [field, rule, count, start, end, words]
    length = end - start
    is_there = field in texts and texts[field][start:end] == words
    if is_there and len(words) <= _MAX_WORDS_CHARS:
        return [field, rule, count, start, length]
    return [field, rule, count, start, length, words]


def _long(row: list[Any], texts: dict[str, str]) -> Evidence:
    field, rule, count, start, length, *given = row
    end = length if start is None or length is None else start + length
    words = given[0] if given else texts[field][start:end]
    if not given and len(words) > _MAX_WORDS_CHARS:
        raise ValueError("evidence stands for more words than it may")
    return checked(Evidence(field, words, rule, count, start, end))


def _tag(row: list[Any], evidence: list[Evidence]) -> Tag:
    value, *numbers = row
    return checked(Tag(value, tuple(map(evidence.__getitem__, numbers))))
