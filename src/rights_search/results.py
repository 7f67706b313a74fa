"""The frozen values that a search and a look at an index give back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias, overload

from rights_search.post import PartialDate, Post
from rights_search.values import dataclass, field

Mode: TypeAlias = Literal["exact", "default", "broad"]
"""How freely the words of a query are read.

``exact``: as written, but for case and accents. ``default``: inflections and other
names too. ``broad``: any of the words will do, also where they are spelt nearly so.
"""


Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Half-open ranges of characters of a text, in order, never overlapping."""


FollowRule = Literal["in reply to", "index number", "action number", "same title", "reply"]
"""Why a post is taken to follow another: see docs/copies.md."""


@dataclass(frozen=True, slots=True)
class Match:
    """One reason why a hit matched.

    Args:
        field: the post's field that the words stand in.
        words: the words as they stand there.
        clause: the part of the query that they answer, as typed.
        rule: ``as written``, ``inflection``, ``alias: <group id>``, ``transcription``,
            ``same-root``, ``spelling``, ``sounds-alike``, ``prefix``, ``fuzzy``, ``phrase``,
            ``near`` or ``facet``.
        count: how often these words stand in that field.
        is_least: True where the post holds so many places that not all were counted: these
            words stand there at least ``count`` times, and other forms of them may too.
    """

    field: str
    words: str
    clause: str
    rule: str
    count: int = 1
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """The best passage of a post for a query: text and what to highlight in it.

    Args:
        text: plain text, no markup; passages are joined by `` … ``.
        spans: half-open character ranges of ``text`` that matched, in order,
            never overlapping.
        paragraph: index of the paragraph that its first passage is from; None where
            that is a caption, or nothing.
    """

    text: str
    spans: Spans = ()
    paragraph: int | None = None

    def __str__(self) -> str:
        return self.text

    def to_html(self, tag: str = "mark") -> str:
        """Return the text for an HTML page, escaped, what matched in elements ``tag``."""
        return _marked(self.text, self.spans, tag)


def _marked(text: str, spans: Spans, tag: str) -> str:
    """Return ``text`` as HTML; no character of it is markup, in an attribute neither."""
    from html import escape  # noqa: PLC0415 - a terminal has no use for it

    parts = []
    behind = 0
    for start, end in spans:
        parts += [escape(text[behind:start]), f"<{tag}>", escape(text[start:end]), f"</{tag}>"]
        behind = end
    return "".join([*parts, escape(text[behind:])])


CopiesMode = Literal["collapse", "all"]
"""Whether a search gives one hit for all copies of a text, or one for each."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A post that has the text of another, or nearly so.

    Args:
        id, title, date, source: as in its `Post`.
        place: its file, and the line where it begins.
        similarity: share of all runs of four words that it has in common with the
            original, from 0.7 on; 1.0 for the same text, and for the original itself.
    """

    id: str
    title: str
    date: PartialDate | None
    source: str | None
    place: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Copies:
    """The posts that have the same text as a post, or nearly so, wherever they match or not.

    Args:
        original: id of the one that was there first: see docs/copies.md.
        similarity: of the post itself with the original, as in `Copy`.
        count: how many others there are.
        others: they themselves, the original first if it is among them, then by date; at
            most 20.
    """

    original: str
    similarity: float
    count: int
    others: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Follow:
    """A post that another one follows, or is followed by.

    Args:
        id, title, date: as in its `Post`.
        rule: why the later one counts as following the earlier one.
        words: what stands in the title of the later one; only `Archive.related` fills it.
    """

    id: str
    title: str
    date: PartialDate | None
    rule: FollowRule
    words: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """What a post has to do with others.

    Args:
        copies: posts of the same text, None if there are none.
        follows: the post that it follows, None if it follows none.
        followed_by: the posts that follow it, the earliest first; at most 100.
    """

    copies: Copies | None = None
    follows: Follow | None = None
    followed_by: tuple[Follow, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What a part of the query adds to the score of a hit.

    Args:
        clause: the part, as typed; empty for what comes from the whole query.
        rule: ``words`` for what was asked for, ``near`` for words near each other,
            ``about`` for a country that the post is about, ``feedback`` for words of
            the best answers, ``similar posts`` for the company of other good answers,
            ``age`` for what an old post loses.
        score: what it adds; negative for what it takes away.
    """

    clause: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that a search found.

    Args:
        rank: 1-based place in the whole result.
        score: BM25F score; 0.0 where nothing was ranked (an empty query).
        post: the post itself.
        snippet: its best passage.
        title_spans: half-open character ranges of ``post.title`` that matched.
        why: every reason for the match, the strongest field first.
        copies: posts of the same text, None if there are none.
        follows: the post that it follows, None if it follows none.
        parts: what the score is made of; they add up to it.
    """

    rank: int
    score: float
    post: Post
    snippet: Snippet
    title_spans: Spans = ()
    why: tuple[Match, ...] = ()
    copies: Copies | None = None
    follows: Follow | None = None
    parts: tuple[ScorePart, ...] = ()

    def __repr__(self) -> str:
        """Return a line: see `Post`."""
        return f"<Hit {self.rank} score={self.score:.3f} {self.post!r}>"

    def explain(self) -> str:
        """Return the score and what it is made of, a line each."""
        lines = [f"{self.score:.3f} score"]
        for part in self.parts:
            what = f"{part.clause}: {part.rule}" if part.clause else part.rule
            lines.append(f"{part.score:+.3f} {what}")
        return "\n".join(lines)

    def title_to_html(self, tag: str = "mark") -> str:
        """Return the title of the post as `Snippet.to_html` does the snippet."""
        return _marked(self.post.title, self.title_spans, tag)

    @property
    def page(self) -> int | None:
        """Return the page that the snippet is from, or None where there are no pages."""
        pages = self.post.provenance.pages
        return pages[self.snippet.paragraph or 0] if pages else None


@dataclass(frozen=True, slots=True)
class Expansion:
    """What else was searched for besides a part of the query.

    Args:
        clause: the words of the query, as typed.
        group: id of the alias group.
        forms: the other forms that were looked for.
    """

    clause: str
    group: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyEmpty:
    """Which part of a query leaves nothing over.

    Args:
        reason: a sentence about it.
        without: parts of the query → how many posts match without it; the largest
            number first, parts that change nothing left out.
        did_you_mean: values in the index that are spelt like one that is not there.
    """

    reason: str
    without: Mapping[str, int] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"without '{part}': {posts:,}" for part, posts in self.without.items()]
        sentence = "; ".join([self.reason, *parts]) + "."
        if not self.did_you_mean:
            return sentence
        names = " or ".join(f"'{name}'" for name in self.did_you_mean)
        return f"{sentence} Did you mean {names}?"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that differs in the spelling of words and finds more.

    Args:
        query: the query, with words that the index holds for those that it does not.
        posts: how many match it.
    """

    query: str
    posts: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a query as it was understood, with what it matches by itself.

    Args:
        kind: ``all`` and ``any`` of the parts, ``not``, ``near``, ``one word`` for
            words that count as one; ``word``, ``phrase``, ``prefix``, ``fuzzy``;
            ``value`` of a facet, ``dates``, ``has``; ``everything``.
        reading: the part as a query, in one canonical way.
        typed: the part as it was typed; empty where a filter stands for it.
        posts: how many posts match it.
        forms: term → number of posts that hold it: what a word's inflections, a
            prefix or a fuzzy word stood for, the most frequent first.
        field: the facet of a ``value``.
        values: its values, as the index has them.
        alias: why it was added, None if it was typed.
        parts: the parts that it is made of.
    """

    kind: str
    reading: str
    typed: str
    posts: int
    forms: Mapping[str, int] = field(default_factory=dict)
    field: str | None = None
    values: tuple[str, ...] = ()
    alias: str | None = None
    parts: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a query was read and what each part of it matches.

    Args:
        query: the query as it was given.
        mode: how freely its words were read.
        clause: the whole query, filters included.
        expansions, notes: as in `Results`.
        why_empty: which part leaves nothing over; None if something was found.
    """

    query: str
    mode: Mode
    clause: Clause
    expansions: tuple[Expansion, ...] = ()
    notes: tuple[str, ...] = ()
    why_empty: WhyEmpty | None = None

    def __repr__(self) -> str:
        """Return a line: the tree has some dozens of parts."""
        return f"<Explanation {self.query!r}: {self.total} posts match>"

    @property
    def total(self) -> int:
        """Return how many posts match the query."""
        return self.clause.posts


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a search; iterating gives the hits of the page asked for.

    Args:
        query: the query as it was given.
        total: how many posts match, whatever the page.
        hits: the page: at most ``limit`` hits from ``offset`` on.
        offset: how many hits come before the page.
        facets: for each facet asked for, value → number of hits, the most frequent first,
            ties by value; the empty string stands for posts that have no value. A facet is
            counted over the posts that answer the query and every filter *but those that
            choose values of this facet*: with ``country="RU"`` the count of Egypt says how
            many hits ``country="EG"`` would have, and the counts of years are those of
            Russia. What is typed in the query and what is excluded always holds.
        expansions: what else was searched for.
        is_relaxed: True when no post holds all the words and these hold some.
        notes: how doubtful parts of the query were read, one sentence each.
        elapsed_s: wall-clock seconds that the search took.
        mode: how freely the words of the query were read.
        why_empty: which part of the query no post answers, beside the others; None
            if some posts answer all of it.
        collapsed: how many matching posts are no hits, because they are copies of one.
        suggestion: a query in the spelling of the index that finds more, if there is one.
        selected: for each facet asked for of which filters choose values, these values;
            they stand in ``facets`` at 0 too.
    """

    query: str
    total: int
    hits: tuple[Hit, ...]
    offset: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    expansions: tuple[Expansion, ...] = ()
    is_relaxed: bool = False
    notes: tuple[str, ...] = ()
    elapsed_s: float = 0.0
    mode: Mode = "default"
    why_empty: WhyEmpty | None = None
    collapsed: int = 0
    suggestion: Suggestion | None = None
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def distinct(self) -> int:
        """Return how many hits there are on all pages."""
        return self.total - self.collapsed

    def __repr__(self) -> str:
        """Return a line: what was asked, and which of how many hits these are."""
        last = self.offset + len(self.hits)
        page = f"hits {self.offset + 1} to {last} of {self.distinct}" if self.hits else "no hits"
        return f"<Results {self.query!r}: {page}, {self.total} posts match>"

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        """Return a hit of the page, or some of them."""
        return self.hits[place]


@dataclass(frozen=True, slots=True)
class Stats:
    """What an index holds.

    Args:
        posts, files: how many.
        exact_copies: posts that have the very text of their original.
        near_copies: posts that have nearly the text of theirs.
        originals_copied: posts that have copies.
        follow_ups: posts that follow another.
        bytes_on_disk: size of the index folder.
        facets: as in `Results.facets`, over every post, all values.
        undated: posts without a date.
        engine: name of the engine.
        schema_version: see `rights_search.indexing.manifest`.
        created, updated: UTC times in ISO 8601.
        corpus: folder that it was last synced with.
    """

    posts: int
    files: int
    bytes_on_disk: int
    facets: Mapping[str, Mapping[str, int]]
    undated: int
    engine: str
    schema_version: int
    created: str
    updated: str
    corpus: str
    exact_copies: int = 0
    near_copies: int = 0
    originals_copied: int = 0
    follow_ups: int = 0

    def __repr__(self) -> str:
        """Return a line without the facets, which have some hundreds of values."""
        return f"<Stats {self.corpus!r}: {self.posts} posts of {self.files} files, {self.engine}>"
