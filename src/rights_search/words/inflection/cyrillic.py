"""How languages of the Cyrillic script inflect: see `rules.Rules`."""

from __future__ import annotations

from rights_search.patterns import late
from rights_search.words.inflection.rules import Rules, irregular_stems

# --- A vowel that comes and goes ------------------------------------------------

# Where no ending follows, a vowel stands before the last consonant that the other forms lack:
# беженец, беженцы; участок, участка; забастовка, забастовок. It is left out everywhere. The
# consonant stays: without it украинец were a form of Украина.
_FLEETING = late(r"(?:ец|(?<=..)[ьй]ц|(?<=...)[ое]к)\Z")
_FIRM = frozenset("жесток высок глубок широк далек одинок жорсток висок глибок".split())
"""Adjectives that keep their vowel: without it жестокий, cruel, were жёсткий, tough."""


def _without_fleeting_vowel(stem: str) -> str:
    """Return a stem of a noun as it is before an ending."""
    if len(stem) > 3 and stem not in _FIRM and _FLEETING.search(stem):
        return stem[:-2] + stem[-1]
    return stem


# --- Russian -------------------------------------------------------------------

# Case and number endings of nouns and adjectives, the longest first. Verbs are
# left alone but for what looks like a noun; ё is folded to е before.
_RUSSIAN_ENDINGS = late(
    "(?:иями|ями|ами|иях|иям|ием|ией|ого|его|ому|ему|ыми|ими|ах|ях|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|"
    "ую|юю|ые|ие|ых|их|ым|им|ом|ем|ам|ям|ью|ия|ии|ию|а|я|о|е|у|ю|ы|и|ь|й)\\Z"
)


def _strip_russian(term: str) -> str:
    """Take off one case ending; a stem keeps at least three letters.

    Чечня, Чечни, Чечне, Чечню → чечн; пытка, пытки, пыток → пытк; беженец, беженцев → беженц;
    арестованный, арестованных → арестованн.
    """
    match = _RUSSIAN_ENDINGS.search(term, 3)
    return _without_fleeting_vowel(term[: match.start()] if match else term)


# Other consonants than к and ц behind such a vowel.
_RUSSIAN_IRREGULAR = (
    "тюрьм:тюрем судьб:судеб письм:писем сестр:сестер церкв:церковь,церковью земл:земель "
    "деньг:денег окн:окон песн:песен"
)

# --- Ukrainian -------------------------------------------------------------------

# As in Russian: cases and numbers of nouns, adjectives and participles.
_UKRAINIAN_ENDINGS = late(
    "(?:ями|ами|ими|їми|ією|ього|ому|ого|ові|еві|єві|ів|їв|ей|ам|ям|ах|ях|ом|ем|єм|им|їм|их|їх|"
    "ою|ею|єю|ої|еї|ую|юю|ій|ий|ії|ію|ія|а|я|о|е|є|у|ю|и|і|ї|ь|й)\\Z"
)


def _strip_ukrainian(term: str) -> str:
    """Take off one case ending and the second н of nouns in -ння; three letters stay.

    Крим, Криму, Кримом → крим; журналіст, журналістів, журналістами → журналіст; катування,
    катувань, катуваннями → катуван; затриманий, затриманих → затриман.
    """
    match = _UKRAINIAN_ENDINGS.search(term, 3)
    word = _without_fleeting_vowel(term[: match.start()] if match else term)
    return word[:-1] if len(word) > 4 and word.endswith("нн") else word


# Names in -ів and what has a vowel in some cases only.
_UKRAINIAN_IRREGULAR = (
    "київ:києва,києву,києвом,києві льв:львова,львову,львовом,львові "
    "харк:харкова,харкову,харковом,харкові черніг:чернігова,чернігову,черніговом,чернігові "
    "вязн:вязень вязниц:вязниць"
)


RULES = (
    Rules("ru", _strip_russian, irregular_stems(_RUSSIAN_IRREGULAR), changing="цк"),
    Rules("uk", _strip_ukrainian, irregular_stems(_UKRAINIAN_IRREGULAR), changing="цк"),
)
