"""Run command lines one behind the other in this process, and say what came of each.

Usage: ``runner.py LINES.json RESULTS.json``. A line is ``{"line", "args", "typed"}``; a
result ``{"line", "code", "error"}``. The last result is a list of network interfaces.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from rights_search.__main__ import main


def run(line: dict[str, Any]) -> dict[str, Any]:
    """Run one command line."""
    output, error = io.StringIO(), io.StringIO()
    sys.stdin = io.StringIO(line["typed"])
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        code = main(line["args"])
    return {"line": line["line"], "code": code, "error": error.getvalue()}


def interfaces() -> list[str]:
    """Return the network interfaces that this process sees, apart from the loopback."""
    table = Path("/proc/net/dev")
    rows = table.read_text(encoding="ascii").splitlines()[2:] if table.exists() else ["unknown:"]
    return [name for row in rows if (name := row.split(":")[0].strip()) != "lo"]


if __name__ == "__main__":
    lines, results = map(Path, sys.argv[1:])
    found: list[Any] = [run(line) for line in json.loads(lines.read_text(encoding="utf-8"))]
    found.append(interfaces())
    results.write_text(json.dumps(found), encoding="utf-8")
