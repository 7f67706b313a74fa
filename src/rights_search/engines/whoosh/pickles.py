"""Reading pickles as plain data: nothing that a pickle names is imported or called.

Whoosh keeps tables of contents, schemas, posting blocks and stored fields as pickles, and a
pickle is a program: Python's own reader calls what it says. This one executes only those
instructions that build values, and holds what a pickle names, calls or fills in a `Record`,
as a description that nothing acts upon. Whoever asked for it decides what it stands for.

Time and memory are bounded, and in proportion to the length of the pickle: an instruction makes
at most one value, of instructions there are so many and no more, numbers have at most 64 bits,
and only plain values can be keys, for hashing what is nested within itself many times over takes
forever.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final, NoReturn

from rights_search.values import dataclass, field

_UINT16 = struct.Struct("<H")
_UINT32 = struct.Struct("<I")
_UINT64 = struct.Struct("<Q")
_INT32 = struct.Struct("<i")
_DOUBLE = struct.Struct(">d")

_LONG_BYTES = 8
_NEWEST_PROTOCOL = 5
_NAME_CHARS = 200

MAX_INSTRUCTIONS = 4_000_000
"""Each makes one value, of up to 216 bytes; the largest that is written has one a deleted post."""


class PickleError(ValueError):
    """Say why a pickle is refused."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a pickle would have imported."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(slots=True)
class Record:
    """What a pickle would have made by a call.

    Args:
        of: the class or function.
        arguments: what it would have been called with.
        state: what the new object would have been filled with, None for nothing.
        items: what would have been set in it, as in a dictionary.
    """

    of: Name
    arguments: tuple[Any, ...]
    state: Any = None
    items: dict[Any, Any] = field(default_factory=dict)


_PLAIN = frozenset(
    Name(module, name) for module in ("__builtin__", "builtins") for name in ("bytes", "set")
) | {Name("_codecs", "encode")}
"""What a pickle of plain values may name: older protocols spell bytes and sets as calls."""


def loads(data: bytes, *, has_objects: bool = False) -> Any:
    """Return the value of a pickle that fills ``data``.

    Args:
        data: the pickle.
        has_objects: True to let it describe objects, as `Record`.

    Raises:
        PickleError: if it is damaged, or holds an instruction that plain data does not need.
    """
    value, end = load_from(data, 0, has_objects=has_objects)
    if end != len(data):
        raise PickleError(f"{len(data) - end} bytes stand behind it")
    return value


def load_from(data: bytes, start: int, *, has_objects: bool = False) -> tuple[Any, int]:
    """Return the value of the pickle that begins at ``start``, and the offset behind it.

    Raises:
        PickleError: as `loads` does.
    """
    reader = _Reader(data, start, has_objects=has_objects)
    try:
        for _ in range(MAX_INSTRUCTIONS):
            if (code := reader.take(1)) == b".":
                break
            _INSTRUCTIONS.get(code, _refuse)(reader)
        else:
            _refuse_more()
        (value,) = reader.stack
    except PickleError:
        raise
    except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise PickleError(f"an instruction has nothing to work on ({error})") from None
    if reader.marks:
        raise PickleError("it ends too early")
    return value, reader.position


def _refuse_more() -> NoReturn:
    raise PickleError(f"it has more than {MAX_INSTRUCTIONS:,} instructions")


class _Reader:
    """The state of reading: a stack of values, marks in it, and what was memoised."""

    __slots__ = ("copied", "data", "has_objects", "marks", "memo", "position", "stack")

    def __init__(self, data: bytes, start: int, *, has_objects: bool) -> None:
        self.data = data
        self.has_objects = has_objects
        self.position = start
        self.copied = 0
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def take(self, count: int) -> bytes:
        end = self.position + count
        if end > len(self.data):
            raise PickleError("it is cut short")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def skip(self, count: int) -> None:
        self.take(count)

    def number(self, form: struct.Struct) -> Any:
        return form.unpack(self.take(form.size))[0]

    def line(self) -> str:
        end = self.data.find(b"\n", self.position, self.position + _NAME_CHARS)
        if end < 0:
            raise PickleError("it names nothing")
        text = self.data[self.position : end].decode("ascii")
        self.position = end + 1
        return text

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def copy(self, count: int) -> None:
        """Count what is copied: a value that was memoised could be, over and over."""
        self.copied += count
        if self.copied > len(self.data):
            raise PickleError("it copies more than it holds")

    def pop(self, count: int) -> list[Any]:
        """Take the ``count`` topmost values, none of them below the last mark."""
        start = len(self.stack) - count
        if start < (self.marks[-1] if self.marks else 0):
            raise PickleError("an instruction has nothing to work on")
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def pop_to_mark(self) -> list[Any]:
        start = self.marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values


def _refuse(reader: _Reader) -> None:
    code = reader.data[reader.position - 1 : reader.position]
    raise PickleError(f"it holds the instruction {code!r}, which is not for plain data")


def _key(value: Any) -> Any:
    if value is None or type(value) in {str, bytes, int}:
        return value
    raise PickleError(f"a {type(value).__name__} is a key")


def _memoise(reader: _Reader, number: int) -> None:
    reader.memo[number] = reader.stack[-1]


def _long(reader: _Reader) -> None:
    size = reader.take(1)[0]
    if size > _LONG_BYTES:
        raise PickleError("a number has more than 64 bits")
    reader.push(int.from_bytes(reader.take(size), "little", signed=True))


def _extend(reader: _Reader, values: list[Any]) -> None:
    target = reader.stack[-1]
    if type(target) is not list:
        raise PickleError("something is appended to what is no list")
    target.extend(values)


def _set_items(reader: _Reader, values: list[Any]) -> None:
    target = reader.stack[-1]
    if isinstance(target, Record):
        target = target.items
    if type(target) is not dict:
        raise PickleError("an item is set in what is no dictionary")
    for key, value in zip(values[::2], values[1::2], strict=True):
        target[_key(key)] = value


def _add_items(reader: _Reader, values: list[Any]) -> None:
    target = reader.stack[-1]
    if type(target) is not set:
        raise PickleError("a member is added to what is no set")
    target.update(map(_key, values))


def _global(reader: _Reader) -> None:
    _name(reader, Name(reader.line(), reader.line()))


def _name(reader: _Reader, name: Name) -> None:
    if not reader.has_objects and name not in _PLAIN:
        raise PickleError(f"it would run {name}")
    reader.push(name)


def _stack_global(reader: _Reader) -> None:
    module, name = reader.pop(2)
    if type(module) is not str or type(name) is not str:
        raise PickleError("it names nothing")
    _name(reader, Name(module[:_NAME_CHARS], name[:_NAME_CHARS]))


def _call(reader: _Reader) -> None:
    """Note a call; the few that only spell a plain value are taken for that value."""
    of, arguments = reader.pop(2)
    if not isinstance(of, Name) or type(arguments) is not tuple:
        raise PickleError("it calls what has no name")
    match of, arguments:
        case Name("_codecs", "encode"), (str() as text, "latin1"):
            reader.copy(len(text))
            reader.push(text.encode("latin1"))
        case Name("__builtin__" | "builtins", "bytes"), ():
            reader.push(b"")
        case Name("__builtin__" | "builtins", "set"), (list() as members,):
            reader.copy(len(members))
            reader.push(set(map(_key, members)))
        case _ if reader.has_objects:
            reader.push(Record(of, arguments))
        case _:
            raise PickleError(f"it calls {of} with what makes no plain value")


def _build(reader: _Reader) -> None:
    (state,) = reader.pop(1)
    record = reader.stack[-1]
    if not isinstance(record, Record) or record.state is not None:
        raise PickleError("it fills in what is no object")
    record.state = state


def _protocol(reader: _Reader) -> None:
    if reader.take(1)[0] > _NEWEST_PROTOCOL:
        raise PickleError("it is of a newer protocol")


def _text(reader: _Reader, size: int) -> None:
    reader.push(reader.take(size).decode("utf-8", "surrogatepass"))


_INSTRUCTIONS: Final[dict[bytes, Callable[[_Reader], None]]] = {
    b"\x80": _protocol,
    b"\x95": lambda reader: reader.skip(8),  # the length of a frame, for those who read ahead
    b"N": lambda reader: reader.push(None),
    b"\x88": lambda reader: reader.push(True),
    b"\x89": lambda reader: reader.push(False),
    b"K": lambda reader: reader.push(reader.take(1)[0]),
    b"M": lambda reader: reader.push(reader.number(_UINT16)),
    b"J": lambda reader: reader.push(reader.number(_INT32)),
    b"\x8a": _long,
    b"G": lambda reader: reader.push(reader.number(_DOUBLE)),
    b"\x8c": lambda reader: _text(reader, reader.take(1)[0]),
    b"X": lambda reader: _text(reader, reader.number(_UINT32)),
    b"\x8d": lambda reader: _text(reader, reader.number(_UINT64)),
    b"C": lambda reader: reader.push(reader.take(reader.take(1)[0])),
    b"B": lambda reader: reader.push(reader.take(reader.number(_UINT32))),
    b"\x8e": lambda reader: reader.push(reader.take(reader.number(_UINT64))),
    b"(": lambda reader: reader.marks.append(len(reader.stack)),
    b")": lambda reader: reader.push(()),
    b"\x85": lambda reader: reader.push(tuple(reader.pop(1))),
    b"\x86": lambda reader: reader.push(tuple(reader.pop(2))),
    b"\x87": lambda reader: reader.push(tuple(reader.pop(3))),
    b"t": lambda reader: reader.push(tuple(reader.pop_to_mark())),
    b"]": lambda reader: reader.push([]),
    b"a": lambda reader: _extend(reader, reader.pop(1)),
    b"e": lambda reader: _extend(reader, reader.pop_to_mark()),
    b"}": lambda reader: reader.push({}),
    b"s": lambda reader: _set_items(reader, reader.pop(2)),
    b"u": lambda reader: _set_items(reader, reader.pop_to_mark()),
    b"\x8f": lambda reader: reader.push(set()),
    b"\x90": lambda reader: _add_items(reader, reader.pop_to_mark()),
    b"q": lambda reader: _memoise(reader, reader.take(1)[0]),
    b"r": lambda reader: _memoise(reader, reader.number(_UINT32)),
    b"\x94": lambda reader: _memoise(reader, len(reader.memo)),
    b"h": lambda reader: reader.push(reader.memo[reader.take(1)[0]]),
    b"j": lambda reader: reader.push(reader.memo[reader.number(_UINT32)]),
    b"c": _global,
    b"\x93": _stack_global,
    b"R": _call,
    b"\x81": _call,
    b"b": _build,
}
