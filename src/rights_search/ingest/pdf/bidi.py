"""The letters of a line that is written from right to left, in the order in which they are read.

The library gives them in that order where a line holds nothing else; digits, words in Latin letters
and full stops it puts where they do not belong. Where they stand on the page tells.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Glyph(NamedTuple):
    """A character and the left and right edges of its box."""

    char: str
    left: float
    right: float


def is_leftward(text: str) -> bool:
    """Say whether a line has letters that go from right to left."""
    return max(text, default="") >= _FIRST_LEFTWARD and any(_side(char) == _RIGHT for char in text)


def is_mixed(text: str) -> bool:
    """Say whether a line has letters that go from right to left, and other signs beside them."""
    # Most lines have none, and no letter below these is one.
    if max(text, default="") < _FIRST_LEFTWARD:
        return False
    sides = {_side(char) for char in text} - {_SPACE, _MARK}
    return _RIGHT in sides and len(sides) > 1


def in_reading_order(glyphs: Sequence[Glyph], size: float) -> str:
    """Return the text of a line by the places of its characters.

    What most of its words are written in gives its direction; numbers, and words of the other, are
    read in theirs. Spaces are where there is room for them: the library's own may stand anywhere.

    Args:
        glyphs: the characters, in any order; letters that go from right to left among them.
        size: how large they are set.
    """
    words = [{_side(char) for char in word} for word in _text(glyphs).split()]
    is_leftward = 2 * sum(_RIGHT in word for word in words) >= sum(
        bool({_RIGHT, _LEFT} & word) for word in words
    )
    ordered = _sorted(glyphs, is_leftward=is_leftward)
    chars = [glyph.char for glyph in _spaced(ordered, _SPACE_WIDTH * size)]
    for start, end in _runs_against(chars, is_leftward=is_leftward):
        chars[start:end] = chars[start:end][::-1]
    return _balanced("".join(chars)) if is_leftward else "".join(chars)


def _text(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.char for glyph in glyphs)


def _sorted(glyphs: Sequence[Glyph], *, is_leftward: bool) -> list[Glyph]:
    """Return what is no space from where the line begins, each mark behind its letter."""
    sign = -1 if is_leftward else 1
    letters = [glyph for glyph in glyphs if _side(glyph.char) not in (_MARK, _SPACE)]
    # Two letters that are one sign on the page stand at one place, lam before alef.
    letters.sort(
        key=lambda one: (sign * (one.left + one.right), is_leftward == (one.char in _ALEFS))
    )
    # Signs have no marks.
    bearers = [place for place, one in enumerate(letters) if _side(one.char) == _RIGHT]
    keys = [sign * (letters[place].left + letters[place].right) for place in bearers]
    marks: dict[int, list[Glyph]] = {}
    for mark in (glyph for glyph in glyphs if _side(glyph.char) == _MARK):
        near = _nearest(keys, sign * (mark.left + mark.right))
        marks.setdefault(bearers[near], []).append(mark)
    ordered: list[Glyph] = []
    for place, letter in enumerate(letters):
        on_it = marks.get(place, [])
        # Where its word is turned around, so is what stands before and behind it.
        ordered += [letter, *reversed(on_it)] if is_leftward else [*on_it, letter]
    return ordered


def _nearest(keys: Sequence[float], key: float) -> int:
    """Return the place of the number in sorted ones that is nearest, the first of several."""
    behind = bisect_left(keys, key)
    before = bisect_left(keys, keys[behind - 1]) if behind else behind
    return min((before, min(behind, len(keys) - 1)), key=lambda place: abs(keys[place] - key))


def _spaced(glyphs: Sequence[Glyph], room: float) -> Iterator[Glyph]:
    """Yield characters in their order, with a space wherever there is room for one."""
    above: Glyph | None = None
    for glyph in glyphs:
        if _side(glyph.char) == _MARK:
            yield glyph
            continue
        if above is not None:
            gap = max(glyph.left - above.right, above.left - glyph.right)
            if gap > room:
                yield Glyph(" ", glyph.left, glyph.left)
        above = glyph
        yield glyph


_SPACE_WIDTH = 0.14
_FIRST_LEFTWARD = "\u0590"
_ALEFS = frozenset("اأإآٱ")
_RIGHT, _LEFT, _NUMBER, _MARK, _SPACE, _SIGN = "RLNM S"
_SIDES = {
    "R": _RIGHT, "AL": _RIGHT, "L": _LEFT, "EN": _NUMBER, "AN": _NUMBER, "NSM": _MARK, "WS": _SPACE,
}  # fmt: skip
_MIRRORED = str.maketrans("()[]«»", ")(][»«")


def _side(char: str) -> str:
    return _SIDES.get(unicodedata.bidirectional(char), _SIGN)


def _runs_against(text: Sequence[str], *, is_leftward: bool) -> Iterator[tuple[int, int]]:
    """Yield where the runs stand that are read against the direction of the line.

    A sign between two of their characters belongs to them; a space does between words alone, for
    groups of digits go on in the direction of the line.
    """
    against = (_LEFT, _NUMBER) if is_leftward else (_RIGHT,)
    start, end, gap = -1, -1, ""
    for place, char in enumerate(text):
        side = _side(char)
        if side in against:
            is_parted = _SPACE in gap and _NUMBER in (_side(text[end - 1]), side)
            if start >= 0 and is_parted and is_leftward:
                yield start, end
                start = -1
            if start < 0:
                start = place
                # In a line that goes to the right, marks stand before their letter until it turns.
                while not is_leftward and start and _side(text[start - 1]) == _MARK:
                    start -= 1
            end, gap = place + 1, ""
        elif side == _MARK and start >= 0 and end == place:
            end = place + 1
        elif side in (_SPACE, _SIGN) and start >= 0:
            gap += side
        elif start >= 0:
            yield start, end
            start, gap = -1, ""
    if start >= 0:
        yield start, end


def _balanced(text: str) -> str:
    """Return a text whose brackets open before they close: on the page they are turned around."""
    opens, closes = text.find("("), text.find(")")
    is_turned = 0 <= closes < opens
    return text.translate(_MIRRORED) if is_turned else text
