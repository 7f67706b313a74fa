"""Where the parts of one decoded text stand in its lines and bytes."""

from __future__ import annotations

import codecs

from rights_search.ingest.encodings.decoding import DecodedText
from rights_search.ingest.source import Span


class TextPlaces:
    """Counts lines and bytes up to places that are asked for in order.

    Bytes are known only where every character of the text is surely the bytes that
    UTF-8 makes of it.
    """

    def __init__(self, decoded: DecodedText) -> None:
        self._text = decoded.text
        self._line, self._byte, self._counted = 1, 0, 0
        if decoded.encoding == "utf-8-sig":
            self._byte = len(codecs.BOM_UTF8)
        self._has_bytes = decoded.encoding.startswith("utf-8") and not decoded.notes

    def span(self, start: int, end: int) -> Span:
        """Return the place of ``text[start:end]``, which lies behind all asked for before."""
        first, byte_start = self._advance(start)
        last, byte_end = self._advance(end)
        return Span(first, last, byte_start, byte_end)

    def _advance(self, position: int) -> tuple[int, int | None]:
        self._line += self._text.count("\n", self._counted, position)
        if self._has_bytes:
            self._byte += len(self._text[self._counted : position].encode("utf-8"))
        self._counted = position
        return self._line, self._byte if self._has_bytes else None
