"""``rights-search similar``: posts like a given one."""

from __future__ import annotations

import sys

import click

from rights_search.cli import options, terminal
from rights_search.cli.opening import list_posts, opened
from rights_search.safe_text import without_surrogates

_EPILOG = """\
Under each post stand the words that both have, the most telling first. The post
itself and its copies are left out: 'rights-search show' names those.

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search similar 3f2a9c
  rights-search similar 3f2a9c --limit 3 --json"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Find posts like a given one.",
    epilog=_EPILOG,
)
@click.argument("post_id", metavar="ID")
@options.index_option
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Posts to show.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@options.no_color_option
def command(*, post_id: str, index: str, limit: int, as_json: bool, no_color: bool) -> int:
    """Find the posts that share the most telling words of the post ID.

    The first digits of an id will do.
    """
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views import similar as views  # noqa: PLC0415

    archive = opened(index)
    post_id = without_surrogates(post_id)
    post = archive.get(post_id)
    found = archive.similar(post.id, limit=limit)
    list_posts((each.rank, each.post.id) for each in found)
    if as_json:
        export.write_json(views.similar_record(post, found), sys.stdout)
    else:
        blocks = views.similar_view(post, found, terminal.glyphs_for(sys.stdout))
        output.write(blocks, no_color=no_color)
    return 0 if found else options.NOTHING_FOUND
