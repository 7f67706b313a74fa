"""What stands around ``near:`` → a `Near` node."""

from __future__ import annotations

from collections.abc import Sequence

from rights_search.errors import QueryError
from rights_search.query.lexer import Lexeme
from rights_search.query.nodes import (
    Fuzzy,
    Leaf,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    Word,
    members_of,
    searched_fields,
)
from rights_search.query.words import number

MAX_MEMBERS = 6
"""Most words and phrases joined by ``near:``: the work doubles with each."""

DEFAULT_DISTANCE = 10
"""Number of other words that a bare ``NEAR`` allows."""


def near_node(operands: Sequence[Node], signs: Sequence[Lexeme], query: str) -> Near:
    """Return the node for operands with a ``near:`` between each two.

    Raises:
        QueryError: if an operand cannot stand near another one.
    """
    distances = [number(sign.text, DEFAULT_DISTANCE) for sign in signs]
    for sign, distance in zip(signs, distances, strict=True):
        if distance != distances[0]:
            reason = "Words in one row have one distance; write (a near:3 b) (b near:9 c)"
            raise QueryError(query, sign.start, sign.end, reason)
    span = (operands[0].span[0], operands[-1].span[1])
    if len(operands) > MAX_MEMBERS:
        raise QueryError(query, *span, f"At most {MAX_MEMBERS} words can be near each other")
    members = tuple(_member(operand, query) for operand in operands)
    shared = set.intersection(*map(_fields, members))
    if not shared:
        reason = "Words in different fields are never near each other"
        raise QueryError(query, *span, reason)
    return Near(members, distances[0], span)


def _member(node: Node, query: str) -> Leaf | Synonyms:
    match node:
        case Phrase(slop=None) | Word() | Prefix() | Fuzzy() | Synonyms():
            return node
        case Or(children, span) if children:
            members = [_member(child, query) for child in children]
            return Synonyms(tuple(leaf for each in members for leaf in members_of(each)), span)
        case Phrase():
            reason = "A phrase with '~' cannot be near something: leave the '~' out"
        case _:
            reason = "Only words, phrases and (a OR b) can be near each other"
    raise QueryError(query, *node.span, reason)


def _fields(member: Leaf | Synonyms) -> set[str]:
    return {name for leaf in members_of(member) for name in searched_fields(leaf)}
