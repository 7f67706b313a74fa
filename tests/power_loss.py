"""What is on a disk after the power went: file operations played on a model of one.

A file's bytes are safe once the file was synced, and a name once its folder was. What was
not synced may be there or not. The model keeps both: what a running system sees, and what
was made safe.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from tracing import Operation


@dataclass(slots=True, eq=False)
class _File:
    seen: bytearray = field(default_factory=bytearray)
    safe: bytes = b""

    def write(self, offset: int | None, data: bytes) -> None:
        at = len(self.seen) if offset is None else offset
        self.seen.extend(bytes(max(0, at - len(self.seen))))
        self.seen[at : at + len(data)] = data


@dataclass(slots=True, eq=False)
class _Folder:
    seen: dict[str, _Entry] = field(default_factory=dict)
    safe: dict[str, _Entry] = field(default_factory=dict)
    pending: list[tuple[tuple[str, _Entry | None], ...]] = field(default_factory=list)
    """What was done to names since the last sync: names and what they stand for, None for
    nothing; of a renaming both names at once, which no file system takes apart."""

    def change(self, *changes: tuple[str, _Entry | None]) -> None:
        self.pending.append(changes)
        _apply(self.seen, changes)

    def sync(self) -> None:
        self.safe = dict(self.seen)
        self.pending.clear()

    def in_order(self, count: int) -> dict[str, _Entry]:
        """Return the names if the first ``count`` changes since the last sync are on disk."""
        names = dict(self.safe)
        for changes in self.pending[:count]:
            _apply(names, changes)
        return names


_Entry: TypeAlias = _File | _Folder


def _apply(names: dict[str, _Entry], changes: Iterable[tuple[str, _Entry | None]]) -> None:
    for name, entry in changes:
        if entry is None:
            names.pop(name, None)
        else:
            names[name] = entry


Tree: TypeAlias = dict[str, bytes | None]
"""Path → what a file holds, None for a folder; ``.`` is the folder itself, if it is there."""


class Disk:
    """A folder on a disk.

    Args:
        folder: how it is before the operations, all of it safe; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        # What stands above: the name of the folder itself is synced there.
        self._above = _Folder()
        if folder.is_dir():
            self._above.change((".", _loaded(folder)))
            self._above.sync()

    def play(self, operation: Operation) -> None:
        """Do an operation; what the system would have refused is not done."""
        folder, name = self._place(operation.path)
        if folder is None:
            return
        entry = folder.seen.get(name)
        match operation.kind, entry:
            case "create", None:
                folder.change((name, _File()))
            case "create", _File() if operation.is_emptied:
                entry.seen.clear()
            case "write", _File():
                entry.write(operation.offset, operation.data)
            case "cut", _File():
                del entry.seen[operation.offset :]
                entry.write(operation.offset, b"")
            case "sync", _File():
                entry.safe = bytes(entry.seen)
            case "sync", _Folder():
                entry.sync()
            case "mkdir", None:
                folder.change((name, _Folder()))
            case "remove", _File():
                folder.change((name, None))
            case "remove", _Folder() if not entry.seen:
                folder.change((name, None))
            case "rename" | "link", _File() | _Folder():
                self._rename(operation, folder, name, entry)

    def sync_above(self) -> None:
        """Make the name of the folder itself safe."""
        self._above.sync()

    def _rename(self, operation: Operation, folder: _Folder, name: str, entry: _Entry) -> None:
        target, new = self._place(operation.target)
        if target is None:
            return
        old = ((name, None),) if operation.kind == "rename" else ()
        if target is folder:
            folder.change((new, entry), *old)
        else:
            target.change((new, entry))
            folder.change(*old)

    def _place(self, path: str) -> tuple[_Folder | None, str]:
        folder, name = self._above, "."
        for part in PurePosixPath(path).parts:
            inside = folder.seen.get(name)
            if not isinstance(inside, _Folder):
                return None, ""
            folder, name = inside, part
        return folder, name

    # --- what may be found afterwards ---------------------------------------------------

    def best(self) -> Tree:
        """Return everything that a running system saw."""
        return _tree(self._above.seen, lambda file: bytes(file.seen), lambda folder: folder.seen)

    def worst(self) -> Tree:
        """Return what was made safe, and nothing else."""
        return _tree(self._above.safe, lambda file: file.safe, lambda folder: folder.safe)

    def named(self) -> Tree:
        """Return all names, and of the bytes what was made safe: an emptied file, say."""
        return _tree(self._above.seen, lambda file: file.safe, lambda folder: folder.seen)

    def some(self, chance: random.Random) -> Tree:
        """Return some of what was not made safe.

        Names come in the order in which they were changed, as on a file system with a
        journal; which bytes were written anybody may guess.
        """

        def names(folder: _Folder) -> dict[str, _Entry]:
            return folder.in_order(chance.randint(0, len(folder.pending)))

        def data(file: _File) -> bytes:
            if chance.random() < 0.5:
                return file.safe
            # What was synced stays, but for what was written over it since.
            least = len(file.safe) if file.seen.startswith(file.safe) else 0
            return bytes(file.seen[: chance.randint(least, len(file.seen))])

        return _tree(names(self._above), data, names)


_Data: TypeAlias = Callable[[_File], bytes]
_Names: TypeAlias = Callable[[_Folder], dict[str, _Entry]]


def _tree(names: dict[str, _Entry], data: _Data, inside: _Names) -> Tree:
    tree: Tree = {}
    _grow(tree, "", names, data, inside)
    return tree


def _grow(tree: Tree, path: str, names: dict[str, _Entry], data: _Data, inside: _Names) -> None:
    for name, entry in names.items():
        full = f"{path}/{name}" if path else name
        if isinstance(entry, _Folder):
            tree[full] = None
            _grow(tree, full, inside(entry), data, inside)
        else:
            tree[full] = data(entry)


def _loaded(folder: Path) -> _Folder:
    loaded = _Folder()
    for path in folder.iterdir():
        entry: _Entry
        if path.is_dir():
            entry = _loaded(path)
        else:
            data = path.read_bytes()
            entry = _File(bytearray(data), data)
        loaded.change((path.name, entry))
    loaded.sync()
    return loaded


def write(tree: Tree, folder: Path) -> None:
    """Make a folder out of what was found on the disk; nothing may be there yet."""
    for path, data in tree.items():
        if data is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(data)


def after_each(
    folder: Path, operations: Iterable[Operation], chance: random.Random, guesses: int
) -> Iterator[tuple[int, Tree]]:
    """Yield what may be found if the power goes behind each of some operations.

    Args:
        folder: how it was before.
        operations: what was done in it.
        chance: chooses what of the unsafe is there.
        guesses: how many such choices for each operation.

    Yields:
        how many operations were done, and a tree that was not yielded before.
    """
    disk, known = Disk(folder), set()
    for count, operation in enumerate(operations, 1):
        disk.play(operation)
        trees = [disk.best(), disk.worst(), disk.named()]
        trees += [disk.some(chance) for _ in range(guesses)]
        for tree in trees:
            mark = hash(tuple(sorted(tree.items(), key=lambda item: item[0])))
            if mark not in known:
                known.add(mark)
                yield count, tree
