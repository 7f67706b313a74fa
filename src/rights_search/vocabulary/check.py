"""Check a user's vocabulary key by key: what is wrong is said in one line, with the key."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias

from rights_search.wording import nearest

MAX_ENTRIES = 500
"""The most themes, and the most groups, of a file."""

MAX_FORMS = 50_000
"""The most forms of all terms of a file, each choice of alternatives counted."""

_MAX_CHARS = 200
_MAX_SHOWN = 100
_MAX_CHOICES = 500
_MAX_OPEN = 4
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2}\Z")
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_OPENINGS = re.compile(r"\*| \.\.\. ")

_Check: TypeAlias = Callable[[Any, str], None]


class BadValueError(ValueError):
    """Say which key of a vocabulary has a value that it cannot have, and why."""


def check(record: Any) -> None:
    """Raise `BadValueError` if a vocabulary is not laid out as the module `file` tells."""
    _table(record, "the file", _TOP)
    forms = sum(_choices(term) for term in _every_term(record))
    if forms > MAX_FORMS:
        raise BadValueError(f"the terms stand for {forms:,} forms; the limit is {MAX_FORMS:,}")


def unknown(what: str, word: object, known: Iterable[str]) -> str:
    """Return a sentence that says what is not there, and what may have been meant."""
    names = sorted(known)
    near = nearest(str(word), names)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(names[:_MAX_SHOWN])}"
    return f"there is no {what} '{str(word)[:_MAX_CHARS]}'; {hint}"


# --- values ------------------------------------------------------------------------


def _table(value: Any, path: str, checks: Mapping[str, _Check]) -> None:
    if not isinstance(value, dict):
        raise BadValueError(f"{path} must be a table")
    for key, item in value.items():
        if key not in checks:
            raise BadValueError(f"{path}: {unknown('key', key, checks)}")
        checks[key](item, key if checks is _TOP else f"{path}.{key}")


def _each(value: Any, path: str, key_check: _Check, check_item: _Check) -> None:
    """Check a table whose keys are names that the user chose."""
    if not isinstance(value, dict):
        raise BadValueError(f"{path} must be a table")
    if len(value) > MAX_ENTRIES:
        raise BadValueError(f"{path} has {len(value):,} entries; the limit is {MAX_ENTRIES}")
    for key, item in value.items():
        key_check(key, path)
        check_item(item, f"{path}.{key}")


def _text(value: Any, path: str) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_CHARS:
        raise BadValueError(f"{path} must be a text of at most {_MAX_CHARS} characters")


def _flag(value: Any, path: str) -> None:
    if not isinstance(value, bool):
        raise BadValueError(f"{path} must be true or false, without quotes")


def _list(value: Any, path: str, check_item: _Check) -> None:
    if not isinstance(value, list):
        raise BadValueError(f'{path} must be a list of texts, such as ["one", "two"]')
    for number, item in enumerate(value, 1):
        check_item(item, f"{path}, text {number}")


def _id(value: Any, path: str) -> None:
    if not isinstance(value, str) or not _ID.match(value) or len(value) > _MAX_CHARS:
        reason = "an id has small letters, digits and hyphens, such as internet-shutdowns"
        raise BadValueError(f"{path}: '{str(value)[:_MAX_CHARS]}' is no id; {reason}")
    if value == "none":
        raise BadValueError(f"{path}: 'none' is no id; in a query it stands for no value")


def _language(value: Any, path: str) -> None:
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        reason = "write the ISO 639-1 code, such as en"
        raise BadValueError(f"{path}: '{str(value)[:_MAX_CHARS]}' is no language; {reason}")


def _term(value: Any, path: str) -> None:
    _text(value, path)
    bare = _ALTERNATIVES.sub("", value)
    if "(" in bare or ")" in bare or "|" in bare:
        raise BadValueError(f"{path}: '{value}' has a bracket or a bar too many")
    if not any(char.isalnum() for char in value.partition("*")[0].partition(" ... ")[0]):
        raise BadValueError(f"{path}: '{value}' must begin with a word")
    if len(_OPENINGS.findall(value)) > _MAX_OPEN:
        raise BadValueError(f"{path}: '{value}' is open in more than {_MAX_OPEN} places")
    if _choices(value) > _MAX_CHOICES:
        raise BadValueError(f"{path}: '{value}' stands for more than {_MAX_CHOICES} forms")


def _choices(term: str) -> int:
    return math.prod(part.count("|") + 1 for part in _ALTERNATIVES.findall(term))


def _every_term(record: Mapping[str, Any]) -> Iterable[str]:
    for kind in ("themes", "groups"):
        for entry in record.get(kind, {}).values():
            for lists in entry.get("terms", {}).values():
                for terms in lists.values():
                    yield from terms
    for terms in record.get("masks", {}).values():
        yield from terms


# --- where they may stand ----------------------------------------------------------

_texts = partial(_list, check_item=_text)
_terms = partial(_list, check_item=_term)
_named: Mapping[str, _Check] = {
    "label": _text,
    "labels": partial(_each, key_check=_language, check_item=_text),
}
_entry: Mapping[str, _Check] = {
    **_named,
    "names": _texts,
    "source-labels": _texts,
    "terms": partial(
        _each,
        key_check=_language,
        check_item=partial(_table, checks={"strong": _terms, "weak": _terms}),
    ),
}
_theme: Mapping[str, _Check] = {**_entry, "area": _id, "common": _flag}


def _entries(checks: Mapping[str, _Check]) -> _Check:
    return partial(_each, key_check=_id, check_item=partial(_table, checks=checks))


_TOP: Mapping[str, _Check] = {
    "extends": _flag,
    "leave-out": partial(_list, check_item=_id),
    "areas": _entries(_named),
    "themes": _entries(_theme),
    "groups": _entries(_entry),
    "masks": partial(_each, key_check=_language, check_item=_terms),
}
