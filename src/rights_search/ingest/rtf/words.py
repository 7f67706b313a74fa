r"""What an RTF document is made of: its tokens, and the control words that say what is no text.

Names are those of the Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

START = rb"{\rtf"
MORE = re.compile(rb"[\0\s]*\{\\rtf")
"""Another document in the same file: so some programs print letters."""

PADDING = b"\0 \t\r\n\x1a"
"""What may stand behind the end."""

NO_TEXT = b"\r\n\0"
"""Bytes that stand between those of a text and are none."""

ESCAPED = (b"\\", b"{", b"}")
"""Signs of text that would mean something without a backslash."""

TOKEN = re.compile(
    rb"(?P<text>[^\\{}]+)"
    rb"|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,9})?[0-9]* ?"
    rb"|(?P<hex>(?:\\'[0-9A-Fa-f]{2})+)"
    rb"|(?P<brace>[{}])"
    rb"|\\(?P<sign>[^A-Za-z])"
    rb"|\\",
    re.DOTALL,
)
"""One of them matches wherever something stands."""

RUN = re.compile(rb"(?:\\u-?[0-9]{1,6} ?(?:\\'[0-9A-Fa-f]{2}|[?]))+")
"""Letters in Unicode, each with one sign for older programs: most of a text that is not Latin."""

NUMBER = re.compile(rb"u(-?[0-9]+)")

SKIPPED = re.compile(
    rb"[^\\{}]+|[{}]|\\bin(?P<size>[0-9]{1,9})[0-9]* ?|\\[A-Za-z]{1,32}|\\.?", re.DOTALL
)
"""As much of a token as one must see to find the end of a group."""

SIGNS: Mapping[bytes, str] = {
    b"~": " ",
    b"_": "-",
    b"tab": "\t",
    b"line": " ",
    b"emspace": " ",
    b"enspace": " ",
    b"qmspace": " ",
    b"emdash": "\u2014",
    b"endash": "\u2013",
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"bullet": "\u2022",
    b"zwj": "\u200d",
    b"zwnj": "\u200c",
    b"ltrmark": "\u200e",
    b"rtlmark": "\u200f",
}
"""Control words and symbols that are text."""

SKIPPED_WORDS = frozenset(
    b"pict colortbl filetbl fldinst listtext pntext headerl footer "
    b"footerl footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn annotation nonshppict "
    b"shprslt sn sv sp xe tc rxe txe bkmkstart bkmkend nonesttables private datafield objdata "
    b"objclass objname listtable listoverridetable list listoverride revtbl template".split()
)
"""Destinations that hold no text, or one that nobody sees."""

HEADERS = (b"headerf", b"header", b"headerr")
"""Destinations of what may stand above the first page; the first only where it has its own."""

STARRED = frozenset(
    b"footnote shpinst shptxt do dptxbxtext ud nesttableprops fldrslt result".split()
)
"""Of the destinations that a program may pass over, those that hold text."""
