"""Full-text search over human-rights posts.

Start with `Archive`: ``Archive.open_or_create("index/")``, then `Archive.sync`
and `Archive.search`. `to_dict` makes JSON of what they give back. Nothing here prints,
exits or logs by itself. docs/library.md has more.
"""

from __future__ import annotations

from importlib import import_module

# Of `typing`, which the command line imports when it has been told to look for garbage seldom.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rights_search.archive import Archive
    from rights_search.engines.protocol import Sort
    from rights_search.errors import (
        IndexBusyError,
        IndexUnavailableError,
        MissingExtraError,
        NoSuchPostError,
        QueryError,
        ReadError,
        RightsSearchError,
    )
    from rights_search.exports import ExportFormat, cite, export
    from rights_search.indexing.sync_results import Fate, FileReport, Problem, Progress, SyncSummary
    from rights_search.post import Evidence, PartialDate, Post, Provenance, Tag
    from rights_search.result_records import to_dict
    from rights_search.results import (
        Clause,
        Copies,
        CopiesMode,
        Copy,
        Expansion,
        Explanation,
        Follow,
        Hit,
        Match,
        Mode,
        Related,
        Results,
        ScorePart,
        Snippet,
        Stats,
        Suggestion,
        WhyEmpty,
    )
    from rights_search.search.faceting import Facets, FacetTable, FacetValue
    from rights_search.search.questions import Options
    from rights_search.search.similar import Similar
    from rights_search.search.timeline import Period, Series, Timeline
    from rights_search.version import __version__
    from rights_search.watches.news import News

__all__ = [
    "Archive",
    "Clause",
    "Copies",
    "CopiesMode",
    "Copy",
    "Evidence",
    "Expansion",
    "Explanation",
    "ExportFormat",
    "FacetTable",
    "FacetValue",
    "Facets",
    "Fate",
    "FileReport",
    "Follow",
    "Hit",
    "IndexBusyError",
    "IndexUnavailableError",
    "Match",
    "MissingExtraError",
    "Mode",
    "News",
    "NoSuchPostError",
    "Options",
    "PartialDate",
    "Period",
    "Post",
    "Problem",
    "Progress",
    "Provenance",
    "QueryError",
    "ReadError",
    "Related",
    "Results",
    "RightsSearchError",
    "ScorePart",
    "Series",
    "Similar",
    "Snippet",
    "Sort",
    "Stats",
    "Suggestion",
    "SyncSummary",
    "Tag",
    "Timeline",
    "WhyEmpty",
    "__version__",
    "cite",
    "export",
    "to_dict",
]

_HOMES = {
    "archive": ("Archive",),
    "engines.protocol": ("Sort",),
    "errors": (
        "IndexBusyError",
        "IndexUnavailableError",
        "MissingExtraError",
        "NoSuchPostError",
        "QueryError",
        "ReadError",
        "RightsSearchError",
    ),
    "search.faceting": ("FacetTable", "FacetValue", "Facets"),
    "watches.news": ("News",),
    "post": ("Evidence", "PartialDate", "Post", "Provenance", "Tag"),
    "search.questions": ("Options",),
    "result_records": ("to_dict",),
    "results": (
        "Clause",
        "Copies",
        "CopiesMode",
        "Copy",
        "Expansion",
        "Explanation",
        "Follow",
        "Hit",
        "Match",
        "Mode",
        "Related",
        "Results",
        "ScorePart",
        "Snippet",
        "Stats",
        "Suggestion",
        "WhyEmpty",
    ),
    "search.similar": ("Similar",),
    "indexing.sync_results": ("Fate", "FileReport", "Problem", "Progress", "SyncSummary"),
    "search.timeline": ("Period", "Series", "Timeline"),
    "version": ("__version__",),
    "exports": ("ExportFormat", "cite", "export"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

# Hidden from type checkers, which would take any misspelt name for one that is there.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first asked for.

        Every command imports this package; `rights-search --help` took twice as long
        while that brought the whole library along.
        """
        module = _HOME_OF.get(name)
        if module is None:
            raise AttributeError(f"module 'rights_search' has no attribute {name!r}")
        value = getattr(import_module(f"rights_search.{module}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """Return the public names, those too that were not asked for yet: for Tab and `help`."""
        return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
