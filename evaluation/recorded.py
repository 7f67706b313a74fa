"""Record what reading and tagging give for each file of the corpus.

An index reads a file again when the program's state is another one than it was
(`rights_search.indexing.versions`). So the same state has to mean the same posts and tags: whoever
changes what comes of a file without raising `ingest.VERSION` or `tagging.VERSION` leaves
every index as it was. The record has a state and, for each file, digests of what it holds
and of what came of it. In the same state the same file must give the same; a new file, a
changed one and a new state are recorded anew. `main` writes no record that breaks this.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rights_search.errors import ReadError
from rights_search.indexing.versions import program_state
from rights_search.ingest import Listed, Skipped, list_files, open_source, read_file
from rights_search.ingest.settings import fingerprint
from rights_search.post import Post
from rights_search.post_records import to_dict
from rights_search.tagging import tag

_REPOSITORY = Path(__file__).resolve().parent.parent
CORPUS = _REPOSITORY / "corpus"
RECORD = Path(__file__).with_name("recorded.json")
_VERSIONS = {
    "read": "VERSION in src/rights_search/ingest/__init__.py",
    "tagged": "VERSION in src/rights_search/tagging/__init__.py",
}
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Digests of one file.

    Args:
        source: of its bytes and the settings that it is read with.
        read: of the posts in it, and of what was left out.
        tagged: of the same posts with their tags.
    """

    source: str
    read: str
    tagged: str


@dataclass(frozen=True, slots=True)
class Record:
    """What came of a corpus.

    Args:
        state: the program's, see `rights_search.indexing.versions.program_state`.
        files: path → its digests.
    """

    state: str
    files: Mapping[str, Entry]


def take(corpus: Path = CORPUS) -> Record:
    """Read and tag a corpus."""
    return Record(program_state(), dict(_entries(corpus)))


def load(path: Path = RECORD) -> Record:
    """Return a written record.

    Raises:
        OSError: if there is none.
    """
    record = json.loads(path.read_text(encoding="utf-8"))
    return Record(
        record["state"], {name: Entry(**entry) for name, entry in record["files"].items()}
    )


def unversioned(before: Record, now: Record) -> list[str]:
    """Return what gives other results in the same state, and which version to raise."""
    if before.state != now.state:
        return []
    others: dict[str, list[str]] = defaultdict(list)
    for name, old in before.files.items():
        new = now.files.get(name)
        if new is None or new.source != old.source or new == old:
            continue
        # Posts that are read otherwise have other tags as well.
        others["tagged" if new.read == old.read else "read"].append(name)
    return [
        f"{_named(names)}: {how} otherwise than recorded. Indexes would keep what they have:"
        f" raise {_VERSIONS[how]}, then run `make record`"
        for how, names in others.items()
    ]


def differences(before: Record, now: Record) -> list[str]:
    """Return why a record does not hold now, and what to do: nothing if it does."""
    found = unversioned(before, now)
    if found or before == now:
        return found
    if before.state != now.state:
        reason = "a version or a data file of the program has changed"
    else:
        files = dict(set(before.files.items()) ^ set(now.files.items()))
        reason = f"{_named(sorted(files))}: new, changed or gone"
    return [f"{reason}: run `make record`, and commit {RECORD.name} with the change"]


def main(path: Path = RECORD, corpus: Path = CORPUS) -> int:
    """Write the record, unless results have changed in the same state; return 1 then."""
    now = take(corpus)
    problems = unversioned(load(path), now) if path.exists() else []
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    path.write_text(json.dumps(asdict(now), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def _entries(corpus: Path) -> Iterator[tuple[str, Entry]]:
    for listed in list_files(corpus):
        if isinstance(listed, Listed):
            source = open_source(listed)
            if isinstance(source, ReadError):
                raise source
            items = list(read_file(source))
            tagged = [_tagged(item, listed) for item in items]
            settings = fingerprint(listed.settings)
            yield (
                listed.name,
                Entry(_digest([source.sha256, settings]), _digest(items), _digest(tagged)),
            )


def _tagged(item: Post | ReadError | Skipped, listed: Listed) -> Post | ReadError | Skipped:
    return tag(item, dict(listed.settings.themes)) if isinstance(item, Post) else item


def _digest(items: Iterable[object]) -> str:
    """Return 12 hex digits."""
    plain = [to_dict(item) if isinstance(item, Post) else str(item) for item in items]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]


def _named(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


if __name__ == "__main__":
    sys.exit(main())
