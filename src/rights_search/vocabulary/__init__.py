"""Themes and groups of people: the vocabulary in use, the built-in one and a user's own file."""
