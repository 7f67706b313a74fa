"""Bytes → text: encodings declared, guessed and wrong, and letters that were decoded twice."""
