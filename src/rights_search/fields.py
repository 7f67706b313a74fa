"""The one table of fields, read by the parser, the engines, the CLI and the docs.

To add a field, add a row to `FIELDS`: a text field says which texts of a post it
holds, a facet which values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from rights_search.analysis import terms
from rights_search.post import Post, Tag
from rights_search.values import dataclass

VERSION = 5
"""Raised whenever an index built with the old table would answer wrongly."""

Kind = Literal["text", "facet", "date", "derived"]


def _same(value: str) -> str:
    return value


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a post as queries and indexes see it.

    Args:
        name: the canonical name, as written in a query before the colon.
        kind: ``text`` is analysed and ranked, ``facet`` is compared as a whole and
            counted, ``date`` is an interval, ``derived`` is worked out and in no index.
        help: one line for people.
        values: the texts or facet values of a post; empty for none.
        aliases: other names that a query may use.
        weight: BM25F weight of one occurrence; 0 keeps the field out of bare words.
        length_norm: BM25F ``b``, from 0 (length does not matter) to 1.
        key: facet value → what is compared; two values of one key are the same.
        example: how a query asks for it, for messages and the guide.
    """

    name: str
    kind: Kind
    help: str
    values: Callable[[Post], tuple[str, ...]]
    aliases: tuple[str, ...] = ()
    weight: float = 0.0
    length_norm: float = 0.0
    key: Callable[[str], str] = _same
    example: str = ""

    @property
    def is_default(self) -> bool:
        """Tell whether a word without a field is looked for here."""
        return self.weight > 0


def _optional(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _values(tags: tuple[Tag, ...]) -> tuple[str, ...]:
    return tuple(tag.value for tag in tags)


def _month(post: Post) -> tuple[str, ...]:
    """Return the month as the source has it: ``2014-02``, or ``c. 2014`` for less."""
    return () if post.date is None else (str(post.date).removesuffix(post.date.iso[7:]),)


def _without_circa(month: str) -> str:
    return month.removeprefix("c. ")


def _words(name: str) -> str:
    """Return a name as its words: case, accents and punctuation do not count."""
    return " ".join(terms(name)) or " ".join(name.split())


FIELDS: tuple[Field, ...] = (
    Field(
        "title",
        "text",
        "the title that the source gives",
        # A derived title repeats the body: counting it twice would favour such posts.
        lambda post: () if post.title_derived else (post.title,),
        weight=3.0,
        length_norm=0.3,
        example="title:strike",
    ),
    Field(
        "body", "text", "the paragraphs", lambda post: post.paragraphs,
        weight=1.0, length_norm=0.5, example="body:verdict",
    ),
    Field(
        "captions", "text", "captions of pictures", lambda post: post.captions,
        aliases=("caption",), weight=0.7, length_norm=0.3, example="captions:Marikana",
    ),
    Field(
        "author", "text", "who wrote it", lambda post: post.authors,
        aliases=("authors", "by"), weight=1.0, example="author:developers",
    ),
    Field(
        "organisation", "text", "the author's organisation or the publisher",
        lambda post: _optional(post.organisation),
        aliases=("organization", "org"), weight=0.5, example="organisation:Memorial",
    ),
    Field(
        "place", "text", "regions and cities that it is about, and where it was written",
        lambda post: (*_optional(post.place), *_values(post.places)),
        aliases=("places",), weight=1.0, example="place:Chechnya",
    ),
    Field(
        "role", "text", "the author's role", lambda post: _optional(post.role),
        weight=0.3, example="role:researcher",
    ),
    Field(
        "calls", "text", 'calls to action, such as "Sign petition"',
        lambda post: post.calls_to_action, aliases=("call", "cta"), example="calls:commemoration",
    ),
    Field(
        "url", "text", "words of its address", lambda post: _optional(post.url),
        example="url:notes",
    ),
    Field(
        "country", "facet", "a country that the post is about, by name or ISO code, or a region",
        lambda post: _values(post.countries), aliases=("countries", "about"),
        example="country:RU or country:Russia",
    ),
    Field(
        "mentions", "facet", "a country that the post names",
        lambda post: _values(post.mentions), aliases=("mention", "mentioned"),
        example="mentions:UA",
    ),
    Field(
        "theme", "facet", "a human-rights theme, by id or name, or a whole area",
        lambda post: _values(post.themes), aliases=("themes", "topic"), example="theme:torture",
    ),
    Field(
        "group", "facet", "a group of people that the post is about, by id or name",
        lambda post: _values(post.groups), aliases=("groups", "people"),
        example="group:children",
    ),
    Field(
        "year", "facet", "the year of publication",
        lambda post: () if post.year is None else (str(post.year),), aliases=("years",),
        example="year:2014 or year:2013..2019",
    ),
    Field(
        "month", "facet", "the month of publication; a year alone means that the month is unknown",
        _month, aliases=("months",), key=_without_circa, example="month:2014-02",
    ),
    Field(
        "location", "facet", "a region of a country that the post names, by any of its names",
        lambda post: _values(post.places), aliases=("locations",), example="location:Chechnya",
    ),
    Field(
        "language", "facet", "the language, by ISO 639-1 code or name",
        lambda post: _optional(post.language), aliases=("lang",), example="language:fr",
    ),
    Field(
        "source", "facet", "the publication, site or folder that it comes from",
        lambda post: _optional(post.source), aliases=("site",), key=_words,
        example="source:example.org",
    ),
    Field(
        "id", "facet", "the post's identifier", lambda post: (post.id,), example="id:0123456789ab",
    ),
    Field(
        "date", "date", "when it was published: a year, a month, a day or a range of them",
        lambda post: () if post.date is None else (post.date.iso,), aliases=("published",),
        example="date:2014-02 or date:2014-02-01..2014-03",
    ),
    Field(
        "has", "derived", "a field that must be known, by its name",
        lambda _: (), example="has:date",
    ),
    Field(
        "is", "derived", "what the post is to others: original, copy or follow-up",
        lambda _: (), example="is:original",
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}

TEXT_FIELDS = tuple(field for field in FIELDS if field.kind == "text")
DEFAULT_FIELDS = tuple(field for field in FIELDS if field.is_default)
FACETS = tuple(field for field in FIELDS if field.kind == "facet" and field.name != "id")


def find(name: str) -> Field | None:
    """Return the field of that name or alias, in any case; None if there is none."""
    return _BY_ANY_NAME.get(name.lower())


def find_facet(name: str) -> Field | None:
    """Return the facet of that name or alias; None if there is none.

    The words of a place cannot be counted: ``place`` means the places that are known.
    """
    field = find(name)
    if field is not None and field.name == "place":
        return BY_NAME["location"]
    return field if field in FACETS else None


_BY_ANY_NAME: Mapping[str, Field] = {
    name: field for field in FIELDS for name in (field.name, *field.aliases)
}
