"""The command group and the one place where errors become messages."""

from __future__ import annotations

import importlib
import os
import sys
from _thread import _local
from collections.abc import Callable, Sequence
from contextlib import suppress

from rights_search.cli import terminal
from rights_search.errors import QueryError, RightsSearchError
from rights_search.safe_text import safe
from rights_search.stand_ins import stand_ins


def _cleaned(text: str) -> str:
    """Return what `inspect.cleandoc` does; most help is one line, for which it need not come."""
    if "\n" not in text:
        return text.expandtabs().lstrip()
    import inspect  # noqa: PLC0415 - for a command that is shown in full

    return inspect.cleandoc(text)


def _counted(one: str, several: str, count: int) -> str:
    return one if count == 1 else several


with stand_ins(
    {
        "datetime": {"datetime": None},
        "gettext": {"gettext": str, "ngettext": _counted},  # click is not translated
        "inspect": {"cleandoc": _cleaned},
        "threading": {"local": _local},
        "uuid": {"UUID": None},
    }
):
    import click

PROGRAM = "rights-search"
COMPLETE_VARIABLE = "_RIGHTS_SEARCH_COMPLETE"

ERROR = 2
INTERRUPTED = 128 + 2
OUTPUT_CLOSED = 128 + 13
"""What a shell reports for a program that wrote to a closed pipe."""

_MAX_MESSAGE_CHARS = 2_000
_MOST_WORDS = 12
"""So many words of a path without quotes are put together again."""

COMMANDS = (
    "index",
    "check",
    "query",
    "explain",
    "facets",
    "timeline",
    "export",
    "similar",
    "batch",
    "watch",
    "shell",
    "show",
    "stats",
    "completion",
)

# What other tools call these commands.
_OTHER_NAMES = {
    "search": "query", "find": "query", "grep": "query", "list": "query", "ls": "query",
    "add": "index", "build": "index", "create": "index", "import": "index", "init": "index",
    "sync": "index", "update": "index", "cat": "show", "get": "show", "open": "show",
    "view": "show", "info": "stats", "status": "stats", "count": "facets", "plot": "timeline",
    "histogram": "timeline", "trend": "timeline", "inspect": "check",
    "repl": "shell", "interactive": "shell",
    "like": "similar", "related": "similar", "save": "export", "cite": "export",
    "alert": "watch", "alerts": "watch", "follow": "watch", "saved": "watch", "subscribe": "watch",
    "validate": "check", "verify": "check", "dry-run": "check",
}  # fmt: skip


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"rights_search.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` begin with, or say what would have worked."""
        name = args[0]
        if self.get_command(ctx, name) is None and name[:1].isalnum() and not ctx.resilient_parsing:
            ctx.fail(_unknown_command(name, args[1:]))
        return super().resolve_command(ctx, args)


def _unknown_command(name: str, rest: list[str]) -> str:
    if name == "help":
        topic = f"{rest[0]} " if rest and rest[0] in COMMANDS else ""
        return f"There is no command 'help'. Type: {PROGRAM} {topic}--help"
    if name in _OTHER_NAMES:
        return f"There is no command '{name}'. Did you mean '{PROGRAM} {_OTHER_NAMES[name]}'?"
    from rights_search.wording import nearest  # noqa: PLC0415 - a message

    near = nearest(name, COMMANDS)
    if near:
        return f"There is no command '{name}'. Did you mean '{near[0]}'?"
    return f"There is no command '{name}'. To search for it: {PROGRAM} query {name}"


@click.group(
    cls=LazyGroup,
    name=PROGRAM,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"""\b
The three usual commands:
  {PROGRAM} index corpus/
  {PROGRAM} query torture in Egypt
  {PROGRAM} show 3f2a9c""",
)
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Search human-rights posts: exact dates, tags that say why, sources to trace."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code: the one error boundary.

    Only errors that we raise on purpose and those of the operating system become
    a message; anything else is a bug and keeps its traceback.

    Args:
        argv: the arguments behind the program's name; those of the process by default.
    """
    terminal.prepare_streams()
    try:
        code = attempt(lambda: _run(list(sys.argv[1:] if argv is None else argv)))
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        terminal.abandon_stdout()
        return OUTPUT_CLOSED
    except OSError as error:
        terminal.abandon_stdout()
        return complain(os_message(error))
    except KeyboardInterrupt:
        return interrupted()
    return code


def attempt(act: Callable[[], int]) -> int:
    """Do something and return its exit code; an error that we raise on purpose is a message."""
    try:
        return act()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.ClickException, RightsSearchError) as error:
        return complain(*error_lines(error))


def interrupted() -> int:
    """Say that Ctrl-C ended what was being done, and return the exit code for it."""
    # The empty line ends the one that shows ^C.
    print("\nrights-search: interrupted; nothing was changed", file=sys.stderr)  # noqa: T201
    return INTERRUPTED


def _run(args: list[str]) -> int:
    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete  # noqa: PLC0415 - for shells only

        return shell_complete(cli, {}, PROGRAM, COMPLETE_VARIABLE, instruction)
    # Not cli.main(): it would exit with 1, "nothing found", when the reader of a pipe has gone,
    # and on Windows it would take * in a query for file names.
    try:
        return invoke(cli, cli.make_context(PROGRAM, list(args)))
    except click.BadParameter as error:
        hint = "" if isinstance(error, click.MissingParameter) else _without_quotes(args)
        if hint:
            said = f"{error.message} {hint}"
            raise click.BadParameter(said, error.ctx, error.param, error.param_hint) from None
        raise


def _without_quotes(args: Sequence[str]) -> str:
    """Return a hint where words of a command line are one path: ``index my posts``."""
    import shlex  # noqa: PLC0415 - for a mistake only
    from pathlib import Path  # noqa: PLC0415

    for start in range(min(len(args), _MOST_WORDS)):
        for end in range(start + 2, min(len(args), start + _MOST_WORDS) + 1):
            path = " ".join(args[start:end])
            with suppress(OSError, ValueError):
                if Path(path).exists():
                    return f"A path with spaces needs quotes: {shlex.quote(path)}"
    return ""


def invoke(command: click.Command, context: click.Context) -> int:
    """Run a command in its context and return its exit code."""
    with context:
        code = command.invoke(context)
    return int(code or 0)


def complain(first: str, *more: str) -> int:
    """Print an error, made safe and after our name, and return the exit code for it."""
    for text in (f"{PROGRAM}: {first}", *more):
        print(_brief(safe(text)), file=sys.stderr)  # noqa: T201 - a message is the last word
    return ERROR


def _brief(text: str) -> str:
    """Return a message without its middle if it is long: what is wrong may be a megabyte itself."""
    half = _MAX_MESSAGE_CHARS // 2
    is_long = len(text) > _MAX_MESSAGE_CHARS
    return f"{text[:half]} … {text[-half:]}" if is_long else text


def error_lines(error: click.ClickException | RightsSearchError) -> list[str]:
    """Return the message of an error: what is wrong, then where or what to do."""
    if isinstance(error, QueryError):
        # Split from the end: the reason may hold line ends of the query.
        return error.pointer().rsplit("\n", 2)
    if isinstance(error, RightsSearchError):
        return [str(error)]
    lines = [" ".join(error.format_message().split())]
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        if isinstance(error, click.NoSuchOption) and (meant := _meant_by(error, context)):
            # Instead of what click offers, which knows the options before the command alone.
            lines[0] = f"{error.message} Did you mean {meant}?"
        lines.append(f"Try '{context.command_path} --help'.")
    return lines


def _meant_by(error: click.NoSuchOption, context: click.Context) -> str | None:
    from rights_search.cli.options import long_form  # noqa: PLC0415 - for a mistake only

    if context.parent is None:
        return _behind_a_command(error.option_name, context)
    return long_form(error.option_name, context)


def _behind_a_command(option: str, context: click.Context) -> str | None:
    """Return where an option has its place that stands before the command."""
    for name in ("query", *COMMANDS):
        command = cli.get_command(context, name)
        if command and any(option in param.opts for param in command.params):
            return f"'{PROGRAM} {name} {option}'"
    return None


def os_message(error: OSError) -> str:
    """Return what the system says is wrong, and with which file."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason
