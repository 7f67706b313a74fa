"""What a post is called, and which post its title says that it follows.

A title such as "Further information on UA 168/90 (ASA 11/06/90)" cites others by their
names: a document's index number, the number of an appeal, or the title itself. The
marks are data, ``data/follow_marks.json``. Who cites is linked to whoever bears the
name by `rights_search.links.following`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rights_search.links.fingerprints import normalised
from rights_search.post import Post
from rights_search.results import FollowRule

MIN_NAME_WORDS = 3
"""A shorter title is no name: a thousand posts are called "Press release"."""

MIN_TITLE_WORDS = 6
MIN_TITLE_BYTES = 30
"""What "Update: …" is followed by must be so long, in UTF-8, to be taken for the title of
one post: "Colombia: Fear for safety" is a form, and ideographs are words of one letter."""

MAX_CITES = 20
MAX_TITLE_CHARS = 1000
_HEAD_CHARS = 300

_DATA = Path(__file__).resolve().parent.parent / "data" / "follow_marks.json"
_FIRST_CENTURY_YEAR = 61  # of the organisation that numbers so: /61 is 1961


@dataclass(frozen=True, slots=True)
class Cite:
    """A name that a post's title cites as that of the post it follows.

    Args:
        name: as in `Thread.names`.
        rule: why it counts.
        words: what stands in the title.
    """

    name: str
    rule: FollowRule
    words: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A post's place among posts that follow each other.

    Args:
        names: what others can call it by: index and action number, a mail's identifier, title.
        cites: the names that its title or its headers cite, the strongest reason first.
        is_follow_up: True if one of them says that the post follows another.
        action: that of its names which is the number of an appeal, or empty.
    """

    names: tuple[str, ...] = ()
    cites: tuple[Cite, ...] = ()
    is_follow_up: bool = False
    action: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A title, taken apart: the mark, if any, and the title without it."""

    mark: str
    subject: str
    is_reply: bool = False


def thread_of(post: Post) -> Thread:
    """Return what a post is called and what it cites."""
    found = [*_own_indexes(post), *((f"mail {post.message_id}",) if post.message_id else ())]
    answers = tuple(Cite(f"mail {each}", "in reply to", each) for each in post.answers)
    if post.title_derived:
        return Thread(tuple(dict.fromkeys(found)), answers[:MAX_CITES], bool(answers))
    title = post.title[:MAX_TITLE_CHARS].strip()
    words = normalised(title)
    reading = _read(title, words)
    action = _action(reading.subject)
    if action:
        found.append(action[0])
    if reading.mark:
        words = normalised(reading.subject)
    # Of one source only: every organisation has an "Iran: Death penalty in 2014".
    subject = f"title {post.source or ''}\0{b' '.join(words).decode()}"
    if len(words) < MIN_NAME_WORDS:
        subject = ""
    else:
        found.append(subject)
    cites = tuple(_cites(title, reading, action, subject)) if reading.mark else ()
    return Thread(
        tuple(dict.fromkeys(found)),
        (*answers, *cites)[:MAX_CITES],
        is_follow_up=bool(reading.mark or answers),
        action=action[0] if action else "",
    )


def _cites(
    title: str, reading: _Reading, action: tuple[str, str] | None, subject: str
) -> Iterator[Cite]:
    if reading.is_reply:
        if subject:
            yield Cite(subject, "reply", reading.mark)
        return
    for match in _INDEX.finditer(title):
        yield Cite(_index_name(*match.groups()), "index number", match.group())
    if action:
        yield Cite(action[0], "action number", action[1])
    words = subject.partition("\0")[2]
    if words.count(" ") >= MIN_TITLE_WORDS - 1 and len(words.encode()) >= MIN_TITLE_BYTES:
        yield Cite(subject, "same title", reading.mark)


def cited_words(later: Post, earlier: Post, rule: FollowRule) -> str:
    """Return the words in the title of one post that speak for its following another.

    Where it follows the original of a copy that it cites, these cite the copy.
    """
    names = thread_of(earlier).names
    cites = [cite for cite in thread_of(later).cites if cite.rule == rule]
    citing = [cite for cite in cites if cite.name in names] or cites
    return citing[0].words if citing else ""


def key(name: str) -> int:
    """Return 64 bits for a name."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


# --- names -----------------------------------------------------------------------

_INDEX = re.compile(r"\b([A-Za-z]{3}) ?(\d{2})/(\d{1,5})/(\d{4}|\d{2})(?!\d)")
_URL_INDEX = re.compile(r"/([a-z]{3})(\d{2})[/-](\d{1,5})[/-](\d{4})(?!\d)")
_LABELLED_INDEX = re.compile(r"\bIndex(?: number)?: ?" + _INDEX.pattern)


def _own_indexes(post: Post) -> Iterator[str]:
    found = _URL_INDEX.search(post.url) if post.url else None
    if found:
        yield _index_name(*found.groups())
    for paragraph in post.paragraphs[:2]:
        head = paragraph[:_HEAD_CHARS]
        if "Index" in head and (labelled := _LABELLED_INDEX.search(head)):
            yield _index_name(*labelled.groups())


def _index_name(region: str, country: str, number: str, year: str) -> str:
    return f"index {region.lower()}{country}/{int(number)}/{_full_year(year)}"


def _full_year(year: str) -> str:
    if len(year) == 4:  # noqa: PLR2004 - all its digits
        return year
    return f"19{year}" if int(year) >= _FIRST_CENTURY_YEAR else f"20{year}"


def _action(subject: str) -> tuple[str, str] | None:
    """Return the name of the numbered appeal that a subject begins with, and its words."""
    match = _grammar().action.match(subject)
    if match is None:
        return None
    series = _grammar().series.get(match["action"].casefold())
    if series is None:
        # To a pattern that ignores case "Actıon" is "Action"; it is no name in our list.
        return None
    return f"action {series} {int(match['number'])}/{_full_year(match['year'])}", match["words"]


# --- titles ----------------------------------------------------------------------


def _read(title: str, words: Iterable[bytes]) -> _Reading:
    grammar = _grammar()
    # Most titles hold no word of a mark, and to try the patterns costs more than all else.
    if grammar.words.isdisjoint(words):
        return _Reading("", title)
    reply = grammar.reply.match(title)
    if reply:
        return _Reading(reply["mark"].strip(), reply["subject"], is_reply=True)
    match = next((found for form in grammar.forms if (found := form.match(title))), None)
    if match is None:
        return _Reading("", title)
    parts = match.groupdict()
    return _Reading(parts["mark"].strip(), (parts.get("prefix") or "") + parts["subject"])


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The marks as patterns.

    Args:
        words: one word of each mark: a title without any of them has no mark.
        reply: "Re: subject".
        forms: the other marks, the likeliest first.
        action: the number of an appeal in front of a subject.
        series: an appeal's name in the language's own words → its series.
    """

    words: frozenset[bytes]
    reply: re.Pattern[str]
    forms: tuple[re.Pattern[str], ...]
    action: re.Pattern[str]
    series: Mapping[str, str]


@cache
def _grammar() -> _Grammar:
    data = json.loads(_DATA.read_text(encoding="utf-8"))
    marks = data["marks"].values()
    series = {name.casefold(): key for key, known in data["actions"].items() for name in known}

    def every(place: str) -> str:
        return _any_of(form for language in marks for form in language[place])

    leads = "|".join(
        rf"(?:{_any_of(language['lead'])})(?:\s*[:：]|\s+(?:{_any_of(language['joins'])})\b\s*:?"
        rf"|\s*(?:{_any_of(language['joins'])})(?=[^\W\d_a-z]))"
        for language in marks
    )
    prefix = r"(?P<prefix>[^:：]{1,60}[:：]\s*)?"
    label, tail = every("label"), every("tail")
    shout = _any_of(form.upper() for language in marks for form in language["label"])
    return _Grammar(
        words=frozenset(
            max(normalised(form), key=len)
            for language in marks
            for place in ("lead", "label", "tail", "reply")
            for form in language[place]
        ),
        reply=_compiled(rf"(?P<mark>(?:(?:{every('reply')})\s*[:：]\s*)+)(?P<subject>\S.*)"),
        forms=(
            _compiled(rf"{prefix}(?P<mark>{leads})\s*(?P<subject>\S.*)"),
            _compiled(rf"{prefix}(?P<mark>{label})\s*(?:[:：–—|]|-\s)\s*(?P<subject>\S.*)"),
            _compiled(rf"(?P<subject>.*\S)\s*(?:[:：–—]|\s-)\s*(?P<mark>{tail})[.!]?\Z"),
            _compiled(rf"(?P<subject>.*\S)\s*[\(\[（](?P<mark>{tail})[\)\]）]\Z"),
            re.compile(rf"(?P<mark>{shout})\s+(?P<subject>\S.*)", re.DOTALL),
        ),
        action=_compiled(
            rf"(?:l['’]|la |the )?(?P<words>(?P<action>{_any_of(series)})"
            r"(?:\s*(?:no|nr|n°|№)\.?)?[\s:.-]*(?P<number>\d{1,4})/(?P<year>\d{4}|\d{2}))(?!\d)"
        ),
        series=series,
    )


def _any_of(forms: Iterable[str]) -> str:
    """Return a pattern for any of ``forms``, the longest first."""
    distinct = sorted(set(forms), key=lambda form: (-len(form), form))
    return "|".join(re.escape(form).replace("'", "['’]") for form in distinct)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
