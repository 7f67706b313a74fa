"""Which terms are inflections of one word, by light rules a language at a time.

The index holds words as written. A default search looks for a word's whole
family, found through the index's own vocabulary: two terms are one family in a
language when `stem` gives them the same stem. Rules take letters away from the end (in
Arabic also from the front) and change at most the last letter of what is left,
so that a family can be read off a sorted vocabulary: see `Rules.lookups`.

Light on purpose: Snowball merges minority with minor, arms with armed and
terrorism with terror, which a search for rights must not.

To add a language, add an entry to `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from rights_search.patterns import late
from rights_search.values import dataclass, field

VERSION = 2
"""Raised whenever a stem changes: an index of Tantivy holds stems, and is then built again."""

Script = Literal["latin", "cyrillic", "arabic", "other"]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """How one language inflects.

    Args:
        name: ISO 639-1 code.
        script: the script whose terms the rules apply to.
        strip: term → stem.
        irregular: terms that the endings get wrong → their stem.
        proclitics: what may stand in front of a stem, the empty string included.
        changing: letters at the end of a stem that some of its inflections lack.
    """

    name: str
    script: Script
    strip: Callable[[str], str]
    irregular: Mapping[str, str] = field(default_factory=dict)
    proclitics: tuple[str, ...] = ("",)
    changing: str = ""

    def stem(self, term: str) -> str:
        """Return the stem that ``term`` shares with its inflections."""
        return self.irregular.get(term) or self.strip(term)

    def lookups(self, stem: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return where a vocabulary may hold members of the family of ``stem``.

        Returns:
            The prefixes that regular members start with, and irregular members.
        """
        trunk = stem[:-1] if len(stem) > 2 and stem[-1] in self.changing else stem
        irregular = tuple(term for term, base in self.irregular.items() if base == stem)
        return tuple(front + trunk for front in self.proclitics), irregular


def script_of(term: str) -> Script:
    """Return the script of the first letter, as far as inflection cares."""
    char = next(filter(str.isalpha, term), "")
    if "a" <= char <= "z" or "\u00c0" <= char <= "\u024f":
        return "latin"
    if "\u0400" <= char <= "\u052f":
        return "cyrillic"
    if "\u0600" <= char <= "\u06ff":
        return "arabic"
    return "other"


def rules_for(language: str | None, script: Script) -> Rules | None:
    """Return the rules for terms of ``script`` in a post written in ``language``.

    A name in another script follows that script's own language: "protesters" in
    a Russian post is English. A post whose language is unknown is read so too. A
    language without rules has no inflections: only the word as written matches.
    """
    rules = RULES.get(language or "")
    if rules is not None and rules.script == script:
        return rules
    if language is None or SCRIPT_OF_LANGUAGE.get(language, "latin") != script:
        return DEFAULT_RULES.get(script)
    return None


@lru_cache(maxsize=100_000)
def stem(term: str, language: str | None) -> str:
    """Return the stem of ``term`` in a post of ``language`` (ISO 639-1 or None)."""
    rules = rules_for(language, script_of(term))
    return term if rules is None else rules.stem(term)


def are_related(first: str, second: str, language: str | None) -> bool:
    """Tell whether two terms are inflections of one word in ``language``."""
    return first == second or stem(first, language) == stem(second, language)


# --- English -----------------------------------------------------------------

_VOWELS = frozenset("aeiouy")


def _strip_english(term: str) -> str:
    """Take off plural, -ed and -ing; undouble; drop a final e; turn y into i.

    torture, tortures, tortured, torturing → tortur; expel, expelled → expel;
    country, countries → countri; fire, fired, firing → fire. An e stays where
    four letters or fewer end in it, so that "care" is not "car".
    """
    if len(term) < 3 or not term.isalpha() or term in _ENGLISH_ALONE:
        return term
    word = _strip_english_plural(term)
    if word in _ENGLISH_ALONE:
        return word
    word = _strip_english_verb(word)
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "i"
    if len(word) > 4 and word.endswith("e") and word[-2] not in "aeoy":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and _is_doubled(word) else word


def _strip_english_plural(term: str) -> str:
    if len(term) < 4 or not term.endswith("s") or term.endswith(("ss", "us", "sis")):
        return term
    if len(term) > 4 and term.endswith(("ies", "sses", "shes", "ches", "xes", "zzes")):
        return term[:-2]
    if len(term) > 5 and term.endswith("oes"):
        return term[:-2]
    return term[:-1]


def _strip_english_verb(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if len(word) > 5 else word
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) > 2 and not _VOWELS.isdisjoint(base):
            if len(base) == 3 and _has_lost_e(base):
                return base + "e"
            is_bann = len(base) == 4 and _is_doubled(base) and base[-1] not in "flsz"
            return base[:-1] if is_bann else base
    return word


def _has_lost_e(base: str) -> bool:
    """Tell fir(e)d and urg(e)d from end-ed, tax-ed and see-ing."""
    starts_with_vowel = base[0] in _VOWELS and base[-1] not in "gs"
    return not starts_with_vowel and base[-1] not in "aeiouwxy"


def _is_doubled(word: str) -> bool:
    return word[-1] == word[-2] and word[-1] not in _VOWELS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _irregular(families: str) -> dict[str, str]:
    """Return term → stem for ``stem:term,term`` families."""
    pairs = (family.partition(":") for family in families.split())
    return {term: base for base, _, terms in pairs for term in terms.split(",")}


# Where the endings lie: words that only look inflected, words that would lose the
# e that tells them from another one, and words whose inflected form has a life of
# its own (armed forces have no arms to search for, AIDS is no aid).
_ENGLISH_ALONE = _words(
    "aids armed arms chile denis evening exceed farce forced france goods hamas harris herring "
    "interested julie leone manning marie means news outing proceed quite sayed stats succeed "
    "united wicked youre "
    "bathe breathe caste clothe humane locale morale paste plane rationale scare shame slave "
    "stare state stripe suite theme unite"
)
# Stem → strong plurals and pasts.
_ENGLISH_IRREGULAR = (
    "man:men woman:women child:children foot:feet tooth:teeth wife:wives life:lives half:halves "
    "knif:knives thief:thieves shelf:shelves crisis:crises analysis:analyses gas:gases,gassed "
    "bus:buses mp:mps hindu:hindus hutu:hutus zulu:zulus menu:menus "
    "die:died,dying lie:lied,lying tie:tied,tying sue:sued,suing use:used,using free:freed "
    "go:goes,going,gone,went do:does,doing,did,done "
    "beat:beaten begin:began,begun break:broke,broken bring:brought build:built burn:burnt "
    "buy:bought choos:chose,chosen come:came driv:drove,driven fall:fell,fallen fight:fought "
    "find:found flee:fled forbid:forbade,forbidden give:gave,given grow:grew,grown hang:hung "
    "hear:heard hide:hid,hidden hold:held keep:kept know:knew,known lead:led lose:lost "
    "make:made meet:met overthrow:overthrew,overthrown panic:panicked,panicking pay:paid "
    "scare:scared,scaring shame:shamed,shaming say:said see:seen seek:sought sell:sold send:sent "
    "shoot:shot,shots speak:spoke,spoken stand:stood stare:stared,staring steal:stole,stolen "
    "strik:struck swear:swore,sworn take:took,taken teach:taught tell:told think:thought "
    "throw:threw,thrown understand:understood unite:uniting uphold:upheld win:won "
    "withdraw:withdrew,withdrawn withhold:withheld writ:wrote,written"
)


# --- French and Spanish --------------------------------------------------------


def _strip_french(term: str) -> str:
    """Take off plural, feminine, past participle and -er (on folded terms).

    arrêté, arrêtés, arrêtée, arrêtées, arrêter → arret; national, nationaux,
    nationale → nationa; réseau, réseaux → reseau; droit, droits → droit.
    """
    word = term
    if len(word) > 4 and word.endswith("aux") and word[-4] != "e":
        return word[:-2]
    if len(word) > 4 and word.endswith(("s", "x")) and word[-2] != "s":
        word = word[:-1]
    if len(word) > 4 and word.endswith(("ale", "al")):
        return word[: word.rindex("l")]
    for ending in ("e", "e", "er"):
        # Four letters stay: "hiver" (winter) is not HIV.
        if len(word) > max(4, 3 + len(ending)) and word.endswith(ending):
            word = word[: -len(ending)]
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] in "lnt" else word


def _strip_spanish(term: str) -> str:
    """Take off plural and gender endings (on folded terms).

    detenido, detenida, detenidos, detenidas → detenid; prisión, prisiones →
    prision; ley, leyes → ley; capaz, capaces → capa.
    """
    word = term
    if len(word) > 5 and word.endswith("ces"):
        return word[:-3]
    if len(word) > 4 and word.endswith("z"):
        return word[:-1]
    if len(word) > 4 and word.endswith("es") and word[-3] not in _VOWELS - {"y"}:
        return word[:-2]
    if len(word) > 4 and word.endswith("s") and word[-2] in "aeo":
        word = word[:-1]
    if len(word) > 4 and word[-1] in "aeo":
        word = word[:-1]
    return word


# Words of four letters whose plural counts, and the political right, which is not
# the right that a person has.
_FRENCH_IRREGULAR = (
    "droite:droite,droites gay:gays loi:lois roi:rois tue:tuee,tuees,tuer,tues vie:vies"
)
_SPANISH_IRREGULAR = "derecha:derecha,derechas gay:gays juez:jueces luz:luces vez:veces voz:voces"

# --- Portuguese ------------------------------------------------------------------

_PORTUGUESE_PLURALS = (
    ("oes", "a"), ("aes", "a"), ("aos", "a"), ("ao", "a"), ("ais", "al"), ("eis", "el"),
    ("ois", "ol"), ("uis", "ul"), ("is", "il"), ("ns", "m"),
)  # fmt: skip


def _strip_portuguese(term: str) -> str:
    """Take off plural and gender endings (on folded terms).

    prisão, prisões → prisa; policial, policiais → policial; jovem, jovens → jovem;
    mulher, mulheres → mulher; detido, detida, detidos, detidas → detid.
    """
    word = term
    if len(word) > 4:
        for plural, singular in _PORTUGUESE_PLURALS:
            if word.endswith(plural):
                return word.removesuffix(plural) + singular
    if len(word) > 4 and word.endswith("es") and word[-3] not in _VOWELS:
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and word[-2] in _VOWELS:
        word = word[:-1]
    if len(word) > 4 and word[-1] in "aeo":
        word = word[:-1]
    return word


_PORTUGUESE_IRREGULAR = (
    "cidada:cidada,cidadas direita:direita,direitas gay:gays lei:leis mes:meses pais:pais,paises "
    "rei:reis"
)

# --- German ------------------------------------------------------------------------

# What an adjective or participle may end with before -er; behind other letters it is mostly
# someone who does something: an Arbeiter is no Arbeit.
_GERMAN_ADJECTIVES = (
    "lich", "ig", "los", "bar", "sam", "end", "et", "en", "iert", "eilt", "agt", "tzt", "olgt",
)  # fmt: skip
_GERMAN_PLURALS = (
    "bilder", "bucher", "dorfer", "glieder", "graber", "hauser", "kinder", "lander", "manner",
    "volker",
)  # fmt: skip
_GERMAN_CASES = ("en", "es", "em", "e")


def _strip_german(term: str) -> str:
    """Take off case, plural and adjective endings (on folded terms: umlauts have no dots).

    Häftling, Häftlinge, Häftlingen → haftling; Verhaftung, Verhaftungen → verhaftung; Gefängnis,
    Gefängnisse → gefangnis; politische, politischer → politisch; Gefangene, Gefangener → gefang;
    Stadt, Städte → stadt; Syrien, Syriens → syri.
    """
    word = term
    if len(word) > 4 and word[-1] == "s" and word[-2] in "abdfghklmnort":
        word = word[:-1]
    if word.endswith(("ern", "eln")) and len(word) > 5:
        word = word[:-1]
    ending = next((each for each in _GERMAN_CASES if word.endswith(each)), "")
    if not ending and _is_inflected_by_er(word):
        ending = "er"
    if len(word) - len(ending) > 2:
        word = word[: len(word) - len(ending)]
    if ending and len(word) > 5 and word.endswith("en"):
        word = word[:-2]
    return word[:-1] if len(word) > 4 and word.endswith(("ss", "nn")) else word


def _is_inflected_by_er(word: str) -> bool:
    if word.endswith(_GERMAN_PLURALS):
        return True
    base = word.removesuffix("er")
    is_adjective = base.endswith("isch") and len(base) > 5
    return base != word and len(base) > 4 and (is_adjective or base.endswith(_GERMAN_ADJECTIVES))


_GERMAN_IRREGULAR = "beamt:beamter moskau:moskaus gefang:gefangen mord:morde,morden,mordes"

# --- Russian -------------------------------------------------------------------

# Case and number endings of nouns and adjectives, the longest first. Verbs are
# left alone but for what looks like a noun; ё is folded to е before.
_RUSSIAN_ENDINGS = late(
    "(?:иями|ями|ами|иях|иям|ием|ией|ого|его|ому|ему|ыми|ими|ах|ях|ов|ев|ей|ой|ий|ый|ая|яя|ое|ее|"
    "ую|юю|ые|ие|ых|их|ым|им|ом|ем|ам|ям|ью|ия|ии|ию|а|я|о|е|у|ю|ы|и|ь|й)\\Z"
)


def _strip_russian(term: str) -> str:
    """Take off one case ending; a stem keeps at least three letters.

    Чечня, Чечни, Чечне, Чечню → чечн; пытка, пытки, пыткам → пытк; арестованный,
    арестованных → арестованн.
    """
    match = _RUSSIAN_ENDINGS.search(term, 3)
    return term[: match.start()] if match else term


# Genitive plurals with a vowel that the other cases lack.
_RUSSIAN_IRREGULAR = (
    "пытк:пыток активистк:активисток забастовк:забастовок журналистк:журналисток "
    "задержк:задержек листовк:листовок повестк:повесток ссылк:ссылок"
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
    word = term[: match.start()] if match else term
    return word[:-1] if len(word) > 4 and word.endswith("нн") else word


# Names in -ів and what has a vowel in some cases only.
_UKRAINIAN_IRREGULAR = (
    "київ:києва,києву,києвом,києві льв:львова,львову,львовом,львові "
    "харк:харкова,харкову,харковом,харкові черніг:чернігова,чернігову,черніговом,чернігові "
    "вязн:вязень вбивц:вбивець журналістк:журналісток активістк:активісток вязниц:вязниць"
)

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


RULES: Mapping[str, Rules] = {
    rules.name: rules
    for rules in (
        Rules("en", "latin", _strip_english, _irregular(_ENGLISH_IRREGULAR), changing="ie"),
        Rules("fr", "latin", _strip_french, _irregular(_FRENCH_IRREGULAR)),
        Rules("es", "latin", _strip_spanish, _irregular(_SPANISH_IRREGULAR)),
        Rules("pt", "latin", _strip_portuguese, _irregular(_PORTUGUESE_IRREGULAR), changing="alm"),
        Rules("de", "latin", _strip_german, _irregular(_GERMAN_IRREGULAR)),
        Rules("ru", "cyrillic", _strip_russian, _irregular(_RUSSIAN_IRREGULAR)),
        Rules("uk", "cyrillic", _strip_ukrainian, _irregular(_UKRAINIAN_IRREGULAR)),
        Rules("fa", "arabic", _strip_persian),
        Rules("ar", "arabic", _strip_arabic, proclitics=_ARABIC_PROCLITICS),
    )
}

DEFAULT_RULES: Mapping[Script, Rules] = {
    "latin": RULES["en"],
    "cyrillic": RULES["ru"],
    "arabic": RULES["ar"],
}

SCRIPT_OF_LANGUAGE: Mapping[str, Script] = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "ug", "sd"), "arabic"),
    **dict.fromkeys(("zh", "ja", "ko", "el", "he", "th", "hi", "bn", "ta", "my", "km"), "other"),
    **dict.fromkeys(("ka", "hy", "am", "ti", "ne", "si", "lo", "te", "ml", "kn", "mr"), "other"),
}
"""Languages that are not written in Latin letters; all others are taken to be."""
