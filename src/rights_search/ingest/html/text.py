"""The text of an article page: who is asked for it, in what order, and what is noted.

1. The element that the page marks as its text.
2. The JSON-LD of its head, where the page itself shows little of that: pages that
   scripts fill.
3. Where nothing is marked, trafilatura, if it is installed: a guess with more
   experience than ours.
4. Else the element that weighs most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rights_search.ingest.html.container import Container
from rights_search.ingest.html.dom import first_line, fragment, last_line
from rights_search.ingest.html.meta import PageFacts
from rights_search.ingest.html.prose import text_pieces
from rights_search.ingest.html.reading import Reading, read_container
from rights_search.ingest.paragraphs import Blocks, looks_like_html, split_plain
from rights_search.ingest.source import Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The text of an article page.

    Args:
        blocks: its paragraphs and captions.
        reading: what else stands in the element that holds it.
        span: the lines of that element.
        notes: how it was found, if that was a guess.
    """

    blocks: Blocks
    reading: Reading
    span: Span
    notes: tuple[str, ...] = ()


def article_text(
    container: Container, body: Element, facts: PageFacts, title: str | None, markup: str
) -> ArticleText:
    """Return the text of an article page.

    Args:
        container: where it stands.
        body: the body of the page.
        facts: what the page says of itself.
        title: what the head says is its title, or None.
        markup: the page as it is in its file.
    """
    reading = read_container(container, title)
    captions = tuple(dict.fromkeys(reading.captions))
    paragraphs = tuple(piece.text for piece in text_pieces(reading.pieces))
    told = facts.article.get("articleBody")
    if isinstance(told, str) and sum(map(len, paragraphs)) <= _TOLD_SHARE * len(told):
        text = fragment(told) if looks_like_html(told) else Blocks(split_plain(told))
        blocks = Blocks(text.paragraphs, (*captions, *text.captions))
        return ArticleText(blocks, reading, _span(body))
    span = _span(container.outer)
    if container.mark or not paragraphs:
        return ArticleText(Blocks(paragraphs, captions), reading, span)
    from rights_search.ingest.html.trafilatura import second_opinion  # noqa: PLC0415

    guess = second_opinion(markup, body, paragraphs)
    return ArticleText(Blocks(guess.paragraphs, captions), reading, span, (guess.note,))


_TOLD_SHARE = 0.4


def _span(element: Element) -> Span:
    return Span(first_line(element), last_line(element))
