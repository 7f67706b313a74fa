"""Saved searches, and what each finds that it has not reported before."""
