"""What stands in for a module while a library is imported."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from rights_search.stand_ins import stand_ins


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of a module that nobody has imported."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    return "colorsys"


def test_a_stand_in_imports_the_real_one_when_it_is_called(absent: str) -> None:
    """What a library took does its work later; the module itself is not there before."""
    with stand_ins({absent: {"rgb_to_hsv": None}}):
        taken = import_module(absent)
        assert not isinstance("a value", taken.rgb_to_hsv)
    assert absent not in sys.modules
    assert taken.rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
    assert taken.hsv_to_rgb(0, 0, 1) == (1, 1, 1)
    assert import_module(absent) is not taken


def test_a_stand_in_has_only_what_was_named_while_a_library_is_imported(absent: str) -> None:
    """A library that needs more shows it at once."""
    with stand_ins({absent: {}}), pytest.raises(AttributeError, match="has no rgb_to_hsv"):
        _ = import_module(absent).rgb_to_hsv


def test_what_does_as_well_is_called_instead(absent: str) -> None:
    """The real module is not imported for a function that was given in its place."""
    with stand_ins({absent: {"rgb_to_hsv": lambda *given: given}}):
        taken = import_module(absent)
    assert taken.rgb_to_hsv(1, 2, 3) == (1, 2, 3)
    assert absent not in sys.modules


def test_nothing_stands_in_for_what_is_there() -> None:
    """A module that somebody has imported stays what it is."""
    with stand_ins({"sys": {}}):
        assert import_module("sys") is sys
