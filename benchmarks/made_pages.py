"""HTML files of made posts: what a small site about its subject keeps of each.

A page has a head that says what it is (title, description, date, language, as people and
machines write them), navigation and a footer around an article. Its names are those of made
posts, its addresses are in example.org. The same seed gives the same files.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path

from benchmarks.made_posts import Record, age, made

_FILES_A_FOLDER = 500
MEDIAN_WORDS = 265
"""With so many a page has about 3.4 KB on average."""


def write(folder: Path, count: int, *, seed: int = 1) -> int:
    """Write pages into folders of some hundreds each; return their bytes together."""
    size = 0
    for number, post in enumerate(islice(made(seed, median_words=MEDIAN_WORDS), count)):
        path = folder / f"{number // _FILES_A_FOLDER:03}" / f"{number:06}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_bytes(page(post).encode())
        age(path)
    return size


def page(post: Record) -> str:
    """Return a post as a page."""
    title, summary = escape(post["title"]), escape(post["text"][:120])
    address = f"https://news.example.org/{post['date'][:4]}/{post['id']}.html"
    text = "\n".join(f"<p>{escape(each)}.</p>" for each in _paragraphs(post["text"]))
    themes = ", ".join(post["themes"])
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} | News of rights</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{summary}">
<meta name="keywords" content="{themes}, {post["country"][0]}">
<meta property="og:type" content="article">
<meta property="og:title" content="{title}">
<meta property="og:url" content="{address}">
<meta property="article:published_time" content="{post["date"]}T09:00:00+00:00">
<link rel="canonical" href="{address}">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<nav><a href="/">Home</a> <a href="/countries/">Countries</a> <a href="/about/">About</a></nav>
<main>
<article>
<h1>{title}</h1>
<p class="date"><time datetime="{post["date"]}">{post["date"]}</time></p>
{text}
</article>
</main>
<footer><p>News of rights. <a href="/contact/">Write to us</a>.</p></footer>
</body>
</html>
"""


def _paragraphs(text: str) -> Iterator[str]:
    sentences = text.split(". ")
    for start in range(0, len(sentences), 4):
        yield ". ".join(sentences[start : start + 4])
