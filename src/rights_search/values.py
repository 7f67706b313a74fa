"""Dataclasses whose methods are written when they are first needed, named tuples and the like.

`dataclasses.dataclass` writes six methods of a class as text and has each compiled while the
module is imported: 0.3 to 1 ms a class. A search imports ninety classes of values and makes
values of a third of them, which was a third of all the time that it took to start.

`dataclass` here makes the same classes, as far as this package uses them: a decorator with
arguments, no inheritance of fields, no ordering. `dataclasses.fields`, `replace` and
`is_dataclass` know them; `replace` here does not need that module.

`NamedTuple` and `TypedDict` make what those of `typing` make, which compile each annotation: 0.1 to
0.3 ms a class, of which a search imports sixteen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from types import MethodType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
    from typing import NamedTuple, TypedDict

__all__ = ["NamedTuple", "TypedDict", "dataclass", "field", "field_names", "replace"]

_Class = TypeVar("_Class", bound=type)
_Value = TypeVar("_Value")


class _Missing:
    """Stands for no default, and in a signature for one that is made by a call."""

    def __repr__(self) -> str:
        return "<made anew>"


_MISSING: Any = _Missing()


class _Field:
    """What is known of a field: as `dataclasses.field` takes it."""

    __slots__ = ("compare", "default", "default_factory")

    def __init__(
        self, default: Any = _MISSING, default_factory: Any = _MISSING, *, compare: bool = True
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.compare = compare


_Fields = dict[str, _Field]
_Maker = Callable[[type, _Fields], Any]


def _field(**said: Any) -> Any:
    """Return what is to be known of a field, as its default."""
    return _Field(**said)


def _dataclass(
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    repr: bool = True,  # noqa: A002 - as in dataclasses
) -> Callable[[_Class], _Class]:
    """Return a decorator, as `dataclasses.dataclass` does."""

    def decorate(cls: _Class) -> _Class:
        space = dict(cls.__dict__)
        fields = {name: _said(space.pop(name, _MISSING)) for name in cls.__annotations__}
        made = {"__dataclass_fields__": _list_fields}
        if eq:
            made["__eq__"] = _write_eq
            if frozen:
                made["__hash__"] = _write_hash
        late: dict[str, _Late] = {name: _Late(make, fields) for name, make in made.items()}
        late["__init__"] = _LateInit(_write_init, fields)
        shared = _SHARED if repr else {"__replace__": replace_fields}
        space |= {**late, **shared, **(_FROZEN if frozen else {}), **space}
        space |= {"__qualname__": cls.__qualname__, "__match_args__": tuple(fields)}
        if slots:
            space["__slots__"] = tuple(fields)
        for name in ("__dict__", "__weakref__"):
            space.pop(name, None)
        return type(cls)(cls.__name__, cls.__bases__, space)

    return decorate


def _said(default: Any) -> _Field:
    return default if isinstance(default, _Field) else _Field(default)


class _Late:
    """An attribute of a class that is made when it is first asked for, and then takes its place.

    Args:
        make: returns it, given the class and its fields.
        fields: of the class, by name.
    """

    __slots__ = ("_fields", "_make", "_name", "_owner")

    def __init__(self, make: _Maker, fields: _Fields) -> None:
        self._make = make
        self._fields = fields

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        made = self._make(self._owner, self._fields)
        setattr(self._owner, self._name, made)
        return made.__get__(instance, owner) if callable(made) else made


_FEW = 100
"""So many values of a class are filled one by one: writing a method takes as long as that."""


class _LateInit(_Late):
    """An ``__init__`` that is written for a class of which more than a few values are made."""

    __slots__ = ("_made",)

    def __init__(self, make: _Maker, fields: _Fields) -> None:
        super().__init__(make, fields)
        self._made = 0

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        # Whoever looks at the class itself wants to know its signature.
        if instance is None or self._made >= _FEW:
            return super().__get__(instance, owner)
        self._made += 1
        return MethodType(self._fill, instance)

    def _fill(self, instance: Any, /, *args: Any, **more: Any) -> None:
        fields = self._fields
        values = dict(zip(fields, args, strict=False)) | more
        is_odd = len(values) < len(args) + len(more)
        if len(values) < len(fields):
            for name in fields.keys() - values.keys():
                known = fields[name]
                if known.default_factory is not _MISSING:
                    values[name] = known.default_factory()
                elif known.default is not _MISSING:
                    values[name] = known.default
        if is_odd or values.keys() != fields.keys():
            # The method that is written says what is wrong.
            super().__get__(instance)(*args, **more)
        for name, value in values.items():
            object.__setattr__(instance, name, value)
        if hasattr(instance, "__post_init__"):
            instance.__post_init__()


def field_names(cls: type) -> tuple[str, ...]:
    """Return the names of the fields of a class."""
    names: tuple[str, ...] = cls.__match_args__  # type: ignore[attr-defined]
    return names


# --- methods that are written ----------------------------------------------------


def _write_init(cls: type, fields: _Fields) -> Any:
    """Return ``__init__``: an argument and an assignment a field, then ``__post_init__``."""
    names: dict[str, Any] = {"MISSING": _MISSING}
    arguments, lines = ["self"], []
    for number, (name, known) in enumerate(fields.items()):
        value = name
        default = ""
        if known.default_factory is not _MISSING:
            names[f"make{number}"] = known.default_factory
            default, value = "=MISSING", f"make{number}() if {name} is MISSING else {name}"
        elif known.default is not _MISSING:
            names[f"default{number}"] = known.default
            default = f"=default{number}"
        arguments.append(name + default)
        # What is frozen can be set by the slot itself only.
        names[f"set{number}"] = _setter(cls, name)
        lines.append(f"set{number}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    annotations = {**cls.__annotations__, "return": None}
    return _written(cls, "__init__", arguments, lines, names, annotations)


def _setter(cls: type, name: str) -> Callable[[Any, Any], None]:
    setter: Callable[[Any, Any], None] | None = getattr(getattr(cls, name, None), "__set__", None)
    if setter is not None:
        return setter
    return lambda self, value: object.__setattr__(self, name, value)


def _write_eq(cls: type, fields: _Fields) -> Any:
    """Return ``__eq__``: of the same class, and equal in the fields that count."""
    first, second = (_values_of(each, fields) for each in ("self", "other"))
    lines = [
        f"if other.__class__ is self.__class__: return {first} == {second}",
        "return NotImplemented",
    ]
    return _written(cls, "__eq__", ["self", "other"], lines, {})


def _write_hash(cls: type, fields: _Fields) -> Any:
    """Return ``__hash__``, of the fields that count."""
    return _written(cls, "__hash__", ["self"], [f"return hash({_values_of('self', fields)})"], {})


def _values_of(value: str, fields: _Fields) -> str:
    return "".join(("(", *(f"{value}.{name}," for name in fields if fields[name].compare), ")"))


def _written(  # noqa: PLR0913, PLR0917 - what a function is made of
    cls: type,
    name: str,
    arguments: list[str],
    lines: list[str],
    names: dict[str, Any],
    annotations: dict[str, Any] | None = None,
) -> Any:
    """Return the method that the lines say; its text holds names of our own classes only."""
    body = "".join(f"    {line}\n" for line in lines or ["pass"])
    exec(f"def {name}({', '.join(arguments)}):\n{body}", names)  # noqa: S102
    method = names.pop(name)
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    method.__annotations__ = annotations or {}
    return method


# --- methods that all classes share ------------------------------------------------


def replace_fields(value: _Value, /, **changes: Any) -> _Value:
    """Return a copy with other values in some fields, as `dataclasses.replace` does."""
    for name in field_names(type(value)):
        if name not in changes:
            changes[name] = getattr(value, name)
    return type(value)(**changes)


def _show(value: Any) -> str:
    shown = (f"{name}={getattr(value, name)!r}" for name in value.__match_args__)
    return f"{type(value).__qualname__}({', '.join(shown)})"


def _refuse_setting(value: Any, name: str, _: Any) -> NoReturn:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - a mistake in a program

    raise FrozenInstanceError(f"cannot assign to field {name!r} of {type(value).__qualname__}")


def _refuse_deleting(value: Any, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - a mistake in a program

    raise FrozenInstanceError(f"cannot delete field {name!r} of {type(value).__qualname__}")


def _state(value: Any) -> list[Any]:
    return [getattr(value, name) for name in value.__match_args__]


def _restore(value: Any, state: list[Any]) -> None:
    for name, held in zip(value.__match_args__, state, strict=True):
        object.__setattr__(value, name, held)


_SHARED = {"__repr__": _show, "__replace__": replace_fields}
_FROZEN = {
    "__setattr__": _refuse_setting,
    "__delattr__": _refuse_deleting,
    "__getstate__": _state,
    "__setstate__": _restore,
}


def _list_fields(cls: type, fields: _Fields) -> dict[str, Any]:
    """Return ``__dataclass_fields__``: what `dataclasses` knows a class of its own by."""
    import dataclasses  # noqa: PLC0415 - only who asks for it needs it

    def described(known: _Field) -> Any:
        said: dict[str, Any] = {"compare": known.compare}
        for name in ("default", "default_factory"):
            if getattr(known, name) is not _MISSING:
                said[name] = getattr(known, name)
        return dataclasses.field(**said)

    items = [(name, cls.__annotations__[name], described(known)) for name, known in fields.items()]
    twin = dataclasses.make_dataclass(cls.__name__, items)
    listed: dict[str, Any] = vars(twin)["__dataclass_fields__"]
    return listed


# --- named tuples, and dictionaries with known keys --------------------------------


class _TupleMaker(type):
    """Makes a class of named tuples of each class that derives from `NamedTuple`."""

    def __new__(cls, name: str, _: tuple[type, ...], space: dict[str, Any]) -> Any:
        names = tuple(space["__annotations__"])
        defaults = {field: space[field] for field in names if field in space}
        made = {
            "__slots__": (),
            "_fields": names,
            "_field_defaults": defaults,
            "__match_args__": names,
            "__new__": _tuple_new(names, defaults),
        }
        getters = {field: property(itemgetter(place)) for place, field in enumerate(names)}
        return type(name, (tuple,), {**space, **_OF_TUPLES, **made, **getters})


def _tuple_new(names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., Any]:
    """Return ``__new__`` of a class of named tuples: arguments by place or by name."""
    count = len(names)

    def new(cls: Any, *args: Any, **more: Any) -> Any:
        if more or len(args) != count:
            given = dict(zip(names, args, strict=False)) | more
            values = defaults | given
            if len(given) < len(args) + len(more) or values.keys() != {*names}:
                raise TypeError(f"{cls.__name__} takes {', '.join(names)}: see its documentation")
            args = tuple(map(values.__getitem__, names))
        return tuple.__new__(cls, args)

    return new


def _tuple_of(cls: Any, values: Iterable[Any]) -> Any:
    made = tuple.__new__(cls, values)
    if len(made) != len(cls._fields):
        raise TypeError(f"{cls.__name__} takes {len(cls._fields)} values, not {len(made)}")
    return made


def _replace_items(self: Any, /, **changes: Any) -> Any:
    return type(self)(**{**_named(self), **changes})


def _named(self: Any) -> dict[str, Any]:
    return dict(zip(self._fields, self, strict=True))


def _items(self: Any) -> tuple[Any, ...]:
    return tuple(self)


def _show_tuple(self: Any) -> str:
    shown = (f"{name}={value!r}" for name, value in _named(self).items())
    return f"{type(self).__qualname__}({', '.join(shown)})"


_OF_TUPLES = {
    "_make": classmethod(_tuple_of),
    "_replace": _replace_items,
    "_asdict": _named,
    "__repr__": _show_tuple,
    "__getnewargs__": _items,
}


class _DictMaker(type):
    """Makes a class of dictionaries of each class that derives from `TypedDict`.

    Nothing but its annotations tells it from `dict`: those of the classes that it derives from are
    among them.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], space: dict[str, Any], **_: bool
    ) -> _DictMaker:
        named: dict[str, Any] = {}
        for base in bases:
            named |= base.__annotations__
        space["__annotations__"] = named | space["__annotations__"]
        return type.__new__(cls, name, (), space)

    def __call__(cls, *args: Any, **more: Any) -> dict[str, Any]:
        return dict(*args, **more)


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _field, replace_fields
    NamedTuple = type.__new__(_TupleMaker, "NamedTuple", (), {})
    TypedDict = type.__new__(_DictMaker, "TypedDict", (), {"__annotations__": {}})
