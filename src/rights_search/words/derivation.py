"""Which terms are built from the same root, by the Snowball stemmers.

Coarser than `rights_search.words.inflection`: "compute", "computer" and "computation" have one
root, but so have "minority" and "minor". That is why only a broad search asks for it,
and at a lower weight.

Loaded when a broad search needs it: the stemmers are a library of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from rights_search.words.inflection import are_related
from rights_search.words.scripts import Script, script_of, script_of_language

MIN_ROOT = 3
"""Fewest letters of a root: shorter ones say too little."""

SAME_ROOT_BOOST = 0.8
"""Weight of a word that only shares its root with the one that was typed."""

_UNSETTLED = 2
"""How many letters at the end of a root some of its words lack: happy, happiness → happi."""

_STEMMERS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "ru": "russian",
}
_SCRIPTS: dict[str, Script] = {"ru": "cyrillic"}
_DEFAULTS: dict[Script, str] = {"latin": "en", "cyrillic": "ru"}


def stemmer_language(language: str | None, script: Script) -> str | None:
    """Return whose stemmer reads terms of ``script`` in a post of ``language``, or None.

    As for inflections: a name in another script follows that script's own language, and
    a post whose language is unknown is read so too.
    """
    if language in _STEMMERS and _SCRIPTS.get(language, "latin") == script:
        return language
    if language is None or script_of_language(language) != script:
        return _DEFAULTS.get(script)
    return None


def root(term: str, language: str | None) -> str | None:
    """Return the root of ``term`` in a post of ``language``; None if no rule gives one."""
    reader = stemmer_language(language, script_of(term))
    if reader is None or not term.isalpha():
        return None
    found = _root(term, reader)
    return found if len(found) >= MIN_ROOT else None


def trunk(term_root: str) -> str:
    """Return the letters that every word of a root begins with."""
    return term_root[: max(MIN_ROOT, len(term_root) - _UNSETTLED)]


def start(term_root: str, language: str | None) -> str:
    """Return what every word of a root begins with in posts of a language: the trunk or more.

    The English rules put no other letters at the end of a root than i, e, ie, le or its l,
    and y in "sky"; all else of it is the word's own beginning. So most words of one trunk need
    not be stemmed, of which an index may hold a hundred thousand.
    """
    if stemmer_language(language, script_of(term_root)) != "en":
        return trunk(term_root)
    own = len(term_root)
    if term_root.endswith(("ie", "le")):
        own -= 2
    elif term_root.endswith(("e", "i", "l", "y")):
        own -= 1
    return term_root[: max(len(trunk(term_root)), own)]


def is_derived(term: str, wanted: str, language: str | None) -> bool:
    """Tell whether ``term`` shares the root of ``wanted`` and is no inflection of it."""
    shared = root(wanted, language)
    return (
        shared is not None
        and term.startswith(trunk(shared))
        and root(term, language) == shared
        and not are_related(term, wanted, language)
    )


@lru_cache(maxsize=100_000)
def _root(term: str, language: str) -> str:
    return _stemmer(language)(term)


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # noqa: PLC0415 - only broad searches need it

    stem: Callable[[str], str] = snowballstemmer.stemmer(_STEMMERS[language]).stemWord
    return stem
