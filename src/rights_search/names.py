"""Names that people write, in any spelling, and the ids that they stand for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from rights_search.patterns import late
from rights_search.vocabulary.vocabulary import SOURCE_LABELS, Group, Labels, Theme


class Names:
    """Names in any spelling → the ids that they stand for.

    Args:
        levels: (name, ids) pairs by rank: what a name means on an earlier level
            counts; on one level it may mean several things.
    """

    def __init__(self, *levels: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._ids: dict[str, tuple[str, ...]] = {}
        for level in levels:
            found: dict[str, tuple[str, ...]] = {}
            for name, ids in level:
                known = _key(name)
                found[known] = tuple(dict.fromkeys(found.get(known, ()) + ids))
            self._ids = found | self._ids
        self._ids.pop("", None)

    def resolve(self, text: str) -> tuple[str, ...]:
        """Return the ids that ``text`` stands for; case, accents and signs do not count."""
        return self._ids.get(_key(text), ())

    def suggest(self, text: str, limit: int) -> tuple[str, ...]:
        """Return ids whose names look like ``text``, the best first."""
        # Imported here: only a mistyped name needs it.
        import difflib  # noqa: PLC0415

        wanted = _key(text)
        if not wanted:
            return ()
        names = list(self._ids)
        is_part = len(wanted) > 2  # noqa: PLR2004 - two letters begin everything
        inside = [name for name in names if f" {wanted}" in f" {name}"] if is_part else []
        close = difflib.get_close_matches(wanted, names, n=4 * limit, cutoff=0.7)
        found = (item_id for name in [*close, *inside] for item_id in self._ids[name])
        return tuple(dict.fromkeys(found))[:limit]


def every_name(item: Theme | Group) -> Iterator[str]:
    """Yield the labels of a theme or group, its other names and those in published lists."""
    yield from (text for _, text in item.labels)
    yield from item.names
    for _, names in item.sources:
        yield from names


def source_labels(item: Theme | Group) -> tuple[str, ...]:
    """Return the labels of sources that a user's vocabulary says mean a theme or group."""
    return dict(item.sources).get(SOURCE_LABELS, ())


def label_of(labels: Labels, language: str) -> str:
    """Return the label in ``language``, else the first one."""
    return dict(labels).get(language, labels[0][1])


_APOSTROPHES = late("['’‘ʼ`´]")
_NOT_WORD = late(r"[\W_]+")


def _key(name: str) -> str:
    """Return ``name`` without case, accents and punctuation."""
    letters = name.casefold().replace("&", " and ")
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()
