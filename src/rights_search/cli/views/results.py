"""The answer to a query, as people read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from rights_search.cli import labels
from rights_search.cli.blocks import (
    BLANK,
    Block,
    Line,
    Run,
    Tallies,
    Tally,
    highlighted,
    joined,
    line,
)
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.links import hit_links
from rights_search.post import Post
from rights_search.results import Expansion, Hit, Match, Results
from rights_search.search import facet_labels

INDENT = 4
MAX_FORMS = 8
MAX_FACET_ROWS = 8
MAX_CHOSEN_ROWS = 10
"""Chosen values that are shown beside the most frequent ones: a region has many countries."""


def results_view(
    results: Results, glyphs: Glyphs, *, why: bool = False, in_session: bool = False
) -> Iterator[Block]:
    """Yield what a search found: header, hits, counts and where to go on.

    Args:
        results: the answer.
        glyphs: signs that the output can show.
        why: True to list under each hit the words that matched.
        in_session: True where the next hits are had by a command of the session.
    """
    yield from _header(results, glyphs)
    for hit in results:
        yield BLANK
        yield from hit_view(hit, glyphs, why=why)
    yield from _legend(results, glyphs)
    # Where filters leave nothing over, the counts without each say what there is.
    if results.facets and any(any(counts.values()) for counts in results.facets.values()):
        yield BLANK
        yield Tallies(facet_tallies(results.facets, MAX_FACET_ROWS, results.selected))
    yield from _footer(results, glyphs, in_session=in_session)


def facet_tallies(
    facets: Mapping[str, Mapping[str, int]],
    max_rows: int,
    selected: Mapping[str, Collection[str]] = {},
) -> tuple[Tally, ...]:
    """Return a table for each facet: its most frequent values, and those that are chosen."""
    return tuple(
        _tally(name, counts, max_rows, selected.get(name, ()))
        for name, counts in facets.items()
        if counts
    )


def _tally(name: str, counts: Mapping[str, int], max_rows: int, selected: Collection[str]) -> Tally:
    values = sorted(counts, key=lambda value: labels.rank(name, value, counts[value]))
    behind = [value for value in values[max_rows:] if value in selected]
    shown = values[:max_rows] + behind[:MAX_CHOSEN_ROWS]
    rows = tuple(
        (labels.facet_value(name, value, is_chosen=value in selected), counts[value])
        for value in shown
    )
    return Tally(labels.FACET_TITLES.get(name, name), rows, len(counts) - len(shown))


def _header(results: Results, glyphs: Glyphs) -> Iterator[Block]:
    matches = "No post matches"
    if results.total:
        matches = labels.found(results.total, results.distinct, "match")
    elapsed = f" ({labels.seconds(results.elapsed_s)})"
    yield Line((Run(matches, "label"), Run(elapsed, "dim")))
    if results.is_relaxed and results.total:
        yield line("No post holds all the words; these hold some of them.")
    if results.why_empty is not None:
        yield line(str(results.why_empty), hang=2)
    if results.suggestion is not None:
        better = results.suggestion
        posts = "1 post" if better.posts == 1 else f"{better.posts:,} posts"
        yield line(f"Did you mean: {better.query} ({posts})", hang=2)
    for expansion in results.expansions:
        yield line(_expansion(expansion, glyphs), "dim", hang=2)
    for note in results.notes:
        yield line(note, hang=2)


def _expansion(expansion: Expansion, glyphs: Glyphs) -> str:
    forms = labels.shortened(expansion.forms, MAX_FORMS, glyphs)
    return f"{expansion.clause}: also searched for {forms} (-alias:{expansion.group})"


def hit_view(hit: Hit, glyphs: Glyphs, *, why: bool) -> Iterator[Block]:
    """Yield a hit: what is said of its post, the best passage and its copies."""
    yield from heading(hit.rank, hit.post, hit.title_spans, glyphs, page=hit.page)
    if hit.snippet.text:
        runs = tuple(highlighted(hit.snippet.text, hit.snippet.spans))
        yield Line(runs, indent=INDENT)
    yield from hit_links(hit, glyphs, indent=INDENT)
    if why:
        yield from (_reason(match, glyphs) for match in hit.why)


def heading(
    rank: int,
    post: Post,
    title_spans: Iterable[tuple[int, int]],
    glyphs: Glyphs,
    *,
    page: int | None = None,
) -> Iterator[Block]:
    """Yield what is said of a post in any list: rank and title, facts, place."""
    number = Run(f"{rank}.".ljust(INDENT - 1) + " ", "dim")
    if post.title_derived:
        title = (
            Run(glyphs.opening, "derived"),
            *highlighted(post.title, title_spans, "derived"),
            Run(glyphs.closing, "derived"),
        )
    else:
        title = tuple(highlighted(post.title, title_spans, "title"))
    yield Line(title, hang=INDENT, lead=number)
    facts = (
        Run(labels.date(post.date)),
        Run(", ".join(facet_labels.country(tag.value) for tag in post.countries)),
        # Themes are "Trafficking, slavery": a comma would not keep them apart.
        Run("; ".join(facet_labels.theme(tag.value) for tag in post.themes)),
        Run(", ".join(post.authors)),
        Run(post.id, "dim"),
    )
    yield Line(joined(facts, glyphs.dot), indent=INDENT)
    on_page = "" if page is None else f", page {page}"
    yield line(f"{post.provenance}{on_page}", "dim", indent=INDENT)


def _reason(match: Match, glyphs: Glyphs) -> Line:
    if match.rule == "facet":
        value = labels.facet_value(match.field, match.words)
        return Line((Run(f"{match.field}: ", "dim"), Run(value)), indent=INDENT + 2, hang=2)
    least = "at least " if match.is_least else ""
    times = f" {least}{glyphs.times}{match.count}" if match.count > 1 or least else ""
    words = f"{glyphs.opening}{match.words}{glyphs.closing}"
    runs = (
        Run(f"{match.field}: ", "dim"),
        Run(words),
        Run(f"{times} for {match.clause} ({match.rule})", "dim"),
    )
    return Line(runs, indent=INDENT + 2, hang=2)


def _legend(results: Results, glyphs: Glyphs) -> Iterator[Block]:
    if any(hit.post.title_derived for hit in results):
        mark = f"{glyphs.opening}{glyphs.ellipsis}{glyphs.closing}"
        yield BLANK
        yield line(f"{mark} a post without a title, by its first words", "dim", hang=INDENT)


def _footer(results: Results, glyphs: Glyphs, *, in_session: bool) -> Iterator[Block]:
    last = results.offset + len(results)
    if results.hits and last < results.distinct:
        shown = f"{results.offset + 1:,}{glyphs.dash}{last:,} of {results.distinct:,}"
        yield BLANK
        more = ":more" if in_session else f"--offset {last}"
        yield line(f"{shown}; for more: {more}", "dim")
    elif results.total and not results.hits and results.offset:
        yield BLANK
        yield line(f"No hits behind --offset {results.offset}.")
