"""The words of a lexeme → the leaf that looks for them."""

from __future__ import annotations

from rights_search.query.lexer import Lexeme
from rights_search.query.nodes import Fuzzy, Leaf, Node, Phrase, Prefix, Word, conjunction

MAX_EDITS = 2
"""Largest distance of a fuzzy word: beyond it nearly everything is near."""

MAX_NUMBER = 9999
"""Largest number behind `~` and `near:`: a larger one counts as this one."""


def words_node(lexeme: Lexeme, words: tuple[str, ...], field: str | None, *, exact: bool) -> Node:
    """Return the node for words outside and inside quotes.

    Args:
        lexeme: a word or a phrase.
        words: its terms, at least one.
        field: the text field to look in, None for all default ones.
        exact: True to look for a word without quotes as written only.
    """
    span = (lexeme.start, lexeme.end)
    *front, last = words
    node: Leaf
    match lexeme.suffix[:1]:
        case "*":
            node = Prefix(last, field, lexeme.boost, span=span)
        case "~" if lexeme.kind == "word":
            node = Fuzzy(last, _edits(lexeme.suffix, last), field, lexeme.boost, span=span)
        case _:
            leaf = _plain(lexeme, words, field, exact=exact or lexeme.kind == "phrase")
            if field != "place":
                return leaf
            from rights_search.query.place_names import with_other_names  # noqa: PLC0415 - rare

            return with_other_names(leaf)
    return conjunction(*(Word(term, field, exact, span=span) for term in front), node)


def number(digits: str, default: int) -> int:
    """Return the number that was typed, at most 9999, or ``default`` for none."""
    if len(digits) > len(str(MAX_NUMBER)):
        # Python refuses to convert thousands of digits.
        return MAX_NUMBER
    return int(digits) if digits else default


def _plain(
    lexeme: Lexeme, words: tuple[str, ...], field: str | None, *, exact: bool
) -> Word | Phrase:
    span = (lexeme.start, lexeme.end)
    if len(words) == 1:
        return Word(words[0], field, exact, lexeme.boost, span=span)
    # "long-range" and 人权 are one word to the writer, several terms to the index.
    slop = number(lexeme.suffix[1:], 0) if lexeme.suffix else None
    return Phrase(words, field, slop, exact, lexeme.boost, span=span)


def _edits(suffix: str, term: str) -> int:
    """Return the asked-for distance, or one that suits the length of the word."""
    return min(number(suffix[1:], suited_edits(term)), MAX_EDITS)


def suited_edits(term: str) -> int:
    """Return how many edits suit the length of a word, as Lucene's AUTO fuzziness has it."""
    return 0 if len(term) < 3 else 1 if len(term) < 6 else MAX_EDITS  # noqa: PLR2004
