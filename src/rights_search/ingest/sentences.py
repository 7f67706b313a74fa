"""The first sentence of a text, for posts that have no title."""

from __future__ import annotations

import re

ELLIPSIS = "…"

# A sign that ends a sentence, the closing quotes and brackets behind it, and
# then white space; the signs of Chinese and Japanese need none.
_END = re.compile(r"[.!?…؟۔।]+[\"'”’»)\]]*(?=\s|\Z)|[。！？]+[」』”’）]*")
_WORD_BEFORE = re.compile(r"[^\s\"'“”‘’«»()\[\]]*\Z")
_LOOK_BACK = 40

# Words whose full stop ends no sentence: before a name, a number, a list.
_ABBREVIATED = (
    "adm al ald amb approx art arts assoc ave bros brig ca capt cf cmdr co col const corp "
    "cpl dept det dir dr dra ed eds esp est etc fig figs fr ft gen gov hon inc insp int jr lt "
    "ltd maj messrs mgr mme mlle mr mrs ms mt mx no nos nr num nº op p para paras pp pres prof "
    "pt pte pvt rep res rev sec sen sgt sra sres sr srta st sta ste subst supt v vol vs "
    "jan feb mar apr jun jul aug sept sep oct nov dec "
    "г гг ул им т д стр см др проф св акад руб тыс млн млрд"
)
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())

_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"))


def first_sentence(text: str) -> str:
    """Return the first sentence of ``text``, which is on one line; all of it if it has one.

    A full stop behind a title, an initial or an abbreviation ("St.", "J. F.",
    "U.S.") or before a small letter or a digit ends nothing, nor does any sign
    inside of a quotation or of brackets.
    """
    for found in _END.finditer(text):
        if _is_end(text, found):
            return text[: found.end()]
    return text


def headline(text: str, max_chars: int = 90) -> str:
    """Return the first sentence as a title: short, and without its full stop.

    Args:
        text: a paragraph on one line.
        max_chars: the length, ellipsis included, that is cut to at a word's end.
    """
    # What is cut anyway need not be searched to its end.
    sentence = first_sentence(text[: 4 * max_chars])
    if len(sentence) <= max_chars:
        plain = sentence.removesuffix(".")
        ends_in_dots = plain.endswith(".") or _is_abbreviation(plain)
        return (not ends_in_dots and plain.removesuffix("。")) or sentence
    cut = sentence[: max_chars - 1]
    # The word that the cut falls into goes, unless the script has no spaces.
    head, space, _ = cut.rpartition(" ")
    if sentence[max_chars - 1] != " " and space and len(head) > max_chars // 2:
        cut = head
    return (cut.rstrip(" ,;:–—-(«“") or cut) + ELLIPSIS


def _is_end(text: str, found: re.Match[str]) -> bool:
    so_far = text[: found.end()]
    if any(so_far.count(opening) > so_far.count(closing) for opening, closing in _PAIRS):
        return False
    if found[0][0] != "." or found[0].startswith(".."):
        return True
    after = text[found.end() : found.end() + 3].lstrip(" \"'“‘«([¿¡")
    if after and (after[0].islower() or after[0].isdigit()):
        return False
    # "(…)." and "».": what closes before the stop is no abbreviation.
    return not _is_abbreviation(text[max(0, found.start() - _LOOK_BACK) : found.start()])


def _is_abbreviation(before: str) -> bool:
    word = _WORD_BEFORE.search(before)
    if word is None or not word[0]:
        return False
    if word[0].lower() in _ABBREVIATIONS:
        return True
    # Initials, and letters parted by dots: J, U.S, т.е.
    parts = word[0].split(".")
    return all(len(part) == 1 and part.isalpha() for part in parts)
