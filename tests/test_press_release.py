"""Press releases: drafts, contacts and letterheads."""

from __future__ import annotations

import pytest

from rights_search.ingest.lines import split_lines
from rights_search.ingest.plain.press_release import find_release, sort_tail
from rights_search.ingest.plain.reader import titled_draft


@pytest.mark.parametrize(
    ("line", "is_draft"),
    [
        ("DRAFT", True),
        ("Draft v2 – not for release", True),
        ("NOT FOR PUBLICATION | CONFIDENTIAL", True),
        ("DRAFT PRESS RELEASE", True),
        ("ПРОЕКТ – НЕ ДЛЯ ПУБЛИКАЦИИ", True),
        ("مسودة – ليست للنشر", True),
        ("Draft law on the press is withdrawn", False),
        ("Draft: what the law on the press says", False),
        ("CONFIDENTIAL", False),
        ("Проект", False),
        ("PRESS RELEASE", False),
    ],
)
def test_a_release_that_says_that_it_is_a_draft_is_told(line: str, is_draft: bool) -> None:
    """A line of such words alone is no text and makes a note; a title with one of them is none."""
    release = find_release(split_lines(f"PRESS RELEASE\n\n{line}\n\nA title\n\nSome text."))
    assert release is not None
    assert release.draft == (line if is_draft else None)
    assert release.lines[2].text == ("" if is_draft or line == "PRESS RELEASE" else line)
    assert [line in note for note in release.notes[1:]] == [True] * is_draft


def test_contacts_on_a_later_page_are_no_text() -> None:
    """End marks and addresses are known on each page; what no address follows stays."""
    texts = ["It rains.", "ENDS", "Contact:", "Media Section", "press@example.org", "Notes"]
    assert sort_tail(texts) == ((0, 5), ("Contact:", "Media Section", "press@example.org"))
    assert sort_tail(["For more information:", "It rains.", "It snows."]) == ((0, 1, 2), ())


TITLE, NAME = "Refugees turned back at the border", "Example Rights Office"
TEXT = "Boats were towed back to the open sea on Sunday, said a report that was published today."


@pytest.mark.parametrize(
    ("texts", "large", "organisation"),
    [
        ([NAME, "1 Example Street, 1200 Example", "PRESS RELEASE", TITLE, TEXT], NAME, NAME),
        ([NAME, "1 Example Street, 1200 Example", "PRESS RELEASE", TITLE, TEXT], TITLE, NAME),
        ([f"{NAME} 1 Street, 1200 Example", "PRESS RELEASE", TITLE, TEXT], TITLE, None),
        (["A section", TITLE, TEXT], TITLE, None),
        ([TITLE, NAME, TEXT], NAME, None),
        ([f"{NAME} | PRESS RELEASE", TITLE, TEXT], TITLE, NAME),
    ],
)
def test_what_is_set_as_a_title_may_be_a_letterhead(
    texts: list[str], large: str, organisation: str | None
) -> None:
    """The name above a banner is no title, however large; a title under it is one."""
    draft = titled_draft(texts, large, None, "large")
    assert draft is not None
    is_letterhead = organisation == large
    assert draft.title == (TITLE if is_letterhead else large)
    assert draft.organisation == organisation
    assert dict(draft.origins)["title"] == ("text, line 7" if is_letterhead else "large")
    left = [text for text in texts if "RELEASE" not in text and text != draft.title]
    assert [*draft.paragraphs] == (left if "PRESS RELEASE" not in texts else [TEXT])


@pytest.mark.parametrize(
    ("line", "below", "organisation", "left"),
    [
        (f"{NAME} | PRESS RELEASE", TITLE, NAME, ""),
        (f"{NAME} | Press release no. 12", TITLE, NAME, ""),
        (f"{TITLE} | Press release", "24 March 2014", None, TITLE),
        (f"PRESS RELEASE | {NAME}", TITLE, None, NAME),
    ],
)
def test_a_name_may_stand_on_the_line_of_the_banner(
    line: str, below: str, organisation: str | None, left: str
) -> None:
    """It is a letterhead where a title stands below, and else the title."""
    release = find_release(split_lines(f"{line}\n\n{below}\n\n{TEXT}"))
    assert release is not None
    assert (release.organisation, release.lines[0].text) == (organisation, left)
