"""Read ``.rights-search.toml``: the settings of a folder and all that lies below it.

The file comes with the corpus, so it may be hostile: it is small, it is data, and it
can name nothing outside of its folder. What is wrong with it is a `ReadError` of one
line; a folder whose settings cannot be understood is not read at all, for it would
be read otherwise than somebody meant.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.language_tags import language_code
from rights_search.ingest.settings import (
    EVERYWHERE,
    FILE_NAME,
    Rule,
    Scope,
    Settings,
    merged,
)
from rights_search.post import label_key

MAX_SETTINGS_BYTES = 64 * 2**10
"""The largest settings file that is read; a map of 1,000 labels takes half of it."""

MAX_PATTERNS = 200
"""The most patterns of one settings file: each is tried on every file below."""

_MAX_TEXT_CHARS = 200
_MAX_DOTS = 500
_MAX_SHOWN = 10


def read_scope(folder: Path, name: str, outer: Scope) -> Scope:
    """Return what holds in a folder that has a settings file.

    Args:
        folder: where it is.
        name: what to call the file.
        outer: what the folders above say.

    Raises:
        ReadError: if it cannot be read, or any part of it cannot be understood.
    """
    text = _read(folder / FILE_NAME, name)
    # The time that tomllib takes for a key with n dots grows with n squared.
    if any(line.count(".") > _MAX_DOTS for line in text.split("\n")):
        raise _refused(name, f"holds a line with more than {_MAX_DOTS} dots")
    try:
        record = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, f"is no valid TOML: {error}") from error
    except RecursionError as error:
        raise _refused(name, "nests too deeply") from error
    for key, value in record.items():
        try:
            _check(key, value)
        except _BadValueError as error:
            raise _refused(name, error.reason, _line_of(error.at or key, text)) from error
    return _scope(record, folder, name, outer)


def read_scopes_above(folder: Path) -> Scope:
    """Return what the settings files in ``folder`` and in those above it say together.

    Settings hold for all that lies below them, wherever a command is started. Above
    the corpus only files of the same user count: on a shared machine anybody could
    put one into a folder such as ``/tmp``.

    Args:
        folder: an absolute path, without links in it.

    Raises:
        ReadError: as `read_scope`.
    """
    scope = EVERYWHERE
    for above in (*reversed(folder.parents), folder):
        path = above / FILE_NAME
        if os.path.lexists(path) and (above == folder or _is_own(path)):
            scope = read_scope(above, FILE_NAME if above == folder else str(path), scope)
    return scope


def _is_own(path: Path) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return path.lstat().st_uid in {0, os.geteuid()}


def _read(path: Path, name: str) -> str:
    # Neither a link, which could lead anywhere, nor a pipe, which would never end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _refused(name, "is no regular file; settings are read from no other")
        with os.fdopen(os.open(path, flags), "rb") as stream:
            data = stream.read(MAX_SETTINGS_BYTES + 1)
    except OSError as error:
        raise _refused(name, f"cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_SETTINGS_BYTES:
        raise _refused(name, f"is larger than {MAX_SETTINGS_BYTES // 1024} KiB, the limit")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(name, "is not in UTF-8, as TOML must be", line) from error


def _refused(name: str, reason: str, line: int | None = None) -> ReadError:
    consequence = "so nothing in its folder is read"
    return ReadError(name, f"{' '.join(reason.split())} ({consequence})", line=line, fatal=True)


def _line_of(key: str, text: str) -> int | None:
    found = re.search(rf"^[ \t]*(?:\[[ \t]*)?[\"']?{re.escape(key)}(?!\w)", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


# --- what may stand in it ----------------------------------------------------------------


class _BadValueError(ValueError):
    """Say what is wrong with a key, and at which entry of its table."""

    def __init__(self, reason: str, at: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


def _check(key: str, value: Any) -> None:
    check = _CHECKS.get(key)
    if check is None:
        raise _BadValueError(_unknown("key", key, _CHECKS))
    check(key, value)


def _unknown(what: str, word: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - only a slip needs it

    names = sorted(known)
    near = difflib.get_close_matches(word.lower().replace("_", "-"), names, n=1)
    shown = ", ".join(names) if len(names) <= _MAX_SHOWN else f"{', '.join(names[:_MAX_SHOWN])}, …"
    hint = f"did you mean '{near[0]}'?" if near else f"there are {shown}"
    return f"there is no {what} '{word[:_MAX_TEXT_CHARS]}'; {hint}"


def _check_text(key: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_TEXT_CHARS:
        raise _BadValueError(f"{key} must be a text of at most {_MAX_TEXT_CHARS} characters")


def _check_country(key: str, value: Any) -> None:
    _check_text(key, value)
    if _country(value) is None:
        raise _BadValueError(f"{key}: '{value}' is no country that is known; write its ISO code")


def _check_language(key: str, value: Any) -> None:
    _check_text(key, value)
    if language_code(value) is None:
        raise _BadValueError(f"{key}: '{value}' is no language that is known; write its ISO code")


def _check_day_first(key: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise _BadValueError(f"{key} must be true or false, without quotes")


def _check_encoding(key: str, value: Any) -> None:
    _check_text(key, value)
    # Codecs that read ASCII otherwise are no encodings of files, or need no word of ours.
    plain = bytes(range(128)) + rb"\u0041"
    try:
        is_usual = plain.decode(value) == plain.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        is_usual = False
    if not is_usual:
        raise _BadValueError(f"{key}: '{value}' is no encoding that is known; such as windows-1251")


def _check_ignore(key: str, value: Any) -> None:
    if not isinstance(value, list):
        raise _BadValueError(f'{key} must be a list of patterns, such as ["drafts/", "*.old.html"]')
    _check_patterns(key, value)


def _check_readers(key: str, value: Any) -> None:
    from rights_search.ingest import READERS  # noqa: PLC0415 - it imports us

    if not isinstance(value, dict):
        raise _BadValueError(f"[{key}] must be a table of patterns and readers")
    _check_patterns(key, value)
    for pattern, reader in value.items():
        if reader not in READERS:
            raise _BadValueError(_unknown("reader", str(reader), READERS), pattern)


def _check_patterns(key: str, patterns: Iterable[Any]) -> None:
    listed = list(patterns)
    if len(listed) > MAX_PATTERNS:
        raise _BadValueError(f"{key} holds more than {MAX_PATTERNS} patterns, the limit")
    for pattern in listed:
        _check_text(f"each pattern in {key}", pattern)
        if pattern.startswith(("/", "\\")) or ".." in pattern.split("/"):
            raise _BadValueError(f"{key}: '{pattern}' leads out of the folder of this file")


def _check_themes(key: str, value: Any) -> None:
    from rights_search import themes  # noqa: PLC0415 - its data is read at first use

    if not isinstance(value, dict):
        raise _BadValueError(f"[{key}] must be a table of labels and theme ids")
    for label, named in value.items():
        _check_text(f"each label in {key}", label)
        for theme_id in _listed(named):
            if theme_id not in themes.ids():
                raise _BadValueError(_unknown("theme", str(theme_id), themes.ids()), label)


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "country": _check_country,
    "language": _check_language,
    "day-first": _check_day_first,
    "source": _check_text,
    "encoding": _check_encoding,
    "ignore": _check_ignore,
    "readers": _check_readers,
    "themes": _check_themes,
}


# --- what it means, once it is checked ---------------------------------------------------


def _scope(record: Mapping[str, Any], folder: Path, name: str, outer: Scope) -> Scope:
    kinds = {"ignore", "readers"}
    source = record.get("source")
    inner = Settings(
        country=_country(record.get("country")),
        language=language_code(record.get("language")),
        day_first=record.get("day-first"),
        source=" ".join(source.split()) if source else None,
        encoding=codecs.lookup(record["encoding"]).name if "encoding" in record else None,
        themes=tuple(
            (label_key(label), _listed(ids)) for label, ids in record.get("themes", {}).items()
        ),
        origins=tuple((key, name) for key in record if key not in kinds),
    )
    readers = record.get("readers", {}).items()
    return Scope(
        merged(outer.settings, inner),
        outer.readers + tuple(Rule(folder, pattern, value, name) for pattern, value in readers),
        outer.ignored + tuple(Rule(folder, glob, "", name) for glob in record.get("ignore", ())),
    )


def _country(name: str | None) -> str | None:
    from rights_search.territories import lookup  # noqa: PLC0415 - a large table

    return None if name is None else lookup(name)


def _listed(named: Any) -> tuple[Any, ...]:
    return tuple(named) if isinstance(named, list) else (named,)
