"""Language tags: the source's word, scripts, small words, and saying nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.post import Post, Provenance
from rights_search.tagging.language import detect, tag_language

PROVENANCE = Provenance("blog/1.txt", "0" * 64, "plain")

ARTICLE_1 = {
    "en": "All people are born free, and they have the same dignity and the same rights.",
    "fr": "Tous les hommes naissent libres, et ils ont la même dignité et les mêmes droits.",
    "es": "Todas las personas nacen libres y tienen la misma dignidad y los mismos derechos.",
    "pt": "Todas as pessoas nascem livres e têm a mesma dignidade e os mesmos direitos.",
    "it": "Tutti gli uomini nascono liberi e hanno la stessa dignità e gli stessi diritti.",
    "ca": "Totes les persones neixen lliures i tenen la mateixa dignitat i els mateixos drets.",
    "ro": "Toți oamenii se nasc liberi și au aceeași demnitate și aceleași drepturi.",
    "de": "Alle Menschen werden frei geboren und haben die gleiche Würde und die gleichen Rechte.",
    "nl": "Alle mensen worden vrij geboren en hebben dezelfde waardigheid en dezelfde rechten.",
    "sv": "Alla människor är födda fria och har samma värde och samma rättigheter.",
    "pl": "Wszyscy ludzie rodzą się wolni i mają taką samą godność oraz takie same prawa.",
    "cs": "Všichni lidé se rodí svobodní a mají stejnou důstojnost i stejná práva.",
    "hu": "Minden ember szabadnak születik, és egyenlő a méltósága és a joga is.",
    "tr": "Bütün insanlar özgür doğar ve aynı onura ve aynı haklara sahip olur, çünkü bu haktır.",
    "id": "Semua orang dilahirkan bebas dan mempunyai martabat dan hak yang sama.",
    "vi": "Mọi người sinh ra đều tự do và có cùng phẩm giá và các quyền như nhau.",
    "sw": "Watu wote huzaliwa huru na wana hadhi na haki sawa katika nchi yao.",
    "ru": "Все люди рождаются свободными и имеют одинаковое достоинство и одинаковые права.",
    "uk": "Усі люди народжуються вільними і мають однакову гідність та однакові права.",
    "be": "Усе людзі нараджаюцца вольнымі і маюць аднолькавую годнасць і правы.",
    "bg": "Всички хора се раждат свободни и имат едно и също достойнство и права.",
    "sr": "Сви људи се рађају слободни и имају исто достојанство и иста права.",
    "ar": "يولد جميع الناس أحرارا ولهم نفس الكرامة ونفس الحقوق في كل مكان من العالم",
    "fa": "تمام مردم آزاد به دنیا می آیند و از کرامت و حقوق برابر برخوردار هستند",
    "ur": "تمام لوگ آزاد پیدا ہوئے ہیں اور ان کی عزت اور حقوق برابر ہیں",
    "he": "כל בני האדם נולדו חופשיים ושווים בכבודם ובזכויותיהם בכל מקום בעולם",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και έχουν την ίδια αξιοπρέπεια.",
    "zh": "人人生而自由,在尊严和权利上一律平等。他们有理性和良心,应以兄弟关系相待。",
    "ja": "すべての人は生まれながらに自由であり、同じ尊厳と同じ権利を持っています。",
    "ko": "모든 사람은 자유롭게 태어나며 똑같은 존엄과 똑같은 권리를 가지고 있습니다.",
    "th": "คนทุกคนเกิดมามีอิสระและมีศักดิ์ศรีและสิทธิเท่าเทียมกันทั่วโลก",
    "hi": "सभी लोग स्वतंत्र पैदा होते हैं और उनके पास समान गरिमा और अधिकार हैं।",
}


def make(body: str, title: str = "", **values: Any) -> Post:
    """Return a post with one paragraph."""
    return Post("0" * 12, title, (body,), PROVENANCE, **values)


@pytest.mark.parametrize(("language", "text"), ARTICLE_1.items())
def test_detect(language: str, text: str) -> None:
    """One sentence is enough, in any script."""
    assert detect(text) == language


@pytest.mark.parametrize("language", ["fr", "vi", "cs", "ko"])
def test_decomposed_letters(language: str) -> None:
    """How the accents are encoded makes no difference."""
    import unicodedata  # noqa: PLC0415

    assert detect(unicodedata.normalize("NFD", ARTICLE_1[language])) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Amnesty",
        "USA 12/1999 --- 100 %",
        "Свобода",
        "1234567890 " * 20,
        "Qwrtz Xkcd Bvlgh Pfzng Wqrst Mnbvc Lkjhg Zxqw Vbnmk Trwqp Xzcvb",
    ],
)
def test_unknown(text: str) -> None:
    """Under 20 letters, and where no small word is known, the language is unknown."""
    assert detect(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Fear of torture: two prisoners, Bamako\nSee below.",
        "Death penalty: José Huezo\nSee below.",
        "Death in custody: Francisco dos Santos",
        "Côte d’Ivoire: police killings\nSee below.",
        "Further information on: health concern, safety, Silva Aguila",
    ],
)
def test_english_headlines(text: str) -> None:
    """A headline without any of the smallest words is not taken for the language of its names."""
    assert detect(text) == "en"


def test_names_in_latin_letters() -> None:
    """A text in another script stays what it is among Latin names."""
    text = "Европейский суд рассмотрел жалобу Human Rights Watch и Amnesty International"
    assert detect(text) == "ru"


def test_the_source_is_believed() -> None:
    """A declared language stands, whatever the words look like."""
    assert tag_language(make(ARTICLE_1["fr"], language="en")).language == "en"
    assert tag_language(make("Short.", language="is")).language == "is"


def test_a_tag_with_a_region() -> None:
    """A region is no part of the language's code."""
    post = tag_language(make(ARTICLE_1["en"], language="en-GB"))
    assert (post.language, post.notes) == ("en", ())


def test_the_script_contradicts_the_source() -> None:
    """Cyrillic that is declared English is not English, and the post says so."""
    post = tag_language(make(ARTICLE_1["ru"], language="en"))
    assert post.language == "ru"
    assert post.notes == ("the source says language en, but the text is in Cyrillic letters",)


def test_both_scripts_of_a_language_are_its_own() -> None:
    """Serbian is written in two scripts; neither contradicts."""
    latin = "Svi ljudi se rađaju slobodni i imaju isto dostojanstvo i ista prava."
    for text in (latin, ARTICLE_1["sr"]):
        assert tag_language(make(text, language="sr")).language == "sr"


def test_a_code_that_is_none() -> None:
    """What is no language code does not stand."""
    post = tag_language(make(ARTICLE_1["es"], language="multi"))
    assert post.language == "es"
    assert post.notes == ("the source's language 'multi' is no ISO 639-1 code",)


def test_title_and_body_are_read() -> None:
    """A short body is helped by the title, but not by one that repeats the body."""
    assert tag_language(make("Non.", title=ARTICLE_1["fr"])).language == "fr"
    post = make("Non.", title=ARTICLE_1["fr"], title_derived=True)
    assert tag_language(post).language is None


@given(st.text(max_size=200), st.text(max_size=50), st.none() | st.text(max_size=8))
def test_never_raises(body: str, title: str, language: str | None) -> None:
    """Any text has a language or none, and a second look changes nothing."""
    post = tag_language(make(body, title, language=language))
    assert post.language is None or re.fullmatch("[a-z]{2}", post.language)
    if post.language is not None:
        assert tag_language(post).language == post.language


def _passages(text: str) -> list[str]:
    """Return runs of sentences of more than 100 letters, without markup and tables."""
    text = re.sub(r"\A---.*?^---", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<[^>]+>|\{\{.*?\}\}|https?://\S+|\]\([^)]*\)|[\[\]*#>`_]", " ", text)
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [part for part in paragraphs if len(part) > 150 and re.search(r"[a-z]{2}[.:]\Z", part)]


def test_floor_on_translated_posts(shared: Path) -> None:
    """Paragraphs of posts in three languages of one family are told apart."""
    folder = shared / "data" / "markdown"
    found = [
        (path.suffixes[-2].removeprefix("."), detect(passage))
        for path in sorted(folder.rglob("*.??.md"))
        for passage in _passages(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 40
    assert sum(language == code for language, code in found) / len(found) >= 0.99


def test_floor_on_english_posts(shared: Path) -> None:
    """English posts are English, paragraph by paragraph."""
    folder = shared / "data" / "markdown" / "drw"
    found = [
        detect(passage)
        for path in sorted(folder.glob("*.md"))[::2]
        for passage in _passages(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 150
    assert sum(code == "en" for code in found) / len(found) >= 0.995
