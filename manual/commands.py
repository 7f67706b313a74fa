"""The reference of the command line: ``docs/commands.md``, made of the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from manual.tables import table
from rights_search.cli import app

_INTRO = """\
# The commands

<!-- Written by `make docs`: change the commands' own help, not this page. -->

What `--help` of each command says, on one page. Exit codes are those of grep where nothing else is
said: 0 done, or something found; 1 nothing found; 2 an error, with one line that says what
to do; 130 ended by Ctrl-C. Options may stand anywhere; `--help` is one of every command, and
in most places `-h`.

Every example here is run by the project's tests."""

_WIDTH = 10_000
"""Wide enough that click breaks no line of its own."""


def page() -> str:
    """Return the text of the page."""
    contexts = list(all_commands())
    parts = [_INTRO, "\n".join(map(_link, contexts))]
    parts += [part for each in contexts for part in _section(each)]
    return "\n\n".join(parts) + "\n"


def all_commands() -> Iterator[click.Context]:
    """Yield a context for each command, those of a group behind it."""
    yield from _below(_context(app.cli, None, app.PROGRAM))


def _below(group: click.Context) -> Iterator[click.Context]:
    assert isinstance(group.command, click.Group)  # noqa: S101 - who calls has looked
    for name in group.command.list_commands(group):
        command = group.command.get_command(group, name)
        assert command is not None, name  # noqa: S101 - the group has just listed it
        context = _context(command, group, name)
        yield context
        if isinstance(command, click.Group):
            yield from _below(context)


def _context(command: click.Command, parent: click.Context | None, name: str) -> click.Context:
    return click.Context(
        command, parent, info_name=name, terminal_width=_WIDTH, max_content_width=_WIDTH
    )


def _link(context: click.Context) -> str:
    anchor = _name(context).replace(" ", "-")
    return f"- [{_name(context)}](#{anchor}): {context.command.get_short_help_str(_WIDTH)}"


def _section(context: click.Context) -> Iterator[str]:
    command = context.command
    level = "###" if context.parent and context.parent.parent else "##"
    yield f"{level} {_name(context)}"
    yield inspect.cleandoc(command.help or "")
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"```\n{usage}\n```"
    rows = [record for param in options(command) if (record := param.get_help_record(context))]
    if rows:
        yield table(
            ("option", "means"), ((f"`{name}`", " ".join(text.split())) for name, text in rows)
        )
    if command.epilog:
        yield f"```\n{epilog(command)}\n```"


def options(command: click.Command) -> list[click.Option]:
    """Return the options of a command that are shown, in the order of its help."""
    return [
        param for param in command.params if isinstance(param, click.Option) and not param.hidden
    ]


def epilog(command: click.Command) -> str:
    """Return what stands below the options, without click's marks."""
    return "\n".join(line for line in (command.epilog or "").splitlines() if line != "\b").strip()


def _name(context: click.Context) -> str:
    return context.command_path.removeprefix(f"{app.PROGRAM} ")
