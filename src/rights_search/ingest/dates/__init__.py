"""Dates as people write them, with their precision: in texts, lines and labels."""
