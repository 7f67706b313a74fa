"""A Tantivy index from a stranger, with right checksums: an answer, one error, or a stated end.

Tantivy reads its files in Rust, where a wrong number ends in an error or a panic, which is our
one error, and never in foreign memory. Two ends cannot be caught: that it asks the system for more
memory than there is, and, where the index is written to, a panic in a thread that commits.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import random
import shutil
import signal
import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fuzzing import examples
from rights_search import Archive
from rights_search.engines.tantivy.index import META
from rights_search.engines.tantivy.leftovers import files_named
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import TANTIVY_FOLDER
from test_damaged_index import POSTS, answers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each case has a forked process")

LOG = logging.getLogger(__name__)

_END = struct.Struct("<II")
_MAGIC = 1337
_SECONDS = 30
_MEMORY_BYTES = 1 << 31
_CASES = examples(12)

ANSWERS, ONE_ERROR, NO_MEMORY, ABORTED = "answers", "one error", "no memory", "aborted"
_CODES = {0: ANSWERS, 7: ONE_ERROR, 8: "another error"}
_LAST_WORDS = {
    "memory allocation of ": NO_MEMORY,
    "Rayon: detected unexpected panic; aborting": ABORTED,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a corpus, and an index of two segments with deleted posts."""
    folder = tmp_path_factory.mktemp("crafted")
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()

    def make() -> None:
        for number, (title, date, text) in enumerate(POSTS):
            (corpus / f"{number}.md").write_text(f"# {title}\n\n{date}\n\n{text}\n")
        with Archive.create(index, engine="tantivy") as archive:
            archive.sync(corpus, processes=1)
            (corpus / "1.md").unlink()
            (corpus / "7.md").write_text("# Added\n\n2018\n\nAdded later, on prisons in Egypt.\n")
            archive.sync(corpus, processes=1)

    # Tantivy's threads would not be there in what is forked from here.
    assert outcome(make, folder / "said") == ANSWERS
    return corpus, index


def outcome(work: Callable[[], object], said: Path) -> str:
    """Do some work in a process with bounds; return what became of it, or how it ended."""
    import resource  # noqa: PLC0415 - not on every system

    with warnings.catch_warnings():
        # Newer Pythons warn of a fork where threads may run: none that matters does.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        faulthandler.disable()
        target = os.open(said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(target, 1)
        os.dup2(target, 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
        os._exit(_ended(work))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == -signal.SIGABRT:
        words = said.read_text(errors="replace")
        return next((end for told, end in _LAST_WORDS.items() if told in words), "a signal")
    return _CODES.get(code, f"code {code}")


def _ended(work: Callable[[], object]) -> int:
    try:
        work()
    except IndexUnavailableError as error:
        return 7 if len(str(error).splitlines()) == 1 else 8
    except BaseException as error:  # noqa: BLE001 - a panic is no `Exception`
        os.write(2, repr(error).encode())
        return 8
    return 0


def use(index: Path, corpus: Path, *, writes: bool) -> None:
    """Ask an index everything, and perhaps bring it up to date."""
    answers(index)
    if writes:
        with Archive.open(index) as archive:
            archive.sync(corpus, processes=1)


def damaged(chance: random.Random, data: bytes) -> bytes:
    """Return bytes of which some are changed, lost or doubled, often near the end."""
    for _ in range(chance.randint(1, 3)):
        end = chance.choice([1, 1, 64 / len(data)]) if len(data) > 64 else 1
        place = len(data) - 1 - chance.randrange(max(1, int(end * len(data))))
        length = chance.randint(1, 16)
        new = chance.choice(
            [
                bytes([data[place] ^ 1 << chance.randrange(8)]),
                chance.randbytes(1),
                b"\xff" * length,
                bytes(length),
                b"\xff\xff\xff\x7f",
            ]
        )
        data = chance.choice(
            [
                *[data[:place] + new + data[place + len(new) :]] * 4,
                data[:place] + data[place + length :],
                data[: place + length] + data[place:],
            ]
        )
        data = data or b"\0"
    return data


def with_checksum(chance: random.Random, whole: bytes) -> bytes:
    """Return a file of a segment with another content and the checksum of that."""
    length, magic = _END.unpack(whole[-_END.size :])
    assert magic == _MAGIC
    body = whole[: -_END.size - length]
    foot = json.loads(whole[len(body) : -_END.size])
    assert foot["crc"] == zlib.crc32(body)
    body = damaged(chance, body)
    foot["crc"] = zlib.crc32(body)
    end = json.dumps(foot).encode()
    return body + end + _END.pack(len(end), _MAGIC)


def test_files_with_right_checksums(tmp_path: Path, made: tuple[Path, Path]) -> None:
    """Whatever a segment holds: an answer or one error, or one of the two ends."""

    def craft(chance: random.Random, index: Path) -> str:
        path = chance.choice(files_named(index))
        path.write_bytes(with_checksum(chance, path.read_bytes()))
        return path.name

    seen = tried(tmp_path, made, craft)
    assert seen[ONE_ERROR]
    LOG.info("files with right checksums: %s", dict(seen))


def values_of(value: Any) -> list[tuple[Any, Any]]:
    """Return each place in a JSON value, as the list or object and its index or key."""
    places: list[tuple[Any, Any]] = []
    match value:
        case dict():
            places = [(value, key) for key in value]
        case list():
            places = [(value, index) for index in range(len(value))]
    return places + [inner for holder, key in places for inner in values_of(holder[key])]


STRANGE: tuple[Any, ...] = (
    None,
    -1,
    0,
    2**32,
    2**64 - 1,
    1.5,
    "",
    "../../x",
    "A\x1b[2J",
    [],
    {},
    True,
    "0" * 32,
)


def test_contents_of_any_values(tmp_path: Path, made: tuple[Path, Path]) -> None:
    """Tantivy's table of contents with a value that is another one, of another kind, or gone."""

    def craft(chance: random.Random, index: Path) -> str:
        path = index / TANTIVY_FOLDER / META
        record = json.loads(path.read_bytes())
        holder, key = chance.choice(values_of(record))
        if chance.random() < 1 / len(STRANGE):
            del holder[key]
        else:
            holder[key] = chance.choice(STRANGE)
        path.write_text(json.dumps(record))
        return f"{key!r} in {holder!r}"

    seen = tried(tmp_path, made, craft)
    assert seen[ONE_ERROR]
    LOG.info("strange values in the table of contents: %s", dict(seen))


def tried(
    folder: Path, made: tuple[Path, Path], craft: Callable[[random.Random, Path], str]
) -> Counter[str]:
    """Use so many crafted indexes, and return how often each end was seen.

    Args:
        folder: for what is made.
        made: a corpus and an honest index of it.
        craft: changes a copy of that, and says what it changed.
    """
    corpus, honest = made
    chance = random.Random(1948)
    index, said = folder / "index", folder / "said"
    seen: Counter[str] = Counter()
    for number in range(_CASES):
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(honest, index)
        crafted = craft(chance, index)
        writes = number % 4 == 0
        found = outcome(lambda: use(index, corpus, writes=writes), said)  # noqa: B023
        allowed = {ANSWERS, ONE_ERROR, NO_MEMORY, *((ABORTED,) if writes else ())}
        assert found in allowed, (number, crafted, found, said.read_text(errors="replace"))
        seen[found] += 1
    return seen
