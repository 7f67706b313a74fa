"""What writing takes of stock Whoosh.

Whoosh imports a function that downloads files, which nothing calls, and with it Python's
modules for the web, mail and encryption: half of the time that all of Whoosh takes.
"""

from __future__ import annotations

from rights_search.stand_ins import stand_ins

with stand_ins({"urllib.request": {"urlretrieve": None}}):
    from whoosh import columns
    from whoosh.analysis import LowercaseFilter, RegexTokenizer
    from whoosh.codec.whoosh3 import W3TermInfo
    from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema
    from whoosh.index import LockError
    from whoosh.util import random_name
    from whoosh.util.numeric import length_to_byte
    from whoosh.util.varints import varint

__all__ = (
    "COLUMN",
    "ID",
    "KEYWORD",
    "TEXT",
    "LockError",
    "LowercaseFilter",
    "RegexTokenizer",
    "Schema",
    "W3TermInfo",
    "columns",
    "length_to_byte",
    "random_name",
    "varint",
)
