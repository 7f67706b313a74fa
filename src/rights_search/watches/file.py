"""Saved searches as a file: read with suspicion, written whole, for its owner only."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from rights_search.errors import RightsSearchError
from rights_search.index_files import read_whole, write_whole
from rights_search.json_text import read_json
from rights_search.results import CopiesMode
from rights_search.search.questions import FILTERS, Options

MAX_WATCHES = 1_000
MAX_NAME_CHARS = 60
MAX_BYTES = 256 << 20
"""A longer file is not read; some five million reported posts are what its memory is enough for."""

_FORM = 1
_MAX_REASON_CHARS = 200
LISTS = (*FILTERS, *(f"not_{name}" for name in FILTERS), "without_aliases")
"""The options that are lists of texts."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved search.

    Args:
        name: what it is called: letters, digits, ``-``, ``_`` and ``.``.
        query: in the query language; blank for every post.
        options: filters, mode and groups of aliases that are left out. ``today`` is the day of
            each run, and a file of aliases is named at each run: what came with somebody
            else's index must not say which files are opened.
        copies: ``all`` if each copy of a text is news.
        created: UTC, ISO 8601, to the second.
        last_run: when something or nothing was last reported; None for never.
        reported: id → digest of the words of each post that counts as reported, see
            `rights_search.watches.news`; posts that are gone stay in it, so that one that comes
            back is no news.
    """

    name: str
    query: str = ""
    options: Options = field(default_factory=Options)
    copies: CopiesMode = "collapse"
    created: str = ""
    last_run: str | None = None
    reported: Mapping[str, str] = field(default_factory=dict)


def is_name(text: str) -> bool:
    """Tell whether a watch may be called so."""
    letters = text.replace("-", "").replace("_", "").replace(".", "")
    return letters.isalnum() and text.isprintable() and len(text) <= MAX_NAME_CHARS


def read(path: Path) -> tuple[Watch, ...]:
    """Return the watches of a file, none if it is not there.

    Raises:
        RightsSearchError: if it cannot be read, or was not written by `write`.
    """
    try:
        record = read_json(read_whole(path, MAX_BYTES))
        if record["form"] != _FORM:
            form = repr(record["form"])[:_MAX_REASON_CHARS]
            raise _wrong(path, f"is of form {form}, this program reads {_FORM}")
        return tuple(_watch(item) for item in record["watches"])
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # What is wrong may be a megabyte of whatever somebody put there.
        what = str(error)[:_MAX_REASON_CHARS]
        reason = f"is damaged ({what}); mend it, or remove it to begin anew"
        raise _wrong(path, reason) from error


def write(path: Path, watches: Iterable[Watch]) -> None:
    """Write the watches; the file takes the place of the earlier one when it is whole.

    Raises:
        RightsSearchError: if that is not possible.
    """
    record = {"form": _FORM, "watches": [_record(watch) for watch in watches]}
    try:
        write_whole(path, json.dumps(record, indent=1).encode("ascii"))
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> RightsSearchError:
    """Return what to raise where saved searches cannot be kept."""
    reason = f"saved searches cannot be written here: {error.strerror or error}"
    return _wrong(path, f"{reason}; --watches names another file")


def _wrong(path: Path, reason: str) -> RightsSearchError:
    return RightsSearchError(f"{path}: {reason}")


def _record(watch: Watch) -> dict[str, Any]:
    return {
        "name": watch.name,
        "query": watch.query,
        "options": watch.options,
        "copies": watch.copies,
        "created": watch.created,
        "last_run": watch.last_run,
        "reported": dict(watch.reported),
    }


def _watch(item: dict[str, Any]) -> Watch:
    watch = Watch(
        name=_text(item["name"]),
        query=_text(item["query"]),
        options=_options(item["options"]),
        copies=_one_of(item["copies"], "collapse", "all"),
        created=_moment(item["created"]),
        last_run=None if item["last_run"] is None else _moment(item["last_run"]),
        reported={_text(key): _text(value) for key, value in item["reported"].items()},
    )
    if not is_name(watch.name):
        raise ValueError(f"no name: {watch.name!r}")
    return watch


def _options(record: dict[str, Any]) -> Options:
    kept: dict[str, Any] = {}
    for name, value in record.items():
        if name == "mode":
            kept["mode"] = _one_of(value, "exact", "default", "broad")
        elif name in LISTS:
            kept[name] = tuple(_text(each) for each in value)
        else:
            raise ValueError(f"no option: {name!r}")
    return cast("Options", kept)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return value


def _one_of(value: object, *known: Any) -> Any:
    if value not in known:
        raise ValueError(f"none of {', '.join(known)}: {value!r}")
    return value


def _moment(value: object) -> str:
    return dt.datetime.fromisoformat(_text(value)).isoformat(timespec="seconds")
