"""Watching every file operation of a process, and of all that it starts, from outside.

A child is forked that does some work while this process traces it (ptrace, with a seccomp
filter so that only file operations stop). Each operation in a folder is seen before it is
done, whoever does it: Python, Whoosh, Tantivy's threads, a worker. It can then be let go,
be made to fail with an error of the system, or be the moment at which all processes are
killed. Nothing of the program is replaced, so what is tested is what runs.

Linux on x86-64 only.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import stat
import struct
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest

Kind: TypeAlias = Literal[
    "create", "write", "cut", "sync", "rename", "link", "remove", "mkdir", "open"
]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that is about to be done to a file or folder.

    Args:
        kind: ``create`` opens for writing, making the file if it is not there; ``cut`` sets
            the length to ``offset``; ``open`` opens for reading, folders too, and is seen
            only where it is asked for; the others say what they do.
        path: relative to the folder that is watched.
        target: the new name for ``rename`` and ``link``.
        offset: where bytes are written, None for the end.
        data: what is written.
        is_emptied: True where ``create`` empties a file that is there.
        is_first: False where a process that the first one has started does it.
    """

    kind: Kind
    path: str
    target: str = ""
    offset: int | None = None
    data: bytes = b""
    is_emptied: bool = False
    is_first: bool = True


Fate: TypeAlias = Literal["kill", "kill first", "kill this"]

Beside: TypeAlias = Callable[[], object]

Decide: TypeAlias = Callable[[int, Operation], Fate | int | Beside | None]
"""Is told the number of an operation, from 0, and what it is; says what shall happen: None
to let it be done, ``kill`` to end all processes at once, ``kill first`` or ``kill this`` to
end the first one or the one that is at it, the number of an error, or what a process beside
these is to do before the operation is done. Other threads go on meanwhile."""

is_possible = sys.platform == "linux" and platform.machine() == "x86_64"

needed = pytest.mark.skipif(not is_possible, reason="processes are traced on Linux, x86-64, only")


def operations(work: Callable[[], object], folder: Path) -> list[Operation]:
    """Return what ``work`` does in a folder; it must succeed."""
    seen: list[Operation] = []

    def note(_: int, operation: Operation) -> None:
        seen.append(operation)

    assert run(work, folder, note) == 0
    return seen


def killed_at(work: Callable[[], object], folder: Path, number: int) -> bool:
    """Do some work, and kill all its processes at an operation; tell whether it came to that."""
    code = run(work, folder, lambda at, _: "kill" if at == number else None)
    assert code in {0, -signal.SIGKILL}, code
    return code != 0


def run(work: Callable[[], object], folder: Path, decide: Decide, *, reads: bool = False) -> int:
    """Do some work in a traced child; return when it and all that it started have ended.

    Args:
        work: called in the child, which ends when it returns.
        folder: operations in it are counted and decided on; others are let be.
        decide: see `Decide`; called in this process, while the one that it decides on waits.
        reads: True to see what is opened for reading, too.

    Returns:
        the exit code: 0, 1 after an exception, or minus the signal that ended it.

    Raises:
        AssertionError: if what was to be done beside it failed.
    """
    child = _forked(lambda: _be_traced(work))
    return _Tracer(child, folder.resolve(), decide, reads=reads).run()


def _forked(work: Callable[[], object]) -> int:
    """Return a process that does some work and ends; its exit code is 1 after an exception."""
    with warnings.catch_warnings():
        # Newer Pythons warn of a fork where threads may run: none does while a test works.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    try:
        _let_go_of_locks()
        work()
    except BaseException:  # noqa: BLE001 - the parent sees that it failed
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


# --- the child -----------------------------------------------------------------------------


def _let_go_of_locks() -> None:
    """Close the locks that a thread of Tantivy held in the parent: here nobody will do it."""
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if file.readlink().match(".tantivy-*.lock"):
                os.close(int(file.name))


_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
_libc.ptrace.restype = ctypes.c_long

_TRACEME, _CONT, _POKEUSER, _SETOPTIONS, _SYSCALL_INFO = 0, 7, 6, 0x4200, 0x420E
_FOLLOW = 0x2 | 0x4 | 0x8 | 0x10  # what is forked, vforked, cloned or executed
_STOP_AT_FILTER, _KILL_WITH_TRACER = 0x80, 0x100000
_FILTER_EVENT = 7
_NO_NEW_PRIVILEGES, _SET_FILTER = 38, 22

_CALLS = {
    1: "write",
    2: "open",
    18: "pwrite",
    20: "writev",
    74: "fsync",
    75: "fsync",
    77: "ftruncate",
    82: "rename",
    83: "mkdir",
    84: "unlink",
    85: "creat",
    86: "link",
    87: "unlink",
    257: "openat",
    258: "mkdirat",
    263: "unlinkat",
    264: "renameat",
    265: "linkat",
    316: "renameat",
}
"""Number of a system call of x86-64 → what it does."""


def _be_traced(work: Callable[[], object]) -> None:
    """Do the work under the eyes of the parent."""
    _ptrace(_TRACEME, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    _stop_at_calls()
    work()


def _stop_at_calls() -> None:
    """Let the system stop this process, and all that it starts, at each of `_CALLS`."""
    trace, allow = 0x7FF00000, 0x7FFF0000
    numbers = sorted(_CALLS)
    steps = [(0x20, 0, 0, 0)]  # load the number of the call
    for index, number in enumerate(numbers):
        steps.append((0x15, len(numbers) - index, 0, number))  # if it is that, to the last step
    steps += [(0x06, 0, 0, allow), (0x06, 0, 0, trace)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(held))
    if _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or _libc.prctl(_SET_FILTER, 2, program):
        raise OSError(ctypes.get_errno(), "cannot set a filter of system calls")


def _ptrace(request: int, process: int, address: int = 0, data: Any = 0) -> int:
    ctypes.set_errno(0)
    result = int(_libc.ptrace(request, process, address, data))
    if result == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), f"ptrace: {os.strerror(ctypes.get_errno())}")
    return result


# --- the parent ----------------------------------------------------------------------------

_ALL = 0x40000000  # threads too
_ORIG_RAX, _RAX = 15 * 8, 10 * 8
_AT_FOLDER = -100


class _Tracer:
    """Follows a child and what it starts until the last has ended."""

    def __init__(self, child: int, folder: Path, decide: Decide, *, reads: bool) -> None:
        self._child = child
        self._folder = os.fsencode(folder)
        self._decide = decide
        self._reads = reads
        self._alive = {child}
        self._beside: dict[int, int] = {}
        self._failed = 0
        self._count = 0
        self._code = 0

    def run(self) -> int:
        os.waitpid(self._child, _ALL)
        _ptrace(_SETOPTIONS, self._child, 0, _FOLLOW | _STOP_AT_FILTER | _KILL_WITH_TRACER)
        _ptrace(_CONT, self._child)
        while self._alive or self._beside:
            process, status = os.waitpid(-1, _ALL)
            if process in self._beside:
                self._failed += status != 0
                self._go_on(self._beside.pop(process))
            elif os.WIFSTOPPED(status):
                self._alive.add(process)
                self._stopped(process, status)
            else:
                self._alive.discard(process)
                if process == self._child:
                    self._code = os.waitstatus_to_exitcode(status)
        assert not self._failed, "what was done beside it failed"
        return self._code

    def _stopped(self, process: int, status: int) -> None:
        event, number = status >> 16, os.WSTOPSIG(status)
        is_ours = event or number in {signal.SIGTRAP, signal.SIGSTOP}
        with suppress(ProcessLookupError):  # killed meanwhile
            if event == _FILTER_EVENT:
                self._called(process)
        if process not in self._beside.values():
            self._go_on(process, 0 if is_ours else number)

    def _go_on(self, process: int, number: int = 0) -> None:
        with suppress(ProcessLookupError):
            _ptrace(_CONT, process, 0, number)

    def _called(self, process: int) -> None:
        operation = self._operation(process)
        if operation is None:
            return
        decision = self._decide(self._count, operation)
        self._count += 1
        if decision == "kill":
            self._kill(*self._alive)
        elif decision == "kill first":
            self._kill(self._child)
        elif decision == "kill this":
            self._kill(process)
        elif callable(decision):
            self._beside[_forked(decision)] = process
        elif decision is not None:
            _ptrace(_POKEUSER, process, _ORIG_RAX, -1)
            _ptrace(_POKEUSER, process, _RAX, -decision)

    def _kill(self, *processes: int) -> None:
        for each in processes:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def _operation(self, process: int) -> Operation | None:
        info = ctypes.create_string_buffer(88)
        _ptrace(_SYSCALL_INFO, process, len(info), info)
        number, *arguments = struct.unpack_from("=Q6q", info, 24)
        call = _Call(process, arguments)
        operation = _READERS[_CALLS[number]](call)
        if operation is None or (operation[0] == "open" and not self._reads):
            return None
        inside = [self._inside(path) for path in operation[1:3]]
        if inside[0] is None:
            return None
        kind, _, target, *rest = operation
        found = Operation(kind, inside[0], inside[1] or "" if target else "", *rest)
        return found if self._is_first(process) else replace(found, is_first=False)

    def _is_first(self, thread: int) -> bool:
        status = Path(f"/proc/{thread}/status").read_text(encoding="utf-8", errors="replace")
        return f"\nTgid:\t{self._child}\n" in status

    def _inside(self, path: bytes) -> str | None:
        if path == self._folder:
            return "."
        if not path.startswith(self._folder + b"/"):
            return None
        return os.fsdecode(path[len(self._folder) + 1 :])


@dataclass(frozen=True, slots=True)
class _Call:
    """A system call that a process is about to make."""

    process: int
    arguments: list[int]

    def path(self, at: int, folder: int | None = None) -> bytes:
        """Return the absolute path that an argument points to.

        Args:
            at: number of the argument.
            folder: number of the argument with the folder that it is relative to.
        """
        name = self.bytes_at(self.arguments[at], 4096, ends=True)
        where = _AT_FOLDER if folder is None else ctypes.c_int(self.arguments[folder]).value
        base = f"/proc/{self.process}/cwd" if where == _AT_FOLDER else self._descriptor(where)
        joined = os.path.normpath(os.path.join(os.fsencode(os.readlink(base)), name))
        # The folder may have been named through a link.
        head, tail = os.path.split(joined)
        return os.path.join(os.path.realpath(head), tail)

    def file(self) -> bytes | None:
        """Return the path of the open file that the first argument is, None for a pipe."""
        where = self._descriptor(ctypes.c_int(self.arguments[0]).value)
        try:
            if not stat.S_ISREG(os.stat(where).st_mode) and not os.path.isdir(where):
                return None
            return os.fsencode(os.readlink(where))
        except OSError:
            return None

    def position(self) -> int | None:
        """Return where the first argument would be written, None for the end."""
        number = ctypes.c_int(self.arguments[0]).value
        text = Path(f"/proc/{self.process}/fdinfo/{number}").read_text(encoding="ascii")
        facts = dict(line.split(":", 1) for line in text.splitlines())
        return None if int(facts["flags"], 8) & os.O_APPEND else int(facts["pos"])

    def bytes_at(self, address: int, length: int, *, ends: bool = False) -> bytes:
        """Return what stands in the memory of the process, up to a zero if it ``ends`` so."""
        if not length:
            return b""
        with open(f"/proc/{self.process}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            data = b""
            while len(data) < length and (not ends or b"\0" not in data):
                step = min(
                    length - len(data), 4096 - (address + len(data)) % 4096 if ends else length
                )
                data += memory.read(step)
        return data.partition(b"\0")[0] if ends else data

    def _descriptor(self, number: int) -> str:
        return f"/proc/{self.process}/fd/{number}"


def _write(call: _Call, offset: int | None = -1) -> Any:
    if (path := call.file()) is None:
        return None
    where = call.position() if offset == -1 else offset
    return "write", path, b"", where, call.bytes_at(call.arguments[1], call.arguments[2])


def _writev(call: _Call) -> Any:
    if (path := call.file()) is None:
        return None
    pieces = call.bytes_at(call.arguments[1], 16 * call.arguments[2])
    data = b"".join(call.bytes_at(*piece) for piece in struct.iter_unpack("QQ", pieces))
    return "write", path, b"", call.position(), data


def _open(call: _Call, at: int, folder: int | None, flags: int | None = None) -> Any:
    flags = call.arguments[at + 1] if flags is None else flags
    if flags & os.O_TMPFILE == os.O_TMPFILE:
        return None
    if not flags & (os.O_CREAT | os.O_TRUNC):
        return "open", call.path(at, folder), b""
    return "create", call.path(at, folder), b"", None, b"", bool(flags & os.O_TRUNC)


def _of_file(call: _Call, kind: Kind, offset: int | None = None) -> Any:
    path = call.file()
    return None if path is None else (kind, path, b"", offset)


_READERS: dict[str, Callable[[_Call], Any]] = {
    "write": _write,
    "pwrite": lambda call: _write(call, call.arguments[3]),
    "writev": _writev,
    "open": lambda call: _open(call, 0, None),
    "openat": lambda call: _open(call, 1, 0),
    "creat": lambda call: _open(call, 0, None, os.O_CREAT | os.O_TRUNC),
    "fsync": lambda call: _of_file(call, "sync"),
    "ftruncate": lambda call: _of_file(call, "cut", call.arguments[1]),
    "rename": lambda call: ("rename", call.path(0), call.path(1)),
    "renameat": lambda call: ("rename", call.path(1, 0), call.path(3, 2)),
    "link": lambda call: ("link", call.path(0), call.path(1)),
    "linkat": lambda call: ("link", call.path(1, 0), call.path(3, 2)),
    "unlink": lambda call: ("remove", call.path(0), b""),
    "unlinkat": lambda call: ("remove", call.path(1, 0), b""),
    "mkdir": lambda call: ("mkdir", call.path(0), b""),
    "mkdirat": lambda call: ("mkdir", call.path(1, 0), b""),
}
"""What a call does → (kind, path, target, and more of an `Operation`), None for nothing."""
