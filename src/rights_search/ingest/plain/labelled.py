"""Lines above a plain text that name what follows them: ``Date : 24 mars 2014``, ``Pays : France``.

People write such lines where Markdown has front matter. Their names are those that tables and
front matter know (`rights_search.ingest.records.keys`). A sentence can look like one ("Police: no
comment"), so that they count only at the head of a text, two of them in a row or one beside
the title, and only where the value is of its kind. Others stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rights_search.ingest.bylines import parse_byline
from rights_search.ingest.dates.finding import SENTENCE_END, find_date_line, parse_date
from rights_search.ingest.lines import Line, split_blocks
from rights_search.ingest.page_words import ends_with_full_stop
from rights_search.ingest.people import People, people
from rights_search.ingest.post_parts import has_prose, may_head
from rights_search.ingest.records.keys import EVENTS, PERSONS, canonical, field_of
from rights_search.ingest.records.values import country_code, labels, split_countries
from rights_search.ingest.source import Draft
from rights_search.languages import language_code
from rights_search.post import PartialDate

ORIGIN = "label line"

_HEAD_LINES = 12
_MAX_ABOVE = 3
_MAX_VALUE_CHARS = 200
_MAX_WORDS = {"title": 30, "tags": 24, "authors": 16, "organisation": 12, "place": 8}
_MAX_FULL_STOP_WORDS = 12
_MIN_RUN = 2
_LABEL = re.compile(r"(?P<name>[^\W\d_][^:：]{0,30}?)\s*[:：](?![/:])\s*(?P<value>\S.*)")
_BOLD = re.compile(r"\*\*|__")
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_FIELDS = frozenset(
    {
        *("title", "date", "updated", "authors", "organisation", "place", "countries"),
        *("tags", "language", "url", "source_name"),
    }
)
# Beside another line with a name these count even where that one is not understood. One line
# beside the title is one only where its value cannot be the words of a sentence, or
# where it names the author.
_CERTAIN = frozenset({"date", "updated", "countries", "language", "url"})
# "Subject" names the text only where no title stands above it: in minutes it is what they
# talked of.
_SUBJECTS = frozenset({"subject", "betreff", "objet", "asunto", "assunto"})
_ALONE = frozenset({"title", "date", "updated", "authors", "countries", "language"})


@dataclass(frozen=True, slots=True)
class Label:
    """A line that names its value.

    Args:
        line: where it stands.
        name: as written.
        field: the field that it fills.
        value: what stands behind the colon.
    """

    line: Line
    name: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What the lines above a text say; every field may be missing.

    Args:
        lines: the labels in their order.
        says: field → its first label.
        date, updated: with the label as their origin.
        by: the people that its authors' label names.
    """

    lines: tuple[Label, ...] = ()
    says: dict[str, Label] = field(default_factory=dict)
    date: PartialDate | None = None
    updated: PartialDate | None = None
    by: People = field(default_factory=People)

    def value(self, name: str) -> str | None:
        """Return the value of a field as written."""
        return self.says[name].value if name in self.says else None

    @property
    def title(self) -> tuple[Line, ...]:
        """Return the line of the title without its label, or nothing."""
        label = self.says.get("title")
        return () if label is None else (replace(label.line, raw=label.value, text=label.value),)

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the names of countries, as written."""
        value = self.value("countries")
        return () if value is None else tuple(dict.fromkeys(split_countries(value)))

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the labels of themes, as written."""
        value = self.value("tags")
        return () if value is None else labels([("tags", value)], ";|,")

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the note that says which lines are no part of the text.

        A date is cited where it was more than a day, lest a word be lost.
        """
        if not self.lines:
            return ()
        names = ", ".join(
            f"{label.name} ({label.value})" if _says_more(label) else label.name
            for label in self.lines
        )
        return (f"read as labels, and no part of the text: {names}",)

    @property
    def origins(self) -> tuple[tuple[str, str], ...]:
        """Return where fields were found that have no origin of their own."""
        found = ((name, label) for name, label in self.says.items() if name in _EXPLAINED)
        return tuple((name, f"line {label.line.number}: {label.name}") for name, label in found)

    def over(self, draft: Draft) -> Draft:
        """Return a draft with what the labels say, which goes before what it says itself."""
        countries = dict.fromkeys((*self.countries, *draft.source_countries))
        return replace(
            draft,
            date=self.date or draft.date,
            updated=self.updated or draft.updated,
            authors=self.by.names or draft.authors,
            role=self.by.role or draft.role,
            organisation=self.value("organisation") or self.by.organisation or draft.organisation,
            place=self.value("place") or self.by.place or draft.place,
            url=self.value("url") or draft.url,
            language=self.value("language") or draft.language,
            source_name=self.value("source_name") or draft.source_name,
            source_countries=tuple(countries),
            source_tags=tuple(dict.fromkeys((*self.tags, *draft.source_tags))),
            notes=(*draft.notes, *self.notes),
            origins=tuple((dict(draft.origins) | dict(self.origins)).items()),
        )


_EXPLAINED = ("title", "authors", "organisation", "place", "language", "source_name")


def find_labels(lines: Sequence[Line], day_first: bool | None) -> Labels:
    """Return what the lines above a text say of it, of which none may be such a line.

    Args:
        lines: those of one post, in order.
        day_first: how ``03/04/2019`` is to be read.
    """
    written = [line for line in lines if line.text][:_HEAD_LINES]
    above = next((place for place, line in enumerate(written) if _parts(line)), None)
    if above is None or above > _MAX_ABOVE:
        return Labels()
    if not all(_may_stand_above(line) for line in written[:above]):
        return Labels()
    found: dict[str, Label] = {}
    named = set()
    for line in _run(written[above:]):
        parts = _parts(line)
        if parts is None:
            continue
        name, label = _label(line, parts, day_first)
        is_topic = canonical(parts["name"]) in _SUBJECTS and _has_title(written[:above])
        named.add(name)
        if label is not None and not is_topic:
            found.setdefault(name, label)
    is_run = len(found) >= _MIN_RUN or (len(named) >= _MIN_RUN and not _CERTAIN.isdisjoint(found))
    if not is_run and not _stands_with_title(lines, written[:above], found):
        return Labels()
    if _stand_in_each_record(lines, found, day_first):
        return Labels()
    return _read(found, day_first)


def without_labels(lines: Sequence[Line], found: Labels) -> tuple[Line, ...]:
    """Return ``lines``, blank where they are labels, so that their places hold."""
    told = {label.line.number: replace(label.line, raw="", text="") for label in found.lines}
    return tuple(told.get(line.number, line) for line in lines)


def _parts(line: Line) -> re.Match[str] | None:
    """Return the name and the value of a line that has a name which is known."""
    if len(line.text) > _MAX_VALUE_CHARS or (":" not in line.text and "：" not in line.text):
        return None
    found = _split(line)
    if found is None or canonical(found["name"]) in PERSONS:
        return None
    if canonical(found["name"]) in EVENTS:
        # When somebody was arrested is no date of the text that says so.
        return None
    known = field_of(found["name"])
    return found if known is not None and known[0] in _FIELDS else None


def _has_title(above: Sequence[Line]) -> bool:
    """Return whether one of the lines above the labels is neither a date nor a byline."""
    return not all(map(_is_date_or_byline, above))


def _is_date_or_byline(line: Line) -> bool:
    return find_date_line(line.raw) is not None or parse_byline(line.text) is not None


def _split(line: Line) -> re.Match[str] | None:
    """Return the name and the value of a line that has a colon, whatever the name is."""
    return _LABEL.fullmatch(_BOLD.sub("", line.text))


def _stand_in_each_record(
    lines: Sequence[Line], found: dict[str, Label], day_first: bool | None
) -> bool:
    """Return whether all these labels come again: they speak of one of many, not of the text."""
    last = max(label.line.number for label in found.values())
    missing = set(found)
    for line in lines:
        parts = _parts(line) if line.number > last else None
        if parts is None:
            continue
        name, label = _label(line, parts, day_first)
        if label is not None:
            missing.discard(name)
        if not missing:
            return True
    return False


def _says_more(label: Label) -> bool:
    """Return whether the value of a date is not only the date that was read in it."""
    if label.field not in ("date", "updated"):
        return False
    says = find_date_line(label.value)
    return says is None or bool(says.rest or says.byline or says.updated)


def _may_stand_above(line: Line) -> bool:
    """Return whether a line is of a title, or a name or a date beside it, and no text.

    A line of signs opens front matter that was not read as such.
    """
    words = len(line.text.split())
    most = _MAX_FULL_STOP_WORDS if ends_with_full_stop(line.text) else _MAX_WORDS["title"]
    has_words = any(char.isalnum() for char in line.text)
    return has_words and words <= most and not line.text.endswith((":", ","))


def _run(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines that open with a name and a colon; a date or byline may stand among them."""
    for line in lines:
        if _split(line) is not None:
            yield line
        elif not _is_date_or_byline(line):
            return


def _label(line: Line, parts: re.Match[str], day_first: bool | None) -> tuple[str, Label | None]:
    """Return the field that a line names, and what it says where the value is of its kind."""
    known = field_of(parts["name"])
    name, value = known[0] if known else "", parts["value"].strip()
    is_its_kind = _is_of_kind(name, value, day_first)
    return name, Label(line, parts["name"].strip(), name, value) if is_its_kind else None


def _is_of_kind(name: str, value: str, day_first: bool | None) -> bool:
    """Return whether a value is what its field holds: a date, a country, a name."""
    match name:
        case "date" | "updated":
            return parse_date(value, day_first=day_first) is not None
        case "countries":
            return all(map(country_code, split_countries(value)))
        case "language":
            return len(value.split()) == 1 and language_code(value) is not None
        case "url":
            return _ADDRESS.fullmatch(value) is not None
        case _:
            return _is_name(name, value)


def _is_name(field_name: str, value: str) -> bool:
    """Return whether a value is short and no sentence; a title may be one."""
    if len(value.split()) > _MAX_WORDS.get(field_name, _MAX_WORDS["organisation"]):
        return False
    if field_name == "title":
        return True
    if SENTENCE_END.search(value) or (field_name != "tags" and value[0].islower()):
        return False
    return field_name != "authors" or bool(people([value]).names)


def _stands_with_title(
    lines: Sequence[Line], above: Sequence[Line], found: dict[str, Label]
) -> bool:
    """Return whether the only label stands under the title, or over it, and text follows."""
    label = next(iter(found.values()), None)
    if label is None or label.field not in _ALONE or label.name[0].islower():
        return False
    below = tuple(split_blocks(line for line in lines if line.number > label.line.number))
    if label.field == "title":
        return not above and has_prose(below)
    if above:
        heads = tuple(
            split_blocks(
                line
                for line in lines
                if line.number < label.line.number and not _is_date_or_byline(line)
            )
        )
        return len(heads) == 1 and may_head(heads[0]) and has_prose(below)
    # What follows may be a label of another name, and no title.
    is_other = bool(below) and _split(below[0][0]) is not None
    return bool(below) and not is_other and may_head(below[0]) and has_prose(below[1:])


def _read(found: dict[str, Label], day_first: bool | None) -> Labels:
    def date(name: str) -> PartialDate | None:
        label = found.get(name)
        if label is None:
            return None
        origin = f"{ORIGIN}: {label.name}"
        return parse_date(label.value, origin=origin, day_first=day_first)

    by = people([found["authors"].value]) if "authors" in found else People()
    return Labels(tuple(found.values()), found, date("date"), date("updated"), by)
