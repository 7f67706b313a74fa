"""Read a user's own vocabulary of themes and groups: TOML or JSON, checked key by key.

The file adds to the built-in vocabulary, or with ``extends = false`` replaces it::

    [themes.internet-shutdowns]
    label = "Internet shutdowns"
    area = "freedoms"
    source-labels = ["Shutdowns"]
    terms.en.strong = ["internet shutdown", "(mobile|network) blackout"]
    terms.en.weak = ["throttl*"]

    [groups.fishers]
    labels = { en = "Fishing communities", fr = "Communautés de pêcheurs" }
    terms.en.strong = ["fisher(folk|men|women)"]

    [masks]
    en = ["news blackout"]

``docs/themes.md`` tells every key, and the notation of terms.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from rights_search.errors import ReadError
from rights_search.toml_text import read_toml
from rights_search.vocabulary.check import BadValueError, check, unknown
from rights_search.vocabulary.vocabulary import (
    SOURCE_LABELS,
    Area,
    Entry,
    Group,
    Kind,
    Labels,
    Sources,
    Terms,
    Theme,
    Vocabulary,
    built_in,
)

MAX_BYTES = 2**20
"""The largest file that is read; ours, with seven languages, would not fill it."""

_OTHER = Area(
    "other",
    (
        ("en", "Other themes"), ("fr", "Autres thèmes"), ("es", "Otros temas"),
        ("ru", "Другие темы"), ("ar", "مواضيع أخرى"), ("pt", "Outros temas"),
        ("de", "Andere Themen"),
    ),
)  # fmt: skip

_Record: TypeAlias = Mapping[str, Any]


DEFAULT = "default"
"""Stands for the built-in vocabulary, where a file may be named."""


def named(name: str | os.PathLike[str]) -> Vocabulary:
    """Return the vocabulary of a file, or the built-in one for `DEFAULT`.

    Raises:
        ReadError: as `load` does.
    """
    return built_in() if name == DEFAULT else load(Path(name))


def load(path: Path) -> Vocabulary:
    """Return the vocabulary that a file describes.

    Args:
        path: ``.json`` is read as JSON, anything else as TOML.

    Raises:
        ReadError: of one line that names the file and the key at fault.
    """
    name = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ReadError(name, f"cannot be read: {error.strerror or error}", fatal=True) from error
    if len(data) > MAX_BYTES:
        raise ReadError(name, f"is larger than {MAX_BYTES // 2**20} MiB, the limit", fatal=True)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(name, "is not in UTF-8; save it so", line=line, fatal=True) from error
    return parse(text, name, is_json=path.suffix.lower() == ".json")


def parse(text: str, name: str, *, is_json: bool) -> Vocabulary:
    """Return the vocabulary that the text of a file describes; ``name`` is for errors.

    Raises:
        ReadError: as `load`.
    """
    kind = "JSON" if is_json else "TOML"
    try:
        record = json.loads(text) if is_json else read_toml(text)
    except ValueError as error:  # of either, and of a number with too many digits
        raise ReadError(name, f"is no valid {kind}: {error}", fatal=True) from error
    except RecursionError as error:
        raise ReadError(name, "nests too deeply", fatal=True) from error
    try:
        check(record)
        return _vocabulary(record)
    except BadValueError as error:
        raise ReadError(name, " ".join(str(error).split()), fatal=True) from error


# --- what it means, once it is checked --------------------------------------------


def _vocabulary(record: _Record) -> Vocabulary:
    ours = built_in() if record.get("extends", True) else Vocabulary((), (), (), {})
    dropped = set(record.get("leave-out", ()))
    known = {item.id for item in ours.themes} | {item.id for item in ours.groups}
    for item_id in dropped - known:
        raise BadValueError(f"leave-out: {unknown('theme or group', item_id, known)}")
    areas = {item.id: item for item in ours.areas}
    for item_id, entry in _entries(record, "areas"):
        areas[item_id] = Area(item_id, _labels(entry, f"areas.{item_id}", areas.get(item_id)))
    themes = {item.id: item for item in ours.themes if item.id not in dropped}
    for item_id, entry in _entries(record, "themes"):
        themes[item_id] = _theme(item_id, entry, themes.get(item_id), areas)
    groups = {item.id: item for item in ours.groups if item.id not in dropped}
    for item_id, entry in _entries(record, "groups"):
        groups[item_id] = _group(item_id, entry, groups.get(item_id))
    if not themes and not groups:
        raise BadValueError("there is neither a theme nor a group")
    return Vocabulary(
        # In the order of their areas, as they are shown.
        areas=tuple(areas.values()),
        themes=tuple(item for area in areas for item in themes.values() if item.area == area),
        groups=tuple(groups.values()),
        own_terms=_terms(record),
        has_ours=record.get("extends", True),
        origin=json.dumps(record, ensure_ascii=True, separators=(",", ":")),
    )


def _entries(record: _Record, kind: str) -> Iterable[tuple[str, _Record]]:
    entries: Mapping[str, _Record] = record.get(kind, {})
    return entries.items()


def _theme(item_id: str, entry: _Record, old: Theme | None, areas: dict[str, Area]) -> Theme:
    path = f"themes.{item_id}"
    area = entry.get("area") or (old.area if old else _OTHER.id)
    if area == _OTHER.id:
        areas.setdefault(_OTHER.id, _OTHER)
    if area not in areas:
        raise BadValueError(f"{path}.area: {unknown('area', area, areas)}")
    return Theme(
        item_id,
        area,
        _labels(entry, path, old),
        (*(old.names if old else ()), *entry.get("names", ())),
        (*(old.sources if old else ()), *_sources(entry)),
        entry.get("common", old is not None and old.is_common),
    )


def _group(item_id: str, entry: _Record, old: Group | None) -> Group:
    return Group(
        item_id,
        _labels(entry, f"groups.{item_id}", old),
        (*(old.names if old else ()), *entry.get("names", ())),
        (*(old.sources if old else ()), *_sources(entry)),
        old.themes if old else (),
    )


def _labels(entry: _Record, path: str, old: Area | Theme | Group | None) -> Labels:
    """Return an entry's labels; what the file leaves out is as it was before."""
    labels = dict(old.labels) if old else {}
    if "label" in entry:
        labels["en"] = entry["label"]
    labels |= entry.get("labels", {})
    if not labels:
        raise BadValueError(f'{path} needs a label, such as label = "Internet shutdowns"')
    return tuple(labels.items())


def _sources(entry: _Record) -> Sources:
    labels: Sequence[str] = entry.get(SOURCE_LABELS, ())
    return ((SOURCE_LABELS, tuple(labels)),) if labels else ()


def _terms(record: _Record) -> Mapping[str, Terms]:
    kinds: tuple[tuple[Kind, str], ...] = (("theme", "themes"), ("group", "groups"))
    entries: dict[str, list[Entry]] = {language: [] for language in record.get("masks", {})}
    for kind, key in kinds:
        for item_id, entry in _entries(record, key):
            for language, lists in entry.get("terms", {}).items():
                found = Entry(
                    kind, item_id, tuple(lists.get("strong", ())), tuple(lists.get("weak", ()))
                )
                entries.setdefault(language, []).append(found)
    masks = record.get("masks", {})
    return {
        language: Terms(tuple(found), tuple(masks.get(language, ())))
        for language, found in entries.items()
    }
