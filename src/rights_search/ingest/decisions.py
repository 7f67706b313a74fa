"""Where the values of a post come from, for people who check how a file is read."""

from __future__ import annotations

from rights_search.ingest.posts import publication
from rights_search.ingest.source import Draft, Source
from rights_search.languages import language_code


def decisions(draft: Draft, source: Source) -> dict[str, str]:
    """Return field of the post → where its value was found, or what stands in for it.

    Dates are not in it: they have an origin that stays with the post. Neither is what
    a reader keeps no record of.

    Args:
        draft: what the reader found.
        source: the file that it is from.
    """
    origins = dict(draft.origins)
    found = {
        "title": origins.get("title", "") if draft.title else "its first words",
        "text": _text(draft, origins),
        "source": publication(draft, source)[1],
    }
    if draft.page_country or source.settings.country:
        found["page_country"] = _default(draft.page_country, "country", draft, source)
    language = language_code(draft.language)
    if language or source.settings.language:
        found["language"] = _default(language, "language", draft, source)
    for name in ("authors", "role", "organisation", "place"):
        if name == "authors" and not draft.authors:
            found[name] = _by_others(source)
        if getattr(draft, name):
            # A byline gives all of these at once.
            found[name] = origins.get(name) or origins.get("authors", "")
    return {name: origin for name, origin in found.items() if origin}


def _by_others(source: Source) -> str:
    """Return where the authors were found of a post that names none itself."""
    if source.member and source.member.authors:
        return "named by what holds it"
    return dict(source.settings.origins).get("authors", "") if source.settings.authors else ""


def _text(draft: Draft, origins: dict[str, str]) -> str:
    if not draft.paragraphs:
        return "none"
    if "text" in origins or "summary" not in origins:
        return origins.get("text", "")
    return f"{origins['summary']}, for there is no text"


def _default(told: str | None, key: str, draft: Draft, source: Source) -> str:
    """Return where a value was found that settings may give under ``key``."""
    if told:
        origins = dict(draft.origins)
        return origins.get(key) or origins.get(f"page_{key}", "")
    return f"settings: {dict(source.settings.origins).get(key, 'given')}"
