"""One target in a process of its own: libFuzzer ends the process that it runs in.

Usage: ``python -m fuzzers.child TARGET SECONDS [arguments of libFuzzer]``. The seconds are of
processor time, from the first input on: a run at a low priority on a busy machine gets them all.
"""

from __future__ import annotations

import os
import signal
import sys
import time

import atheris

from fuzzers.ledger import SECONDS_A_CASE


class TooSlowError(Exception):
    """One input took too long."""


def main() -> None:
    """Instrument what the target uses, then try it until time is over or it fails."""
    name, seconds, *rest = sys.argv[1:]
    with atheris.instrument_imports(include=["rights_search"]):
        from fuzzers.seeds import seeds  # noqa: PLC0415 - instrumented as they are imported
        from fuzzers.targets import TARGETS  # noqa: PLC0415

        target = TARGETS[name]
        # Modules that are imported at use are imported, and instrumented, now.
        for seed in seeds(name):
            target(seed)
    end = time.process_time() + float(seconds)

    def timed(data: bytes) -> None:
        began = time.process_time()
        target(data)
        now = time.process_time()
        if now - began > SECONDS_A_CASE:
            raise TooSlowError(f"{now - began:.0f} s for one input")
        if now > end:
            # libFuzzer ends behind this input, with its figures.
            os.kill(os.getpid(), signal.SIGUSR1)

    # The first argument is the command by which libFuzzer starts this again, to merge.
    command = f"{sys.executable} -m fuzzers.child {name} {seconds}"
    atheris.Setup([command, *rest], timed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
