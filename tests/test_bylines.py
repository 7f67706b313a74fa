"""Bylines: names, roles, organisations and places, and the lines that are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.ingest.bylines import Byline, is_by_phrase, parse_byline, split_before_by

WATCH = "Example Watch"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Example", Byline(("Ada Example",))),
        ("By Ada", Byline(("Ada",))),
        ("BY ADA EXAMPLE", Byline(("ADA EXAMPLE",))),
        ("By\u00a0Ada Example, Major Campaigns", Byline(("Ada Example",), "Major Campaigns")),
        ("Written by Ada O’Neill-Example", Byline(("Ada O’Neill-Example",))),
        ("By Ludwig van Example", Byline(("Ludwig van Example",))),
        (
            "By Ada Example, Russia Researcher at Example Watch",
            Byline(("Ada Example",), "Russia Researcher at Example Watch", WATCH),
        ),
        (
            "By Ada Example, Technology Researcher at Example Watch. Follow Ada on\u00a0@adaex.",
            Byline(("Ada Example",), "Technology Researcher at Example Watch", WATCH),
        ),
        (
            "By Ada Example, Americas Director at Example Watch (@AdaExample)",
            Byline(("Ada Example",), "Americas Director at Example Watch", WATCH),
        ),
        (
            "By Ada Example, Major Campaigns and Women’s Rights Campaigner, Example Watch Canada",
            Byline(
                ("Ada Example",),
                "Major Campaigns and Women’s Rights Campaigner, Example Watch Canada",
                "Example Watch Canada",
            ),
        ),
        (
            "by Ada Example, Example Watch’s Secretary General",
            Byline(("Ada Example",), "Example Watch’s Secretary General", WATCH),
        ),
        (
            "By Ada Example, Director of the Example Council",
            Byline(("Ada Example",), "Director of the Example Council", "Example Council"),
        ),
        (
            "By Ada Example, Director of Research",
            Byline(("Ada Example",), "Director of Research"),
        ),
        (
            "Ada Example, Media Adviser at Example Watch Norway, blog from Sochi, Russia",
            Byline(
                ("Ada Example",),
                "Media Adviser at Example Watch Norway",
                "Example Watch Norway",
                "Sochi, Russia",
            ),
        ),
        (
            "By Aung San Example, reporting from Yangon",
            Byline(("Aung San Example",), place="Yangon"),
        ),
        ("Ada Example, senior researcher", Byline(("Ada Example",), "senior researcher")),
        ("By Ada Example and Li Sample", Byline(("Ada Example", "Li Sample"))),
        (
            "By Ada Example, Noor Muster and Li Sample, researchers at Example Watch",
            Byline(
                ("Ada Example", "Noor Muster", "Li Sample"), "researchers at Example Watch", WATCH
            ),
        ),
        ("By Example Watch Kenya", Byline(("Example Watch Kenya",), None, "Example Watch Kenya")),
        (
            "Par Ada Exemple, chercheuse sur l’Afrique de l’Ouest à Amnesty International",
            Byline(
                ("Ada Exemple",),
                "chercheuse sur l’Afrique de l’Ouest à Amnesty International",
                "Amnesty International",
            ),
        ),
        (
            "Por Ada Ejemplo, investigadora de Amnistía Internacional",
            Byline(
                ("Ada Ejemplo",),
                "investigadora de Amnistía Internacional",
                "Amnistía Internacional",
            ),
        ),
        (
            "Por Ada Ejemplo y Li Muestra, abogados",
            Byline(("Ada Ejemplo", "Li Muestra"), "abogados"),
        ),
        (
            "Автор: Анна Примерова, исследователь в Human Rights Watch",
            Byline(("Анна Примерова",), "исследователь в Human Rights Watch", "Human Rights Watch"),
        ),
        (
            "بقلم سارة مثال، باحثة في منظمة العفو الدولية",
            Byline(("سارة مثال",), "باحثة في منظمة العفو الدولية", "منظمة العفو الدولية"),
        ),
        (
            "Von Ada Muster, Referentin bei Amnesty International",
            Byline(
                ("Ada Muster",), "Referentin bei Amnesty International", "Amnesty International"
            ),
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_bylines(text: str, expected: Byline) -> None:
    """A byline gives its authors, role, organisation and place."""
    assert parse_byline(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "By",
        "By Tuesday, forty people were arrested.",
        "By the time police arrived, he was gone",
        "By 2014, the situation got worse",
        "By December, all were free",
        "Por la mañana, la policía",
        "Par ailleurs, le gouvernement",
        "Sochi, Russia",
        "Ada Example, film director, speaks at a rally",
        "Ada Example, founder of the Example Movement",
        "Ada Example, a lawyer who was arrested in May",
        "In April, journalists at a newspaper reported that men had been abducted",
        "On Monday, activists at Example Watch met",
        "Ada Example was arrested on 3 Feb 2014 in Tuapse © Example Watch",
        "By Ada Example, Campaigner The summer here is scorching. The lands are dry and cracked.",
    ],
)
def test_no_bylines(text: str) -> None:
    """A sentence, a caption or a place is no byline."""
    assert parse_byline(text) is None


def test_strict_leaves_captions_alone() -> None:
    """A line that may be a caption needs more than a name and a profession."""
    assert parse_byline("Ada Example, lawyer", strict=True) is None
    assert parse_byline("Ada Example, lawyer at Example Watch", strict=True) is not None
    assert parse_byline("By Ada Example, lawyer", strict=True) is not None


def test_by_phrases_are_found_inside_of_lines() -> None:
    """The word for "by" parts a line in all our languages."""
    assert is_by_phrase("by Ada Example")
    assert is_by_phrase("Автор: Анна Примерова")
    assert not is_by_phrase("Bystanders were arrested")
    assert split_before_by("12 March 2014 by Ada Example") == ["12 March 2014", "by Ada Example"]
    assert split_before_by("12 mars 2014 par Ada Exemple") == ["12 mars 2014", "par Ada Exemple"]
    assert split_before_by("12 March 2014") == ["12 March 2014"]


WORDS = (
    "By",
    "Ada",
    "Example",
    "and",
    ",",
    "Researcher",
    "at",
    "Watch",
    "’s",
    "(",
    "@ada",
    "—",
    ".",
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_any_text_is_safe(text: str) -> None:
    """No text makes the parser raise, and what it names stands in the text."""
    byline = parse_byline(text)
    if byline is not None:
        assert byline.authors
        line = " ".join(text.split())
        for name in byline.authors:
            assert all(word in line for word in name.split())
