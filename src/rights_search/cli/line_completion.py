"""What may follow on the line that is typed in a session."""

from __future__ import annotations

import re

import click
from click.shell_completion import ShellComplete

from rights_search import fields
from rights_search.archive import Archive
from rights_search.cli import words
from rights_search.cli.session import CHOICES, COMMANDS, OWN, find

_SIGNS = re.compile(r"[-(!]*")


def candidates(before: str, archive: Archive) -> list[str]:
    """Return what the last word of a line may become.

    Args:
        before: the line up to the cursor.
        archive: the index whose values are offered.
    """
    line = before.lstrip()
    *earlier, word = re.split(r"\s+", line)
    if not line.startswith(":"):
        return _in_query(word, archive)
    if not earlier:
        return [f":{name} " for name in sorted({*OWN, *COMMANDS}) if name.startswith(word[1:])]
    name = earlier[0][1:]
    if name in CHOICES:
        return [value for value in CHOICES[name] if value.startswith(word)]
    if name == "help":
        return [command for command in COMMANDS if command.startswith(word)]
    return _in_command(name, earlier[1:], word, archive) if name in COMMANDS else []


def _in_command(name: str, earlier: list[str], word: str, archive: Archive) -> list[str]:
    """Return what click knows to follow; in the words of a query, what a query may hold."""
    command = find(name)
    completion = ShellComplete(command, {}, name, "")
    items = completion.get_completions(earlier, word)
    found = [item.value for item in items if item.type == "plain"]
    if isinstance(command, click.Group) and earlier:
        command = command.get_command(click.Context(command), earlier[0]) or command
    if found or not isinstance(command, words.WordsCommand):
        return found
    return _in_query(word, archive)


def _in_query(word: str, archive: Archive) -> list[str]:
    """Return field names, or behind the colon of one its values; signs before it stay."""
    signs = _SIGNS.match(word)
    lead = signs[0] if signs else ""
    name, colon, value = word[len(lead) :].partition(":")
    if not colon:
        known = sorted(name for field in fields.FIELDS for name in (field.name, *field.aliases))
        return [f"{lead}{each}:" for each in known if name and each.startswith(name.lower())]
    earlier, comma, start = value.rpartition(",")
    head = f"{lead}{name}:{earlier}{comma}"
    return [head + each for each in archive.complete(name, start)]
