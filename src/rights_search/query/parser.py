"""Query text → tree, in time linear in its length.

::

    query   = clause { [ "AND" ] clause } , joined by "OR"   (AND binds tighter)
    clause  = { "NOT" | "-" } [ field ":" { "-" } ] ( "(" query ")" | value )
    value   = word [ "*" | "~" [n] ] | '"' words '"' [ "~" n ] , each with [ "^" n ]

Stray punctuation is never an error; what can only be a mistake is, with its
place: an unknown field, a value that the field cannot have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rights_search import fields
from rights_search.analysis import terms
from rights_search.errors import QueryError
from rights_search.query.facets import facet_node, shorten, suggest_field
from rights_search.query.lexer import Lexeme, lex
from rights_search.query.nodes import (
    And,
    Everything,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Span,
    Word,
    conjunction,
    leaves,
)

MAX_DEPTH = 50
"""Deepest nesting of parentheses."""

MAX_CLAUSES = 1000
"""Most words and field values in one query."""

MAX_EDITS = 2
"""Largest distance of a fuzzy word: beyond it nearly everything is near."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as a tree, with one sentence for each part that was read with doubt."""

    text: str
    node: Node
    notes: tuple[str, ...] = ()


def parse(query: str, *, exact: bool = False) -> ParsedQuery:
    """Parse ``query`` into a tree.

    Args:
        query: any text; blank means every post, mere punctuation none.
        exact: True to look for words as written only, without inflections.

    Raises:
        QueryError: with the place of the mistake.
    """
    parser = _Parser(query, exact=exact)
    node = parser.query(depth=0, field=None)
    if isinstance(node, Everything) and query.strip():
        # Nothing to search for is not everything: a script would take that for success.
        parser.notes.append("The query has no word to search for.")
        node = Or((), (0, len(query)))
    return ParsedQuery(query, node, tuple(dict.fromkeys(parser.notes)))


class _Parser:
    """Recursive descent over the lexemes; the depth is bounded, the work linear."""

    def __init__(self, query: str, *, exact: bool) -> None:
        self.text = query
        self.exact = exact
        self.lexemes = list(lex(query))
        self.next = 0
        self.clauses = 0
        self.notes: list[str] = []

    def peek(self) -> Lexeme | None:
        return self.lexemes[self.next] if self.next < len(self.lexemes) else None

    def query(self, depth: int, field: fields.Field | None) -> Node:
        """Parse alternatives until the end or the parenthesis that closes this level."""
        alternatives: list[Node] = []
        current: list[Node] = []
        wants_operand = ""
        while (lexeme := self.peek()) is not None:
            if lexeme.kind == ")":
                if depth:
                    break
                self.next += 1
            elif lexeme.kind in {"and", "or"}:
                self.next += 1
                if not current:
                    self.notes.append(f"'{lexeme.text}' joins nothing here and was left out.")
                    continue
                wants_operand = lexeme.text
                if lexeme.kind == "or":
                    alternatives.append(conjunction(*current))
                    current = []
            else:
                wants_operand = ""
                node = self.clause(depth, field)
                if node is not None:
                    current.append(node)
        if wants_operand:
            self.notes.append(f"'{wants_operand}' joins nothing here and was left out.")
        if current:
            alternatives.append(conjunction(*current))
        return _disjunction(alternatives)

    def clause(self, depth: int, field: fields.Field | None) -> Node | None:
        """Parse one clause with the negations in front of it; None if nothing is in it."""
        start = self.lexemes[self.next].start
        negations = 0
        while (lexeme := self.peek()) is not None and lexeme.kind == "not":
            negations += 1
            self.next += 1
        if lexeme is None or lexeme.kind in {")", "and", "or"}:
            if self.lexemes[self.next - 1].text == "NOT":
                self.notes.append("'NOT' has nothing behind it and was left out.")
            return None
        node = self.operand(lexeme, depth, field)
        if node is None or negations % 2 == 0:
            return node
        if isinstance(node, Not):
            return node.child
        return Not(node, (start, self.lexemes[self.next - 1].end))

    def operand(self, lexeme: Lexeme, depth: int, field: fields.Field | None) -> Node | None:
        self.next += 1
        match lexeme.kind:
            case "(":
                return self.group(lexeme, depth, field)
            case "field":
                return self.field_value(lexeme, depth)
            case _:
                return self.value(lexeme, field)

    def group(self, opening: Lexeme, depth: int, field: fields.Field | None) -> Node | None:
        if depth >= MAX_DEPTH:
            reason = f"The parentheses are nested deeper than {MAX_DEPTH} levels"
            raise QueryError(self.text, opening.start, opening.end, reason)
        node = self.query(depth + 1, field)
        if self.peek() is not None:
            self.next += 1
        else:
            self.notes.append(f"The '(' at character {opening.start + 1} is closed at the end.")
        return None if isinstance(node, Everything) else node

    def field_value(self, name: Lexeme, depth: int) -> Node | None:
        field = fields.find(name.text)
        if field is None:
            hint = (
                suggest_field(name.text) or "to search for the words, put a space behind the colon"
            )
            reason = f"Unknown field '{shorten(name.text)}'; {hint}"
            raise QueryError(self.text, name.start, name.end - 1, reason)
        node = self.clause(depth, field)
        if node is None:
            self.notes.append(f"'{name.text}:' has no word behind it and was left out.")
            return None
        return _with_span(node, name.start)

    def value(self, lexeme: Lexeme, field: fields.Field | None) -> Node | None:
        if lexeme.kind == "phrase" and not lexeme.is_closed:
            self.notes.append(f"The quote at character {lexeme.start + 1} is closed at the end.")
        if field is not None and field.kind != "text":
            self.count(lexeme, 1)
            return self.facet(lexeme, field)
        words = tuple(terms(lexeme.text))
        self.count(lexeme, len(words))
        self.doubt(lexeme)
        if not words:
            return None
        name = None if field is None else field.name
        span = (lexeme.start, lexeme.end)
        if lexeme.kind == "phrase":
            return self.phrase(lexeme, words, name, span)
        return self.word(lexeme, words, name, span)

    def count(self, lexeme: Lexeme, words: int) -> None:
        self.clauses += words
        if self.clauses > MAX_CLAUSES:
            reason = f"The query has more than {MAX_CLAUSES:,} words"
            raise QueryError(self.text, lexeme.start, lexeme.end, reason)

    def doubt(self, lexeme: Lexeme) -> None:
        """Note what looks like an operator and is none."""
        text = lexeme.text
        is_escaped = "\\*" in self.text[lexeme.start : lexeme.end]
        if "*" in text and text.strip("*") and not is_escaped:
            self.notes.append("'*' stands for letters only at the end of a word outside quotes.")
        if lexeme.kind == "word" and text in {"or", "not"}:
            self.notes.append(f"'{text}' was read as a word; the operator is {text.upper()}.")
        if text.endswith(":") and fields.find(text[:-1]):
            self.notes.append(f"'{text}' was read as a word: a field has no space behind it.")

    def facet(self, lexeme: Lexeme, field: fields.Field) -> Node:
        if lexeme.suffix or not lexeme.text.strip():
            reason = f"'{field.name}:' takes whole values, such as {_EXAMPLES[field.name]}"
            raise QueryError(self.text, lexeme.start, lexeme.end, reason)
        return facet_node(field, lexeme.text, self.text, (lexeme.start, lexeme.end))

    def phrase(self, lexeme: Lexeme, words: tuple[str, ...], field: str | None, span: Span) -> Node:
        if len(words) == 1:
            return Word(words[0], field, exact=True, boost=lexeme.boost, span=span)
        slop = _number(lexeme.suffix) or 0 if lexeme.suffix else None
        return Phrase(words, field, slop, exact=True, boost=lexeme.boost, span=span)

    def word(self, lexeme: Lexeme, words: tuple[str, ...], field: str | None, span: Span) -> Node:
        *front, last = words
        node: Node
        if lexeme.suffix == "*":
            node = Prefix(last, field, lexeme.boost, span=span)
        elif lexeme.suffix:
            node = Fuzzy(last, _edits(lexeme.suffix, last), field, lexeme.boost, span=span)
        elif front:
            # "long-range" and 人权 are one word to the writer, several terms to the index.
            return Phrase(words, field, None, self.exact, lexeme.boost, span=span)
        else:
            return Word(last, field, self.exact, lexeme.boost, span=span)
        return conjunction(*(Word(term, field, self.exact, span=span) for term in front), node)


def _number(suffix: str) -> int | None:
    # Four digits are plenty, and Python refuses to convert thousands of them.
    return int(suffix[1:5]) if suffix[1:] else None


def _edits(suffix: str, term: str) -> int:
    """Return the asked-for distance, or one that suits the length of the word."""
    asked = _number(suffix)
    if asked is not None:
        return min(asked, MAX_EDITS)
    # The lengths are those of Lucene's AUTO fuzziness.
    return 0 if len(term) < 3 else 1 if len(term) < 6 else MAX_EDITS  # noqa: PLR2004


def _disjunction(alternatives: list[Node]) -> Node:
    if not alternatives:
        return Everything()
    if len(alternatives) == 1:
        return alternatives[0]
    return Or(tuple(alternatives), (alternatives[0].span[0], alternatives[-1].span[1]))


def _with_span(node: Node, start: int) -> Node:
    """Let a node's place begin at its field name."""
    return replace(node, span=(start, max(start, node.span[1])))


_EXAMPLES = {
    "country": "country:RU or country:Russia",
    "mentions": "mentions:UA",
    "theme": "theme:torture",
    "year": "year:2014 or year:2013..2019",
    "date": "date:2014-02 or date:2014-02-01..2014-03",
    "language": "language:fr",
    "source": 'source:"the name"',
    "id": "id:0123456789ab",
}


def any_of_words(node: Node) -> Node | None:
    """Return a weaker query: any of the words that ``node`` wants all of.

    Facets, dates and negations still hold. None where there is nothing to relax.
    """
    if not isinstance(node, And):
        return None
    # What has no leaf only filters, such as `country:RU,UA` or a negation.
    words = [child for child in node.children if any(True for _ in leaves(child))]
    filters = [child for child in node.children if child not in words]
    if len(words) < 2:  # noqa: PLR2004 - one word cannot be relaxed
        return None
    return conjunction(*filters, Or(tuple(words), node.span))
