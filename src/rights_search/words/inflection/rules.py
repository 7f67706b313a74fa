"""What a language's module says of its inflections."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rights_search.values import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """How one language inflects.

    Args:
        name: ISO 639-1 code.
        strip: term → stem.
        irregular: terms that the endings get wrong → their stem.
        proclitics: what may stand in front of a stem, the empty string included.
        changing: letters at the end of a stem that some of its inflections lack.
    """

    name: str
    strip: Callable[[str], str]
    irregular: Mapping[str, str] = field(default_factory=dict)
    proclitics: tuple[str, ...] = ("",)
    changing: str = ""

    def stem(self, term: str) -> str:
        """Return the stem that ``term`` shares with its inflections."""
        return self.irregular.get(term) or self.strip(term)

    def lookups(self, stem: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return where a vocabulary may hold members of the family of ``stem``.

        Returns:
            The prefixes that regular members start with, and irregular members.
        """
        trunk = stem[:-1] if len(stem) > 2 and stem[-1] in self.changing else stem
        irregular = tuple(term for term, base in self.irregular.items() if base == stem)
        return tuple(front + trunk for front in self.proclitics), irregular


def irregular_stems(families: str) -> dict[str, str]:
    """Return term → stem for ``stem:term,term`` families."""
    pairs = (family.partition(":") for family in families.split())
    return {term: base for base, _, terms in pairs for term in terms.split(",")}
