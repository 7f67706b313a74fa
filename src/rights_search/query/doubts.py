"""What other search engines write, and what is written here instead.

A sign that has a meaning elsewhere and none here is read as a word, and a note says so; where
it stands in a place that can only be a mistake, the error does. Loaded for such words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rights_search import fields
from rights_search.errors import QueryError
from rights_search.patterns import late
from rights_search.query.lexer import Lexeme
from rights_search.wording import did_you_mean, shorten

_STAR = "'*' stands for letters only at the end of a word outside quotes."
_QUESTION = "'?' stands for no letter: word* finds every ending, word~ slips."
_REGEX = "There are no regular expressions: word* finds every ending, word~ slips."
_SINGLE_QUOTES = 'Single quotes make no phrase; write "…" around its words.'
_BAR = "'|' was left out: either of two is written a OR b."

_OPERATORS: Mapping[str, str] = {
    "or": "the operator is OR",
    "not": "the operator is NOT",
    "ИЛИ": "the operator is OR",
    "НЕ": "the operator is NOT",
    "OU": "the operator is OR",
    "ODER": "the operator is OR",
    "NICHT": "the operator is NOT",
    "SAUF": "the operator is NOT",
    "ANDNOT": "the operator is NOT",
    "BUTNOT": "the operator is NOT",
    "XOR": "either but not both is written (a OR b) NOT (a b)",
}
"""What people write for operators: lower case as in prose, capitals of other languages."""

_DISTANCE = late(
    r"(?:NEAR|ADJ|AROUND|WITHIN|PROX|PRE|[WN])/?(\d{1,4})\Z|(?:w|within|pre|near)/(\d{1,4})\Z"
)
_CALLED = frozenset("NEAR ADJ AROUND WITHIN PROX".split())
_IS_REGEX = late(r"/.*[.*+?|\[^$]")
_CLOSING_QUOTE = late(r"[\w.,!?]['’‘](?=[\s)]|\Z)")
_SHARE = late(r"(.+)~(\d*\.\d+)\Z", re.DOTALL)
_EQUAL = late(r"([^\W\d][\w-]*)(=|==|[<>]=?)(\w.*)\Z", re.DOTALL)
_YEARS = late(r"((?:19|20)\d\d)(?:\.\.|[-–])((?:19|20)\d\d)\Z", re.ASCII)
_WIDE_COLON = late(r"(\w+)：(.+)\Z", re.DOTALL)

_NEAR_CHARS = 200
"""How far ahead a closing quote is looked for."""


def doubts(query: str, lexeme: Lexeme) -> Iterator[str]:
    """Yield a note for each sign of a word or phrase that is read as none.

    Args:
        query: the whole query.
        lexeme: a word or a phrase of it.
    """
    if lexeme.kind == "word" and _IS_REGEX.match(lexeme.text):
        yield _REGEX
        return
    if _is_typed("*", query, lexeme) and lexeme.text.strip("*:"):
        yield _STAR
    if lexeme.kind == "word":
        yield from _of_signs(query, lexeme)
        yield from _of_names(query, lexeme)
        yield from _of_operators(query, lexeme)


def _of_signs(query: str, lexeme: Lexeme) -> Iterator[str]:
    text = lexeme.text
    if "?" in text.strip("?"):
        yield _QUESTION
    if _is_typed("^", query, lexeme) and "^" in text.strip("^"):
        yield f"'{shorten(text)}' has no boost: that is a number, as in word^3."
    if _is_typed("|", query, lexeme):
        yield _BAR
    if (share := _SHARE.match(text)) and _is_typed("~", query, lexeme):
        word = shorten(share[1])
        yield f"'~{share[2]}' is no number of letters: {word}~1 allows one slip, ~2 two."
    if text[0] in "'‘" and len(text) > 1:
        behind = query[lexeme.end : lexeme.end + _NEAR_CHARS]
        if _CLOSING_QUOTE.search(text) is None and _CLOSING_QUOTE.search(behind):
            yield _SINGLE_QUOTES


def _of_names(query: str, lexeme: Lexeme) -> Iterator[str]:
    text = lexeme.text
    if text.endswith(":") and fields.find(text[:-1]):
        yield f"'{text}' was read as a word: a field has no space behind it."
    if query.endswith("--", 0, lexeme.start) and fields.find(text):
        yield f"'--{text}' is no option inside of a query; write {text}:… there."
    if (equal := _EQUAL.match(text)) and fields.find(equal[1]):
        sign = "" if equal[2][0] == "=" else equal[2]
        meant = shorten(f"{equal[1]}:{sign}{equal[3]}")
        yield f"'{equal[1]}{equal[2]}' names no field; write {meant}"
    if (wide := _WIDE_COLON.match(text)) and fields.find(wide[1]):
        yield f"'{wide[1]}：' names no field; write {shorten(f'{wide[1]}:{wide[2]}')}"
    if years := _YEARS.match(text):
        yield f"'{text}' is looked for in the text; year:{years[1]}..{years[2]} chooses by date."


def _of_operators(query: str, lexeme: Lexeme) -> Iterator[str]:
    text = lexeme.text
    # A query all in capitals is a title, where "OU" is a word like others.
    instead = _OPERATORS.get(text)
    if instead and (text.islower() or not query.isupper()):
        yield f"'{text}' was read as a word; {instead}."
    number = ""
    if distance := _DISTANCE.match(text):
        number = distance[1] or distance[2]
    elif text in _CALLED and query.startswith("(", lexeme.end):
        number = "10"
    if number and not query.isupper():
        yield f"'{text}' was read as a word; nearness is written a near:{number} b."


def _is_typed(sign: str, query: str, lexeme: Lexeme) -> bool:
    """Tell whether a sign stands in the text without a backslash before it."""
    return sign in lexeme.text and f"\\{sign}" not in query[lexeme.start : lexeme.end]


# --- mistakes --------------------------------------------------------------------------

_MEANT: Mapping[str, str] = {
    "tag": "theme", "tags": "theme", "category": "theme", "categories": "theme",
    "keyword": "theme", "keywords": "theme", "subject": "theme", "label": "theme",
    "text": "body", "content": "body", "contents": "body", "fulltext": "body",
    "created": "date", "updated": "date", "modified": "date", "time": "date", "timestamp": "date",
    "day": "date", "pubdate": "date", "region": "country", "continent": "country",
    "nation": "country", "city": "place", "town": "place", "state": "place", "writer": "author",
    "user": "author", "link": "url", "inurl": "url", "domain": "source", "host": "source",
    "publisher": "source", "_exists_": "has:{}", "exists": "has:{}", "_missing_": "-has:{}",
    "missing": "-has:{}", "_id": "id", "file": "source", "filename": "source", "path": "source",
    "folder": "source", "directory": "source",
    "título": "title", "titulo": "title", "titre": "title", "titel": "title", "заголовок": "title",
    "عنوان": "title", "العنوان": "title", "texto": "body", "texte": "body", "текст": "body",
    "نص": "body", "النص": "body", "autor": "author", "auteur": "author", "автор": "author",
    "كاتب": "author", "الكاتب": "author", "país": "country", "pais": "country", "pays": "country",
    "land": "country", "страна": "country", "بلد": "country", "البلد": "country",
    "دولة": "country", "fecha": "date", "data": "date", "datum": "date", "дата": "date",
    "تاريخ": "date", "التاريخ": "date", "año": "year", "ano": "year", "année": "year",
    "annee": "year", "jahr": "year", "год": "year", "سنة": "year", "السنة": "year",
    "mes": "month", "mois": "month", "monat": "month", "месяц": "month", "شهر": "month",
    "tema": "theme", "thème": "theme", "thema": "theme", "тема": "theme", "موضوع": "theme",
    "الموضوع": "theme", "grupo": "group", "groupe": "group", "gruppe": "group", "группа": "group",
    "idioma": "language", "langue": "language", "sprache": "language", "язык": "language",
    "لغة": "language", "اللغة": "language", "fuente": "source", "fonte": "source",
    "quelle": "source", "источник": "source", "مصدر": "source", "المصدر": "source",
    "lugar": "place", "lieu": "place", "ort": "place", "место": "place", "مكان": "place",
}  # fmt: skip
"""Names of fields elsewhere and in other languages → ours; a place for a value that changes."""
_EVERYWHERE = frozenset("all any _all _all_ anywhere everything default".split())
_OPTIONS = frozenset(
    "sort sortby sort_by order orderby order_by limit size offset page start rows top".split()
)
_SIDES: Mapping[str, str] = {
    "from": "{}..", "since": "{}..", "after": ">{}", "before": "<{}", "until": "..{}",
    "till": "..{}", "to": "..{}",
}  # fmt: skip
_DAY = late(r"\d{4}(?:-\d\d){0,2}\Z", re.ASCII)


def instead_of_field(name: str, value: str) -> str:
    """Return what to write for a field that there is not, an empty text where nobody knows.

    Args:
        name: of the field.
        value: what stands behind it.
    """
    key = name.lower()
    if key in _SIDES and _DAY.match(value):
        return did_you_mean((f"date:{_SIDES[key].format(value)}",))
    if key in _MEANT:
        return did_you_mean((_MEANT[key].format(shorten(value)),))
    if key in _EVERYWHERE:
        return "a word without a field is looked for everywhere"
    if key in _OPTIONS:
        return "order and number of the hits are options beside the query"
    return ""


_RANGE = late(
    r"[\[{]\s*(?P<low>[^\s\]}]+?)\s*(?:\sTO\s|\sto\s|,|\.\.)\s*(?P<high>[^\s\]}]+)\s*[\]}]?"
)
_MOMENT = late(r"(\d{4}(?:-\d\d){0,2})(?:T.*)?\Z", re.ASCII)
_OTHER_COMMAS = late(r"[|;/]")
_NOTHING = frozenset("null nil empty unknown undefined missing n/a".split())
_MAX_WORDS = 6


def better(error: QueryError, lexeme: Lexeme, field: fields.Field) -> QueryError:
    """Return what to say of a value that is none: what was meant, where that can be told.

    Args:
        error: what would be said else.
        lexeme: the value.
        field: the field that it stands behind.
    """
    if lexeme.kind == "word":
        return _word(error, lexeme, field)
    return _listed(error, lexeme, field)


def _word(error: QueryError, lexeme: Lexeme, field: fields.Field) -> QueryError:
    if lexeme.text[:1] in {"[", "{"} and field.name in {"date", "year", "month"}:
        return _range(error, lexeme, field)
    if lexeme.suffix:
        return error
    if lexeme.text == "*":
        return _instead(error, f"has:{field.name}")
    return _in_quotes(error, lexeme, field) or _listed(error, lexeme, field)


def _listed(error: QueryError, lexeme: Lexeme, field: fields.Field) -> QueryError:
    if lexeme.text.lower() in _NOTHING and field.name not in {"has", "is"}:
        return _instead(error, f"{field.name}:none")
    parts = [part for part in _OTHER_COMMAS.split(lexeme.text) if part]
    if len(parts) > 1 and not any(_wrong(field, part) for part in parts):
        return _instead(error, shorten(f"{field.name}:{','.join(parts)}"))
    return error


def _instead(error: QueryError, query: str, end: int = 0) -> QueryError:
    """Return the error with another hint; its place reaches to ``end``, if that is given."""
    said = error.reason.partition("; ")[0]
    return _at(error, end or error.end, f"{said}; {did_you_mean((query,))}")


def _at(error: QueryError, end: int, reason: str) -> QueryError:
    return QueryError(error.query, error.start, end, reason)


def _range(error: QueryError, lexeme: Lexeme, field: fields.Field) -> QueryError:
    name = "date" if field.name == "month" else field.name
    found = _RANGE.match(error.query, lexeme.start)
    if found is None:
        return error
    low, high = (_side(found[side]) for side in ("low", "high"))
    meant = f"{low}..{high}"
    if "?" in meant or meant == "..":
        return _at(error, found.end(), f"A range is written with two dots, such as {field.example}")
    if name == "year" and "-" in meant:
        name = "date"
    return _at(error, found.end(), f"A range is written with two dots: {name}:{meant}")


def _side(text: str) -> str:
    """Return an end of a range as it is written here; a question mark if it is none."""
    if text == "*":
        return ""
    if text.lower() == "now":
        return "today"
    moment = _MOMENT.match(text)
    return moment[1] if moment else "?"


def _in_quotes(error: QueryError, lexeme: Lexeme, field: fields.Field) -> QueryError | None:
    """Return what to say if a word and those behind it are a value, the most of them that are."""
    tried = [
        (value, end, _wrong(field, value))
        for value, end in _longer(error.query, lexeme)
        if value != lexeme.text
    ]
    for value, end, wrong in tried:
        if wrong is None:
            return _instead(error, f'{field.name}:"{value}"', end)
    for _, end, wrong in tried:
        if wrong and field.name in {"date", "year"} and "did you mean" in wrong:
            return _at(error, end, wrong)
    return None


def _longer(query: str, lexeme: Lexeme) -> Iterator[tuple[str, int]]:
    """Yield a word with those behind it, and where they end; the most of them first."""
    words = list(_FOLLOWING.finditer(query, lexeme.start, lexeme.start + _NEAR_CHARS))
    for number, word in enumerate(words):
        is_operator = word[0] in {"AND", "OR", "NOT"} or ":" in word[0]
        if number and (is_operator or query[words[number - 1].end() : word.start()].strip()):
            words = words[:number]
            break
    for word in reversed(words[:_MAX_WORDS]):
        yield query[lexeme.start : word.end()].strip("'‘’,.; "), word.end()


_FOLLOWING = late(r"[^\s()\"“”„«»]+")


def _wrong(field: fields.Field, text: str) -> str | None:
    """Return what is wrong with a value, None if nothing is."""
    from rights_search.query.facets import facet_node  # noqa: PLC0415 - who imports this did

    try:
        facet_node(field, text, text, (0, len(text)))
    except QueryError as error:
        return error.reason
    return None
