"""Searches that are saved by name and say what is new since they last did.

::

    watches = Watches.of(archive)
    watches.add("egypt", "torture", country="Egypt")
    with watches.run("egypt") as reports:
        for report in reports:
            show(report.news.hits)

A post is reported once: see `rights_search.watches.news`. What was shown counts as reported when
the block ends without an error, so nothing is lost where output breaks off. Runs take turns,
hence none reports what another one does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, cast

from rights_search.errors import RightsSearchError
from rights_search.file_lock import locked
from rights_search.results import CopiesMode
from rights_search.search.asking import chosen
from rights_search.search.questions import Options, PathLike
from rights_search.watches import file as watch_file
from rights_search.watches.file import MAX_NAME_CHARS, MAX_WATCHES, Watch
from rights_search.watches.news import News, digest
from rights_search.wording import nearest

if TYPE_CHECKING:
    from rights_search.archive import Archive

FILE_NAME = "watches.json"

DEFAULT_LIMIT = 100
"""Most new hits of one watch in one run; the next run goes on behind them."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of a saved search found.

    Args:
        watch: the search, as it was before the run.
        news: what is new; None if the search failed.
        error: why it failed: its words may mean nothing any more, say.
    """

    watch: Watch
    news: News | None
    error: RightsSearchError | None = None


class Watches:
    """The saved searches of one index.

    Args:
        archive: the index.
        path: the file that holds them.
    """

    def __init__(self, archive: Archive, path: PathLike) -> None:
        self._archive = archive
        self._path = Path(path)

    @classmethod
    def of(cls, archive: Archive, path: PathLike | None = None) -> Watches:
        """Return those that are kept in the folder of an index, or in another file.

        Raises:
            ValueError: if the index is in memory and no file is named.
        """
        if path is None:
            if archive.folder is None:
                raise ValueError("an index in memory has no folder for saved searches")
            path = archive.folder / FILE_NAME
        return cls(archive, path)

    def __iter__(self) -> Iterator[Watch]:
        """Yield the saved searches in order of their names.

        Raises:
            RightsSearchError: if their file is damaged.
        """
        return iter(sorted(watch_file.read(self._path), key=lambda watch: watch.name))

    def add(
        self,
        name: str,
        query: str = "",
        *,
        from_now: bool = False,
        copies: CopiesMode = "collapse",
        **options: Unpack[Options],
    ) -> Report:
        """Save a search.

        Args:
            name: letters, digits, ``-``, ``_`` and ``.``.
            query: as in `rights_search.archive.Archive.search`.
            from_now: True to count what is found now as reported.
            copies: ``all`` to be told of each copy of a text.
            options: filters, mode and aliases. ``today`` and ``aliases`` serve this call
                alone; `run` has its own.

        Returns:
            What the first run would say; with ``from_now`` its count is 0.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            RightsSearchError: if there is a watch of this name, it cannot be one, or the
                file cannot be written.
        """
        if not watch_file.is_name(name):
            rule = f"up to {MAX_NAME_CHARS} letters, digits, '-', '_' and '.'"
            raise RightsSearchError(f"'{name}' is no name for a watch: {rule}")
        watch = Watch(name, query, _kept(options), copies, _now())
        with self._exclusively():
            known = watch_file.read(self._path)
            if any(each.name == name for each in known):
                raise RightsSearchError(
                    f"there is a watch '{name}' already; to take its place, first: "
                    f"watch remove {name}"
                )
            if len(known) >= MAX_WATCHES:
                raise RightsSearchError(f"there are {MAX_WATCHES:,} watches, which is the most")
            news = self._first(watch, options)
            if from_now:
                posts = self._archive.posts(query, copies="all", **options)
                watch = replace(watch, reported={post.id: digest(post) for post in posts})
                news = replace(news, count=0)
            watch_file.write(self._path, (*known, watch))
        return Report(watch, news)

    def remove(self, name: str) -> Watch:
        """Forget a saved search, and return it.

        Raises:
            RightsSearchError: if there is none of this name, or the file cannot be written.
        """
        with self._exclusively():
            (watch,) = self._named((name,))
            rest = (each for each in watch_file.read(self._path) if each.name != name)
            watch_file.write(self._path, rest)
        return watch

    @contextmanager
    def run(
        self,
        *names: str,
        limit: int = DEFAULT_LIMIT,
        today: dt.date | None = None,
        aliases: PathLike | None = None,
    ) -> Iterator[tuple[Report, ...]]:
        """Give what each search finds that was not reported before, and remember it.

        Args:
            names: which; none for all of them.
            limit: most hits of each; those beyond are left to the next run.
            today: the day that relative dates are reckoned from.
            aliases: a file of the user's own groups of other names.

        Raises:
            RightsSearchError: if there is no watch of a name, another run is at work, or
                the file cannot be written. A search that fails is a `Report` of that.
        """
        with self._exclusively():
            reports = self.peek(*names, limit=limit, today=today, aliases=aliases)
            yield reports
            done = {
                report.watch.name: _told(report.watch, report.news)
                for report in reports
                if report.news is not None
            }
            known = watch_file.read(self._path)
            watch_file.write(self._path, [done.get(watch.name, watch) for watch in known])

    def peek(
        self,
        *names: str,
        limit: int = DEFAULT_LIMIT,
        today: dt.date | None = None,
        aliases: PathLike | None = None,
    ) -> tuple[Report, ...]:
        """Return what `run` would give, and remember nothing."""
        options = Options(today=today, aliases=aliases)
        return tuple(self._ask(watch, limit, options) for watch in self._named(names))

    def _ask(self, watch: Watch, limit: int, options: Options) -> Report:
        try:
            news = self._archive.news(
                watch.query,
                reported=watch.reported,
                limit=limit,
                copies=watch.copies,
                **(watch.options | options),
            )
        except RightsSearchError as error:
            return Report(watch, None, error)
        return Report(watch, news)

    def _named(self, names: Sequence[str]) -> tuple[Watch, ...]:
        known = {watch.name: watch for watch in self}
        for name in names:
            if name not in known:
                near = nearest(name, known)
                hint = f"did you mean '{near[0]}'?" if near else "'watch list' shows them"
                raise RightsSearchError(f"there is no watch '{name}'; {hint}")
        return tuple(known[name] for name in dict.fromkeys(names or known))

    def _first(self, watch: Watch, options: Options) -> News:
        """Return the numbers of what a new watch finds."""
        found = self._archive.search(watch.query, limit=0, copies=watch.copies, **options)
        if found.is_relaxed:
            return News(0, 0, (), {})
        return News(found.total, found.distinct, (), {})

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self._path.with_suffix(".lock")))
            except BlockingIOError:
                reason = "another run of saved searches is at work; try again when it is done"
                raise RightsSearchError(f"{self._path}: {reason}") from None
            except OSError as error:
                raise watch_file.unwritable(self._path, error) from error
            yield


def _told(watch: Watch, news: News) -> Watch:
    return replace(watch, last_run=_now(), reported={**watch.reported, **news.reported})


def _kept(options: Options) -> Options:
    """Return the options that are saved, those that say something."""
    filters = ((name, chosen(name, options.get(name))) for name in watch_file.LISTS)
    kept: dict[str, Any] = {name: values for name, values in filters if values}
    if options.get("mode", "default") != "default":
        kept["mode"] = options["mode"]
    return cast("Options", kept)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
