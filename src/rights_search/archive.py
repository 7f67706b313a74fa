"""The front door: an index folder as an object that is synced and searched."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from rights_search import engines, fields
from rights_search.engines.protocol import Snapshot, Sort, order_counts
from rights_search.errors import IndexUnavailableError, NoSuchPostError
from rights_search.index_files import has_index, size_of
from rights_search.indexing import manifest
from rights_search.indexing.manifest import Manifest
from rights_search.open_index import OpenIndex, open_newest
from rights_search.post import Post
from rights_search.query.nodes import Everything
from rights_search.results import CopiesMode, Explanation, Related, Results, Stats
from rights_search.search import asking, searching
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Options, PathLike, Request
from rights_search.vocabulary.vocabulary import Vocabulary, using

if TYPE_CHECKING:
    from rights_search.indexing.sync_results import FileReport, Progress, SyncSummary
    from rights_search.search.faceting import Facets
    from rights_search.search.similar import Similar
    from rights_search.search.timeline import Timeline, Unit
    from rights_search.watches.news import News

MIN_ID_PREFIX = 4
"""Fewest characters of a post id that `Archive.get` takes for one."""


class Archive:
    """An index of posts: create or open it, `sync` it with a folder, `search` it.

    An archive is a context manager. Searches always answer from the newest commit,
    also when another process made it. Threads may share one; they take turns.

    One is had of `open`, `create` or `open_or_create`, and not of its class itself.
    """

    def __init__(self, index: OpenIndex) -> None:
        if not isinstance(index, OpenIndex):
            raise TypeError("write Archive.open(path), or Archive.open_or_create(path)")
        self._index = index
        self._rebuilt_with: str | None = None

    def __repr__(self) -> str:
        place = "in memory" if self.folder is None else repr(str(self.folder))
        return f"<Archive {place}: {self.engine}>"

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
            ValueError: if there is no such engine.
        """
        from rights_search.indexing import making  # noqa: PLC0415 - not for searching

        folder = None if path is None else Path(path)
        return cls(making.create(folder, engine, overwrite=overwrite))

    @classmethod
    def open(cls, path: PathLike) -> Self:
        """Open an index that is there, whatever its engine.

        Raises:
            IndexUnavailableError: if there is none, it is damaged or it was made by
                another version; the message names the command that mends it.
            MissingExtraError: if the library of its engine is not installed.
        """
        return cls(open_newest(Path(path)))

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
        archive = cls(OpenIndex(folder, used, handle))
        archive._rebuilt_with = engine
        return archive

    # --- keeping it up to date ---------------------------------------------------

    def sync(  # noqa: PLR0913 - one parameter an option, all but the corpus by name
        self,
        corpus: PathLike,
        *,
        rebuild: bool = False,
        vocabulary: Vocabulary | PathLike | None = None,
        processes: int | None = None,
        progress: Callable[[Progress], None] | None = None,
        report: Callable[[FileReport], None] | None = None,
        follow_links: bool = False,
        lock_timeout: float = 0,
    ) -> SyncSummary:
        """Take in what is new or changed in a corpus, and let go of what is gone.

        Files whose size and time of change are as before are not read again. All
        changes become visible in one commit at the end; if anything goes wrong
        before, the index stays as it was. A corpus that was moved or renamed is
        known by its files.

        Args:
            corpus: a folder, read to any depth, or one file.
            rebuild: True to read everything anew and drop all earlier posts.
            vocabulary: themes and groups of people to tag with from now on, by the name of
                their file (docs/themes.md) or ``default`` for ours; None for those that the
                corpus's settings name, else those that the index has.
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
            ReadError: if the file of the vocabulary cannot be read.
        """
        from rights_search.indexing import updating  # noqa: PLC0415 - not for searching

        if vocabulary is not None and not isinstance(vocabulary, Vocabulary):
            from rights_search.vocabulary import file as vocabulary_file  # noqa: PLC0415 - as above

            vocabulary = vocabulary_file.named(vocabulary)
        wish = updating.Wish(
            rebuild=rebuild,
            engine=self._rebuilt_with,
            vocabulary=vocabulary,
            processes=processes,
            progress=progress,
            report=report,
            follow_links=follow_links,
            lock_timeout=lock_timeout,
        )
        return updating.synced(self._index, Path(corpus), wish)

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
        from rights_search.indexing import updating  # noqa: PLC0415 - not for searching

        folder = None if path is None else Path(path)
        return type(self)(updating.converted(self._index, engine, folder, progress))

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
            options: filters (``country``, ``mentions``, ``year``, ``date``, ``theme``,
                ``group``, ``place``, ``language``, ``source``, each with ``not_`` too), mode
                and aliases: see `rights_search.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if ``aliases`` cannot be read or a group in it is wrong.
            TypeError: if there is no such option, or ``facets`` is one string.
            ValueError: if ``limit``, ``offset``, ``sort``, ``mode``, ``copies`` or a facet's
                name is wrong.
        """
        request = asking.request(
            query,
            options,
            sort=sort,
            limit=limit,
            offset=offset,
            facets=asking.names_of(facets),
            snippet_chars=snippet_chars,
            copies=copies,
        )
        with self._asking(request) as linked:
            return searching.run(request, linked)

    def explain(self, query: str = "", **options: Unpack[Options]) -> Explanation:
        """Say how a query was read and how many posts each part of it matches.

        Args:
            query: as in `search`.
            options: filters, mode and aliases: see `rights_search.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
        """
        from rights_search.search import explaining  # noqa: PLC0415 - not for searching

        request = asking.request(query, options)
        with self._asking(request) as linked:
            return explaining.explain(request, linked)

    @contextmanager
    def _asking(self, request: Request) -> Iterator[LinkedSnapshot]:
        """Give the newest commit to a request, under the vocabulary of its posts."""
        index = self._index
        with index.lock:
            linked = index.linked()
            words = index.vocabularies.of(linked.snapshot.generation)
            with using(words), asking.placed(request.query):
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
            options: filters, mode and aliases: see `rights_search.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``sort``, ``mode`` or ``copies`` is wrong.
        """
        request = asking.request(query, options, sort=sort, copies=copies, limit=sys.maxsize)
        with self._asking(request) as linked:
            answer = searching.find(request, linked)
            # The posts are read later: a commit until then would close this snapshot.
            self._index.hand_over()
        page = () if answer.is_relaxed else answer.found.page
        return self._read_all(linked.snapshot, [document for document, _ in page])

    def _read_all(self, snapshot: Snapshot, documents: Sequence[int]) -> Iterator[Post]:
        with closing(snapshot):
            for document in documents:
                with self._index.lock:
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
            options: filters, mode and aliases: see `rights_search.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``limit``, ``mode``, ``copies`` or a facet's name is wrong.
        """
        from rights_search.search import faceting  # noqa: PLC0415 - not for searching

        if limit is not None and limit < 0:
            raise ValueError("limit must not be negative")
        request = asking.request(query, options, facets=asking.names_of(by), copies=copies)
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
        `rights_search.watches.watching` for searches that remember what they reported.

        Args:
            query: as in `search`.
            reported: what earlier answers had in `News.reported`, all together.
            limit: at most so many hits.
            copies: ``all`` if a copy of a reported text is news, too.
            options: filters, mode and aliases: see `rights_search.Options`.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``limit``, ``mode`` or ``copies`` is wrong.
        """
        from rights_search.watches import news  # noqa: PLC0415 - not for searching

        request = asking.request(query, options, sort="newest", copies=copies, limit=limit)
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
            options: filters, mode and aliases: see `rights_search.Options`; every
                one holds, those of years too.

        Raises:
            QueryError: if the query or a filter cannot be understood.
            ReadError: if the file of aliases cannot be read.
            ValueError: if ``by``, ``split``, ``top``, ``mode`` or ``copies`` is wrong.
        """
        from rights_search.search import timeline  # noqa: PLC0415 - not for searching

        timeline.check(by, split, top)
        request = asking.request(query, options, copies=copies)
        with self._asking(request) as linked:
            return timeline.count(request, linked, by=by, split=split, top=top)

    def get(self, post_id: str) -> Post:
        """Return the post of that id, or of the only id that starts so.

        Raises:
            NoSuchPostError: if there is no such post, or more than one.
        """
        with self._index.lock:
            return self._get(self._index.snapshot(), post_id)

    def _get(self, snapshot: Snapshot, post_id: str) -> Post:
        if not isinstance(post_id, str):
            raise TypeError(f"the id of a post is text, not {post_id!r}")
        wanted = post_id.strip().lower()
        ids = snapshot.ids(wanted, 3) if len(wanted) >= MIN_ID_PREFIX else ()
        if wanted in ids:
            ids = (wanted,)
        if len(ids) > 1:
            shown = ", ".join(ids[:2])
            reason = f"'{post_id}' stands for several posts: {shown}, …"
            raise NoSuchPostError(post_id, reason, tuple(ids))
        if not ids:
            hint = f"an id has 12 hex digits, the first {MIN_ID_PREFIX} may do"
            raise NoSuchPostError(post_id, f"There is no post '{post_id}'; {hint}")
        return snapshot.post(snapshot.documents(ids)[ids[0]])

    def related(self, post_id: str) -> Related:
        """Return the copies of a post, what it follows and what follows it.

        Raises:
            NoSuchPostError: as `get` does.
            IndexUnavailableError: if the file of the links is missing or damaged.
        """
        with self._index.lock:
            linked = self._index.linked()
            return linked.related(self._get(linked.snapshot, post_id))

    def complete(self, field: str, start: str = "", *, limit: int = 100) -> tuple[str, ...]:
        """Return values of a field that begin so, as a query writes them behind ``field:``.

        Args:
            field: its name or an alias; where there is no such field, there are no values.
            start: the beginning of a name or an identifier; case and accents do not count.
            limit: at most so many, the most frequent first.
        """
        from rights_search.search import completing  # noqa: PLC0415 - not for searching

        with self._index.lock:
            snapshot = self._index.linked().snapshot
            with using(self._index.vocabularies.of(snapshot.generation)):
                return completing.complete(field, start, snapshot, limit)

    def label(self, facet: str, value: str) -> str:
        """Return the English words for a value that a facet or a tag has, as people read them.

        Args:
            facet: its name: ``label("country", "RU")`` is ``Russia``.
            value: as the index has it; the empty string for posts that have none. What we
                have no name for is its own label.
        """
        from rights_search.search.facet_labels import facet_label  # noqa: PLC0415 - not for searching

        with using(self.vocabulary):
            return facet_label(facet, value)

    def similar(self, post_id: str, *, limit: int = 10) -> tuple[Similar, ...]:
        """Return the posts that share the most telling words of a post, the likest first.

        Neither the post itself nor its copies are among them.

        Args:
            post_id: as in `get`.
            limit: at most so many.

        Raises:
            NoSuchPostError: as `get` does.
            ValueError: if ``limit`` is negative.
        """
        from rights_search.search import similar  # noqa: PLC0415 - not for searching

        if limit < 0:
            raise ValueError("limit must not be negative")
        with self._index.lock:
            linked = self._index.linked()
            post = self._get(linked.snapshot, post_id)
            return similar.find(post, linked, limit)

    def stats(self) -> Stats:
        """Return what the index holds."""
        names = tuple(field.name for field in fields.FACETS)
        with self._index.lock:
            linked, current = self._index.linked_with_manifest()
            found = linked.snapshot.search(
                Everything(), sort="relevance", limit=0, offset=0, facets=names
            )
            links = linked.links
        return Stats(
            posts=found.total,
            files=sum(bool(entry.posts) for entry in current.files.values()),
            bytes_on_disk=size_of(self.folder),
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
        """Let go of files, until something is asked for again."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- what it is --------------------------------------------------------------

    @property
    def engine(self) -> str:
        """Return the name of the engine."""
        return self._index.engine

    @property
    def manifest(self) -> Manifest:
        """Return what the index was built from.

        Raises:
            IndexUnavailableError: if it is missing, damaged or of another version.
        """
        return self._index.manifest()

    @property
    def folder(self) -> Path | None:
        """Return the folder of the index, None if it is in memory."""
        return self._index.folder

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the themes and groups of people that posts are tagged with.

        Raises:
            IndexUnavailableError: if it is damaged.
        """
        return self._index.vocabulary()
