"""``rights-search show``: one whole post."""

from __future__ import annotations

import sys

import click

from rights_search.cli import options, terminal
from rights_search.cli.opening import opened
from rights_search.safe_text import without_surrogates

_EPILOG = """\b
Examples:
  rights-search show 3f2a9c0d1e42
  rights-search show 3f2a --why
  rights-search show 3f2a --open
  rights-search show 3f2a --json"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Show one whole post.",
    epilog=_EPILOG,
)
@click.argument("post_id", metavar="ID")
@options.index_option
@options.why_option
@click.option("--json", "as_json", is_flag=True, help="The post as one JSON object.")
@click.option(
    "--open",
    "opens",
    is_flag=True,
    help="Open its source instead: file or address. A web page opens in the browser, which "
    "runs its scripts.",
)
@options.no_color_option
def command(  # noqa: PLR0913 - one parameter an option
    *, post_id: str, index: str, why: bool, as_json: bool, opens: bool, no_color: bool
) -> int:
    """Show the post whose id is ID, or the only one whose id begins so.

    A query shows the id of each hit. Besides the text there are its tags, its copies,
    the posts that it follows and that follow it, and where it comes from.
    """
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.post import post_view  # noqa: PLC0415

    archive = opened(index)
    post = archive.get(without_surrogates(post_id.strip().lower()))
    if opens:
        from rights_search.cli.sources import open_post  # noqa: PLC0415 - a rare wish

        open_post(post, archive.manifest.corpus)
        return 0
    related = archive.related(post.id)
    if as_json:
        export.write_json(export.shown_record(post, related), sys.stdout)
    else:
        blocks = post_view(post, terminal.glyphs_for(sys.stdout), related=related, why=why)
        output.write(blocks, no_color=no_color, whole=True)
    return 0
