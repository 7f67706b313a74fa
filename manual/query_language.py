"""The guide to the query language: ``docs/query-language.md``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from manual.tables import table
from rights_search import fields
from rights_search.engines.vocabulary import MAX_EXPANSIONS
from rights_search.query import dates, facets, nearness, nodes, parser, syntax, words
from rights_search.search.questions import MAX_LEAVES

_INTRO = """\
# The query language

<!-- Written by `make docs`: change the tables in the code or `manual/`, not this page. -->

Words find posts; everything else narrows, widens or weighs. Nothing that you type can break
anything: stray signs are left out, and a mistake is shown with its place. On a command line
put the query into single quotes, because shells take `"`, `*`, `(`, `<` and `!` for themselves.

Every example here is run against `corpus/` by the project's tests, as on 1 June 2020."""

_SECTIONS: dict[syntax.Section, str] = {
    "words": """\
## Words

Words stand for their inflected forms and, unless `--exact` is given, for other names of the
same thing (`docs/aliases.md`). Where no post holds all the words, those that hold some are
shown, and the answer says so.""",
    "combining": """\
## Combining

Operators are written in capitals: `or` is a word. Words like "in" and "the" are not asked for
beside others, unless they are quoted.""",
    "fields": "## Fields",
    "values": """\
## Values

Countries, themes, groups of people, languages and sources are values: they are compared as a
whole and counted. Case, accents and punctuation make no difference. A theme may be named by its
area, which stands for all its themes: `theme:freedoms`.""",
    "dates": """\
## Dates

A post is found only if all of its date lies inside: one that only says "2014" is in `date:2014`
and not in `date:2014-02`.""",
    "nearness": f"""\
## Nearness

`a near:5 b` asks for both in one field, in any order. What stands near may be a word, a phrase,
a beginning, a misspelling, or a group of alternatives; each needs a place of its own, and at
most five words that belong to none of them may stand between the first and the last. So it is
for rows, too: in `a near:5 b near:5 c` five others are allowed between all three. A row has one
number and at most {nearness.MAX_MEMBERS} members. `near:` binds tighter than AND and NOT.""",
}

_NAMES_OF_KINDS = {
    "text": "words, ranked",
    "facet": "a value",
    "date": "days",
    "derived": "a name",
}


def page() -> str:
    """Return the text of the page."""
    parts = [_INTRO]
    for section, text in _SECTIONS.items():
        parts += [text, _constructs(section)]
        if section == "fields":
            parts.append(_fields())
        if section == "dates":
            parts.append(_named_days())
    parts += [_states(), _elsewhere(), _EXPLAIN, _grammar(), _limits(), _BOUNDS]
    return "\n\n".join(parts) + "\n"


def _constructs(section: syntax.Section) -> str:
    rows = (
        (_codes(item.written), item.means, _codes((item.example,)))
        for item in syntax.CONSTRUCTS
        if item.section == section
    )
    return table(("written", "finds", "for example"), rows)


def _fields() -> str:
    rows = (
        (
            _codes((f"{field.name}:",)),
            _codes(f"{name}:" for name in field.aliases),
            field.help,
            _NAMES_OF_KINDS[field.kind] + (", by bare words too" if field.is_default else ""),
            _codes(field.example.split(" or ")),
        )
        for field in fields.FIELDS
    )
    heads = ("field", "also", "holds", "takes", "for example")
    return table(heads, rows)


def _named_days() -> str:
    rows = [(_codes((name,)), item.help) for name, item in dates.NAMED.items()]
    rows.append((_codes(("last-30-days",)), "so many days, today the last of them"))
    rows.append((_codes(("last-2-weeks", "last-6-months", "last-5-years")), "the same"))
    return table(("days", "which"), rows)


def _states() -> str:
    rows = ((_codes((f"is:{name}",)), text) for name, text in facets.STATES.items())
    return "## What posts are to each other\n\n" + table(("written", "means"), rows)


_EXPLAIN = """\
## Why this, why nothing

`rights-search explain QUERY` prints the query as it was understood, what every part matches by
itself, the forms that each word stood for, and what names and days were taken for. A query that
finds nothing is told which part leaves nothing over, and how much is found without it:

```
No post has both 'court' and 'miners'; without 'court': 3; without 'miners': 1.
```"""


def _elsewhere() -> str:
    rows = ((_codes(written), here) for written, here in syntax.ELSEWHERE)
    return _ELSEWHERE + "\n\n" + table(("written elsewhere", "here"), rows)


_ELSEWHERE = """\
## If you know another search engine

What has a meaning in Lucene, Elasticsearch, SQLite or Google and none here is answered with one
line that says what to write: as a note where it can be a word, else as an error."""


def _grammar() -> str:
    doc = parser.__doc__ or ""
    rules = re.search(r"::\n\n((?:    .*\n)+)", doc)
    assert rules is not None, "the parser's docstring holds the grammar"  # noqa: S101
    lines = (line.removeprefix("    ") for line in rules[1].rstrip().splitlines())
    return "## Grammar\n\nIn EBNF:\n\n```\n" + "\n".join(lines) + "\n```"


def _limits() -> str:
    refused, capped = "refused, with the place", "counts as the largest"
    rows = (
        ("words, values and pairs of parentheses in a query", f"{parser.MAX_CLAUSES:,}", refused),
        ("of these with `*` or `~`", f"{parser.MAX_PATTERNS:,}", refused),
        ("words of a field for which one of them stands", f"{MAX_EXPANSIONS:,}", refused),
        ("words and phrases once other names are added", f"{MAX_LEAVES:,}", refused),
        ("parentheses inside each other", f"{parser.MAX_DEPTH}", refused),
        ("words and phrases in a row of `near:`", f"{nearness.MAX_MEMBERS}", refused),
        ("other words that `near:` and `~` allow", f"{words.MAX_NUMBER:,}", capped),
        ("letters by which a misspelling may differ", f"{words.MAX_EDITS}", capped),
        ("weight of a word", f"{nodes.MAX_BOOST:,.0f}", capped),
    )
    return "## Limits\n\n" + table(("of", "at most", "more is"), rows)


_BOUNDS = """\
Reading a query takes time in proportion to its length: the worst texts of 20,000 characters that
we know take 10 to 20 ms of CPU time, whether they are words, weighted groups or signs.

A search takes time in proportion to the words of the query and the posts that hold them. These
are the worst queries that we know of, in CPU seconds and in MiB of memory that a search adds, over
5,000 posts of 250 words that are as frequent as those of the sample corpus, the slowest of the
three modes, on a machine where `torture` takes 0.7 s when it is asked for first
(`python -m benchmarks.queries`; on other machines the proportions count):

| query | s | MiB |
| --- | --- | --- |
| a thousand words with OR between them | 10.0 | 105 |
| a thousand words | 8.0 | 110 |
| groups in groups | 3.7 | 63 |
| three groups of six common words within two words of each other | 3.1 | 35 |
| a thousand negations | 2.7 | 97 |
| fifty misspellings of two letters | 2.4 | 68 |
| six common words in a row, near or far | 2.4 | 16 |
| sixteen phrases of two common words | 2.3 | 8 |
| a thousand times one of eight common words, with OR between them | 2.1 | 19 |
| fifty beginnings of three letters | 1.5 | 27 |
| a thousand words in one phrase, or within 9,999 words | 0.7 | 7 |

Why nothing was found is worked out only then, and at most of twelve parts of a query one by one."""


def _codes(texts: Iterable[str]) -> str:
    return " ".join(f"`{text}`" for text in texts)
