"""A session: lines that people type, run as commands over an index that stays open.

A bare line is a query. A line that begins with a colon is a command of the program, on the
session's index: a number in it stands for a post of the last list, and without words to
search for the last query is meant. The few commands that only a session has are in `OWN`.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import click

from rights_search.archive import MIN_ID_PREFIX
from rights_search.cli import app, words
from rights_search.cli.blocks import BLANK, labelled, line
from rights_search.cli.opening import Warm, list_posts, listed
from rights_search.cli.options import ALONE, SESSION
from rights_search.wording import nearest

MAX_LINE_CHARS = 100_000
"""A longer line is refused: what a query may hold ends far below it."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "mode": ("default", "exact", "broad"),
    "sort": ("relevance", "newest", "oldest", "recent-relevant"),
    "limit": (),
}
"""Settings that hold for the queries to come, with their values, the usual one first."""

DEFAULT_LIMIT = "10"

_NOT_HERE = ("shell", "completion")
COMMANDS = tuple(name for name in app.COMMANDS if name not in _NOT_HERE)

_OF_A_POST = ("show", "similar")

_PIECE = re.compile(r'(?:"[^"]*"|\S)+')

HELP = (
    ("WORDS", 'a query: torture country:Egypt -police "right to life"'),
    (":more", "the next hits"),
    (":show N", "the post of hit N"),
    (":open N", "its source, in the program for it"),
    (":why N", "the words that made it a hit"),
    (":similar N", "posts like it"),
    (":facets", "counts for the last query, or for words typed behind it; also :explain"),
    (":mode MODE", "exact, default or broad, for the queries to come"),
    (":sort ORDER", "their order: relevance, newest, oldest or recent-relevant"),
    (":limit N", "how many hits are shown at once"),
    (":watch add NAME", "save the last query; ':watch run' shows what is new in it"),
    (":quit", "also Ctrl-D; Ctrl-C cancels a line"),
)
"""What is typed → what it does."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The last query and how far its hits were shown."""

    query: str
    offset: int = 0


class Session:
    """What is kept between the lines of one session.

    Args:
        index: folder of the index.

    Raises:
        IndexUnavailableError: if there is none that can be opened.
    """

    def __init__(self, index: str) -> None:
        self.warm = Warm(index)
        self.warm.archive()
        self.is_over = False
        self.settings: dict[str, str] = {}
        self._asked: _Asked | None = None
        # Without a name of its own: the usage of a command begins with its colon.
        self._root = click.Context(app.cli, info_name="")
        self._root.meta[SESSION] = self.warm

    def run(self, text: str) -> int:
        """Run a line and return the exit code of its command; 0 for an empty one.

        Errors are messages and end nothing, not even those that are bugs.

        Raises:
            BrokenPipeError: if nobody reads the output any more.
            KeyboardInterrupt: if Ctrl-C was pressed meanwhile.
        """
        try:
            return app.attempt(lambda: self._run(text.strip()))
        except BrokenPipeError:
            raise
        except OSError as error:
            return app.complain(app.os_message(error))
        except Exception:  # noqa: BLE001 - a bug must be seen, and the work of a session kept
            return app.complain(*traceback.format_exc().splitlines())

    def close(self) -> None:
        """Let go of the index."""
        self.warm.close()

    def _run(self, text: str) -> int:
        if not text:
            return 0
        if len(text) > MAX_LINE_CHARS:
            raise click.ClickException(f"A line may have {MAX_LINE_CHARS:,} characters.")
        if not text.startswith(":"):
            return self._query(_Asked(text))
        name, *rest = _PIECE.findall(text[1:]) or ["help"]
        own = OWN.get(name)
        return self._call(name, rest) if own is None else own(self, rest)

    # --- the program's commands ------------------------------------------------------

    def _call(self, name: str, rest: Sequence[str]) -> int:
        """Run a command of the program with what was typed behind its name."""
        command = find(name)
        return self._invoke(command, f":{name}", self._arguments(name, command, rest))

    def _invoke(self, command: click.Command, name: str, args: list[str]) -> int:
        return app.invoke(command, command.make_context(name, args, parent=self._root))

    def _arguments(self, name: str, command: click.Command, rest: Sequence[str]) -> list[str]:
        """Return what was typed as arguments: numbers as ids, the last query where none is."""
        if isinstance(command, click.Group) and rest:
            inner = command.get_command(self._root, rest[0])
            return [rest[0], *(self._arguments(rest[0], inner, rest[1:]) if inner else rest[1:])]
        args, free = _split(command, rest)
        if name in _OF_A_POST:
            return [self._post(arg) if arg in free else arg for arg in args]
        if not isinstance(command, words.WordsCommand):
            return args
        wanted = sum(isinstance(param, click.Argument) for param in command.params)
        if self._asked is not None and len(free) < wanted:
            args += ["--", self._asked.query]
        return [*self._mode(), *args]

    def _post(self, word: str) -> str:
        """Return the id of a post of the last list, if a number is what was typed."""
        posts = listed(self._root)
        if not word.isdecimal():
            return word
        if int(word) in posts:
            return posts[int(word)]
        if len(word) >= MIN_ID_PREFIX:
            return word
        known = f"it has {min(posts)} to {max(posts)}" if posts else "search for something first"
        raise click.ClickException(f"There is no hit {word} in the last list; {known}.")

    def _mode(self) -> list[str]:
        mode = self.settings.get("mode", "default")
        return [] if mode == "default" else [f"--{mode}"]

    # --- queries ---------------------------------------------------------------------

    def _query(self, asked: _Asked, *more: str) -> int:
        kept = (name for name in ("sort", "limit") if name in self.settings)
        chosen = [f"--{name}={self.settings[name]}" for name in kept]
        args = [*self._mode(), *chosen, f"--offset={asked.offset}", *more, "--", asked.query]
        code = self._invoke(find("query"), ":query", args)
        # One that means nothing was not asked.
        self._asked = asked
        return code

    def _last(self) -> _Asked:
        if self._asked is None:
            raise click.ClickException("Search for something first: type words and press Enter.")
        return self._asked

    def more(self, rest: Sequence[str]) -> int:
        """Show the next hits of the last query."""
        _check(":more", rest, 0)
        asked = self._last()
        step = int(self.settings.get("limit", DEFAULT_LIMIT))
        return self._query(_Asked(asked.query, asked.offset + step), "--no-facets")

    def why(self, rest: Sequence[str]) -> int:
        """Show a hit of the last query with the words that made it one."""
        _check(":why", rest, 1)
        asked, posts = self._last(), listed(self._root)
        self._root.meta[ALONE] = True
        try:
            one = _Asked(asked.query, int(rest[0]) - 1)
            return self._query(one, "--why", "--no-facets", "--limit=1")
        finally:
            del self._root.meta[ALONE]
            # Numbers in the next line mean what they meant.
            self._asked = asked
            list_posts(posts.items(), self._root)

    def open(self, rest: Sequence[str]) -> int:
        """Open the source of a post."""
        return self._call("show", [*rest, "--open"])

    # --- the session itself ------------------------------------------------------------

    def set(self, rest: Sequence[str], *, name: str) -> int:
        """Keep a setting for the queries to come, or say what it is."""
        known = CHOICES[name]
        if rest:
            value = rest[0].lower()
            is_known = value in known if known else value.isdecimal() and int(value) > 0
            if len(rest) > 1 or not is_known:
                raise click.ClickException(f":{name} takes {', '.join(known) or 'a number'}.")
            self.settings[name] = value
        usual = known[0] if known else DEFAULT_LIMIT
        click.echo(f"{name}: {self.settings.get(name, usual)}")
        return 0

    def help(self, rest: Sequence[str]) -> int:
        """Show what can be typed, or the help of one command."""
        if rest:
            return self._call(rest[0].removeprefix(":"), [*rest[1:], "--help"])
        from rights_search.cli import output  # noqa: PLC0415 - only when something is shown

        told = " ".join(text for row in HELP for text in row)
        others = " ".join(f":{name}" for name in COMMANDS if f":{name}" not in told)
        width = max(len(typed) for typed, _ in HELP)
        rows = [labelled(typed, text, width) for typed, text in HELP]
        more = f"Other commands of the program: {others}. ':help COMMAND' says more."
        keys = "Tab completes commands, fields and the values of this index."
        output.write([*rows, BLANK, line(more, hang=2), line(keys, hang=2)])
        return 0

    def quit(self, rest: Sequence[str]) -> int:
        """End the session."""
        _check(":quit", rest, 0)
        self.is_over = True
        return 0


OWN: Mapping[str, Callable[[Session, Sequence[str]], int]] = {
    "help": Session.help,
    "more": Session.more,
    "open": Session.open,
    "quit": Session.quit,
    "why": Session.why,
    **{name: partial(Session.set, name=name) for name in CHOICES},
}
"""Commands that only a session has."""


def find(name: str) -> click.Command:
    """Return a command of the program.

    Raises:
        ClickException: if there is none of that name in a session.
    """
    command = app.cli.get_command(click.Context(app.cli), name) if name in COMMANDS else None
    if command is None:
        near = nearest(name, (*OWN, *COMMANDS))
        hint = f"Did you mean ':{near[0]}'?" if near else "':help' lists what there is."
        raise click.ClickException(f"There is no command ':{name}'. {hint}")
    return command


def _check(name: str, rest: Sequence[str], numbers: int) -> None:
    """Refuse what is typed behind a command but for so many numbers from 1 on."""
    are_numbers = all(word.isdecimal() and int(word) for word in rest)
    if len(rest) != numbers or not are_numbers:
        takes = "the number of a hit, from 1 on" if numbers else "nothing behind it"
        raise click.ClickException(f"{name} takes {takes}.")


def _split(command: click.Command, pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what was typed as arguments, and those of them that are no options.

    Quotes keep blanks together; those of a query stay, for they mean a phrase.
    """
    valued = {
        name
        for param in command.params
        if isinstance(param, click.Option) and not param.is_flag
        for name in param.opts
    }
    args: list[str] = []
    free: list[str] = []
    for before, piece in pairwise(("", *pieces)):
        is_option = piece.startswith("--") or before in valued
        is_query = isinstance(command, words.WordsCommand) and not is_option
        args.append(piece if is_query else piece.replace('"', ""))
        if not is_option:
            free.append(args[-1])
    return args, free
