"""Mutants of a module: mutmut's operators, each at each place within a function."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import cast

import libcst
from mutmut.mutation.file_mutation import Mutation, create_mutations

from mutation.areas import PACKAGE, Fault


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one mistake in it.

    Args:
        path: the module's file.
        function: qualified name of the outermost function that is other than it was.
        change: the lines that are, as in a diff.
        codes: qualified name → code of the outermost functions that may be other.
    """

    path: Path
    function: str
    change: tuple[str, ...]
    codes: dict[str, CodeType]


@dataclass(frozen=True, slots=True)
class Place:
    """One operator of mutmut at one place within a function, which stands alone in a module.

    To write a whole module anew for each mutant takes longer than most tests.
    """

    path: Path
    alone: libcst.Module
    mutation: Mutation
    name: str
    """Of the module and the function, without that of its class: ``finding.find_date``."""

    def mutant(self) -> Mutant | None:
        """Return the mutant; None if it is the same program, or differs at import only."""
        source = self.alone.code
        changed = cast(
            "libcst.Module",
            self.alone.deep_replace(self.mutation.original_node, self.mutation.mutated_node),
        ).code
        after = _codes(changed, self.path)
        function = _function(_codes(source, self.path), after)
        if function is None:
            return None
        return Mutant(self.path, function, _change(source, changed), after)


def places(path: Path) -> list[Place]:
    """Return all places of a module. To make mutants takes long: choose first."""
    # mutmut leaves out what is decorated, for it could not wrap it. We change its code alone.
    plain = libcst.parse_module(path.read_text(encoding="utf-8")).visit(_Undecorated())
    module, mutations, *_ = create_mutations(str(path), plain.code)
    alone = {
        function: module.with_changes(body=[_FUTURE, statement])
        for function, statement in _functions_alone(module.body)
    }
    return [
        Place(path, alone[function], mutation, f"{path.stem}.{function.name.value}")
        for mutation in mutations
        if (function := mutation.contained_by_top_level_function) in alone
    ]


# Any where the extra is not installed, which `make lint` does without.
class _Undecorated(libcst.CSTTransformer):  # type: ignore[misc, unused-ignore]
    """Takes the decorators from functions."""

    def leave_FunctionDef(  # noqa: N802 - libcst's name
        self,
        original_node: libcst.FunctionDef,  # noqa: ARG002 - as libcst calls it
        updated_node: libcst.FunctionDef,
    ) -> libcst.FunctionDef:
        return updated_node.with_changes(decorators=())


_FUTURE = libcst.parse_statement("from __future__ import annotations")


def _functions_alone(
    body: Sequence[libcst.CSTNode],
) -> Iterator[tuple[libcst.FunctionDef, libcst.CSTNode]]:
    """Yield each function, and a statement that holds it and nothing else: its class, or itself."""
    for statement in body:
        if isinstance(statement, libcst.FunctionDef):
            yield statement, statement
        elif isinstance(statement, libcst.ClassDef):
            for function, inner in _functions_alone(statement.body.body):
                block = statement.body.with_changes(body=[inner])
                yield function, statement.with_changes(body=block)


def planted(fault: Fault) -> Mutant:
    """Return the mutant that a fault makes of its module."""
    path = PACKAGE / fault.module
    source = path.read_text(encoding="utf-8")
    assert source.count(fault.right) == 1, f"{fault.module} does not say once: {fault.right}"
    changed = source.replace(fault.right, fault.wrong)
    after = _codes(changed, path)
    function = _function(_codes(source, path), after)
    assert function is not None, f"it changes nothing: {fault.says}"
    return Mutant(path, function, (fault.says, *_change(source, changed)), after)


def _codes(source: str, path: Path) -> dict[str, CodeType]:
    """Return the code of each function and method that stands in no other function."""
    found: dict[str, CodeType] = {}
    waiting = [compile(source, str(path), "exec", dont_inherit=True)]
    while waiting:
        for constant in waiting.pop().co_consts:
            if isinstance(constant, CodeType):
                # The body of a class is code too, which has run before anything is mutated.
                if _is_class_body(constant):
                    waiting.append(constant)
                else:
                    found[constant.co_qualname] = constant
    return found


def _is_class_body(code: CodeType) -> bool:
    return "__module__" in code.co_names and "__qualname__" in code.co_names


def _function(before: dict[str, CodeType], after: dict[str, CodeType]) -> str | None:
    """Return the function whose code differs; None if what differs runs at import only."""
    # Lines may have moved, so the instructions are compared, and what they name.
    return next((name for name in before if _gist(before[name]) != _gist(after[name])), None)


def _gist(code: CodeType) -> tuple[object, ...]:
    constants = tuple(
        _gist(each) if isinstance(each, CodeType) else (type(each), repr(each))
        for each in code.co_consts
    )
    return (code.co_code, constants, code.co_names, code.co_varnames)


def _change(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
