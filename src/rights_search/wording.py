"""What messages about a word that is not known have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SHOWN_CHARS = 60


def shorten(text: str) -> str:
    """Return ``text`` so that a message can hold it."""
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"


def quoted_list(words: Sequence[str]) -> str:
    """Return ``'a', 'b' or 'c'``."""
    quoted = [f"'{word}'" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def did_you_mean(near: Sequence[str]) -> str:
    """Return a question that offers what was perhaps meant, empty if there is nothing."""
    return f"did you mean {quoted_list(near)}?" if near else ""


def nearest(text: str, known: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """Return those of ``known`` that are spelt most like ``text``, the best first."""
    if len(text) > _SHOWN_CHARS:
        # What is longer than a name is near to none.
        return ()
    import difflib  # noqa: PLC0415 - only messages need it

    by_key = {name.lower(): name for name in known}
    near = difflib.get_close_matches(text.lower(), by_key, n=limit, cutoff=0.6)
    return tuple(by_key[key] for key in near)
