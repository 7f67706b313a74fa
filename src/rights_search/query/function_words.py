"""Words that carry no subject: not asked for unless quoted.

The index keeps them ("right to life" stays itself); but `torture in Egypt` must
not want the word "in", which most posts hold and no post in another language does.
"""

from __future__ import annotations

from rights_search.query.nodes import (
    And,
    DateRange,
    Facet,
    Node,
    Not,
    Or,
    Word,
    conjunction,
)
from rights_search.values import replace

# Articles, prepositions, conjunctions, pronouns, auxiliaries and question words, as
# the analyser folds them. Our own lists; a word that is also a name or a subject
# (May, will, son, the Contras; German die, war and für, the Fur; Portuguese sem terra) is left
# out of them.
_WORDS = {
    "en": (
        "a about all also although among an and any are as at be because been before being "
        "between both but by can could did do does during each either for from had has have "
        "he her here him his how i if in into is it its me must my no nor not of off on once "
        "only or other our out over she should so some such than that the their them then "
        "there these they this those though through to too under until up upon was we were "
        "what when where whether which while who whom whose why with within without would you "
        "your"
    ),
    "fr": (
        "a au aux avec ce ces cet cette dans de des du elle elles en est et il ils la le les "
        "leur leurs lui mais ne ni nos notre nous ont ou par pas pour qu que qui quoi sa sans "
        "se ses sont sur un une vers vos votre vous y"
    ),
    "es": (
        "a al ante como con cuando de del desde donde e el ella ellas ellos en entre es esa "
        "ese esta este fue ha han hasta la las le les lo los mas muy ni no nos o para pero "
        "por que quien se segun ser si sobre su sus tras u un una y ya"
    ),
    "pt": (
        "a ao aos as com como da das de depois do dos e ela elas ele eles em entre essa esse esta "
        "este foi foram ja mas na nao nas no nos o onde os ou para pela pelas pelo pelos por "
        "quando que quem se seu seus sobre sua suas um uma"
    ),
    "de": (
        "als am an auch auf aus bei das dass der des durch ein eine einem einen einer eines er es "
        "gegen haben hatte hatten ihr ihre ihren im in ist kein keine mit nach nicht noch nur oder "
        "ohne sich sie sind und unter vom von vor waren wegen wenn werden wer wie wir wird wo "
        "wurde wurden zu zum zur"
    ),
    "ru": (
        "а без бы был была были было быть в вы во для до его ее если же за и из или им их к "
        "как ко когда который ли мы на над не ни но о об он она они оно от по под при про с "
        "со так также то того у что чтобы эта эти это этот я"
    ),
    "ar": (
        "في من الي علي عن مع هذا هذه ذلك التي الذي الذين ان كان كانت قد لا لم لن ما هو هي هم "
        "او ثم بين بعد قبل عند كل حتي اذا"
    ),
}
FUNCTION_WORDS = frozenset(word for words in _WORDS.values() for word in words.split())


def without_function_words(node: Node) -> tuple[Node, tuple[str, ...]]:
    """Return ``node`` without function words where other words remain, and those left out.

    Only words of a conjunction that were typed without quotes, field or suffix go;
    a query of nothing but such words stays as it is.
    """
    left_out: list[str] = []
    return _strip(node, left_out), tuple(dict.fromkeys(left_out))


def _strip(node: Node, left_out: list[str]) -> Node:
    match node:
        case Or(children):
            return replace(node, children=tuple(_strip(child, left_out) for child in children))
        case And(children):
            kept = [child for child in children if not _function_word(child)]
            if all(isinstance(child, Facet | DateRange | Not) for child in kept):
                return node
            left_out.extend(filter(None, map(_function_word, children)))
            return conjunction(*(_strip(child, left_out) for child in kept))
        case _:
            return node


def _function_word(node: Node) -> str:
    """Return the term of a function word that was typed plainly, else an empty string."""
    match node:
        case Word(term, field=None, exact=False) if term in FUNCTION_WORDS:
            return term
        case _:
            return ""
