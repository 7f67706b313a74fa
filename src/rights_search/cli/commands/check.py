"""``rights-search check``: how files are read, before anything is indexed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rights_search.cli import options, terminal

if TYPE_CHECKING:
    from rights_search.indexing.checking import Checked

NOTHING_FOUND = 1
DAMAGED = 2
NOT_ALL_READ = 3
SHOWN_POSTS = 10

_EPILOG = """\
Exit codes: 0 all was read, 1 there is no post, 2 error,
3 a file, or a member of an archive, could not be read.
With --index: 0 all is right, 1 there is a note, such as a source that is
not where it was, 2 the index is damaged.

\b
Examples:
  rights-search check corpus/espanol/entradas.csv
  rights-search check ~/posts --limit 3
  rights-search check ~/posts --jsonl > reading.jsonl
  rights-search check --index index/"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Show how files are read.",
    epilog=_EPILOG,
)
@click.argument("paths", type=click.Path(exists=True), nargs=-1, metavar="FILE...")
@click.option(
    "--index",
    "index",
    metavar="DIR",
    help="Verify the index in DIR instead: every block, count, post and source.",
)
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
    index: str | None,
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

    With --index, verify a whole index instead: checksums, every block of postings,
    columns, every post, links, and whether each source is still where it was read.
    """
    ctx = click.get_current_context()
    if index is not None:
        if paths or limit is not None or as_jsonl or follow_links:
            ctx.fail("With --index a whole index is verified: no FILE, and no option but --json.")
        return _verified(index, as_json=as_json, no_color=no_color)
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


def _verified(index: str, *, as_json: bool, no_color: bool) -> int:
    """Show what is found in an index; return 0 if all is right, 1 with notes, 2 if damaged."""
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.blocks import line  # noqa: PLC0415
    from rights_search.indexing.verification import verify  # noqa: PLC0415

    findings = list(verify(Path(index)))
    levels = {finding.level for finding in findings}
    state = next(level for level in ("damaged", "note", "right") if level in levels)
    if as_json:
        record = {"index": index, "state": state, "findings": [asdict(each) for each in findings]}
        export.write_json(record, sys.stdout)
    else:
        rows = (f"{each.level:9}{each.part:11}{each.text}" for each in findings)
        output.write((line(row, hang=20) for row in rows), no_color=no_color)
    return {"right": 0, "note": NOTHING_FOUND, "damaged": DAMAGED}[state]


def _checked(path: str, follow_links: bool) -> Iterator[Checked]:
    """Yield how ``path`` is read; names begin with it, as people know the files by it."""
    from rights_search.indexing.checking import CheckedPost, check  # noqa: PLC0415
    from rights_search.indexing.sync_results import Problem  # noqa: PLC0415

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
