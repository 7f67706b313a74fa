"""Tree → tree: words get the other forms of their alias groups beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    Word,
    conjunction,
    leaves,
    members_of,
)

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


def expand(node: Node) -> tuple[Node, tuple[Expanded, ...]]:
    """Return ``node`` with alias forms beside its words, and what was added.

    Words that were quoted, have a suffix or a field of their own other than a
    default one stay as they are; so do negated ones, because what an alias takes
    away cannot be seen in the result.
    """
    added: list[Expanded] = []
    return _expand(node, added), tuple(added)


def _expand(node: Node, added: list[Expanded]) -> Node:
    match node:
        case And(children):
            return conjunction(*_expand_all(children, added))
        case Or(children):
            return replace(node, children=tuple(_expand(child, added) for child in children))
        case Near(members):
            return replace(node, members=tuple(_expand_member(each, added) for each in members))
        case _ if _is_open(node):
            return next(_expand_run([node], added))
        case _:
            return node


def _expand_member(member: Leaf | Synonyms, added: list[Expanded]) -> Leaf | Synonyms:
    found: dict[Leaf, None] = {}
    for leaf in members_of(member):
        for node in _expand_run([leaf], added) if _is_open(leaf) else [leaf]:
            found.update(dict.fromkeys(leaves(node)))
    return member if len(found) == 1 else Synonyms(tuple(found), member.span)


def _is_open(node: Node) -> TypeGuard[Word | Phrase]:
    """Tell whether a node is a leaf that may be expanded."""
    match node:
        case Word(field=field, exact=False) | Phrase(field=field, slop=None, exact=False):
            return field is None or fields.BY_NAME[field].is_default
        case _:
            return False


def _expand_all(children: Iterable[Node], added: list[Expanded]) -> Iterator[Node]:
    """Expand words that stand side by side in one field together: a form may have several."""
    for _, group in groupby(children, lambda node: _is_open(node) and (node.field,)):
        run = list(group)
        words = [node for node in run if _is_open(node)]
        yield from _expand_run(words, added) if words else (_expand(node, added) for node in run)


def _terms(word: Word | Phrase) -> tuple[str, ...]:
    return (word.term,) if isinstance(word, Word) else word.terms


def _expand_run(run: Sequence[Word | Phrase], added: list[Expanded]) -> Iterator[Node]:
    terms = [term for word in run for term in _terms(word)]
    owner = [number for number, word in enumerate(run) for _ in _terms(word)]
    found: dict[int, list[aliases.AliasMatch]] = defaultdict(list)
    for match in aliases.find(terms):
        if _covers_whole_words(owner, match):
            found[owner[match.start]].append(match)
    number = 0
    while number < len(run):
        matches = found[number]
        # All matches at one place have the same length.
        last = owner[matches[0].start + matches[0].length - 1] if matches else number
        yield _with_aliases(run[number : last + 1], terms, matches, added)
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
    boost = typed.boost * ALIAS_BOOST
    if len(form.terms) == 1:
        return Word(form.terms[0], typed.field, form.exact, boost, group, span)
    return Phrase(form.terms, typed.field, None, form.exact, boost, group, span)
