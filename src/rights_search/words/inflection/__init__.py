"""Which terms are inflections of one word, by light rules a language at a time.

The index holds words as written. A default search looks for a word's whole
family, found through the index's own vocabulary: two terms are one family in a
language when `stem` gives them the same stem. Rules take letters away from the end (in
Arabic also from the front) and change at most the last letter of what is left,
so that a family can be read off a sorted vocabulary: see `Rules.lookups`.

Light on purpose: Snowball merges minority with minor, arms with armed and
terrorism with terror, which a search for rights must not.

To add a language, add an entry to the `RULES` of the module of its script.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module

from rights_search.words.inflection.rules import Rules
from rights_search.words.scripts import Script, script_of, script_of_language

VERSION = 3
"""Raised whenever a stem changes: an index of Tantivy holds stems, and is then built again."""


@cache
def rules_by_language(script: Script) -> Mapping[str, Rules]:
    """Return language (ISO 639-1) → its rules, for those of a script.

    The first of them are those of its words in posts of other languages.
    """
    if script == "other":
        return {}
    rules: tuple[Rules, ...] = import_module(f"rights_search.words.inflection.{script}").RULES
    return {each.name: each for each in rules}


def rules_for(language: str | None, script: Script) -> Rules | None:
    """Return the rules for terms of ``script`` in a post written in ``language``.

    A name in another script follows that script's own language: "protesters" in
    a Russian post is English. A post whose language is unknown is read so too. A
    language without rules has no inflections: only the word as written matches.
    """
    known = rules_by_language(script)
    rules = known.get(language or "")
    if rules is None and (language is None or script_of_language(language) != script):
        return next(iter(known.values()), None)
    return rules


@lru_cache(maxsize=100_000)
def stem(term: str, language: str | None) -> str:
    """Return the stem of ``term`` in a post of ``language`` (ISO 639-1 or None)."""
    rules = rules_for(language, script_of(term))
    return term if rules is None else rules.stem(term)


def are_related(first: str, second: str, language: str | None) -> bool:
    """Tell whether two terms are inflections of one word in ``language``."""
    return first == second or stem(first, language) == stem(second, language)
