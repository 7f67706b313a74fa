"""Groups of forms that mean the same to a searcher: LGBTI and ЛГБТ, Kyiv and Kiev.

The groups are data, ``data/aliases.json``; docs/aliases.md says what belongs in it.
Words of a query are compared with forms by stem, so that "lesbians" triggers the
form "lesbian". A search must not wait for thousands of forms that it does not
need: only those whose first word is related to one of its own are looked at, and
only groups that are triggered are decoded.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from rights_search import analysis
from rights_search.query import alias_file
from rights_search.query.alias_file import Lines, Record
from rights_search.values import dataclass, field
from rights_search.words import inflection
from rights_search.words.scripts import script_of

_MAX_KEPT = 20_000
"""How many stems a table remembers: there is no end to words that trigger nothing."""

Terms: TypeAlias = tuple[str, ...]
_Key: TypeAlias = tuple[bool, Terms]
"""Whether only the words as written count, and they or else their stems."""


@dataclass(frozen=True, slots=True)
class AliasForm:
    """One way to write what a group means.

    Args:
        text: as people write it.
        terms: ``analysis.terms(text)``.
        lang: ISO 639-1 code, where the file gives one.
        expand: False if a search for this form does not look for the others.
        only_query: True if a search for another form does not look for this one,
            because the word has other meanings.
        exact: True if only the words as written count, because their inflections
            are other words: French "Chine" and the Chin of Myanmar.
    """

    text: str
    terms: Terms
    lang: str | None = None
    expand: bool = True
    only_query: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class AliasGroup:
    """Forms that mean the same; the first one names the group to people."""

    id: str
    kind: str
    forms: tuple[AliasForm, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasMatch:
    """A group that some terms of a query trigger.

    Args:
        start: position of the first of them in the list of terms.
        length: how many they are.
        group: the group.
    """

    start: int
    length: int
    group: AliasGroup


def find(terms: Sequence[str]) -> tuple[AliasMatch, ...]:
    """Return the built-in groups that ``terms`` trigger: see `AliasTable.find`."""
    return _built_in().find(terms)


def group(group_id: str) -> AliasGroup | None:
    """Return the built-in group of that id; None if there is none."""
    return _built_in().group(group_id)


def groups() -> tuple[AliasGroup, ...]:
    """Return the built-in groups, sorted by id. Slow: it analyses every form."""
    return _built_in().groups()


def load(path: str | Path) -> AliasTable:
    """Return the built-in groups with those of a user's own file merged in.

    A group with the id of a built-in one adds its forms to it, or takes its place
    where it says ``"replace": true``; with no forms, it takes it away.

    Raises:
        ReadError: if the file cannot be read or a group in it is wrong.
    """
    own = alias_file.read(Path(path))
    records = alias_file.merge(alias_file.read_built_in(), own, str(path))
    changed = {record["id"] for record in own}
    _, lines = alias_file.built_in()
    kept = [line for line in lines if line.split("\t")[1] not in changed]
    new = alias_file.triggers(records[each] for each in changed if each in records)
    return AliasTable(records, Lines.of(sorted(kept + new)))


def alternatives(match: AliasMatch, terms: Sequence[str]) -> tuple[AliasForm, ...]:
    """Return the forms to look for besides what was typed.

    Left out are forms that find nothing new: what was typed, forms of the same
    stems as another, and forms that hold what was typed or another form
    ("Chechen Republic" beside "Chechen").

    Args:
        match: what `find` returned for ``terms``.
        terms: the terms of the query.
    """
    typed = tuple(terms[match.start : match.start + match.length])
    looked_for = {(True, typed), (False, _stems(typed))}
    forms: list[AliasForm] = []
    for form in match.group.forms:
        key = (form.exact, form.terms if form.exact else _stems(form.terms))
        if not form.only_query and key not in looked_for:
            looked_for.add(key)
            forms.append(form)
    return tuple(form for form in forms if not _holds_another(form.terms, looked_for))


def _holds_another(terms: Terms, looked_for: Container[_Key]) -> bool:
    for start in range(len(terms)):
        for end in range(start + 1, len(terms) + (start > 0)):
            part = terms[start:end]
            if (True, part) in looked_for or (False, _stems(part)) in looked_for:
                return True
    return False


def _stems(terms: Sequence[str]) -> Terms:
    return tuple(inflection.stem(term, None) for term in terms)


@dataclass(slots=True)
class _Triggers:
    """The forms whose first terms have one stem, ready to be looked up.

    Args:
        ids: form → ids of the groups.
        reach: how many terms the longest form has.
    """

    ids: dict[_Key, list[str]] = field(default_factory=dict)
    reach: int = 0

    def add(self, line: str) -> None:
        """Add a line of `alias_file.triggers`."""
        text, group_id, *exact = line.split("\t")
        terms = tuple(text.split(" "))
        self.reach = max(self.reach, len(terms))
        key: _Key = (True, terms) if exact else (False, _stems(terms))
        self.ids.setdefault(key, []).append(group_id)


class AliasTable:
    """Alias groups to look up.

    Args:
        records: id → group, as `alias_file.merge` returns them.
        triggers: the forms that trigger them, as `alias_file.triggers` returns them.
    """

    def __init__(self, records: Mapping[str, Record], triggers: Lines) -> None:
        self._records = records
        self._lines = triggers
        self._by_stem: dict[str, _Triggers] = {}
        self._groups: dict[str, AliasGroup] = {}

    def find(self, terms: Sequence[str]) -> tuple[AliasMatch, ...]:
        """Return the groups that forms in ``terms`` trigger, from left to right.

        At each place the longest form counts, and the next place is behind it;
        all groups that have this form are returned.

        Args:
            terms: the analysed words of a query (`analysis.terms`), or of anything.
        """
        stems = _stems(terms)
        matches: list[AliasMatch] = []
        start = 0
        while start < len(terms):
            end, ids = self._longest(terms, stems, start)
            matches.extend(AliasMatch(start, end - start, self._group(each)) for each in ids)
            start = end
        return tuple(matches)

    def group(self, group_id: str) -> AliasGroup | None:
        """Return the group of that id; None if there is none."""
        return self._group(group_id) if group_id in self._records else None

    def groups(self) -> tuple[AliasGroup, ...]:
        """Return all groups, sorted by id."""
        return tuple(self._group(group_id) for group_id in sorted(self._records))

    def _longest(self, terms: Sequence[str], stems: Terms, start: int) -> tuple[int, list[str]]:
        """Return where the longest form at ``start`` ends, and the ids of its groups."""
        triggers = self._triggers(terms[start], stems[start])
        for end in range(min(start + triggers.reach, len(terms)), start, -1):
            # A word that is a form by itself is no inflection of another one.
            exact = triggers.ids.get((True, tuple(terms[start:end])))
            ids = exact or triggers.ids.get((False, stems[start:end]))
            if ids:
                return end, ids
        return start + 1, []

    def _triggers(self, term: str, stem: str) -> _Triggers:
        found = self._by_stem.get(stem)
        if found is None:
            found = _Triggers()
            for line in dict.fromkeys(_starting_like(self._lines, term, stem)):
                found.add(line)
            if len(self._by_stem) >= _MAX_KEPT:
                self._by_stem.clear()
            self._by_stem[stem] = found
        return found

    def _group(self, group_id: str) -> AliasGroup:
        found = self._groups.get(group_id)
        if found is None:
            record = self._records[group_id]
            forms = tuple(map(_form, record["forms"]))
            found = AliasGroup(group_id, record["kind"], forms, tuple(record["sources"]))
            self._groups[group_id] = found
        return found


def _form(raw: str | Mapping[str, Any]) -> AliasForm:
    if isinstance(raw, str):
        return AliasForm(raw, tuple(analysis.terms(raw)))
    return AliasForm(terms=tuple(analysis.terms(raw["text"])), **raw)


def _starting_like(lines: Lines, term: str, stem: str) -> Iterator[str]:
    """Yield the triggers whose first term has the stem of ``term``, some perhaps twice."""
    rules = inflection.rules_for(None, script_of(term))
    prefixes, words = ((), (term,)) if rules is None else rules.lookups(stem)
    for start in filter(None, (*prefixes, *words)):
        for line in lines.starting(start):
            first_term = line.partition("\t")[0].partition(" ")[0]
            if inflection.stem(first_term, None) == stem:
                yield line


@cache
def _built_in() -> AliasTable:
    return AliasTable(*alias_file.built_in())
