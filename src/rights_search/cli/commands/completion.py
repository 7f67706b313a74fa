"""``rights-search completion``: let the shell complete commands and options."""

from __future__ import annotations

import click

_PLACES = {
    "bash": "rights-search completion bash > "
    "~/.local/share/bash-completion/completions/rights-search",
    "zsh": "rights-search completion zsh > ~/.zfunc/_rights-search\n"
    "# with this in ~/.zshrc, in front of compinit: fpath+=~/.zfunc",
    "fish": "rights-search completion fish > ~/.config/fish/completions/rights-search.fish",
}

_EPILOG = "\b\nExamples:\n" + "\n".join(
    f"  {place.partition(chr(10))[0]}" for place in _PLACES.values()
)


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Let the shell complete commands.",
    epilog=_EPILOG,
)
@click.argument("shell", type=click.Choice(sorted(_PLACES)))
def command(shell: str) -> int:
    """Print the completion script for SHELL and, at its end, where to put it."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    from rights_search.cli.app import COMPLETE_VARIABLE, PROGRAM, cli  # noqa: PLC0415

    completion = get_completion_class(shell)
    assert completion is not None, "click knows these three"  # noqa: S101
    # The template, not source(): that one runs bash to ask for its version.
    script = (
        completion.source_template % completion(cli, {}, PROGRAM, COMPLETE_VARIABLE).source_vars()
    )
    # The note comes last: zsh wants its own mark in the first line.
    click.echo(f"{script.strip()}\n\n# To keep it:\n# {_PLACES[shell]}\n# Then open a new shell.")
    return 0
