"""EPUB, by chapters."""
