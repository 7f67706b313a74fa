"""What decides how a file is read and tagged: when it changes, indexed files are out of date.

The manifest keeps a state for each file, so that a new program version, another
vocabulary or other settings bring just the files that they concern up to date.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from rights_search import ingest, tagging
from rights_search.indexing import post_digests
from rights_search.ingest.settings import Settings, fingerprint
from rights_search.links import fingerprints
from rights_search.vocabulary.vocabulary import current

_DATA = Path(__file__).parent.parent / "data"

# Queries read these, and no reader or tagger does. All others are taken to count, so
# that a new one cannot be forgotten.
_FOR_QUERIES = (
    "alias*",
    "territory_query_names.tsv",
    "territory_regions.tsv",
    "territory_unions.tsv",
)


def state_of(settings: Settings) -> str:
    """Return the state in which a file with these settings is read and tagged now.

    It is ``program``, with ``.vocabulary`` and ``.settings`` behind it where there are
    any of their own: digits that differ where the results may.
    """
    states = (program_state(), current().fingerprint, fingerprint(settings))
    return ".".join(state for state in states if state)


@cache
def program_state() -> str:
    """Return 8 hex digits for the versions of reading, tagging, linking and digests, and the data.

    A new version of the package whose readers, taggers and vocabularies are the same
    has the same state: nobody waits for a change of the query language.
    """
    versions = f"ingest {ingest.VERSION}, tagging {tagging.VERSION}, links {fingerprints.VERSION}"
    digest = hashlib.sha256(f"{versions}, digests {post_digests.VERSION}".encode())
    for path in sorted(_DATA.iterdir()):
        if path.is_file() and not any(path.match(pattern) for pattern in _FOR_QUERIES):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
