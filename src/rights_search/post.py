"""The frozen values that travel through the whole pipeline.

A reader makes a `Post`, taggers add `Tag` values to it, an engine stores it
and a search gives it back. `rights_search.post_records` has the stored form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from rights_search.patterns import late
from rights_search.values import NamedTuple, dataclass, field, field_names

if TYPE_CHECKING:
    import datetime as dt

Precision = Literal["year", "month", "day"]

_BETWEEN = "\n\n"
_ISO_PREFIX = late(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z", re.ASCII)


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has; `calendar` knows, too, and imports `locale`."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] + (month == 2 and is_leap)  # noqa: PLR2004 - February


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as an ISO 8601 prefix that stands for a half-open interval of days.

    ``2019``, ``2019-09`` and ``2019-09-19`` are a year, a month and a day; what
    the source did not say is never filled in.

    Args:
        iso: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` in the proleptic Gregorian
            calendar.
        origin: where it came from, such as ``date line`` or ``front matter: date``.
        flags: what a reader of the date should know, such as
            ``ambiguous-day-month`` or ``circa``.

    Raises:
        ValueError: if ``iso`` is not such a prefix or names no real day.
    """

    iso: str
    origin: str = ""
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _ISO_PREFIX.match(self.iso):
            raise ValueError(f"not an ISO date prefix: {self.iso!r}")
        year, month, day = self._first
        is_day = year and 0 < month <= len(_DAYS) and 0 < day <= days_in_month(year, month)
        if not is_day:
            raise ValueError(f"no day of the calendar: {self.iso!r}")

    def __str__(self) -> str:
        return f"c. {self.iso}" if "circa" in self.flags else self.iso

    @property
    def precision(self) -> Precision:
        """Return the finest unit that the source gave."""
        match len(self.iso):
            case 4:
                return "year"
            case 7:
                return "month"
            case _:
                return "day"

    @property
    def year(self) -> int:
        """Return the year, which every precision has."""
        return int(self.iso[:4])

    @property
    def start(self) -> dt.date:
        """Return the first day of the interval."""
        import datetime as dt  # noqa: PLC0415 - a search shows dates and reckons with none

        return dt.date(*self._first)

    @property
    def _first(self) -> tuple[int, int, int]:
        year, month, day = (int(part) for part in (self.iso + "-01-01")[:10].split("-"))
        return year, month, day

    @property
    def last(self) -> dt.date:
        """Return the last day that is still inside the interval."""
        first = self.start
        match self.precision:
            case "year":
                return first.replace(month=12, day=31)
            case "month":
                return first.replace(day=days_in_month(first.year, first.month))
            case "day":
                return first


class Evidence(NamedTuple):
    """Why a tag was given: the field, the words found there and the rule.

    A tuple, for a post has some twenty: a frozen dataclass takes four times as long to make.

    Args:
        field: the post's field, such as ``title``, ``body`` or ``page_country``.
        words: the words as they stand in the post.
        rule: a short stable name of the rule, such as ``source label``,
            ``country name``, ``region``, ``strong term``.
        count: how often the words were found in that field.
        start: offset of the words' first character, where they stand first, in the
            field's text: in the title, in `Post.body`, in `joined` captions. None
            where the whole value is the reason, as with a source's label.
        end: offset behind their last character, or None.
    """

    field: str
    words: str
    rule: str
    count: int = 1  # type: ignore[assignment] # hides the method of tuples, which has no use here
    start: int | None = None
    end: int | None = None


make_evidence: Callable[[tuple[str, str, str, int, int, int]], Evidence] = partial(
    tuple.__new__, Evidence
)
"""Make evidence of a tuple of all its values, in a quarter of the time that a call takes."""


class Tag(NamedTuple):
    """A facet value of a post, with its reasons.

    A tuple, for a post has some ten: see `Evidence`.

    Args:
        value: a stable identifier: ISO 3166-1 alpha-2 for countries, a theme id,
            a place name in English.
        evidence: at least one reason, the strongest first.
    """

    value: str
    evidence: tuple[Evidence, ...]


make_tag: Callable[[tuple[str, tuple[Evidence, ...]]], Tag] = partial(tuple.__new__, Tag)
"""Make a tag as `make_evidence` does evidence."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a post stands in its source.

    Lines and bytes count in the decompressed file, or in the decompressed member of
    it if there is one.

    Args:
        path: the file, relative to the corpus root, with ``/`` separators.
        sha256: hex digest of the file's bytes as they are on disk.
        reader: name of the reader that made the post.
        line_start: first line of the post, 1-based.
        line_end: last line of the post, inclusive.
        byte_start: offset of the post's first byte, or None where the reader cannot
            tell.
        byte_end: offset behind its last byte, or None.
        encoding: the encoding that the bytes were decoded with.
        member: the path of the document inside of the file, where that is an archive
            or a mailbox; ``!/`` parts it from what it holds in turn.
        member_offset: the byte at which the member begins in its container as
            stored, compressed or not: for a record of a web archive the place that
            a CDX index gives.
        uri: the address that the document was got from, by the container's word.
        captured: when it was got, ISO 8601 in UTC.
        pages: the page of each paragraph, 1-based, where the document has pages.
    """

    path: str
    sha256: str
    reader: str
    line_start: int | None = None
    line_end: int | None = None
    byte_start: int | None = None
    byte_end: int | None = None
    encoding: str = "utf-8"
    member: str | None = None
    member_offset: int | None = None
    uri: str | None = None
    captured: str | None = None
    pages: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.name if self.line_start is None else f"{self.name}:{self.line_start}"

    @property
    def name(self) -> str:
        """Return the file's path, and behind ``!/`` the member's."""
        return self.path if self.member is None else f"{self.path}!/{self.member}"


@dataclass(frozen=True, slots=True)
class Post:
    """One post as its source gives it, with the tags that we add.

    Args:
        id: stable identifier, 12 hex digits, the same at every indexing of an
            unchanged source.
        title: the source's title, or one derived from the first sentence.
        title_derived: True when the source has no title.
        paragraphs: the body, one string a paragraph, white space normalised.
        provenance: where it stands in its source.
        date: when it was published.
        updated: when it was last changed, by the source's word.
        authors, role, organisation, place: the byline, taken apart.
        captions: captions of pictures, apart from the body.
        calls_to_action: lines such as "Sign petition".
        url: the post's own address, by the source's word.
        message_id: a mail's own identifier, without its brackets.
        answers: the identifiers of the mails that a mail answers, the nearest first.
        page_country: ISO code of the country that the whole page is about.
        language: ISO 639-1 code, or None where it is unknown.
        source: the publication that it comes from: a site's host or a name
            that the source gives, else the corpus's first folder, or the name in the letterhead
            of a press release where that folder is called by a number.
        source_countries: country labels of the source, as written.
        source_tags: other labels of the source, as written.
        notes: what the reader decided or doubted, one sentence each.
        countries: the countries that the post is about.
        mentions: every country that it names, those it is about included.
        places: regions and other places below a country.
        themes: human-rights themes.
        groups: groups of people that it is about.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...]
    provenance: Provenance
    title_derived: bool = False
    date: PartialDate | None = None
    updated: PartialDate | None = None
    authors: tuple[str, ...] = ()
    role: str | None = None
    organisation: str | None = None
    place: str | None = None
    captions: tuple[str, ...] = ()
    calls_to_action: tuple[str, ...] = ()
    url: str | None = None
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    page_country: str | None = None
    language: str | None = None
    source: str | None = None
    source_countries: tuple[str, ...] = ()
    source_tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    countries: tuple[Tag, ...] = field(default=())
    mentions: tuple[Tag, ...] = field(default=())
    places: tuple[Tag, ...] = field(default=())
    themes: tuple[Tag, ...] = field(default=())
    groups: tuple[Tag, ...] = field(default=())

    def __repr__(self) -> str:
        """Return a line that tells it from others: whole, a page of posts is 100 KB of text."""
        return f"<Post {self.id} {self.date or 'undated'} {self.title!r} {str(self.provenance)!r}>"

    @property
    def body(self) -> str:
        """Return the paragraphs as one text, a blank line between them."""
        return joined(self.paragraphs)

    @property
    def year(self) -> int | None:
        """Return the year of publication, or None where there is no date."""
        return None if self.date is None else self.date.year


def with_tags(post: Post, **values: Any) -> Post:
    """Return the post with other values in some fields, as `dataclasses.replace` does.

    Taggers use it: for the many fields of a post it takes a tenth of the time. A `draft` is
    not copied: its own fields are set.

    Raises:
        AttributeError: if a post has no such field.
    """
    is_draft = post.__class__ is _Draft
    copy = post if is_draft else draft(post)
    for name, value in values.items():
        setattr(copy, name, value)
    return copy if is_draft else frozen(copy)


def draft(post: Post) -> Post:
    """Return a copy whose fields `with_tags` sets in place, for several taggers in turn."""
    copy = _Draft.__new__(_Draft)
    _COPY_FIELDS(post, copy)
    return copy


def frozen(draft: Post) -> Post:
    """Make of a draft a post like others, and return it."""
    draft.__class__ = Post
    return draft


def joined(parts: tuple[str, ...]) -> str:
    """Return paragraphs or captions as the one text that offsets count in."""
    return _BETWEEN.join(parts)


def part_at(parts: tuple[str, ...], offset: int) -> int | None:
    """Return the index of the part in which an offset of the `joined` parts lies.

    None where it lies in no part, as an offset of another post may.
    """
    end = 0
    for number, part in enumerate(parts):
        end += len(part) + len(_BETWEEN)
        if offset < end:
            return number
    return None


def label_key(label: str) -> str:
    """Return a source's label as maps of labels compare it.

    Case and spaces do not matter, nor the sign of a hashtag.
    """
    return " ".join(label.casefold().split()).lstrip("#")


_POST_FIELDS = field_names(Post)


class _Draft(Post):
    """A post that can be written to. It has the same slots, so that it can become a frozen one."""

    __slots__ = ()
    # Both, for one slot of the class serves both: with the one of frozen posts, each
    # assignment would be a call.
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__


def _field_copier() -> Callable[[Post, _Draft], None]:
    """Return a function with one assignment a field, written out as `dataclasses` does it."""
    lines = (f"    copy.{name} = post.{name}" for name in _POST_FIELDS)
    namespace = dict[str, Any]()
    exec("\n".join(("def copy_fields(post, copy):", *lines)), namespace)  # noqa: S102 - our own names
    return cast("Callable[[Post, _Draft], None]", namespace["copy_fields"])


_COPY_FIELDS = _field_copier()
