"""Walking over the trees of queries."""

from __future__ import annotations

from collections.abc import Iterator

from rights_search.query.nodes import And, Node, Not, Or


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from nodes_in(child)
        case Not(child):
            yield from nodes_in(child)
        case _:
            pass
