"""``rights-search check``: how files are read, before anything is indexed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rights_search.cli import options, terminal

if TYPE_CHECKING:
    from rights_search.checking import Checked

NOTHING_FOUND = 1
NOT_ALL_READ = 3
SHOWN_POSTS = 10

_EPILOG = """\b
Exit codes: 0 all was read, 1 there is no post, 2 error,
3 a file, or a member of an archive, could not be read.

\b
Examples:
  rights-search check corpus/espanol/entradas.csv
  rights-search check ~/posts --limit 3
  rights-search check ~/posts --jsonl > reading.jsonl"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Show how files are read.",
    epilog=_EPILOG,
)
@click.argument("paths", type=click.Path(exists=True), nargs=-1, metavar="FILE...")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"Posts of each file to show; {SHOWN_POSTS} for people, all for programs.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="A JSON object a line as it is read.")
@options.follow_links_option
@options.no_color_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    paths: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    as_jsonl: bool,
    follow_links: bool,
    no_color: bool,
) -> int:
    """Show how each FILE, or folder, is read: post by post, with every decision.

    Reader, encoding and settings, and for each post where title, date, authors and
    language come from, its place in the file and why it has its tags. Nothing is
    indexed, and no index is needed.
    """
    ctx = click.get_current_context()
    if not paths:
        ctx.fail(f"Which file is to be read? For example: {ctx.command_path} corpus/posts.csv")
    if as_json and as_jsonl:
        ctx.fail("Choose one of --json and --jsonl.")
    from rights_search.cli import check_export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.check import Counts, check_view, summary_line  # noqa: PLC0415

    counts = Counts()
    items = counts.counted(item for path in paths for item in _checked(path, follow_links))
    if as_json:
        check_export.write_json(items, sys.stdout, limit)
    elif as_jsonl:
        check_export.write_jsonl(items, sys.stdout, limit)
    else:
        glyphs = terminal.glyphs_for(sys.stdout)
        blocks = check_view(items, glyphs, limit=SHOWN_POSTS if limit is None else limit)
        output.write(chain(blocks, summary_line(counts, glyphs)), no_color=no_color)
    if counts.has_failed:
        return NOT_ALL_READ
    return 0 if counts.posts else NOTHING_FOUND


def _checked(path: str, follow_links: bool) -> Iterator[Checked]:
    """Yield how ``path`` is read; names begin with it, as people know the files by it."""
    from rights_search.checking import CheckedPost, check  # noqa: PLC0415
    from rights_search.results import Problem  # noqa: PLC0415

    root = Path(path)
    for item in check(root, follow_links=follow_links):
        match item:
            case CheckedPost():
                yield item
            case Problem(source=name):
                yield replace(item, source=_shown(root, name))
            case _:
                yield replace(item, name=_shown(root, item.name))


def _shown(root: Path, name: str) -> str:
    folder = root if root.is_dir() else root.parent
    return name if str(folder) == "." else f"{folder}/{name}"
