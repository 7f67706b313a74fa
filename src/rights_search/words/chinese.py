"""Chinese names in Latin and Cyrillic letters: pinyin, Wade–Giles and the Palladius system.

All three write the same syllables, each by a rule of its own: Xiaoping, Hsiao-p'ing and
Сяопин. A name is taken apart into syllables of one system and written in the others.
Wade–Giles is read as the press writes it, without apostrophes and marks, so that "p" may
be p or b: every reading is given.

Words of other languages fall into such syllables as well ("women", "china"). A name is
therefore known by a syllable that hardly any other word has: one that begins with q, x, z
or zh in pinyin, with hs or ts in Wade–Giles, and with what Palladius writes for those.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from rights_search.values import NamedTuple

MAX_SYLLABLES = 4
"""A longer name is not taken apart."""

MAX_READINGS = 8
"""Most readings of one name."""

Terms = tuple[str, ...]

# Initial in pinyin → in Wade–Giles and Palladius, and the finals that follow it.
_INITIALS: Mapping[str, tuple[str, str, str]] = {
    "b": ("p", "б", "a o ai ei ao an en ang eng i iao ie ian in ing u"),
    "p": ("p", "п", "a o ai ei ao ou an en ang eng i iao ie ian in ing u"),
    "m": ("m", "м", "a o e ai ei ao ou an en ang eng i iao ie iu ian in ing u"),
    "f": ("f", "ф", "a o ei ou an en ang eng u"),
    "d": ("t", "д", "a e ai ei ao ou an en ang eng ong i ia iao ie iu ian ing u uo ui uan un"),
    "t": ("t", "т", "a e ai ao ou an ang eng ong i iao ie ian ing u uo ui uan un"),
    "n": ("n", "н", "a e ai ei ao ou an en ang eng ong i iao ie iu ian in iang ing u uo uan ü üe"),
    "l": (
        "l",
        "л",
        "a e ai ei ao ou an ang eng ong i ia iao ie iu ian in iang ing u uo uan un ü üe",
    ),
    "g": ("k", "г", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    "k": ("k", "к", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    "h": ("h", "х", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    "j": ("ch", "цз", "i ia iao ie iu ian in iang ing iong ü üe üan ün"),
    "q": ("ch", "ц", "i ia iao ie iu ian in iang ing iong ü üe üan ün"),
    "x": ("hs", "с", "i ia iao ie iu ian in iang ing iong ü üe üan ün"),
    "zh": ("ch", "чж", "a e ih ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    "ch": ("ch", "ч", "a e ih ai ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    "sh": ("sh", "ш", "a e ih ai ei ao ou an en ang eng u ua uo uai ui uan un uang"),
    "r": ("j", "ж", "e ih ao ou an en ang eng ong u ua uo ui uan un"),
    "z": ("ts", "цз", "a e ŭ ai ei ao ou an en ang eng ong u uo ui uan un"),
    "c": ("ts", "ц", "a e ŭ ai ao ou an en ang eng ong u uo ui uan un"),
    "s": ("s", "с", "a e ŭ ai ao ou an en ang eng ong u uo ui uan un"),
}
# Final as above → in pinyin, Wade–Giles and Palladius, where they differ from its name.
_FINALS: Mapping[str, tuple[str, str, str]] = {
    "a": ("a", "a", "а"),
    "o": ("o", "o", "о"),
    "e": ("e", "e", "э"),
    "ai": ("ai", "ai", "ай"),
    "ei": ("ei", "ei", "эй"),
    "ao": ("ao", "ao", "ао"),
    "ou": ("ou", "ou", "оу"),
    "an": ("an", "an", "ань"),
    "en": ("en", "en", "энь"),
    "ang": ("ang", "ang", "ан"),
    "eng": ("eng", "eng", "эн"),
    "ong": ("ong", "ung", "ун"),
    "i": ("i", "i", "и"),
    "ih": ("i", "ih", "и"),
    "ŭ": ("i", "u", "ы"),
    "ia": ("ia", "ia", "я"),
    "iao": ("iao", "iao", "яо"),
    "ie": ("ie", "ieh", "е"),
    "iu": ("iu", "iu", "ю"),
    "ian": ("ian", "ien", "янь"),
    "in": ("in", "in", "инь"),
    "iang": ("iang", "iang", "ян"),
    "ing": ("ing", "ing", "ин"),
    "iong": ("iong", "iung", "юн"),
    "u": ("u", "u", "у"),
    "ua": ("ua", "ua", "уа"),
    "uo": ("uo", "o", "о"),
    "uai": ("uai", "uai", "уай"),
    "ui": ("ui", "ui", "уй"),
    "uan": ("uan", "uan", "уань"),
    "un": ("un", "un", "унь"),
    "uang": ("uang", "uang", "уан"),
    "ü": ("u", "u", "юй"),
    "üe": ("ue", "ueh", "юэ"),
    "üan": ("uan", "uan", "юань"),
    "ün": ("un", "un", "юнь"),
}
# Syllables without an initial, and those that no rule gives: pinyin, Wade–Giles, Palladius.
_OTHERS = """
    a a а|o o о|e o э|ai ai ай|ei ei эй|ao ao ао|ou ou оу|an an ань|en en энь|ang ang ан|er erh эр
    ya ya я|ye yeh е|yao yao яо|you yu ю|yan yen янь|yang yang ян|yi i и|yin yin инь|ying ying ин
    yong yung юн|yu yu юй|yue yueh юэ|yuan yuan юань|yun yun юнь|wa wa ва|wo wo во|wai wai вай
    wei wei вэй|wan wan вань|wen wen вэнь|wang wang ван|weng weng вэн|wu wu у
    ge ko гэ|ke ko кэ|he ho хэ|guo kuo го|kuo kuo ко|huo huo хо|gui kuei гуй|kui kuei куй
    hui hui хуэй|zi tzu цзы|ci tzu цы|si ssu сы|si szu сы
"""
_OWN_SPELLINGS = {"ge", "ke", "he", "guo", "kuo", "huo", "gui", "kui", "hui", "zi", "ci", "si"}
_TELLING_INITIALS = ("q", "x", "z")
_TELLING_WADE_GILES = ("hs", "ts", "tz", "ss", "sz")


class Syllable(NamedTuple):
    """One syllable in the three systems."""

    pinyin: str
    wade_giles: str
    palladius: str


def other_spellings(terms: Terms) -> tuple[Terms, ...]:
    """Return how the other systems write a Chinese name; nothing for other words.

    Args:
        terms: a name as `rights_search.analysis.terms` gives it: one term, or the terms of
            a hyphenated name.
    """
    found: dict[Terms, None] = {}
    for syllables in _readings(terms):
        wade_giles = tuple(each.wade_giles for each in syllables)
        found["".join(each.pinyin for each in syllables),] = None
        found["".join(each.palladius for each in syllables),] = None
        # One syllable alone is too often another word: "chin" for qin.
        if len(syllables) > 1 or wade_giles[0].startswith(_TELLING_WADE_GILES):
            found[wade_giles] = None
            found["".join(wade_giles),] = None
    typed = {terms, ("".join(terms),)}
    return tuple(form for form in found if form not in typed and len("".join(form)) > len("xi"))


def _readings(terms: Terms) -> Iterator[tuple[Syllable, ...]]:
    """Yield the names that ``terms`` can be in the first system that has one for them."""
    for system in range(len(Syllable._fields)):
        if not _letters(system).issuperset("".join(terms)):
            continue  # most words: a table is not made for them
        table = _table(system)
        parts = [_split(term, table) for term in terms]
        if not all(parts):
            continue
        spelt = [syllable for part in parts for syllable in part]
        choices = [table[syllable] for syllable in spelt]
        readings = list(islice(product(*choices), MAX_READINGS))
        if len(spelt) <= MAX_SYLLABLES and _is_telling(spelt, readings, system):
            yield from readings
            return


def _is_telling(
    spelt: Sequence[str], readings: Sequence[tuple[Syllable, ...]], system: int
) -> bool:
    if Syllable._fields[system] == "wade_giles":
        return any(syllable.startswith(_TELLING_WADE_GILES) for syllable in spelt)
    return any(each.pinyin.startswith(_TELLING_INITIALS) for each in readings[0])


def _split(term: str, table: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fewest syllables of a table that make up ``term``; none if it has others."""
    # Best way to write the first so many letters.
    best: list[tuple[str, ...] | None] = [(), *[None] * len(term)]
    longest = max(map(len, table))
    for end in range(1, len(term) + 1):
        for start in range(max(0, end - longest), end):
            before, syllable = best[start], term[start:end]
            if before is None or syllable not in table or len(before) >= MAX_SYLLABLES:
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = (*before, syllable)
    return best[-1] or ()


@functools.cache
def _letters(system: int) -> frozenset[str]:
    """Return the letters that names have in one system."""
    initials = ((initial, *others[:2])[system] for initial, others in _INITIALS.items())
    finals = (spelt[system] for spelt in _FINALS.values())
    return frozenset().union(*initials, *finals, *(row[system] for row in _other_rows()))


@functools.cache
def _table(system: int) -> Mapping[str, tuple[Syllable, ...]]:
    """Return spelling in one system → the syllables that have it."""
    table: dict[str, dict[Syllable, None]] = {}
    for syllable in _syllables():
        table.setdefault(syllable[system], {})[syllable] = None
    return {spelling: tuple(found) for spelling, found in table.items()}


def _syllables() -> Iterator[Syllable]:
    for initial, (wade_giles, palladius, finals) in _INITIALS.items():
        for final in finals.split():
            spelt = _FINALS[final]
            syllable = Syllable(initial + spelt[0], wade_giles + spelt[1], palladius + spelt[2])
            if syllable.pinyin not in _OWN_SPELLINGS:
                yield syllable
    yield from map(Syllable._make, _other_rows())


def _other_rows() -> Iterator[list[str]]:
    return (row.split() for row in _OTHERS.replace("\n", "|").split("|") if row.strip())
