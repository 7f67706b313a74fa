"""Tree → tree: words get the other forms of their alias groups beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeGuard

from rights_search import fields
from rights_search.query import aliases
from rights_search.query.nodes import (
    And,
    Leaf,
    Near,
    Node,
    Or,
    Phrase,
    Span,
    Synonyms,
    Transcription,
    Word,
    conjunction,
    leaves,
    members_of,
)
from rights_search.values import dataclass, replace
from rights_search.words import chinese
from rights_search.words.scripts import Script, script_of
from rights_search.words.transcription import may_be_transcribed

ALIAS_BOOST = 0.5
"""Weight of another form against the word that was typed."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """What else was searched for besides one part of the query.

    Args:
        clause: the words as analysed, joined by spaces.
        span: their place in the query.
        group: id of the alias group.
        forms: the other forms, as the group writes them.
    """

    clause: str
    span: Span
    group: str
    forms: tuple[str, ...]


TRANSCRIPTION = "transcription"
"""The group that stands for spellings of a name by rule."""

EVERY_GROUP = "all"
"""What takes away every group."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far words are expanded.

    Args:
        table: the alias groups; None for the built-in ones.
        without: ids of groups that are left out.
        scripts: the scripts of the posts: a name is transcribed into no other.
    """

    table: aliases.AliasTable | None = None
    without: frozenset[str] = frozenset()
    scripts: frozenset[Script] = frozenset()

    def find(self, terms: Sequence[str]) -> tuple[aliases.AliasMatch, ...]:
        """Return the groups that ``terms`` trigger and that are not left out."""
        if EVERY_GROUP in self.without:
            return ()
        find = aliases.find if self.table is None else self.table.find
        return tuple(match for match in find(terms) if match.group.id not in self.without)

    def transcription(self, word: Word | Phrase) -> tuple[Leaf, ...]:
        """Return what looks for other spellings of a name, nothing for other words."""
        if not self.without.isdisjoint({TRANSCRIPTION, EVERY_GROUP}):
            return ()
        boost = word.boost * ALIAS_BOOST
        others: list[Leaf] = []
        if isinstance(word, Word) and may_be_transcribed(word.term, self.scripts):
            sound = Transcription(word.term, word.field, False, boost, TRANSCRIPTION, word.span)
            others.append(sound)
        others += [
            _spelt(spelling, word, TRANSCRIPTION)
            for spelling in chinese.other_spellings(_terms(word))
            if script_of(spelling[0]) in self.scripts
        ]
        return tuple(others)


_EVERYTHING = Reach()

BY_RULE = frozenset({TRANSCRIPTION, "same-root", "sounds-alike", "spelling"})
"""What stands for words of the index that a rule finds, not for a group of forms."""


def is_group(name: str, table: aliases.AliasTable | None) -> bool:
    """Tell whether ``name`` is a group of aliases, or one of the rules, or ``all``."""
    group = aliases.group if table is None else table.group
    return name in BY_RULE or name == EVERY_GROUP or group(name) is not None


def unknown_group(name: str, table: aliases.AliasTable | None) -> str:
    """Return what to say of a group that does not exist."""
    from rights_search.wording import nearest, shorten  # noqa: PLC0415 - a message

    groups = aliases.groups() if table is None else table.groups()
    near = nearest(name, [*(group.id for group in groups), *BY_RULE, EVERY_GROUP])
    hint = f"did you mean '{near[0]}'?" if near else "the result names those it used"
    return f"There is no group of other names '{shorten(name)}'; {hint}"


def expand(node: Node, reach: Reach = _EVERYTHING) -> tuple[Node, tuple[Expanded, ...]]:
    """Return ``node`` with alias forms beside its words, and what was added.

    Words that were quoted, have a suffix or a field of their own other than a
    default one stay as they are; so do negated ones, because what an alias takes
    away cannot be seen in the result.
    """
    added: list[Expanded] = []
    return _expand(node, reach, added), tuple(added)


def _expand(node: Node, reach: Reach, added: list[Expanded]) -> Node:
    match node:
        case And(children):
            return conjunction(*_expand_all(children, reach, added))
        case Or(children):
            return replace(node, children=tuple(_expand(child, reach, added) for child in children))
        case Near(members):
            return replace(
                node, members=tuple(_expand_member(each, reach, added) for each in members)
            )
        case _ if _is_open(node):
            return next(_expand_run([node], reach, added))
        case _:
            return node


def _expand_member(member: Leaf | Synonyms, reach: Reach, added: list[Expanded]) -> Leaf | Synonyms:
    found: dict[Leaf, None] = {}
    for leaf in members_of(member):
        for node in _expand_run([leaf], reach, added) if _is_open(leaf) else [leaf]:
            found.update(dict.fromkeys(leaves(node)))
    return member if len(found) == 1 else Synonyms(tuple(found), member.span)


def _is_open(node: Node) -> TypeGuard[Word | Phrase]:
    """Tell whether a node is a leaf that may be expanded."""
    match node:
        case Word(field=field, exact=False) | Phrase(field=field, slop=None, exact=False):
            return field is None or fields.BY_NAME[field].is_default
        case _:
            return False


def _expand_all(children: Iterable[Node], reach: Reach, added: list[Expanded]) -> Iterator[Node]:
    """Expand words that stand side by side in one field together: a form may have several."""
    for _, group in groupby(children, lambda node: _is_open(node) and (node.field,)):
        run = list(group)
        words = [node for node in run if _is_open(node)]
        if words:
            yield from _expand_run(words, reach, added)
        else:
            yield from (_expand(node, reach, added) for node in run)


def _terms(word: Word | Phrase) -> tuple[str, ...]:
    return (word.term,) if isinstance(word, Word) else word.terms


def _expand_run(
    run: Sequence[Word | Phrase], reach: Reach, added: list[Expanded]
) -> Iterator[Node]:
    terms = [term for word in run for term in _terms(word)]
    owner = [number for number, word in enumerate(run) for _ in _terms(word)]
    found: dict[int, list[aliases.AliasMatch]] = defaultdict(list)
    for match in reach.find(terms):
        if _covers_whole_words(owner, match):
            found[owner[match.start]].append(match)
    number = 0
    while number < len(run):
        matches = found[number]
        # All matches at one place have the same length.
        last = owner[matches[0].start + matches[0].length - 1] if matches else number
        if matches:
            yield _with_aliases(run[number : last + 1], terms, matches, added)
        else:
            others = reach.transcription(run[number])
            yield Synonyms((run[number], *others), run[number].span) if others else run[number]
        number = last + 1


def _covers_whole_words(owner: Sequence[int], match: aliases.AliasMatch) -> bool:
    end = match.start + match.length
    starts = match.start == 0 or owner[match.start - 1] != owner[match.start]
    ends = end == len(owner) or owner[end] != owner[end - 1]
    return starts and ends


def _with_aliases(
    words: Sequence[Word | Phrase],
    terms: Sequence[str],
    found: Iterable[aliases.AliasMatch],
    added: list[Expanded],
) -> Node:
    span = (words[0].span[0], words[-1].span[1])
    others: dict[Leaf, None] = {}
    for match in found:
        forms = aliases.alternatives(match, terms)
        if forms:
            clause = " ".join(terms[match.start : match.start + match.length])
            shown = tuple(form.text for form in forms)
            added.append(Expanded(clause, span, match.group.id, shown))
        for form in forms:
            others[_leaf(form, words[0], match.group.id, span)] = None
    if len(words) == 1:
        return Synonyms((words[0], *others), span) if others else words[0]
    typed = And(tuple(words), span)
    return Or((typed, Synonyms(tuple(others), span)), span) if others else typed


def _leaf(form: aliases.AliasForm, typed: Word | Phrase, group: str, span: Span) -> Word | Phrase:
    return _spelt(form.terms, typed, group, is_exact=form.exact, span=span)


def _spelt(
    form: tuple[str, ...],
    typed: Word | Phrase,
    group: str,
    *,
    is_exact: bool = False,
    span: Span | None = None,
) -> Word | Phrase:
    """Return the leaf that looks for another form of what was typed."""
    boost = typed.boost * ALIAS_BOOST
    place = typed.span if span is None else span
    if len(form) == 1:
        return Word(form[0], typed.field, is_exact, boost, group, place)
    return Phrase(form, typed.field, None, is_exact, boost, group, place)
