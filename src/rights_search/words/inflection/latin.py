"""How languages of the Latin script inflect: see `rules.Rules`."""

from __future__ import annotations

from rights_search.words.inflection.rules import Rules, irregular_stems

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


RULES = (
    Rules("en", _strip_english, irregular_stems(_ENGLISH_IRREGULAR), changing="ie"),
    Rules("fr", _strip_french, irregular_stems(_FRENCH_IRREGULAR)),
    Rules("es", _strip_spanish, irregular_stems(_SPANISH_IRREGULAR)),
    Rules("pt", _strip_portuguese, irregular_stems(_PORTUGUESE_IRREGULAR), changing="alm"),
    Rules("de", _strip_german, irregular_stems(_GERMAN_IRREGULAR)),
)
