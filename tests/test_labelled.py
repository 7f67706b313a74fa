"""Lines above a plain text that name what follows them, and lines that only look so."""

from __future__ import annotations

import pytest

from rights_search.ingest.plain.reader import text_draft
from rights_search.ingest.source import Draft

TITLE = "Two men released after nine years"
FIRST = "The two men had been held without trial since the spring of 1983 in the same prison."
SECOND = "A court had ordered their release as early as 1987. Nobody carried the order out."


def _read(head: str, *, labelled: bool = True) -> Draft:
    draft = text_draft(f"{head}\n\n{FIRST}\n\n{SECOND}\n", None, labelled=labelled)
    assert draft is not None
    return draft


@pytest.mark.parametrize(
    "head",
    [
        f"{TITLE}\n\nDate: 12 March 1992\nCountry: France",
        f"{TITLE}\nDate: 12 March 1992\n\nCountry: France",
        f"Date: 12 March 1992\nCountry: France\n\n{TITLE}",
        f"Date: 12 March 1992\nCountry: France\n{TITLE}",
        f"Country: France\nTitle: {TITLE}\nDate: 12 March 1992",
        f"title: {TITLE}\ndate: 1992-03-12\ncountry: France",
        f"Title: {TITLE}\n12 March 1992\nCountry: France",
        f"{TITLE}\n12 March 1992\n\nCountry: France",
        f"**Date**: 12 March 1992\n**Country:** France\n\n{TITLE}",
        f"PRESS RELEASE\n\nDate: 12 March 1992\nCountry: France\n\n{TITLE}",
        f"{TITLE}\nBy Ada Example\nDate: 12 March 1992\nCountry: France",
        f"Title: {TITLE}\nBy Ada Example\nDate: 12 March 1992\nCountry: France",
        f"By Ada Example\nSubject: {TITLE}\n12 March 1992\nCountry: France",
    ],
)
def test_labels_are_read_wherever_the_title_stands(head: str) -> None:
    """Above it, below it, as one of them, with a date line among them."""
    draft = _read(head)
    assert draft.date is not None
    assert (draft.title, draft.date.iso) == (TITLE, "1992-03-12")
    assert draft.source_countries == ("France",)
    assert draft.paragraphs == (FIRST, SECOND)
    assert draft.captions == ()


def test_every_field() -> None:
    """Each goes where tables put it, and the reader says which lines it took."""
    draft = _read(
        f"{TITLE}\n\nAuthor: Ada Example and Ben Example\nOrganisation: Example Watch\n"
        "Place: Geneva\nThemes: prisons; torture\nLanguage: en\nSource: Example Journal\n"
        "Link: https://example.org/a\nUpdated: 14 March 1992\nReference: EX 1/1992"
    )
    assert draft.authors == ("Ada Example", "Ben Example")
    assert (draft.organisation, draft.place) == ("Example Watch", "Geneva")
    assert draft.source_tags == ("prisons", "torture")
    assert (draft.language, draft.source_name) == ("en", "Example Journal")
    assert draft.url == "https://example.org/a"
    assert draft.updated is not None
    assert (draft.updated.iso, draft.updated.origin) == ("1992-03-14", "label line: Updated")
    assert draft.paragraphs == ("Reference: EX 1/1992", FIRST, SECOND)
    assert ("authors", "text, line 3: Author") in draft.origins
    (note,) = draft.notes
    assert note.endswith("Author, Organisation, Place, Themes, Language, Source, Link, Updated")


@pytest.mark.parametrize(
    "head",
    [
        f"{TITLE}\n\nNote: they say nothing\nPolice: no comment",
        f"{TITLE}\n\nDate: as soon as there is one\nCountry: the one that they left",
        f"{TITLE}\n\nAuthor: I wrote it in prison.\nPlace: the same prison",
        f"{TITLE}\n\nTheme: prisons",
        f"{TITLE}\n\n{FIRST}\n\nDate: 12 March 1992\nCountry: France",
        f"---\ntitle: {TITLE}\ncountry: France\nlanguage: en",
        "Country: France\n\nReference: EX 1/1992",
        f"{TITLE}\n\nSubject: the spring\nPlace: the same prison",
        f"{TITLE}\n\nTitle: the spring",
        "Question: Who held you?\nAnswer: The court.\nSubject: I do not know it.",
        f"{TITLE}\n\nName: Ada Example\nAge: 34",
        f"Date: 12 March 1992\n\n{FIRST}\n\nDate: 13 March 1992",
        f"Place: Geneva\nCountry: France\n\n{FIRST}\n\nPlace: Paris\nCountry: Spain",
    ],
)
def test_what_only_looks_like_labels_is_text(head: str) -> None:
    """Words that no table knows, values of another kind, and lines behind text are text."""
    assert _read(head) == _read(head, labelled=False)


def test_a_value_that_is_not_understood_stays_text() -> None:
    """The label beside it is read all the same."""
    draft = _read(f"{TITLE}\n\nDate: in spring\nCountry: France")
    assert draft.source_countries == ("France",)
    assert draft.paragraphs == ("Date: in spring", FIRST, SECOND)


def test_labels_above_nothing_are_the_text() -> None:
    """A text of nothing else loses no word."""
    text = "Organisation: Example Watch\nCountry: France\n12 March 1992\n"
    assert text_draft(text, None) == text_draft(text, None, labelled=False)


def test_no_other_line_is_joined_to_a_title() -> None:
    """What stands under the line of a title is text, whether the date is known or not."""
    draft = _read(f"Title: {TITLE}\nReference: EX 1/1992\nCountry: France")
    assert (draft.title, draft.paragraphs[0]) == (TITLE, "Reference: EX 1/1992")


def test_a_title_above_stays_the_title() -> None:
    """In minutes "Subject" is what they talked of, and "Name" is somebody's."""
    head = "Subject: Prisons\nName: Ada Example\nPlace: Geneva\nCountry: France"
    draft = _read(f"{TITLE}\n\n{head}")
    assert (draft.title, draft.place) == (TITLE, "Geneva")
    assert draft.paragraphs[:2] == ("Subject: Prisons", "Name: Ada Example")
    assert ("title", "text, line 1") in draft.origins


def test_what_a_date_leaves_out_stands_in_the_note() -> None:
    """Of a range the month is taken."""
    draft = _read(f"{TITLE}\n\nDate: 12-14 March 1992\nCountry: France")
    assert draft.date is not None
    assert draft.date.iso == "1992-03"
    assert draft.notes[0].endswith(": Date (12-14 March 1992), Country")


def test_a_contact_under_the_banner_of_a_release_is_no_title() -> None:
    """It needs no address there."""
    head = f"FOR IMMEDIATE RELEASE\nContact: Ada Example\nDate: 12 March 1992\n\n{TITLE}"
    draft = _read(head)
    assert draft.title == TITLE
    assert draft.calls_to_action == ("Contact: Ada Example",)


def test_when_somebody_was_arrested_dates_no_text() -> None:
    """In a table of cases it dates the record; here it is one of the facts told."""
    head = "Date of arrest: 4 March 2012\nCountry: France\nLanguage: English"
    draft = _read(f"{TITLE}\n\n24 March 2014\n\n{head}")
    assert (str(draft.date), draft.source_countries) == ("2014-03-24", ("France",))
    assert draft.paragraphs[0] == "Date of arrest: 4 March 2012"
