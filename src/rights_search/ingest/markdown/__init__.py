"""Markdown, and the front matter above it."""
