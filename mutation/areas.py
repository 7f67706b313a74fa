"""What is mutated, and by which tests: the quick ones of each area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "rights_search"
TESTS = PACKAGE.parent.parent / "tests"


@dataclass(frozen=True, slots=True)
class Area:
    """Modules that belong together.

    Args:
        modules: patterns below the package.
        tests: names of test modules, without what they all begin with.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def files(self) -> Iterator[Path]:
        """Yield the files of the modules."""
        for pattern in self.modules:
            yield from sorted(PACKAGE.glob(pattern))

    @property
    def test_files(self) -> Iterator[Path]:
        """Yield the files of the tests."""
        return (TESTS / f"test_{name}.py" for name in self.tests)


AREAS: Mapping[str, Area] = {
    "query": Area(
        tuple(
            f"query/{name}.py"
            for name in ("lexer", "parser", "syntax", "nearness", "dates", "facets", "writing")
        ),
        ("query_parser", "query_dates", "query_facets", "query_writing", "proximity"),
    ),
    "dates": Area(("ingest/date*.py",), ("dates", "datelines", "bylines")),
    "index": Area(
        tuple(
            f"engines/whoosh/{name}.py"
            for name in ("pickles", "files", "contents", "term_table", "blocks", "columns")
        ),
        ("whoosh_format", "damaged_index", "hostile_index", "index_reading", "fuzz_cases"),
    ),
}
