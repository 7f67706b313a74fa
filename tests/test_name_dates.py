"""Dates in the names of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from rights_search.ingest import Source, read_file
from rights_search.ingest.name_dates import date_of_name
from rights_search.ingest.source import Member
from rights_search.post import PartialDate, Post


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("2014-03-24_PR_final.docx", "2014-03-24"),
        ("20140324-press.pdf", "2014-03-24"),
        ("scan0001_20140324_1012.pdf", "2014-03-24"),
        ("2014.03.24.pdf", "2014-03-24"),
        ("Resolution 12 2014 03 24.txt", "2014-03-24"),
        ("PR 24.03.2014 final FINAL v2.pdf", "2014-03-24"),
        ("PR_24_03_2014.tar.gz", "2014-03-24"),
        ("24-03-2014 PR.txt", "2014-03-24"),
        ("24 mars 2014.odt", "2014-03-24"),
        ("PR_24Mar2014_final.docx", "2014-03-24"),
        ("March 24, 2014 statement.doc", "2014-03-24"),
        ("24 марта 2014 г.docx", "2014-03-24"),
        ("بيان ٢٤ مارس ٢٠١٤.docx", "2014-03-24"),
        ("2014-03-24 (24 March 2014).txt", "2014-03-24"),
        ("1999-01-01.zip!/b/2014_03_24.txt", "2014-03-24"),
        ("PR 03.04.2014.pdf", "2014"),
        ("2014/en/PR 24.03.14 final FINAL v2.docx", "2014-03-24"),
        ("2014/PR 14-03-24.docx", "2014-03-24"),
        ("2014/PR 14.03.14.docx", "2014-03-14"),
        ("2014/PR 03.04.14.docx", "2014"),
        ("2014/a.zip!/2013/24_03_14.txt", "2014-03-24"),
        ("2013/PR 24.03.14.docx", None),
        ("2014-03-24/notes.txt", None),
        ("2014-03-24 to 2014-03-26.pdf", None),
        ("report of 3 to 5 March 2014.txt", None),
        ("13.03.2014-15.03.2014.pdf", None),
        ("12-03-2014_15-03-2014.pdf", None),
        ("2014_13.03.2014.pdf", "2014-03-13"),
        ("PR 24.03.14 final.docx", None),
        ("PR_2014-05_water.docx", None),
        ("Annual report 2014.pdf", None),
        ("A-HRC-25-1-2014.pdf", None),
        ("asa 21-015-2014.pdf", None),
        ("ASA210152014.pdf", None),
        ("v1.2.2014.txt", None),
        ("10.1234-2014.pdf", None),
        ("2014-13-45.txt", None),
    ],
)
def test_a_name_tells_a_whole_day_or_nothing(name: str, iso: str | None) -> None:
    """A number, a part of a year, a folder's name and two days in one are no date."""
    date = date_of_name(name)
    assert (date and date.iso) == iso
    assert date is None or ("file-name" in date.flags and date.origin == "name of the file")


MAIL = Member("letter.txt", date=PartialDate("2019-05-06", "mail: Date"))


@pytest.mark.parametrize(
    ("name", "text", "member", "iso"),
    [
        ("2014-03-24.txt", "It rains here.", None, "2014-03-24"),
        ("2014-03-24.txt", "Rain\n\n5 March 2014\n\nIt rains here.", None, "2014-03-05"),
        ("a.eml!/2014-03-24.txt", "It rains here.", MAIL, "2014-03-24"),
        ("a.eml!/03.04.2014.txt", "It rains here.", MAIL, "2019-05-06"),
        ("a.eml!/letter.txt", "It rains here.", MAIL, "2019-05-06"),
        ("2014-03-24.html", "<p>It rains here, and it has rained all day.</p>", None, "2014-03-24"),
        ("2014-03-24.csv", "title,text\nRain,It rains here.\n", None, None),
        ("2014-03-24.jsonl", '{"title": "Rain", "text": "It rains here."}', None, None),
    ],
)
def test_a_name_dates_a_post_that_says_no_date(
    name: str, text: str, member: Member | None, iso: str | None
) -> None:
    """The text goes before it, the mail behind it; what holds several posts is not dated by it."""
    source = Source(Path(name), name, "0" * 64, content=text.encode(), member=member)
    (post,) = (item for item in read_file(source) if isinstance(item, Post))
    assert (post.date and post.date.iso) == iso
