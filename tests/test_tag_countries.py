"""Country tags: what a post is about, what it names, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rights_search.geography import territories
from rights_search.ingest.listing.reader import read_listing
from rights_search.ingest.source import Draft, Source
from rights_search.post import Evidence, Post, Provenance, Tag
from rights_search.tagging.countries import tag_countries
from rights_search.tagging.finding import find

PROVENANCE = Provenance("blog/1.txt", "0" * 64, "plain")


def make(title: str = "", body: str = "", **values: Any) -> Post:
    """Return a post in English with a paragraph for every blank line."""
    paragraphs = tuple(part for part in body.split("\n\n") if part)
    return Post("0" * 12, title, paragraphs, PROVENANCE, **{"language": "en", **values})


def about(title: str = "", body: str = "", **values: Any) -> list[str]:
    """Return the codes that the post is about, the best first."""
    return [tag.value for tag in tag_countries(make(title, body, **values)).countries]


def named(title: str = "", body: str = "", **values: Any) -> list[str]:
    """Return the codes that the post names."""
    return [tag.value for tag in tag_countries(make(title, body, **values)).mentions]


def places(title: str = "", body: str = "", **values: Any) -> list[str]:
    """Return the regions that the post names."""
    return [tag.value for tag in tag_countries(make(title, body, **values)).places]


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("fr", "La Maison Blanche se tait.", ["US"]),
        ("es", "La Casa Blanca guarda silencio.", ["US"]),
        ("de", "Der Kreml schweigt, das Weiße Haus auch.", ["RU", "US"]),
        ("pt", "A Anvisa aprovou o produto.", ["BR"]),
        ("ru", "Госдума приняла закон, Кнессет нет.", ["RU", "IL"]),
        ("ar", "وقال الكرملين إن الطلب مرفوض.", ["RU"]),
        ("ar", "وافق الكنيست على القانون.", ["IL"]),
        ("de", "Das Buch gibt es auf englisch und auf Russisch.", []),
        ("de", "Eine englische Zeitung", ["GB"]),
        ("fr", "Le rapport existe en anglais et en russe.", []),
        ("ru", "Книга вышла на украинском языке.", []),
        ("ru", "Украинские власти", ["UA"]),
        ("ar", "صدر الكتاب باللغة الفرنسية.", []),
    ],
)
def test_bodies_and_languages(language: str, text: str, codes: list[str]) -> None:
    """A state's body names it in every language; the name of a language is no state's."""
    assert set(named("", text, language=language)) == set(codes)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Police in Russia", ["RU"]),
        ("Police in russia", []),
        ("The US and the UK agreed", ["US", "GB"]),
        ("tell us about it", []),
        ("U.S. forces", ["US"]),
        ("The fine was US$170 million", []),
        ("The authorities in the Netherlands", ["NL"]),
        ("in north Korea", ["KP"]),
        ("Côte d’Ivoire and Cote d'Ivoire", ["CI"]),
        ("N’Djamena fell quiet", ["TD"]),
        ("United\nKingdom", ["GB"]),
        ("Nigeria is not Niger", ["NG", "NE"]),
        ("وصل الوفد إلى سُورِيَّةَ ثم إلى مِصْر", ["SY", "EG"]),
        ("العـــراق وســـوريا", ["IQ", "SY"]),
        ("في عمّان", ["JO"]),
        ("في عُمان", ["OM"]),
        ("Co\u0302te d'Ivoire", ["CI"]),
        ("a Romanian woman, an Omani man", ["RO", "OM"]),
        ("Chad,Libya;Mali/Niger", ["TD", "LY", "ML", "NE"]),
        ("in South-Sudan, Guinea Bissau and Timor Leste", ["SS", "GW", "TL"]),
        ("Tbilisi in Georgia. US diplomats", ["GE", "US"]),
        ("le chef du əmali", []),
        ("women and normal manpower", []),
        ("Michael Jordan and Vernon Jordan played", []),
        ("Families in Jordan wait", ["JO"]),
        ("the Geneva Conventions, the Istanbul Convention", []),
        ("ships in the Gulf of Guinea", []),
        ("a guinea pig", []),
        ("He lives in Atlanta, Georgia.", ["US"]),
        ("Tbilisi, the capital of Georgia", ["GE"]),
        ("Brazzaville: the Republic of Congo. Congo's president", ["CG"]),
        ("Kinshasa and the east of Congo", ["CD"]),
        ("in Equatorial Guinea, where Guinea's elite", ["GQ"]),
        ("Korean families wrote to Seoul", ["KR"]),
        ("a Korean family", []),
        ("The book is out in French.", []),
        ("The book is out in French\n\nIt is long.", []),
        ("Russian-speaking people", []),
        ("French prisons", ["FR"]),
        ("The driver Umberto Colombo left", []),
        ("According to Reporters Without Borders Germany", []),
        ("the Tribunal for the former Yugoslavia", []),
        ("Власти России и США", ["RU", "US"]),
        ("российские власти в Крыму", ["RU", "UA"]),
        ("قالت السلطات الروسية في العراق", ["RU", "IQ"]),
        ("وروسيا ولليمن وبالصين", ["RU", "YE", "CN"]),
    ],
)
def test_what_a_text_names(text: str, codes: list[str]) -> None:
    """Names count where they are written like names, and not where they mean another thing."""
    assert sorted(named(body=text)) == sorted(codes)


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("fr", "les autorités françaises et la police afghane", ["FR", "AF"]),
        ("es", "las autoridades mexicanas", ["MX"]),
        ("en", "the mexicanas", []),
        ("fr", "L'île Maurice", ["MU"]),
        ("fr", "Maurice Papon était préfet", []),
        ("fr", "La Suède l'avait adopté. Le Chili aussi", ["SE", "CL"]),
        ("fr", "Le Statut de Rome, la Convention d'Istanbul", []),
        ("fr", "paru en français.", []),
        ("ru", "школы на румынском языке", []),
        ("ar", "اتفاقيات جنيف", []),
        ("es", "los pueblos indios", []),
        ("en", "Maurice Tabo", []),
        ("de", "Auf Island", ["IS"]),
        ("en", "Island of despair", []),
        ("es", "Los presos en Rusia", ["RU"]),
        ("en", "Roma families", []),
        (None, "Roma families", []),
    ],
)
def test_other_languages_stay_apart(language: str | None, text: str, codes: list[str]) -> None:
    """A word that is a name in one language does not count in another."""
    assert sorted(named(body=text, language=language)) == sorted(codes)


def test_country_label_of_a_title_wins() -> None:
    """What stands before a colon outweighs the rest of the title."""
    assert about("Denmark: No forced returns to Somalia") == ["DK", "SO"]
    assert about("UA 344/90 – Iraq / Kuwait: fear of torture") == ["IQ", "KW"]
    assert about("Georgia: US envoy arrives")[0] == "GE"


def test_sums_and_languages_in_a_title_are_no_countries() -> None:
    """Money and languages do not count in a title either; words in capitals there do."""
    assert named("Fine of US$5 million") == []
    assert named("French-speaking schools") == []
    assert named("Why Jordan Matters To Syrian Refugees") == ["JO", "SY"]


def test_background_countries_are_only_named() -> None:
    """Countries far below the best score are named, not what the post is about."""
    body = "Police in Belarus arrested dozens. Belarusian courts were quick. Poland protested."
    assert about("Belarus: arrests go on", body) == ["BY"]
    assert named("Belarus: arrests go on", body) == ["BY", "PL"]


def test_a_title_of_a_long_text_asks_for_more() -> None:
    """In a short post every country of the title counts, in a long one the best."""
    title = "Kenya closes a camp near the border of Somalia"
    body = "Kenya closed it. Kenyan police came at night. " + "Words go on. " * 10
    assert about(title, body) == ["KE", "SO"]
    assert about(title, body + "Words go on. " * 120) == ["KE"]


def test_two_that_stand_out_are_both_what_a_post_is_about() -> None:
    """Without a title, a post is about those that are named about as much as the first."""
    assert about(body="Police in Belarus and in Poland met. Chile sent a note.") == ["BY", "PL"]


@pytest.mark.parametrize(
    ("words", "other", "language"),
    [
        ("They fled from Syria and live in {}.", "SY", "en"),
        ("Syrian refugees met the Chadian authorities.", "SY", "en"),
        ("Chad has signed an agreement with Ghana.", "GH", "en"),
        ("The French ambassador left. Chad's courts are slow.", "FR", "en"),
        ("Russian-backed fighters came. Chad remains at war.", "RU", "en"),
        ("A Togolese journalist was arrested in Chad.", "TG", "en"),
        ("Des réfugiés soudanais sont arrivés au Tchad.", "SD", "fr"),
        ("Refugiados sudaneses llegaron ayer: están en Chad.", "SD", "es"),
        ("Суданские беженцы живут в Чаде.", "SD", "ru"),
        ("وصل اللاجئون من السودان وهم في تشاد.", "SD", "ar"),
        ("Flüchtlinge aus dem Sudan leben im Tschad.", "SD", "de"),
        ("Vieram do Sudão com outros e vivem no Chade.", "SD", "pt"),
    ],
)
def test_the_words_around_a_name(words: str, other: str, language: str) -> None:
    """A country where things happen comes before one that people or goods come from."""
    codes = about(body=words.format("Chad"), language=language)
    assert codes[0] == "TD"
    assert other in named(body=words.format("Chad"), language=language)


@pytest.mark.parametrize(
    "body",
    [
        "The International Criminal Tribunal for Rwanda gave its judgment in Arusha, Tanzania.",
        "In The Hague the International Criminal Court began a trial. Rwanda had asked for it.",
        "The European Court of Human Rights in Strasbourg found against Rwanda.",
        "Rwanda was criticised by the United Nations in Geneva and in New York.",
        "La Cour pénale internationale, à La Haye, juge le Rwanda.",
    ],
)
def test_the_seat_of_a_court_is_no_subject(body: str) -> None:
    """A town is only named where a body that sits there is named too."""
    assert about(body=body, language="fr" if body.startswith("La ") else "en") == ["RW"]


def test_a_town_without_its_body_is_a_place_like_any_other() -> None:
    """Without a court or a council beside it, such a town says where things happen."""
    assert about(body="Police in Arusha fired at a crowd.") == ["TZ"]
    assert about(body="A trial of two nurses began in The Hague, Netherlands.") == ["NL"]


@pytest.mark.parametrize(
    "body",
    [
        "The General Assembly adopted it. The Soviet Union, Saudi Arabia and Chile abstained.",
        "The Human Rights Council endorsed the principles. France and Germany made them law.",
        "Forty states have signed: Albania, Belgium, Chad, Chile, Denmark, Fiji, Ghana, Haiti.",
    ],
)
def test_states_that_vote_or_sign_are_only_named(body: str) -> None:
    """A text about what states adopted together is about none of them."""
    assert about("A treaty", body) == []
    assert len(named("A treaty", body)) > 1


def test_an_assembly_that_speaks_of_one_country() -> None:
    """A resolution on a country is about it."""
    body = "The General Assembly asked for the release of prisoners in Belarus, where the courts"
    assert about("A resolution", f"{body} of Belarus had jailed them.") == ["BY"]


def test_a_dateline_does_not_decide() -> None:
    """The town that a report was sent from counts little; the country of the report wins."""
    assert about(body="NAIROBI (Agency) - Courts in Burundi freed six men.") == ["BI"]
    assert about(body="Nairobi, 3 May - Courts in Burundi freed six men.") == ["BI"]


def test_powers_that_act_everywhere_need_more() -> None:
    """The United States beside one other country are its background, not its subject."""
    assert about(body="The US government spoke. The Nauru government did too.") == ["NR"]
    assert about(body="Prisons in the United States are full.") == ["US"]


def test_a_territory_brings_the_state_that_governs_it() -> None:
    """A post on Hong Kong that names China too is about both, the territory first."""
    body = "Police in Hong Kong arrested six under a law of China's parliament, and China spoke."
    assert about("Hong Kong: six arrests", body) == ["HK", "CN"]
    assert about("Hong Kong: six arrests", "Police in Hong Kong arrested six.") == ["HK"]


def test_one_passage_does_not_outweigh_a_text() -> None:
    """Repetition in one place counts less than being named throughout."""
    filler = "Words go on and on and say nothing at all here. " * 6
    own = f"Courts sat in Togo. {filler} Elections in Togo. {filler} Prisons in Togo. {filler}"
    passage = "A case from Peru: Peru, said Peru's lawyer, is not Peru. Peru it was."
    assert about(body=f"{filler}{own}{passage}")[0] == "TG"


def test_source_labels_win() -> None:
    """A label of the source is all that the post is about; the text is only mentioned."""
    tagged = tag_countries(
        make(
            "Turkey: a trial",
            "In Turkey.",
            source_countries=("Morocco and Western Sahara", "Europe"),
            page_country="RU",
        )
    )
    assert [tag.value for tag in tagged.countries] == ["MA", "EH"]
    assert [tag.value for tag in tagged.mentions] == ["MA", "EH", "TR"]
    assert tagged.countries[0].evidence == (
        Evidence("source_countries", "Morocco and Western Sahara", "source label"),
    )


def test_unknown_labels_leave_it_to_the_text() -> None:
    """Labels that name no country do not hide what the text says."""
    assert about("Turkey: a trial", source_countries=("Europe",)) == ["TR"]


def test_page_country_is_a_strong_prior() -> None:
    """The page's country stays unless the text is all about another."""
    assert about(body="Nothing is named here.", page_country="RU") == ["RU"]
    assert about(body="In China too.", page_country="RU") == ["RU"]
    much = "Chile. " * 30
    assert about("Chile: a trial in Chile", much, page_country="RU") == ["CL"]
    tag = tag_countries(make(page_country="RU")).countries[0]
    assert tag == Tag("RU", (Evidence("page_country", "RU", "page country"),))


def test_captions_and_dateline_are_only_named() -> None:
    """A caption's or dateline's country is mentioned and never decides."""
    values: dict[str, Any] = {
        "captions": ("An activist in Turkey for Chechnya",),
        "place": "Vilnius",
    }
    assert about("Poland: a vote", **values) == ["PL"]
    assert named("Poland: a vote", **values) == ["PL", "LT", "TR", "RU"]
    assert places("Poland: a vote", **values) == ["Chechnya"]


def test_an_employers_country_does_not_count() -> None:
    """Role and organisation are not read, nor is a national section in the text."""
    values: dict[str, Any] = {
        "role": "Officer, Amnesty International Canada",
        "organisation": "Oxfam Chile",
    }
    assert named("A report", "Amnesty International Norway said so.", **values) == []


def test_regions_come_with_their_country() -> None:
    """A region gives a place tag in English and evidence for its country."""
    tagged = tag_countries(make("", "Chechen officials. Men in Chechnya. Crimean Tatars."))
    assert [tag.value for tag in tagged.places] == ["Chechnya", "Crimea"]
    assert tagged.countries[0].value == "RU"
    assert tagged.places[0].evidence == (
        Evidence("body", "Chechen", "region", start=0, end=7),
        Evidence("body", "Chechnya", "region", start=26, end=34),
    )


def test_spellings_of_a_region_are_one_place_and_provinces_are_two() -> None:
    """As-Suwayda is Suwayda; Kasaï-Oriental has been a province beside Kasaï since 2015."""
    assert places(body="In Sweida. In As-Suwayda.") == ["Suwayda"]
    assert places(body="In Kasai Oriental, Congo.") == ["Kasaï-Oriental"]
    assert places(body="In Kasaï, in the Congo.") == ["Kasai"]


def test_shared_regions_need_a_country() -> None:
    """Kashmir is a place by itself; its country is the one that the post names."""
    assert places(body="Protests in Kashmir") == ["Kashmir"]
    assert named(body="Protests in Kashmir") == []
    assert named(body="Protests in Kashmir, said Islamabad") == ["PK"]


def test_rules_of_evidence() -> None:
    """Every kind of word has its rule."""
    text = "Peru. Peruvian. Bogotá. Lahore. Xinjiang. Hamas. Zaire. The Soviet Union."
    rules = {
        (tag.value, reason.words): reason.rule
        for tag in tag_countries(make(body=text)).mentions
        for reason in tag.evidence
    }
    assert rules == {
        ("PE", "Peru"): "country name",
        ("PE", "Peruvian"): "demonym",
        ("CO", "Bogotá"): "capital",
        ("PK", "Lahore"): "city",
        ("CN", "Xinjiang"): "region",
        ("PS", "Hamas"): "group",
        ("CD", "Zaire"): "historic state",
        ("SUHH", "Soviet Union"): "historic state",
    }


def test_evidence_is_counted_and_ordered() -> None:
    """Evidence says how often; the title stands before the body, the commonest first."""
    tag = tag_countries(make("Cuba: a vote", "Cuban. Cuban. Cuba.")).countries[0]
    assert tag.evidence == (
        Evidence("title", "Cuba", "country name", 1, 0, 4),
        Evidence("body", "Cuban", "demonym", 2, 0, 5),
        Evidence("body", "Cuba", "country name", 1, 14, 18),
    )


def test_a_derived_title_does_not_count_twice() -> None:
    """A title that was made from the body adds nothing."""
    plain = make("Cuba votes", "Cuba votes. Haiti too, and Haiti again.")
    derived = replace(plain, title_derived=True)
    fields = {reason.field for tag in tag_countries(derived).mentions for reason in tag.evidence}
    assert fields == {"body"}
    assert [tag.value for tag in tag_countries(derived).countries] == ["HT", "CU"]


WORDS = st.sampled_from(
    [
        *("Russia", "Georgia", "Jordan", "Congo", "Kashmir", "the US", "Chechnya", "London"),
        *("in", "from", "Michael", "İstanbul", "Côte d’Ivoire", "российские", "السلطات الروسية"),
        *("Amnesty International", "Norway:", "French.", "Yugoslavia", "\n\n", "–", "'s"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(WORDS).map(" ".join))


def test_evidence_of_a_name_with_marks_is_as_it_stands() -> None:
    """Vowel signs and stretched letters are no part of a name, and part of its place."""
    post = tag_countries(make(body="ذهبتُ إلى سُــورِيَّة أمسِ", language="ar"))
    [reason] = post.mentions[0].evidence
    assert reason.words == post.body[reason.start : reason.end] == "سُــورِيَّة"


@given(TEXTS, TEXTS, TEXTS, st.sampled_from([None, "en", "fr", "ru", "ar"]))
def test_evidence_stands_in_its_field(
    title: str, body: str, caption: str, language: str | None
) -> None:
    """No text makes tagging fail, and all words of evidence stand in the named field."""
    post = tag_countries(make(title, body, captions=(caption,), language=language))
    texts = {"title": title, "body": post.body, "captions": caption}
    for tag in (*post.countries, *post.mentions, *post.places):
        assert tag.evidence
        for reason in tag.evidence:
            text = texts[reason.field]
            assert text.count(reason.words) >= reason.count >= 1
            assert text[reason.start : reason.end] == reason.words
    assert {tag.value for tag in post.countries} <= {tag.value for tag in post.mentions}
    assert all(territories.is_code(tag.value) for tag in post.mentions)


@example("", "IN РОССИЙСКИЕ", "")
@example("GEORGIA", "RUSSIA\N{HYPHEN}", "")
@given(TEXTS, TEXTS, TEXTS)
def test_captions_never_change_what_a_post_is_about(title: str, body: str, caption: str) -> None:
    """With and without a caption, the post is about the same countries for the same order."""
    without = tag_countries(make(title, body))
    with_caption = tag_countries(make(title, body, captions=(caption,)))
    assert [tag.value for tag in with_caption.countries] == [tag.value for tag in without.countries]


@given(TEXTS)
def test_found_places_are_ordered_and_apart(text: str) -> None:
    """Matches stand in the order of the text and never overlap."""
    found = find(text, territories.fold(text))
    ends = [0, *(end for _, end, _ in found)]
    assert all(last <= start < end for last, (start, end, _) in zip(ends, found, strict=False))


# --- real data ------------------------------------------------------------------


def test_seed(shared: Path) -> None:
    """On the listing that the project began with, every country and region is right."""
    path = next((shared / "data" / "seed").glob("*.txt"))
    expected = json.loads((shared / "reference" / "seed-expected.json").read_text("utf-8"))
    drafts = list(read_listing(Source(path, path.name, "0" * 64)))
    assert len(drafts) == len(expected["posts"])
    for draft, wanted in zip(drafts, expected["posts"], strict=True):
        assert isinstance(draft, Draft)
        post = tag_countries(from_draft(draft))
        assert [tag.value for tag in post.countries] == wanted["countries_about"], wanted["n"]
        mentioned = sorted(tag.value for tag in post.mentions)
        assert mentioned == sorted(wanted["countries_mentioned"]), wanted["n"]
        assert [tag.value for tag in post.places] == wanted.get("regions", []), wanted["n"]


def from_draft(draft: Draft) -> Post:
    """Return a post with the draft's fields that the tagger reads."""
    return make(
        draft.title or draft.paragraphs[0],
        "\n\n".join(draft.paragraphs),
        title_derived=draft.title is None,
        captions=draft.captions,
        role=draft.role,
        organisation=draft.organisation,
        place=draft.place,
        page_country=draft.page_country,
    )


REGIONS = {
    "en": "Chechnya, Crimea, Xinjiang, Tigray, Gaza and Kashmir",
    "fr": "en Tchétchénie, en Crimée, au Xinjiang, au Tigré, à Gaza et au Cachemire",
    "es": "en Chechenia, Crimea, Sinkiang, Tigray, Gaza y Cachemira",
    "ru": "в Чечне, в Крыму, в Синьцзяне, в Тыграе, в Газе и в Кашмире",
    "ar": "في الشيشان والقرم وشينجيانغ وتيغراي وغزة وكشمير",
    "pt": "na Chechénia, na Crimeia, em Xinjiang, no Tigray, em Gaza e na Caxemira",
    "de": "in Tschetschenien, auf der Krim, in Xinjiang, Tigray, im Gazastreifen und in Kaschmir",
}


@pytest.mark.parametrize("language", REGIONS)
def test_regions_are_places_in_each_language(language: str) -> None:
    """The regions that reports are about are places under their country in seven languages."""
    assert set(places(body=REGIONS[language], language=language)) == {
        *("Chechnya", "Crimea", "Xinjiang", "Tigray", "Gaza Strip", "Kashmir"),
    }
