"""What may stand in a settings file, key by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rights_search.ingest.readers import READERS
from rights_search.languages import language_code, names
from rights_search.vocabulary.check import unknown
from rights_search.wording import nearest

MAX_PATTERNS = 200
"""The most patterns of one settings file: each is tried on every file below."""

_MAX_TEXT_CHARS = 200


class BadValueError(ValueError):
    """Say what is wrong with a key, and at which entry of its table."""

    def __init__(self, reason: str, at: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


def mistakes(record: Mapping[str, Any]) -> Iterator[tuple[str, BadValueError]]:
    """Yield all that is wrong with a settings file, as (key, error) pairs."""
    for key, value in record.items():
        for part in _parts(value):
            try:
                check(key, part)
            except BadValueError as error:
                yield key, error


def _parts(value: Any) -> Iterator[Any]:
    """Yield the entries of a table or a list one by one, in tables and lists of their own."""
    match value:
        case dict() if 0 < len(value) <= MAX_PATTERNS:
            for name, item in value.items():
                yield from ({name: one} for one in (_parts(item) if item else (item,)))
        case list() if 0 < len(value) <= MAX_PATTERNS:
            yield from ([one] for one in value)
        case _:
            yield value


def check(key: str, value: Any) -> None:
    """Check one key.

    Raises:
        BadValueError: if there is no such key, or it may not have this value.
    """
    check_value = _CHECKS.get(key)
    if check_value is None:
        raise BadValueError(unknown("key", key, _CHECKS))
    check_value(key, value)


def _check_text(key: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT_CHARS:
        raise BadValueError(f"{key} must be a text of at most {_MAX_TEXT_CHARS} characters")


def _check_country(key: str, value: Any) -> None:
    _check_text(key, value)
    if country_code(value) is None:
        from rights_search.geography.territories import suggest  # noqa: PLC0415 - only a slip needs it

        raise BadValueError(_unknown_value(key, value, "country", suggest(value)))


def _check_language(key: str, value: Any) -> None:
    _check_text(key, value)
    if language_code(value) is None:
        near = nearest(value.strip(), names(), limit=3)
        raise BadValueError(_unknown_value(key, value, "language", near))


def _unknown_value(key: str, value: str, what: str, near: Iterable[str]) -> str:
    meant = " or ".join(f"'{name}'" for name in near)
    hint = f"did you mean {meant}?" if meant else "write its ISO code"
    return f"{key}: '{value}' is no {what} that is known; {hint}"


def _check_day_first(key: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise BadValueError(f"{key} must be true or false, without quotes")


def _check_encoding(key: str, value: Any) -> None:
    _check_text(key, value)
    # Codecs that read ASCII otherwise are no encodings of files, or need no word of ours.
    plain = bytes(range(128)) + rb"\u0041.xn--e1afmkfd"
    try:
        is_usual = plain.decode(value) == plain.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        is_usual = False
    if not is_usual:
        raise BadValueError(f"{key}: '{value}' is no encoding that is known; such as windows-1251")


def _check_ignore(key: str, value: Any) -> None:
    if not isinstance(value, list):
        raise BadValueError(f'{key} must be a list of patterns, such as ["drafts/", "*.old.html"]')
    _check_patterns(key, value)


def _check_readers(key: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise BadValueError(f"[{key}] must be a table of patterns and readers")
    _check_patterns(key, value)
    for pattern, reader in value.items():
        if not isinstance(reader, str) or reader not in READERS:
            raise BadValueError(unknown("reader", str(reader), READERS), pattern)


def _check_patterns(key: str, patterns: Iterable[Any]) -> None:
    listed = list(patterns)
    if len(listed) > MAX_PATTERNS:
        raise BadValueError(f"{key} holds more than {MAX_PATTERNS} patterns, the limit")
    for pattern in listed:
        _check_text(f"each pattern in {key}", pattern)
        _check_inside(key, pattern)


def _check_path(key: str, value: Any) -> None:
    _check_text(key, value)
    _check_inside(key, value)


def _check_inside(key: str, path: str) -> None:
    if path.startswith(("/", "\\", "~")) or ".." in path.replace("\\", "/").split("/"):
        raise BadValueError(f"{key}: '{path}' leads out of the folder of this file")


def _check_themes(key: str, value: Any) -> None:
    from rights_search.vocabulary import themes  # noqa: PLC0415 - its data is read at first use

    if not isinstance(value, dict):
        raise BadValueError(f"[{key}] must be a table of labels and theme ids")
    for label, named in value.items():
        _check_text(f"each label in {key}", label)
        for theme_id in listed(named):
            if theme_id not in themes.ids():
                raise BadValueError(unknown("theme", str(theme_id), themes.ids()), label)


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "country": _check_country,
    "language": _check_language,
    "day-first": _check_day_first,
    "source": _check_text,
    "encoding": _check_encoding,
    "ignore": _check_ignore,
    "readers": _check_readers,
    "themes": _check_themes,
    "themes-file": _check_path,
}


def country_code(name: str) -> str | None:
    """Return the ISO code of a country, or None for none."""
    from rights_search.geography.territories import lookup  # noqa: PLC0415 - a large table

    return lookup(name)


def listed(named: Any) -> tuple[Any, ...]:
    """Return a list, or one value without its brackets, as a tuple."""
    return tuple(named) if isinstance(named, list) else (named,)
