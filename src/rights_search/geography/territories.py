"""Countries and other territories: codes, names in seven languages, successors.

Codes are ISO 3166-1 alpha-2, ``XK`` for Kosovo, and ISO 3166-3 alpha-4 for states
that are no more (``SUHH``, ``YUCS``). Which standard the names follow, and where
disputed territories go, stands in ``docs/territories.md``. The tables are plain
TSV files beside the code; each row of them names its source. What `lookup` asks for is
derived from them by `rebuild`: to compare thousands of names takes longer than a search.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from rights_search.patterns import late
from rights_search.values import dataclass

LANGUAGES = ("en", "fr", "es", "ru", "ar", "de", "pt")

_TERRITORIES = "territories.tsv"
_FIRST_NAME = 6
"""The column of the name in the first of `LANGUAGES`."""
_KEYS = "territory_keys.tsv"
_NAMES = "territory_names.tsv"
_DATA = Path(__file__).parent.parent / "data"
_ASCII = bytes(range(128))
_TYPOGRAPHERS = "’‘“”–—…"
_NEXT = "\x1f"
_MAX_KEPT = 10_000
_ENGLISH, _OTHER = "=", "+"
"""Signs of the derived table: names in English and codes, names in other languages."""

_NO_WORD = late(rf"[^\w{_NEXT}]+|_+")
_SAINT = late(r"\bst\b")
# Accents that stand alone, Arabic vowel signs and the Arabic stretcher.
MARKS = late(r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670]")
"""A mark without which a name is the same; `fold` leaves it where it is."""
_BRACKETS = late(r"\s*\(([^()]*)\)\s*")
_LIST = late(r"\s*[,;/+&|]\s*|\s+(?:and|et|y|e|und|и)\s+")
# Letters that Unicode does not take apart, and signs that writers use for one another.
_FOLDED = dict(
    zip(
        "ıøłđðħþßæœ‘’ʼʻʹ´ʿʾ‐‑‒–—−أإآٱىةё",
        "iolddhtsao''''''''------اااايهе",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Territory:
    """A country, a dependent territory or a state that is no more.

    Args:
        code: its identifier here and in every index.
        alpha3: ISO 3166 alpha-3.
        also: further codes that mean it, such as ``UK`` or the withdrawn ``ZR``.
        kind: ``territory``, ``user-assigned`` (Kosovo) or ``former``.
        successors: codes of the states that followed it, for ``former`` ones.
        administered_by: code of the state that governs a dependent territory, else "".
        names: its names, in the order of `LANGUAGES`.
    """

    code: str
    alpha3: str
    also: tuple[str, ...]
    kind: str
    successors: tuple[str, ...]
    administered_by: str
    names: tuple[str, ...]

    @property
    def known_as(self) -> tuple[str, ...]:
        """Return every code that means this territory, its own first."""
        return (self.code, self.alpha3, *self.also)


@functools.lru_cache(maxsize=_MAX_KEPT)
def lookup(name: str) -> str | None:
    """Return the code that a name or a code stands for, or None.

    Case, accents, apostrophes and punctuation do not count, and inverted forms such
    as "Korea, Republic of" are understood. A name that two territories share
    ("Congo", "Korea") gives None, and so does a demonym.

    Args:
        name: a name in any of `LANGUAGES`, or a code: alpha-2, alpha-3, withdrawn.
    """
    keys = [_key(form) for form in _spellings(name)]
    found = (_derived(sign, key) for sign in (_ENGLISH, _OTHER) for key in keys)
    return next(filter(None, found), None)


def _derived(sign: str, key: str) -> str | None:
    """Return the code of a key in the derived table, looked for in its bytes."""
    table = _derived_table()
    line = f"\n{sign}{key}\t".encode("utf-8", "surrogatepass")
    start = table.find(line)
    if start < 0:
        return None
    start += len(line)
    return table[start : table.index(b"\n", start)].decode("ascii")


@functools.cache
def _derived_table() -> bytes:
    return (_DATA / _KEYS).read_bytes()


def derived_lines() -> list[str]:
    """Return the lines of the derived table, as the other tables give them."""
    indexes = {_ENGLISH: _index(english=True), _OTHER: _index(english=False)}
    head = "# derived: sign and key, code; see territories.rebuild"
    return [
        head,
        *(
            f"{sign}{key}\t{code}"
            for sign, index in indexes.items()
            for key, code in sorted(index.items())
        ),
    ]


def rebuild() -> None:
    """Write the derived table anew; for developers, when a name has changed."""
    (_DATA / _KEYS).write_bytes(("\n".join(derived_lines()) + "\n").encode())


def resolve(label: str) -> tuple[str, ...]:
    """Return every code that a source's own label stands for.

    Use it for labels that are wider or narrower than one country: "Morocco and
    Western Sahara", "Greece, India", "Scotland".
    """
    # Single spaces: between runs of them a pattern would look for separators from each place.
    label = " ".join(label.split())
    whole = _one(label)
    if whole:
        return (whole,)
    parts = (_one(part) for part in _LIST.split(label))
    return tuple(dict.fromkeys(code for code in parts if code))


def name(code: str, language: str = "en") -> str:
    """Return a territory's name; the code itself where it is unknown.

    Args:
        code: a code as `codes` gives it.
        language: one of `LANGUAGES`; any other gives the English name.
    """
    row = _rows().get(code)
    if row is None:
        return code
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return row.split("\t")[_FIRST_NAME + place]


def suggest(name: str, limit: int = 3) -> tuple[str, ...]:
    """Return English names that are near ``name``, the nearest first.

    A place below a country gives its country: it is what the reader of an error
    message can use.
    """
    import difflib  # noqa: PLC0415 - only error messages need it

    key = _key(name)
    index = _index(english=False) | _index(english=True)
    shared = _shared().get(key, ())
    place = _places().get(key, ())
    near = difflib.get_close_matches(key, index, n=4 * limit, cutoff=0.7)
    found = shared or place or [index[form] for form in near]
    names = dict.fromkeys(territories()[code].names[0] for code in found)
    return tuple(names)[:limit]


def is_code(code: str) -> bool:
    """Tell whether ``code`` is an identifier that `codes` lists."""
    return code in _rows()


def codes() -> tuple[str, ...]:
    """Return all codes: today's territories in alphabetical order, then former states."""
    return tuple(_rows())


def is_former(code: str) -> bool:
    """Tell whether a code is that of a state that is no more."""
    # Those are the only ones of four letters (ISO 3166-3).
    return len(code) == 4  # noqa: PLR2004


def successors(code: str) -> tuple[str, ...]:
    """Return the codes of the states that followed a former one, else nothing."""
    territory = territories().get(code)
    return () if territory is None else territory.successors


def administered_by(code: str) -> str | None:
    """Return the code of the state that governs a dependent territory, else None."""
    return _administrators().get(code)


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, each character in its place.

    The result has as many characters as ``text``, so that offsets hold in both.
    Only Latin letters lose their accents: й and و carry meaning. White space and
    signs become a blank; apostrophes, hyphens and Arabic alefs become one of each.
    """
    if not text.isascii():
        # Without these, most texts in Western letters are bytes, which one table folds.
        for sign in _TYPOGRAPHERS:
            text = text.replace(sign, _fold_character(sign))
        try:
            return text.encode("latin-1").translate(_folded_latin_1()).decode("latin-1")
        except UnicodeEncodeError:
            text = _fold_others(text)
    return text.lower().replace("\n", " ").replace("\t", " ").replace("\r", " ")


def _fold_others(text: str) -> str:
    """Fold what is not ASCII."""
    folded = text
    # A text has few different signs: replacing each is faster than visiting all.
    others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    for sign in set(others.decode("utf-8", "surrogatepass")):
        plain = _fold_character(sign)
        if plain != sign:
            folded = folded.replace(sign, plain)
    return folded


def read_table(file_name: str) -> Iterator[list[str]]:
    """Yield the rows of a TSV file of this package, its header left out."""
    return (line.split("\t") for line in _lines(file_name))


def _lines(file_name: str) -> list[str]:
    return (_DATA / file_name).read_text(encoding="utf-8").splitlines()[1:]


@functools.cache
def _rows() -> dict[str, str]:
    """Return the row of each territory: to show a name needs no more of 250 of them."""
    return {line.partition("\t")[0]: line for line in _lines(_TERRITORIES)}


@functools.cache
def territories() -> dict[str, Territory]:
    """Return every territory by its code. The mapping is shared: do not change it."""
    table: dict[str, Territory] = {}
    for row in _rows().values():
        code, alpha3, also, kind, followers, state, *names, _source = row.split("\t")
        table[code] = Territory(
            code, alpha3, tuple(also.split()), kind, tuple(followers.split()), state, tuple(names)
        )
    return table


@functools.cache
def _administrators() -> dict[str, str]:
    return {
        item.code: item.administered_by for item in territories().values() if item.administered_by
    }


@functools.cache
def endings() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the endings that ``+key`` stands for, by language and key."""
    return {
        (language, key): tuple("" if item == "-" else item for item in listed.split())
        for language, key, listed, _source in read_table("territory_endings.tsv")
    }


def inflect(form: str, language: str) -> tuple[str, ...]:
    """Return the forms that a table's ``stem+key`` stands for, the citation form first."""
    stem, plus, key = form.partition("+")
    if not plus:
        return (form,)
    return tuple(stem + ending for ending in endings()[language, key])


def _one(label: str) -> str | None:
    key = _key(label)
    return lookup(label) or _only_country(_places().get(key, ())) or _short_names().get(key)


@functools.cache
def _index(*, english: bool) -> dict[str, str]:
    """Return code by name key, for the English names and codes, or for all the others."""
    # Most look-ups are English, and the rest takes twice as long to load.
    rows: list[tuple[str, tuple[str, ...]]] = []
    for code, _kind, _place, language, strength, listed, _source in read_table(_NAMES):
        if (language == "en") is english and " " not in code and strength != "own":
            forms = tuple(inflect(form, language)[0] for form in listed.split("|"))
            rows.append((code, forms))
    own_names = slice(0, 1) if english else slice(1, None)
    rows += [(item.code, item.names[own_names]) for item in territories().values()]
    if english:
        # Codes come last, so that none of them hides a name.
        rows += [(item.code, item.known_as) for item in territories().values()]
    keys = _keys(_NEXT.join(form for _, forms in rows for form in forms))
    listed_codes = [code for code, forms in rows for _ in forms]
    # The first row that has a name keeps it.
    return dict(zip(reversed(keys), reversed(listed_codes), strict=True))


@functools.cache
def _shared() -> dict[str, tuple[str, ...]]:
    """Return the codes of names that several territories share."""
    return {
        _key(inflect(form, language)[0]): tuple(listed.split())
        for listed, _kind, _place, language, _strength, forms, _source in read_table(_NAMES)
        if " " in listed
        for form in forms.split("|")
    }


@functools.cache
def _short_names() -> dict[str, str]:
    """Return the codes of names that ISO 3166 gives to one of those that share them.

    "Congo" in a list of labels is the Republic of the Congo; in a text, or typed by
    someone, it may be either.
    """
    return {
        _key(forms): listed.split()[0]
        for listed, _kind, _place, language, strength, forms, _source in read_table(_NAMES)
        if " " in listed and language == "en" and strength == "weak"
    }


def _only_country(listed: tuple[str, ...]) -> str | None:
    return listed[0] if len(listed) == 1 else None


@functools.cache
def _places() -> dict[str, tuple[str, ...]]:
    """Return the countries of each region by its English names; several for a shared one."""
    places: dict[str, tuple[str, ...]] = {}
    for listed, kind, place, language, _, forms, *_rest in read_table("territory_places.tsv"):
        if kind == "region":
            names = forms.split("|") if language == "en" else ()
            for name in (place, *names):
                places.setdefault(_key(name), tuple(listed.split()))
    return places


def _spellings(name: str) -> Iterable[str]:
    """Yield the name, then its readings: without brackets, turned round at a comma."""
    yield name
    match = _BRACKETS.search(name) if "(" in name else None
    if match:
        outside = _BRACKETS.sub(" ", name)
        yield f"{match[1]} {outside}"
        yield outside
    if name.count(",") == 1:
        first, last = name.split(",")
        yield f"{last} {first}"


def _key(name: str) -> str:
    return " ".join(_keys(name))


def _keys(names: str) -> list[str]:
    """Return what counts when names are compared, for names with `_NEXT` between them."""
    # In one text, thousands of names take a fifth of what they take one by one.
    plain = names.lower()
    if not names.isascii():
        plain = MARKS.sub("", fold(unicodedata.normalize("NFC", names)))
    plain = plain.replace("'", "").replace(".", "").replace("&", " and ")
    if plain.isalnum():
        return ["saint" if plain == "st" else plain]
    plain = _SAINT.sub("saint", _NO_WORD.sub(" ", plain))
    return [key.strip().removeprefix("the ") for key in plain.split(_NEXT)]


@functools.cache
def _folded_latin_1() -> bytes:
    """Return what `fold` makes of each byte of a text in Latin-1."""
    letters = bytes(range(256)).decode("latin-1")
    folded = "".join(map(fold, letters[:128])) + "".join(map(_fold_character, letters[128:]))
    return folded.encode("latin-1")


@functools.cache
def _fold_character(sign: str) -> str:
    """Return one character for one character."""
    folded = _FOLDED.get(sign) or _FOLDED.get(sign.lower())
    if folded:
        return folded
    if not sign.isalnum() and not unicodedata.category(sign).startswith(("M", "C")):
        return " "
    base = unicodedata.normalize("NFD", sign)[0].lower()
    if base.isascii() and base.isalpha():
        return base
    lowered = sign.lower()
    return lowered if len(lowered) == 1 else sign
