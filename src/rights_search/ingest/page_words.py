"""Tell the lines of a saved page that are no part of a post's text.

Navigation, calls to action, picture credits: the words are in
``data/page_words.json``, the shapes are here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rights_search.ingest.dates.words import fold
from rights_search.ingest.word_lists import read_word_lists

MAX_MARK_CHARS = 300
"""A longer text is neither navigation nor a call nor a credit."""

_MAX_CALL_WORDS = 8
_MAX_MENU_CHARS = 100
_MAX_CREDIT_CHARS = MAX_MARK_CHARS
_MAX_CAPTION_WORDS = 45
_MAX_AGENCY_CHARS = 60
_MIN_CAPTION_WORDS = 3
_MAX_TITLE_WORDS = 30
_MIN_PROSE_WORDS = 12

_SENTENCE_END = re.compile(r"[.!?…؟۔。][\"'”’»)\]]*\s*$")
_FULL_STOP = re.compile(r"(?<!\.)[.۔。][\"'”’»)\]]*\s*$")
_SENTENCE_BREAK = re.compile(r"\w\w[.!?…؟][\"'”’»)]*\s+[\"'“‘«(]*[^\W\d_a-zа-яё]")
_BULLET = re.compile(r"[•□◦▪‣·*+-]\s|\[[ xX]?\]")
_PAGER = re.compile(r"(?:[«‹<>›»|\s]|\d{1,4}(?!\d)|…|\.{3}|page|of|sur|de|из|von)+", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:page|página|seite|страница)\s\d+\s(?:of|sur|de|von|из|/)\s\d+")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b)\W*(?:copyright\b\W*)?\d{4}", re.IGNORECASE)
_LABELS = "photo(?:graph)?|image|picture|credit|caption|foto|imagen|crédit|légende|bild|фото|صورة"
# With which these patterns begin: most lines need no look at them.
_COPYRIGHT_LETTERS = "©(cC"
_LABEL_LETTERS = frozenset(
    letter for label in _LABELS.split("|") for letter in (label[0], label[0].upper())
)
_CREDIT_SIGN = re.compile(r"©|\([cC]\)\s")
_CREDIT_LABEL = re.compile(
    rf"(?:{_LABELS})s?(?:\s(?:by|credit|courtesy|de|von|:)|:|\s©)", re.IGNORECASE
)
_AROUND = " .!»«>›→…:*|"


@dataclass(frozen=True, slots=True)
class _Words:
    navigation: frozenset[str]
    calls: frozenset[str]
    openings: tuple[str, ...]
    agencies: tuple[str, ...]
    agency: re.Pattern[str]


def is_navigation(text: str) -> bool:
    """Return whether ``text`` is a menu entry, a pager, a form field or a copyright line."""
    if len(text) > _MAX_MENU_CHARS:
        return False
    bare = _bare(text)
    return (
        not bare
        or bare in _words().navigation
        or bool(_PAGER.fullmatch(bare) and any(char.isdigit() for char in bare))
        or bool(_PAGE_NUMBER.match(bare))
        or _is_copyright(text)
    )


@lru_cache(maxsize=256)
def _bare(text: str) -> str:
    """Return a short text as it is looked up; the same is asked several things in a row."""
    return fold(text).strip(_AROUND)


def is_list_item(text: str) -> bool:
    """Return whether ``text`` starts with a bullet or a checkbox."""
    return bool(_BULLET.match(text))


def without_bullet(text: str) -> str:
    """Return ``text`` without the bullets and checkboxes it starts with."""
    while found := _BULLET.match(text):
        text = text[found.end() :].lstrip()
    return text


def is_call(text: str, *, behind_text: bool = False) -> bool:
    """Return whether ``text`` asks the reader to do something: "Sign petition".

    Args:
        text: a whole block.
        behind_text: True where a post's text stands before it: there a short line
            that opens with an imperative is one too, where a title cannot be.
    """
    if len(text) > _MAX_MENU_CHARS:
        return False
    bare = _bare(text)
    if bare in _words().calls:
        return True
    return (
        behind_text
        and len(text.split()) <= _MAX_CALL_WORDS
        and not _FULL_STOP.search(text)
        and bare.replace(":", " ", 1).startswith(_words().openings)
    )


def is_credit(text: str) -> bool:
    """Return whether ``text`` is a caption by its credit: ©, "Photo:", "/AFP/Getty Images"."""
    if len(text) > _MAX_CREDIT_CHARS or _is_copyright(text):
        return False
    return bool(
        (("©" in text or "(" in text) and _CREDIT_SIGN.search(text))
        or opens_with_credit(text)
        # It stands at the end: to look for it elsewhere takes most of the time.
        or (
            _without_close(text).endswith(_words().agencies)
            and _words().agency.search(text, max(0, len(text) - _MAX_AGENCY_CHARS))
        )
    )


def _without_close(text: str) -> str:
    return text.rstrip().rstrip(".)]").rstrip()


def opens_with_credit(text: str) -> bool:
    """Return whether ``text`` starts as a credit line does: "Photo: …"."""
    return text[:1] in _LABEL_LETTERS and bool(_CREDIT_LABEL.match(text))


def _is_copyright(text: str) -> bool:
    return text[:1] in _COPYRIGHT_LETTERS and bool(_COPYRIGHT.match(text))


def is_caption_like(text: str) -> bool:
    """Return whether ``text`` is one phrase of a caption's length without a sentence's end."""
    return (
        _MIN_CAPTION_WORDS <= len(text.split()) <= _MAX_CAPTION_WORDS
        and not ends_sentence(text)
        and not text.endswith((":", ",", ";", "،"))
        and not _SENTENCE_BREAK.search(text)
        and not is_list_item(text)
    )


def is_title_like(text: str) -> bool:
    """Return whether ``text`` may head a post: short, and no full stop at its end."""
    return (
        1 <= len(text.split()) <= _MAX_TITLE_WORDS
        and not _FULL_STOP.search(text)
        and not text.endswith((":", ",", ";", "،"))
        and not is_list_item(text)
        and not is_credit(text)
        and not is_call(text)
        and not is_navigation(text)
    )


def is_prose(text: str) -> bool:
    """Return whether ``text`` is a sentence, or long enough to be cut out of one."""
    count = len(text.split())
    return count >= _MIN_PROSE_WORDS or (count > 1 and bool(_FULL_STOP.search(text)))


def ends_sentence(text: str) -> bool:
    """Return whether ``text`` ends with a sentence's sign, closing quotes aside."""
    return bool(_SENTENCE_END.search(text))


def ends_with_full_stop(text: str) -> bool:
    """Return whether ``text`` ends with one full stop, which titles do not."""
    return bool(_FULL_STOP.search(text))


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = read_word_lists("page_words.json")
    names = sorted(lists.data["agencies"], key=len, reverse=True)
    agencies = "|".join(map(re.escape, names))
    return _Words(
        navigation=frozenset(map(fold, lists.every("navigation"))),
        calls=frozenset(map(fold, lists.every("calls"))),
        openings=tuple(f"{fold(word)} " for word in lists.every("openings")),
        agencies=tuple(map(_without_close, names)),
        # At the end only, behind a slash, a bracket or a dash: "he told Reuters" is text.
        agency=re.compile(rf"(?:[/(\[|]|\s[–—-]|\bvia)\s*(?:{agencies})\s*[)\]]?\.?\s*$"),
    )
