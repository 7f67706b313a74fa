"""How languages of the Arabic script inflect: see `rules.Rules`."""

from __future__ import annotations

from rights_search.patterns import late
from rights_search.words.inflection.rules import Rules

# --- Arabic --------------------------------------------------------------------

_ARABIC_ARTICLES = ("ال", "بال", "كال", "لل")
_ARABIC_PROCLITICS = tuple(
    article + root
    for article in ("", *(and_ + the for and_ in ("", "و", "ف") for the in _ARABIC_ARTICLES))
    for root in ("", "و")
)
_ARABIC_FRONT = late(rf"\A(?:[وف]?(?:{'|'.join(_ARABIC_ARTICLES)})(?=...))?(?:و(?=...))?")
_ARABIC_ENDINGS = late(r"(?:ات|ون|ين|يه|هم|ها|ه|ي)\Z")
_ARABIC_MIN_STEM = 3


def _strip_arabic(term: str) -> str:
    """Take off article, "and" and prepositions in front, two endings behind.

    After the "light10" stemmer of Larkey, Ballesteros and Connell (2002), on
    terms whose hamza seats and ta marbuta are folded: التعذيب, والتعذيب → تعذيب. The
    prepositions ب ل ك come off with the article only, since the first letter of
    a word is more often its own (برلمان, لاجئ). A و goes behind the article too, so
    that الوزارة stays with وزارة. The dual -ان stays: many country names end so.
    """
    word = _ARABIC_FRONT.sub("", term)
    for _ in range(2):
        ending = _ARABIC_ENDINGS.search(word, _ARABIC_MIN_STEM)
        word = word[: ending.start()] if ending else word
    return word


_PERSIAN_PLURAL = late(r"(?:هايي|هاي|ها)\Z")


def _strip_persian(term: str) -> str:
    """Take off the plural -hā, also before the ezafe (on folded terms, without the joiner).

    زندان, زندان‌ها, زندان‌های → زندان. What is written apart is a word of its own.
    """
    return _PERSIAN_PLURAL.sub("", term) if len(term) > 4 else term


RULES = (
    Rules("ar", _strip_arabic, proclitics=_ARABIC_PROCLITICS),
    Rules("fa", _strip_persian),
)
