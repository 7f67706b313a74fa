"""Our fields as a Tantivy schema, and a post as a Tantivy document.

Tantivy gets the terms of `rights_search.analysis`, joined by spaces, which no term
holds, and takes them apart again. Each text field is there twice at the same positions:
its words as written and their stems by the rules of the post's language, so that a word
with its inflections is one list of postings. What a bare word looks into, all default
fields together, is one field more: Tantivy weighs each field for itself, and a word
that stands in title and body would count twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TypeAlias, get_args

import tantivy

from rights_search import fields
from rights_search.analysis import OfPiece, terms_of_piece
from rights_search.engines.stored import pack
from rights_search.post import PartialDate, Post
from rights_search.words import inflection
from rights_search.words.inflection import rules_for
from rights_search.words.scripts import Script, script_of

VERSION = 3
"""Raised whenever an index built before would answer wrongly."""

ANY = "any"
"""Stands for all default fields together, the title as often as it weighs."""

ANALYSER = "spaces"

PATH = "path"
SINCE = "since"
"""The commit that a post came with: what deletes the committed posts of a file alone."""

HAS = "has"
NUMBER = "number"
"""The id of a post, as a number."""

FIRST_DAY, LAST_DAY = "first_day", "last_day"
NEWEST, OLDEST = "newest", "oldest"
"""Numbers by which posts are sorted: downwards the newest first, upwards the oldest."""

STORED = "post"

COMMIT = f"commit{VERSION}"
COMMIT_TERM = "commit"
"""Marks the one document that is no post: it says which commit this is."""
GENERATION = "generation"

Prepared: TypeAlias = dict[str, str | int | bytes | list[str]]
"""Tantivy field → its value or values, which processes can send to each other."""

_ID = re.compile(r"[0-9a-f]{12}\Z")
_HEX_DIGITS, _ID_DIGITS = frozenset("0123456789abcdef"), 12
_ID_BITS = 48
_SPAN_BITS = 9
_TIE_BITS = 33
_MOST = (1 << 64) - 1


def words(field: str) -> str:
    """Return the name of the Tantivy field that holds a text field as written."""
    return f"{field}_words"


def stems(field: str) -> str:
    """Return the name of the Tantivy field that holds the stems of a text field.

    Other rules are another field: an index that was made with others is not read.
    """
    return f"{field}_stems{inflection.VERSION}"


def keys(field: str) -> str:
    """Return the name of the Tantivy field that a facet is found by."""
    return f"{field}_keys"


def values(field: str) -> str:
    """Return the name of the Tantivy column that a facet is counted by."""
    return f"{field}_values"


@cache
def make_schema() -> tantivy.Schema:
    """Return the schema of an index."""
    build = tantivy.SchemaBuilder()
    for name in (ANY, *(field.name for field in fields.TEXT_FIELDS)):
        # What has a place, phrases and the like, is looked for a field at a time.
        option = "freq" if name == ANY else "position"
        build.add_text_field(words(name), tokenizer_name=ANALYSER, index_option=option)
        build.add_text_field(stems(name), tokenizer_name=ANALYSER, index_option=option)
    for field in fields.FACETS:
        build.add_text_field(keys(field.name), tokenizer_name="raw", index_option="basic")
        build.add_text_field(
            values(field.name), tokenizer_name="raw", index_option="basic", fast=True
        )
    for name in (PATH, SINCE, HAS, COMMIT):
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (NUMBER, FIRST_DAY, LAST_DAY, NEWEST, OLDEST, GENERATION):
        build.add_unsigned_field(name, indexed=name == NUMBER, fast=True)
    build.add_bytes_field(STORED, stored=True)
    return build.build()


def field_names() -> frozenset[str]:
    """Return the names of all Tantivy fields of the schema."""
    of_text = (ANY, *(field.name for field in fields.TEXT_FIELDS))
    return frozenset({
        *map(words, of_text), *map(stems, of_text),
        *(keys(field.name) for field in fields.FACETS),
        *(values(field.name) for field in fields.FACETS),
        PATH, SINCE, HAS, COMMIT, NUMBER, FIRST_DAY, LAST_DAY, NEWEST, OLDEST, GENERATION, STORED,
    })  # fmt: skip


def register(index: tantivy.Index) -> None:
    """Tell an index how its texts are taken apart: Tantivy does not store it."""
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(ANALYSER, analyser)


# --- terms ------------------------------------------------------------------------


@cache
def rules_name(language: str | None) -> str:
    """Return a name that languages share if they inflect the words of every script alike.

    It stands before every stem, so it is short: of the rules by which most languages inflect the
    words of other scripts nothing is said, and so nothing at all for English.
    """
    parts: list[str] = []
    for number, script in enumerate(get_args(Script)):
        rules = rules_for(language, script)
        if rules is not rules_for(None, script):
            parts.append(rules.name if rules else f"-{number}")
    return "".join(parts)


def stem_term(term: str, language: str | None) -> str:
    """Return what stands for a term and its inflections in posts of a language."""
    return _stem_terms(language)[term]


class _StemTerms(dict[str, str]):
    """Term → what stands for it in languages of the same rules; to look it up costs no call."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language
        self.of_pieces = OfPiece(self._of_piece)
        """Piece of a text → what stands for its terms, as one text."""
        self._begin = f"{rules_name(language)}:"

    def __missing__(self, term: str) -> str:
        if len(self) >= _MAX_STEM_TERMS:
            self.clear()
        rules = rules_for(self._language, script_of(term))
        # Not `stem`, which keeps what it returns as well.
        made = self[term] = self._begin + (rules.stem(term) if rules else term)
        return made

    def _of_piece(self, piece: str) -> str:
        held = _WORDS[piece]  # of a text of which the words were asked for just before
        return " ".join(map(self.__getitem__, held.split()))


_MAX_STEM_TERMS = 100_000
_TABLES: dict[str, _StemTerms] = {}


@cache
def _stem_terms(language: str | None) -> _StemTerms:
    return _TABLES.setdefault(rules_name(language), _StemTerms(language))


# Most pieces of a text were seen before: what is indexed of each is looked up as one text, and
# no term is looked at by itself.
def _words_of(piece: str) -> str:
    found = " ".join(terms_of_piece(piece))
    # What is found lies beside what is looked for, if that is the same text.
    return piece if found == piece else found


_WORDS = OfPiece(_words_of)


def source_key(path: str) -> str:
    """Return the term that a source file is found by: a name may not be valid UTF-8."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def number_of(post_id: str) -> int | None:
    """Return the number of a post id, None for what is none."""
    return int(post_id, 16) if _ID.match(post_id) else None


def numbers_of(ids: Sequence[str]) -> list[int]:
    """Return the numbers of posts, of which there may be thousands.

    Raises:
        KeyError: if one is no id.
    """
    if not _HEX_DIGITS.issuperset("".join(ids)) or {*map(len, ids)} - {_ID_DIGITS}:
        raise KeyError(next(post_id for post_id in ids if number_of(post_id) is None))
    return [int(post_id, 16) for post_id in ids]


def id_of(number: int) -> str:
    """Return the post id of a number."""
    return f"{number:012x}"


# --- documents ----------------------------------------------------------------------


def prepare(post: Post) -> Prepared:
    """Return what is indexed and stored of a post, but what `document` derives from it.

    Raises:
        ValueError: if the id of the post is not 12 hex digits.
    """
    number = number_of(post.id)
    if number is None:
        raise ValueError(f"a post's id must be 12 hex digits, not {post.id!r}")
    newest, oldest = _sort_keys(post.date, number)
    made: Prepared = {
        PATH: source_key(post.provenance.path),
        NUMBER: number,
        NEWEST: newest,
        OLDEST: oldest,
        STORED: pack(post),
    }
    given = {field.name: found for field in fields.FIELDS if (found := field.values(post))}
    known = made[HAS] = list(given)
    word, stem = _WORDS.__getitem__, _stem_terms(post.language).of_pieces.__getitem__
    for field in fields.TEXT_FIELDS:
        pieces = " ".join(given.get(field.name, ())).split()
        held = " ".join(filter(None, map(word, pieces)))
        if held:
            made[words(field.name)] = held
            made[stems(field.name)] = " ".join(filter(None, map(stem, pieces)))
        elif field.name in known:
            known.remove(field.name)  # of a text, a word must be known
    for field in fields.FACETS:
        found = given.get(field.name, ())
        made[values(field.name)] = list(found)
        made[keys(field.name)] = list(map(_KEYS[field.name], found))
    if post.date is not None:
        made[FIRST_DAY] = post.date.start.toordinal()
        made[LAST_DAY] = post.date.last.toordinal()
    return made


# A key is worked out once for each value.
_KEYS = {field.name: lru_cache(maxsize=10_000)(field.key) for field in fields.FACETS}


def document(prepared: Prepared, generation: int) -> tantivy.Document:
    """Return a post as a Tantivy document.

    Args:
        prepared: what `prepare` made of it.
        generation: the commit that it comes with.
    """
    made = tantivy.Document()
    made.add_text(SINCE, str(generation))
    for name, value in prepared.items():
        match value:
            case bytes():
                made.add_bytes(name, value)
            case str():
                made.add_text(name, value)
            case int():
                made.add_unsigned(name, value)
            case _:
                for each in value:
                    made.add_text(name, each)
    for name_of in (words, stems):
        parts = [
            text
            for field in fields.DEFAULT_FIELDS
            if isinstance(text := prepared.get(name_of(field.name)), str)
            for _ in range(max(1, round(field.weight)))
        ]
        if parts:
            made.add_text(name_of(ANY), " ".join(parts))
    return made


def commit_document(generation: int) -> tantivy.Document:
    """Return the document that says which commit this is."""
    made = tantivy.Document()
    made.add_text(COMMIT, COMMIT_TERM)
    made.add_unsigned(GENERATION, generation)
    return made


def _sort_keys(date: PartialDate | None, number: int) -> tuple[int, int]:
    """Return the numbers by which the newest and the oldest posts come first.

    Both are made of the first day, the days up to the last one and the beginning of the
    id, from the left to the right; undated posts come last.
    """
    tie = number >> (_ID_BITS - _TIE_BITS)
    if date is None:
        return (1 << _TIE_BITS) - 1 - tie, _MOST - (1 << _TIE_BITS) + tie
    first = date.start.toordinal()
    days = (first << _SPAN_BITS) + (date.last.toordinal() - first)
    return (days << _TIE_BITS) + (1 << _TIE_BITS) - 1 - tie, (days << _TIE_BITS) + tie
