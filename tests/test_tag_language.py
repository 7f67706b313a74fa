"""The language of a post: the source's word, else its letters and words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.ingest import read
from rights_search.post import Post, Provenance
from rights_search.tagging.language import detect, tag_language

TEXTS = {
    "en": "The police arrested several journalists who had reported on the protests.",
    "fr": "La police a arrêté plusieurs journalistes qui avaient couvert les manifestations.",
    "es": "La policía detuvo a varios periodistas que habían informado de las protestas.",
    "pt": "A polícia prendeu vários jornalistas que não tinham noticiado as manifestações.",
    "de": "Die Polizei nahm mehrere Journalisten fest, die über die Proteste berichtet hatten.",
    "ru": "Полиция задержала нескольких журналистов, которые писали о протестах в городе.",
    "uk": "Поліція затримала кількох журналістів, які писали про протести в місті та області.",
    "ar": "اعتقلت الشرطة عددًا من الصحفيين الذين كتبوا عن الاحتجاجات في المدينة.",
    "fa": "پلیس چند روزنامه‌نگار را که دربارهٔ اعتراض‌ها گزارش داده بودند بازداشت کرد.",
    "zh": "警方拘留了数名报道抗议活动的记者，他们的家人没有得到任何通知，也不知道他们在哪里。",
    "ja": "警察は抗議活動を報道した記者を数人拘束し、家族には何も知らせなかった。",
    "ko": "경찰은 시위를 보도한 기자 여러 명을 체포했고 가족에게 알리지 않았다.",
    "he": "המשטרה עצרה כמה עיתונאים שדיווחו על ההפגנות בעיר.",
    "my": "ရဲတပ်ဖွဲ့သည် ဆန္ဒပြပွဲများကို သတင်းပို့သော သတင်းထောက်များကို ဖမ်းဆီးခဲ့သည်။",
}


def make(text: str, language: str | None = None) -> Post:
    """Return a post with this body."""
    return Post("0" * 12, "", (text,), Provenance("a.txt", "0" * 64, "test"), language=language)


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_enough(language: str) -> None:
    """One sentence of each language is told from all others."""
    assert detect(TEXTS[language]) == language


def test_every_post_of_the_corpus_is_recognised(repository: Path) -> None:
    """Without its label, each sample post is given the language of its folder."""
    folders = {"europe-americas": "en", "africa-asia": "en", "francais": "fr",
               "espanol": "es", "russkij": "ru", "arabi": "ar"}  # fmt: skip
    posts = [post for post in read(repository / "corpus") if isinstance(post, Post)]
    assert len(posts) >= 200
    wrong = [
        (post.provenance.path, found)
        for post in posts
        if (found := tag_language(replace(post, language=None)).language)
        != folders[post.provenance.path.split("/")[0]]
    ]
    assert not wrong


def test_the_source_has_the_last_word() -> None:
    """A declared language stays, also where the words look like another one."""
    assert tag_language(make(TEXTS["es"], "gl")).language == "gl"
    assert tag_language(make(TEXTS["en"], "fr")).language == "fr"


def test_letters_overrule_the_source() -> None:
    """English in Cyrillic letters is not English; the post says what was decided."""
    post = tag_language(make(TEXTS["ru"], "en"))
    assert post.language == "ru"
    assert "says language en" in post.notes[0]


def test_a_short_text_stays_unknown() -> None:
    """Too few letters say nothing; a declared language is believed."""
    short = "Free them"
    assert tag_language(make(short)).language is None
    assert tag_language(make(short, "en")).language == "en"
    assert detect("12345 67890 !!! 12345 67890 ??? 12345") is None


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_has_a_code_or_none(text: str) -> None:
    """Whatever is written, the answer is a two-letter code or None."""
    found = detect(text)
    assert found is None or (len(found) == 2 and found.isalpha() and found.islower())
