"""Terms in a text: folding, whole words, the longest first, and what may follow."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.tagging.folding import fold, folded
from rights_search.tagging.lexicon import STRONG, WEAK, Lexicon
from rights_search.tagging.term_patterns import patterns

LETTERS = st.characters() | st.sampled_from("aéßœİığăПйёїتأةى\u0640\u064e\u00ad\u200b’–→½ʻªﬁ\0")


@given(st.text(LETTERS))
def test_fold_goes_character_by_character(text: str) -> None:
    """Each character becomes one or none, in whatever company: encodings only save time."""
    assert fold(text) == "".join(map(fold, text))
    assert all(len(fold(char)) <= 1 for char in text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Égalité, DÉNIÉE", "l egalite  deniee"),
        ("Ёлка й Київ", "елка й київ"),
        ("التَّعْذِيبُ إلى", "التعذيب الي"),
        ("tor\u00adture", "torture"),
        ("e\u0301tat", "etat"),
        ("Erdoğan → İstanbul", "erdogan   istanbul"),
        ("100 %_x", "100   x"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    """Case, accents, vowel marks and signs make no difference; й stays itself."""
    assert fold(text) == expected


def lexicon(*terms: str, masks: tuple[str, ...] = (), language: str = "xx") -> Lexicon:
    """Return a lexicon in which the n-th term shows the number n; a last ``?`` means weak."""
    written = ((term.rstrip("?"), n, not term.endswith("?")) for n, term in enumerate(terms))
    return Lexicon(patterns(language, written, masks))


def found(words: Lexicon, text: str) -> dict[str, set[int]]:
    """Return the words that are terms → what they show."""
    body = folded({"body": text})
    shown: dict[str, set[int]] = {}
    spots = [spot for found in words.find(body) for spot in found.spots.values()]
    for term, start, end in spots:
        first, last = body.in_source(start, end - 1)
        numbers = {number for number, _ in words.shown[term]}
        if numbers:
            shown.setdefault(text[first:last], set()).update(numbers)
    return shown


CASES = [
    (["torture"], "Torture, tortured", {"Torture": {0}}),
    (["death penalty", "death"], "a DEATH-PENALTY, Death", {"DEATH-PENALTY": {0, 1}, "Death": {1}}),
    (["=death penalty", "death"], "a death penalty", {"death penalty": {0}}),
    (["death penalty"], "they met death. Penalty kicks", {}),
    (["cruel, inhuman"], "cruel, inhuman; cruel inhuman", {"cruel, inhuman": {0}}),
    (["arms trade", "trade unions"], "farms trade unions", {"trade unions": {1}}),
    (["pytoch*"], "PYTOCHNYJ spytoch", {"PYTOCHNYJ": {0}}),
    (["smert* kazn*"], "smertnoj kazni, smertnoj. kazni", {"smertnoj kazni": {0}}),
    (["pe* dva", "pe* dv* raz", "pe*"], "pet dve raz", {"pet": {2}, "pet dve raz": {1}}),
    (["pe* dva", "pe* dv* raz", "pe*"], "pet dva", {"pet": {2}, "pet dva": {0}}),
    (["gor*met*", "gor* x ... y"], "gorno-met gornometall", {"gornometall": {0}}),
    (["gor*met*", "gor* x ... y"], "gora x a b y", {"gora x a b y": {1}}),
    (["held ... to account"], "held at last to account", {"held at last to account": {0}}),
    (["held ... to account"], "held one two three four five to account", {}),
    (["CAT"], "a cat, the CAT", {"CAT": {0}}),
    (["(a|b)x(|s)"], "ax bxs x", {"ax": {0}, "bxs": {0}}),
    (["trade union", "union"], "trade union union", {"trade union": {0, 1}, "union": {1}}),
    (["=hot air", "hot", "so hot air"], "so hot air", {"so hot air": {0, 2}}),
    (["stem*", "stemming now"], "stemming now", {"stemming now": {1}, "stemming": {0}}),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "text", "expected"), CASES)
def test_terms(terms: list[str], text: str, expected: dict[str, set[int]]) -> None:
    """The notation of terms, one line a case."""
    assert found(lexicon(*terms), text) == expected


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("en", "prisoner of conscience", "prisoners of conscience"),
        ("en", "activity", "activities"),
        ("fr", "exécution sommaire", "exécutions sommaires"),
        ("es", "preso político", "presos políticos"),
        ("ar", "تعذيب", "والتعذيب"),
        ("ar", "تعذيب", "للتعذيب"),
        ("ar", "التعذيب", "للتعذيب"),
        ("ar", "سجين رأي", "السجين الرأي"),
    ],
)
def test_inflections_come_by_themselves(language: str, term: str, text: str) -> None:
    """A plural or an article need not be written into the vocabulary."""
    assert found(lexicon(term, language=language), text) == {text: {0}}


def test_a_mask_hides_what_is_in_it() -> None:
    """A phrase that means something else is no reason, the word elsewhere is."""
    words = lexicon("executive", masks=("executive director",))
    assert found(words, "The executive director") == {}
    assert found(words, "The executive") == {"executive": {0}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The children of the village", {"children of": {1}}),
        ("The children of all victims", {"children of": {1}, "children of all victims": {0}}),
        ("Trabalho escravo", {"Trabalho": {3}, "Trabalho escravo": {2}}),
        ("Trabalho escra", {"Trabalho": {3}}),
        ("Romana", {"Romana": {4}}),
    ],
)
def test_an_open_term_hides_no_word(text: str, expected: dict[str, set[int]]) -> None:
    """The words that it begins with count by themselves, whether what must follow does or not."""
    words = lexicon(
        "children of ... victims", "children", "trabalho escrav*", "trabalho", "roman*", "roma"
    )
    assert found(words, text) == expected


def test_strength_and_count() -> None:
    """A match says how often a term stands in a field, and how much it says."""
    words = lexicon("torture", "beaten?")
    fields = words.find(folded({"title": "Torture", "body": "beaten, beaten, torture"}))
    assert [
        (found.field, [(words.shown[term], count) for term, count in found.counts.items()])
        for found in fields
    ] == [
        ("title", [(((0, STRONG),), 1)]),
        ("body", [(((1, WEAK),), 2), (((0, STRONG),), 1)]),
    ]


def test_a_term_has_one_number_for_all_texts() -> None:
    """What has a condition is numbered when it is first found, and not once more later on."""
    words = lexicon("stem*", "held ... to account", "CAT")
    text = folded({"title": "CAT: stemming", "body": "stemmed, held at last to account, CAT"})
    first, second = ([dict(found.counts) for found in words.find(text)] for _ in range(2))
    assert first == second
    assert {number for counts in first for term in counts for number, _ in words.shown[term]} == {
        0,
        1,
        2,
    }


def test_no_term_goes_over_two_fields() -> None:
    """The end of a title and the beginning of a body are no phrase."""
    words = lexicon("death penalty", "held ... penalty")
    fields = words.find(folded({"title": "Held after death", "body": "Penalty"}))
    assert not any(words.shown[term] for found in fields for term in found.counts)


WORDS = st.lists(st.sampled_from("ab abc b bc c d".split()), min_size=1, max_size=3).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True), st.text("abcd -", max_size=40))
def test_the_longest_whole_words_win(terms: list[str], text: str) -> None:
    """Found is what a regular expression finds that tries the longest term first."""
    spaced = fold(text)
    longest_first = "|".join(sorted(terms, key=len, reverse=True))
    wanted = set(re.findall(rf"(?<!\S)(?:{longest_first})(?!\S)", spaced))
    assert {fold(words) for words in found(lexicon(*terms), text)} == wanted


def test_words_that_hide_a_term_may_be_many() -> None:
    """However often a term stands behind a word that only ends like another, each is found."""
    words = lexicon("arms trade", "trade unions")
    (fields,) = words.find(folded({"body": "Farms trade unions. " * 3000}))
    assert list(fields.counts.values()) == [3000]


@given(st.text(LETTERS, max_size=30), st.sampled_from(["torture", "Tor\u00adture", "TÔRTURE"]))
def test_places_lead_back_to_the_source(before: str, word: str) -> None:
    """Whatever was dropped before it, a match is the word as it stands in the text."""
    composed = unicodedata.normalize("NFC", before)
    assert word in found(lexicon("torture"), f"{composed} {word} .")
