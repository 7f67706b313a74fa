"""Names across scripts and spellings: which terms transcribe one name, by rule.

A name has one form in its own script and many in others: Навальный is Navalny, Nawalny
and Navalnyi, محمد is Mohammed, Muhammad and Mohamed. Each term gets a key that its
transcriptions share: Cyrillic letters by what the usual romanisations have in common
(BGN/PCGN, ALA-LC, ISO 9 without marks, and the German and French habits), Arabic and
Persian ones by their consonants, since vowels are not written.

Only names are meant. Ordinary words of two languages seldom share a key of the length
asked for, and within Latin script only Russian surnames, known by their endings, are
compared, unless the reading is loose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache

from rights_search.patterns import late
from rights_search.values import dataclass
from rights_search.words.inflection import stem
from rights_search.words.scripts import Script, script_of

MIN_SOUNDS = 5
"""Shortest key of a Cyrillic name: "state" must not find статья."""

MIN_CONSONANTS = 3
"""Fewest consonants of an Arabic term that is looked for in Latin script."""

MIN_CONSONANTS_FROM_LATIN = 5
"""Fewest consonants of a Latin term that is looked for in Arabic script: "women" has
those of a very common Arabic word, "strike" those of one for slavery."""


def may_be_transcribed(wanted: str, scripts: Collection[Script], *, loose: bool = False) -> bool:
    """Tell whether posts in ``scripts`` can hold a transcription of ``wanted`` at all."""
    return any(_keys(wanted, script, loose=loose) for script in scripts)


def is_transcription(term: str, wanted: str, *, loose: bool = False) -> bool:
    """Tell whether two terms of different scripts, or two Russian surnames, are one name.

    Args:
        term: a term of a post.
        wanted: the term that was asked for.
        loose: True for terms of Latin script that sound alike, too: those whose
            consonants and first letter agree.
    """
    if term == wanted:
        return False
    key = _keys(wanted, script_of(term), loose=loose)
    return key is not None and key.suits(term) and key.of(term) == key.value


def lookups(wanted: str, *, loose: bool = False) -> tuple[str, ...]:
    """Return the prefixes that transcriptions of ``wanted`` start with."""
    found: dict[str, None] = {}
    for script in _STARTS:
        key = _keys(wanted, script, loose=loose)
        if key is not None:
            found.update(dict.fromkeys(key.starts))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Key:
    """What the transcriptions of a name share in one script.

    Args:
        value: it.
        of: term → its own.
        starts: what such terms start with.
        suits: what else must hold of a term.
    """

    value: str
    of: Callable[[str], str]
    starts: tuple[str, ...]
    suits: Callable[[str], bool] = bool


@lru_cache(maxsize=10_000)
def _keys(wanted: str, script: Script, *, loose: bool) -> _Key | None:
    """Return the key of ``wanted`` for terms of a script, None if they cannot be one name."""
    match (script_of(wanted), script):
        case ("latin", "latin") if loose:
            return _by_consonants(wanted, script, MIN_CONSONANTS)
        case ("latin", "latin") if _is_surname(wanted):
            return _by_sounds(wanted, script, suits=_is_surname)
        case ("cyrillic", "latin") | ("latin", "cyrillic"):
            return _by_sounds(wanted, script)
        case ("arabic", "latin"):
            return _by_consonants(wanted, script, MIN_CONSONANTS)
        case ("latin", "arabic"):
            return _by_consonants(wanted, script, MIN_CONSONANTS_FROM_LATIN)
        case _:
            return None


def _by_sounds(wanted: str, script: Script, suits: Callable[[str], bool] = bool) -> _Key | None:
    sounds = _sounds(wanted)
    if len(sounds) < MIN_SOUNDS:
        return None
    return _Key(sounds, _sounds, _STARTS[script].get(sounds[0], (sounds[0],)), suits)


def _by_consonants(wanted: str, script: Script, least: int) -> _Key | None:
    consonants = _consonants(wanted)
    if len(consonants) < least:
        return None
    starts = _STARTS[script].get(consonants[0], (consonants[0],))
    return _Key(consonants, _consonants, (*starts, *_VOWELS[script]))


# --- Cyrillic --------------------------------------------------------------------------

_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуф", "abvgdeziiklmnoprstuf", strict=True)),
    "ж": "zh",
    "х": "h",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ъ": "",
    "ы": "i",
    "ь": "",
    "э": "e",
    "ю": "iu",
    "я": "ia",
    "і": "i",
    "ї": "i",
    "є": "e",
    "ґ": "g",
    "ў": "u",
}
_SPELLINGS = tuple(
    (late(pattern), sound)
    for pattern, sound in (
        (r"(?<=[oe])ff?\Z", "v"),
        ("schtsch|shch|stch", "sch"),
        ("tsch|tch", "ch"),
        ("kh|(?<![cgpstz])h", "h"),
        ("ck|q", "k"),
        ("x", "ks"),
        ("ph", "f"),
        ("tz", "ts"),
        ("w", "v"),
        ("oo|ou", "u"),
        ("[yj](?=[aou])", "i"),
        ("[yji]e", "e"),
        ("(?:(?<=ch)|(?<=sh)|(?<=sch))(?:io|o)(?=v)", "e"),
        ("[yj]", "i"),
        (r"(.)\1+", r"\1"),
    )
)
# Surnames that a rule for nouns would take for genitive plurals: Кадыров is no кадыр.
_CYRILLIC_SURNAME = late(r"(...*(?:[ое]в|[иы]н))(?:а|у|е|ы|ым|ой|ых|ыми)?\Z")
_ENDING = late(r"(?<=...)[aeiou]+\Z")
_SURNAME_ENDS = "aijnvwfy"
_SURNAME = late(r"...(?:sk(?:y|i[iyj]?|yi|yj|a[yij]?a)|(?:[oe](?:v|w|ff?)|in|yn)a?)\Z")


@lru_cache(maxsize=100_000)
def _sounds(term: str) -> str:
    """Return how a term sounds, as far as the usual romanisations agree."""
    if script_of(term) == "cyrillic":
        surname = _CYRILLIC_SURNAME.match(term)
        base = surname[1] if surname else stem(term, "ru")
        term = "".join(_CYRILLIC.get(letter, letter) for letter in base)
    for pattern, sound in _SPELLINGS:
        term = pattern.sub(sound, term)
    return _ENDING.sub("", term)


def _is_surname(term: str) -> bool:
    return term[-1:] in _SURNAME_ENDS and _SURNAME.search(term) is not None


# --- Arabic and Persian ----------------------------------------------------------------

_ARABIC = {
    pair[0]: pair[1]
    for pair in (
        "بb تt ثt جj حh خh دd ذd رr زz سs شX صs ضd طt ظz غg فf قk كk لl مm نn هh پp چc ژj گg کk"
    ).split()
}
_ARABIC_ARTICLE = late(r"\A[وف]?(?:ال|لل)(?=..)")
_ARABIC_FRONTS = ("", "ال", "و", "وال", "لل", "ف", "فال")
_ARABIC_MUTE = late(r"(?<=..)ه\Z")
_DIGRAPHS = (
    ("kh", "h"), ("gh", "g"), ("sh", "X"), ("th", "t"), ("dh", "d"), ("ch", "c"),
    ("zh", "j"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("c", "c"), ("x", "ks"),
)  # fmt: skip
_NOT_CONSONANTS = late(r"[^bcdfghjklmnprstzX]")
_DOUBLED = late(r"(.)\1+")


@lru_cache(maxsize=100_000)
def _consonants(term: str) -> str:
    """Return the consonants of a term, those that romanisations confuse as one."""
    if script_of(term) == "arabic":
        # No stem: what would be a plural of a noun is the end of a name, as in Nasrin.
        bare = _ARABIC_MUTE.sub("", _ARABIC_ARTICLE.sub("", term))
        return _DOUBLED.sub(r"\1", "".join(_ARABIC.get(letter, "") for letter in bare))
    # A final h after a vowel is the mute ending that Arabic stems have lost: Fatimah.
    bare = term[:-1] if term.endswith(("ah", "eh")) else term
    for pair, sound in _DIGRAPHS:
        bare = bare.replace(pair, sound)
    return _DOUBLED.sub(r"\1", _NOT_CONSONANTS.sub("", bare))


# --- where to look ---------------------------------------------------------------------


def _first_sounds(letters: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return sound → the letters that a term with that first sound may start with."""
    starts: dict[str, tuple[str, ...]] = {}
    for letter, sound in letters.items():
        if sound:
            starts[sound[0]] = (*starts.get(sound[0], ()), letter)
    return starts


_STARTS: Mapping[Script, Mapping[str, tuple[str, ...]]] = {
    "latin": {
        "h": ("h", "kh", "ch", "x"), "k": ("k", "c", "q", "x"), "v": ("v", "w"),
        "f": ("f", "ph"), "c": ("c", "tch", "tsch"), "X": ("sh", "ch", "sch"),
        "j": ("j", "dj", "zh", "g"), "i": ("i", "y", "j"), "e": ("e", "ye", "je", "ie"),
        "s": ("s", "sz"), "z": ("z", "dh"), "u": ("u", "ou", "oo"),
    },
    "cyrillic": _first_sounds(_CYRILLIC),
    "arabic": {
        sound: tuple(front + letter for front in _ARABIC_FRONTS for letter in letters)
        for sound, letters in _first_sounds(_ARABIC).items()
    },
}  # fmt: skip
_VOWELS: Mapping[Script, tuple[str, ...]] = {
    "latin": tuple("aeiouyw"),
    "cyrillic": (),
    "arabic": tuple("اأإآيوعىء"),
}
