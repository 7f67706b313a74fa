"""bm25s: scores in a matrix."""

from __future__ import annotations

from pathlib import Path

from benchmarks.contenders.protocol import Ask, Contender, Question, installed_version, records


class Bm25s(Contender):
    """bm25s: a matrix of scores, any of the words."""

    def version(self) -> str | None:
        """See `Contender`."""
        return installed_version("bm25s")

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        import bm25s  # noqa: PLC0415

        texts = [f"{each['title']} {each['text']}" for each in records(posts)]
        model = bm25s.BM25()
        model.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)
        model.save(str(folder / "model"))

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        import bm25s  # noqa: PLC0415

        model = bm25s.BM25.load(str(folder / "model"))

        def ask(question: Question) -> int:
            is_one = len(question.words) == 1 and question.how == "and"
            if (
                not (question.how == "or" or is_one)
                or question.country
                or question.facets
                or (question.snippets)
            ):
                raise NotImplementedError
            words = [list(question.words)]
            model.retrieve(words, k=10, show_progress=False)
            return -1

        return ask
