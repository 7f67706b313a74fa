"""Exports of social networks, messengers and blogs: their names for the fields of a post."""
