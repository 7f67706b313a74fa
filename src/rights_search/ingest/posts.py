"""Draft + source → post: identity, derived title, normal forms."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from rights_search.errors import ReadError
from rights_search.ingest.paragraphs import tidy
from rights_search.ingest.records.values import host_of
from rights_search.ingest.sentences import headline
from rights_search.ingest.source import LETTERHEAD, NAMED, WEAK, Draft, Member, Source
from rights_search.languages import language_code
from rights_search.post import PartialDate, Post, Provenance

_ID_DIGITS = 12
_ID_TEXT_CHARS = 200


class PostMaker:
    """Makes the posts of one source, and keeps their identifiers apart.

    Args:
        source: the file that is being read.
        reader: the name of its reader, for the provenance.
        ids: as numbers, those that other members of the file on disk have; grows.
    """

    def __init__(self, source: Source, reader: str, ids: set[int] | None = None) -> None:
        self._source = source
        self._reader = reader
        self._ids: set[int] = set() if ids is None else ids
        self._seen: Counter[str] = Counter()

    def make(self, draft: Draft) -> Post | ReadError:
        """Return the draft as a post, or the error that it holds no text."""
        post_id = self.count(draft)
        if isinstance(post_id, ReadError):
            return post_id
        return _post(post_id, draft, self._source, self._reader)

    def count(self, draft: Draft) -> str | ReadError:
        """Return the identifier of a draft's post, or the error of `make`.

        It says how many drafts of the same identity came before, or more where the identifier is
        taken: 48 bits are few enough to make two records that share one, within a minute, and of
        two posts of one identifier a search would lose one.
        """
        if not draft.paragraphs and not tidy(draft.title or ""):
            # The notes say which keys were not understood: the likely cause.
            why = "".join(f" ({note})" for note in draft.notes)
            reason = f"has no text: neither a title nor a paragraph{why}"
            return ReadError(self._source.name, reason, line=draft.span.line_start)
        # The digest, not the identity: a large file would hold all its texts twice.
        identity = _identity(draft)
        plain = post_id = _digest(self._source, identity, 0)
        ordinal = self._seen[plain]
        if ordinal:
            post_id = _digest(self._source, identity, ordinal)
        while int(post_id, 16) in self._ids:
            ordinal += 1
            post_id = _digest(self._source, identity, ordinal)
        self._seen[plain] = ordinal + 1
        self._ids.add(int(post_id, 16))
        return post_id


def make_post(draft: Draft, source: Source, *, reader: str = "", ordinal: int = 0) -> Post:
    """Return ``draft`` as a post of ``source``.

    Args:
        draft: what a reader found; with a title or a paragraph.
        source: the file it comes from.
        reader: the reader's name.
        ordinal: how many records of the same identity stand before it in the file.
    """
    return _post(_digest(source, _identity(draft), ordinal), draft, source, reader)


def _post(post_id: str, draft: Draft, source: Source, reader: str) -> Post:
    title = composed(tidy(draft.title)) if draft.title else ""
    member = source.member or _NO_MEMBER
    return Post(
        id=post_id,
        title=title or headline(draft.paragraphs[0]),
        title_derived=not title,
        paragraphs=draft.paragraphs,
        date=_date(draft, member),
        updated=draft.updated,
        authors=tuple(map(composed, draft.authors or member.authors or source.settings.authors)),
        role=draft.role,
        organisation=draft.organisation and composed(draft.organisation),
        place=draft.place and composed(draft.place),
        captions=draft.captions,
        calls_to_action=draft.calls_to_action,
        url=draft.url,
        message_id=draft.message_id,
        answers=draft.answers,
        page_country=draft.page_country or source.settings.country,
        language=language_code(draft.language) or source.settings.language,
        # One line, whatever a folder may be called: it is a facet value.
        source=composed(" ".join(publication(draft, source)[0].split())),
        source_countries=tuple(dict.fromkeys(map(composed, draft.source_countries))),
        source_tags=tuple(dict.fromkeys(_tags(draft.source_tags))),
        notes=(*member.notes, *draft.notes),
        provenance=_provenance(draft, source, reader),
    )


def composed(name: str) -> str:
    """Return a name with each letter as one character: ``й`` as it is typed, not ``и`` and a sign.

    A Mac takes letters apart in the names of files and folders, and what is copied from them;
    facets would count both spellings by themselves.
    """
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _tags(labels: Iterable[str]) -> Iterator[str]:
    """Yield labels without the sign of a hashtag: a network has them bare, a page as it shows them.

    Several hashtags are often one label: ``#torture #prison``.
    """
    for label in labels:
        if not label.startswith("#"):
            yield composed(label)
            continue
        words = label.split()
        parts = words if all(word.startswith("#") for word in words) else [label]
        yield from (composed(bare) for part in parts if (bare := part.lstrip("#").strip(" ,")))


_NO_MEMBER = Member("")


def _date(draft: Draft, member: Member) -> PartialDate | None:
    """Return what the text says, else a day in its file's name, else the mail that it came with.

    A mail may pass on what is years old. What the file's properties say comes last.
    """
    date = draft.date
    is_weak = date is None or WEAK in date.flags or {NAMED, "ambiguous-day-month"} <= {*date.flags}
    return member.date or date if is_weak else date


def _provenance(draft: Draft, source: Source, reader: str) -> Provenance:
    span, member = draft.span, source.member or _NO_MEMBER
    return Provenance(
        path=source.file_name,
        sha256=source.sha256,
        reader=reader,
        line_start=span.line_start,
        line_end=span.line_end,
        byte_start=span.byte_start,
        byte_end=span.byte_end,
        encoding=draft.encoding,
        member=member.path or None,
        member_offset=member.offset,
        uri=source.url,
        captured=member.captured,
        pages=draft.pages,
    )


def _identity(draft: Draft) -> str:
    """Return what tells a record from the others of its file."""
    if draft.key:
        return f"key\0{draft.key}"
    if draft.url:
        return f"url\0{draft.url}"
    date = "" if draft.date is None else draft.date.iso
    text = "\n".join(draft.paragraphs[:_ID_TEXT_CHARS])[:_ID_TEXT_CHARS]
    return f"text\0{date}\0{draft.title or ''}\0{text}"


def _digest(source: Source, identity: str, ordinal: int) -> str:
    # What parts a member's path from its file's name stands in no name of a file.
    place = source.file_name if source.member is None else f"{source.file_name}\0{source.name}"
    whole = f"{place}\0{identity}\0{ordinal or ''}"
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:_ID_DIGITS]


def publication(draft: Draft, source: Source) -> tuple[str, str]:
    """Return the name of the publication that a post is from, and where it was found."""
    member, told = source.member or _NO_MEMBER, source.settings.source
    if draft.source_name:
        return draft.source_name, dict(draft.origins).get("source_name", "named by the source")
    address = draft.url or source.url
    host = host_of(address) if address else None
    folder, _, file = source.file_name.lstrip("/").partition("/")
    is_letterhead = ("organisation", LETTERHEAD) in draft.origins
    # Archives are often sorted by year, and "2014" published nothing.
    is_name = file and any(map(str.isalpha, folder))
    named = (
        (member.source_name, "named by what holds it"),
        (told, f"settings: {dict(source.settings.origins).get('source', 'given')}"),
        (host, "host of its address"),
        (folder if is_name else None, "first folder"),
        (draft.organisation if is_letterhead else None, LETTERHEAD),
        (folder if file else None, "first folder"),
        (folder.split(".", maxsplit=1)[0] or folder, "name of the file"),
    )
    return next((name, origin) for name, origin in named if name)
