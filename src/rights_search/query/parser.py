"""Query text → tree, in time linear in its length.

::

    query   = all { "OR" all } ;
    all     = clause { [ "AND" ] clause } ;
    clause  = { "NOT" | "-" } near | "-alias:" group ;
    near    = operand { ( "near:" n | "NEAR" [ "/" n ] ) operand } ;
    operand = [ field ":" { "-" } ] ( "(" query ")" [ boost ] | value ) ;
    value   = word [ "*" | "~" [ n ] ] [ boost ] | '"' words '"' [ "~" n ] [ boost ] ;
    boost   = "^" number ;

Stray punctuation is never an error; what can only be a mistake is, with its
place: an unknown field, a value that the field cannot have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rights_search import fields
from rights_search.analysis import terms
from rights_search.errors import QueryError
from rights_search.query.lexer import Lexeme, lex
from rights_search.query.nodes import (
    And,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Span,
    boosted,
    conjunction,
    leaves,
)
from rights_search.query.words import words_node
from rights_search.values import dataclass, replace

if TYPE_CHECKING:
    import datetime as dt

_ALIAS = "alias"
"""What stands before the colon to name a group of aliases; it is no field of a post."""

MAX_DEPTH = 50
"""Deepest nesting of parentheses."""

MAX_CLAUSES = 1000
"""Most words, field values and pairs of parentheses in one query."""

MAX_PATTERNS = 50
"""Most words with ``*`` or ``~`` in one query: each is looked for in the whole vocabulary."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as a tree.

    Args:
        text: the query.
        node: the tree.
        notes: one sentence for each part that was read with doubt.
        without: the groups of other names that ``-alias:`` takes away, and where it says so.
    """

    text: str
    node: Node
    notes: tuple[str, ...] = ()
    without: tuple[tuple[str, Span], ...] = ()


def parse(query: str, *, exact: bool = False, today: dt.date | None = None) -> ParsedQuery:
    """Parse ``query`` into a tree.

    Args:
        query: any text; blank means every post, mere punctuation none.
        exact: True to look for words as written only, without inflections.
        today: the day that ``date:last-year`` is reckoned from; the local one by default.

    Raises:
        QueryError: with the place of the mistake.
    """
    parser = _Parser(query, exact=exact, today=today)
    node = parser.query(depth=0, field=None)
    if isinstance(node, Everything) and query.strip() and not parser.without:
        # Nothing to search for is not everything: a script would take that for success.
        instead = "" if query.strip("*: ") else "; a blank one finds every post"
        parser.notes.append(f"The query has no word to search for{instead}.")
        node = Or((), (0, len(query)))
    notes = dict.fromkeys((*parser.notes, *_note_of_years(parser.years)))
    return ParsedQuery(query, node, tuple(notes), tuple(parser.without))


class _Parser:
    """Recursive descent over the lexemes; the depth is bounded, the work linear."""

    def __init__(self, query: str, *, exact: bool, today: dt.date | None) -> None:
        self.text = query
        self.exact = exact
        self.today = today
        self.lexemes = lex(query)
        self.next = next(self.lexemes, None)
        self.end = 0
        self.clauses = 0
        self.patterns = 0
        self.notes: list[str] = []
        self.word = ""
        """The last word or phrase that was read."""
        self.years: list[tuple[str, str]] = []
        """The word before a year that stands among words, and the year."""
        self.without: list[tuple[str, Span]] = []

    def take(self) -> Lexeme:
        """Return the next lexeme and step over it."""
        taken = self.next
        assert taken is not None, "the caller has looked"  # noqa: S101
        self.end = taken.end
        self.next = next(self.lexemes, None)
        return taken

    def query(self, depth: int, field: fields.Field | None) -> Node:
        """Parse alternatives until the end or the parenthesis that closes this level."""
        alternatives: list[Node] = []
        current: list[Node] = []
        wants_operand = ""
        while self.next is not None:
            match self.next.kind:
                case ")":
                    if depth:
                        break
                    self.take()
                case "and" | "or" | "near":
                    operator = self.take()
                    shown = self.shown(operator)
                    if not current or operator.kind == "near":
                        self.notes.append(f"'{shown}' joins nothing here and was left out.")
                        continue
                    wants_operand = shown
                    if operator.kind == "or":
                        alternatives.append(conjunction(*current))
                        current = []
                case _:
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
        return self.negated(self.near, depth, field)

    def negated(
        self,
        parse_rest: Callable[[int, fields.Field | None], Node | None],
        depth: int,
        field: fields.Field | None,
    ) -> Node | None:
        """Parse signs and what ``parse_rest`` finds behind them; None if nothing is there."""
        start = self.end if self.next is None else self.next.start
        sign = ""
        negations = 0
        while self.next is not None and self.next.kind == "not":
            sign = self.take().text
            negations += 1 if sign == "NOT" else len(sign)
        if self.is_at_gap():
            if sign == "NOT":
                self.notes.append("'NOT' has nothing behind it and was left out.")
            return None
        if self.names_aliases(is_negated=negations % 2 == 1):
            self.take_away(is_negated=negations % 2 == 1)
            return None
        node = parse_rest(depth, field)
        if node is None or negations % 2 == 0:
            return node
        if isinstance(node, Not):
            return node.child
        return Not(node, (start, self.end))

    def names_aliases(self, *, is_negated: bool) -> bool:
        """Tell whether ``alias:`` is next; with nothing behind it only if it is negated."""
        match self.next:
            case Lexeme("field", text):
                return text.lower() == _ALIAS
            case Lexeme("word", text):
                # Not negated it may be prose, such as "Alias: Carlos".
                return is_negated and text.lower() == f"{_ALIAS}:"
            case _:
                return False

    def take_away(self, *, is_negated: bool) -> None:
        """Read ``alias:`` with the group behind it, which is to be left out."""
        name = self.take()
        if not is_negated or name.kind == "word" or self.next is None:
            reason = (
                "'alias:' takes a group of other names away, with a minus before it and the "
                "group's name right behind it, as in: -alias:lgbti or -alias:all"
            )
            raise QueryError(self.text, name.start, name.end, reason)
        group = self.take()
        self.without.append((group.text.lower(), (group.start, group.end)))

    def near(self, depth: int, field: fields.Field | None) -> Node | None:
        """Parse an operand, or several with ``near:`` between them."""
        node = self.operand(depth, field)
        if self.next is None or self.next.kind != "near":
            return node
        operands: list[Node] = []
        signs: list[Lexeme] = []
        while node is not None:
            operands.append(node)
            if self.next is None or self.next.kind != "near":
                break
            signs.append(self.take())
            node = None if self.is_at_gap() else self.operand(depth, field)
        if signs and len(signs) == len(operands):
            self.notes.append(f"'{self.shown(signs.pop())}' joins nothing here and was left out.")
        if not signs:
            return next(iter(operands), None)
        from rights_search.query.nearness import near_node  # noqa: PLC0415 - few queries have it

        return near_node(operands, signs, self.text)

    def operand(self, depth: int, field: fields.Field | None) -> Node | None:
        lexeme = self.take()
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
        self.count(opening, 1)
        node = self.query(depth + 1, field)
        if self.next is None:
            self.notes.append(f"The '(' at character {opening.start + 1} is closed at the end.")
        else:
            closing = self.take()
            node = boosted(node, closing.boost)
            if isinstance(node, And | Or | Near):
                # The place of one word stays that of the word: messages quote it.
                node = replace(node, span=(opening.start, closing.end))
        return None if isinstance(node, Everything) else node

    def field_value(self, name: Lexeme, depth: int) -> Node | None:
        field = fields.find(name.text)
        if field is None:
            reason = _unknown_field(name.text, self.next.text if self.next else "")
            raise QueryError(self.text, name.start, name.end - 1, reason)
        is_star = self.text.startswith("*", name.end)
        node = self.negated(self.operand, depth, field)
        if node is None:
            instead = f"; has:{field.name} finds posts that have one" if is_star else ""
            self.notes.append(f"'{name.text}:' has no word behind it and was left out{instead}.")
            return None
        return _with_span(node, name.start)

    def value(self, lexeme: Lexeme, field: fields.Field | None) -> Node | None:
        if lexeme.kind == "phrase" and not lexeme.is_closed:
            self.notes.append(f"The quote at character {lexeme.start + 1} is closed at the end.")
        if field is not None and field.kind != "text":
            return self.facets(lexeme, field)
        words = tuple(terms(lexeme.text))
        # What holds no word counts as one: looking at it takes as long.
        self.count(lexeme, len(words) or 1)
        self.doubt(lexeme)
        if not words:
            return None
        if field is None and lexeme.kind == "word" and _is_year(self.shown(lexeme)):
            self.years.append((self.word, lexeme.text))
        self.word = lexeme.text
        name = None if field is None else field.name
        return words_node(lexeme, words, name, exact=self.exact)

    def facets(self, lexeme: Lexeme, field: fields.Field) -> Node:
        """Read a value, or several with commas and no space between, quoted or not."""
        nodes = [self.facet(lexeme, field)]
        while self.next is not None and self.next.start == self.end and self.is_at_comma():
            listed = self.take()
            if listed.text != ",":
                nodes.append(self.facet(listed, field))
        follows = self.next is not None and self.next.kind in {"word", "phrase"}
        if follows and self.text[self.end - 1] == ",":
            self.notes.append(
                f"The list behind '{field.name}:' ends at its last comma: "
                "no space stands between its values."
            )
        from rights_search.query.facets import any_of  # noqa: PLC0415 - few queries have fields

        return any_of(nodes, (lexeme.start, self.end))

    def is_at_comma(self) -> bool:
        """Tell whether a comma joins the next word or phrase to the one before it."""
        assert self.next is not None, "the caller has looked"  # noqa: S101
        match self.next.kind:
            case "word":
                return self.next.text.startswith(",")
            case "phrase":
                return self.text[self.end - 1] == ","
            case _:
                return False

    def facet(self, lexeme: Lexeme, field: fields.Field) -> Node:
        self.count(lexeme, 1)
        if lexeme.boost != 1:
            self.notes.append(f"'^' changes nothing behind '{field.name}:', which is not ranked.")
        try:
            return self.facet_value(lexeme, field)
        except QueryError as error:
            from rights_search.query.doubts import better  # noqa: PLC0415 - a message

            raise better(error, lexeme, field) from None

    def facet_value(self, lexeme: Lexeme, field: fields.Field) -> Node:
        from rights_search.query.facets import facet_node  # noqa: PLC0415 - as above

        span = (lexeme.start, lexeme.end)
        if lexeme.suffix or not lexeme.text.strip():
            reason = f"'{field.name}:' takes whole values, such as {field.example}"
            raise QueryError(self.text, *span, reason)
        text = lexeme.text if lexeme.kind == "phrase" else lexeme.text.strip(",") or lexeme.text
        return facet_node(field, text, self.text, span, today=self.today)

    def count(self, lexeme: Lexeme, words: int) -> None:
        self.clauses += words
        self.patterns += lexeme.kind == "word" and bool(lexeme.suffix)
        for number, limit, noun in (
            (self.clauses, MAX_CLAUSES, "words and parentheses"),
            (self.patterns, MAX_PATTERNS, "words with '*' or '~'"),
        ):
            if number > limit:
                reason = f"The query has more than {limit:,} {noun}; ask in several queries"
                raise QueryError(self.text, lexeme.start, lexeme.end, reason)

    def doubt(self, lexeme: Lexeme) -> None:
        """Note what looks like an operator and is none."""
        text = lexeme.text
        is_plain = text.isalnum() and not text.isupper() and text not in {"or", "not"}
        if is_plain and not self.text.endswith("--", 0, lexeme.start):
            return
        from rights_search.query.doubts import doubts  # noqa: PLC0415 - most words are plain

        self.notes.extend(doubts(self.text, lexeme))

    def is_at_gap(self) -> bool:
        """Tell whether no operand can begin here."""
        return self.next is None or self.next.kind in {")", "and", "or", "near"}

    def shown(self, lexeme: Lexeme) -> str:
        return self.text[lexeme.start : lexeme.end]


def _is_year(text: str) -> bool:
    """Tell whether a word is a year of these times; a pattern would be compiled for it."""
    return len(text) == 4 and text[:2] in {"19", "20"} and text.isascii() and text.isdigit()  # noqa: PLR2004


def _note_of_years(found: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield what to write for the posts of a year, where it stands among the words."""
    if found:
        from rights_search.query.dates import years_on_side  # noqa: PLC0415 - as above

        years = [year for _, year in found]
        first, last = min(years), max(years)
        if first != last:
            text, wanted = f"'{first}' and '{last}' are", f"{first}..{last}"
        else:
            text, wanted = f"'{first}' is", years_on_side(*found[0]) or first
        yield f"{text} looked for in the text; year:{wanted} chooses by date."


def _unknown_field(name: str, value: str) -> str:
    if name.lower() == "near":
        return "'near:' takes a number and joins two words, as in: torture near:5 prison"
    from rights_search.query.doubts import instead_of_field  # noqa: PLC0415 - a message
    from rights_search.query.facets import suggest_field  # noqa: PLC0415 - as above
    from rights_search.wording import shorten  # noqa: PLC0415 - a message

    hint = instead_of_field(name, value) or suggest_field(name)
    hint = hint or "to search for the words, put a space behind the colon"
    return f"Unknown field '{shorten(name)}'; {hint}"


def _disjunction(alternatives: list[Node]) -> Node:
    if not alternatives:
        return Everything()
    if len(alternatives) == 1:
        return alternatives[0]
    return Or(tuple(alternatives), (alternatives[0].span[0], alternatives[-1].span[1]))


def _with_span(node: Node, start: int) -> Node:
    """Let a node's place begin at its field name."""
    return replace(node, span=(start, max(start, node.span[1])))


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
