"""What holds in a group of an RTF document: where its text goes, its font, its paragraph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rights_search.ingest.rtf.fonts import Fonts, Info, Styles
from rights_search.ingest.rtf.story import MAX_LEVEL, Story


@dataclass(slots=True)
class Group:
    """What holds to the end of a group, and is again what it was behind it.

    Args:
        story: where text goes.
        table: where it goes instead, in the tables at the head.
        fallback: how many signs stand behind one in Unicode, for older programs.
        font: the font; None for that of the document.
        leftward_font: the one of text from right to left, where it has one of its own.
        is_leftward: whether text goes from right to left.
        is_hidden: whether nobody sees it.
        style: the number of the paragraph's style.
        outline: the level of the heading that it is, from 0, or None.
        level: in how many tables it stands.
    """

    story: Story
    table: Fonts | Styles | Info | None = None
    fallback: int = 1
    font: int | None = None
    leftward_font: int | None = None
    is_leftward: bool = False
    is_hidden: bool = False
    style: int = 0
    outline: int | None = None
    level: int = 0

    def inner(self) -> Group:
        """Return the state that a group inside of this one begins with."""
        return Group(
            self.story, self.table, self.fallback, self.font, self.leftward_font, self.is_leftward,
            self.is_hidden, self.style, self.outline, self.level,
        )  # fmt: skip

    @property
    def active_font(self) -> int | None:
        """Return the font of text here, or None for that of the document."""
        return (
            self.leftward_font if self.is_leftward and self.leftward_font is not None else self.font
        )

    def style_name(self, names: Mapping[int, str]) -> str:
        """Return the name of the paragraph's style; a heading is one whatever its style."""
        name = names.get(self.style, "")
        if self.outline is None or name.startswith(("heading", "title")):
            return name
        return f"heading {self.outline + 1}"


def _start_paragraph(group: Group, _: int | None) -> None:
    group.style, group.outline, group.level = 0, None, 0


def _start_letters(group: Group, _: int | None) -> None:
    group.font, group.leftward_font, group.is_leftward, group.is_hidden = None, None, False, False


def _stand_in_table(group: Group, _: int | None) -> None:
    group.level = max(1, group.level)


def _stand_in_tables(group: Group, number: int | None) -> None:
    group.level = min(MAX_LEVEL, max(0, number or 0))


def _set_outline(group: Group, number: int | None) -> None:
    group.outline = number if number is not None and 0 <= number < _NO_HEADING else None


def _set_style(group: Group, number: int | None) -> None:
    group.style = number or 0


def _set_hidden(group: Group, number: int | None) -> None:
    group.is_hidden = number != 0


def _set_font(group: Group, number: int | None) -> None:
    group.font = number
    if group.is_leftward:
        group.leftward_font = None


def _set_right_font(group: Group, number: int | None) -> None:
    # Of the other direction it is the font that text would have there.
    if group.is_leftward:
        group.leftward_font = number


def _go_right(group: Group, _: int | None) -> None:
    group.is_leftward = False


def _go_left(group: Group, _: int | None) -> None:
    group.is_leftward = True


def _set_fallback(group: Group, number: int | None) -> None:
    group.fallback = max(0, 1 if number is None else number)


_NO_HEADING = 9

PROPERTIES: Mapping[bytes, Callable[[Group, int | None], None]] = {
    b"pard": _start_paragraph,
    b"plain": _start_letters,
    b"intbl": _stand_in_table,
    b"itap": _stand_in_tables,
    b"outlinelevel": _set_outline,
    b"s": _set_style,
    b"v": _set_hidden,
    b"deleted": _set_hidden,
    b"f": _set_font,
    b"af": _set_right_font,
    b"ltrch": _go_right,
    b"rtlch": _go_left,
    b"uc": _set_fallback,
}
"""What control words change of a group; the number behind them is None where there is none."""
