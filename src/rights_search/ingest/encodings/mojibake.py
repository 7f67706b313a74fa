"""Text that somebody read in the wrong encoding and saved again: ``cafÃ©``, ``РЎСѓРґ``.

A line is repaired only where that is certain:

1. every character of it beyond ASCII has a byte in a one-byte encoding, and these bytes
   are valid UTF-8, all of them;
2. what comes out are letters and signs of one script, as people write them;
3. what went in is nothing that people write: a sign inside of a word or behind a small
   letter, a curly quote spelt with three signs, a run of letters of another script.

So ``Â`` before a no-break space, which Portuguese capitals give as well, proves nothing
by itself. What was spoilt twice is repaired twice. In a line that holds sound letters
besides, only quotes and dashes of three signs are repaired, for of letters it cannot be
told which are which. The control characters of Latin-1 are the signs of Windows-1252
in the same places: nobody writes controls.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """Text without the damage.

    Args:
        text: the text, with as many lines as before.
        lines: how many of its lines were repaired.
        first_line: the first of these, 1-based; 0 if there is none.
        damages: what had been done to them.
    """

    text: str
    lines: int = 0
    first_line: int = 0
    damages: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was done, for the notes of a post: one sentence, or none."""
        if not self.lines:
            return ()
        how = " and ".join(self.damages)
        if self.lines == 1:
            return (f"line {self.first_line} had been saved as {how}: repaired",)
        return (
            f"{self.lines} lines, the first {self.first_line}, had been saved as {how}: repaired",
        )


def may_be_spoilt(data: bytes) -> bool:
    """Say whether UTF-8 data can hold such damage: quick, for most data holds none."""
    return any(lead in data and pattern.search(data) is not None for lead, pattern in _SPOILT)


def repaired(text: str) -> Repair:
    """Return ``text`` with those lines repaired where that is certain."""
    lines = text.split("\n")
    places: list[int] = []
    damages: dict[str, None] = {}
    for place, line in enumerate(lines):
        if line.isascii() or _SUSPECT.search(line) is None:
            continue
        lines[place], found = repaired_line(line)
        if found:
            places.append(place + 1)
            damages.update(dict.fromkeys(found))
    if not places:
        return Repair(text)
    return Repair("\n".join(lines), len(places), places[0], tuple(damages))


def repaired_line(line: str) -> tuple[str, tuple[str, ...]]:
    """Return a line without the damage, and what had been done to it."""
    found: tuple[str, ...] = ()
    while len(found) < MAX_TIMES:
        step = _read_back(line, MAX_TIMES - len(found))
        if step is None:
            break
        line, found = step[0], (*found, *step[1])
    for pattern, sound_of, damage in _PARTS:
        sound = pattern.sub(sound_of, line)
        if sound != line:
            line, found = sound, (*found, damage)
    return line, found


MAX_TIMES = 3
"""How often the same text may have been spoilt; more than twice is hardly ever seen."""

_MIN_LETTERS = 4
_MIN_RUN = 3
_SIGNS = frozenset("©®°«»·§£¥¢±²³¼½¾¿¡")
# The first characters of what is spoilt, C2 to F0 in either encoding, and what may follow
# them, in UTF-8. Only to look for damage: this proves none.
_FOLLOW = (
    rb"(?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]"
    rb"|\xd0[\x82-\x8f]|\xd1[\x91-\x9f]|\xd2[\x90\x91]|\xe2[\x80\x82\x84])"
)
# Each begins with one byte, which the engine looks for many times as fast as for several, and
# most text holds one or none of them.
_SPOILT = (
    (b"\xc3", re.compile(rb"\xc3[\x82-\xb0]" + _FOLLOW)),
    (b"\xd0", re.compile(rb"\xd0[\x92-\x95\xa0\xa1\xa8\xa9\xb2\xb3\xb6]" + _FOLLOW)),
    (b"\xc2", re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")),
)
_SCRIPTS = {
    "LATIN": ((0xC0, 0x17F), (0x218, 0x21B)),
    "GREEK": ((0x370, 0x3FF),),
    "CYRILLIC": ((0x400, 0x45F), (0x490, 0x491)),
    "HEBREW": ((0x590, 0x5F4),),
    "ARABIC": ((0x60C, 0x6D5),),
    "OTHER": ((0x900, 0xDFF), (0xE01, 0xE5B), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3)),
}
_SCRIPT_OF = {
    chr(code): script
    for script, ranges in _SCRIPTS.items()
    for first, last in ranges
    for code in range(first, last + 1)
    if unicodedata.category(chr(code))[0] in "LMNP"
}


class _Bytes(dict[int, int]):
    """The byte of each character in an encoding; 256, which is none, for all others.

    A byte without a character, such as 0x81 of Windows-1252, is the control character
    of the same number, as browsers have it and as Latin-1 does.
    """

    def __init__(self, encoding: str) -> None:
        super().__init__((code, code) for code in range(0xA0))
        for byte in range(0x80, 0x100):
            char = bytes([byte]).decode(encoding, "ignore")
            if char:
                self[ord(char)] = byte

    def __missing__(self, code: int) -> int:
        return 0x100


_BYTES = {
    "UTF-8 read as Windows-1252": _Bytes("cp1252"),
    "UTF-8 read as Windows-1251": _Bytes("cp1251"),
}


def _any_of(first: int, last: int) -> str:
    """Return a class of the characters that these bytes are in either encoding."""
    chars = {
        chr(code)
        for table in _BYTES.values()
        for code, byte in table.items()
        if first <= byte <= last
    }
    return "[" + "".join(map(re.escape, sorted(chars))) + "]"


_SUSPECT = re.compile(f"{_any_of(0xC2, 0xF4)}{_any_of(0x80, 0xBF)}|[\x80-\x84\x86-\x9f]")


def _sign(found: re.Match[str]) -> str:
    """Return the quote or the dash that three signs stand for, or these."""
    table = _BYTES["UTF-8 read as Windows-1252"]
    try:
        sign = found[0].translate(table).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return found[0]
    return sign if "\u2010" <= sign <= "\u2044" else found[0]


def _control(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("cp1252", "ignore") or found[0]


_PARTS = (
    (re.compile("â[\x80€]."), _sign, "UTF-8 read as Windows-1252"),
    # Not the sequences by which terminals are told colours.
    (re.compile(r"[\x80-\x84\x86-\x9f](?![\d;]*m)"), _control, "Windows-1252 read as Latin-1"),
)


def _read_back(line: str, times: int) -> tuple[str, tuple[str, ...]] | None:
    """Return a line read back so often that it is certain, and from what; None: never.

    What was spoilt twice is no text that people write after one time either.
    """
    for name, table in _BYTES.items():
        try:
            sound = line.translate(table).encode("latin-1").decode("utf-8")
        except UnicodeError:
            continue
        if sound == line:
            continue
        if _is_certain(sound):
            return sound, (name,)
        deeper = _read_back(sound, times - 1) if times > 1 else None
        if deeper is not None:
            return deeper[0], (name, *deeper[1])
    return None


def _is_certain(sound: str) -> bool:
    """Say whether a text is what people write, and its spoilt form is not."""
    letters = [char for char in sound if char in _SCRIPT_OF]
    scripts = {_SCRIPT_OF[char] for char in letters}
    if len(scripts) > 1 or not all(map(_is_written, sound)):
        return False
    if scripts - {"LATIN"}:
        return len(letters) >= _MIN_LETTERS and _has_run(sound)
    return any(_is_telling(sound, place) for place, char in enumerate(sound) if char > "\x7f")


def _is_written(char: str) -> bool:
    return (
        char < "\x80"
        or char in _SCRIPT_OF
        or char in _SIGNS
        or unicodedata.category(char)
        in ("Zs", "Pd", "Pi", "Pf", "Ps", "Pe", "Po", "Sc", "So", "Sm")
        or char in "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"
    )


def _has_run(sound: str) -> bool:
    run = 0
    for char in sound:
        run = run + 1 if char in _SCRIPT_OF else 0
        if run >= _MIN_RUN:
            return True
    return False


def _is_telling(sound: str, place: int) -> bool:
    """Say whether nobody writes what a character was spoilt into, where it stands."""
    char = sound[place]
    before, after = sound[place - 1 : place], sound[place + 1 : place + 2]
    is_behind_capital = before.isascii() and before.isupper()
    if char in _SCRIPT_OF:
        is_in_word = after.isascii() and after.islower() and not is_behind_capital
        return (before.isascii() and before.islower()) or is_in_word
    if char in _SIGNS:
        return not is_behind_capital
    return "\u2010" <= char <= "\u2044" or char in "€™"
