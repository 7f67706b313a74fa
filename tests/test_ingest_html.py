"""HTML: the tree, listing pages, article pages, and pages of real sites."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import is_linear
from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read
from rights_search.ingest.cleaning import normalise
from rights_search.ingest.html.dom import first_line, fragment, last_line, parse, pieces
from rights_search.ingest.html.listing import page_country
from rights_search.ingest.html.reader import read_html
from rights_search.ingest.paragraphs import Blocks
from rights_search.ingest.settings import Settings
from rights_search.ingest.source import Draft
from rights_search.post import Post

pytestmark = pytest.mark.usefixtures("base_install")


def drafts(path: Path, text: str) -> list[Draft]:
    """Return the drafts of a page."""
    path.write_text(text, encoding="utf-8")
    found = list(read_html(Source(path, path.name, "0" * 64)))
    assert all(isinstance(record, Draft) for record in found)
    return [record for record in found if isinstance(record, Draft)]


# The tree


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("a <b>b</b> c", Blocks(("a b c",))),
        ("one<br>line<br> <br/>two", Blocks(("one line", "two"))),
        ("<p>a<p>b</p>c<div>d", Blocks(("a", "b", "c", "d"))),
        ("<ul><li>a<li>b</ul>", Blocks(("a", "b"))),
        ("<table><tr><th>a<td>b</tr><tr><td>c<td>d</table>", Blocks(("a | b", "c | d"))),
        ("<script>x</script>a<style>y</style> <!-- z -->b", Blocks(("a b",))),
        ("a<span hidden>b<i>c</i></span>d<i style='display: none'>e</i>", Blocks(("ad",))),
        ("a<span aria-hidden='true'>b</span><b class='sr-only'>c</b>", Blocks(("a",))),
        ("x<sup><a href='#n'>1</a></sup> m<sup>2</sup>", Blocks(("x m2",))),
        (
            "<figure><img alt='A crowd in Rabat'><figcaption>Rabat, <i>May</i></figcaption>",
            Blocks((), ("A crowd in Rabat", "Rabat, May")),
        ),
        ("<img alt='logo'><img alt='IMG_1 x.jpg'>", Blocks()),
        ("&amp; &#8217; &nbsp; &lt;p&gt;", Blocks(("& ’ <p>",))),
        ("", Blocks()),
    ],
)
def test_text_of_markup(markup: str, expected: Blocks) -> None:
    """Paragraphs as a reader sees them; what is hidden or no text is left out."""
    assert fragment(markup) == expected


def test_what_is_left_out_leaves_its_neighbours() -> None:
    """The text behind an element that is skipped stays."""
    root = parse("<p>a<b>x</b>c<i>y</i>d</p>", "p.html")
    (piece,) = pieces(root, is_passed_over=lambda node, _: node.tag in ("b", "i"))
    assert piece.text == "acd"


def test_lines_of_elements() -> None:
    """The lines of start and end tags, as an editor shows them."""
    root = parse("<html>\n<body>\n<div>\n<p>x\n</p>\n\n</div>\n<p>y</p></body></html>", "p.html")
    (div,) = root.iter("div")
    first, last = root.iter("p")
    assert (first_line(div), last_line(div)) == (3, 7)
    assert (first_line(first), last_line(first)) == (4, 5)
    assert (first_line(last), last_line(last)) == (8, 8)


def test_lines_beyond_what_the_parser_counts_are_unknown() -> None:
    """A line that might be wrong is not given."""
    root = parse("\n" * 70_000 + "<p>x</p>", "p.html")
    (element,) = root.iter("p")
    assert first_line(element) is None
    assert last_line(element) is None


def test_nesting_beyond_the_parser_is_an_error() -> None:
    """The parser would drop the rest without a word."""
    with pytest.raises(ReadError, match=r"^deep\.html: its tags nest deeper than 2048"):
        parse("<div>" * 5000 + "text", "deep.html")


def test_no_entity_is_fetched_or_expanded(tmp_path: Path) -> None:
    """A page cannot read files or grow by entities of its own."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="utf-8")
    page = (
        f'<!DOCTYPE html [\n<!ENTITY x SYSTEM "{secret.as_uri()}">\n<!ENTITY a "aaaa">'
        '<!ENTITY b "&a;&a;&a;">]>\n<article><h1>T</h1><p>Text &x; and &b; here.</p></article>'
    )
    (draft,) = drafts(tmp_path / "x.html", page)
    assert draft.paragraphs == ("Text &x; and &b; here.",)
    assert draft.span.line_start == 4


def test_control_characters_in_a_page_are_dropped(tmp_path: Path) -> None:
    """A tree gives them out and does not take them back: as such, or as references."""
    page = "<article><h1>T</h1><p>a\x01b<script>x</script>\x02c&#3;d<nav>y</nav>&#4;e</p></article>"
    (draft,) = drafts(tmp_path / "x.html", page)
    assert draft.paragraphs == ("abcde",)


@given(st.text(alphabet="<>/abp ='\"!-[]&;\n\0", max_size=300))
def test_no_markup_makes_it_fail(text: str) -> None:
    """Any mixture of signs is read as some tree."""
    assert all(fragment(text).paragraphs)


# Listing pages


ENTRY = (
    '<article class="{kind}"><h2><a href="/p/{n}">Post number {n}</a></h2>'
    "<time datetime='2001-0{n}-01'>{n}</time><p>Some words on what happened there, {n}.</p>"
    "</article>"
)


def test_posts_in_several_places_are_one_listing(tmp_path: Path) -> None:
    """Blocks of one kind in several rows are found together, in order."""
    rows = "".join(
        f"<div class=row>{ENTRY.format(kind='post', n=n)}{ENTRY.format(kind='post', n=n + 1)}</div>"
        for n in (1, 3, 5)
    )
    found = drafts(tmp_path / "x.html", f"<body><h1>All</h1>{rows}</body>")
    assert [draft.title for draft in found] == [f"Post number {n}" for n in range(1, 7)]


def test_an_article_with_related_posts_is_one_post(tmp_path: Path) -> None:
    """A list at the foot of a long text does not make it a listing."""
    prose = "<p>" + "A sentence of the article that is long enough to count. " * 5 + "</p>"
    cards = "".join(ENTRY.format(kind="card", n=n) for n in (1, 2, 3))
    page = f"<body><main><h1>The article</h1>{prose * 4}<div>{cards}</div></main></body>"
    (draft,) = drafts(tmp_path / "x.html", page)
    assert draft.title == "The article"


def test_columns_around_a_marked_text_are_no_posts(tmp_path: Path) -> None:
    """Each has a heading and a date, but the page marks one text, in one of them."""
    column = "<div class=column><h2>{}</h2><p>3 May 2014</p>{}</div>"
    prose = "<p>" + "A sentence of the text that is long enough to count. " * 5 + "</p>"
    text = column.format("The text", f"<main>{prose * 4}</main>")
    page = f"<body>{text}{column.format('Beside it', '<p>A few words more than a label.</p>')}"
    (draft,) = drafts(tmp_path / "x.html", page)
    assert draft.paragraphs == (prose[3:-5],)


def test_sections_of_an_article_are_no_posts(tmp_path: Path) -> None:
    """Headings without dates or links part a text, not a list."""
    sections = "".join(
        f"<section><h2>Part {n}</h2><p>A text of this part that goes on for a while.</p></section>"
        for n in range(4)
    )
    (draft,) = drafts(tmp_path / "x.html", f"<body><h1>Whole</h1>{sections}</body>")
    assert len(draft.paragraphs) == 8


def test_menus_and_footers_are_no_posts(tmp_path: Path) -> None:
    """Lists of links around the content are passed over, whatever marks them."""
    menu = "".join(f"<li><a href=/m/{n}>Menu entry of 3 May 200{n}</a></li>" for n in range(9))
    page = (
        f"<body><nav><ul>{menu}</ul></nav><div class=sidebar><ul>{menu}</ul></div>"
        f"<div id=main>{ENTRY.format(kind='x', n=1)}{ENTRY.format(kind='x', n=2)}</div>"
        f"<div role=contentinfo><ul>{menu}</ul></div><footer><ul>{menu}</ul></footer></body>"
    )
    assert [draft.title for draft in drafts(tmp_path / "x.html", page)] == [
        "Post number 1",
        "Post number 2",
    ]


@pytest.mark.parametrize(
    ("label", "countries", "tags"),
    [
        ('<span class="card__country">Kenya</span>', ("Kenya",), ()),
        ('<span class="card__country">Australia, Nauru</span>', ("Australia", "Nauru"), ()),
        ("<span>Kenya</span>", ("Kenya",), ()),
        ("<span>Torture</span>", (), ("Torture",)),
        ('<a href="/topics/torture/">Ill-treatment</a>', (), ("Ill-treatment",)),
        ('<a href="/location/africa/kenya/">East Africa</a>', ("East Africa",), ()),
        ("<ul class=tags><li><a href=#>A</a><li><a href=#>Kenya</a></ul>", (), ("A", "Kenya")),
        ("<p>Country: <b>x</b></p>", (), ("x",)),
        ("<div>Country: Kenya</div>", (), ()),
        ("<span>Country: Kenya</span>", ("Kenya",), ()),
        ("<span>3 min read</span>", (), ()),
        ('<span itemprop="contentLocation">Kisumu</span>', ("Kisumu",), ()),
    ],
)
def test_labels_are_what_the_page_says_they_are(
    tmp_path: Path, label: str, countries: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    """Classes, links and micro-data name a label; else a country's name is a country."""
    entry = (
        "<div class=card><h3><a href=/{0}>The title of {0}</a></h3>" + label + "<p>5 May 200{0}</p>"
        "<p>Words on what happened, as a sentence.</p></div>"
    )
    page = "<body>" + entry.replace("{0}", "1") + entry.replace("{0}", "2") + "</body>"
    first, _ = drafts(tmp_path / "x.html", page)
    assert (first.source_countries, first.source_tags) == (countries, tags)


@pytest.mark.parametrize(
    ("date", "iso", "rest"),
    [
        ("<time datetime='2001-05-03T10:00'>Thursday</time>", "2001-05-03", ""),
        ("<p>Published on <time>3 May 2001</time></p>", "2001-05-03", ""),
        ("<span class=date>3 mai 2001</span>", "2001-05-03", ""),
        ("<div>3 May 2001 | Torture</div>", "2001-05-03", "Torture"),
        ("<p><em>May 2001</em></p>", "2001-05", ""),
        ("<p>Torture · <time>3 May 2001</time></p>", "2001-05-03", "Torture"),
        ("<meta itemprop=datePublished content=2001-05-03>", "2001-05-03", ""),
        ("<p>Torture · <time datetime=2001-05-03>Thursday</time></p>", "2001-05-03", "Torture"),
    ],
)
def test_dates_of_blocks(tmp_path: Path, date: str, iso: str | None, rest: str) -> None:
    """Marked up, alone on a line, with words that lead up to it, or beside a label."""
    entry = "<li><h3><a href=/{0}>The title of {0}</a></h3>{1}<p>A text of this post, at last.</p>"
    page = f"<body><ul>{entry.format(1, date)}{entry.format(2, date)}</ul></body>"
    first, _ = drafts(tmp_path / "x.html", page)
    assert (first.date.iso if first.date else None) == iso
    assert first.source_tags == ((rest,) if rest else ())
    assert first.paragraphs == ("A text of this post, at last.",)


def test_a_date_inside_of_a_sentence_is_text(tmp_path: Path) -> None:
    """Emphasis on a date in the excerpt does not cut it out."""
    text = "<p>On <b>5 June 2002</b> it ended.</p><p>Or on <time>6 June 2002</time> it did.</p>"
    entry = "<li><a href=/{0}>A title that is long</a> <i>3 May 2001</i>" + text
    page = f"<body><ul>{entry.format(1)}{entry.format(2)}</ul></body>"
    first, _ = drafts(tmp_path / "x.html", page)
    assert str(first.date) == "2001-05-03"
    assert first.paragraphs == ("On 5 June 2002 it ended.", "Or on 6 June 2002 it did.")


@pytest.mark.parametrize(
    ("headings", "country"),
    [
        (("13 results for “Algeria” for the year 1992 - Some Site",), "DZ"),
        (("14 results for 'Côte d’Ivoire' in English",), "CI"),
        (("Russian Federation | Blog", "Russia"), "RU"),
        (("News about Kenya and Uganda",), None),
        (("Kenya", "Uganda"), None),
        (("All posts",), None),
        ((), None),
    ],
)
def test_the_country_of_a_page(headings: tuple[str, ...], country: str | None) -> None:
    """Only where the headings name one country, as a whole or in quotes."""
    assert page_country(headings) == country


@pytest.mark.parametrize(
    "page",
    [
        "<body class=search><h1>0 results for “zzz”</h1></body>",
        "<body><nav><a href=/>Home</a></nav></body>",
        "<html></html>",
    ],
)
def test_a_page_without_posts_is_left_out(tmp_path: Path, page: str) -> None:
    """It is no error, and it is said."""
    path = tmp_path / "none.html"
    path.write_text(page, encoding="utf-8")
    assert list(read(path)) == [Skipped("none.html", "no post in this page")]


def test_a_page_out_of_an_archive_needs_no_file() -> None:
    """Its bytes, its address and the encoding of its header come with the source."""
    page = "<article><h1>Суд</h1><p>Суд отменил решение.</p></article>".encode("koi8-r")
    address = "https://example.org/news/1"
    source = Source(Path("x.warc"), "x.warc", "0", content=page, url=address, charset="KOI8-R")
    (draft,) = read_html(source)
    assert isinstance(draft, Draft)
    assert (draft.title, draft.paragraphs) == ("Суд", ("Суд отменил решение.",))
    assert (draft.url, draft.encoding, draft.notes) == (address, "koi8-r", ())


def test_relative_links_stand_on_the_address_of_a_page() -> None:
    """A listing out of an archive gives whole addresses."""
    page = "".join(ENTRY.format(kind="x", n=n) for n in (1, 2)).encode()
    source = Source(Path("x"), "x", "0", content=page, url="https://example.org/all/")
    urls = [draft.url for draft in read_html(source) if isinstance(draft, Draft)]
    assert urls == ["https://example.org/p/1", "https://example.org/p/2"]


# Article pages


def test_the_head_of_a_page_is_used_in_order(tmp_path: Path) -> None:
    """JSON-LD beats Open Graph, which beats what the text shows."""
    page = """<head><title>T - Site</title>
    <meta property="article:published_time" content="2001-02-03">
    <script type="application/ld+json">{"@type": "Article", "datePublished": "2001-01-01"}</script>
    </head><article><h1>The title</h1><p>4 May 2001</p><p>Text of the article.</p></article>"""
    (draft,) = drafts(tmp_path / "x.html", page)
    assert draft.date is not None
    assert (draft.date.iso, draft.date.origin) == ("2001-01-01", "html: datePublished")
    assert (draft.title, draft.paragraphs) == ("The title", ("Text of the article.",))


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Told | Site</title>", "<p>Text.</p>", "Told"),
        ("<title>Told - Site</title><meta property=og:site_name content=Site>", "<p>x</p>", "Told"),
        ("<title>Told - or not</title>", "<p>Text.</p>", "Told - or not"),
        ("<meta property=og:title content=Graph><title>x</title>", "<p>Text.</p>", "Graph"),
        (
            "<title>x</title>",
            "<header><h1>Site</h1></header><article><h1>Own</h1>t</article>",
            "Own",
        ),
        ("<title>Own | S</title>", "<header><h1>Own</h1></header><p>Text.</p>", "Own"),
    ],
)
def test_the_title_of_an_article(tmp_path: Path, head: str, body: str, title: str) -> None:
    """The heading in the text, else what the head says, without the site's name."""
    (draft,) = drafts(tmp_path / "x.html", f"<head>{head}</head><body>{body}</body>")
    assert draft.title == title


def test_jsonld_of_every_shape(tmp_path: Path) -> None:
    """Graphs, lists and references are followed; what is broken or deep is passed over."""
    deep = '{"a":' * 20_000
    page = f"""<head><script type="application/ld+json">[{{"@graph": [
      {{"@id": "#a", "@type": "Person", "name": "Ana Ruiz"}},
      {{"@type": "https://schema.org/BlogPosting", "author": [{{"@id": "#a"}}],
        "keywords": ["a", "b"]}}
    ]}}]</script><script type="application/ld+json">{deep}</script></head>
    <article><h1>T</h1><p>Text.</p></article>"""
    (draft,) = drafts(tmp_path / "x.html", page)
    assert (draft.authors, draft.source_tags) == (("Ana Ruiz",), ("a", "b"))


def test_dates_in_numbers_follow_their_page(tmp_path: Path) -> None:
    """One date that can only be day first settles the others; the user's word goes before."""
    entry = "<li><a href=/{0}>A title that is long</a> <i>{1}</i>"
    page = f"<body><ul>{entry.format(1, '03/04/2001')}{entry.format(2, '25/04/2001')}</ul></body>"
    assert [str(draft.date) for draft in drafts(tmp_path / "x.html", page)] == [
        "2001-04-03",
        "2001-04-25",
    ]
    path = tmp_path / "x.html"
    alone = page.replace("25/04/2001", "05/04/2001")
    path.write_text(alone, encoding="utf-8")
    assert [str(draft.date) for draft in drafts(path, alone)] == ["2001", "2001"]
    told = list(read_html(Source(path, path.name, "0", settings=Settings(day_first=False))))
    assert [str(draft.date) for draft in told if isinstance(draft, Draft)] == [
        "2001-03-04",
        "2001-05-04",
    ]


@pytest.mark.parametrize(
    ("before", "unit", "after", "count"),
    [
        ("<article><h1>T</h1><p>", "<span>", "x", 110),
        ("", "<div class=a><h2><a href=x>head</a></h2><p>text 5 May 2001</p>", "", 75),
        ("<ul>", "<li><span>label</span>", "</ul>", 400),
        ("<div class=x><h2><a href=a>A b c</a></h2><p>5 May 2001</p>", "<b>l</b>", "", 600),
    ],
)
def test_time_is_linear(tmp_path: Path, before: str, unit: str, after: str, count: int) -> None:
    """Pages that nest or repeat without reason take time as they are long."""
    path = tmp_path / "x.html"
    assert is_linear(
        lambda times: drafts(path, f"<html><body>{before}{unit * times}{after}"), count
    )


# Pages of a real site


@dataclass
class Result:
    """One ``article.post--result`` as the standard library's parser sees it."""

    fields: dict[str, str] = field(default_factory=dict)


class Results(HTMLParser):
    """Collects the text of each element with a class ``post-…`` inside of a result."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Result] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, and a result with the outermost."""
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "article" and "post--result" in classes:
            self.found.append(Result())
            self._open = [""]
        elif self._open:
            name = next((word for word in classes if word.startswith("post-")), "")
            self._open.append(name or self._open[-1])
            if tag == "a" and self._open[-1] == "post-title":
                self.found[-1].fields["url"] = given.get("href") or ""

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the base class names it
        """Close the innermost element."""
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep the text of a field."""
        if self._open and self._open[-1]:
            fields = self.found[-1].fields
            fields[self._open[-1]] = fields.get(self._open[-1], "") + data


MONTHS = (
    "January February March April May June July August September October November December".split()
)


def iso(date: str) -> str:
    """Return ``June 3, 2014`` as an ISO date, without our own date reader."""
    found = re.fullmatch(r"(\w+) (\d{1,2}), (\d{4})", date)
    assert found is not None, date
    return f"{found[3]}-{MONTHS.index(found[1]) + 1:02d}-{int(found[2]):02d}"


Items = list[Post | ReadError | Skipped]


@pytest.fixture(scope="module")
def real_pages(shared: Path) -> dict[Path, Items]:
    """Return what each saved page gives."""
    folder = shared / "data" / "amnesty-pages"
    return {path: list(read(path)) for path in sorted(folder.glob("*.html"))}


def test_every_result_of_every_real_page(real_pages: dict[Path, Items]) -> None:
    """78 pages: all results come out, nothing else does, and every field is right."""
    expected = total = 0
    for path, items in real_pages.items():
        parser = Results()
        parser.feed(path.read_text(encoding="utf-8"))
        results = parser.found
        posts = [item for item in items if isinstance(item, Post)]
        assert len(posts) == len(results), path.name
        assert items == posts or items == [Skipped(path.name, "no post in this page")]
        for post, result in zip(posts, results, strict=True):
            fields = {name: normalise(text) for name, text in result.fields.items()}
            labels = [fields.get("post-category", ""), fields.get("post-topic", "")]
            date = fields.get("post-byline", "")
            assert post.title == fields["post-title"], path.name
            assert post.url == html.unescape(fields["url"]), path.name
            assert str(post.date) == (iso(date) if date else "None"), path.name
            assert post.source_countries == tuple(filter(None, [fields.get("post-location")]))
            assert post.source_tags == tuple(filter(None, labels)), path.name
            assert " ".join(post.paragraphs) == fields.get("post-excerpt", ""), path.name
            assert (post.authors, post.captions, post.calls_to_action) == ((), (), ())
            assert (post.language, post.source) == ("en", "Amnesty International")
        expected += len(results)
        total += len(posts)
    assert (len(real_pages), expected, total) == (78, 280, 280)


def test_every_real_page_is_of_its_country(real_pages: dict[Path, Items]) -> None:
    """The search word in the heading is the country that the page is about."""
    codes = {
        path.stem: item.page_country
        for path, items in real_pages.items()
        for item in items
        if isinstance(item, Post)
    }
    assert codes["Amnesty_source_Russia_2004"] == "RU"
    assert codes["Amnesty_source_North_Korea_1985"] == "KP"
    assert codes["Amnesty_source_São_Tomé_&_Príncipe_2019"] == "ST"
    assert all(codes.values())


def test_the_spans_of_real_results_are_their_lines(shared: Path) -> None:
    """From the line of the start tag to that of the end tag."""
    path = shared / "data" / "amnesty-pages" / "Amnesty_source_Algeria_1992.html"
    lines = path.read_text(encoding="utf-8").split("\n")
    for item in read(path):
        assert isinstance(item, Post)
        place = item.provenance
        assert place.line_start is not None
        assert place.line_end is not None
        assert lines[place.line_start - 1].startswith('<article class="post post--result"')
        assert lines[place.line_end - 1] == "</article>"


def test_the_pages_of_our_own_corpus(repository: Path) -> None:
    """Its listing pages give as many posts as they have headings, its articles one each."""
    for path in sorted((repository / "corpus").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        posts = [item for item in read(path) if isinstance(item, Post)]
        assert len(posts) == max(1, len(re.findall("<h2", text))), path.name
        assert all(post.date and post.paragraphs and not post.title_derived for post in posts)
        dates = re.findall(r'datetime="([^"]+)"', text)
        assert [str(post.date) for post in posts] == dates, path.name


@pytest.mark.parametrize(
    ("made_by", "body", "says"),
    [
        ("name=Generator content='Microsoft Word 15 (filtered)'", "<p>{}</p>", True),
        ("content='LibreOffice 7.4 (Linux)' name='generator'", "<p>{}</p>", True),
        # A sheet, a page of any other program, and one about such a program.
        (
            "name=Generator content='LibreOffice 7.4 (Linux)'",
            "<table><tr><td>{}</td></tr></table>",
            False,
        ),
        ("name=Generator content='WordPress 6.0'", "<p>{}</p>", False),
        ("name=description content='Microsoft Word for offices'", "<p>{}</p>", False),
    ],
)
def test_a_document_saved_as_a_page_is_read_as_one(
    tmp_path: Path, made_by: str, body: str, *, says: bool
) -> None:
    """Its letterhead is none of its text, and its language is that of its words."""
    lines = ("Example Office", "PRESS RELEASE", "Water cut off", "A hospital reported 9 cases.")
    marked = "".join(body.format(line) for line in lines)
    head = f"<meta {made_by}><title>Document1</title>"
    (draft,) = drafts(
        tmp_path / "a.html", f"<html lang=ru><head>{head}</head><body>{marked}</body></html>"
    )
    assert (draft.organisation == lines[0]) is says
    assert (draft.paragraphs == lines[3:]) is says
    assert (draft.language is None) is says
