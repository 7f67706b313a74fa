"""Time parts of the program: ``python -m benchmarks.NAME``. Figures are CPU time."""
