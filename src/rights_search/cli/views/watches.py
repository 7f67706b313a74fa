"""Saved searches and what is new in them, as people and programs read them."""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TextIO

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Block, Line, Run, line
from rights_search.cli.export import CSV_COLUMNS, hit_cells
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.results import INDENT, hit_view
from rights_search.exports.cells import cell, valid
from rights_search.result_records import to_dict
from rights_search.safe_text import safe
from rights_search.watches.file import Watch
from rights_search.watches.news import News
from rights_search.watches.watching import Report

_MAX_NAMED = 3

NONE = line("No searches are saved. For example: rights-search watch add egypt torture")


def reports_view(reports: Iterable[Report], glyphs: Glyphs, *, why: bool) -> Iterator[Block]:
    """Yield what is new in each saved search; hits are numbered through."""
    rank = 0
    for number, report in enumerate(reports):
        if number and (rank or report.news):
            yield BLANK
        if report.news is None:
            yield _named(report.watch, f"failed: {report.error}")
            continue
        yield _named(report.watch, _numbers(report.news))
        for hit in report.news.hits:
            rank += 1
            yield BLANK
            yield from hit_view(replace(hit, rank=rank), glyphs, why=why)
        more = report.news.count - len(report.news.hits)
        if more:
            yield BLANK
            yield line(f"{more:,} more are new: run it again, or with --limit", "dim")


def _numbers(news: News) -> str:
    posts = "1 post matches" if news.total == 1 else f"{news.total:,} posts match"
    numbers = f"{news.count:,} new; {posts}" if news.count else f"nothing new; {posts}"
    return "; ".join((numbers, *_near_copies(news)))


def _near_copies(news: News) -> Iterator[str]:
    """Yield what is said of posts that only resemble what was shown, if there are any."""
    near = news.near_copies
    if near:
        more = f" and {len(near) - _MAX_NAMED:,} more" if len(near) > _MAX_NAMED else ""
        kind = "near-copy" if len(near) == 1 else "near-copies"
        yield f"{kind} of what was shown before: {', '.join(near[:_MAX_NAMED])}{more}"


def write_near_copies(reports: Iterable[Report], stream: TextIO) -> None:
    """Write a line for each search that left out near-copies, of which a table has no row."""
    for report in reports:
        stream.writelines(
            safe(f"{report.watch.name}: {told}") + "\n"
            for told in (_near_copies(report.news) if report.news else ())
        )


def _named(watch: Watch, text: str) -> Line:
    return Line((Run(f"{watch.name}: ", "label"), Run(text)), hang=2)


def saved_view(report: Report, next_command: str) -> Iterator[Block]:
    """Yield what was saved and what its first run will show."""
    assert report.news is not None, "a search that fails is not saved"  # noqa: S101
    posts = labels.counted(report.news.total, "post")
    yield _named(report.watch, f"saved; {posts} found now, {report.news.count:,} to be shown first")
    yield line(f"Next: {next_command}", "dim")


def watches_view(watches: Iterable[Watch], glyphs: Glyphs) -> Iterator[Block]:
    """Yield each saved search with its query, its options and what it has reported."""
    for watch in watches:
        yield _named(watch, asked(watch) or "every post")
        last = (
            "never run" if watch.last_run is None else f"last run {labels.moment(watch.last_run)}"
        )
        reported = f"{labels.counted(len(watch.reported), 'post')} reported"
        yield line(f"{reported}{glyphs.dot}{last}", "dim", indent=INDENT)


def asked(watch: Watch) -> str:
    """Return the query and the options as they are typed."""
    parts = [watch.query] if watch.query else []
    for name, value in watch.options.items():
        if name == "mode":
            parts.append(f"--{value}")
            continue
        option = "no-alias" if name == "without_aliases" else name.replace("_", "-")
        assert isinstance(value, Sequence), "all others are lists of values"  # noqa: S101
        parts += [f"--{option} {shlex.quote(each)}" for each in value]
    if watch.copies == "all":
        parts.append("--all-copies")
    return " ".join(parts)


def watch_record(watch: Watch) -> dict[str, Any]:
    """Return a saved search as JSON values."""
    return {
        "name": watch.name,
        "query": watch.query,
        "options": dict(watch.options),
        "copies": watch.copies,
        "created": watch.created,
        "last_run": watch.last_run,
        "reported": len(watch.reported),
    }


def report_record(report: Report) -> dict[str, Any]:
    """Return what a run found as JSON values."""
    news = report.news or News(0, 0, (), {})
    return {
        **watch_record(report.watch),
        "error": None if report.error is None else str(report.error),
        "total": news.total,
        "new": news.count,
        "near_copies": list(news.near_copies),
        "hits": [to_dict(hit) for hit in news.hits],
    }


def write_jsonl(reports: Iterable[Report], stream: TextIO) -> None:
    """Write an object a line for each new hit, with the name of its search."""
    for report in reports:
        for hit in report.news.hits if report.news else ():
            record = {"watch": report.watch.name, **to_dict(hit)}
            stream.write(json.dumps(valid(record)) + "\n")


def write_csv(reports: Iterable[Report], stream: TextIO) -> None:
    """Write a header and a row for each new hit, with the name of its search."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["watch", *CSV_COLUMNS])
    for report in reports:
        for hit in report.news.hits if report.news else ():
            writer.writerow([cell(report.watch.name), *hit_cells(hit)])
