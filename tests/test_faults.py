"""What the machine does wrong: each fault is one line, and the old index stays."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from rights_search import Archive

SMALL_BYTES = 64 * 1024


@pytest.fixture
def corpus(repository: Path) -> Path:
    """Return a folder whose index needs more than `SMALL_BYTES` in one file."""
    return repository / "corpus" / "africa-asia"


def run(*arguments: str | Path, file_limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program, with files that can grow to ``file_limit`` bytes at most."""

    def limit() -> None:
        if file_limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-m", "rights_search", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        preexec_fn=limit,
    )


def test_a_file_that_cannot_grow_is_one_line_and_the_old_index_stays(
    corpus: Path, tmp_path: Path
) -> None:
    """A rebuild that runs out of room leaves the posts of before, and no litter."""
    index = tmp_path / "index"
    few = tmp_path / "few"
    few.mkdir()
    (few / "one.md").write_text("# Only post\n\nAbout prison.\n")
    assert run("index", few, "--index", index).returncode == 0
    before = sorted(path.name for path in index.iterdir())
    done = run("index", corpus, "--rebuild", "--index", index, file_limit=SMALL_BYTES)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    (line,) = [text for text in done.stderr.splitlines() if "rights-search:" in text]
    assert "cannot be written (File too large); what was there before is unchanged" in line
    assert sorted(path.name for path in index.iterdir()) == before
    assert "Only post" in run("query", "prison", "--index", index).stdout
    assert run("index", corpus, "--rebuild", "--index", index).returncode == 0


def test_an_index_that_cannot_be_made_is_one_line(corpus: Path, tmp_path: Path) -> None:
    """A file where the folder should be is named."""
    target = tmp_path / "file"
    target.write_text("not a folder")
    done = run("index", corpus, "--index", target)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"rights-search: {target}: is a file")


def test_a_killed_run_leaves_the_old_state(tmp_path: Path) -> None:
    """A process that dies while indexing changes nothing; the next run works unaided."""
    index = tmp_path / "index"
    few = tmp_path / "corpus"
    few.mkdir()
    (few / "one.md").write_text("# Only post\n\nAbout prison.\n")
    with Archive.create(index) as archive:
        archive.sync(few)
    (few / "two.md").write_text("# Second post\n\nAbout prison too.\n")
    program = (
        "import os, sys\n"
        "from rights_search import Archive\n"
        "from rights_search.engines.whoosh import writing\n"
        "def die(self): os._exit(9)\n"
        "writing.WhooshWriter.commit = die\n"
        f"Archive.open({str(index)!r}).sync({str(few)!r})\n"
    )
    died = subprocess.run([sys.executable, "-c", program], check=False)
    assert died.returncode == 9
    with Archive.open(index) as archive:
        assert archive.search("prison").total == 1
        assert archive.sync(few).added == 1
        assert archive.search("prison").total == 2
