"""Write every generated page of ``docs/``."""

from __future__ import annotations

from manual.pages import DOCS, PAGES


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
