"""The page of what is written for programs, out of the docstrings of the values themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from manual.tables import table
from rights_search.cli import export
from rights_search.cli.views import facets, timeline
from rights_search.exports.table import COLUMNS
from rights_search.indexing.sync_results import Fate
from rights_search.post import Evidence, PartialDate, Post, Provenance, Tag
from rights_search.results import (
    Clause,
    Copies,
    Copy,
    Expansion,
    Explanation,
    Follow,
    Hit,
    Match,
    Related,
    Results,
    ScorePart,
    Snippet,
    Stats,
    Suggestion,
    WhyEmpty,
)
from rights_search.search.similar import Similar
from rights_search.search.timeline import Period, Series, Timeline

VALUES: tuple[type, ...] = (
    Results, Hit, Snippet, Match, ScorePart, Expansion, Suggestion, WhyEmpty, Post, PartialDate,
    Provenance, Tag, Evidence, Copies, Copy, Follow, Related, Explanation, Clause, Timeline,
    Period, Series, Similar, Stats,
)  # fmt: skip
"""What stands in the records, in the order of the page."""

_HEAD = Path(__file__).with_name("records.md")

ADDED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Results": (("distinct", "number", "hits of all pages, copies of a text being one"),),
    "Hit": (
        ("page", "number", "page of its document that the snippet is on; only if there is one"),
    ),
    "PartialDate": (
        ("precision", "text", "`year`, `month` or `day`; only in posts"),
        ("text", "text", "the date as people read it, such as `c. 2014`; only in posts"),
    ),
    "Explanation": (("total", "number", "how many posts match"),),
    "Series": (("label", "text", "its value as people read it"),),
}
"""Keys that a record has beside the fields of its value: `to_dict` and `timeline` add them."""

LEFT_OUT = {("Results", "elapsed_s")}


def page() -> str:
    """Return the page."""
    head = _HEAD.read_text(encoding="utf-8")
    for name, words in (
        ("FATES", get_args(Fate)),
        ("QUERY_COLUMNS", export.CSV_COLUMNS),
        ("EXPORT_COLUMNS", COLUMNS),
        ("FACET_COLUMNS", facets.CSV_COLUMNS),
        ("PERIOD_COLUMNS", timeline.CSV_COLUMNS),
    ):
        head = head.replace(name, ", ".join(f"`{word}`" for word in words))
    return "\n".join([head, *_sections()])


def keys_of(value: type) -> list[str]:
    """Return the keys that a record of such a value may have."""
    return [row[0].strip("`") for row in rows_of(value)]


def rows_of(value: type) -> list[tuple[str, str, str]]:
    """Return a row for each key: its name, its type, and what it says."""
    said = dict(_said(value))
    names = [name for name in _annotations(value) if (value.__name__, name) not in LEFT_OUT]
    missing = set(names) - set(said)
    assert not missing, f"{value.__name__} says nothing of {missing}"  # noqa: S101 - for authors
    own = [(f"`{name}`", _type(_annotations(value)[name]), said[name]) for name in names]
    return own + [(f"`{name}`", kind, text) for name, kind, text in ADDED.get(value.__name__, ())]


def _sections() -> Iterator[str]:
    for value in VALUES:
        yield f"## {value.__name__}\n"
        summary = (inspect.getdoc(value) or "").split("\n\n")[0]
        yield f"{_markdown(summary)}.{' Empty keys are left out.' if value is Post else ''}\n"
        yield f"{table(['key', 'value', 'what'], rows_of(value))}\n"


def _annotations(value: type) -> dict[str, str]:
    return {name: str(kind) for name, kind in inspect.get_annotations(value).items()}


_ARGUMENT = re.compile(r"    (\w+(?:, \w+)*): ")


def _said(value: type) -> Iterator[tuple[str, str]]:
    """Yield each field of a value with what its docstring says of it."""
    block = (inspect.getdoc(value) or "").partition("Args:\n")[2].partition("\n\n")[0]
    names: list[str] = []
    text = ""
    for line in [*block.splitlines(), "    end: "]:
        begins = _ARGUMENT.match(line)
        if begins:
            yield from ((name, _markdown(text.strip())) for name in names)
            names, text = begins[1].split(", "), line[begins.end() :]
        else:
            text += f" {line.strip()}"


def _markdown(text: str) -> str:
    """Return a docstring's text: what it marks as code or as another value stays marked."""
    text = " ".join(text.split()).replace("``", "`").removesuffix(".")
    return re.sub(r"\bNone\b", "null", re.sub(r"\bTrue\b", "true", text))


_TYPES = {
    "str": "text", "int": "number", "float": "number", "bool": "true or false",
    "Spans": "list of [start, end]", "CopiesMode": "text", "Mode": "text", "FollowRule": "text",
    "Unit": "text",
}  # fmt: skip


def _type(annotation: str) -> str:
    """Return what stands in JSON for a type: ``tuple[Hit, ...]`` is a list of hits."""
    inner = annotation.removesuffix(" | None")
    empty = " or null" if inner != annotation else ""
    if inner.startswith("tuple[") and inner.endswith(", ...]"):
        return f"list of {_type(inner.removeprefix('tuple[').removesuffix(', ...]'))}{empty}"
    if inner.startswith("Mapping["):
        key, _, item = inner.removeprefix("Mapping[").removesuffix("]").partition(", ")
        return f"object: {_type(key)} → {_type(item)}{empty}"
    if inner in {value.__name__ for value in VALUES}:
        return f"[{inner}](#{inner.lower()}){empty}"
    return f"{_TYPES[inner]}{empty}"
