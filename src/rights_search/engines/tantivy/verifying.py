"""Reading the files of a Tantivy index to see that they are as they were written.

Each ends in a JSON object with the checksum of what stands before it, the length of that
object and Tantivy's magic number.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from rights_search.engines.tantivy.index import MAX_META_BYTES, META, TantivyIndex, damaged
from rights_search.engines.tantivy.leftovers import files_named
from rights_search.index_files import TANTIVY_FOLDER, read_whole
from rights_search.json_text import read_json

MAX_FOOTER_BYTES = 50_000
_END = struct.Struct("<II")
_MAGIC = 1337
_CHUNK_BYTES = 1 << 20


def verify(handle: TantivyIndex) -> Iterator[tuple[str, str]]:
    """Yield what was verified of an index, as (part, what was found).

    Raises:
        IndexUnavailableError: at the first file that is not as it was written.
    """
    if handle.folder is None:
        return
    inside = handle.folder / TANTIVY_FOLDER
    try:
        record = read_json(read_whole(inside / META, MAX_META_BYTES))
        segments = [str(segment["segment_id"]).replace("-", "") for segment in record["segments"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(handle.folder, error) from error
    yield "contents", f"segments in {META}: {len(segments)}"
    files = files_named(handle.folder)
    for path in files:
        try:
            _verify(path)
        except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
            raise damaged(handle.folder, ValueError(f"{path.name}: {error}")) from error
    yield "checksums", f"those of {len(files)} files are right"


def _verify(path: Path) -> None:
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _END.size))
        length, magic = _END.unpack(stream.read())
        body = size - _END.size - length
        if magic != _MAGIC or not 0 < length <= MAX_FOOTER_BYTES or body < 0:
            raise ValueError("its end is missing")
        stream.seek(body)
        expected = read_json(stream.read(length))["crc"]
        stream.seek(0)
        found = 0
        while body:
            chunk = stream.read(min(body, _CHUNK_BYTES))
            found = zlib.crc32(chunk, found)
            body -= len(chunk)
    if found != expected:
        raise ValueError("its checksum is another one")
