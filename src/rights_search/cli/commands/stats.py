"""``rights-search stats``: what an index holds."""

from __future__ import annotations

import sys

import click

from rights_search.cli import options, terminal
from rights_search.cli.opening import opened

_EPILOG = """\b
Examples:
  rights-search stats
  rights-search stats --index /data/index --json"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Show what the index holds.",
    epilog=_EPILOG,
)
@options.index_option
@click.option("--json", "as_json", is_flag=True, help="All values as one JSON object.")
@options.no_color_option
def command(*, index: str, as_json: bool, no_color: bool) -> int:
    """Show what the index holds: posts, years, countries, themes, languages, sources."""
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.stats import stats_view  # noqa: PLC0415
    from rights_search.result_records import to_dict  # noqa: PLC0415

    archive = opened(index)
    stats = archive.stats()
    if as_json:
        export.write_json(to_dict(stats), sys.stdout)
    else:
        blocks = stats_view(stats, index, terminal.glyphs_for(sys.stdout))
        output.write(blocks, no_color=no_color)
    return 0
