"""Results of reading and tagging do not change behind the back of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from evaluation import recorded
from evaluation.recorded import Entry, differences, take
from rights_search import ingest, tagging
from rights_search.indexing import versions
from rights_search.ingest import Draft, Record, Source
from rights_search.post import Post, Tag, with_tags

BEFORE = recorded.Record("1", {"a.txt": Entry("a", "a", "a"), "b.txt": Entry("b", "b", "b")})


def test_the_record_is_of_today() -> None:
    """Whoever changes what comes of a file raises a version; the message says which."""
    assert differences(recorded.load(), take()) == []


@pytest.fixture(autouse=True)
def _fresh_state() -> Iterator[None]:
    """Let each test, and those after it, compute the state of the program."""
    versions.program_state.cache_clear()
    yield
    versions.program_state.cache_clear()


def changed(record: recorded.Record, **values: str) -> recorded.Record:
    """Return the record with other digests for its first file."""
    return replace(
        record, files={**record.files, "a.txt": replace(record.files["a.txt"], **values)}
    )


@pytest.mark.parametrize(
    ("values", "package"), [({"read": "x", "tagged": "x"}, "ingest"), ({"tagged": "x"}, "tagging")]
)
def test_other_results_need_a_new_version(values: dict[str, str], package: str) -> None:
    """The version to raise is that of the part whose results differ; then they are recorded."""
    now = changed(BEFORE, **values)
    (problem,) = differences(BEFORE, now)
    assert problem.startswith("a.txt: ")
    assert f"raise VERSION in src/rights_search/{package}/__init__.py" in problem
    (problem,) = differences(BEFORE, replace(now, state="2"))
    assert "raise" not in problem
    assert "run `make record`" in problem


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (replace(BEFORE, files={**BEFORE.files, "c.txt": Entry("c", "c", "c")}), "c.txt: new"),
        (replace(BEFORE, files={"a.txt": BEFORE.files["a.txt"]}), "b.txt: new, changed or gone"),
        (changed(BEFORE, source="x", read="x", tagged="x"), "a.txt: new, changed"),
        (replace(BEFORE, state="2"), "a version or a data file of the program has changed"),
    ],
)
def test_what_else_changes_is_recorded_anew(now: recorded.Record, reason: str) -> None:
    """Posts that come and go need no new version, but nothing stays unrecorded."""
    (problem,) = differences(BEFORE, now)
    assert problem.startswith(reason)
    assert "raise" not in problem


def tag_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a tagger find a theme that is not there."""

    def tagger(post: Post) -> Post:
        return with_tags(post, themes=(Tag("torture", ()),))

    monkeypatch.setitem(tagging.TAGGERS, "last", tagger)


def read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a reader find another title."""
    reader = ingest.READERS["markdown"]

    def other(source: Source) -> Iterator[Record]:
        for draft in reader(source):
            assert isinstance(draft, Draft)
            yield replace(draft, title="Other")

    monkeypatch.setitem(ingest.READERS, "markdown", other)


@pytest.mark.parametrize(("change", "part"), [(tag_otherwise, tagging), (read_otherwise, ingest)])
def test_a_change_cannot_be_recorded_away(
    change: Callable[[pytest.MonkeyPatch], None],
    part: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command that records refuses, and keeps the record, until the version is raised."""
    corpus, record = tmp_path / "corpus", tmp_path / "recorded.json"
    corpus.mkdir()
    (corpus / "a.md").write_text("# A title\n\nSome words of a post in a file.\n")
    assert recorded.main(record, corpus) == 0
    before = record.read_text()
    change(monkeypatch)
    assert recorded.main(record, corpus) == 1
    assert record.read_text() == before
    assert f"raise VERSION in src/{part.__name__.replace('.', '/')}/" in capsys.readouterr().err
    monkeypatch.setattr(part, "VERSION", 999)
    versions.program_state.cache_clear()
    assert recorded.main(record, corpus) == 0
    assert recorded.load(record) == take(corpus)
