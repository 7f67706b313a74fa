"""Tell the language of a post: by the source's word, else by script and small words.

Most scripts belong to one language. Where several share one, the small words that
every text is full of (the, of; le, des; и, что), the ends of the others and the
letters that only some languages write decide. That takes no model, tells some sixty
languages apart, and says nothing rather than guess.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from rights_search.post import Post, with_tags
from rights_search.tagging.folding import TYPOGRAPHERS

_DATA = Path(__file__).parent.parent / "data" / "languages.json"

_MOST_CHARS = 500
# So many characters have no more words, but for letters that are two in lower case.
_MOST_WORDS = _MOST_CHARS // 2
_FEWEST_LETTERS = 20
# A script other than Latin that has so much of the letters is the script of the text;
# one that has so much contradicts a source that says otherwise.
_OTHER_SCRIPT, _SURE_SHARE = 0.3, 0.9
# Kana among Han tell Japanese from Chinese; even a legal text has that many.
_KANA_SHARE = 0.1
# What the end of a word and a letter tell, measured in small words.
_ENDING, _LETTER = 0.25, 0.5
# So many small words, and so many times those of the next language, leave no doubt.
_CLEAR_WORDS, _CLEAR = 12, 1.7
# The least that a word of a text tells on average; in an unknown language it is less.
_LEAST_SCORE = 0.08


def tag_language(post: Post) -> Post:
    """Return the post with an ISO 639-1 code, or None where its language is unknown.

    A code that the source gives stands, unless the script of the text rules it out.
    """
    declared = post.language
    text = _sample(post)
    if declared is None:
        return with_tags(post, language=detect(text))
    code = declared.strip().lower().replace("_", "-").partition("-")[0]
    if code not in _profile().codes:
        note = f"the source's language {declared!r} is no ISO 639-1 code"
        return with_tags(post, language=detect(text), notes=(*post.notes, note))
    script = _contradiction(code, text)
    if script is not None:
        note = f"the source says language {code}, but the text is in {script} letters"
        return with_tags(post, language=detect(text), notes=(*post.notes, note))
    return post if code == declared else with_tags(post, language=code)


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``, or None.

    Only the first 500 characters are looked at; fewer than 20 letters say nothing.
    """
    sample = text[:_MOST_CHARS]
    if sample.isascii():
        # Most are, and then there is nothing to be composed, or told about scripts.
        raw = sample.encode()
        if len(raw.translate(None, _NO_ASCII_LETTERS)) < _FEWEST_LETTERS:
            return None
        words = raw.translate(_LOWER_ASCII_WORDS).decode().split()
        return _by_words(words, _profile().languages["Latin"])
    lowered = unicodedata.normalize("NFC", sample).lower()
    words = _words(lowered)
    shares, letters = _scripts(words)
    if letters < _FEWEST_LETTERS:
        return None
    script = max(shares, key=lambda name: shares[name] * (name != "Latin"), default="Latin")
    # Texts in every script are full of Latin names; the reverse is rare.
    if shares.get(script, 0.0) < _OTHER_SCRIPT:
        script = "Latin"
    if script in {"Han", "Kana"}:
        return "ja" if shares.get("Kana", 0.0) >= _KANA_SHARE else "zh"
    candidates = _profile().languages[script]
    if len(candidates) == 1:
        return candidates[0]
    return _by_words(words if script != "Devanagari" else lowered.split(), candidates)


def _sample(post: Post) -> str:
    """Return the title and as many paragraphs as are looked at."""
    parts = [] if post.title_derived else [post.title]
    missing = _MOST_CHARS - sum(map(len, parts))
    for paragraph in post.paragraphs:
        if missing <= 0:
            break
        parts.append(paragraph[:missing])
        missing -= len(paragraph)
    return "\n".join(parts)


# --- scripts ---------------------------------------------------------------


def _contradiction(code: str, text: str) -> str | None:
    """Return the script that rules a language out, or None if none does."""
    expected = _profile().scripts_of.get(code)
    if expected is None:
        return None
    shares, letters = _scripts(_words(text[:_MOST_CHARS].lower()))
    if letters < _FEWEST_LETTERS:
        return None
    return next(
        (name for name, share in shares.items() if share >= _SURE_SHARE and name not in expected),
        None,
    )


def _scripts(words: list[str]) -> tuple[dict[str, float], int]:
    """Return script → share of the letters, and the number of letters."""
    # The letters of ASCII, most of most texts, are counted without an expression.
    signs = "".join(words).encode().translate(None, _NO_LETTERS)
    if signs.isascii():
        return ({"Latin": 1.0} if signs else {}), len(signs)
    others = signs.translate(None, _ASCII)
    rest = _DIGITS.sub("", others.decode())
    plain = len(signs) - len(others)
    letters = plain + len(rest)
    counts = {"Latin": plain} if plain else {}
    for name, pattern in _profile().patterns.items():
        if not rest:
            break
        without = pattern.sub("", rest)
        if len(without) < len(rest):
            counts[name] = counts.get(name, 0) + len(rest) - len(without)
            rest = without
    return {name: count / letters for name, count in counts.items()}, letters


_ASCII = bytes(range(128))
_NO_LETTERS = b"0123456789_"
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_DIGITS = re.compile(r"\d+")


# --- words -----------------------------------------------------------------


def _words(text: str) -> list[str]:
    if not text.isascii():
        for sign in TYPOGRAPHERS:
            text = text.replace(sign, " ")
    try:
        # The same words, in a third of the time.
        return text.encode("latin-1").translate(_WORDS_IN_LATIN_1).decode("latin-1").split()
    except UnicodeEncodeError:
        return _WORD.findall(text)


_WORD = re.compile(r"\w+")
_WORDS_IN_LATIN_1 = bytes(code if _WORD.match(chr(code)) else ord(" ") for code in range(256))
_LOWER_ASCII_WORDS = _WORDS_IN_LATIN_1.lower()


def _by_words(words: list[str], candidates: tuple[str, ...]) -> str | None:
    """Return the candidate whose small words, endings and letters the text is full of."""
    profile = _profile()
    small = profile.words
    total = sum(filter(None, map(small.get, words[:_MOST_WORDS])))
    counts = total.to_bytes(len(profile.names), "little")
    least = _LEAST_SCORE * len(words)
    clear = _clear_count(counts)
    if clear:
        best = profile.names[counts.index(clear)]
        if best in candidates:
            return best if clear >= least else None
    scores: dict[str, float] = dict(zip(profile.names, counts, strict=True))
    if not clear:
        ends = (profile.endings.get(word[-3:], ()) for word in words if word not in small)
        marks = (profile.letters[letter] for letter in profile.marked.findall("".join(words)))
        for weight, found in ((_ENDING, ends), (_LETTER, marks)):
            for language, count in Counter(chain.from_iterable(found)).items():
                scores[language] += weight * count
    most = max(map(scores.__getitem__, candidates))
    # The first of equals is the one that more people write.
    best = next(language for language in candidates if scores[language] == most)
    return best if most >= least else None


def _clear_count(counts: bytes) -> int:
    """Return the highest of the counts if it is far ahead of the next one, else 0."""
    *_, second, most = 0, 0, *sorted(counts.translate(None, b"\0"))
    return most if most >= _CLEAR_WORDS and most >= _CLEAR * second > 0 else 0


# --- counting ----------------------------------------------------------------


def _packed(members: dict[str, Iterable[str]]) -> dict[str, int]:
    """Return member → one number that counts 1 for each language that has it.

    Each has a byte of it, so that one addition counts for all, up to `_MOST_WORDS`.
    """
    ones = {name: 1 << 8 * place for place, name in enumerate(members)}
    packed: dict[str, int] = defaultdict(int)
    for name, items in members.items():
        for item in items:
            packed[item] |= ones[name]
    # Equal ones are one, so that they stay in the processor's cache.
    shared: dict[int, int] = {}
    return {member: shared.setdefault(number, number) for member, number in packed.items()}


# --- data ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Profile:
    """What is known of languages and scripts.

    Args:
        codes: the codes of ISO 639-1.
        patterns: script → a run of its small letters, the frequent scripts first.
        languages: script → the languages that are told apart in it, by frequency.
        scripts_of: language → the scripts that it is written in.
        names: the languages that have small words.
        words: small word → the languages that have it, as `_packed` numbers.
        endings: the last three letters of other words → the languages that have them.
        letters: letter that only some write → the same.
        marked: any of these letters.
    """

    codes: frozenset[str]
    patterns: dict[str, re.Pattern[str]]
    languages: dict[str, tuple[str, ...]]
    scripts_of: dict[str, frozenset[str]]
    names: tuple[str, ...]
    words: dict[str, int]
    endings: dict[str, tuple[str, ...]]
    letters: dict[str, tuple[str, ...]]
    marked: re.Pattern[str]


@cache
def _profile() -> _Profile:
    record: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    scripts_of: dict[str, set[str]] = defaultdict(set)
    languages = {}
    for script, entry in record["scripts"].items():
        written = entry["languages"].split()
        known = tuple(language for language in written if language in record["words"])
        languages[script] = known or tuple(written[:1])
        for language in written:
            scripts_of[language].add(script)
    return _Profile(
        codes=frozenset(record["codes"].split()),
        patterns={
            script: re.compile(f"[{entry['letters']}]+")
            for script, entry in record["scripts"].items()
        },
        languages=languages,
        scripts_of={language: frozenset(scripts) for language, scripts in scripts_of.items()},
        names=tuple(record["words"]),
        words=_packed({name: text.split() for name, text in record["words"].items()}),
        endings=_owners({name: text.split() for name, text in record["endings"].items()}),
        letters=_owners(record["letters"]),
        marked=re.compile(f"[{''.join(set().union(*record['letters'].values()))}]"),
    )


def _owners(members: dict[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return member → the languages that have it."""
    owners: dict[str, list[str]] = defaultdict(list)
    for language, items in members.items():
        for item in items:
            owners[item].append(language)
    return {item: tuple(found) for item, found in owners.items()}
