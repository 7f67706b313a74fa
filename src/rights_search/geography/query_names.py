"""Names of countries in languages that taggers do not look for them in, such as Chinese.

Whoever asks writes them, and so queries know them; no reader or tagger does.
"""

from __future__ import annotations

from functools import cache

from rights_search.geography.territories import read_table
from rights_search.names import Names


def resolve(text: str) -> tuple[str, ...]:
    """Return the code of the country that ``text`` names in one of these languages, or ().

    Case, accents and punctuation make no difference. Ask it last: a name that
    `territories.lookup` or `regions.resolve` knows means what they say.
    """
    return _names().resolve(text)


@cache
def _names() -> Names:
    return Names(
        (name, (code,))
        for code, _language, names, _source in read_table("territory_query_names.tsv")
        for name in names.split("|")
    )
