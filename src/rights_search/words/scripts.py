"""In which script a word is written, as far as rules about words care."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Script = Literal["latin", "cyrillic", "arabic", "other"]


def script_of(term: str) -> Script:
    """Return the script of the first letter, as far as inflection cares."""
    char = next(filter(str.isalpha, term), "")
    if "a" <= char <= "z" or "\u00c0" <= char <= "\u024f":
        return "latin"
    if "\u0400" <= char <= "\u052f":
        return "cyrillic"
    if "\u0600" <= char <= "\u06ff":
        return "arabic"
    return "other"


def script_of_language(language: str | None) -> Script:
    """Return the script that a language (ISO 639-1) is written in; Latin if it is unknown."""
    return _SCRIPTS.get(language or "", "latin")


_SCRIPTS: Mapping[str, Script] = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "ug", "sd"), "arabic"),
    **dict.fromkeys(("zh", "ja", "ko", "el", "he", "th", "hi", "bn", "ta", "my", "km"), "other"),
    **dict.fromkeys(("ka", "hy", "am", "ti", "ne", "si", "lo", "te", "ml", "kn", "mr"), "other"),
}
# All others are taken to be written in Latin letters.
