"""The work of an engine alone: posts that are read and tagged are analysed and written."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

from rights_search import engines
from rights_search.engines.protocol import Writer
from rights_search.indexing.file_reading import BATCH_POSTS, FileReader, Task
from rights_search.ingest import Listed, list_files
from rights_search.post import Post
from rights_search.post_records import from_dict, to_dict


def tag(source: Path, target: Path) -> dict[str, Any]:
    """Read and tag a file of posts, and keep them for `build`; return what that took.

    To write them is not timed.
    """
    began, used = time.perf_counter(), _cpu()
    posts = _tagged(source)
    took = {"wall": time.perf_counter() - began, "cpu": _cpu() - used}
    with target.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(to_dict(post)) + "\n" for post in posts)
    return took


def build(engine: str, source: Path, folder: Path, processes: int) -> dict[str, Any]:
    """Index posts; return wall and processor time from the first post to the commit.

    Args:
        engine: its name.
        source: what `tag` has kept; to read it is not timed.
        folder: an empty folder for the index.
        processes: how many; more than one write a part each, as workers do.
    """
    with source.open(encoding="utf-8") as lines:
        posts = [from_dict(json.loads(line)) for line in lines]
    module = engines.load(engine)
    began, used = time.perf_counter(), _cpu()
    writer = module.writer(module.create(folder))
    if processes == 1:
        for batch in _batches(posts):
            writer.add(*batch)
    else:
        _write_parts(engine, posts, folder, processes, writer)
    writer.commit()
    return {"wall": time.perf_counter() - began, "cpu": _cpu() - used, "posts": len(posts)}


def _tagged(source: Path) -> list[Post]:
    """Return the posts of a file, as the index would take them."""
    posts: list[Post] = []
    reader = FileReader(posts.extend, lambda _: None)
    for listed in list_files(source, follow_links=True):
        if isinstance(listed, Listed):
            reader.read(Task(listed))
    reader.settle()
    return posts


_shared: list[Post] = []
"""The posts, for processes that are forked and so need no copy."""


def _write_parts(
    engine: str, posts: Sequence[Post], folder: Path, processes: int, writer: Writer
) -> None:
    _shared[:] = posts
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        work = [pool.submit(_parts, engine, folder, n, processes) for n in range(processes)]
        for done in work:
            for part in done.result():
                writer.join(part)


def _parts(engine: str, folder: Path, share: int, shares: int) -> list[str]:
    """Write every so many-th batch, as workers share a file; return what to tell the writer."""
    module = engines.load(engine)
    handle = module.open(folder)
    part, finished = module.part(handle), list[str]()
    for batch in islice(_batches(_shared), share, None, shares):
        if part.is_full:
            finished.append(part.finish())
            part = module.part(handle)
        part.add(*batch)
    return [*finished, part.finish()]


def _batches(posts: Sequence[Post]) -> Iterator[Sequence[Post]]:
    """Yield the posts as the program gives them to an engine."""
    for start in range(0, len(posts), BATCH_POSTS):
        yield posts[start : start + BATCH_POSTS]


def _cpu() -> float:
    """Return the processor time of this process and of those that have ended."""
    used = (getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
