"""Exports of networks, messengers, blogs and databases: their names for the fields of a post."""
