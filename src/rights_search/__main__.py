"""Entry of ``rights-search`` and of ``python -m rights_search``."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from rights_search import garbage


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        argv: the arguments behind the program's name; those of the process by default.
    """
    if argv is None:
        garbage.look_seldom()
    from rights_search.stand_ins import stand_ins  # noqa: PLC0415

    with stand_ins({"urllib.parse": {"quote_from_bytes": None}}):
        import pathlib as _  # noqa: F401, PLC0415 - for all that comes later
    from rights_search.cli import app  # noqa: PLC0415 - an import of ours alone loads no click
    from rights_search.safe_text import safe  # noqa: PLC0415

    try:
        return app.main(argv)
    except Exception:  # noqa: BLE001 - a bug; Python's own exit code would say "nothing found"
        import traceback  # noqa: PLC0415 - a bug, not a search

        for line in traceback.format_exc().splitlines():
            print(safe(line), file=sys.stderr)  # noqa: T201
        return app.ERROR
    finally:
        if argv is None:
            # The process ends, and Python would look for garbage in all that there is: that
            # took 50 ms, a fifth of a query.
            gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
