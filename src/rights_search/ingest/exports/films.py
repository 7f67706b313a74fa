"""Films of YouTube and the comments on them: its API, yt-dlp, and tools that fetch comments."""

from __future__ import annotations

from rights_search.ingest.exports.values import Fields, LeftOut, fields_of, text


def youtube(value: Fields, _: Fields) -> Fields | LeftOut | None:
    """Return a film or a comment of YouTube's API; those that answer one stand in it."""
    kind, snippet = value.get("kind"), fields_of(value["snippet"])
    if not isinstance(kind, str) or not kind.startswith("youtube#"):
        return None
    first = fields_of(snippet.get("topLevelComment"))
    if first:
        return _comment(first)
    return _comment(value) if kind == "youtube#comment" else _film(value, snippet)


def _comment(value: Fields) -> Fields:
    said = fields_of(value.get("snippet"))
    film, number, published = text(said, "videoId"), value.get("id"), said.get("publishedAt")
    written = text(said, "textOriginal")
    return {
        "id": number,
        "snippet.textOriginal:text": written,
        "snippet.textDisplay:html": None if written else said.get("textDisplay"),
        "snippet.publishedAt:date": published,
        "snippet.updatedAt:updated": _if_other(said.get("updatedAt"), published),
        "snippet.authorDisplayName:author": said.get("authorDisplayName"),
        "id:url": _address(film, number),
    }


def _film(value: Fields, snippet: Fields) -> Fields | LeftOut:
    number = value.get("id")
    number = number.get("videoId") if isinstance(number, dict) else number
    number = text(snippet.get("resourceId"), "videoId") or number
    if value["kind"] in ("youtube#channel", "youtube#playlist") or not isinstance(number, str):
        return LeftOut("a channel or a list of films, and no film")
    return {
        "id": number,
        "snippet.title:title": snippet.get("title"),
        "snippet.description:text": snippet.get("description"),
        "snippet.publishedAt:date": snippet.get("publishedAt"),
        "snippet.channelTitle:author": snippet.get("channelTitle"),
        "snippet.tags:tags": snippet.get("tags"),
        "snippet.defaultLanguage:language": snippet.get("defaultLanguage")
        or snippet.get("defaultAudioLanguage"),
        "id:url": _address(number, None),
    }


def fetched_comment(value: Fields, _: Fields) -> Fields | None:
    """Return a comment of a tool that calls its number ``cid`` (youtube-comment-downloader)."""
    written = text(value, "text") or text(value, "comment")
    if not written or not _OF_COMMENTS & value.keys():
        return None
    page, number = text(value, "pageUrl"), value["cid"]
    return {
        "cid:id": number,
        "text": written,
        # "2 years ago" is no date.
        "time_parsed:date": value.get("time_parsed") or value.get("date"),
        "author": value.get("author"),
        "cid:url": _address(text(value, "videoId"), number) or (page and f"{page}&lc={number}"),
    }


# Others call numbers so, too: Bluesky those of records.
_OF_COMMENTS = frozenset(("time_parsed", "votes", "videoId", "pageUrl"))


def comment_of_film(value: Fields, holder: Fields) -> Fields | None:
    """Return a comment that stands in what yt-dlp writes about a film."""
    if not is_film(holder) or not isinstance(value.get("text"), str):
        return None
    page, number = text(holder, "webpage_url"), value.get("id")
    return {
        "id": number,
        "text": value["text"],
        "timestamp:date": value.get("timestamp"),
        "author": value.get("author"),
        "id:url": f"{page}&lc={number}" if "youtube.com/" in page and number else None,
    }


def film(value: Fields, _: Fields) -> Fields | None:
    """Return a film as yt-dlp describes it."""
    if not is_film(value):
        return None
    return {key: value.get(key) for key in _FILM if value.get(key) is not None}


def is_film(value: Fields) -> bool:
    """Say whether an object is what yt-dlp writes about a film."""
    return "extractor" in value and isinstance(value.get("webpage_url"), str)


_FILM = (
    *("id", "title", "description", "upload_date", "timestamp", "uploader", "webpage_url"),
    *("tags", "language", "location"),
)


def _address(film_number: str, number: object) -> str | None:
    if not film_number:
        return None
    address = f"https://www.youtube.com/watch?v={film_number}"
    return f"{address}&lc={number}" if number else address


def _if_other(updated: object, published: object) -> object:
    return None if updated == published else updated
