"""What JSON takes in memory is known before it is read."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from rights_search.json_text import check_memory, read_json

COUNT = 3_000
SHAPES = {
    "empty lists": "[]",
    "lists in lists": "[[[[[]]]]]",
    "empty objects": "{}",
    "objects": '{"":1}',
    "objects of many keys": '{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}',
    "lists in one object": '"%d":[]',
    "texts in one object": '"%d":"%04d"',
    "numbers": "%d",
    "fractions": "1.5",
    "texts": '"%d"',
    "wide texts": '"\u4e00\u4e01"',
    "escaped texts": '"\\u4e00"',
    "a wide letter": '"\U0001f600 and words"',
    "signs in texts": '"[{:,\\"["',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_values_take_is_never_more_than_was_allowed(shape: str) -> None:
    """Refused at less than what they take in truth, and taken at five times that."""
    item = SHAPES[shape]
    inner = ",".join(item.replace("%d", str(n)).replace("%04d", f"{n:04d}") for n in range(COUNT))
    data = (f"{{{inner}}}" if "one object" in shape else f"[{inner}]").encode()
    expected = json.loads(data)
    tracemalloc.start()
    json.loads(data)
    _, taken = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Tables of objects are not of the same size in all versions of Python.
    with pytest.raises(ValueError, match="its values would take more than"):
        read_json(data, taken * 9 // 10)
    assert read_json(data, taken * 5) == expected


def test_what_stands_in_a_text_is_no_value() -> None:
    """Also behind a text that has no end, and behind quotes that are escaped."""
    check_memory(b'["' + b"[" * 1000 + b'"]', 3000)
    check_memory(b'["' + rb"\"[" * 1000 + b'"]', 4000)
    check_memory(b'["' + rb"\"[" * 1000 + b"\\", 4000)
    with pytest.raises(ValueError, match="would take more"):
        check_memory(b'["' + rb"\\" + b'",' + b"[]," * 1000, 4000)


def test_depth_is_one_error() -> None:
    """Of the kind that any other text that cannot be read is."""
    with pytest.raises(ValueError, match="it nests too deeply"):
        read_json(b"[" * 200_000)
