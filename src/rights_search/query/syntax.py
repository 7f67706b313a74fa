"""What can be written in a query: a table, read by the guide and by tests.

The lexer and the parser are code; this says in words what each thing they know is
for. `tests/test_query_guide.py` fails when they know something that is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Section = Literal["words", "combining", "fields", "values", "dates", "nearness"]


@dataclass(frozen=True, slots=True)
class Construct:
    """One thing that can be written.

    Args:
        section: the part of the guide that it belongs to.
        written: how it is written, all spellings.
        means: what it finds, one sentence.
        example: a query in which it stands.
    """

    section: Section
    written: tuple[str, ...]
    means: str
    example: str


CONSTRUCTS: tuple[Construct, ...] = (
    Construct(
        "words", ("word",),
        "the word in any of its inflected forms, in the language of the post that holds it; "
        "case and accents do not count",
        "torture",
    ),
    Construct(
        "words", ("two words",), "all the words, in any order and in any fields",
        "torture prison",
    ),
    Construct(
        "words",
        (
            '"some words"', "«some words»", "“some words”", "„some words“", "‹some words›",
            "「some words」", "『some words』", "《some words》",
        ),
        "these words, as written, one behind the other; one word in quotes is that form alone "
        "(with `--broad` in any inflection)",
        '"right to strike"',
    ),
    Construct(
        "words", ("beginning*",), "every word that begins so",
        "censor*",
    ),
    Construct(
        "words", ("word~", "word~1", "word~2"),
        "words that are spelt nearly so: at most one or two letters added, left out, changed or "
        "swapped; without a number none up to 2 letters, one up to 5, else two",
        "chechyna~",
    ),
    Construct(
        "words", ("word^3", '"some words"^3', "(some words)^3"),
        "no other posts, but the word, phrase or group counts so many times in the ranking "
        "(0.5 makes it count less)",
        "torture^3 OR police",
    ),
    Construct(
        "words", ("-alias:group", "-alias:all"),
        "the query without a group of other names, by the name that the result gives it; "
        "transcription, same-root, spelling and sounds-alike are groups too",
        "torture -alias:torture",
    ),
    Construct(
        "words", ("\\",), "the sign behind it as it is, with no meaning",
        "who\\:",
    ),
    Construct(
        "combining", ("a AND b", "a && b"), "both; the same as without AND",
        "torture AND prison",
    ),
    Construct(
        "combining", ("a OR b", "a || b"), "either or both; AND binds tighter",
        "Politkovskaya OR Estemirova",
    ),
    Construct(
        "combining", ("NOT a", "-a", "!a"), "posts without it; it may stand anywhere",
        "strike -hunger",
    ),
    Construct(
        "combining", ("( )",), "a group, read first",
        "(abduction OR kidnapping) journalist",
    ),
    Construct(
        "fields", ("field:word", 'field:"some words"'), "only in that field, see the table below",
        "title:convention",
    ),
    Construct(
        "fields", ("field:(…)",), "the whole group in that field",
        "title:(torture OR slavery)",
    ),
    Construct(
        "fields", ("has:field",), "posts of which the field is known",
        "has:captions",
    ),
    Construct(
        "fields", ("is:original", "is:copy", "is:follow-up"), "what the post is to other posts",
        "is:original",
    ),
    Construct(
        "values", ("field:value",),
        "posts with that value, by its name in any language or by its code; a wrong one is "
        "refused, with the nearest right ones",
        "country:Россия",
    ),
    Construct(
        "values", ("field:one,two", 'field:one,"the second"'),
        "any of the values, with no space between them but in quotes",
        "country:RU,BY",
    ),
    Construct(
        "values", ("field:(one two)",), "all of the values",
        "mentions:(ZA IL)",
    ),
    Construct(
        "values", ("field:none",), "posts without a value; `year:undated` says the same of dates",
        "country:none",
    ),
    Construct(
        "dates", ("date:2006", "date:2006-10", "date:2006-10-07"),
        "posts that lie wholly inside that year, month or day",
        "date:2006-10",
    ),
    Construct(
        "dates", ("date:from..to", "date:from..", "date:..to"), "a range, both ends included",
        "date:1976-06..1977",
    ),
    Construct(
        "dates", ("date:>2006", "date:>=2006", "date:<2006", "date:<=2006"),
        "after all of it, from its beginning, before it, up to its end; quote it in a shell",
        "date:<1950",
    ),
    Construct(
        "dates", ("date:last-year", "date:last-30-days"),
        "days reckoned from today, see the table below; they may stand in ranges",
        "date:last-year",
    ),
    Construct(
        "nearness", ("a near:5 b", "a NEAR/5 b", "a NEAR b"),
        "both in one field, in any order, with at most so many other words between; without a "
        "number ten",
        "journalist near:6 (shot OR killed OR murdered)",
    ),
    Construct(
        "nearness", ('"some words"~5',),
        "the words of the phrase, as written, in any order, with at most so many others between",
        '"killed journalist"~9',
    ),
)  # fmt: skip


ELSEWHERE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("+a -b", "a && !b", "a AND NOT b"), "as it is"),
    (("a | b", "a OU b", "a XOR b"), "`a OR b`; `(a OR b) NOT (a b)`"),
    (("a w/5 b", "a AROUND(5) b", "NEAR(a b, 5)", "a ADJ5 b"), '`a near:5 b` or `"a b"~5`'),
    (("'some words'", "‘some words’"), '`"some words"`: single quotes are apostrophes'),
    (("w?rd", "*ord", "/wor.*/"), "`wo*` for every ending, `word~` for slips"),
    (("word~0.8",), "`word~1` or `word~2`"),
    (("*", "*:*"), "a blank query"),
    (("field:*", "_exists_:field"), "`has:field`"),
    (("-field:*", "field:NULL"), "`-has:field` or `field:none`"),
    (("year:[2010 TO 2015]", "year:2010-2015"), "`year:2010..2015`"),
    (("before:2015", "since:2010-05"), "`date:<2015`, `date:2010-05..`"),
    (("date:now-30d",), "`date:last-30-days`"),
    (("country:South Africa", "country:'South Africa'"), '`country:"South Africa"`'),
    (("country:ZA|RU", "country=ZA"), "`country:ZA,RU`, `country:ZA`"),
    (("tag:x", "text:x", "all:x"), "`theme:x`, `body:x`, `x`"),
    (("sort:date", "limit:10"), "options beside the query: `--sort`, `--limit`"),
)
"""What is written in other search engines → what is written here; a note or an error says it."""
