"""One target in a process of its own: libFuzzer ends the process that it runs in.

Usage: ``python -m fuzzers.child TARGET [arguments of libFuzzer]``.
"""

from __future__ import annotations

import sys

import atheris


def main() -> None:
    """Instrument what the target uses, then try it until time is over or it fails."""
    name, *rest = sys.argv[1:]
    with atheris.instrument_imports(include=["rights_search"]):
        from fuzzers.seeds import seeds  # noqa: PLC0415 - instrumented as they are imported
        from fuzzers.targets import TARGETS  # noqa: PLC0415

        target = TARGETS[name]
        # Modules that are imported at use are imported, and instrumented, now.
        for seed in seeds(name):
            target(seed)
    atheris.Setup([sys.argv[0], *rest], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
