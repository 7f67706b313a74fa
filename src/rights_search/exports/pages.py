"""HTML: a page to read and to print, with the text of each post, its citation and its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TextIO

from rights_search.exports import citation
from rights_search.post import Post
from rights_search.safe_text import safe

# Whatever a text gets past the escaping, no script runs and nothing is fetched.
_HEAD = """\
<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Posts</title>
<style>
body { max-width: 44em; margin: 2em auto; padding: 0 1em; font-family: serif; line-height: 1.4 }
article { margin-bottom: 3em }
.cited, .place { font-size: smaller; overflow-wrap: anywhere }
.caption { font-style: italic }
@media print { article { break-after: page; margin: 0 } h1 { break-after: avoid } }
</style></head><body>
"""
_FOOT = "</body></html>\n"


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write an article for each post; on paper each begins a page."""
    stream.write(_HEAD)
    for post in posts:
        stream.writelines(f"{line}\n" for line in _lines(post))
    stream.write(_FOOT)


def _lines(post: Post) -> Iterator[str]:
    yield f'<article id="{citation.key(post)}">'
    yield f'<h1 dir="auto">{_text(citation.title(post))}</h1>'
    yield f'<p class="cited" dir="auto">{_text(citation.text(post))}</p>'
    language = escape(citation.language(post))
    for kind, texts in (("text", post.paragraphs), ("caption", post.captions)):
        for text in texts:
            yield f'<p class="{kind}" lang="{language}" dir="auto">{_text(text)}</p>'
    yield f'<p class="place">{_text(citation.place(post))}</p>'
    yield "</article>"


def _text(text: str) -> str:
    return escape(safe(text))
