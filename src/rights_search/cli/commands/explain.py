"""``rights-search explain``: how a query is read and what each part of it matches."""

from __future__ import annotations

import sys
from typing import Unpack

import click

from rights_search.cli import options, terminal, words
from rights_search.cli.opening import opened

_EPILOG = """\
The number before each part is how many posts match it by itself. Behind a word
stand its other forms in the index, with the number of posts that have each.

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search explain torture country:Russia date:last-year
  rights-search explain 'torture near:5 "secret prison"' --exact
  rights-search explain --country Russia LGBTI --json"""


class _Chosen(words.Asked):
    as_json: bool
    no_color: bool


@click.command(
    cls=words.WordsCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Say how a query is read and what its parts match.",
    epilog=_EPILOG,
)
@words.search_options
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@options.no_color_option
def command(query: tuple[str, ...], index: str, **chosen: Unpack[_Chosen]) -> int:
    """Say how QUERY is read: its tree, what was added, and what each part matches.

    A query that finds nothing is told which part leaves nothing over.
    """
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.explanation import explanation_view  # noqa: PLC0415
    from rights_search.result_records import to_dict  # noqa: PLC0415

    archive = opened(index)
    explanation = archive.explain(words.text(query), **words.filters(chosen), **words.names(chosen))
    if chosen["as_json"]:
        export.write_json(to_dict(explanation), sys.stdout)
    else:
        blocks = explanation_view(explanation, terminal.glyphs_for(sys.stdout))
        output.write(blocks, no_color=chosen["no_color"])
    return 0 if explanation.total else options.NOTHING_FOUND
