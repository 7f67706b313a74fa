"""Labels beside a date: "News Nepal Torture", "Kiribati, New Zealand", "Blog | Peru"."""

from __future__ import annotations

from collections.abc import Iterable

from rights_search.ingest.lines import Line
from rights_search.ingest.page_words import is_list_item, without_bullet


def listed_labels(lines: Iterable[Line]) -> frozenset[str]:
    """Return what the page's own menus list: the labels that a run of them is made of."""
    return frozenset(without_bullet(line.text) for line in lines if is_list_item(line.text))


def sort_labels(run: str, known: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the countries and the other labels in ``run``, as written.

    Args:
        run: what stands beside a date; a bar parts labels, a comma countries.
        known: labels that the page's menus list: they part a run without signs.
    """
    from rights_search.geography.territories import lookup  # noqa: PLC0415 - a large table

    countries: list[str] = []
    tags: list[str] = []
    for label in filter(None, run.split(" | ")):
        listed = label.split(", ")
        if len(listed) == 1 or not all(map(lookup, listed)):
            listed = _split_run(label.split(), known) or [label]
        for part in listed:
            (countries if lookup(part) else tags).append(part)
    return tuple(countries), tuple(tags)


def _split_run(words: list[str], known: frozenset[str]) -> list[str]:
    """Return ``words`` as known labels, the longest first, or nothing if they are not all."""
    labels: list[str] = []
    start = 0
    while start < len(words):
        stop = next(
            (stop for stop in range(len(words), start, -1) if " ".join(words[start:stop]) in known),
            None,
        )
        if stop is None:
            return []
        labels.append(" ".join(words[start:stop]))
        start = stop
    return labels
