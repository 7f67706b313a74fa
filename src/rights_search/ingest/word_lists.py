"""The files of words in several languages that readers look for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class WordLists:
    """A file of words.

    Args:
        data: the whole of it.
        languages: for each language, kind → words.
    """

    data: Mapping[str, Any]
    languages: tuple[Mapping[str, Any], ...]

    def every(self, kind: str) -> list[str]:
        """Return the words of a kind in all languages."""
        return [word for language in self.languages for word in language[kind]]


def read_word_lists(name: str) -> WordLists:
    """Return a file of the package's data, by its name."""
    data = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return WordLists(data, tuple(data["languages"].values()))
