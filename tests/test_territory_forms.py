"""The names of states and regions in seven languages, in the forms that texts have them in.

Each row of the fixtures is a state or region in one language with its forms: case
forms in Russian, genitives in German, prefixes in Arabic, masculine, feminine and
plural of the people. A new form needs no code.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rights_search.geography import territories
from rights_search.post import Post, Provenance
from rights_search.tagging.countries import tag_countries

FIXTURES = Path(__file__).parent / "fixtures" / "territories"
PROVENANCE = Provenance("blog/1.txt", "0" * 64, "plain")
# Words that mean two states, or something else, tell nothing by themselves.
AMBIGUOUS = {
    *((code, language) for code in ("CD", "CG") for language in territories.LANGUAGES),
    *{("DM", "en"), ("DO", "en"), ("IN", "es"), ("KM", "ar"), ("ML", "ar")},
    # Nobody has a word for them there.
    *{("KN", "ar"), ("KN", "de")},
}


def rows(name: str) -> list[list[str]]:
    """Return the rows of a fixture, its header left out."""
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def tagged(form: str, language: str) -> Post:
    """Return a post of one sentence that names nothing but the form."""
    sentence = f"— {form} —"
    return tag_countries(
        Post("0" * 12, sentence, (sentence,), PROVENANCE, title_derived=True, language=language)
    )


def named(form: str, language: str) -> list[str]:
    """Return the codes that a sentence with the form names."""
    return [tag.value for tag in tagged(form, language).mentions]


@pytest.mark.parametrize("language", territories.LANGUAGES)
def test_states_and_their_people(language: str) -> None:
    """Every form of every state's name and of its people's gives that state and no other."""
    wrong = {
        (code, form): found
        for code, of_language, names, demonyms in rows("forms.tsv")
        if of_language == language
        for form in (*names.split("|"), *filter(None, demonyms.split("|")))
        if (found := named(form, language)) != [code]
    }
    assert wrong == {}


def test_every_member_state_stands_there_in_every_language() -> None:
    """The fixture holds the 193 members of the United Nations, each in seven languages."""
    table = rows("forms.tsv")
    assert len({code for code, *_ in table}) == 193
    assert len({(code, language) for code, language, *_ in table}) == 193 * 7 == len(table)
    without = {(code, language) for code, language, _, demonyms in table if not demonyms}
    assert without <= AMBIGUOUS


@pytest.mark.parametrize("language", territories.LANGUAGES)
def test_regions(language: str) -> None:
    """Every form of a region gives its place tag and its country."""
    wrong = {
        (place, form): post
        for place, code, of_language, forms in rows("regions.tsv")
        if of_language == language
        for form in forms.split("|")
        if (post := tagged(form, language))
        and ([tag.value for tag in post.places], [tag.value for tag in post.mentions])
        != ([place], [code])
    }
    assert wrong == {}


@pytest.mark.parametrize("prefix", ["", "و", "ب", "ل", "ف", "ك", "وب", "ول"])
@pytest.mark.parametrize(
    ("word", "code"),
    [("سوريا", "SY"), ("تونس", "TN"), ("العراق", "IQ"), ("الصين", "CN"), ("الروسية", "RU")],
)
def test_arabic_prefixes(prefix: str, word: str, code: str) -> None:
    """Conjunctions and prepositions are written together with the word that follows."""
    # "to" and "the" melt into one: للعراق.
    form = "ل" + word[1:] if prefix.endswith("ل") and word.startswith("ال") else word
    assert named(prefix + form, "ar") == [code]


@pytest.mark.parametrize("word", ["سوريانا", "متونس", "لفصين", "وكالة تونسية"])
def test_letters_that_are_no_arabic_prefix(word: str) -> None:
    """A name inside another word is not found; the last one has a whole word that is."""
    assert named(word, "ar") == (["TN"] if " " in word else [])


@pytest.mark.parametrize(
    ("form", "language", "code"),
    [
        ("the USSR", "en", "SUHH"),
        ("l’URSS", "fr", "SUHH"),
        ("Unión Soviética", "es", "SUHH"),
        ("URSS", "pt", "SUHH"),
        ("СССР", "ru", "SUHH"),
        ("Советского Союза", "ru", "SUHH"),
        ("الاتحاد السوفيتي", "ar", "SUHH"),
        ("UdSSR", "de", "SUHH"),
        ("Sowjetunion", "de", "SUHH"),
        ("Yougoslavie", "fr", "YUCS"),
        ("Югославии", "ru", "YUCS"),
        ("Jugoslawien", "de", "YUCS"),
        ("Checoslovaquia", "es", "CSHH"),
        ("Чехословакии", "ru", "CSHH"),
        ("Tschechoslowakei", "de", "CSHH"),
        ("East Germany", "en", "DDDE"),
        ("RDA", "fr", "DDDE"),
        ("ГДР", "ru", "DDDE"),
        ("DDR", "de", "DDDE"),
        ("Zaïre", "fr", "CD"),
        ("Заире", "ru", "CD"),
        ("زائير", "ar", "CD"),
        ("Burma", "en", "MM"),
        ("Birmanie", "fr", "MM"),
        ("Бирме", "ru", "MM"),
        ("Upper Volta", "en", "BF"),
        ("Haute-Volta", "fr", "BF"),
        ("Alto Volta", "pt", "BF"),
        ("Rhodesia", "en", "ZW"),
        ("Rhodésie", "fr", "ZW"),
        ("Родезии", "ru", "ZW"),
        ("Ceylon", "en", "LK"),
        ("Dahomey", "en", "BJ"),
        ("Swaziland", "en", "SZ"),
        ("Свазиленда", "ru", "SZ"),
        ("West Germany", "en", "DE"),
        ("South Yemen", "en", "YDYE"),
        ("Tanganyika", "en", "TZ"),
        ("Kampuchea", "en", "KH"),
        ("South West Africa", "en", "NA"),
    ],
)
def test_names_of_the_past(form: str, language: str, code: str) -> None:
    """A state that is no more has its own code, a renamed one today's."""
    assert named(form, language) == [code]
