"""Measure the search engine on judged data: `python -m evaluation`, or `make evaluate`.

A scorer is a module with one public function ``score``, named in `evaluation.scorers`.
What each figure means, and what it does not say, is in ``docs/evaluation.md``.
"""
