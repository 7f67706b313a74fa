"""What the properties and the name of an office document or a PDF say: weak evidence.

Programs fill them in without being asked: the title is that of a template, the author
whoever owns the machine, the date that of a conversion. So they count only where the
text itself says nothing, and the post says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.name_dates import with_date_of_name
from rights_search.ingest.paragraphs import plain_line
from rights_search.ingest.people import split_names
from rights_search.ingest.source import WEAK, Draft, Source, with_origins


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The properties of a document, as they stand in it.

    Args:
        title: its title.
        author: its author.
        created: when it was made, ISO 8601.
    """

    title: str | None = None
    author: str | None = None
    created: str | None = None


def with_facts(draft: Draft, facts: DocumentFacts, source: Source) -> Draft:
    """Return ``draft`` with what the properties say where the text says nothing.

    A date in the file's name goes before that of the properties, which is as often that of a copy.
    """
    origins: dict[str, str] = {}
    title = draft.title or _title(facts.title, source)
    if title and not draft.title:
        origins["title"] = "file property: title"
    authors = draft.authors
    if not authors and (name := _author(facts.author)):
        authors = tuple(split_names(name))
        origins["authors"] = "file property: author"
    date = with_date_of_name(draft, source).date
    if date is None and facts.created:
        found = parse_date(facts.created[:10], origin="file property: created")
        date = None if found is None else replace(found, flags=(*found.flags, WEAK))
    return with_origins(replace(draft, title=title, authors=authors, date=date), **origins)


_PROGRAM = re.compile(
    r"\A(?:microsoft (?:word|powerpoint|office)\b.*|untitled.*|document ?\d*|doc\d+|"
    r"(?:windows |office |microsoft office )?user|admin(?:istrator)?|unknown|author|owner|"
    r"python-docx|pandoc|libreoffice|openoffice.*|.+\.(?:docx?|odt|rtf|pdf|indd|pub|wpd))\Z",
    re.IGNORECASE,
)


def _title(text: str | None, source: Source) -> str | None:
    line = plain_line(text or "")
    stem = source.name.rpartition("/")[2].partition(".")[0]
    is_name = line.casefold() == stem.casefold() or _PROGRAM.match(line)
    return None if is_name or " " not in line else line


def _author(text: str | None) -> str | None:
    line = plain_line(text or "")
    return None if not line or _PROGRAM.match(line) or "@" in line else line
