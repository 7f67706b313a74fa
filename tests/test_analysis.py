"""Text → tokens: what is one term, what is another, and where it stands."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import is_linear
from rights_search import analysis
from rights_search.analysis import MAX_TERM_CHARS, fold, terms, tokenise

# Signs that meet in real words, and such as have broken a tokeniser before.
AWKWARD = st.text(
    "aéıİßﬁŉUuSs12½①.'’´`ʼ‘-_ \u0301\u0306\u0307\u00ad\u200b\u200d\u202e\ufeff"
    "йиё\u0431Йأاىةّـפَ人々がか\u3099ｶﾞ한각ᄀ\u1161नमस्ते\u0e23\u0e37ำក្\ud800\U0001f600\t\n",
    max_size=12,
)
TEXTS = st.text(max_size=60) | AWKWARD


@given(TEXTS)
@example("the US's U.S. U.S")
def test_tokens_stand_where_they_say(text: str) -> None:
    """Offsets rise, never overlap, and the text between them folds to the term."""
    end = 0
    for count, token in enumerate(tokenise(text, first_position=7)):
        assert end <= token.start < token.end <= len(text)
        assert token.position == count + 7
        assert fold(text[token.start : token.end]) == token.term != ""
        end = token.end


@given(TEXTS)
@example("a\u00adb\u02ff\u0300\u036f\u0370\ufeff\U00020000")
def test_rare_characters_are_found_in_a_table_as_by_the_pattern(text: str) -> None:
    """A short text is plain for the table if it is for the pattern."""
    assert analysis._has_no_rare(text) == (analysis._rare().search(text) is None)  # noqa: SLF001


@given(TEXTS)
@example("人权")
@example("中国人权")
@example("人々")
@example("䷿一鿿ꀀ")
def test_terms_are_those_of_the_tokens(text: str) -> None:
    """`terms` is `tokenise` without the places."""
    assert terms(text) == [token.term for token in tokenise(text)]


@given(st.text(st.sampled_from("aBé9'’.` _-жU\u200b\u0301\u4e00\u0e01")) | TEXTS)
@example("U.S.A. u.n. 1.a a.1 A'b'c l’eau a''b U.Sa")
def test_plain_texts_have_the_same_tokens(text: str) -> None:
    """What finds the tokens of plain texts finds what the whole pattern finds."""
    plain = analysis._rare().sub("", text)  # noqa: SLF001
    assert analysis._PLAIN_TOKEN.findall(plain) == analysis._token().findall(plain)  # noqa: SLF001


@given(TEXTS)
@example("ŉ")
@example("ʹ")
@example("ͺ")
@example("ᄀ\u200b\u1161")
@example("É.U.")
def test_folding_twice_changes_nothing(text: str) -> None:
    """A term stays as it is, so that a stored one can be looked up again."""
    for term in terms(text):
        assert fold(term) == term


@given(TEXTS)
def test_terms_hold_only_letters_digits_and_marks(text: str) -> None:
    """No space, sign or control gets into a term; the dot of u.s is the one exception."""
    for term in terms(text):
        kinds = {unicodedata.category(char)[0] for char in term.replace("u.s", "us")}
        assert kinds <= {"L", "N", "M"}, term
        assert len(term) <= MAX_TERM_CHARS


@given(st.text("abcdefgéèüñçøßæłéö’' ", max_size=30))
def test_case_and_accents_do_not_count(text: str) -> None:
    """The same text in capitals, or with accents as marks of their own, has the same terms."""
    assert terms(text.upper()) == terms(text)
    assert terms(unicodedata.normalize("NFD", text)) == terms(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("right to life", "right to life"),
        ("Guantánamo, Türkiye, İstanbul & ISTANBUL", "guantanamo turkiye istanbul istanbul"),
        ("Łódź Århus Đà Nẵng straße", "lodz arhus da nang strasse"),
        ("Azərbaycan", "azarbaycan"),
        # Possessives, contractions, elisions; every apostrophe that people type.
        ("Amnesty's Amnesty’s Amnesty´s Amnesty`s Amnestyʼs", "amnesty " * 5),
        ("don't don’t don´t don`t", "dont " * 4),
        ("l'homme d’Ivoire qu'elle lorsqu’il L'ÉTAT", "homme ivoire elle il etat"),
        ("N'Djamena O'Brien rock'n'roll d'Souza", "ndjamena obrien rocknroll dsouza"),
        ("'quoted' ‘quoted’", "quoted quoted"),
        # The country and the pronoun.
        ("US us Us", "u.s us us"),
        ("U.S. U.S u.s. US's US’s ＵＳ", "u.s " * 6),
        ("U.S.A. USA U.K. UK U.N.", "usa usa uk uk un"),
        ("甲.乙 A.一 一.b", "甲 乙 a 一 一 b"),
        ("㊀㈠ a㊁ 〸", "一 一 a 二 十"),
        ("e.g. i.e. J.K.Rowling С.С.С.Р. É.U.", "eg ie jk rowling ссср eu"),
        ("end. Of a sentence", "end of a sentence"),
        # One number, whatever script its digits are of.
        ("2334 ٢٣٣٤ ۲۳۳۴ २३३४ ２３３４", "2334 " * 5),
        ("المادة ٢٢٧ م٣", "الماده 227 م3"),
        # What falls apart.
        ("e-mail long-range COVID-19", "e mail long range covid 19"),
        ("c++ #MeToo @handle $100 50% 3.14", "c metoo handle 100 50 3 14"),
        ("https://a.example.org/b_c?d=é", "https a example org b c d e"),
        ("A/HRC/RES/31/1", "a hrc res 31 1"),
        ("½ ① ﬁre", "12 1 fire"),
        ("😀 👍🏽 — … ·", ""),
        # Invisible characters, here a soft hyphen, a zero-width space, a bidi control.
        ("tor\u00adture tor\u200bture \u202etorture\u202c", "torture torture torture"),
        # Cyrillic: ё is е, but й is never и.
        ("Ёлка ещё мой и\u0306 за\u0301мок", "елка еще мой й замок"),
        # Arabic: vowel signs, tatweel, hamza seats, ta marbuta, Persian letters.
        ("تَعْذِيب تعـــذيب", "تعذيب تعذيب"),
        ("أحمد إحمد آحمد المرأة على علي", "احمد احمد احمد المراه علي علي"),
        ("سجن، تعذيب؟ «حقوق»", "سجن تعذيب حقوق"),
        ("کابل می‌خواهم", "كابل ميخواهم"),
        # Hebrew points and Indic vowel signs.
        ("שָׁלוֹם हिन्दी বাংলা", "שלום हिन्दी বাংলা"),
        ("ދިވެހި བོད་ཡིག", "ދިވެހި བོད ཡིག"),
        # Scripts without spaces: each letter with its marks.
        ("人权 カタカナ 人々", "人 权 カ タ カ ナ 人 々"),
        ("か\u3099 が ｶﾞ", "が が ガ"),
        ("လူ့အခွင့်", "လူ့ အ ခွ င့်"),
        ("รื่น សិទ្ធិ", "รื่ น សិ ទ្ ធិ"),
        ("NGO人权NGO", "ngo 人 权 ngo"),
        ("인권", "인권"),
    ],
)
def test_what_becomes_of_a_text(text: str, expected: str) -> None:
    """Each case once cost a search its result, or could have."""
    assert terms(text) == expected.split()


def test_a_long_word_is_cut_and_still_found() -> None:
    """A word beyond the limit gives the same term in a post and in a query."""
    assert terms("x" * 500) == ["x" * MAX_TERM_CHARS]
    assert terms("a." * 500) == ["a" * MAX_TERM_CHARS]


@pytest.mark.parametrize("unit", ["a.", "a'", "a\u200b", "\u200b", "人", "é́́", "a\u0301'", "U.S"])
def test_tokenising_takes_linear_time(unit: str) -> None:
    """200,000 characters of anything take about eight times as long as 25,000: no blow-up."""
    assert is_linear(lambda size: list(tokenise(unit * (size // len(unit)))), 25_000)
