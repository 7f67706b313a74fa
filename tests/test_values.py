"""Our dataclasses behave as those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from rights_search import values


def frozen(library: Any) -> Any:
    """Return a frozen class that a library made."""

    @library.dataclass(frozen=True, slots=True)
    class Sample:
        """A value."""

        name: str
        count: int = 3
        marks: list[int] = library.field(default_factory=list)
        span: tuple[int, int] = library.field(default=(0, 0), compare=False)

        def __post_init__(self) -> None:
            if self.count < 0:
                raise ValueError("less than nothing")

        @property
        def twice(self) -> int:
            """Return twice the count."""
            return 2 * self.count

    return Sample


def open_(library: Any) -> Any:
    """Return a class whose values can be changed."""

    @library.dataclass(slots=True)
    class Sample:
        """A value."""

        name: str
        count: int = 3

    return Sample


OURS = frozen(values)


@values.dataclass(frozen=True, slots=True)
class Kept:
    """A value that can be found by its name, as pickles need it."""

    name: str
    marks: tuple[int, ...] = ()


class Placed(values.NamedTuple):
    """A named tuple that can be found by its name."""

    name: str
    at: int = 0


SAME: dict[str, Callable[[Any], object]] = {
    "shown": lambda kind: repr(kind("a", 4)),
    "equal": lambda kind: (kind("a", 4) == kind("a", 4), kind("a") == kind("b"), kind("a") == "a"),
    "what does not count": lambda kind: kind("a", span=(1, 2)) == kind("a", span=(3, 4)),
    "a default made anew": lambda kind: kind("a").marks is kind("a").marks,
    "checked": lambda kind: repr(kind("a", -1)),
    "nothing given": lambda kind: kind(),
    "too much given": lambda kind: kind("a", nonsense=1),
    "set": lambda kind: setattr(kind("a"), "name", "b"),
    "deleted": lambda kind: delattr(kind("a"), "name"),
    "hashed": lambda kind: hash(kind("a", marks=())) == hash(kind("a", marks=(), span=(1, 2))),
    "not hashed": lambda kind: hash(kind("a")),
    "slots": lambda kind: (kind.__slots__, hasattr(kind("a"), "__dict__")),
    "property": lambda kind: kind("a").twice,
    "matched": lambda kind: kind.__match_args__,
    "replaced": lambda kind: repr(dataclasses.replace(kind("a"), count=5)),
    "listed": lambda kind: [(each.name, each.type) for each in dataclasses.fields(kind)],
    "as a dictionary": lambda kind: dataclasses.asdict(kind("a")),
    "copied": lambda kind: copy.deepcopy(kind("a", marks=[1])) == kind("a", marks=[1]),
    "arguments": lambda kind: list(inspect.signature(kind).parameters),
    "documented": lambda kind: (kind.__doc__, kind.__qualname__.rpartition(".")[2]),
}


@pytest.mark.parametrize("made", [frozen, open_], ids=["frozen", "open"])
@pytest.mark.parametrize("what", SAME)
@pytest.mark.parametrize("values_before", [0, 120])
def test_a_class_does_what_the_standard_one_does(
    what: str, made: Callable[[Any], Any], values_before: int
) -> None:
    """A class answers as that of the standard library, be its methods written or not."""

    def outcome(library: Any) -> tuple[object, type[BaseException] | None]:
        try:
            kind = made(library)
            for _ in range(values_before):
                kind("a")
            return SAME[what](kind), None
        except Exception as error:  # noqa: BLE001 - which one is what is compared
            return None, type(error)

    assert outcome(values) == outcome(dataclasses)


def pair(library: Any) -> Any:
    """Return a named tuple that a library made."""

    class Sample(library.NamedTuple):  # type: ignore[misc] # not known before
        """Two values."""

        name: str
        count: int = 3

        @property
        def twice(self) -> int:
            """Return twice the count."""
            return 2 * self.count

    return Sample


SAME_TUPLE: dict[str, Callable[[Any], object]] = {
    "shown": lambda kind: repr(kind("a", 4)).rpartition(".")[2],
    "a tuple": lambda kind: (kind("a") == ("a", 3), isinstance(kind("a"), tuple), [*kind("a", 1)]),
    "by name": lambda kind: kind(count=1, name="b"),
    "nothing given": lambda kind: kind(),
    "too much given": lambda kind: kind("a", 1, 2),
    "given twice": lambda kind: kind("a", name="b"),
    "unknown": lambda kind: kind("a", nonsense=1),
    "set": lambda kind: setattr(kind("a"), "name", "b"),
    "no more": lambda kind: setattr(kind("a"), "other", "b"),
    "attributes": lambda kind: (kind("a").name, kind("a").count, kind("a").twice),
    "made": lambda kind: kind._make(["a", 4]),
    "made of too little": lambda kind: kind._make(["a"]),
    "replaced": lambda kind: kind("a")._replace(count=5),
    "replaced in vain": lambda kind: kind("a")._replace(nonsense=5),
    "as a dictionary": lambda kind: kind("a")._asdict(),
    "fields": lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__),
    "copied": lambda kind: copy.deepcopy(kind("a", [1])) == kind("a", [1]),
    "documented": lambda kind: (kind.__doc__, kind.__name__, type(kind)),
}


@pytest.mark.parametrize("what", SAME_TUPLE)
def test_a_named_tuple_does_what_the_standard_one_does(what: str) -> None:
    """A named tuple answers as one of `typing`."""

    def outcome(library: Any) -> tuple[object, bool]:
        try:
            return SAME_TUPLE[what](pair(library)), False
        except (TypeError, AttributeError, ValueError):
            return None, True

    assert outcome(values) == outcome(typing)


def test_a_class_of_dictionaries_has_the_keys_of_those_before() -> None:
    """A class that derives from `TypedDict` makes dictionaries, and knows all of its keys."""

    class First(values.TypedDict):
        """One key."""

        name: str

    class Second(First, total=False):
        """Another."""

        count: int

    assert list(Second.__annotations__) == ["name", "count"]
    assert First(name="a") == {"name": "a"}
    assert type(Second(name="a")) is dict


def test_replacing_needs_no_module() -> None:
    """`replace` gives another value and leaves the first as it was."""
    first = OURS("a", 4)
    assert values.replace(first, name="b") == OURS("b", 4)
    assert first.name == "a"
    with pytest.raises(TypeError):
        values.replace(first, nonsense=1)


def test_a_value_can_be_pickled() -> None:
    """A frozen value survives a pickle, though it cannot be set, and a named tuple."""
    assert pickle.loads(pickle.dumps(Kept("a", (1,)))) == Kept("a", (1,))
    assert pickle.loads(pickle.dumps(Placed("a"))) == Placed("a")


def test_no_method_is_written_before_it_is_needed() -> None:
    """Each method is written when it is first called, once; few values are made without."""
    kind = frozen(values)
    few = [kind("a") for _ in range(3)]
    assert not inspect.isfunction(vars(kind)["__init__"])
    assert [*few, *(kind("a") for _ in range(100))] == [kind("a")] * 103
    assert inspect.isfunction(vars(kind)["__init__"])
    assert type(vars(kind)["__hash__"]).__name__ == "_Late"
