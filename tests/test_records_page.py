"""docs/records.md names what is in the records, docs/unattended.md a job that runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from manual.pages import DOCS
from manual.records import VALUES, keys_of
from rights_search import Archive, to_dict
from rights_search.post import Post
from rights_search.values import field_names

ROOT = DOCS.parent


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return name of a value → a record that the library makes of it."""
    folder = tmp_path_factory.mktemp("records")
    text = "Police beat demonstrators in Nairobi, and the court heard of torture. " * 6
    for number in range(2):
        (folder / f"{number}.md").write_text(f"---\ndate: 2014-0{number + 1}\n---\n{text}\n")
    (folder / "2.md").write_text("---\ntitle: Torture\n---\nA court heard of torture.\n")
    with Archive.create(None) as archive:
        archive.sync(folder)
        results = archive.search("torture OR nothinglikethat")
        kenya = archive.search("torture", country="KE", facets=("country",))[0]
        found: list[object] = [
            results, archive.explain("torture"), archive.stats(), archive.timeline("torture"),
            archive.search("xyzzy").why_empty, archive.search("tortre").suggestion,
            archive.related(kenya.post.id), *archive.similar(kenya.post.id), kenya,
        ]  # fmt: skip
    return {type(value).__name__: to_dict(value) for value in _within(found)}


def _within(value: Any) -> Iterator[Any]:
    """Yield the values of ours that stand in one, it too."""
    if isinstance(value, (list, tuple)) and not hasattr(type(value), "__match_args__"):
        for each in value:
            yield from _within(each)
    elif type(value).__module__.startswith("rights_search"):
        yield value
        for name in field_names(type(value)):
            yield from _within(getattr(value, name))


@pytest.mark.parametrize("value", VALUES)
def test_every_key_of_a_record_is_on_the_page(
    value: type, records: dict[str, dict[str, Any]]
) -> None:
    """The keys are those of the page, and but for what is empty they are all there."""
    record = records.get(value.__name__)
    if record is None:
        assert value.__name__ in {"Follow", "Series", "Similar"}
        return
    assert set(record) <= set(keys_of(value))
    if value is not Post and value.__name__ not in {"Hit", "Provenance"}:
        assert set(record) == set(keys_of(value)) - {"precision", "text"} | (
            set(record) & {"precision", "text"}
        )


@pytest.mark.skipif(os.name == "nt", reason="a script for a shell")
def test_the_job_of_every_night_does_what_its_page_says(tmp_path: Path) -> None:
    """It mails what is new once, says once what could not be read, and is quiet then."""
    page = (DOCS / "unattended.md").read_text(encoding="utf-8")
    script = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)[0].replace("/srv/posts", str(tmp_path))
    (tmp_path / "nightly.sh").write_text(script)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("A strike of printers.\n")
    (tmp_path / "corpus" / "b.json").write_text("{")
    for name, body in (
        ("mail", f'echo "$@" >> {tmp_path}/mailed; cat >> {tmp_path}/mailed'),
        ("rights-search", f'exec {sys.executable} -m rights_search "$@"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
        env.pop("RIGHTS_SEARCH_INDEX", None)
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )

    def night() -> tuple[int, str, str]:
        done = run("sh", "nightly.sh")
        return done.returncode, done.stdout, done.stderr

    first = night()
    assert (first[0], first[1]) == (0, "")
    assert "failed: b.json" in first[2]
    assert "Files could not be read" in first[2]
    run("rights-search", "watch", "add", "strikes", "strike")
    assert night() == (0, "", "")
    mailed = (tmp_path / "mailed").read_text()
    assert mailed.startswith("-s New posts team@example.org\nstrikes: 1 new")
    assert night() == (0, "", "")
    assert (tmp_path / "mailed").read_text() == mailed
    (kept,) = tmp_path.glob("new-*.txt")
    assert kept.read_text().startswith("strikes: 1 new")
