"""Which pages a listing is looked for in."""

from __future__ import annotations

import pytest

from rights_search.ingest.html.candidates import may_list
from rights_search.ingest.html.container import find_container
from rights_search.ingest.html.dom import parse
from rights_search.ingest.html.listing import tells_article
from rights_search.ingest.html.meta import PageFacts
from rights_search.ingest.html.weight import weigh

TEXT = "A sentence of running text that is longer than any label would be. " * 8
ENTRY = "<div class=card><h2><a href=/a>A title</a></h2><time>2019-05-03</time><p>{}</div>"
LINE = "<li class=card><a href=/a>Something older</a> 3 May 2019</li>"


def looks(markup: str, *, is_marked: bool = False) -> bool:
    """Return whether a body may be a listing."""
    body = next(parse(f"<body>{markup}</body>", "x.html").iter("body"))
    container = find_container(body)
    weights = container.weights if container.has_runs else None
    return may_list(body, weights, 400, is_marked=is_marked)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (ENTRY.format(TEXT) * 2, True),
        (ENTRY.format("Few words.") * 2, True),
        (f"<p>{TEXT}</p>{LINE * 3}", False),
        (f"<p>{TEXT}</p><h2>Part</h2><p>{TEXT}</p><h2>Part</h2><p>{TEXT}</p>", False),
        (f"<h2>2 May 2019</h2><p>{TEXT}</p><h2>3 May 2019</h2><p>{TEXT}</p>", True),
        (f"<h2><a href=/a>One</a></h2><p>{TEXT}</p><h2><a href=/b>Two</a></h2><p>{TEXT}</p>", True),
    ],
)
def test_entries_hold_as_much_text_as_stands_around_them(markup: str, *, expected: bool) -> None:
    """Blocks with titles and dates are entries only where they hold half of the text."""
    assert looks(markup) is expected


def test_what_is_taken_out_of_a_page_is_no_text_around_entries() -> None:
    """A long text on cookies, which is cleared away first, hides no listing."""
    entries = ENTRY.format("A summary of one sentence, as listing pages have them.") * 2
    assert not looks(f"<div>{TEXT * 3}</div>{entries}")
    assert looks(f"<div class=cookie-consent>{TEXT * 3}</div>{entries}")


def test_one_date_makes_no_listing_of_a_marked_text() -> None:
    """Where the page marks its text, two linked headings or dates are asked for."""
    page = f"<h2>Part of 3 May 2019</h2><p>{TEXT}</p><h2>3 May 2019</h2><p>{TEXT}</p>"
    assert looks(page)
    assert not looks(page, is_marked=True)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("17 Results", True),
        ("RESULTS FOR torture", True),
        ("Résultats de recherche", True),
        ("3 résultats", True),
        ("Resultados de la búsqueda", True),
        ("Keine Ergebnisse", False),
        ("12 Ergebnisse", True),
        ("Результаты поиска", True),
        ("Найдено: 4", True),
        ("نتائج البحث", True),
        ("The results of the elections", False),
    ],
)
def test_a_title_tells_a_list_of_results(title: str, *, expected: bool) -> None:
    """In any capitals and in the languages that the words are there for."""
    body = next(parse(f"<body><h1>{title}</h1><p>{TEXT}</p></body>", "x.html").iter("body"))
    is_article = tells_article(body, PageFacts(articles=1), find_container(body))
    assert is_article is not expected


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>{TEXT}</p>",
        f"<div><p>{TEXT}</p><div>{TEXT * 3}</div></div>",
        f"<div><p>{TEXT}</p></div><nav>{LINE * 30}</nav>",
        f"<ul><li>{TEXT}</li></ul>",
        "<p>Few words.</p>",
    ],
)
def test_how_long_a_page_is_changes_no_weight(markup: str) -> None:
    """It only spares the look at what stands outside of paragraphs, where that cannot be much."""
    body = next(parse(f"<body>{markup}</body>", "x.html").iter("body"))
    assert weigh(body, len(markup)) == weigh(body)
