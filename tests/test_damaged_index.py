"""Bytes of an index that changed: right answers or `IndexUnavailableError`, and nothing else."""

from __future__ import annotations

import resource
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from pickle import dumps
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzzing import examples
from rights_search import Archive
from rights_search.engines.whoosh import (
    blocks,
    contents,
    encoding,
    pickles,
)
from rights_search.engines.whoosh.inflating import inflated
from rights_search.engines.whoosh.schema import make_schema
from rights_search.errors import IndexUnavailableError

MEMORY_BYTES = 512 * 1024 * 1024
"""No index of a few posts needs more, whatever it says of itself."""

POSTS = [
    ("Torture in prison", "2014-02-05", "They spoke of torture in prison, and of prisons."),
    ("Prison", "2015", "A prisoner of conscience was freed in Cairo, Egypt."),
    ("Femmes", "2016-03", "Les femmes prisonnières de la prison de Tora, en Égypte."),
    ("Journalists", "2017-01-01", "Journalists in Moscow, Russia, and in Minsk were detained."),
    ("Torture in prison", "2014-02-06", "They spoke of torture in prison, and of prisons."),
    ("Letters", "", "Letters to a prison, each with its own words: " + "word " * 300),
]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of two segments, with deleted posts and copies."""
    folder = tmp_path_factory.mktemp("damaged")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, (title, date, text) in enumerate(POSTS):
        (corpus / f"{number}.md").write_text(f"# {title}\n\n{date}\n\n{text}\n")
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
        (corpus / "1.md").unlink()
        (corpus / "7.md").write_text("# Added\n\n2018\n\nAdded later, on prisons in Egypt.\n")
        archive.sync(corpus)
    return folder / "index"


def answers(index: Path) -> list[Any]:
    """Return what an index says to what may be asked of it."""
    with Archive.open(index) as archive:
        found: list[Any] = [archive.stats().posts, archive.stats().facets]
        for query in ("prison", '"torture in prison"', "pris*", "country:EG", "~priso", "is:copy"):
            results = archive.search(query, facets=("country", "year"), sort="newest")
            found += [results.total, results.facets]
            found += [(hit.post, hit.score, hit.snippet, hit.copies) for hit in results]
        found += archive.posts("")
    return found


@pytest.fixture(scope="module")
def right(honest: Path) -> list[Any]:
    """Return what the index says that is not damaged."""
    return answers(honest)


def answers_or_error(index: Path) -> list[Any] | str:
    """Return the answers, or the message of the one error that there may be."""
    try:
        return answers(index)
    except IndexUnavailableError as error:
        (line,) = str(error).splitlines()
        return line


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let the process have only so much more memory than it has."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@st.composite
def damage(draw: st.DrawFn, data: bytes) -> bytes:
    """Return bytes of which some are changed, lost or doubled."""
    place = draw(st.integers(0, len(data) - 1))
    kind = draw(st.sampled_from(["flip", "flip", "byte", "cut", "zeros", "ones", "lose", "double"]))
    length = draw(st.integers(1, 64))
    match kind:
        case "flip":
            changed = bytes([data[place] ^ (1 << draw(st.integers(0, 7)))])
            return data[:place] + changed + data[place + 1 :]
        case "byte":
            return data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]
        case "cut":
            return data[:place]
        case "zeros" | "ones":
            filled = (b"\0" if kind == "zeros" else b"\xff") * length
            return data[:place] + filled[: len(data) - place] + data[place + length :]
        case "lose":
            return data[:place] + data[place + length :]
        case _:
            return data[: place + length] + data[place:]


LOOSE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=examples(60), suppress_health_check=LOOSE)
@given(st.data())
def test_no_answer_is_wrong(honest: Path, right: list[Any], data: st.DataObject) -> None:
    """Whatever byte of whatever file changes: right answers, or one error."""
    names = sorted(path.name for path in honest.iterdir() if path.stat().st_size)
    name = data.draw(st.sampled_from(names))
    changed = data.draw(damage((honest / name).read_bytes()))
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        shutil.copytree(honest, index)
        (index / name).write_bytes(changed)
        with bounded_memory():
            found = answers_or_error(index)
        assert isinstance(found, str) or found == right


@settings(max_examples=examples(80), suppress_health_check=LOOSE)
@given(st.data())
def test_nothing_relies_on_checksums(honest: Path, data: st.DataObject) -> None:
    """An index whose checksums somebody made anew is read or refused, and nothing else."""
    table = contents.from_bytes((honest / "_MAIN_2.toc").read_bytes(), 2)
    plain = contents.to_bytes(make_schema(), table.segments, 2, {})
    plain = plain[: plain.rindex(b'\n{"page"')]
    segments = sorted(path.name for path in honest.glob("*.seg"))
    name = data.draw(st.sampled_from(["_MAIN_2.toc", *segments, *segments]))
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        shutil.copytree(honest, index)
        (index / "_MAIN_2.toc").write_bytes(plain)
        changed = (index / name).read_bytes()
        for _ in range(data.draw(st.integers(1, 3))):
            changed = data.draw(damage(changed)) or b"\0"
        (index / name).write_bytes(changed)
        with bounded_memory():
            answers_or_error(index)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary()
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.tuples(inner, inner, inner)
    | st.dictionaries(st.text() | st.integers(-(2**63), 2**63 - 1), inner)
    | st.sets(st.text() | st.binary()),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=examples(200))
@given(VALUES, st.integers(2, 5))
def test_plain_values_come_out_as_they_went_in(value: Any, protocol: int) -> None:
    """Every plain value that Python pickles is read as it was."""
    assert pickles.loads(dumps(value, protocol)) == value


@settings(max_examples=examples(300))
@given(st.data())
def test_what_is_no_pickle_is_one_error(data: st.DataObject) -> None:
    """Damaged pickles, and bytes that are none, are a value or a `PickleError`."""
    value = data.draw(VALUES)
    changed = data.draw(st.binary(max_size=60) | damage(dumps(value, data.draw(st.integers(2, 5)))))
    with suppress(pickles.PickleError):
        pickles.loads(changed, has_objects=data.draw(st.booleans()))


BOMBS = {
    "a memo of four billion": b"\x80\x02Nr\xff\xff\xff\xff.",
    "bytes of four billion": b"\x80\x04B\xff\xff\xff\xff.",
    "bytes of more than there are": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
    "a number of four billion bytes": b"\x80\x02\x8b\xff\xff\xff\x7f.",
    "a key that takes forever to hash": b"\x80\x02}N" + b"\x86".join([b"2"] * 60) + b"Ns.",
    "nested tuples as a key": b"\x80\x02})q\0" + b"h\0h\0\x86q\0" * 60 + b"Ns.",
    "one text encoded many times": (
        b"\x80\x02c_codecs\nencode\nq\0X" + (10**6).to_bytes(4, "little") + b"a" * 10**6
        + b"X\6\0\0\0latin1\x86q\1" + b"h\0h\1R" * 10**5 + b"."
    ),
    "nested lists": b"\x80\x02" + b"]" * 10**5 + b"a" * (10**5 - 1) + b".",
    "a call of what was pushed": b"\x80\x02cos\nsystem\nX\2\0\0\0id\x85R.",
    "a call by an extension": b"\x80\x02\x82\x01.",
    "a call of a persistent id": b"\x80\x02NQ.",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_defused(name: str) -> None:
    """What would take memory, time or a call is refused, or is a plain value."""
    with bounded_memory():
        try:
            found = pickles.loads(BOMBS[name])
        except pickles.PickleError:
            return
    assert found is None or type(found) is list


def test_what_inflates_to_more_than_its_bound_is_refused() -> None:
    """A megabyte that stands for a gigabyte is not inflated."""
    with bounded_memory(), pytest.raises(ValueError, match="longer than 1,000,000 bytes"):
        inflated(zlib.compress(bytes(10**8)), 10**6)


@settings(max_examples=examples(300))
@given(st.data())
def test_a_block_is_read_as_it_was_written_or_refused(data: st.DataObject) -> None:
    """Both ways to read a block agree; a damaged block is a block or a `ValueError`."""
    deltas = data.draw(st.lists(st.integers(1, 2**20), min_size=1, max_size=140))
    count = len(deltas)
    each = st.floats(0.5, 100, width=32)
    counts = st.integers(1, 300)
    weights = data.draw(
        st.none() | st.tuples(*[each] * count) | st.lists(counts, min_size=count, max_size=count)
    )
    lists = data.draw(
        st.lists(
            st.lists(st.integers(0, 2**17), min_size=1, max_size=4), min_size=count, max_size=count
        )
    )
    values = tuple(len(one).to_bytes(4, "big") + dumps(one, 2) for one in lists)
    head = blocks.Heading(count, sum(deltas), 1.0, False, 0, 0, 0)
    parts = (
        encoding._packed_documents(list(accumulate(deltas))),  # noqa: SLF001
        encoding.packed_weights(weights),
        encoding._packed_values(list(map(blocks.pushed, values)), -1),  # noqa: SLF001
    )
    fast = b"%b%b%b\x87." % parts
    slow = dumps((tuple(deltas), weights and tuple(map(float, weights)), values), 2)
    read = [blocks.block(form, head) for form in (fast, slow)]
    assert read[0].documents == read[1].documents
    assert list(read[0].weights) == list(read[1].weights)
    for found in read:
        assert tuple(blocks.values(found, -1)) == values
    assert [blocks.positions(value)[-1] for value in values] == [sum(one) for one in lists]
    for end in (b"t\x86.", b"l\x87.", b"t\x87N"):
        with pytest.raises(ValueError, match=r"."):
            blocks.values(blocks.block(fast[:-3] + end, head), -1)
    changed = data.draw(damage(data.draw(st.sampled_from([fast, slow]))))
    with suppress(ValueError):
        for value in blocks.values(blocks.block(changed, head), -1):
            blocks.positions(value or b"")
