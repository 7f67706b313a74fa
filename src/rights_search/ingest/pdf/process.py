"""Asking the process that opens PDF files, and starting another when one has died."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.pdf.worker import MEMORY_BYTES

SECONDS = 60
"""The processor time that one document may take."""

MAX_ANSWER_CHARS = 64 * 2**20
"""The most that the text of one page may take, its places included."""


def document_pages(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield what `rights_search.ingest.pdf.worker` says of each page, and at the end.

    Args:
        path: the file.
        name: how it is called, for errors.

    Raises:
        ReadError: if it cannot be read, or takes too much time or memory; after the
            pages that came before.
    """
    worker = _worker()
    request = json.dumps([str(path), SECONDS])
    try:
        worker.stdin.write(f"{request}\n")  # type: ignore[union-attr]
        worker.stdin.flush()  # type: ignore[union-attr]
        while True:
            answer = _answer(worker, name)
            if "error" in answer:
                raise ReadError(name, answer["error"], fatal=True)
            yield answer
            if "end" in answer:
                return
    except BrokenPipeError as error:
        raise _died(worker, name) from error
    except GeneratorExit:
        _stop(worker)  # it may be in the middle of an answer
        raise


_workers: list[subprocess.Popen[str]] = []


def _worker() -> subprocess.Popen[str]:
    if _workers and _workers[-1].poll() is not None:
        _stop(_workers[-1])
    if not _workers:
        # -P: a corpus folder that is the current one must not give us its own modules.
        command = [sys.executable, "-P", "-m", "rights_search.ingest.pdf.worker"]
        _workers.append(
            subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="ascii",
                env={**os.environ, "PYTHONIOENCODING": "ascii"},
            )
        )
    return _workers[-1]


def _answer(worker: subprocess.Popen[str], name: str) -> dict[str, Any]:
    line = worker.stdout.readline(MAX_ANSWER_CHARS)  # type: ignore[union-attr]
    if not line:
        raise _died(worker, name)
    if not line.endswith("\n"):
        _stop(worker)
        raise ReadError(name, "one of its pages holds too much text", fatal=True)
    answer: dict[str, Any] = json.loads(line)
    return answer


def _died(worker: subprocess.Popen[str], name: str) -> ReadError:
    _stop(worker)
    reason = (
        f"cannot be read within {SECONDS} s of processor time and {MEMORY_BYTES // 2**20} MiB, "
        "the limits for one PDF; print it to a new PDF"
    )
    return ReadError(name, reason, fatal=True)


def _forget() -> None:
    """Leave the process to the one that forked us: its questions and ours would be mixed up."""
    for worker in _workers:
        worker.returncode = 0  # so that nobody waits for a child that is not ours
    _workers.clear()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_forget)


@atexit.register
def _stop_all() -> None:
    while _workers:
        _stop(_workers[-1])


def _stop(worker: subprocess.Popen[str]) -> None:
    _workers.remove(worker)
    worker.kill()
    worker.communicate()
