"""Open the source of a post in the program that the desktop has for it.

What is opened was named by an index, and an index may come from others: so only documents
that such a program shows, never what it would run; only files inside of the corpus, by a
path without tricks; only addresses of the web. No shell has a part in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

import click

from rights_search.errors import RightsSearchError
from rights_search.index_files import is_on_network
from rights_search.post import Post
from rights_search.safe_text import safe

DOCUMENTS = frozenset(
    ".txt .text .md .markdown .html .htm .xhtml .json .jsonl .ndjson .csv .tsv .xml .rss .atom "
    ".rdf .pdf .docx .odt .rtf .xlsx .ods .eml .mbox .warc .arc .zip .tar .tgz .gz .bz2 .xz".split()
)
"""Endings of files that are shown; what has another one may be a program."""

_URL_SIGNS = "#%&+,/:;=?@~-._"


def open_post(post: Post, corpus: str) -> None:
    """Say where the source of a post is, and open it.

    Args:
        post: the post.
        corpus: absolute path of the folder or file that its index was built from.

    Raises:
        RightsSearchError: if nothing may be opened, or there is no desktop that could.
    """
    source = source_of(post, corpus)
    line, member = post.provenance.line_start, post.provenance.member
    inside = f", in it {member}" if member else ""
    place = f"{inside}, line {line}" if line else inside
    where = place if isinstance(source, Path) else ""
    click.echo(safe(f"Source: {source}{where}"))
    sys.stdout.flush()
    _start(source)


def source_of(post: Post, corpus: str) -> Path | str:
    """Return the file that a post was read from, or its address where the file is not there.

    Args:
        post: the post.
        corpus: absolute path of the folder or file that its index was built from.

    Raises:
        RightsSearchError: if there is nothing that may be opened; the message says what
            there is.
    """
    if is_on_network(corpus):
        reason = "is on a network, and only the index says so: not opened"
        raise RightsSearchError(f"{corpus}: {reason}")
    file = _file(post.provenance.path, Path(corpus))
    if file is not None and file.is_file():
        if file.suffix.lower() in DOCUMENTS:
            return file
        reason = "is not opened: its name does not say that it is a document"
        raise RightsSearchError(f"{file}: {reason}")
    address = _address(post.url or post.provenance.uri or "")
    if address is None:
        missing = f"{post.provenance}: is not in {corpus or 'any folder'} any more"
        raise RightsSearchError(f"{missing}, and the post has no address of the web")
    return address


def _file(name: str, corpus: Path) -> Path | None:
    """Return the file of that name in a corpus, None where the name leads out of it."""
    inner = PurePosixPath(name)
    if not corpus.is_absolute() or inner.is_absolute() or ".." in inner.parts:
        return None
    if any(part in name for part in ("\\", ":", "\0")) and os.name == "nt":
        return None
    return corpus if corpus.is_file() and corpus.name == name else corpus / inner


def _address(text: str) -> str | None:
    """Return an address of the web with all signs escaped that mean something elsewhere."""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return quote(text, safe=_URL_SIGNS) if is_web else None


def _start(source: Path | str) -> None:
    if sys.platform == "win32":
        os.startfile(source)  # noqa: S606 - that no shell is started is meant
        return
    program = _opener()
    if program is None:
        reason = "there is no program here that opens files; open it yourself"
        raise RightsSearchError(f"{reason}: {source}")
    done = subprocess.run([program, str(source)], check=False)  # noqa: S603 - no shell
    if done.returncode:
        raise RightsSearchError(f"{Path(program).name} could not open it: {source}")


def _opener() -> str | None:
    return shutil.which("open" if sys.platform == "darwin" else "xdg-open")
