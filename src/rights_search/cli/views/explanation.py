"""How a query was read, as people see it: a tree with the number of posts of each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rights_search.cli import labels
from rights_search.cli.blocks import Block, Line, Run, line
from rights_search.cli.terminal import Glyphs
from rights_search.results import Clause, Explanation

MAX_FORMS = 8
COUNT_COLUMNS = 9
_STEP = 2

_JOINTS = {
    "all": "all of",
    "any": "any of",
    "one word": "any of, counted as one word",
    "not": "not",
    "everything": "every post",
}


_SIGNS = {
    "@root": "word@root: the words built from the same root",
    "@name": "word@name: the same name in other spellings and scripts, by rule",
    "@sound": "word@sound: words that sound like it",
    "~": "word~2: words spelt nearly so, at most 2 letters apart",
    "^": "word^0.5: counts 0.5 times as much as without, in the order alone",
}
"""Sign in a reading → what it stands for; the first three cannot be typed."""


def explanation_view(explanation: Explanation, glyphs: Glyphs) -> Iterator[Block]:
    """Yield a line a clause, its parts indented below it, then what to know about them."""
    yield from _tree(explanation.clause, 0, glyphs)
    signs = "".join(_readings(explanation.clause))
    for sign, meaning in _SIGNS.items():
        if sign in signs:
            yield line(meaning, "dim", hang=2)
    for note in explanation.notes:
        yield line(note, hang=2)
    if explanation.why_empty is not None:
        yield line(str(explanation.why_empty), hang=2)


def _tree(clause: Clause, depth: int, glyphs: Glyphs) -> Iterator[Line]:
    yield _line(f"{clause.posts:,}", depth, _words(clause, glyphs))
    # Other names that no post has would hide those that some have.
    unseen = [part for part in clause.parts if part.alias and not part.posts]
    for part in clause.parts:
        if part not in unseen:
            yield from _tree(part, depth + 1, glyphs)
    if unseen:
        names = labels.shortened((part.reading for part in unseen), MAX_FORMS, glyphs)
        yield _line("0", depth + 1, [Run(names, "dim")])


def _readings(clause: Clause) -> Iterator[str]:
    """Yield the words of a tree as they are shown, quoted ones and values left out."""
    if not clause.parts and '"' not in clause.reading and clause.kind not in {"value", "has"}:
        yield clause.reading
    for part in clause.parts:
        yield from _readings(part)


def _line(posts: str, depth: int, runs: Iterable[Run]) -> Line:
    lead = Run(f"{posts:>{COUNT_COLUMNS}}  " + " " * (_STEP * depth), "dim")
    return Line(tuple(runs), hang=len(lead.text) + _STEP, lead=lead)


def _words(clause: Clause, glyphs: Glyphs) -> Iterator[Run]:
    """Yield what a clause is, what its values mean, and the forms of a word."""
    match clause.kind:
        case "value":
            names = (labels.facet_value(clause.field or "", value) for value in clause.values)
            yield Run(clause.typed or clause.reading)
            # Themes are "Trafficking, slavery": a comma would not keep them apart.
            yield Run(f"  {'; '.join(names)}", "dim")
        case "any" if not clause.parts:
            yield Run("nothing", "dim")
        case "dates" | "near":
            yield Run(clause.typed or clause.reading)
            if clause.kind == "dates" and clause.typed not in {"", clause.reading}:
                yield Run(f"  {clause.reading}", "dim")
        case kind if kind in _JOINTS:
            yield Run(_JOINTS[kind], "dim")
        case _:
            yield Run(clause.reading)
    if clause.alias:
        yield Run(f"  alias: {clause.alias}", "dim")
    if len(clause.forms) > 1:
        forms = (f"{form} {posts:,}" for form, posts in clause.forms.items())
        yield Run(f"  {labels.shortened(forms, MAX_FORMS, glyphs)}", "dim")
