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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.settings import (
    EVERYWHERE,
    FILE_NAME,
    Rule,
    Scope,
    Settings,
    merged,
)
from rights_search.ingest.settings_check import (
    BadValueError,
    check,
    country_code,
    listed,
    mistakes,
)
from rights_search.languages import language_code
from rights_search.post import label_key
from rights_search.toml_text import read_toml
from rights_search.vocabulary import file as vocabulary_file
from rights_search.vocabulary.vocabulary import Vocabulary

MAX_SETTINGS_BYTES = 64 * 2**10
"""The largest settings file that is read; a map of 1,000 labels takes half of it."""

_MAX_SHOWN = 10
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")
_THEMES_FILE = "themes-file"


def read_scope(folder: Path, name: str, outer: Scope, *, is_inner: bool = True) -> Scope:
    """Return what holds in a folder that has a settings file.

    Args:
        folder: where it is.
        name: what to call the file.
        outer: what the folders above say.
        is_inner: True for a folder inside of the corpus, which has no say in what
            vocabulary the whole of it is tagged with.

    Raises:
        ReadError: if it cannot be read, or any part of it cannot be understood.
    """
    text = _read(folder / FILE_NAME, name, MAX_SETTINGS_BYTES)
    record = _parsed(text, name)
    wrong = [(_line_of(error.at or key, text), error.reason) for key, error in mistakes(record)]
    if wrong:
        raise _all_refused(name, wrong)
    if is_inner and _THEMES_FILE in record:
        reason = f"{_THEMES_FILE} is for the folder that is indexed: an index has one vocabulary"
        raise _refused(name, reason, _line_of(_THEMES_FILE, text))
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
    for above in _folders_above(folder):
        name = FILE_NAME if above == folder else str(above / FILE_NAME)
        try:
            scope = read_scope(above, name, scope, is_inner=False)
        except ReadError as error:
            # It ends everything: people must be able to find it from where they are.
            path = str(above / FILE_NAME)
            raise ReadError(path, error.reason, line=error.line, fatal=True) from error
    return scope


def vocabulary_above(path: Path) -> Vocabulary | None:
    """Return the vocabulary that the settings name for all of a corpus, or None.

    Use it around whatever reads settings: a map of labels names themes of that vocabulary.

    Args:
        path: the folder or file that is indexed.

    Raises:
        ReadError: if the settings, or the file that they name, cannot be understood.
    """
    whole = path.resolve()
    for above in reversed(list(_folders_above(whole if whole.is_dir() else whole.parent))):
        name = str(above / FILE_NAME)
        text = _read(above / FILE_NAME, name, MAX_SETTINGS_BYTES)
        named = _parsed(text, name).get(_THEMES_FILE)
        if named is not None:
            return _vocabulary(above, name, named)
    return None


def _vocabulary(folder: Path, name: str, named: Any) -> Vocabulary:
    try:
        check(_THEMES_FILE, named)
    except BadValueError as error:
        raise _refused(name, error.reason) from error
    path = folder / named
    # A link on the way could lead anywhere.
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _refused(name, f"{_THEMES_FILE}: '{named}' leads out of the folder of this file")
    text = _read(path, str(path), vocabulary_file.MAX_BYTES)
    return vocabulary_file.parse(text, str(path), is_json=path.suffix.lower() == ".json")


def _folders_above(folder: Path) -> Iterator[Path]:
    """Yield the folders from the top down to ``folder`` that have settings which count."""
    for above in (*reversed(folder.parents), folder):
        path = above / FILE_NAME
        if os.path.lexists(path) and (above == folder or is_own(path)):
            yield above


def is_own(path: Path) -> bool:
    """Tell whether what stands at ``path`` belongs to this user, or to root."""
    if not hasattr(os, "geteuid"):
        return True
    return path.lstat().st_uid in {0, os.geteuid()}


def _read(path: Path, name: str, max_bytes: int) -> str:
    # Neither a link, which could lead anywhere, nor a pipe, which would never end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _refused(name, "is no regular file; settings are read from no other")
        with os.fdopen(os.open(path, flags), "rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as error:
        raise _refused(name, f"cannot be read: {error.strerror or error}") from error
    if len(data) > max_bytes:
        raise _refused(name, f"is larger than {max_bytes // 1024} KiB, the limit")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(name, "is not in UTF-8, as TOML must be", line) from error


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return read_toml(text)
    except tomllib.TOMLDecodeError as error:
        reason, place = _TOML_PLACE.sub("", str(error)), _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        raise _refused(name, f"is no valid TOML: {reason}", line) from error
    except RecursionError as error:
        raise _refused(name, "nests too deeply") from error


def _refused(name: str, reason: str, line: int | None = None) -> ReadError:
    consequence = "so nothing in its folder is read"
    return ReadError(name, f"{' '.join(reason.split())} ({consequence})", line=line, fatal=True)


def _all_refused(name: str, wrong: list[tuple[int | None, str]]) -> ReadError:
    """Return one error for all that is wrong, in the order of the lines."""
    (line, first), *rest = sorted(dict.fromkeys(wrong), key=lambda item: item[0] or 0)
    others = [reason if at is None else f"line {at}: {reason}" for at, reason in rest]
    if len(others) > _MAX_SHOWN:
        others[_MAX_SHOWN:] = [f"and {len(others) - _MAX_SHOWN} more"]
    return _refused(name, "; ".join((first, *others)), line)


def _line_of(key: str, text: str) -> int | None:
    found = re.search(rf"^[ \t]*(?:\[[ \t]*)?[\"']?{re.escape(key)}(?!\w)", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


# --- what it means, once it is checked ---------------------------------------------------


def _scope(record: Mapping[str, Any], folder: Path, name: str, outer: Scope) -> Scope:
    elsewhere = {"ignore", "readers", _THEMES_FILE}
    source, path = record.get("source"), str(folder / FILE_NAME)
    inner = Settings(
        country=country_code(record["country"]) if "country" in record else None,
        language=language_code(record.get("language")),
        day_first=record.get("day-first"),
        source=" ".join(source.split()) if source else None,
        encoding=codecs.lookup(record["encoding"]).name if "encoding" in record else None,
        themes=tuple(
            (label_key(label), listed(ids)) for label, ids in record.get("themes", {}).items()
        ),
        origins=tuple((key, path) for key in record if key not in elsewhere),
    )
    readers = record.get("readers", {}).items()
    return Scope(
        merged(outer.settings, inner),
        outer.readers + tuple(Rule(folder, pattern, value, path) for pattern, value in readers),
        outer.ignored + tuple(Rule(folder, glob, "", name) for glob in record.get("ignore", ())),
    )
