"""Lines of a PDF that go from right to left, by the places of their letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.ingest.pdf.bidi import Glyph, in_reading_order, is_leftward, is_mixed
from rights_search.ingest.pdf.layout import PdfLine, paragraphs_of

SIZE = 10.0


def laid_out(shown: str) -> list[Glyph]:
    """Return the characters of a line as the eye meets them from the left."""
    places = ((char, 5.0 * place) for place, char in enumerate(shown))
    return [Glyph(char, left, left if char == " " else left + 5.0) for char, left in places]


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("הלומ", "מולה"),
        (".2014 ב", "ב 2014."),
        ("2013/2014 ב", "ב 2013/2014"),
        ("00 22 41+ :לט", "טל: +41 22 00"),
        ("ג Example Office ב א", "א ב Example Office ג"),
        ("a@example.org :לט", "טל: a@example.org"),
        (")ג( ב א", "א ב (ג)"),
        ("(ג) ב א", "א ב (ג)"),
        ("12 ,ב", "ב, 12"),
        ("two words בא here", "two words אב here"),
        ("one and 12 בא", "one and 12 אב"),
    ],
)
def test_numbers_and_words_are_read_in_their_own_direction(shown: str, read: str) -> None:
    """The line is read in the direction of most of its words, what goes against it in its own."""
    glyphs = laid_out(shown)
    assert in_reading_order(glyphs, SIZE) == read
    assert in_reading_order(glyphs[::-1], SIZE) == read


def test_a_mark_stands_behind_its_letter() -> None:
    """A vowel sign goes to the nearest letter, not to a comma beside it."""
    glyphs = [*laid_out(",\u05d1\u05d0"), Glyph("\u05b8", 4.5, 4.5), Glyph("\u05b7", 12.5, 12.5)]
    assert in_reading_order(glyphs, SIZE) == "\u05d0\u05b7\u05d1\u05b8,"


def test_marks_between_two_letters_go_to_the_first() -> None:
    """So do several on one letter, in a line of either direction; one beyond all to the last."""
    between = [Glyph("\u05b8", 10.0, 10.0), Glyph("\u05b7", 10.0, 10.0), Glyph("\u05b9", 0.0, 0.0)]
    leftward = [*laid_out(" \u05d1\u05d0."), *between]
    assert in_reading_order(leftward, SIZE) == ".\u05d0\u05b7\u05b8\u05d1\u05b9"
    rightward = [*laid_out(" \u05d1\u05d0 two words"), *between]
    assert in_reading_order(rightward, SIZE) == "\u05d0\u05d1\u05b9\u05b7\u05b8 two words"


def test_two_letters_of_one_sign_are_in_order() -> None:
    """Lam and alef, which are drawn as one, have one place and are read in this order."""
    alef, lam = Glyph("ا", 5.0, 10.0), Glyph("ل", 5.0, 10.0)
    for glyphs in ([alef, lam], [lam, alef]):
        assert in_reading_order([Glyph("ب", 10.0, 15.0), *glyphs], SIZE) == "بلا"
        words = laid_out("      two words")
        assert in_reading_order([*glyphs, *words], SIZE) == "لا two words"


@pytest.mark.parametrize(
    ("text", "leftward", "mixed"),
    [
        ("Only Latin, 2014.", False, False),
        ("Русский 2014", False, False),
        ("עברית", True, False),
        ("עברית בלבד", True, False),
        ("עברית 2014", True, True),
        ("עברית.", True, True),
        ("", False, False),
    ],
)
def test_only_lines_with_such_letters_are_put_in_order(
    text: str, leftward: bool, mixed: bool
) -> None:
    """All others stay as the library gives them."""
    assert (is_leftward(text), is_mixed(text)) == (leftward, mixed)


@given(st.text(), st.lists(st.floats(0, 100), min_size=1))
def test_no_character_is_lost(text: str, places: list[float]) -> None:
    """Wherever the characters stand, all but spaces are there, brackets perhaps turned."""
    glyphs = [Glyph(char, places[at % len(places)], 100.0) for at, char in enumerate(text)]
    read = in_reading_order(glyphs, SIZE)
    assert len("".join(read.split())) == len("".join(text.split()))


def test_a_short_line_ends_a_paragraph_at_its_own_side() -> None:
    """From right to left a line is short at the left, and a paragraph set in at the right."""
    full = "שורה מלאה של הטקסט שנמשכת עד הסוף."
    rows = [(full, 50, 550), ("סוף.", 500, 550), (full, 50, 550), (full, 50, 550)]
    lines = [
        PdfLine(text, left, right, 700.0 - 12 * row, 700.0 - 12 * row, SIZE)
        for row, (text, left, right) in enumerate(rows)
    ]
    assert [found.text for found in paragraphs_of(lines, 1)] == [f"{full} סוף.", f"{full} {full}"]
