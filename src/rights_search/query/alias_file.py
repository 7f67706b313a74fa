"""Alias groups as JSON: read and checked, merged, laid out, and made fast to search.

The shape is that of ``data/aliases.json``: an object whose ``groups`` is a list of
objects with ``id``, ``kind``, ``sources`` and ``forms``. A form is a string, or an
object with ``text`` and any of ``lang``, ``expand``, ``only_query`` and ``exact``.

Beside it, ``data/alias_triggers.tsv`` has the analysed forms in sorted order, made by
`rebuild`: to analyse thousands of forms at each start would take longer than a search.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from rights_search import analysis
from rights_search.errors import ReadError
from rights_search.json_text import read_json
from rights_search.patterns import late

Record: TypeAlias = Mapping[str, Any]
"""A group as the file has it."""

KINDS = ("place", "people", "person", "organisation", "term", "spelling", "transliteration")

_DATA = Path(__file__).resolve().parent.parent / "data"
_GROUPS = _DATA / "aliases.json"
_TRIGGERS = _DATA / "alias_triggers.tsv"

MAX_BYTES = 4 * 2**20
"""Bytes of a user's file: eight times the project's own."""

MAX_MEMORY = 32 * MAX_BYTES

MAX_FORMS = 50_000
"""Forms in a file; the project's own has 12,000."""

MAX_GROUP_FORMS = 500
"""Forms in a group: a query that has one of them asks for all."""

MAX_FORM_CHARS = 500
"""Characters of a form, and of an id or the name of a source."""

_ID = late(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_GROUP_KEYS = frozenset({"id", "kind", "sources", "forms", "replace"})
_FORM_KEYS: Mapping[str, type] = {
    "text": str, "lang": str, "expand": bool, "only_query": bool, "exact": bool,
}  # fmt: skip


def read(path: Path) -> tuple[Record, ...]:
    """Return the groups of a file, checked one by one.

    Raises:
        ReadError: that names the file and, where one is at fault, the group.
    """
    name = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ReadError(name, f"is larger than {MAX_BYTES // 2**20} MiB, the limit")
        return parse(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise ReadError(name, f"not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise ReadError(name, f"cannot be read: {error.strerror}") from error


def parse(text: str, source: str) -> tuple[Record, ...]:
    """Return the groups of a file's ``text``; ``source`` is its name in errors.

    Raises:
        ReadError: as `read` does.
    """
    try:
        data = read_json(text.encode("utf-8", "surrogatepass"), MAX_MEMORY)
    except json.JSONDecodeError as error:
        raise ReadError(source, f"not JSON: {error.msg}", line=error.lineno) from error
    except ValueError as error:
        raise ReadError(source, f"not a list of groups: {error}") from error
    records = data.get("groups") if isinstance(data, dict) else None
    if not isinstance(records, list):
        raise ReadError(source, 'expected an object with a list "groups"')
    seen: set[str] = set()
    forms = 0
    for number, record in enumerate(records, 1):
        reason = _fault(record)
        forms += len(record["forms"]) if reason is None else 0
        if forms > MAX_FORMS:
            raise ReadError(source, f"has more than {MAX_FORMS:,} forms, the limit")
        name = record.get("id") if isinstance(record, dict) else None
        if reason is None and name in seen:
            reason = "this id stands here twice; put all forms into one group"
        if reason is not None:
            place = f'group "{name}"' if isinstance(name, str) else f"group number {number}"
            raise ReadError(source, f"{place}: {reason}")
        seen.add(record["id"])
    return tuple(records)


def merge(base: Mapping[str, Record], own: Iterable[Record], source: str) -> Mapping[str, Record]:
    """Return ``base`` with the groups of a user's file added.

    Forms are added behind those of a group with the same id; a form with the same
    terms takes the place of the old one. ``"replace": true`` drops the old forms,
    and a group that is left without any.

    Args:
        base: id → group.
        own: groups as `read` returns them.
        source: the name of the user's file, for errors.

    Raises:
        ReadError: if a group is left with forms that nothing can be done with.
    """
    merged = dict(base)
    for record in own:
        old = None if record.get("replace") else merged.get(record["id"])
        forms = _merge_forms(old["forms"] if old else (), record["forms"])
        sources = dict.fromkeys((*(old["sources"] if old else ()), *record["sources"]))
        if record.get("replace") and not forms:
            merged.pop(record["id"], None)
            continue
        reason = _fault_of_forms(forms)
        if reason is not None:
            raise ReadError(source, f'group "{record["id"]}": {reason}')
        merged[record["id"]] = {**record, "forms": forms, "sources": tuple(sources)}
    return merged


def normalised(text: str, source: str = "aliases.json") -> str:
    """Return a file's ``text`` with its groups sorted by id, one form a line.

    Raises:
        ReadError: as `read` does.
    """
    records = sorted(parse(text, source), key=lambda record: str(record["id"]))
    blocks = []
    for record in records:
        head = ", ".join(f'"{key}": {_json(record[key])}' for key in record if key != "forms")
        forms = ",\n".join(f"  {_json(form)}" for form in record["forms"])
        blocks.append(f' {{{head}, "forms": [\n{forms}\n ]}}')
    about = {key: value for key, value in json.loads(text).items() if key != "groups"}
    lines = [f'"{key}": {_json(value)},\n' for key, value in about.items()]
    return "{\n" + "".join(lines) + '"groups": [\n' + ",\n".join(blocks) + "\n]\n}\n"


def triggers(records: Iterable[Record]) -> list[str]:
    """Return the forms that trigger a group, as sorted lines.

    Returns:
        ``terms<TAB>group id``, the terms joined by spaces, with ``<TAB>=`` behind it if
        the form is exact.
    """
    lines = set()
    for record in records:
        for form in map(_as_object, record["forms"]):
            if form.get("expand", True):
                terms = " ".join(analysis.terms(form["text"]))
                lines.add(f"{terms}\t{record['id']}" + ("\t=" if form.get("exact") else ""))
    return sorted(lines)


class Lines:
    """Sorted lines, found by how they begin.

    They stay the bytes of a file: to make texts of thousands takes longer than to find a few.
    The order of UTF-8 is that of the characters.

    Args:
        data: the lines, each with its end.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data

    @classmethod
    def of(cls, lines: Iterable[str]) -> Lines:
        """Return the lines, which are sorted and have no ends."""
        return cls("".join(f"{line}\n" for line in lines).encode())

    def __iter__(self) -> Iterator[str]:
        return iter(self._data.decode().split("\n")[:-1])

    def starting(self, start: str) -> Iterator[str]:
        """Yield the lines that begin with ``start``, in order."""
        wanted, data = start.encode("utf-8", "surrogatepass"), self._data
        place = self._first(wanted)
        while place < len(data) and data.startswith(wanted, place):
            end = data.index(b"\n", place)
            yield data[place:end].decode()
            place = end + 1

    def _first(self, wanted: bytes) -> int:
        """Return where the first line begins that is not less than ``wanted``."""
        data = self._data
        low, high = 0, len(data)
        while low < high:
            # The line that the middle lies in.
            begin = max(low, data.rfind(b"\n", low, (low + high) // 2) + 1)
            end = data.index(b"\n", begin)
            if data[begin:end] < wanted:
                low = end + 1
            else:
                high = begin
        return low


def built_in() -> tuple[Mapping[str, Record], Lines]:
    """Return the project's own groups, by id, and their `triggers`.

    Where the derived file belongs to the groups, a group is decoded when it is asked
    for; otherwise everything is made anew.
    """
    stamp, _, lines = _TRIGGERS.read_bytes().partition(b"\n")
    if stamp.decode() == _stamp(_own_bytes()):
        return _OwnGroups(_own_bytes()), Lines(lines)
    records = read_built_in()
    return records, Lines.of(triggers(records.values()))


def read_built_in() -> Mapping[str, Record]:
    """Return the project's own groups, by id, all decoded."""
    # Their shape is checked by a test.
    return {record["id"]: record for record in json.loads(_own_bytes())["groups"]}


def rebuild() -> None:
    """Lay out the project's own groups anew and write their triggers; for developers."""
    data = normalised(_GROUPS.read_bytes().decode(), _GROUPS.name).encode()
    _GROUPS.write_bytes(data)
    lines = [_stamp(data), *triggers(json.loads(data)["groups"])]
    _TRIGGERS.write_bytes(("\n".join(lines) + "\n").encode())
    _own_bytes.cache_clear()


class _OwnGroups(Mapping[str, Record]):
    """The groups in the project's own file, decoded one at a time.

    This rests on the layout of `normalised`, which `rebuild` sees to.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __getitem__(self, group_id: str) -> Record:
        start = self._data.find(f'\n {{"id": {_json(group_id)}, '.encode())
        if start < 0:
            raise KeyError(group_id)
        end = self._data.index(b"\n ]}", start) + 4
        record: Record = json.loads(self._data[start:end])
        return record

    def __iter__(self) -> Iterator[str]:
        return (
            each.decode() for each in re.findall(rb'^ \{"id": "([^"]+)"', self._data, re.MULTILINE)
        )

    def __len__(self) -> int:
        return self._data.count(b'\n {"id": ')


@cache
def _own_bytes() -> bytes:
    return _GROUPS.read_bytes()


def _stamp(data: bytes) -> str:
    return f"# analysis {analysis.VERSION}, aliases.json {zlib.crc32(data):08x}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _merge_forms(old: Iterable[Any], new: Iterable[Any]) -> list[Any]:
    forms: dict[tuple[str, ...], Any] = {}
    for form in (*old, *new):
        forms[tuple(analysis.terms(_as_object(form)["text"]))] = form
    return list(forms.values())


def _as_object(form: Any) -> Mapping[str, Any]:
    return {"text": form} if isinstance(form, str) else form


def _fault(record: Any) -> str | None:
    """Say what is wrong with one group, None if nothing is."""
    if not isinstance(record, dict):
        return "expected an object"
    unknown = sorted(set(record) - _GROUP_KEYS)
    if unknown:
        return f'unknown key "{unknown[0]}"; known are {", ".join(sorted(_GROUP_KEYS))}'
    wrong = next((advice for check, advice in _CHECKS if not check(record)), None)
    return wrong or next(filter(None, map(_fault_of_form, record["forms"])), None)


def _has_id(record: Record) -> bool:
    group_id = record.get("id")
    return (
        isinstance(group_id, str) and len(group_id) <= MAX_FORM_CHARS and bool(_ID.match(group_id))
    )


def _has_sources(record: Record) -> bool:
    sources = record.get("sources")
    return isinstance(sources, list) and bool(sources) and all(map(_is_name, sources))


_CHECKS: tuple[tuple[Callable[[Record], bool], str], ...] = (
    (_has_id, '"id" must be lower-case words joined by hyphens'),
    (lambda record: record.get("kind") in KINDS, f'"kind" must be one of {", ".join(KINDS)}'),
    (_has_sources, '"sources" must list at least one name, such as "own list"'),
    (
        lambda record: isinstance(record.get("replace", False), bool),
        '"replace" must be true or false',
    ),
    (lambda record: isinstance(record.get("forms"), list), '"forms" must be a list'),
    (
        lambda record: len(record["forms"]) <= MAX_GROUP_FORMS,
        f"a group has at most {MAX_GROUP_FORMS} forms",
    ),
)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MAX_FORM_CHARS


def _fault_of_form(form: Any) -> str | None:  # noqa: PLR0911 - one a fault
    record = _as_object(form)
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return f"a form must be a string or an object with a text, not {_json(form)}"
    if len(record["text"]) > MAX_FORM_CHARS:
        return f'form "{record["text"][:40]}…" has more than {MAX_FORM_CHARS} characters'
    for key, value in record.items():
        if key not in _FORM_KEYS:
            return f'form "{record["text"]}": unknown key "{key}"'
        if not isinstance(value, _FORM_KEYS[key]):
            return f'form "{record["text"]}": "{key}" must be of type {_FORM_KEYS[key].__name__}'
    if not analysis.terms(record["text"]):
        return f'form "{record["text"]}" has no word in it'
    if record.get("only_query") and not record.get("expand", True):
        return f'form "{record["text"]}" neither triggers the group nor is looked for'
    return None


def _fault_of_forms(forms: Iterable[Any]) -> str | None:
    records = list(map(_as_object, forms))
    if len(records) > MAX_GROUP_FORMS:
        return f"a group has at most {MAX_GROUP_FORMS} forms"
    if len(records) < 2:  # noqa: PLR2004 - one form has no other one to find
        return "a group needs at least two forms"
    if not any(form.get("expand", True) for form in records):
        return "no form triggers the group"
    if all(form.get("only_query") for form in records):
        return "no form is looked for"
    return None
