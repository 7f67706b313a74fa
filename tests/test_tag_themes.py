"""Theme tags: source labels, strong and weak terms, masks, and their reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.post import Evidence, Post, Provenance
from rights_search.tagging.themes import tag_themes
from rights_search.vocabulary import themes

PROVENANCE = Provenance("blog/1.txt", "0" * 64, "plain")


def make(title: str = "", body: str = "", **values: Any) -> Post:
    """Return a post in English with a paragraph for every blank line."""
    paragraphs = tuple(part for part in body.split("\n\n") if part)
    return Post("0" * 12, title, paragraphs, PROVENANCE, **{"language": "en", **values})


def tagged(title: str = "", body: str = "", **values: Any) -> list[str]:
    """Return the ids of the post's themes."""
    return [tag.value for tag in tag_themes(make(title, body, **values)).themes]


def reasons(post: Post, theme_id: str) -> tuple[Evidence, ...]:
    """Return why a post has a theme."""
    return next(tag.evidence for tag in tag_themes(post).themes if tag.value == theme_id)


FOUND = [
    ("en", "The court sentenced him to death for murder.", {"death-penalty"}),
    ("en", "Prisoners of conscience must be released.", {"detention", "freedom-of-expression"}),
    ("en", "Women's rights defenders received death threats.", {"human-rights-defenders"}),
    ("en", "Gay men and LGBTI activists were beaten.", {"lgbti"}),
    ("en", "Ratify the CRPD without reservations.", {"disability", "international-mechanisms"}),
    ("en", "Those responsible must be brought swiftly to justice.", {"impunity"}),
    ("en", "Freedom of peaceful assembly and of expression.", {"assembly-association"}),
    ("en", "FREEDOM OF THE PRESS IS UNDER ATTACK", {"media-freedom"}),
    ("fr", "Deux journalistes ont été condamnés à mort.", {"death-penalty", "media-freedom"}),
    ("fr", "L’interruption volontaire de grossesse reste un délit.", {"reproductive-rights"}),
    ("es", "Las madres buscan a los desaparecidos de la dictadura.", {"enforced-disappearance"}),
    ("es", "Piden asilo miles de refugiados.", {"refugees-asylum"}),
    ("ru", "О смертных приговорах и смертной казни.", {"death-penalty"}),
    ("ru", "Журналистку избили, а её газету закрыли.", {"media-freedom"}),
    ("ru", "Рассказы о пытках в колонии", {"torture"}),
    ("ar", "حكم على الصحفيين بالسجن", {"media-freedom", "detention"}),
    ("ar", "وبالإعدام شنقا", {"death-penalty"}),
    ("ar", "التَّعْذِيبُ في السجون", {"torture"}),
    ("pt", "Os povos indígenas exigem a demarcação das terras.", {"indigenous-peoples"}),
    ("de", "Zwangsräumungen und Pressefreiheit", {"housing-land", "media-freedom"}),
]


@pytest.mark.parametrize(("language", "body", "expected"), FOUND)
def test_found_in_the_text(language: str, body: str, expected: set[str]) -> None:
    """Terms are found in each language, inflected, accented or not."""
    assert expected <= set(tagged("", body, language=language))


MEANT = [
    ("The Executive Director spoke about the execution of the budget.", "death-penalty"),
    ("Therapeutic grapes were skilled at executive tables.", "gender-violence"),
    ("Racial discrimination is a crime.", "discrimination"),
    ("Discrimination against women persists.", "discrimination"),
    ("He is on hunger strike.", "poverty-esc"),
    ("Extrajudicial executions go on.", "death-penalty"),
    ("Reports of drug trafficking.", "trafficking-slavery"),
    ("He chases the cat with AIDS for sale.", "torture"),
    ("She aids the poor cat.", "health"),
    ("Press release: notes to editors.", "media-freedom"),
    ("In the Democratic Republic of the Congo.", "elections-governance"),
    ("Amnesty International says so.", "impunity"),
]


@pytest.mark.parametrize(("body", "theme_id"), MEANT)
def test_words_that_mean_something_else(body: str, theme_id: str) -> None:
    """Masks, whole words, capitals and longer terms keep a word from misleading."""
    assert theme_id not in tagged("", body)


def test_the_same_words_where_they_mean_it() -> None:
    """The masks do not hide the words elsewhere."""
    assert "death-penalty" in tagged("", "The executive announced three executions.")
    assert "torture" in tagged("", "It should ratify the CAT.")
    assert "health" in tagged("", "A plan against AIDS.")


def test_other_languages_have_other_words() -> None:
    """German war is no war, and a language without terms has no themes."""
    assert "armed-conflict" not in tagged("", "Es war einmal in Rom.", language="de")
    assert tagged("", "Torture and the death penalty", language="ka") == []


def test_language_is_detected_where_nobody_said() -> None:
    """A post without a language is read in the one that it is written in."""
    body = "Le journal a été saisi et la peine de mort a été prononcée contre les détenus."
    assert "death-penalty" in tagged("", body, language=None)
    assert tagged("", "Torture.", language=None) == ["torture"]


PEOPLE = [
    ("en", "Two journalists and a fisherman were arrested.", {"journalists"}),
    ("en", "Families of the disappeared marched with students.", {"families", "students"}),
    ("fr", "Les avocats ont rencontré des prisonniers politiques.", {"prisoners"}),
    ("es", "Las defensoras de la tierra son indígenas.", {"defenders", "indigenous-peoples"}),
    ("ru", "Беженцы и журналисты ждут на границе.", {"refugees", "journalists"}),
    ("ar", "اعتقلت الشرطة الصحفيين والطلاب", {"journalists", "students"}),
    ("pt", "Os trabalhadores e as crianças vivem na favela.", {"workers", "children"}),
    ("de", "Geflüchtete und Studierende demonstrierten.", {"refugees", "students"}),
]


@pytest.mark.parametrize(("language", "body", "expected"), PEOPLE)
def test_groups_of_people_in_the_text(language: str, body: str, expected: set[str]) -> None:
    """Groups are found in each language, with the words as reasons."""
    groups = tag_themes(make("", body, language=language)).groups
    assert expected <= {tag.value for tag in groups}
    for tag in groups:
        for reason in tag.evidence:
            assert body[reason.start : reason.end] == reason.words


def test_a_long_text_names_many_groups_in_passing() -> None:
    """One mention of a group in ten pages is none."""
    filler = "Several members of the board met in the morning to see the garden. " * 300
    assert tag_themes(make("", "A journalist. " + filler)).groups == ()


def test_source_labels_come_first() -> None:
    """What the source names is a tag, whatever the text says; the label is the reason."""
    post = make("A spring day", "Nothing here.", source_tags=("Peine de mort", "news", "Torture"))
    tags = tag_themes(post).themes
    assert [tag.value for tag in tags] == ["death-penalty", "torture"]
    assert tags[0].evidence == (Evidence("source_tags", "Peine de mort", "source label"),)


def test_text_adds_to_source_labels_only_with_more() -> None:
    """Beside a label, one word of the text is not enough, but many are."""
    assert tagged("", "It was torture.", source_tags=("health",)) == ["health"]
    body = "He was tortured: torture with electric shocks, waterboarding and ill-treatment."
    assert tagged("", body, source_tags=("health",)) == ["health", "torture"]


def test_a_label_that_the_text_confirms() -> None:
    """The text's words stand behind the label as further reasons."""
    body = "He was tortured: torture with electric shocks, waterboarding and ill-treatment."
    rules = [reason.rule for reason in reasons(make("", body, source_tags=("torture",)), "torture")]
    assert rules[0] == "source label"
    assert "strong term" in rules


def test_the_name_of_a_whole_group_tags_nothing() -> None:
    """A label as wide as "freedoms" is no reason for all of its themes."""
    assert themes.resolve("Freedoms")
    assert tagged("", "Nothing here.", source_tags=("Freedoms",)) == []


def test_reasons() -> None:
    """A reason names the field, the words as written, the rule, and how often."""
    post = make(
        "Death Penalty news", "The death\u2011penalty again; executions, the death‑penalty."
    )
    found = {(reason.field, reason.words): reason for reason in reasons(post, "death-penalty")}
    assert found["title", "Death Penalty"].rule == "strong term"
    assert found["body", "death\u2011penalty"].count == 2
    assert found["body", "executions"].count == 1


def test_reasons_in_captions() -> None:
    """A caption's words are reasons as well."""
    post = make("A photo", "Two men.", captions=("Refugees and asylum seekers at the border",))
    assert {reason.field for reason in reasons(post, "refugees-asylum")} == {"captions"}


def test_weak_terms_only_together() -> None:
    """One weak term says nothing, several do."""
    assert tagged("", "The bishop arrived.") == []
    body = "A bishop, a priest and an imam met in the church near the mosque."
    assert tagged("", body) == ["religion-belief"]
    assert {reason.rule for reason in reasons(make("", body), "religion-belief")} == {"weak terms"}


def test_a_long_text_needs_more() -> None:
    """One mention in ten pages is no theme."""
    filler = "Several members of the board met in the morning to see the garden. " * 300
    assert tagged("", "Torture. " + filler) == []
    assert tagged("", "Torture, torturers, ill-treatment, waterboarding. " * 9 + filler) == [
        "torture"
    ]


def test_what_is_mentioned_in_passing_makes_nothing_else_faint() -> None:
    """A list of treaties is about what they are on, however strongly it is about treaties."""
    body = (
        "Ratify the international human rights treaties that await ratification: sign the"
        " covenants, accede to the CRPD and the optional protocols, withdraw reservations,"
        " and submit overdue reports to the treaty bodies and the Human Rights Council."
    )
    assert tagged("", body) == ["international-mechanisms", "disability"]


def test_a_derived_title_counts_once() -> None:
    """A title that was taken from the body is not read twice."""
    post = make("Torture", "Torture", title_derived=True)
    assert [reason.field for reason in reasons(post, "torture")] == ["body"]


TITLES = st.lists(
    st.sampled_from(
        "torture death penalty Women’s rights CAT journalists, of the — women freedom İ élu"
        " discrimination against tor\u00adture ﬁ execu\u0301tion peaceful protest refugees".split(
            " "
        )
    ),
    max_size=12,
).map(" ".join)


@given(TITLES | st.text(max_size=80), TITLES | st.text(max_size=200), st.data())
def test_words_stand_in_their_field(title: str, body: str, data: st.DataObject) -> None:
    """A reason's words are literally in the field that it names; nothing raises."""
    language = data.draw(st.sampled_from([None, "en", "fr", "es", "ru", "ar", "xx"]))
    labels = tuple(data.draw(st.lists(st.sampled_from(["Torture", "x", "LGBT"]), max_size=3)))
    post = make(title, body, language=language, source_tags=labels, captions=(body,))
    for tag in tag_themes(post).themes:
        assert tag.evidence
        for reason in tag.evidence:
            held = {"title": (title,), "body": (post.body,), "source_tags": labels}
            assert reason.words
            assert any(reason.words in text for text in held.get(reason.field, post.captions))


@given(st.permutations(["Torture", "LGBT", "Droits de l'enfant", "news", "Пытки"]))
def test_order_of_labels_makes_no_difference(labels: list[str]) -> None:
    """The tags do not depend on the order in which a source lists its labels."""
    post = make("A title", "Refugees and their children.", source_tags=tuple(labels))
    assert tag_themes(post) == replace(
        tag_themes(replace(post, source_tags=tuple(sorted(labels)))), source_tags=tuple(labels)
    )


@given(st.sampled_from(FOUND), st.lists(st.text("qwzxvkj", min_size=7, max_size=9), max_size=400))
def test_neutral_words_add_no_theme(case: tuple[str, str, set[str]], words: list[str]) -> None:
    """A paragraph that says nothing may bury a theme, but never adds one."""
    language, body, _ = case
    before = tagged("A title", body, language=language)
    after = tagged("A title", f"{body}\n\n{' '.join(words)}", language=language)
    assert set(after) <= set(before)


@given(TITLES)
def test_twice_is_the_same(title: str) -> None:
    """Tagging a tagged post changes nothing."""
    once = tag_themes(make(title))
    assert tag_themes(once) == once
