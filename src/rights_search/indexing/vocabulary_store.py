"""Where the vocabulary of an index is kept, if it is a user's own.

``vocabulary-<generation>.json`` is the user's file as JSON. Like the manifest it is
written before the engine commits, and counts from that moment on. An index that is
tagged with the built-in vocabulary has none.
"""

from __future__ import annotations

import os
from pathlib import Path

from rights_search.errors import IndexUnavailableError, ReadError
from rights_search.index_files import read_whole, write_whole
from rights_search.vocabulary.vocabulary import Vocabulary, built_in


class VocabularyStore:
    """The vocabulary of one index.

    Args:
        folder: the index folder, None for an index in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: tuple[int, Vocabulary] | None = None

    def put(self, generation: int, vocabulary: Vocabulary) -> None:
        """Write the vocabulary of a commit that is about to happen."""
        if self._folder is None:
            self._known = generation, vocabulary
        elif vocabulary.origin:
            data = vocabulary.origin.encode("utf-8")
            write_whole(_path(self._folder, generation), data)

    def of(self, generation: int) -> Vocabulary:
        """Return the vocabulary of a commit; that of the same one is read once.

        Raises:
            IndexUnavailableError: if its file is damaged.
        """
        if self._known is None or (self._folder is not None and self._known[0] != generation):
            self._known = generation, self._read(generation)
        return self._known[1]

    def _read(self, generation: int) -> Vocabulary:
        path = None if self._folder is None else _path(self._folder, generation)
        if path is None or not os.path.lexists(path):
            return built_in()
        from rights_search.vocabulary import file as vocabulary_file  # noqa: PLC0415 - few indexes have one

        try:
            text = read_whole(path, vocabulary_file.MAX_BYTES).decode("utf-8")
            return vocabulary_file.parse(text, path.name, is_json=True)
        except (OSError, ValueError) as error:
            raise _damaged(path, error) from error
        except ReadError as error:
            raise _damaged(path, f"it {error.reason}") from error


def _damaged(path: Path, what: object) -> IndexUnavailableError:
    hint = f"rebuild it with: rights-search index --rebuild CORPUS --index {path.parent}"
    reason = f"its file {path.name} is damaged ({what}); {hint}"
    return IndexUnavailableError(str(path.parent), reason)


def _path(folder: Path, generation: int) -> Path:
    return folder / f"vocabulary-{generation}.json"
