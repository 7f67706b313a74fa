"""``rights-search shell``: a session over one index that stays open."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rights_search.cli import options, terminal
from rights_search.cli.options import NOTHING_FOUND
from rights_search.safe_text import safe

if TYPE_CHECKING:
    from rights_search.cli.session import Session

_EPILOG = """\b
  torture country:Egypt "fair trial"  a query, its quotes as they are
  :show 2   :why 2   :similar 2       hit 2, why it is one, posts like it
  :help                               what else there is

Tab completes commands, fields and the values that this index has. The index is read
again when it has changed. Lines are written to a file only with --history; it can be
read by its owner only.

In a pipe each line is run, without a prompt.

Exit codes: 0 something found (or the session was typed), 1 nothing found, 2 error,
also in one of the lines.

\b
Examples:
  rights-search shell
  rights-search shell --index ~/posts-index --history ~/.rights-search-history
  printf 'torture\\n:facets\\n' | rights-search shell"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Search in a session that stays warm.",
    epilog=_EPILOG,
)
@options.index_option
@click.option(
    "--history",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    envvar="RIGHTS_SEARCH_HISTORY",
    show_envvar=True,
    help="Keep what is typed in this file; by default it is forgotten.",
)
def command(*, index: str, history: str | None) -> int:
    """Search in a session: the index stays open, and the last list at hand."""
    from rights_search.cli.session import Session  # noqa: PLC0415 - not for --help

    with closing(Session(index)) as session:
        if terminal.is_terminal(sys.stdin) and terminal.is_terminal(sys.stdout):
            return _converse(session, None if history is None else Path(history))
        return _run_all(session)


def _converse(session: Session, history: Path | None) -> int:
    """Run what someone types until they leave."""
    from rights_search.cli import app, prompt  # noqa: PLC0415 - not for a pipe
    from rights_search.cli.labels import counted  # noqa: PLC0415
    from rights_search.cli.line_completion import candidates  # noqa: PLC0415

    posts = counted(session.warm.archive().stats().posts, "post")
    greeting = f"{posts} in {session.warm.index}. A line is a query; :help says more."
    click.echo(safe(greeting))
    for line in prompt.lines(lambda before: candidates(before, session.warm.archive()), history):
        try:
            session.run(line)
        except KeyboardInterrupt:
            app.interrupted()
        if session.is_over:
            break
    return 0


def _run_all(session: Session) -> int:
    """Run every line of the standard input: 2 if one failed, 1 if none found anything."""
    codes: set[int] = set()
    for line in _lines():
        if not line.strip():
            continue
        if codes and line.strip() != ":quit":
            click.echo()
        codes.add(session.run(line))
        sys.stdout.flush()
        if session.is_over:
            break
    failed = [code for code in codes if code not in (0, NOTHING_FOUND)]
    return max(failed, default=0 if 0 in codes else NOTHING_FOUND)


def _lines() -> Iterator[str]:
    from rights_search.cli.session import MAX_LINE_CHARS  # noqa: PLC0415

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while line := sys.stdin.readline(MAX_LINE_CHARS + 2):
        yield line
        # A longer one was refused for its beginning: the rest goes by.
        while line and not line.endswith("\n"):
            line = sys.stdin.readline(MAX_LINE_CHARS)
