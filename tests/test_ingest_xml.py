"""Records in XML that no format of its own is made for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.xml import tree
from rights_search.ingest.xml.tree import XmlValues
from rights_search.post import Post

FOLDER = Path(__file__).resolve().parent / "fixtures" / "ingest" / "xml"


def found(data: bytes, name: str = "case.xml") -> list[Post | ReadError | Skipped]:
    """Return what a file is read as."""
    return list(read_file(Source(Path(name), name, "0" * 64, content=data)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<a/>", ""),
        ("<a> x <!-- y --><![CDATA[<b>]]></a>", "x <b>"),
        ("<a><c>1</c><d>2</d></a>", {"c": "1", "d": "2"}),
        ("<a><c>1</c><c>2</c><d>3</d></a>", {"c": ["1", "2"], "d": "3"}),
        ("<tags><tag>1</tag><tag>2</tag></tags>", ["1", "2"]),
        ("<tags><tag>1</tag></tags>", ["1"]),
        ("<a><title>1</title></a>", {"title": "1"}),
        ('<a id="7"><c>1</c></a>', {"id": "7", "c": "1"}),
        ('<a name="x"><f name="title">1</f><f name="text">2</f></a>', {"title": "1", "text": "2"}),
        (
            '<a><link href="https://example.org/"/><c>1</c></a>',
            {"link": "https://example.org/", "c": "1"},
        ),
        ('<a xmlns:x="urn:x"><x:c>1</x:c><d x:e="2">3</d></a>', {"c": "1", "d": "3"}),
        ("<a><c><p>1 <i>2</i></p>&amp;</c><d>3</d></a>", {"c": "<p>1 <i>2</i></p>&amp;", "d": "3"}),
        ("<a><c>1 <i>2</i></c><d>3</d></a>", {"c": "1 <i>2</i>", "d": "3"}),
        ("<a><c><![CDATA[1 & 2]]> <i>3</i></c><d>4</d></a>", {"c": "1 & 2 <i>3</i>", "d": "4"}),
        ("<a><c>In <x y='>'>1</x>, 2</c><d>3</d></a>", {"c": "In 1, 2", "d": "3"}),
        (
            "<a><c>1 &lt;<x>2</x><x><![CDATA[&amp;]]></x></c><d>3</d></a>",
            {"c": "1 <2&amp;", "d": "3"},
        ),
        (
            "<a><c>One.<x>Two.</x><!-- > --><x>Three.</x></c><d>3</d></a>",
            {"c": "One. Two. Three.", "d": "3"},
        ),
        ("<a><title>1</title>2 &amp; 3</a>", {"title": "1", "text": "2 & 3"}),
        ("<a><title>1</title>2<body>3</body></a>", {"title": "1", "body": "3"}),
        (
            "<a><title>1</title><p>2</p><p>3</p></a>",
            {"title": "1", "p": ["2", "3"], "text": "<p>2</p><p>3</p>"},
        ),
        (
            "<a><body><x>1</x><y>2</y><x>3</x></body><d>4</d></a>",
            {"body": ["1", "2", "3"], "d": "4"},
        ),
        (
            "<a><body><value>1</value><format>2</format></body></a>",
            {"body": {"value": "1", "format": "2"}},
        ),
    ],
)
def test_elements_are_the_values_that_json_would_have(text: str, value: Any) -> None:
    """Elements are keys, those that repeat are lists, and HTML is the text that it was."""
    assert XmlValues(text, "case").value()[1] == value


@pytest.mark.parametrize(
    ("limit", "reason"),
    [("MAX_DEPTH", "nests too deeply to be read"), ("MAX_ELEMENTS", "holds more than 5 elements")],
)
def test_what_goes_over_a_limit_is_refused(
    limit: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither depth nor number of elements is without a bound."""
    monkeypatch.setattr(tree, limit, 5)
    assert XmlValues("<a>" * 5 + "</a>" * 5, "case").value()[0] == "a"
    with pytest.raises(ReadError, match=reason):
        XmlValues("<a>" * 6 + "</a>" * 6, "case").value()


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    """A document type that names a file is passed over, and so are names of entities in it."""
    secret = tmp_path / "secret"
    secret.write_text("<!ENTITY a 'secret words'>", encoding="utf-8")
    head = f'<!DOCTYPE nodes SYSTEM "{secret.as_uri()}"><nodes><node><title>T</title>'
    text = f"{head}<date>2014-03-24</date><body>It rains &a; here.</body></node></nodes>"
    shown = [str(item) for item in found(text.encode())]
    assert len(shown) == 1
    assert "secret words" not in shown[0]


def test_a_damaged_file_is_refused_or_read() -> None:
    """Whichever byte of it is another one, or where it ends, each reason is one line."""
    data = (FOLDER / "drupal-views.xml").read_bytes()

    @settings(max_examples=60)
    @given(place=st.integers(0, len(data) - 1), flipped=st.integers(0, 255))
    def read_damaged(place: int, flipped: int) -> None:
        damaged = bytearray(data[: place + 1] if flipped == 0 else data)
        damaged[place] ^= flipped
        for item in found(bytes(damaged)):
            assert isinstance(item, Post) or len(str(item).splitlines()) == 1

    read_damaged()
