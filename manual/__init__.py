"""What writes the generated pages of ``docs/``: ``python -m manual``, or ``make docs``.

A page is a function that returns its text. Tests compare each with the file in
``docs/`` and run the examples that it shows.
"""
