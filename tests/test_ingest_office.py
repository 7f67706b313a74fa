"""Documents and tables of office programs, made to do harm, or of any form at all."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.post import Post

FOLDER = Path(__file__).resolve().parent / "fixtures" / "ingest"
ENTITIES = "".join(f"<!ENTITY a{number} '{f'&a{number - 1};' * 10}'>" for number in range(1, 10))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{ENTITIES}<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "meta")
)


def found(data: bytes, name: str = "case") -> list[Post | ReadError | Skipped]:
    """Return what a file is read as, by its content."""
    return list(read_file(Source(Path(name), name, "0" * 64, content=data)))


def packed(**parts: str) -> bytes:
    """Return a ZIP file; the name ``a__b_xml`` is that of the part ``a/b.xml``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return target.getvalue()


def odt(text: str, doctype: str = "", **parts: str) -> bytes:
    """Return a text document."""
    root = "office:document-content"
    content = f"{doctype}<{root} {SPACES}><office:text>{text}</office:text></{root}>"
    kind = "application/vnd.oasis.opendocument.text"
    return packed(mimetype=kind, content_xml=content, **parts)


ENCRYPTED = (
    '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(odt("<text:p>&a9; &f;</text:p>", LAUGHS), "has a document type", id="laughs"),
        pytest.param(odt("x" * 70 * 2**20), "its text is larger than 64 MiB", id="large"),
        pytest.param(odt("<text:p>" * 3), "its text is broken XML", id="broken"),
        pytest.param(odt("<text:p>" * 300 + "</text:p>" * 300), "nests too deeply", id="nested"),
        pytest.param(odt("", **{"META-INF__manifest_xml": ENCRYPTED}),
                     "is encrypted; save it without a password", id="encrypted"),
        pytest.param(odt("  "), "a document without text", id="empty"),
        pytest.param(packed(mimetype="application/vnd.oasis.opendocument.text"),
                     "has no part content.xml", id="no part"),
    ],
)  # fmt: skip
def test_a_bad_document_is_one_reason(data: bytes, message: str) -> None:
    """Each is one line, which says what is wrong."""
    (item,) = found(data)
    assert isinstance(item, (ReadError, Skipped))
    assert message in item.reason
    assert len(str(item).splitlines()) == 1


def test_broken_properties_cost_no_text() -> None:
    """They are not needed; that entities stand in them does no harm."""
    for meta in ("<meta", f"{LAUGHS}<meta:title {SPACES}>&a9;</meta:title>"):
        (post,) = found(odt("<text:p>The text.</text:p>", meta_xml=meta))
        assert isinstance(post, Post)
        assert post.paragraphs == ("The text.",)


ROW = "<table:table-cell><text:p>{}</text:p></table:table-cell><table:covered-table-cell/>"
WRAPPERS = (
    "<text:p>{}</text:p>",
    "<text:h>{}</text:h>",
    "<text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>",
    "<text:section><text:p><text:span>{}</text:span></text:p></text:section>",
    f"<table:table><table:table-row>{ROW}</table:table-row></table:table>",
    "<text:p><text:a>{}</text:a><text:s/></text:p>",
)
UNSEEN = (
    "<text:tracked-changes><text:p>{}</text:p></text:tracked-changes>",
    "<text:p><office:annotation><text:p>{}</text:p></office:annotation></text:p>",
    "<text:table-of-content><text:p>{}</text:p></text:table-of-content>",
)


@settings(max_examples=40)
@given(wrappers=st.lists(st.sampled_from((*WRAPPERS, *UNSEEN)), min_size=1, max_size=8))
def test_a_text_is_all_of_its_words_that_are_seen(wrappers: list[str]) -> None:
    """Each once, whatever it stands in; what nobody sees is not among them."""
    blocks = [wrapper.format(f"word{place}") for place, wrapper in enumerate(wrappers)]
    posts = [item for item in found(odt("".join(blocks))) if isinstance(item, Post)]
    texts = [text for post in posts for text in post.paragraphs]
    texts += [post.title for post in posts if not post.title_derived]
    seen = [f"word{place}" for place, wrapper in enumerate(wrappers) if wrapper not in UNSEEN]
    assert sorted(re.findall(r"word\d", " ".join(texts))) == seen


@pytest.mark.parametrize("name", ["odt/tracked.odt"])
def test_a_damaged_file_is_refused_or_read(name: str) -> None:
    """Whichever byte of it is another one, or where it ends, each reason is one line."""
    data = (FOLDER / name).read_bytes()

    @settings(max_examples=40)
    @given(place=st.integers(0, len(data) - 1), flipped=st.integers(0, 255))
    def read_damaged(place: int, flipped: int) -> None:
        damaged = bytearray(data[: place + 1] if flipped == 0 else data)
        damaged[place] ^= flipped
        for item in found(bytes(damaged)):
            assert isinstance(item, Post) or len(str(item).splitlines()) == 1

    read_damaged()
