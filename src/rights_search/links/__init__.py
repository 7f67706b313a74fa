"""What one post has to do with others: copies of a text, and posts that follow posts.

No post knows this by itself, so it is kept beside the engine, whichever that is.
`Linker` finds it while a corpus is synced, from `State`: what is remembered of each
post so that none has to be read again. `Links` is the outcome, which a search reads.
docs/copies.md has the rules, with the figures behind them.
"""

from __future__ import annotations

from rights_search.links.linker import Linker
from rights_search.links.relations import Cluster, Links
from rights_search.links.state import State

__all__ = ["Cluster", "Linker", "Links", "State"]
