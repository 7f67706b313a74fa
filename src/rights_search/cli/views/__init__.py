"""Answers of the library → blocks of text; nothing here writes or decides on colour."""
