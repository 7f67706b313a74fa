"""In any order of writing, removing, syncing and searching, a dict says what is found."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fuzzing import examples
from rights_search import Archive, engines
from rights_search.errors import RightsSearchError

WORDS = ("torture", "arrest", "prison", "Чечня", "التعذيب", "人权")
NAMES = ("a.md", "b.md", "inner/c.jsonl", "d.jsonl", "inner/deep/e.md")
YEARS = (1948, 2013, 2014)
SOURCES = ("first", "second")

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True)
names = st.sampled_from(NAMES)
years = st.sampled_from(YEARS)


class Searching(RuleBasedStateMachine):
    """Files as a dict, name → posts as (words, year), beside an index of them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.corpus, self.index = self.folder / "corpus", self.folder / "index"
        self.files: dict[str, list[tuple[list[str], int]]] = {}
        self.synced: dict[str, list[tuple[list[str], int]]] = {}
        self.source = self.synced_source = SOURCES[0]
        self.ticks = 0

    @initialize(
        engine=st.sampled_from(engines.names()), posts=st.tuples(*[st.tuples(texts, years)] * 3)
    )
    def create(self, engine: str, posts: tuple[tuple[list[str], int], ...]) -> None:
        """Begin with an index of some files: a change needs what was there before."""
        self.corpus.mkdir()
        self.set_source(self.source)
        self.archive = Archive.open_or_create(self.index, engine=engine)
        for name, post in zip(NAMES, posts, strict=False):
            self.write(name, [post], at_once=False)
        self.sync(rebuild=False)

    @rule(
        name=names,
        posts=st.lists(st.tuples(texts, years), min_size=1, max_size=3),
        at_once=st.booleans(),
    )
    def write(self, name: str, posts: list[tuple[list[str], int]], at_once: bool) -> None:
        """Add a file, or change what is in it; sync at once or with what else will change."""
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.ticks += 1
        if path.suffix == ".md":
            posts = posts[:1]
            ((words, year),) = posts
            text = f"# Entry {self.ticks}\n\n{year}\n\n{' '.join(words)}.\n"
        else:
            records = (
                {"title": f"Entry {self.ticks}-{number}", "date": year, "text": " ".join(words)}
                for number, (words, year) in enumerate(posts)
            )
            text = "".join(json.dumps(record) + "\n" for record in records)
        path.write_text(text, encoding="utf-8")
        # Long ago, so that a time stamp can be trusted, and never the same.
        os.utime(path, ns=(self.ticks * 10**9, self.ticks * 10**9))
        self.files[name] = posts
        if at_once:
            self.sync(rebuild=False)

    @precondition(lambda self: self.files)
    @rule(number=st.integers(0, len(NAMES) - 1), at_once=st.booleans())
    def remove(self, number: int, at_once: bool) -> None:
        """Remove a file; sync at once or with what else will change."""
        name = sorted(self.files)[number % len(self.files)]
        (self.corpus / name).unlink()
        del self.files[name]
        if at_once:
            self.sync(rebuild=False)

    @rule()
    def tell(self) -> None:
        """Change the settings, and sync: what was read with the old ones is read again."""
        self.set_source(SOURCES[self.source == SOURCES[0]])
        self.sync(rebuild=False)

    def set_source(self, source: str) -> None:
        """Write the settings."""
        path = self.corpus / ".rights-search.toml"
        path.write_text(f'source = "{source}"\n', encoding="utf-8")
        self.source = source

    @precondition(lambda self: (self.files, self.source) != (self.synced, self.synced_source))
    @rule(rebuild=st.sampled_from([False, False, False, True]))
    def sync(self, rebuild: bool) -> None:
        """Bring the index in line."""
        if self.synced and not self.files and not rebuild:
            # A folder that is not mounted looks like this: it must be said to be meant.
            with pytest.raises(RightsSearchError, match="holds no file"):
                self.archive.sync(self.corpus, processes=1)
            rebuild = True
        summary = self.archive.sync(self.corpus, rebuild=rebuild, processes=1)
        assert summary.failed == 0
        self.synced, self.synced_source = dict(self.files), self.source

    @rule()
    def reopen(self) -> None:
        """Open the index as another process would."""
        self.archive.close()
        self.archive = Archive.open(self.index)

    @rule(engine=st.sampled_from(engines.names()))
    def convert(self, engine: str) -> None:
        """Let another engine take over, if it is another."""
        if engine != self.archive.engine:
            converted = self.archive.convert(engine)
            self.archive.close()
            converted.close()
            self.archive = Archive.open(self.index)

    @rule(word=st.sampled_from(WORDS), year=st.none() | years)
    def search(self, word: str, year: int | None) -> None:
        """Find the posts that have a word, those of a year if one is asked for."""
        wanted = Counter(
            name
            for name, posts in self.synced.items()
            for words, when in posts
            if word in words and year in (None, when)
        )
        chosen = [] if year is None else [str(year)]
        results = self.archive.search(word, mode="exact", copies="all", limit=100, year=chosen)
        assert results.total == sum(wanted.values())
        assert Counter(hit.post.provenance.path for hit in results) == wanted

    @invariant()
    def counts_are_those_of_the_files(self) -> None:
        """Hold as many posts as the files that were synced; count their years and sources."""
        if not hasattr(self, "archive"):
            return
        results = self.archive.search("", limit=0, copies="all", facets=("year", "source"))
        dates = Counter(str(year) for posts in self.synced.values() for _, year in posts)
        assert results.total == dates.total()
        assert {year: count for year, count in results.facets["year"].items() if count} == dates
        sources = {name: count for name, count in results.facets["source"].items() if count}
        assert sources == ({self.synced_source: dates.total()} if dates else {})

    def teardown(self) -> None:
        """Close the index and remove what was written."""
        if hasattr(self, "archive"):
            self.archive.close()
        shutil.rmtree(self.folder)


TestSearching = Searching.TestCase
TestSearching.settings = settings(
    max_examples=examples(12),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
