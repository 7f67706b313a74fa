"""What all citations of a post have in common, before a format spells it.

Nothing is made up. A date has the parts that the source gave. An author's name stays
whole: which word of it is the family name, the source does not say, and a guess would
be wrong for many of the world's names. A title that we derived stands in square
brackets, as cataloguers mark a title that they supply.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from rights_search.post import PartialDate, Post
from rights_search.safe_text import safe

Spell: TypeAlias = Callable[[str], str]

_WEB = frozenset({"http", "https", "ftp"})
_NO_KEY = re.compile(r"[^0-9A-Za-z-]")
_URL_SIGNS = "!#$%&'()*+,/:;=?@[]~-._"


def key(post: Post) -> str:
    """Return the id. Those that we give are hexadecimal, but an index may say anything."""
    return _NO_KEY.sub("", post.id)


def title(post: Post) -> str:
    """Return the title, in brackets where the source has none."""
    words = safe(post.title)
    return f"[{words}]" if post.title_derived else words


def authors(post: Post) -> tuple[str, ...]:
    """Return the names of those who wrote it, each as the source has it."""
    return _texts(post.authors)


def publisher(post: Post) -> str:
    """Return the organisation, or an empty string."""
    return safe(post.organisation or "").strip()


def publication(post: Post) -> str:
    """Return the site, paper or folder that it comes from, or an empty string."""
    return safe(post.source or "").strip()


def language(post: Post) -> str:
    """Return the code of the language, or an empty string."""
    return safe(post.language or "").strip()


def date_parts(date: PartialDate) -> tuple[int, ...]:
    """Return year, month and day, as many of them as are known."""
    return tuple(int(part) for part in date.iso.split("-"))


def is_circa(date: PartialDate) -> bool:
    """Tell whether the source itself calls the date an estimate."""
    return "circa" in date.flags


def url(post: Post) -> str:
    """Return the address on the web in ASCII, or an empty string.

    What an address may not hold, such as a space, a brace or a letter beyond ASCII,
    is percent-encoded. Addresses of another kind, such as ``javascript:``, are none.
    """
    address = safe(post.url or "").strip()
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    return quote(address, safe=_URL_SIGNS) if scheme in _WEB else ""


def accessed(post: Post) -> dt.date | None:
    """Return the day on which the page was got, where an archive of the web says so."""
    captured = post.provenance.captured
    try:
        return dt.date.fromisoformat(captured[:10]) if captured else None
    except ValueError:
        return None


def place(post: Post) -> str:
    """Return where the post stands in the corpus, so that others can find it again."""
    where = post.provenance
    parts = [safe(where.name)]
    if where.line_start is not None:
        what = "row" if where.reader == "sheet" else "line"
        parts.append(_span(what, where.line_start, where.line_end))
    if where.byte_start is not None:
        parts.append(_span("byte", where.byte_start, where.byte_end))
    if where.pages:
        parts.append(_span("page", min(where.pages), max(where.pages)))
    return f"{', '.join(parts)}; SHA-256 {safe(where.sha256)}; id {key(post)}"


def text(post: Post) -> str:
    """Return the citation as one line of plain text."""
    return ". ".join(parts(post, lambda words: words, lambda words: words, lambda words: words))


def parts(post: Post, spell: Spell, publication_as: Spell, url_as: Spell) -> Iterator[str]:
    """Yield the parts of a citation that people read: author, title, source and date, address.

    Args:
        post: what is cited.
        spell: makes a text safe for a format.
        publication_as: marks the name of the publication up, once it is safe.
        url_as: marks the address up.
    """
    names = ", ".join(map(spell, authors(post)))
    if names:
        yield names
    yield f"“{spell(title(post))}”"
    where, by = spell(publication(post)), spell(publisher(post))
    by = "" if by == where else by
    date = "undated" if post.date is None else str(post.date)
    source = ", ".join(part for part in (where and publication_as(where), by, date) if part)
    yield f"{source} {spell(f'[{language(post)}]')}" if language(post) else source
    if address := url(post):
        yield url_as(address)


def _span(unit: str, first: int, last: int | None) -> str:
    is_one = last is None or last == first
    return f"{unit} {first}" if is_one else f"{unit}s {first}-{last}"


def _texts(values: tuple[str, ...]) -> tuple[str, ...]:
    texts = (safe(value).strip() for value in values)
    return tuple(value for value in texts if value)
