"""Query text → tree (`parser`), and what a tree means (`matching`)."""
