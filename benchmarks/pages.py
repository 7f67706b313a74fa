"""Time the HTML reader on saved pages, in one process, by what they mark and by their size.

CPU time of `read_file`: sniffing, decoding, parsing, reading, making posts. Each page is
read in turn with lxml's parser alone and with trafilatura's fast mode, its text alone (the
extra `articles`; without it that column is empty): ratios hold on a busy machine and on
another, times do not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from rights_search.errors import MissingExtraError
from rights_search.ingest import Source, read_file
from rights_search.ingest.encodings.decoding import decode
from rights_search.ingest.html.container import find_container
from rights_search.ingest.html.dom import parse
from rights_search.ingest.html.excerpt import cut
from rights_search.ingest.html.meta import page_facts
from rights_search.ingest.html.trafilatura import extractor

_KINDS = ("head and article marked", "text marked", "nothing marked")
_SIZES = ((0, 25), (25, 50), (50, 100), (100, 200), (200, 65_536))
"""In thousands of bytes."""

_LEAST = 1e-6
"""Seconds that anything takes, whatever the clock says."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a page took, in seconds of CPU time."""

    kind: str
    size: int
    ours: float
    parser: float
    theirs: float | None


def main() -> None:
    """Print the speed of the reader on a folder of pages."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder with HTML pages, at any depth")
    parser.add_argument("--every", type=int, default=1, help="take every n-th page (1)")
    parser.add_argument("--runs", type=int, default=3, help="the mean of so many readings (3)")
    parser.add_argument("--with-extra", action="store_true", help="ask trafilatura if it is there")
    options = parser.parse_args()
    extract = _extractor()
    if not options.with_extra:
        extractor.cache_clear()
        sys.modules["trafilatura"] = None  # type: ignore[assignment] # as if it were not there
    paths = sorted(path for path in options.folder.rglob("*.htm*") if path.is_file())
    timings = [_timed(path, options.runs, extract) for path in paths[:: options.every]]
    ratios = f"{'lxml alone':>12}{'trafilatura':>13}"
    titles = f"{'pages':>7}{'KB':>7}{'ms':>8}{'a second':>10}{'MB/s':>7}"
    print(f"{'pages that have':26}{titles}{ratios}")
    for kind in _KINDS:
        of_kind = [timing for timing in timings if timing.kind == kind]
        _print(kind, of_kind)
        for least, most in _SIZES:
            name = f"  {least} to {most} KB" if most < _SIZES[-1][1] else f"  {least} KB and more"
            _print(name, [one for one in of_kind if least * 1000 <= one.size < most * 1000])
    _print("all", timings)


def _extractor() -> Callable[[bytes], object] | None:
    """Return trafilatura's fast mode, or None where it is not installed."""
    try:
        extract = extractor()
    except MissingExtraError:
        return None
    return lambda content: extract(content, fast=True)


def _timed(path: Path, runs: int, extract: Callable[[bytes], object] | None) -> Timing:
    content = path.read_bytes()
    source = Source(path, path.name, "0" * 64, content=content)

    def usual(read: Callable[[], object]) -> float:
        # Not the least: on a busy machine the clock of a process stands still now and then.
        return _cpu(lambda: [read() for _ in range(runs)]) / runs

    return Timing(
        _kind(content),
        len(content),
        usual(lambda: list(read_file(source))),
        usual(lambda: _parse(content)),
        None if extract is None else usual(lambda: extract(content)),
    )


def _kind(content: bytes) -> str:
    text = decode(content).text
    root = parse(text, "page")
    parts = cut(content)
    if page_facts(root).is_article and parts.is_certain and parts.parts:
        return _KINDS[0]
    body = next(root.iter("body"), root)
    return _KINDS[1] if find_container(body).mark else _KINDS[2]


def _parse(content: bytes) -> object:
    return etree.fromstring(content, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def _cpu(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return max(time.process_time() - start, _LEAST)


def _print(kind: str, timings: Sequence[Timing]) -> None:
    if not timings:
        return
    pages = len(timings)
    ours = sum(timing.ours for timing in timings) / pages
    parser = sum(timing.parser for timing in timings) / pages
    theirs = sum(timing.theirs or 0 for timing in timings) / pages
    size = sum(timing.size for timing in timings) / pages / 1000
    speed = f"{ours * 1e3:8.2f}{1 / ours:10.0f}{size / ours / 1000:7.1f}{ours / parser:11.1f}x"
    ratio = f"{theirs / ours:12.1f}x" if theirs else ""
    print(f"{kind:26}{pages:7,}{size:7.0f}{speed}{ratio}")


if __name__ == "__main__":
    main()
