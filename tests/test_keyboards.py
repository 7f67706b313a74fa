"""Queries typed with the keyboard of another language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.words.keyboards import typed_elsewhere


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gsnrb", "пытки"),
        ("j,scrb", "обыски"),
        ("`krf", "ёлка"),
        ("fhtin", "арешт"),
        ("gjhsdyzyyz", "порівняння"),
        ("ещкегку", "torture"),
        ("еуые OR зкшыщт", "test OR prison"),
        ("ju`df", "تعذيب"),
        ("hguvhr", "العراق"),
        ("Hodv", "أخير"),
        ("فخقفعقث", "torture"),
        ("لاثهىل", "being"),
        ("لاخسف", "ghost"),
        ('country:RU "gsnrb celf" -(vbh)', 'country:RU "пытки суда" -(мир)'),
    ],
)
def test_the_same_keys_write_other_letters(typed: str, meant: str) -> None:
    """A layout is a map of keys; fields, operators and quotes are left alone."""
    assert meant in typed_elsewhere(typed)


def test_what_no_key_writes_otherwise_is_not_yielded_again() -> None:
    """Digits and Chinese stand on no other key."""
    assert list(typed_elsewhere("2014 人权")) == []


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive of three short texts in three languages."""
    folder: Path = tmp_path_factory.mktemp("posts")
    texts = ("Суд не принял жалобу на пытки.", "تعرض المعتقلون للتعذيب", "The strike of printers.")
    for number, text in enumerate(texts):
        Path(folder, f"{number}.txt").write_text(text, encoding="utf-8")
    with Archive.create(None) as made:
        made.sync(folder)
        yield made


@pytest.mark.parametrize(
    ("typed", "meant", "posts"),
    [
        ("gsnrb", "пытки", 2),  # the other names of torture count as well
        (";fkj,f -vbh", "жалоба -мир", 1),
        ("ыекшлу", "strike", 1),
        ("ju`df", "تعذيب", 2),
    ],
)
def test_a_query_of_another_keyboard_is_offered_as_it_was_meant(
    archive: Archive, typed: str, meant: str, posts: int
) -> None:
    """It is offered, not asked for: who typed it sees what happened."""
    results = archive.search(typed)
    assert results.total == 0
    assert results.suggestion is not None
    assert (results.suggestion.query, results.suggestion.posts) == (meant, posts)


@pytest.mark.parametrize("typed", ["gsnrb rjvgm.nth", "ye", "пытки", "strike gsnrb", "qwrtpsd"])
def test_nothing_is_offered_that_the_index_does_not_hold_whole(
    archive: Archive, typed: str
) -> None:
    """All the words must be there, one of them long enough not to be an accident."""
    assert archive.search(typed).suggestion is None
