"""Front matter: the YAML, TOML or JSON head of a Markdown file.

YAML is read from its events, not with a loader: every value stays the text that
its author wrote. So ``NO`` is Norway and no boolean, ``2019-02-30`` is a wrong date
to be reported and no crash, and there are no aliases, objects or deep nests by
which a few bytes could take the memory or the stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.records.keys import PERSONS, canonical, field_of

MAX_CHARS = 256 * 2**10
"""The longest front matter that is read."""

MAX_DEPTH = 20
"""How deep lists and mappings may nest in it."""


@dataclass(frozen=True, slots=True)
class Front:
    """The head of a file, and where its body starts.

    Args:
        values: the keys; empty where there is no front matter.
        body: the text behind it.
        kind: ``yaml``, ``toml``, ``json``, ``keys`` or an empty string.
    """

    body: str
    values: dict[str, Any] = field(default_factory=dict)
    kind: str = ""


def split_front_matter(text: str, name: str) -> Front:
    """Part a file into front matter and body.

    A ``---`` that is followed by no key is a line drawn across the page, not an
    opening.

    Raises:
        ReadError: with the line, if the front matter is not closed, not valid,
            or holds what is not read.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return _json(text) if _JSON.match(text) else _bare(text)
    kind = "yaml" if opening[1] == "---" else "toml"
    closing = _CLOSING[kind].search(text, opening.end() - 1, opening.end() + MAX_CHARS)
    if closing is None:
        if _KEY.match(text, opening.end()) is None:
            return Front(text)
        # A head of more than MAX_CHARS counts as one that never ends.
        reason = (
            f"the front matter that opens here with {opening[1]} is not closed; "
            f"add a line {opening[1]} behind its last key"
        )
        raise ReadError(name, reason, line=1, fatal=True)
    head = text[opening.end() : closing.start() + 1]
    values = _yaml(head, name) if kind == "yaml" else _toml(head, name)
    return Front(text[closing.end() :], values, kind)


_OPENING = re.compile(r"(---|\+\+\+)[ \t]*\r?\n")
# The search starts at the line end of the opening: an empty head is closed at once.
_CLOSING = {
    "yaml": re.compile(r"\n(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)"),
    "toml": re.compile(r"\n\+\+\+[ \t]*\r?(?:\n|\Z)"),
}
_JSON = re.compile(r"\{\s*\"")
_LINE_END = re.compile(r"[ \t]*\r?(?:\n|\Z)")
_KEY = re.compile(r"\s*[\w\"'.-]+\s*[:=]")
_TOML_PLACE = re.compile(r"\s*\(at line (\d+).*\)\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def _json(text: str) -> Front:
    """Part off an object of JSON that fills the first lines; text in braces is text."""
    import json  # noqa: PLC0415

    try:
        values, end = json.JSONDecoder().raw_decode(text[:MAX_CHARS])
    except (ValueError, RecursionError):
        return Front(text)
    line_end = _LINE_END.match(text, end)
    return Front(text) if line_end is None else Front(text[line_end.end() :], values, "json")


def _bare(text: str) -> Front:
    """Part off keys that open a text without a mark, as Pelican and MultiMarkdown have them.

    The first is one of a post's own names, and so are half of them, one of the title or the
    date; a blank line ends them. What opens with "Name: …" is the record of somebody, and so text.
    """
    values: dict[str, list[str]] = {}
    position = 0
    key = ""
    while (found := _BARE_LINE.match(text, position, MAX_CHARS)) is not None:
        position = found.end()
        if found["key"] is not None:
            key = found["key"].strip()
            values.setdefault(key, []).append(found["value"].strip())
        elif key:
            values[key][-1] += f" {found['more'].strip()}"
        else:
            return Front(text)
    end = _BLANK_LINE.match(text, position)
    if not values or field_of(next(iter(values))) is None:
        return Front(text)
    fields = {known[0]: canonical(key) for key in values if (known := field_of(key)) is not None}
    is_head = len(fields) >= _MIN_FIELDS and not _NEEDED.isdisjoint(fields)
    if (
        end is None
        or not is_head
        or 2 * len(fields) < len(values)
        or not PERSONS.isdisjoint(fields.values())
    ):
        return Front(text)
    body = text[end.end() :]
    single = {name: told[0] if len(told) == 1 else told for name, told in values.items()}
    # Keys above nothing are all the words that there are.
    return Front(body, dict(single), "keys") if body.strip() else Front(text)


_BARE_LINE = re.compile(
    r"(?:(?P<key>[^\W\d_][\w -]{0,30}?)[ \t]*:(?!//)[ \t]+(?P<value>\S[^\r\n]*)"
    r"|[ \t]{1,8}(?P<more>\S[^\r\n]*))\r?(?:\n|\Z)"
)
_BLANK_LINE = re.compile(r"[ \t]*\r?\n")
_MIN_FIELDS = 2
_NEEDED = frozenset({"title", "date"})


def _toml(head: str, name: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415

    from rights_search.toml_text import read_toml  # noqa: PLC0415 - few files have any

    try:
        return read_toml(head.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        # Its own line counts from the head's start and would confuse.
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) + 1 if place is not None else 1
        reason = f"the TOML front matter is broken: {_TOML_PLACE.sub('', str(error))}"
        raise ReadError(name, reason, line=line, fatal=True) from error
    except RecursionError as error:
        reason = "the TOML front matter nests too deeply"
        raise ReadError(name, reason, line=1, fatal=True) from error


def _yaml(head: str, name: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415

    try:
        values = _from_events(head, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark is not None else 1
        problem = error.problem or error.context or "it cannot be parsed"
        if "nesting depth" in problem:
            # Newer parsers read ahead and meet a bound of their own before ours.
            raise _too_deep(name, line) from error
        advice = "; a value with ': ' in it needs quotes" if "mapping values" in problem else ""
        reason = f"the YAML front matter is broken: {problem}{advice}"
        raise ReadError(name, reason, line=line, fatal=True) from error
    except yaml.YAMLError as error:
        reason = f"the YAML front matter is broken: {' '.join(str(error).split())}"
        raise ReadError(name, reason, line=1, fatal=True) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ReadError(name, "the front matter holds no keys", line=1, fatal=True)
    return values


def _from_events(head: str, name: str) -> Any:
    """Build dicts, lists and strings; the events come one by one, so bounds bite early."""
    import yaml  # noqa: PLC0415

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    builder = _Builder()
    for event in yaml.parse(head, Loader=loader):
        line = event.start_mark.line + 2 if event.start_mark is not None else 1
        match event:
            case yaml.AliasEvent():
                reason = f"the front matter uses an alias (*{event.anchor}); write the value out"
                raise ReadError(name, reason, line=line, fatal=True)
            case yaml.ScalarEvent():
                is_null = not event.style and event.value in _NULLS
                builder.add(None if is_null else event.value)
            case yaml.MappingStartEvent():
                builder.open({})
            case yaml.SequenceStartEvent():
                builder.open([])
            case yaml.CollectionEndEvent():
                builder.close()
            case _:
                pass
        if builder.depth > MAX_DEPTH:
            raise _too_deep(name, line)
    return builder.root


def _too_deep(name: str, line: int) -> ReadError:
    reason = f"the front matter nests deeper than {MAX_DEPTH}"
    return ReadError(name, reason, line=line, fatal=True)


class _Builder:
    """Puts the values of a stream of events together."""

    def __init__(self) -> None:
        self.root: Any = None
        self._open: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str | None] = []

    @property
    def depth(self) -> int:
        return len(self._open)

    def open(self, collection: dict[str, Any] | list[Any]) -> None:
        self.add(collection)
        self._open.append(collection)
        self._keys.append(None)

    def close(self) -> None:
        self._open.pop()
        self._keys.pop()

    def add(self, value: Any) -> None:
        if not self._open:
            self.root = value
            return
        target = self._open[-1]
        if isinstance(target, list):
            target.append(value)
        elif self._keys[-1] is None:
            # A key that is itself a list or a mapping is no name of a field.
            self._keys[-1] = value if isinstance(value, str) else "?"
        else:
            target[self._keys[-1]] = value
            self._keys[-1] = None
