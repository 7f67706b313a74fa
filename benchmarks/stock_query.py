"""A search command made of stock Whoosh, click and rich: what starting one costs.

``python -m benchmarks.stock_query INDEX WORD...``
"""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape
from whoosh import index
from whoosh.qparser import MultifieldParser


@click.command()
@click.argument("folder", type=click.Path(exists=True))
@click.argument("words", nargs=-1)
def main(folder: str, words: tuple[str, ...]) -> None:
    """Show the ten best posts with a passage of each."""
    opened = index.open_dir(folder)
    console = Console()
    with opened.searcher() as searcher:
        query = MultifieldParser(["title", "text"], opened.schema).parse(" ".join(words))
        found = searcher.search(query, limit=10)
        for hit in found:
            console.print(f"[bold]{escape(hit['title'])}[/] {hit['date']}")
            console.print(escape(hit.highlights("text")))
        console.print(f"{len(found)} posts")


if __name__ == "__main__":
    main()
