"""Datelines: the place and date that a news text opens with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.ingest.dates.datelines import split_dateline
from rights_search.ingest.dates.towns import find_town_line, is_one_of_many
from rights_search.ingest.lines import split_lines
from rights_search.ingest.plain.press_release import find_release

TEXT = "The court met in the morning."


@pytest.mark.parametrize(
    ("opening", "place", "date"),
    [
        ("GENEVA (24 March 2014) – ", "GENEVA", "2014-03-24"),
        ("BANGKOK, Thailand (March 2014) -- ", "BANGKOK, Thailand", "2014-03"),
        ("(New York, March 24, 2014) – ", "New York", "2014-03-24"),
        ("Geneva, 24 March 2014 — ", "Geneva", "2014-03-24"),
        ("Kampala, Uganda, March 24, 2014 (AB) – ", "Kampala, Uganda", "2014-03-24"),
        ("LONDON/NAIROBI, 24 March 2014 - ", "LONDON/NAIROBI", "2014-03-24"),
        ("WASHINGTON, D.C. (24 March 2014) – ", "WASHINGTON, D.C.", "2014-03-24"),
        ("Genève, le 24 mars 2014 – ", "Genève", "2014-03-24"),
        ("Rio de Janeiro, 24 de março de 2014 – ", "Rio de Janeiro", "2014-03-24"),
        ("Frankfurt am Main, den 24. März 2014 – ", "Frankfurt am Main", "2014-03-24"),
        ("Москва, 24 марта 2014 г. – ", "Москва", "2014-03-24"),
        ("بيروت، ٢٤ آذار ٢٠١٤ – ", "بيروت", "2014-03-24"),
        ("(Lima, 24/03/2014) – ", "Lima", "2014-03-24"),
        ("Geneva , 24 March 2014 – ", "Geneva", "2014-03-24"),
        ("GENEVA, (24 March 2014) – ", "GENEVA", "2014-03-24"),
        ("بيروت، (٢٤ آذار ٢٠١٤) – ", "بيروت", "2014-03-24"),
        (
            "One Two Three Four Five Six Seven (24 March 2014) – ",
            "One Two Three Four Five Six Seven",
            "2014-03-24",
        ),
    ],
)
def test_a_dateline_is_cut_off(opening: str, place: str, date: str) -> None:
    """Place and date are taken apart, and the text is what follows them."""
    found = split_dateline(opening + TEXT)
    assert found is not None
    assert (found.place, str(found.date), found.text) == (place, date, TEXT)
    assert found.date is not None
    assert found.date.origin == "dateline"


@pytest.mark.parametrize(
    "text",
    [
        "On 24 March 2014 – a Monday – the court met.",
        "In Geneva, 24 March 2014 – the day of the vote – was cold.",
        "The group (24 March 2014) – as we know – met.",
        "The court of appeal of the province (24 March 2014) – met.",
        "GENEVA (24 March) – The court met.",
        "GENEVA (24 March 2014) The court met.",
        "Geneva – the court met.",
        "GENEVA – The court met.",
        "2014 (24 March 2014) – The court met.",
        "On, Monday (24 March 2014) – the court met.",
        "One Two Three Four Five Six Seven Eight (24 March 2014) – The court met.",
        "Rio/de la Plata (24 March 2014) – The court met.",
        "geneva (24 March 2014) – The court met.",
        "",
    ],
)
def test_a_sentence_is_no_dateline(text: str) -> None:
    """Dates and dashes inside of sentences, and places without a date, are text."""
    assert split_dateline(text) is None


def test_a_place_in_capitals_will_do_in_a_press_release() -> None:
    """There nothing else opens so; the date stands elsewhere."""
    found = split_dateline("MEXICO CITY (AB) – The court met.", may_lack_date=True)
    assert found is not None
    assert (found.place, found.date, found.text) == ("MEXICO CITY", None, "The court met.")
    assert split_dateline("Mexico City – The court met.", may_lack_date=True) is None
    found = split_dateline("LIMA , (AB) – The court met.", may_lack_date=True)
    assert found is not None
    assert found.place == "LIMA"


def test_a_dateline_takes_the_order_of_its_source() -> None:
    """Day or month first, as its source writes."""
    for day_first, iso in ((True, "2014-04-03"), (False, "2014-03-04")):
        found = split_dateline("GENEVA (03/04/2014) – The court met.", day_first=day_first)
        assert found is not None
        assert str(found.date) == iso


def test_no_dateline_takes_long() -> None:
    """Hostile openings of many brackets, commas and dashes are given up at once."""
    for text in ("A" * 100_000, "A (1" * 50_000, "A, 2014 " * 50_000, "A. " * 50_000):
        assert split_dateline(text, may_lack_date=True) is None


@given(st.text())
def test_any_text_is_safe(text: str) -> None:
    """No text makes the two raise, and every line of a release keeps its place."""
    split_dateline(text, may_lack_date=True)
    lines = split_lines(f"PRESS RELEASE\n{text}")
    release = find_release(lines)
    assert release is not None
    assert [line.number for line in release.lines] == [line.number for line in lines]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("*** FOR IMMEDIATE RELEASE ***", ""),
        ("Press Release: Two men are free", "Two men are free"),
        ("PRESS RELEASE | Geneva, 24 March 2014", "Geneva, 24 March 2014"),
        ("Press release, 24 March 2014", "24 March 2014"),
        ("NEWS RELEASE No. 12/2014", ""),
        ("Communiqué de presse du 24 mars 2014", "24 mars 2014"),
        ("Пресс-релиз от 24 марта 2014 года", "24 марта 2014 года"),
    ],
)
def test_what_stands_behind_a_banner_stays(line: str, rest: str) -> None:
    """A title or a date on the banner's line is not lost with it."""
    release = find_release(split_lines(f"{line}\n\nA title\n\nSome text."))
    assert release is not None
    assert release.lines[0].text == rest


@pytest.mark.parametrize(
    "text",
    [
        "Press release laws in three countries\n\nSome text.",
        "A title\n\nThe press release said nothing.\n\nMore.",
        "Press releases\n\nSome text.",
        "The end\n\nSome text.",
    ],
)
def test_a_text_about_press_releases_is_none(text: str) -> None:
    """The words must open a line, and nothing but a date or a sign may follow."""
    assert find_release(split_lines(text)) is None


def test_a_block_without_an_address_is_text() -> None:
    """That contact was lost is a sentence, also in a press release."""
    text = "PRESS RELEASE\n\nA title\n\nContact between the families was lost in 2012."
    release = find_release(split_lines(text))
    assert release is not None
    assert release.contacts == ()


def test_stars_between_sections_make_no_press_release() -> None:
    """Only marks that nothing else uses do; stars end one that a banner shows."""
    text = "A title\n\nSome text.\n\nMore text.\n\n***\n\nStill more."
    assert find_release(split_lines(text)) is None
    release = find_release(split_lines(f"PRESS RELEASE\n\n{text}"))
    assert release is not None
    assert not [line for line in release.lines if "***" in line.text]


LONGEST_TOWN = "A" + 41 * "b"
SIX_WORDS = "Un Deux Trois Quatre Cinq Six"


@pytest.mark.parametrize(
    ("line", "date", "town"),
    [
        ("Paris le 24 mars 2014", "2014-03-24", "Paris"),
        ("Fait à Exempleville le 24 mars 2014", "2014-03-24", "Exempleville"),
        ("Berlin, den 24. März 2014", "2014-03-24", "Berlin"),
        ("En Madrid, a los 24 días del mes de marzo de 2014", "2014-03-24", "Madrid"),
        ("México, D.F., a 24 de marzo de 2014", "2014-03-24", "México, D.F."),
        ("Lisboa, aos 24 de março de 2014", "2014-03-24", "Lisboa"),
        ("г. Москва, «24» марта 2014 г.", "2014-03-24", "Москва"),
        ("24 марта 2014 г., Москва", "2014-03-24", "Москва"),
        ("القاهرة في ٢٤ مارس ٢٠١٤", "2014-03-24", "القاهرة"),
        ("حرر في القاهرة في 24 مارس 2014م", "2014-03-24", "القاهرة"),
        ("Done at Geneva, this 24th day of March 2014", "2014-03-24", "Geneva"),
        ("Washington, D.C., March 24, 2014", "2014-03-24", "Washington, D.C."),
        ("London 24 March 2014", "2014-03-24", "London"),
        ("Geneva (24 March 2014)", "2014-03-24", "Geneva"),
        ("24 March 2014, Geneva", "2014-03-24", "Geneva"),
        ("北京，2014年3月24日", "2014-03-24", "北京"),
        ("Geneva(24 March 2014) –", "2014-03-24", "Geneva"),
        ("24 March 2014 London", "2014-03-24", "London"),
        ("24 March 2014, Exempleville", "2014-03-24", "Exempleville"),
        ("24 March 2014 New York City", "2014-03-24", "New York City"),
        ("24 March 2014, London, England", "2014-03-24", "London, England"),
        ("London; 24 March 2014", "2014-03-24", "London"),
        ("Kenya le 24 mars 2014", "2014-03-24", "Kenya"),
        ("Val des Bois, 24 mars 2014", "2014-03-24", "Val des Bois"),
        (f"{LONGEST_TOWN}, 24 March 2014", "2014-03-24", LONGEST_TOWN),
        ("Fait à Un Deux Trois Quatre Cinq Six le 24 mars 2014", "2014-03-24", SIX_WORDS),
        ("Geneva, March 2014", "2014-03", "Geneva"),
        ("On Monday, 24 March 2014", "2014-03-24", None),
        ("Monday, 24 March 2014", "2014-03-24", None),
        ("By Ada Example, 24 March 2014", "2014-03-24", None),
    ],
)
def test_a_line_says_where_and_when_it_was_written(line: str, date: str, town: str | None) -> None:
    """A comma or a word parts town and day; without a comma the town is one that is known."""
    found = find_town_line(line)
    assert found is not None
    assert found.says.date is not None
    assert (found.says.date.iso, found.says.date.flags, found.town) == (date, (), town)


@pytest.mark.parametrize(
    ("line", "town"),
    [
        ("London, 03/04/2014", "London"),
        ("London le 03/04/2014", "London"),
        ("London 03/04/2014", "London"),
        ("Monday, 03/04/2014", None),
        ("Lundi, le 03/04/2014", None),
    ],
)
def test_day_or_month_first_is_said_by_who_asks(line: str, town: str | None) -> None:
    """Who does not know it gets no date; a day of the week is no town either way."""
    assert find_town_line(line) is None
    for day_first, date in ((True, "2014-04-03"), (False, "2014-03-04")):
        found = find_town_line(line, day_first=day_first)
        assert found is not None
        assert found.says.date is not None
        assert (found.says.date.iso, found.town) == (date, town)


@pytest.mark.parametrize(
    "line",
    [
        "Arrêté le 24 mars 2014",
        "اعتقل في 24 مارس 2014",
        "He was arrested, 24 March 2014",
        "Statement 24 March 2014",
        "Iran 24 March 2014",
        "Annual report, March 2014",
        "Annual Report, March 2014",
        "Nairobi March 2014",
        "Exempleville, Geneva, March 2014",
        "Tunis, 2014",
        "Room 5, 24 March 2014",
        '"Report", 24 March 2014',
        "de la, 24 mars 2014",
        f"{LONGEST_TOWN}b, 24 March 2014",
        f"Fait à {SIX_WORDS} Sept le 24 mars 2014",
        "Geneva, 24 March 2014 – The court met",
        "London, 24 March 2014, by Ada Example",
        "Kenya 24 March 2014",
        "Exempleville (24 March 2014)",
        "10 December 2014, Human Rights Day",
        "The court in Paris on 24 March 2014",
        "Tunis, Tunisia",
        "24 March 2014",
    ],
)
def test_what_was_done_on_a_day_is_no_town(line: str) -> None:
    """Nor is a title, nor the country that a text of a day is about."""
    assert find_town_line(line) is None


TUNIS, SAME_DAY, OTHER_DAY = "Tunis, 24 March 2014", "Paris, 24 March 2014", "Rome, 25 March 2014"


@pytest.mark.parametrize(
    ("line", "others", "is_one"),
    [
        (TUNIS, [OTHER_DAY, TEXT], True),
        (TUNIS, [TEXT, OTHER_DAY, TEXT, TEXT], True),
        (TUNIS, [SAME_DAY, OTHER_DAY, TEXT], True),
        (TUNIS, [SAME_DAY, TEXT], False),
        # Where the text is signed.
        (TUNIS, [TEXT, OTHER_DAY], False),
        (TUNIS, ["Le 25 mars 2014", TEXT], False),
        (TUNIS, [TEXT], False),
        (TUNIS, [], False),
        ("Le 24 mars 2014", [TEXT, "Le 25 mars 2014"], True),
        ("Le 24 mars 2014", ["Le 24 mars 2014"], True),
        ("Le 24 mars 2014", [OTHER_DAY, TEXT], False),
        (TEXT, [OTHER_DAY, TEXT], False),
    ],
)
def test_a_line_may_head_an_entry_of_a_chronology(
    line: str, others: list[str], *, is_one: bool
) -> None:
    """Where others are such lines, of other days if they name a town."""
    assert is_one_of_many(line, others) is is_one


def test_entries_are_read_with_day_or_month_first() -> None:
    """As who asks has it; else a line of numbers says no day."""
    others = ["Paris, 05/04/2014", TEXT]
    assert not is_one_of_many("Tunis, 03/04/2014", others)
    assert is_one_of_many("Tunis, 03/04/2014", others, day_first=True)
