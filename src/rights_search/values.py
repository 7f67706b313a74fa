"""Dataclasses whose methods are written when they are first needed.

`dataclasses.dataclass` writes six methods of a class as text and has each compiled while the
module is imported: 0.3 to 1 ms a class. A search imports ninety classes of values and makes
values of a third of them, which was a third of all the time that it took to start.

`dataclass` here makes the same classes, as far as this package uses them: a decorator with
arguments, no inheritance of fields, no ordering. `dataclasses.fields`, `replace` and
`is_dataclass` know them; `replace` here does not need that module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace

__all__ = ["dataclass", "field", "field_names", "replace"]

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


_FEW = 8
"""So many values of a class are filled one by one: writing a method takes as long as fifteen."""


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

        def fill(*args: Any, **more: Any) -> None:
            fields = self._fields
            given = dict(zip(fields, args, strict=False)) | more
            if len(given) == len(fields):
                values = given
            else:
                values = {name: _given(given, name, known) for name, known in fields.items()}
            is_odd = len(given) < len(args) + len(more) or not given.keys() <= fields.keys()
            if is_odd or any(value is _MISSING for value in values.values()):
                # The method that is written says what is wrong.
                super(_LateInit, self).__get__(instance, owner)(*args, **more)
            for name, value in values.items():
                object.__setattr__(instance, name, value)
            if hasattr(instance, "__post_init__"):
                instance.__post_init__()

        return fill


def _given(given: dict[str, Any], name: str, known: _Field) -> Any:
    if name in given:
        return given[name]
    if known.default_factory is not _MISSING:
        return known.default_factory()
    return known.default


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


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _field, replace_fields
