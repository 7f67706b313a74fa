"""The front door: an index folder as an object that is synced and searched."""

from __future__ import annotations

import datetime as dt
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, get_args

from rights_search import engines, fields, manifest, searching
from rights_search.engines.protocol import Handle, Snapshot, Sort, Writer, order_counts
from rights_search.errors import (
    IndexBusyError,
    IndexUnavailableError,
    QueryError,
    RightsSearchError,
)
from rights_search.index_files import (
    SCRATCH,
    engines_in,
    files_of,
    make_folder,
    remove_engine,
    remove_scratch,
    scratch_in,
    sidecars,
)
from rights_search.index_lock import PAUSE_S, alone
from rights_search.linked import LinkedSnapshot
from rights_search.links.store import LinkStore
from rights_search.manifest import Manifest
from rights_search.post import Post
from rights_search.query.aliases import AliasTable
from rights_search.query.nodes import Everything
from rights_search.questions import FILTERS, Filters, Options, PathLike, Request, strings
from rights_search.results import (
    CopiesMode,
    Explanation,
    FileReport,
    Progress,
    Related,
    Results,
    Stats,
    SyncSummary,
)
from rights_search.values import replace
from rights_search.vocabulary import Vocabulary, built_in, using
from rights_search.vocabulary import current as current_vocabulary
from rights_search.vocabulary_store import VocabularyStore

if TYPE_CHECKING:
    from rights_search.conversion import Conversion
    from rights_search.faceting import Facets
    from rights_search.file_reading import Task
    from rights_search.news import News
    from rights_search.similar import Similar
    from rights_search.sync import ReadAll
    from rights_search.sync_plan import Plan
    from rights_search.timeline import Timeline, Unit
    from rights_search.workers import Tell, Work

MIN_ID_PREFIX = 4
"""Fewest characters of a post id that `Archive.get` takes for one."""


_T = TypeVar("_T")


class Archive:
    """An index of posts: create or open it, `sync` it with a folder, `search` it.

    An archive is a context manager. Searches always answer from the newest commit,
    also when another process made it. Threads may share one; they take turns.
    """

    def __init__(self, folder: Path | None, engine: str, handle: Handle) -> None:
        self._folder = folder
        self._engine_name = engine
        self._engine = engines.load(engine)
        self._handle = handle
        self._rebuilt_with: str | None = None
        self._snapshot: Snapshot | None = None
        self._linked_snapshot: LinkedSnapshot | None = None
        self._memory_manifest: Manifest | None = None
        self._links = LinkStore(folder)
        self._vocabularies = VocabularyStore(folder)
        # Whoosh's readers share file positions, and a new commit closes the old
        # snapshot: threads take turns.
        self._lock = threading.RLock()

    # --- opening ---------------------------------------------------------------

    @classmethod
    def create(
        cls, path: PathLike | None, *, overwrite: bool = False, engine: str = engines.DEFAULT
    ) -> Self:
        """Make an empty index.

        Args:
            path: a folder; one that is made here can be read by its owner only.
                None keeps the index in memory, for tests and short work.
            overwrite: True to replace an index that is there.
            engine: name of the engine.

        Raises:
            IndexUnavailableError: if there is an index already, or ``path`` is a file
                or cannot be made.
        """
        module = engines.load(engine)
        folder = None if path is None else Path(path)
        try:
            with _prepared(folder, overwrite=overwrite):
                if folder is not None:
                    # Before the engine's table, with which there is an index.
                    LinkStore(folder).create(0)
                    manifest.write(folder, Manifest(engine, 0, "", _now(), _now()))
                archive = cls(folder, engine, module.create(folder))
                if folder is None:
                    archive._links.create(0)
                    archive._put_manifest(archive._new_manifest())
        except OSError as error:
            raise _no_write(folder, error) from error
        return archive

    @classmethod
    def open(cls, path: PathLike) -> Self:
        """Open an index that is there, whatever its engine.

        Raises:
            IndexUnavailableError: if there is none, it is damaged or it was made by
                another version; the message names the command that mends it.
            MissingExtraError: if the library of its engine is not installed.
        """
        folder = Path(path)
        while True:
            engine = manifest.engine_of(folder)
            try:
                archive = cls(folder, engine, engines.load(engine).open(folder))
                archive._check_vocabulary()
            except IndexUnavailableError:
                if manifest.engine_of(folder) == engine:
                    raise  # else another process has just converted it
            else:
                return archive

    @classmethod
    def open_or_create(cls, path: PathLike, *, engine: str | None = None) -> Self:
        """Open the index in ``path``, or make an empty one there.

        Args:
            path: its folder.
            engine: the engine that it must have; None for any, or the default for a new one.

        Raises:
            IndexUnavailableError: as `open` does, and if its engine is another one.
        """
        if not has_index(Path(path)):
            return cls.create(path, engine=engine or engines.DEFAULT)
        archive = cls.open(path)
        if engine not in {None, archive.engine}:
            reason = (
                f"its engine is {archive.engine}; convert it with: "
                f"rights-search index --engine {engine} --from {path} --index {path}"
            )
            raise IndexUnavailableError(str(path), reason)
        return archive

    @classmethod
    def open_for_rebuild(cls, path: PathLike, *, engine: str | None = None) -> Self:
        """Open an index of which nothing will be kept: one that is damaged will do.

        An index that can be opened at all stays readable until the rebuild commits.

        Args:
            path: its folder.
            engine: the engine that it will have; None for that which it has.
        """
        folder = Path(path)
        if not has_index(folder):
            return cls.create(folder, engine=engine or engines.DEFAULT)
        used = manifest.engine_of(folder)
        try:
            handle = engines.load(used).open(folder)
        except IndexUnavailableError:
            return cls.create(folder, overwrite=True, engine=engine or used)
        archive = cls(folder, used, handle)
        archive._rebuilt_with = engine
        return archive

    # --- keeping it up to date ---------------------------------------------------

    def sync(  # noqa: PLR0913 - one parameter an option, all but the corpus by name
        self,
        corpus: PathLike,
        *,
        rebuild: bool = False,
        vocabulary: Vocabulary | None = None,
        processes: int | None = None,
        progress: Callable[[Progress], None] | None = None,
        report: Callable[[FileReport], None] | None = None,
        follow_links: bool = False,
        lock_timeout: float = 0,
    ) -> SyncSummary:
        """Take in what is new or changed in a corpus, and let go of what is gone.

        Files whose size and time of change are as before are not read again. All
        changes become visible in one commit at the end; if anything goes wrong
        before, the index stays as it was.

        Args:
            corpus: a folder, read to any depth, or one file.
            rebuild: True to read everything anew and drop all earlier posts.
            vocabulary: themes and groups of people to tag with from now on; None for
                those that the corpus's settings name, else those that the index has.
            processes: in how many files are read, tagged and inverted; None for as many as
                there are processors, or for this one alone where there is little to read.
            progress: called while files are read and once at the end.
            report: called for each file when all is done, in the order of their names.
            follow_links: True to read what symbolic links lead to outside of the corpus;
                else they are skipped, and posts that came through them earlier go.
            lock_timeout: seconds to wait for another process that is changing the index.

        Raises:
            RightsSearchError: if ``corpus`` does not exist, or is not the corpus
                that this index was built from.
            IndexBusyError: if another process is writing, all the time that was waited.
            IndexUnavailableError: if the index cannot be written; the disk is full, say.
        """
        from rights_search.ingest.settings_file import vocabulary_above  # noqa: PLC0415

        root = _existing(Path(corpus))
        held = self._vocabulary_if_readable() if rebuild else self.vocabulary
        with using(vocabulary or vocabulary_above(root) or held):
            until = time.monotonic() + lock_timeout
            while True:
                try:
                    return self._sync(
                        root, rebuild, processes, progress, report, follow_links, until
                    )
                except IndexBusyError:
                    # Also when another process has committed what this one had planned.
                    if time.monotonic() >= until:
                        raise
                    time.sleep(PAUSE_S)

    def _sync(  # noqa: PLR0913, PLR0917 - those of `sync`
        self,
        root: Path,
        rebuild: bool,
        processes: int | None,
        progress: Callable[[Progress], None] | None,
        report: Callable[[FileReport], None] | None,
        follow_links: bool,
        until: float,
    ) -> SyncSummary:
        # Readers, taggers and what finds links are not for searching.
        from rights_search import sync, sync_plan  # noqa: PLC0415
        from rights_search.links.linker import Linker  # noqa: PLC0415

        began = time.time_ns()
        current = self.manifest if not rebuild else self._manifest_if_readable()
        if not rebuild:
            self._check_corpus(current, root)
        known = {} if rebuild else current.files
        synced_ns = _to_ns(current.updated)
        work = sync_plan.plan(root, known, synced_ns, follow_links=follow_links)
        tagged_with = current_vocabulary().fingerprint
        if work.is_empty and not rebuild and tagged_with == current.vocabulary:
            job = sync.Sync(known, _NoWriter(), Linker(self._read))
            summary = job.run(work)
            self._tidy()
            self._check_books()
            _tell(job, report)
            return summary
        if not rebuild and current.post_count and not work.read and not work.kept:
            reason = (
                f"holds no file, but the index holds {current.post_count} posts of it; "
                "if that is meant, use --rebuild"
            )
            raise RightsSearchError(f"{root}: {reason}")
        current = replace(current, corpus=str(root), vocabulary=tagged_with)
        with (
            self._alone(until),
            closing(Linker(self._read)) as linker,
            self._workers(work, processes) as read_all,
        ):
            self._choose_engine() if rebuild else self._check_engine()
            job = sync.Sync(known, self._writer(clear=rebuild), linker, progress, read_all)
            summary = self._commit(job, work, current, began, rebuild=rebuild)
            self._settle()
        _tell(job, report)
        return summary

    def convert(
        self,
        engine: str,
        path: PathLike | None = None,
        *,
        progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        """Take the posts of this index into one of another engine; their sources are not read.

        What is known of files, links and vocabulary comes along, so that the next sync of
        the new index reads no more than that of this one would.

        Args:
            engine: the engine of the new index.
            path: a folder without an index; None to take the place of this one, which then
                cannot be used any more.
            progress: called now and then.

        Returns:
            the archive of the new index.

        Raises:
            IndexUnavailableError: if there is an index in ``path``, another process is
                writing, or the disk is full.
            ValueError: if this index has that engine already.
        """
        if engine == self.engine:
            raise ValueError(f"the engine is {engine} already")
        from rights_search.conversion import Conversion  # noqa: PLC0415 - not for searching

        try:
            with (
                nullcontext() if path is None else _prepared(Path(path), overwrite=False),
                self._alone(),
                using(self.vocabulary),
            ):
                self._check_engine()
                current = self.manifest
                known = self._links.state(current.generation), self._linked().links
                stock = Conversion(self._current(), current, known, progress)
                # Nothing may be added to this index behind the back of the new one, not
                # by a program either that knows the engine's lock alone.
                held = self._writer(clear=False)
                return self._filled(
                    engine, self._folder if path is None else Path(path), stock, held
                )
        except OSError as error:
            raise _no_write(self._folder, error) from error

    # --- asking -----------------------------------------------------------------

    def search(  # noqa: PLR0913 - one parameter an option, all but the query by name
        self,
        query: str = "",
        *,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        facets: Iterable[str] = (),
        snippet_chars: int = 240,
        copies: CopiesMode = "collapse",
        **options: Unpack[Options],
    ) -> Results:
        """Search the newest commit.

        Args:
            query: words, ``"phrases"``, ``field:value`` and the rest of the query
                language; blank for every post.
            sort: ``relevance``, ``newest``, ``oldest``, or ``recent-relevant`` for
                relevance with a bonus for recent posts; undated posts come last.
            limit: at most so many hits.
            offset: how many hits to leave out first.
            facets: names of facet fields to count over the whole result, each without
                its own filter: see `Results.facets`.
            snippet_chars: about how long a snippet is, in characters.
            copies: ``collapse`` for one hit where several posts that match have the same
                text or nearly so, the original where it matches; ``all`` for each post.
            options: filters (``country``, ``year``, ``theme``, ``group``, ``place``, each
                with ``not_`` too), mode and aliases: see `rights_search.questions.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if ``aliases`` cannot be read or a group in it is wrong.
            TypeError: if there is no such option.
            ValueError: if ``limit``, ``offset``, ``sort``, ``mode``, ``copies`` or a facet's
                name is wrong.
        """
        request = _request(
            query,
            options,
            sort=sort,
            limit=limit,
            offset=offset,
            facets=tuple(facets),
            snippet_chars=snippet_chars,
            copies=copies,
        )
        with self._asking(request) as linked:
            return searching.run(request, linked)

    def explain(self, query: str = "", **options: Unpack[Options]) -> Explanation:
        """Say how a query was read and how many posts each part of it matches.

        Args:
            query: as in `search`.
            options: filters, mode and aliases: see `rights_search.questions.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
        """
        from rights_search import explaining  # noqa: PLC0415 - not for searching

        request = _request(query, options)
        with self._asking(request) as linked:
            return explaining.explain(request, linked)

    @contextmanager
    def _asking(self, request: Request) -> Iterator[LinkedSnapshot]:
        """Give the newest commit to a request, under the vocabulary of its posts."""
        _check(request)
        with self._lock:
            linked = self._linked()
            with using(self._vocabularies.of(linked.snapshot.generation)), _placed(request.query):
                yield linked

    def posts(
        self,
        query: str = "",
        *,
        sort: Sort = "relevance",
        copies: CopiesMode = "collapse",
        **options: Unpack[Options],
    ) -> Iterator[Post]:
        """Yield every post that answers a query, in order, reading one at a time.

        Use it to take a whole result away, where `search` gives a page to look at. All
        come from one commit, also when another follows meanwhile. A query that no post
        answers gives none: unlike a page, a whole result is never that of a weaker query.

        Args:
            query: as in `search`.
            sort: as in `search`.
            copies: as in `search`.
            options: filters, mode and aliases: see `rights_search.questions.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``sort``, ``mode`` or ``copies`` is wrong.
        """
        request = _request(query, options, sort=sort, copies=copies, limit=sys.maxsize)
        with self._asking(request) as linked:
            answer = searching.find(request, linked)
            # The posts are read later: a commit until then would close this snapshot.
            self._snapshot = self._linked_snapshot = None
        page = () if answer.is_relaxed else answer.found.page
        return self._read_all(linked.snapshot, [document for document, _ in page])

    def _read_all(self, snapshot: Snapshot, documents: Sequence[int]) -> Iterator[Post]:
        with closing(snapshot):
            for document in documents:
                with self._lock:
                    post = snapshot.post(document)
                yield post

    def facets(
        self,
        query: str = "",
        *,
        by: Iterable[str] = ("country", "year", "theme"),
        fold: bool = False,
        limit: int | None = None,
        copies: CopiesMode = "collapse",
        **options: Unpack[Options],
    ) -> Facets:
        """Count the values of facets over all posts that answer a query.

        Each facet is counted without its own filter, so that a chosen country does not
        hide the others; what is excluded stays so. Posts without a value are counted
        under the empty string.

        Args:
            query: as in `search`.
            by: names of facet fields.
            fold: True to put themes under their areas, countries under regions of the world
                and places under countries.
            limit: at most so many values of each, beside those chosen; None for all.
            copies: as in `search`.
            options: filters, mode and aliases: see `rights_search.questions.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``limit``, ``mode``, ``copies`` or a facet's name is wrong.
        """
        from rights_search import faceting  # noqa: PLC0415 - not for searching

        if limit is not None and limit < 0:
            raise ValueError("limit must not be negative")
        request = _request(query, options, facets=tuple(by), copies=copies)
        with self._asking(request) as linked:
            return faceting.count(request, linked, fold=fold, limit=limit)

    def news(
        self,
        query: str = "",
        *,
        reported: Mapping[str, str],
        limit: int = 10,
        copies: CopiesMode = "collapse",
        **options: Unpack[Options],
    ) -> News:
        """Return what answers a query and was not reported before, the newest first.

        Only posts that answer the whole query are news, never those of a weaker one. See
        `rights_search.watching` for searches that remember what they reported.

        Args:
            query: as in `search`.
            reported: what earlier answers had in `News.reported`, all together.
            limit: at most so many hits.
            copies: ``all`` if a copy of a reported text is news, too.
            options: filters, mode and aliases: see `rights_search.questions.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``limit``, ``mode`` or ``copies`` is wrong.
        """
        from rights_search import news  # noqa: PLC0415 - not for searching

        request = _request(query, options, sort="newest", copies=copies, limit=limit)
        with self._asking(request) as linked:
            return news.find(request, linked, reported)

    def timeline(
        self,
        query: str = "",
        *,
        by: Unit | None = None,
        split: str | None = None,
        top: int = 5,
        copies: CopiesMode = "collapse",
        **options: Unpack[Options],
    ) -> Timeline:
        """Count the posts that answer a query over time.

        What is dated to the year alone is in no month, and stands apart; so do the
        undated. A query that no post answers has no periods.

        Args:
            query: as in `search`.
            by: ``year`` or ``month``; None for months where all is within three years.
            split: a facet of which the most frequent values are counted apart, too: any
                but ``year`` and ``month``.
            top: how many values of it; the other hits are one more series.
            copies: as in `search`.
            options: filters, mode and aliases: see `rights_search.questions.Options`; every
                one holds, those of years too.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``by``, ``split``, ``top``, ``mode`` or ``copies`` is wrong.
        """
        from rights_search import timeline  # noqa: PLC0415 - not for searching

        timeline.check(by, split, top)
        request = _request(query, options, copies=copies)
        with self._asking(request) as linked:
            return timeline.count(request, linked, by=by, split=split, top=top)

    def get(self, post_id: str) -> Post:
        """Return the post of that id, or of the only id that starts so.

        Raises:
            RightsSearchError: if there is no such post, or more than one.
        """
        wanted = post_id.strip().lower()
        with self._lock:
            return self._get(self._current(), post_id, wanted)

    def _get(self, snapshot: Snapshot, post_id: str, wanted: str) -> Post:
        ids = snapshot.ids(wanted, 3) if len(wanted) >= MIN_ID_PREFIX else ()
        if wanted in ids:
            ids = (wanted,)
        if len(ids) > 1:
            shown = ", ".join(ids[:2])
            raise RightsSearchError(f"'{post_id}' stands for several posts: {shown}, …")
        if not ids:
            hint = f"an id has 12 hex digits, the first {MIN_ID_PREFIX} may do"
            raise RightsSearchError(f"There is no post '{post_id}'; {hint}")
        return snapshot.post(snapshot.documents(ids)[ids[0]])

    def related(self, post_id: str) -> Related:
        """Return the copies of a post, what it follows and what follows it.

        Raises:
            RightsSearchError: as `get` does.
            IndexUnavailableError: if the file of the links is missing or damaged.
        """
        with self._lock:
            linked = self._linked()
            return linked.related(self._get(linked.snapshot, post_id, post_id.strip().lower()))

    def complete(self, field: str, start: str = "", *, limit: int = 100) -> tuple[str, ...]:
        """Return values of a field that begin so, as a query writes them behind ``field:``.

        Args:
            field: its name or an alias; where there is no such field, there are no values.
            start: the beginning of a name or an identifier; case and accents do not count.
            limit: at most so many, the most frequent first.
        """
        from rights_search import completing  # noqa: PLC0415 - not for searching

        with self._lock:
            snapshot = self._linked().snapshot
            with using(self._vocabularies.of(snapshot.generation)):
                return completing.complete(field, start, snapshot, limit)

    def similar(self, post_id: str, *, limit: int = 10) -> tuple[Similar, ...]:
        """Return the posts that share the most telling words of a post, the likest first.

        Neither the post itself nor its copies are among them.

        Args:
            post_id: as in `get`.
            limit: at most so many.

        Raises:
            RightsSearchError: as `get` does.
            ValueError: if ``limit`` is negative.
        """
        from rights_search import similar  # noqa: PLC0415 - not for searching

        if limit < 0:
            raise ValueError("limit must not be negative")
        with self._lock:
            linked = self._linked()
            post = self._get(linked.snapshot, post_id, post_id.strip().lower())
            return similar.find(post, linked, limit)

    def stats(self) -> Stats:
        """Return what the index holds."""
        names = tuple(field.name for field in fields.FACETS)
        with self._lock:
            linked, current = self._steady(lambda _: self._linked_and_told())
            found = linked.snapshot.search(
                Everything(), sort="relevance", limit=0, offset=0, facets=names
            )
            links = linked.links
        return Stats(
            posts=found.total,
            files=sum(bool(entry.posts) for entry in current.files.values()),
            bytes_on_disk=_size(self._folder),
            facets={name: order_counts(counts) for name, counts in found.facets.items()},
            undated=found.facets["year"].get("", 0),
            engine=current.engine,
            schema_version=current.schema_version,
            created=current.created,
            updated=current.updated,
            corpus=current.corpus,
            exact_copies=links.exact_count,
            near_copies=len(links.copy_ids) - links.exact_count,
            originals_copied=len(links.clusters),
            follow_ups=len(links.follows),
        )

    def close(self) -> None:
        """Let go of files; the archive cannot be used afterwards."""
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- inside -----------------------------------------------------------------

    @property
    def engine(self) -> str:
        """Return the name of the engine."""
        return self._engine_name

    @property
    def manifest(self) -> Manifest:
        """Return what the index was built from.

        Raises:
            IndexUnavailableError: if it is missing, damaged or of another version.
        """
        return self._steady(self._manifest_of)

    @property
    def folder(self) -> Path | None:
        """Return the folder of the index, None if it is in memory."""
        return self._folder

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the themes and groups of people that posts are tagged with.

        Raises:
            IndexUnavailableError: if it is damaged.
        """
        return self._steady(self._vocabulary_of)

    def _newest(self) -> int:
        """Return the number of the newest commit, of whichever engine the folder has now."""
        try:
            generation = self._handle.latest_generation()
        except IndexUnavailableError:
            if not self._follow():
                raise
            return self._newest()
        return self._newest() if generation < 0 and self._follow() else generation

    def _steady(self, read: Callable[[int], _T]) -> _T:
        """Return what is read of the newest commit.

        Another process that commits meanwhile removes the files of before: then it is read
        anew of what is newest now.
        """
        while True:
            generation = self._newest()
            try:
                return read(generation)
            except IndexUnavailableError:
                if self._newest() == generation:
                    raise

    def _follow(self) -> bool:
        """Take up the index of another engine, if it has taken the place of this one's."""
        if self._folder is None:
            return False
        engine = manifest.engine_of(self._folder)
        if engine == self._engine_name:
            return False
        self._take(engine, engines.load(engine).open(self._folder))
        return True

    def _take(self, engine: str, handle: Handle) -> None:
        with self._lock:
            self.close()
            self._engine_name, self._engine, self._handle = engine, engines.load(engine), handle

    def _check_engine(self) -> None:
        """Check that the folder, which must be locked, still has this engine.

        Another process may have converted the index before it let go of it.

        Raises:
            IndexBusyError: if it has another one, which is taken up.
        """
        if self._follow():
            raise _overtaken(self._folder)

    def _choose_engine(self) -> None:
        """Let the next commit of the folder, which must be locked, be that of a rebuild."""
        self._follow()
        wanted = self._rebuilt_with
        if self._folder is not None and wanted not in {None, self._engine_name}:
            newest = self._handle.latest_generation()
            self._take(wanted, _successor(self._folder, wanted, newest))

    @contextmanager
    def _alone(self, until: float = 0) -> Iterator[None]:
        """Keep other writers out of the folder."""
        try:
            with alone(self._folder, until):
                yield
        except OSError as error:
            raise _no_write(self._folder, error) from error

    def _manifest_of(self, generation: int) -> Manifest:
        if self._folder is None:
            assert self._memory_manifest is not None, "create sets it"  # noqa: S101
            return self._memory_manifest
        return manifest.read(self._folder, generation)

    def _vocabulary_of(self, generation: int) -> Vocabulary:
        """Return the vocabulary of a commit that is still the newest.

        Most commits have no file of it: that there is none says nothing once it may have
        been removed.
        """
        found = self._vocabularies.of(generation)
        if self._newest() != generation:
            raise _overtaken(self._folder)
        return found

    def _check_vocabulary(self) -> None:
        told, held = self._steady(lambda at: (self._manifest_of(at), self._vocabulary_of(at)))
        if told.vocabulary != held.fingerprint:
            reason = "its vocabulary is not the one that its posts were tagged with; use --rebuild"
            raise IndexUnavailableError(str(self._folder), reason)

    def _manifest_if_readable(self) -> Manifest:
        """Return the manifest, or a new one: a rebuild must work on any index."""
        try:
            return self.manifest
        except IndexUnavailableError:
            return self._new_manifest()

    def _vocabulary_if_readable(self) -> Vocabulary:
        try:
            return self.vocabulary
        except IndexUnavailableError:
            return built_in()

    def _new_manifest(self) -> Manifest:
        return Manifest(self.engine, self._handle.latest_generation(), "", _now(), _now())

    def _put_manifest(self, current: Manifest) -> None:
        if self._folder is None:
            self._memory_manifest = current
        else:
            manifest.write(self._folder, current)

    @classmethod
    def _filled(cls, engine: str, folder: Path | None, stock: Conversion, held: Writer) -> Self:
        """Return an archive of another engine that holds what ``stock`` brings.

        Args:
            engine: its engine.
            folder: where it is to be.
            stock: what it is to hold.
            held: a writer of the old one, which keeps others away until the new one is there.
        """
        current = stock.manifest
        with _cancelled(held):
            if held.generation != current.generation + 1:
                raise _overtaken(folder)
            archive = cls(folder, engine, _successor(folder, engine, current.generation))
            job = stock.into(archive._writer(clear=False))
            archive._commit(job, None, current, _to_ns(current.updated), rebuild=True)
        archive._settle()
        return archive

    def _check_corpus(self, current: Manifest, root: Path) -> None:
        if current.corpus and current.corpus != str(root) and current.post_count:
            reason = (
                f"this index was built from {current.corpus}; use another --index for "
                f"{root}, or --rebuild to replace its posts"
            )
            raise IndexUnavailableError(str(self._folder), reason)

    def _current(self) -> Snapshot:
        """Return a snapshot of the newest commit, the same one while nothing changes."""
        newest = self._newest()
        if self._snapshot is None or self._snapshot.generation != newest:
            self.close()
            self._snapshot = self._steady(lambda _: self._engine.snapshot(self._handle))
        return self._snapshot

    def _linked(self) -> LinkedSnapshot:
        """Return the newest commit's snapshot with its links; its vocabulary is read, too."""
        return self._steady(lambda _: self._linked_of(self._current()))

    def _linked_of(self, snapshot: Snapshot) -> LinkedSnapshot:
        if self._linked_snapshot is None or self._linked_snapshot.snapshot is not snapshot:
            links = self._links.links(snapshot.generation)
            self._vocabulary_of(snapshot.generation)
            self._linked_snapshot = LinkedSnapshot(snapshot, links, str(self._folder))
        return self._linked_snapshot

    def _linked_and_told(self) -> tuple[LinkedSnapshot, Manifest]:
        linked = self._linked()
        return linked, self._manifest_of(linked.snapshot.generation)

    def _read(self, post_id: str) -> Post:
        """Return a post of the newest commit."""
        with self._lock:
            snapshot = self._current()
            return snapshot.post(snapshot.documents((post_id,))[post_id])

    def _writer(self, *, clear: bool) -> Any:
        try:
            return self._engine.writer(self._handle, clear=clear)
        except OSError as error:
            raise _no_write(self._folder, error) from error

    @contextmanager
    def _workers(self, work: Plan, processes: int | None) -> Iterator[ReadAll | None]:
        """Yield what reads files in other processes, None where this one will do."""
        import tempfile  # noqa: PLC0415

        from rights_search import worker, workers  # noqa: PLC0415 - not for searching

        count = workers.how_many(sum(listed.size for listed in work.read), processes)
        if self._folder is None or count == 1:
            yield None
            return
        folder = self._folder.resolve()
        with ExitStack() as held:

            def read_all(tasks: Sequence[Task], tell: Tell) -> Work:
                # Made under the lock, in the index: what is left of it, should this process
                # be killed, is the next one's to remove.
                scratch = held.enter_context(
                    tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder)
                )
                words = current_vocabulary().origin
                start = worker.Start(self.engine, folder, Path(scratch), words)
                return workers.read(tasks, start, count, tell)

            yield read_all

    def _commit(
        self, job: Any, work: Any, current: Manifest, began: int, *, rebuild: bool
    ) -> SyncSummary:
        """Run a sync's work and commit it, or leave the index as it was."""
        writer = job.writer
        try:
            if not rebuild and writer.generation != current.generation + 1:
                # What was planned rests on an older state than the lock now guards.
                raise _overtaken(self._folder)  # noqa: TRY301
            if self._folder is not None:
                # What a process left that died before it committed.
                manifest.forget(self._folder, writer.generation)
                remove_scratch(self._folder)
            before = None if rebuild else self._links.state(current.generation)
            summary: SyncSummary = job.run(work)
            updated = _from_ns(began)
            entry = replace(
                current,
                engine=self.engine,
                generation=writer.generation,
                updated=updated,
                files=job.entries,
            )
            self._links.put(writer.generation, *job.links(before))
            self._vocabularies.put(writer.generation, current_vocabulary())
            self._put_manifest(entry)
            writer.commit()
        except OSError as error:
            self._forget(writer)
            raise _no_write(self._folder, error) from error
        except BaseException:
            self._forget(writer)
            raise
        self._clean()
        return summary

    def _settle(self) -> None:
        """Remove what is left of another engine, after a commit, and check the books."""
        self._remove_others()
        self._check_books()

    def _remove_others(self) -> None:
        if self._folder is not None:
            for other in self._others():
                # The newer commit counts as long as both are there.
                with suppress(OSError):
                    remove_engine(self._folder, other)

    def _others(self) -> list[str]:
        """Return the engines beside this one of which the folder holds files."""
        assert self._folder is not None, "in memory there is one"  # noqa: S101
        others = [name for name in engines.names() if name != self.engine]
        return [name for name in others if files_of(self._folder, name)]

    def _tidy(self) -> None:
        """Remove what a process left that died right behind its commit, if one did."""
        if self._folder is None:
            return
        newest = self._handle.latest_generation()
        is_tidy = all(generation == newest for _, generation in sidecars(self._folder))
        if is_tidy and not self._others() and not scratch_in(self._folder):
            return
        # Who is writing tidies up, and who must not write cannot.
        with suppress(IndexUnavailableError), self._alone():
            self._check_engine()
            writer = self._writer(clear=False)
            with _cancelled(writer):
                manifest.forget(self._folder, writer.generation)
                manifest.clean(self._folder, writer.generation - 1)
                remove_scratch(self._folder)
                self._remove_others()

    def _check_books(self) -> None:
        """Check that the index holds just the posts that its files gave.

        Raises:
            IndexUnavailableError: if it does not, which nothing but damage explains.
        """
        with self._lock:
            held, given = self._steady(
                lambda newest: (self._current().post_count(), self._manifest_of(newest).post_count)
            )
        if held != given:
            reason = f"holds {held:,} posts where its files gave {given:,}; use --rebuild"
            raise IndexUnavailableError(str(self._folder), reason)

    def _forget(self, writer: Any) -> None:
        """Leave the index as it was before ``writer`` began.

        On a disk that fails, what cannot be removed stays: no commit names it, and the next
        run removes it. What is to be told is the error that ended this one.
        """
        with suppress(OSError):
            if self._folder is not None and self._handle.latest_generation() < writer.generation:
                manifest.forget(self._folder, writer.generation)
        with suppress(OSError):
            writer.cancel()

    def _clean(self) -> None:
        """Remove the sidecars of all commits but the newest, or leave it to the next run."""
        if self._folder is not None:
            with suppress(OSError):
                manifest.clean(self._folder, self._handle.latest_generation())


@contextmanager
def _placed(query: str) -> Iterator[None]:
    """Show a mistake in the query that it stands in: the engine knows its place alone."""
    try:
        yield
    except QueryError as error:
        raise QueryError(error.query or query, error.start, error.end, error.reason) from None


def _tell(job: Any, report: Callable[[FileReport], None] | None) -> None:
    """Report each file of a sync that is done."""
    if report is not None:
        for item in job.reports():
            report(item)


def has_index(folder: Path) -> bool:
    """Tell whether a folder holds an index, readable or not."""
    return bool(engines_in(folder))


def _successor(folder: Path | None, engine: str, generation: int) -> Handle:
    """Return an empty index that takes the place of one of another engine.

    It does so with its first commit; until then the other one is what is opened.

    Args:
        folder: where.
        engine: the engine that it has.
        generation: the newest commit of the other one.
    """
    module = engines.load(engine)
    if folder is not None:
        remove_engine(folder, engine)
    return module.create(folder, after=generation)


@contextmanager
def _cancelled(writer: Writer) -> Iterator[None]:
    """Keep other writers away for a while, and write nothing."""
    try:
        yield
    finally:
        writer.cancel()


class _NoWriter:
    """Stands in where nothing is to be written; being asked to write is a bug."""

    generation = -1

    def add(self, post: Post) -> None:
        raise AssertionError(f"an idle sync must not add {post.id}")

    def join(self, part: str) -> None:
        raise AssertionError(f"an idle sync must not join {part}")

    def delete_source(self, path: str) -> None:
        raise AssertionError(f"an idle sync must not delete {path}")

    def commit(self) -> None:
        raise AssertionError("an idle sync must not commit")

    def cancel(self) -> None:
        """Do nothing: there is nothing to forget."""


@contextmanager
def _prepared(folder: Path | None, *, overwrite: bool) -> Iterator[None]:
    """Make a folder that holds no index, and keep other writers out of it.

    Args:
        folder: None for an index in memory.
        overwrite: True to remove an index that is there.
    """
    if folder is not None:
        if folder.exists() and not folder.is_dir():
            raise IndexUnavailableError(str(folder), "is a file; an index needs a folder")
        # For its owner only: what a researcher indexes can endanger people.
        make_folder(folder)
    with alone(folder):
        if folder is not None and has_index(folder):
            if not overwrite:
                reason = "there is an index already; open it, or create with overwrite=True"
                raise IndexUnavailableError(str(folder), reason)
            _remove_index(folder)
        yield


def _remove_index(folder: Path) -> None:
    for engine in engines.names():
        remove_engine(folder, engine)
    for path, _ in sidecars(folder):
        path.unlink(missing_ok=True)


def _existing(corpus: Path) -> Path:
    try:
        return corpus.resolve(strict=True)
    except FileNotFoundError:
        raise RightsSearchError(f"{corpus}: there is no such file or folder") from None
    except (OSError, RuntimeError) as error:
        raise RightsSearchError(f"{corpus}: cannot be read: {error}") from error


def _overtaken(folder: Path | None) -> IndexBusyError:
    reason = "another process has just changed this index; run the command again"
    return IndexBusyError(str(folder), reason)


def _no_write(folder: Path | None, error: OSError) -> IndexUnavailableError:
    reason = f"cannot be written ({error.strerror or error}); what was there before is unchanged"
    return IndexUnavailableError(str(folder), reason)


def _request(query: str, options: Options, **more: Any) -> Request:
    unknown = sorted(options.keys() - Options.__annotations__.keys())
    if unknown:
        # A filter with a slip in its name must not go without being heard.
        raise TypeError(f"there is no option {', '.join(unknown)}")
    return Request(
        query,
        _filters(options),
        _filters(options, "not_"),
        mode=options.get("mode", "default"),
        today=options.get("today"),
        aliases=_alias_table(options.get("aliases")),
        without_aliases=tuple(options.get("without_aliases", ())),
        **more,
    )


def _filters(options: Options, prefix: str = "") -> Filters:
    values: Mapping[str, Any] = options
    return tuple((facet, strings(values.get(prefix + option))) for option, facet in FILTERS.items())


def _alias_table(path: PathLike | None) -> AliasTable | None:
    if path is None:
        return None
    from rights_search.query import aliases  # noqa: PLC0415 - only a file of one's own needs it

    return aliases.load(os.fspath(path))


def _check(request: Request) -> None:
    if request.limit < 0 or request.offset < 0:
        raise ValueError("limit and offset must not be negative")
    if request.sort not in get_args(Sort):
        orders = ", ".join(get_args(Sort))
        raise ValueError(f"sort must be one of {orders}, not {request.sort!r}")
    if request.mode not in {"exact", "default", "broad"}:
        raise ValueError(f"mode must be exact, default or broad, not {request.mode!r}")
    if request.copies not in {"collapse", "all"}:
        raise ValueError(f"copies must be collapse or all, not {request.copies!r}")
    known = [field.name for field in fields.FACETS]
    for name in request.facets:
        if name not in known:
            raise ValueError(f"no facet {name!r}; there are {', '.join(known)}")


def _size(folder: Path | None) -> int:
    if folder is None:
        return 0
    total = 0
    # Unlike `Path.rglob`, it passes over what another process removes meanwhile.
    for inner, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(inner, name)).st_size  # noqa: PTH118 - as walked
    return total


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _from_ns(moment: int) -> str:
    return dt.datetime.fromtimestamp(moment / 1e9, dt.UTC).isoformat(timespec="seconds")


def _to_ns(moment: str) -> int:
    return int(dt.datetime.fromisoformat(moment).timestamp() * 1e9)
