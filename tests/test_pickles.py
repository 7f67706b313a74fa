"""Pickles read as plain data: each value in each protocol, and each reason to refuse one."""

from __future__ import annotations

import struct
from pickle import dumps
from typing import Any

import pytest

from rights_search.engines.whoosh import pickles
from rights_search.engines.whoosh.pickles import Name, PickleError, Record, load_from, loads

VALUES: list[Any] = [
    None, True, False, 0, 255, 256, 65_535, 65_536, -1, 2**31, 2**63 - 1, -(2**63), 0.5,
    "", "é\ud800", "x" * 300, b"", b"\xff" * 255, b"\xff" * 256, (), (1,), (1, 2), (1, 2, 3),
    (1, 2, 3, 4), [], [1], [1, [2]], {}, {"a": 1}, {"a": 1, 2: "b", b"c": 3, None: 4}, set(),
    {1, "a", None, b"b"},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=map(str, range(len(VALUES))))
def test_a_plain_value_is_read_in_every_protocol(value: Any) -> None:
    """As its type is, also where an old protocol spells it as a call."""
    for protocol in (2, 3, 4, 5):
        data = dumps(value, protocol)
        found = loads(data)
        assert (type(found), found) == (type(value), value)
        assert load_from(b"-" + data + b"-", 1) == (value, 1 + len(data))


def test_what_other_versions_write_is_read() -> None:
    """No bytes at all, and a set, under their newer names."""
    assert loads(b"cbuiltins\nbytes\n)R.") == b""
    assert loads(b"cbuiltins\nset\n](K\1K\2e\x85R.") == {1, 2}


def test_what_a_pickle_would_make_is_told() -> None:
    """Its name, what it is called with, filled with, and what is set in it; nothing is made."""
    made = b"cos\nsystem\nK\1\x85R"
    name = Name("os", "system")
    assert loads(made + b".", has_objects=True) == Record(name, (1,))
    assert loads(made + b"K\2b.", has_objects=True) == Record(name, (1,), 2)
    assert loads(made + b"K\2K\3s.", has_objects=True) == Record(name, (1,), None, {2: 3})
    assert load_from(b"\x8c\2os\x8c\6system\x93.", 0, has_objects=True)[0] == name
    assert loads(b"c%b\nb\n." % (b"a" * 199), has_objects=True) == Name("a" * 199, "b")


NOTHING = "an instruction has nothing to work on"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is cut short"),
        (b"M\1.", "it is cut short"),
        (b"\x80\6N.", "it is of a newer protocol"),
        (b"(N.", "it ends too early"),
        (b"N.-", "1 bytes stand behind it"),
        (b"I1\n.", "it holds the instruction b'I', which is not for plain data"),
        (b"\x8a\x09123456789.", "a number has more than 64 bits"),
        (b"a.", NOTHING),
        (b"N(\x85.", NOTHING),
        (b"NK\1a.", "something is appended to what is no list"),
        (b"N(K\1\x90.", "a member is added to what is no set"),
        (b"NK\1K\2s.", "an item is set in what is no dictionary"),
        (b"}G" + struct.pack(">d", 0.5) + b"Ns.", "a float is a key"),
        (b"}\x88Ns.", "a bool is a key"),
        (b"\x8f()\x90.", "a tuple is a key"),
        (b"cos", "it names nothing"),
        (b"c%b\nb\n." % (b"a" * 200), "it names nothing"),
        (b"K\1\x8c\1a\x93.", "it names nothing"),
        (b"\x8c\1aK\1\x93.", "it names nothing"),
        (b"cos\nsystem\n.", "it would run os.system"),
        (b"\x8c\2os\x8c\6system\x93.", "it would run os.system"),
        (b"K\1)R.", "it calls what has no name"),
        (b"cbuiltins\nset\n]R.", "it calls what has no name"),
        (b"cbuiltins\nset\nK\1\x85R.", "it calls builtins.set with what makes no plain value"),
        (b"NNb.", "it fills in what is no object"),
    ],
)
def test_what_is_no_plain_data_is_refused(data: bytes, reason: str) -> None:
    """With the reason, whoever reads."""
    with pytest.raises(PickleError) as caught:
        loads(data)
    assert str(caught.value) == reason


@pytest.mark.parametrize("data", [b"}(K\1K\2K\3u.", b"NN.", b".", b"h\0.", b"N\x8c\1\xff.", b"t."])
def test_what_cannot_be_done_is_refused(data: bytes) -> None:
    """A key without its value, two values, none, one that was not kept, no text, no mark."""
    with pytest.raises(PickleError, match=f"{NOTHING} "):
        loads(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"K\1)R.", "it calls what has no name"),
        (b"cos\nsystem\n]R.", "it calls what has no name"),
        (b"cos\nsystem\n)RK\1bNb.", "it fills in what is no object"),
        (b"NNb.", "it fills in what is no object"),
    ],
)
def test_an_object_is_called_by_its_name_and_filled_in_once(data: bytes, reason: str) -> None:
    """Where objects may be described as well."""
    with pytest.raises(PickleError, match=reason):
        loads(data, has_objects=True)


def test_what_is_kept_is_not_copied_over_and_over() -> None:
    """A list that stands there once makes no more sets than its own length allows."""
    listed = b"]q\0(" + b"K\1" * 1000 + b"e"
    call = b"cbuiltins\nset\nh\0\x85R"
    assert loads(b"(" + listed + 2 * call + b"t.") == ([1] * 1000, {1}, {1})
    with pytest.raises(PickleError, match=r"^it copies more than it holds$"):
        loads(b"(" + listed + 4 * call + b"t.")


def test_there_is_an_end_to_instructions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte of a pickle is an empty list, which takes eighty of memory."""
    monkeypatch.setattr(pickles, "MAX_INSTRUCTIONS", 10)
    assert loads(b"(" + b"]" * 7 + b"t.") == ([],) * 7
    with pytest.raises(PickleError, match="it has more than 10 instructions"):
        loads(b"(" + b"]" * 8 + b"t.")
