"""What is mutated, and by which tests: the quick ones of each area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "rights_search"
TESTS = PACKAGE.parent.parent / "tests"


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake that somebody might make, put there on purpose.

    Args:
        says: what goes wrong then.
        module: the module, below the package.
        right: a text that stands in it once.
        wrong: what stands there instead.
    """

    says: str
    module: str
    right: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Area:
    """Modules that belong together.

    Args:
        modules: patterns below the package.
        tests: names of test modules, without what they all begin with; one test of a module
            stands behind it as it does for pytest.
        faults: what is tried in place of mutmut's operators.
        without: tests of these modules that count steps, of which there are more once the
            caches of the package are emptied.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def files(self) -> Iterator[Path]:
        """Yield the files of the modules."""
        for pattern in self.modules:
            found = sorted(PACKAGE.glob(pattern))
            assert found, f"no module is {pattern}"
            yield from found

    @property
    def test_names(self) -> Iterator[str]:
        """Yield the tests as pytest names them, a file or a test in it, and those left out."""
        yield from (_below(str(TESTS), name) for name in self.tests)
        # What is left out is named as pytest shows it, from the root of the repository.
        yield from (f"--deselect={_below(TESTS.name, name)}" for name in self.without)


def _below(folder: str, name: str) -> str:
    module, _, test = name.partition("::")
    return f"{folder}/test_{module}.py" + (test and f"::{test}")


_FAULTS = (
    Fault(
        "a file that is gone stays", "indexing/sync_plan.py", "name not in seen)", "name is None)"
    ),
    Fault(
        "what a changed file held stays",
        "indexing/sync.py",
        "            self.writer.delete_source(listed.name)\n        self._count",
        "            pass\n        self._count",
    ),
    Fault(
        "a changed file is not read",
        "indexing/sync_plan.py",
        "same = (found.size, found.mtime_ns) == (entry.size, entry.mtime_ns)",
        "same = True",
    ),
    Fault(
        "changed settings change nothing",
        "indexing/sync_plan.py",
        "entry.state == state_of(found.settings)",
        "entry.state is not None",
    ),
    Fault(
        "counts and hits are those of before",
        "open_index.py",
        "if self._snapshot is None or self._snapshot.generation != newest:",
        "if self._snapshot is None:",
    ),
    Fault(
        "a rebuilt index keeps its old posts",
        "open_index.py",
        "self._engine.writer(self.handle, clear=clear)",
        "self._engine.writer(self.handle, clear=False)",
    ),
)

_INDEX_TARGETS = "pickles blocks columns contents terms segments".split()

AREAS: Mapping[str, Area] = {
    # How a query is read: its text → the tree, and back.
    "query": Area(
        tuple(
            f"query/{name}.py"
            for name in (
                *("lexer", "words", "parser", "nearness", "dates", "facets", "place_names"),
                *("doubts", "writing"),
            )
        ),
        ("query_parser", "query_dates", "query_facets", "query_doubts", "query_writing"),
    ),
    # Which posts it finds: the tree with what is added to it, and what it says of a post. What
    # changes their order alone is measured by make evaluate.
    "meaning": Area(
        tuple(
            f"query/{name}.py"
            for name in (
                *("function_words", "aliases", "expansion"),
                *("nodes", "matching", "proximity", "analysed_post"),
            )
        ),
        ("function_words", "aliases", "expansion", "matching", "proximity", "query_parser"),
        without=("aliases::test_first_search_is_fast",),
    ),
    "dates": Area(("ingest/dates/*.py",), ("dates", "datelines", "bylines")),
    "index": Area(
        (
            "engines/stored.py",
            *(
                f"engines/whoosh/{name}.py"
                for name in (
                    *"pickles files storage contents term_table terms blocks columns".split(),
                    *"segment segments posts_column keeping encoding inflating".split(),
                )
            ),
        ),
        (
            *"pickles index_contents index_storage index_parts index_terms".split(),
            *"posting_list segments".split(),
            *"whoosh_format array_encoding damaged_index hostile_index".split(),
            # What the other targets are given takes longer than all tests of the index.
            *(f"fuzz_cases::test_every_case_goes_well[{name}]" for name in _INDEX_TARGETS),
        ),
    ),
    "sync": Area(
        (
            "indexing/sync.py",
            "indexing/sync_plan.py",
            "indexing/updating.py",
            "open_index.py",
            "indexing/tidying.py",
        ),
        ("stateful",),
        _FAULTS,
    ),
}
