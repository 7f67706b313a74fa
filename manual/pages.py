"""The generated pages: to add one, add its function here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from manual import commands, fuzzing, query_language, records

DOCS = Path(__file__).resolve().parent.parent / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands.page,
    "fuzzing.md": fuzzing.page,
    "query-language.md": query_language.page,
    "records.md": records.page,
}
"""Name in ``docs/`` → what returns the text."""
