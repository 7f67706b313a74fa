"""What the same keys write on another keyboard: who forgot to switch typed ``gsnrb`` for пытки.

The layouts are those of people who switch between two: Russian and Ukrainian ЙЦУКЕН and
Arabic 101, each beside the Latin one of the United States, whose letters stand where they
do on most others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rights_search.patterns import late

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_UKRAINIAN = "'йцукенгшщзхїфівапролджєячсмитьбю"
_ARABIC = "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤر\0ىةوز"
_LAM_ALEF = "لا"
"""One key, ``b``, for two letters; each of them has a key of its own, too."""

_OTHER_HAMZAS: Mapping[str, str] = {"H": "أ", "Y": "إ", "N": "آ", "B": "لآ", "G": "لأ", "T": "لإ"}

_TO_ARABIC = {**dict(zip(_LATIN, _ARABIC, strict=True)), "b": _LAM_ALEF, **_OTHER_HAMZAS}
_FROM_ARABIC = {letter: key for key, letter in _TO_ARABIC.items() if len(letter) == 1}

_KEYS: tuple[tuple[Mapping[str, str], str], ...] = (
    (dict(zip(_LATIN, _RUSSIAN, strict=True)), ""),
    (dict(zip(_LATIN, _UKRAINIAN, strict=True)), ""),
    (_TO_ARABIC, ""),
    (dict(zip(_RUSSIAN, _LATIN, strict=True)), ""),
    (_FROM_ARABIC, "b"),
    (_FROM_ARABIC, "gh"),
)
"""Key by key what it writes elsewhere, and what lam with alef is there."""

_OPERATORS = frozenset(("AND", "OR", "NOT", "NEAR"))
_PARTS = late(r"[^\s\"«»“”()]+|[\s\"«»“”()]+")


def typed_elsewhere(query: str) -> Iterator[str]:
    """Yield ``query`` as the same keys would have written it on other keyboards.

    Words behind a field's colon, operators, and what no key writes stay as they are; so do
    capitals but for those that have letters of their own in Arabic.
    """
    seen = {query}
    for keys, lam_alef in _KEYS:
        text = "".join(_rewritten(part, keys, lam_alef) for part in _PARTS.findall(query))
        if text not in seen:
            seen.add(text)
            yield text


def _rewritten(part: str, keys: Mapping[str, str], lam_alef: str) -> str:
    if ":" in part or part in _OPERATORS:
        return part
    if lam_alef:
        part = part.replace(_LAM_ALEF, lam_alef)
    return "".join(keys.get(letter) or keys.get(letter.lower(), letter) for letter in part)
