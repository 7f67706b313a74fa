"""A record with known keys → a draft: shared by JSON, tables, front matter and JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.paragraphs import (
    Blocks,
    looks_like_html,
    plain_line,
    split_plain,
)
from rights_search.ingest.people import People, people
from rights_search.ingest.records.keys import (
    EVENTS,
    HTML_NAMES,
    MARKDOWN_NAMES,
    PERSONS,
    canonical,
    field_of,
)
from rights_search.ingest.records.values import (
    ADDRESS_KEYS,
    Values,
    countries,
    country_code,
    flat,
    host_of,
    is_empty,
    labels,
    line_of,
    scalars,
    unwrapped,
)
from rights_search.ingest.source import Draft, Source, Span
from rights_search.post import PartialDate


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reader knows of a record besides its keys.

    Args:
        source: the file.
        origin: where the keys stand, such as ``front matter``: begins the
            origin of every date.
        span: where the record stands in the file.
        encoding: what it was decoded with.
        notes: what was doubtful so far.
        day_first: name of a column → how other rows write its dates in numbers, if they all agree.
    """

    source: Source
    origin: str
    span: Span = field(default_factory=Span)
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()
    day_first: Mapping[str, bool] = field(default_factory=dict)


def to_draft(
    record: Mapping[str, Any],
    setting: Setting,
    body: Blocks | None = None,
    origins: Iterable[tuple[str, str]] = (),
) -> Draft:
    """Return the draft that ``record`` describes.

    Args:
        record: decoded JSON, YAML, TOML or a table's row; any nesting.
        setting: what else is known.
        body: the text, where it stands outside the record; a record's own
            text is used when this is empty.
        origins: where fields were found of which the record does not tell it.
    """
    notes = list(setting.notes)
    return _draft(_by_field(record, notes), notes, setting, body, origins)


def to_wanted_draft(record: Mapping[str, Any], setting: Setting) -> Draft:
    """Return the draft that ``record`` describes, a mere sketch if it is not wanted.

    Processes that share a file so know the ids of their own posts without making those of
    others. To find the key takes a fifth of what the whole draft does.
    """
    if setting.source.is_next_wanted:
        return to_draft(record, setting)
    notes = list(setting.notes)
    fields = _by_field(record, notes)
    return _sketch(fields) or _draft(fields, notes, setting, None, ())


def _draft(
    fields: Mapping[str, Values],
    notes: list[str],
    setting: Setting,
    body: Blocks | None,
    origins: Iterable[tuple[str, str]],
) -> Draft:
    unused = _TEXTS
    if body is None or not body.paragraphs:
        body = _body(fields, body)
        unused = frozenset()
    by = people(flat(fields["authors"])) if "authors" in fields else People()
    return Draft(
        paragraphs=body.paragraphs,
        span=setting.span,
        key=line_of(fields.get("key", ())),
        title=line_of(fields.get("title", ())),
        date=_date(fields.get("date", ()), setting, notes),
        updated=_date(fields.get("updated", ()), setting, notes),
        authors=by.names,
        role=line_of(fields.get("role", ())) or by.role,
        organisation=line_of(fields.get("organisation", ())) or by.organisation,
        place=line_of(fields.get("place", ())) or by.place,
        captions=(*body.captions, *_captions(fields)),
        calls_to_action=labels(fields.get("calls_to_action", ()), ";"),
        url=_address(fields),
        page_country=_page_country(fields, notes),
        language=line_of(fields.get("language", ())),
        source_name=_source_name(fields),
        source_countries=countries(fields.get("countries", ())),
        source_tags=labels(fields.get("tags", ()), ";|,"),
        notes=tuple(notes),
        encoding=setting.encoding,
        origins=(
            *(
                (name, f"{setting.origin}: {values[0][0]}")
                for name, values in fields.items()
                if name in _EXPLAINED and name not in unused
            ),
            *origins,
        ),
    )


def _sketch(fields: Mapping[str, Values]) -> Draft | None:
    """Return what tells a record from others, if that is easily had, and it has a title."""
    title = line_of(fields.get("title", ()))
    key = line_of(fields.get("key", ()))
    url = None if key else _address(fields)
    return Draft((), key=key, title=title, url=url) if title and (key or url) else None


def has_content(record: Mapping[str, Any]) -> bool:
    """Say whether a record has a key for a title or a text: whether it is a post."""
    return any(
        found is not None and found[0] in ("title", "text") and not is_empty(record[key])
        for key, found in ((key, field_of(str(key))) for key in record)
    )


def without_wrapper(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record with the keys of the object inside of it that holds its content.

    Exports of search engines and content systems wrap records once:
    ``{"_id": 1, "_source": {"title": …}}``.
    """
    if has_content(record):
        return record
    for name in WRAPPERS:
        inner = record.get(name)
        if isinstance(inner, Mapping) and has_content(inner):
            return {**{key: value for key, value in record.items() if key != name}, **inner}
    return record


_TEXTS = frozenset({"text", "summary"})
_EXPLAINED = frozenset(
    {
        *("title", "text", "summary", "authors", "role", "organisation", "place"),
        *("page_country", "language", "source_name"),
    }
)
WRAPPERS = ("_source", "attributes", "node", "fields", "properties", "post", "item", "data")


_DATE_KEYS = (
    *("iso", "$date", "@value", "value", "date", "datetime", "rendered"),
    *("original", "published", "created"),
)
_TAG = re.compile(r"<[^<>]*>")
_TRUE = ("true", "yes", "1")


def _by_field(record: Mapping[str, Any], notes: list[str]) -> dict[str, list[tuple[str, Any]]]:
    ranked: dict[str, list[tuple[int, str, Any]]] = {}
    unknown: list[str] = []
    for key, value in record.items():
        if is_empty(value):
            continue
        name = str(key)
        found = field_of(name)
        if found is None or (canonical(name) in PERSONS and _is_number(value)):
            # "Nombre" is a name in Spanish, and how many there are in French.
            unknown.append(name)
        else:
            ranked.setdefault(found[0], []).append((found[1], name, value))
    for values in ranked.values():
        if len(values) > 1:
            values.sort(key=_rank)
    # Of several dates of one case the first counts, and the others are told.
    dates = ranked.get("date", ())
    unknown += [name for _, name, _ in dates[1:] if canonical(name) in EVENTS]
    if "account" in ranked or _is_comment(ranked):
        unknown += _settle_account(ranked)
    if unknown:
        notes.append(_unknown_note(tuple(unknown)))
    if any(str(value).lower() in _TRUE for _, _, value in ranked.get("draft", ())):
        notes.append("marked as a draft by its source")
    return {name: [value[1:] for value in values] for name, values in ranked.items()}


def _is_number(value: Any) -> bool:
    return not isinstance(value, (dict, list)) and str(value).strip().replace(".", "").isdigit()


def _address(fields: Mapping[str, Values]) -> str | None:
    """Return the address of a post; in tables of Uwazi its label stands before it."""
    address = line_of(fields.get("url", ()), names=ADDRESS_KEYS)
    if address is None or "|" not in address:
        return address
    label, _, behind = address.rpartition("|")
    return behind if "://" in behind and "://" not in label else address


def _settle_account(ranked: dict[str, list[tuple[int, str, Any]]]) -> list[str]:
    """Let the account that posted it be the author, if no other is named; return keys not used."""
    account = ranked.pop("account", [])
    titles = ranked.get("title", ())
    if titles and _is_name(titles[0][1]) and ("text" in ranked or _is_comment(ranked)):
        # Beside "username" the name is that of a person, and no title.
        account = [*ranked.pop("title")[:1], *account]
    if "authors" not in ranked:
        ranked["authors"], account = account[:1], account[1:]
    return [name for _, name, _ in account]


def _is_comment(ranked: Mapping[str, list[tuple[int, str, Any]]]) -> bool:
    """Say whether the text of a record is a comment, which has no title but its author."""
    texts = ranked.get("text") or ranked.get("summary") or ()
    is_comment = any(canonical(key) in _COMMENTS for _, key, _ in texts[:1])
    return is_comment and any(_is_name(key) for _, key, _ in ranked.get("title", ())[:1])


def _is_name(key: str) -> bool:
    return canonical(key.partition("(")[0]) in PERSONS


_COMMENTS = ("comment", "commenttext")


@lru_cache(maxsize=256)
def _unknown_note(names: tuple[str, ...]) -> str:
    shown = ", ".join(plain_line(name)[:40] for name in names[:_MAX_SHOWN])
    more = f" and {len(names) - _MAX_SHOWN} more" if len(names) > _MAX_SHOWN else ""
    return f"keys not used: {shown}{more}"


_MAX_SHOWN = 12


def _rank(value: tuple[int, str, Any]) -> int:
    return value[0]


def _date(values: Values, setting: Setting, notes: list[str]) -> PartialDate | None:
    for key, value in values:
        single = unwrapped(value[0] if isinstance(value, list) else value, _DATE_KEYS)
        if single is None or isinstance(single, (bool, list)):
            continue
        origin = f"{setting.origin}: {key}"
        date = parse_date(single, origin=origin, day_first=setting.source.settings.day_first)
        if date is not None:
            return _as_others(date, single, setting.day_first.get(key))
        text = plain_line(str(single))
        if not _NO_DATE.match(text):
            notes.append(_no_date_note(key, text))
    return None


def _as_others(date: PartialDate, value: Any, day_first: bool | None) -> PartialDate:
    """Return a date whose day and month are unclear as other records show it, with a flag."""
    if day_first is None or "ambiguous-day-month" not in date.flags:
        return date
    again = parse_date(value, origin=date.origin, day_first=day_first)
    return date if again is None else replace(again, flags=(*again.flags, "order-of-column"))


# How databases write that there is no date: MySQL, and what PHP and Go make of it.
_NO_DATE = re.compile(
    r"0000-00-00|-0001-11-30|(?:\w{3}, )?30 Nov -0001|0001-01-01|00[/.]00[/.]0000", re.IGNORECASE
)


def _no_date_note(key: str, text: str) -> str:
    from rights_search.ingest.dates.doubts import why_no_date  # noqa: PLC0415 - for few dates

    why = why_no_date(text)
    note = f"{plain_line(key)} {text[:60]!r} is not understood as a date"
    return f"{note}: {why}" if why else note


def _body(fields: Mapping[str, Values], outside: Blocks | None) -> Blocks:
    captions = outside.captions if outside is not None else ()
    for name in ("text", "summary"):
        for key, value in fields.get(name, ()):
            found = _blocks(canonical(key), value)
            if found.paragraphs:
                return Blocks(found.paragraphs, (*captions, *found.captions))
    return Blocks((), captions)


def _blocks(name: str, value: Any) -> Blocks:
    paragraphs: list[str] = []
    captions: list[str] = []
    for item in flat([(name, value)]):
        text = unwrapped(item, ("rendered", "text", "value", "#text", "html", "content"))
        if not isinstance(text, str):
            continue
        found = _text_blocks(name, text)
        paragraphs += found.paragraphs
        captions += found.captions
    return Blocks(tuple(paragraphs), tuple(captions))


def _text_blocks(name: str, text: str) -> Blocks:
    if name in MARKDOWN_NAMES:
        from rights_search.ingest.markdown.blocks import markdown_blocks  # noqa: PLC0415

        return markdown_blocks(text)
    if name in HTML_NAMES or looks_like_html(text):
        from rights_search.ingest.html.dom import fragment  # noqa: PLC0415

        try:
            return fragment(text)
        except ReadError:
            # Nested beyond all reason: the words are worth more than the paragraphs.
            text = _TAG.sub(" ", text)
    return Blocks(split_plain(text))


def _captions(fields: Mapping[str, Values]) -> tuple[str, ...]:
    if "captions" not in fields and "images" not in fields:
        return ()
    found = list(scalars(fields.get("captions", ())))
    for image in flat(fields.get("images", ())):
        if isinstance(image, Mapping):
            caption = unwrapped(image, ("caption", "alt", "alt_text", "description", "title"))
            found += [plain_line(caption)] if isinstance(caption, str) else []
    return tuple(dict.fromkeys(filter(None, found)))


def _page_country(fields: Mapping[str, Values], notes: list[str]) -> str | None:
    names = list(scalars(fields.get("page_country", ())))
    if len(names) != 1:
        return None  # a post that several pages list is about none of them for certain
    (name,) = names
    code = country_code(name)
    if code is None:
        notes.append(f"page_country {name[:60]!r} is not understood as a country")
    return code


def _source_name(fields: Mapping[str, Values]) -> str | None:
    name = line_of(fields.get("source_name", ()))
    if name is None:
        return None
    return host_of(name) or name if "://" in name else name
