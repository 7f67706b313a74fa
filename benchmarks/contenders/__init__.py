"""The programs that are timed: ours with each engine, and what people use instead.

Each is used plainly, as its guide does, and is given the same posts and questions. To add
one, write a subclass of `Contender` and name it in `CONTENDERS`.
"""

from __future__ import annotations

from benchmarks.contenders.bm25 import Bm25s
from benchmarks.contenders.fts5 import Fts5
from benchmarks.contenders.ours import OurEngine, Ours
from benchmarks.contenders.protocol import Contender
from benchmarks.contenders.raw_tantivy import RawTantivy
from benchmarks.contenders.ripgrep import Ripgrep
from benchmarks.contenders.stock_whoosh import StockWhoosh
from benchmarks.contenders.xapian_alone import Xapian

CONTENDERS: dict[str, Contender] = {
    "rights-search": Ours("whoosh"),
    "rights-search, Tantivy": Ours("tantivy"),
    "Whoosh engine alone": OurEngine("whoosh", "rights-search"),
    "Tantivy engine alone": OurEngine("tantivy", "rights-search, Tantivy"),
    "stock Whoosh": StockWhoosh(),
    "FTS5": Fts5(),
    "tantivy-py": RawTantivy(),
    "Xapian": Xapian(),
    "bm25s": Bm25s(),
    "ripgrep": Ripgrep(),
}
"""Name → program, ours first."""
