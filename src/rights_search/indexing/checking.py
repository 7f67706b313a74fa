"""How files are read, with every decision, before anything is indexed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rights_search.errors import ReadError
from rights_search.indexing.accounts import has_unclear_date, mistake, problem_of, unclear_dates
from rights_search.indexing.sync_results import Problem
from rights_search.ingest import (
    Explained,
    Listed,
    Opened,
    Skipped,
    explain_file,
    list_files,
    open_source,
)
from rights_search.ingest.settings import Settings
from rights_search.ingest.settings_file import vocabulary_above
from rights_search.ingest.source import Source
from rights_search.post import Post
from rights_search.tagging import tag
from rights_search.tagging.themes import LabelMap
from rights_search.vocabulary.vocabulary import built_in, using


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is about to be read.

    Args:
        name: its path relative to what is checked.
        size: in bytes.
        settings: what holds for it.
    """

    name: str
    size: int
    settings: Settings


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """A file, or a member of an archive in it, for which a reader was chosen.

    Args:
        name: the file, and behind ``!/`` the member.
        reader: name of the reader.
        reason: what showed that it is the right one.
        encoding: what the start of it was decoded with; empty for binary formats.
        told_by: how that encoding is known.
    """

    name: str
    reader: str
    reason: str
    encoding: str
    told_by: str


@dataclass(frozen=True, slots=True)
class CheckedPost:
    """A post as it would be indexed.

    Args:
        post: with its tags.
        origins: (field, where its value was found or what stands in for it) pairs.
        hints: what would have it read better.
    """

    post: Post
    origins: tuple[tuple[str, str], ...]
    hints: tuple[str, ...] = ()


Checked: TypeAlias = CheckedFile | CheckedPart | CheckedPost | Problem


def check(path: Path, *, follow_links: bool = False) -> Iterator[Checked]:
    """Yield how each file below ``path`` is read: the file, its parts and their posts.

    Nothing is written, and no index is needed. Settings files are followed as
    `rights_search.Archive.sync` does, and what is left out is a `Problem` in the same words:
    a failure is a file, or a member of an archive, that cannot be read.

    Args:
        path: a folder or a file.
        follow_links: as in `rights_search.ingest.list_files`.

    Raises:
        ReadError: if the settings that hold for all of ``path`` cannot be understood.
    """
    # What shows the tags meanwhile speaks of the same vocabulary.
    with using(vocabulary_above(path) or built_in()):
        for found in list_files(path, follow_links=follow_links):
            match found:
                case Listed():
                    yield CheckedFile(found.name, found.size, found.settings)
                    yield from _check(found)
                case Skipped(name, reason):
                    yield Problem(name, reason, is_failure=False)
                case ReadError():
                    yield problem_of(found, is_failure=True)


def _check(listed: Listed) -> Iterator[Checked]:
    source = open_source(listed)
    if isinstance(source, ReadError):
        yield problem_of(source, is_failure=True)
        return
    label_map = dict(listed.settings.themes)
    for item in _explained(source):
        match item:
            case Opened(name, choice):
                yield CheckedPart(
                    name, choice.reader, choice.reason, choice.encoding, choice.told_by
                )
            case Explained(post, origins):
                yield _checked(source.name, post, origins, label_map)
            case Skipped(name, reason):
                yield Problem(name, reason, is_failure=False)
            case ReadError():
                yield problem_of(item)


def _explained(source: Source) -> Iterator[Opened | Explained | ReadError | Skipped]:
    """Yield what is found in a file; where the program fails, that, as a sync does."""
    try:
        yield from explain_file(source)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is
        yield ReadError(source.name, mistake("in reading it", error), fatal=True)


def _checked(
    name: str, post: Post, origins: Mapping[str, str], label_map: LabelMap
) -> CheckedPost | Problem:
    try:
        tagged = tag(post, label_map)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        return problem_of(ReadError(name, mistake(f"over its post {post.id}", error), fatal=True))
    told = {**origins, **_language(post, tagged)}
    return CheckedPost(tagged, tuple(told.items()), _hints(tagged))


def _hints(post: Post) -> tuple[str, ...]:
    return unclear_dates(int(has_unclear_date(post)))


def _language(post: Post, tagged: Post) -> dict[str, str]:
    """Return where the language comes from, where the text has the last word."""
    if tagged.language == post.language:
        return {} if post.language else {"language": "too little text to tell"}
    against = f", which is not {post.language}" if post.language else ""
    return {"language": f"detected in the text{against}"}
