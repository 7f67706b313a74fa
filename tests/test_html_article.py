"""Article pages: where their text stands, what is cut away, who is asked besides."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rights_search.ingest import Source, read_file
from rights_search.ingest.html import trafilatura
from rights_search.ingest.html.container import find_container
from rights_search.ingest.html.dom import Piece, all_text, parse, small_text
from rights_search.ingest.html.excerpt import Cut, cut
from rights_search.ingest.html.meta import PageFacts, page_facts
from rights_search.ingest.html.names import name_kind
from rights_search.ingest.html.prose import text_pieces
from rights_search.ingest.html.title import choose_title, told_title, without_site
from rights_search.ingest.html.trafilatura import MAX_CHARS, extractor, second_opinion
from rights_search.ingest.html.weight import weigh
from rights_search.ingest.html.wrappers import named_text
from rights_search.post import Post

SENTENCE = "A sentence of the article that is long enough to be text and no label at all. "
PROSE = f"<p>{SENTENCE * 2}</p>"


def only_post(page: str | bytes, **told: Any) -> Post:
    """Return the one post of a page."""
    content = page if isinstance(page, bytes) else page.encode()
    source = Source(Path("x"), "x.html", "0", content=content, **told)
    (item,) = read_file(source)
    assert isinstance(item, Post)
    return item


# Where the text stands


@pytest.mark.parametrize(
    ("markup", "text", "mark"),
    [
        ("<main id=m><article id=a>{0}</article></main>", "a", "article"),
        ("<article id=a><div id=b class=entry-content>{0}</div></article>", "b", "a name"),
        ("<article id=a><div id=b itemprop=articleBody>{0}</div></article>", "b", "articleBody"),
        ("<div id=x class=articleBody><p>s</p></div><article id=a>{0}</article>", "a", "article"),
        ("<article id=t><p>A teaser.</p></article><div><main id=m>{0}</main></div>", "m", "main"),
        ("<div id=n class=nav><p>menu</p></div><div id=d><div id=e>{0}</div></div>", "e", None),
        ("<div role=main id=m>{0}</div>", "m", "main"),
        ("<div id=c class=comment-content>{0}</div>", "c", None),
        ("<div id=post-body-1>{0}</div>", "post-body-1", "a name"),
    ],
)
def test_the_text_of_a_page(markup: str, text: str, mark: str | None) -> None:
    """What is marked best and holds enough; else the innermost that holds nearly all."""
    root = parse(f"<body>{markup.format(PROSE * 3)}<div>foot</div></body>", "p.html")
    (body,) = root.iter("body")
    found = find_container(body)
    assert found.text.get("id") == text
    assert (found.mark or "")[:6] == (mark or "")[:6]


def test_the_heading_and_the_summary_above_the_text_are_read() -> None:
    """They often stand outside of the element that is marked."""
    page = f"""<main><header><h1>The title</h1><p class=lead>{SENTENCE}</p></header>
    <div class=article-body>{PROSE * 4}</div><section><p>{SENTENCE}What follows.</p></section>"""
    post = only_post(page)
    assert post.title == "The title"
    assert post.paragraphs[0] == SENTENCE.strip()
    assert len(post.paragraphs) == 2  # the four are one text, four times


def test_menus_weigh_nothing() -> None:
    """However many links there are, running text outweighs them."""
    links = "<li><a href=/x>A link in a menu that is longer than a label would be</a></li>"
    root = parse(f"<body><ul>{links * 50}</ul><div>{SENTENCE}</div></body>", "p.html")
    (body,) = root.iter("body")
    assert weigh(body)[body] == len(SENTENCE.strip())


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("entry-content", "text"),
        ("articleBody", "text"),
        ("c-article__body u-mt", "text"),
        ("post-content-wrapper", None),
        ("article-body-comments", "around"),
        ("relatedPosts", "around"),
        ("jp-relatedposts", "around"),
        ("category-social-justice", None),
        ("field--label-hidden", None),
        ("hidden-xs", "beside"),
        ("author-box", "beside"),
        ("wp-caption-text", "caption"),
        ("sharedaddy sd-block", "around"),
        ("css-1x0y2z", None),
    ],
)
def test_what_names_say(names: str, kind: str | None) -> None:
    """Words of names, whatever joins them; modifiers and filed terms say little."""
    (node,) = parse(f"<div class='{names}'>x</div>", "p.html").iter("div")
    assert name_kind(node) == kind


def test_a_box_with_much_text_is_text() -> None:
    """A name alone takes no text away: some call their article "widget" or "sidebar"."""
    page = f"<body><h1>T</h1><div class='sidebar widget'>{PROSE}<p>{SENTENCE}Once more.</p></div>"
    assert len(only_post(page).paragraphs) == 2


def test_text_for_readers_without_scripts_is_read() -> None:
    """A page may keep its text in a noscript element; a counting pixel there is none."""
    page = f"<body><h1>T</h1><div id=app></div><noscript>{PROSE}</noscript></body>"
    assert only_post(page).paragraphs == ((SENTENCE * 2).strip(),)


# Which pieces are text


def piece(text: str, tag: str = "p", *, links: bool = False, core: bool = False) -> Piece:
    """Return a piece that is a link as a whole, or holds none."""
    return Piece(text, tag, len(text) if links else 0, core)


LONG = SENTENCE * 2


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        ([piece("Home", links=True), piece(LONG)], [1]),
        ([piece(LONG), piece("Related", "h3"), piece("One", "li", links=True)], [0]),
        (
            [piece(LONG), piece("A part", "h2"), piece("Its text."), piece("x", links=True)],
            [0, 1, 2],
        ),
        (
            [piece(LONG), piece("Part", "h2"), piece("Chapter", "h3"), piece(LONG + "b")],
            [0, 1, 2, 3],
        ),
        ([piece("3 min read"), piece(LONG)], [1]),
        ([piece("Short, but a sentence."), piece(LONG)], [0, 1]),
        ([piece(LONG), piece("Tags: a, b"), piece("Share")], [0]),
        ([piece(LONG), piece("The end."), piece("Signed", "li")], [0, 1, 2]),
        ([piece(LONG), piece(LONG), piece("Twice.")], [0, 2]),
        ([piece("Only short"), piece("lines")], [0]),
        ([piece(LONG + "lead."), piece(LONG, core=True), piece(LONG + "after.")], [0, 1]),
        ([piece("x" * 300, "figcaption"), piece(LONG)], [1]),
    ],
)
def test_what_is_text(pieces: list[Piece], kept: list[int]) -> None:
    """Links, headings over nothing and short lines at head and foot are not."""
    assert text_pieces(pieces) == [pieces[place] for place in kept]


# The excerpt


TITLED = '<meta property="og:title" content="The title of it">'
HEAD = f"<html>\n<head>{TITLED}\n<script>var a = '<article>';</script></head>\n<body>\n"


def test_an_excerpt_is_head_and_article_on_their_lines() -> None:
    """What is around goes, lines stay, and JSON-LD is kept wherever it stands."""
    data = '<script type="application/ld+json">{}</script>'
    article = f"<article><h1>T</h1>\n{PROSE}<svg>x</svg></article>"
    page = f"{HEAD}<nav>\n{'<a>menu</a>' * 100}</nav>\n{article}\n{data}"
    excerpt = cut(page.encode()).excerpt()
    assert excerpt is not None
    found = excerpt.decode()
    assert "menu" not in found
    assert "var a" not in found
    assert "svg" not in found
    assert data in found
    line = page.count("\n", 0, page.index("<h1"))
    assert found.count("\n", 0, found.index("<h1")) == line


@pytest.mark.parametrize(
    "page",
    [
        "{0}<article><h1>T</h1>{1}</article><article>{1}</article>",
        "{0}<!-- <article><h1>T</h1>{1}</article> -->{1}",
        "{0}<template><article><h1>T</h1>{1}</article></template>",
        "{0}<article><h1>T</h1>{1}",
        "{0}{1}</article>",
        "{0}<article>{1}</article>",
        "<article><h1>T</h1>{1}</article>",
        "{0}<articles><h1>T</h1>{1}</articles>",
        "{0}<script>var b = 1; <article><h1>T</h1>{1}</article>",
    ],
)
def test_no_excerpt_where_there_is_doubt(page: str) -> None:
    """Two articles, none, one that does not end, has no heading, or is no element."""
    whole = page.format(HEAD, PROSE) + "<p>x</p>" * 500
    assert cut(whole.encode()).excerpt() is None


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("a<script>var b;\n</script\n>c", "a\n\nc"),
        ("a<!-- b\n<script> -->c", "a\nc"),
        ("a<style>b</style >c", "ac"),
        ('<script type="application&#x2F;ld&#x2B;json">{}</script>', None),
        ("<textarea><!-- b</textarea>", None),
        ("<template><template>a</template></template>", None),
        ("a<!-- b>", None),
        ("<script>a</SCRIPT>b<script>c</script>", None),
        ("<!-- a --!>b<!-- c -->", None),
        ("a<nav>b\n<script>c</script><ul></ul></nav >d<nav>e</nav>f", "a\ndf"),
        ("<nav><nav>a</nav></nav>", None),
        ("<nav>a</nav><nav>b", None),
        ("</nav>a<nav>", None),
        ("<nav>a</nav", None),
        ("<nav><p>a</p></nav><navy>b</navy>", None),
    ],
)
def test_a_page_is_cut_only_where_it_is_certain(markup: str, kept: str | None) -> None:
    """Scripts, styles, comments and menus go, line ends stay; what may hold more is left."""
    whole = cut(markup.encode()).whole().decode()
    assert whole == (markup if kept is None else kept)


def test_the_landmarks_of_a_long_page_are_found_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that stands where two parts meet is found, once."""
    page = f"{HEAD}<nav>{'<a>menu</a>' * 100}</nav><article><h1>T</h1>{PROSE}</article>".encode()
    whole = cut(page)
    for size in range(20, 40):
        monkeypatch.setattr("rights_search.ingest.html.landmarks._WINDOW", size)
        assert cut(page) == whole


@pytest.mark.parametrize("names", ["entry-text", "entry-text-{0}"])
def test_no_more_names_of_texts_are_looked_for_than_a_page_has(names: str) -> None:
    """A page with thousands is no article, and to look for each takes the square of the time."""
    page = f'{HEAD}<h1>T</h1><div class="entry-content">{PROSE * 30}</div>'
    named = [f'<div class="{names.format(number)}">x</div>' for number in range(70)]
    few, many = (f"{page}{''.join(named[:count])}".encode() for count in (30, 70))
    assert named_text(few, [(len(HEAD), len(few))]) is not None
    assert named_text(many, [(len(HEAD), len(many))]) is None


def test_an_excerpt_that_cannot_be_enough_is_none() -> None:
    """Its head tells no article, and it has no heading, or as much text or microdata outside."""
    page = f"{HEAD}{{0}}<article><h1>T</h1>{PROSE}</article>{'<b>x</b>' * 300}"
    assert cut(page.format("").encode()).excerpt() is not None
    assert cut(page.format("").replace("h1>", "h2>").encode()).excerpt() is None
    assert cut(page.format("<i itemprop=datePublished>2001</i>").encode()).excerpt() is None
    assert cut(page.format(PROSE).encode()).excerpt() is None
    told = '<script type="application/ld+json">{"@type": ["WebPage", "Article"]}</script>'
    assert cut(page.format(PROSE + told).encode()).excerpt() is not None


@pytest.mark.parametrize(
    ("text", "start", "stop"),
    [
        ('<div class="entry-content"><h1>T</h1>{0}</div>', "<div", "</div>"),
        (
            '<div>a<div><h1>T</h1></div><div class="entry-content"><div>{0}</div></div>c</div>d',
            "<div>a",
            "c</div>",
        ),
        (
            '<div><h1>T</h1><div id="article-body">{0}</div></div><div class="post-text">b</div>',
            "<div><h1",
            "</div></div>",
        ),
        ("<main><h1>T</h1>{0}</main><article>a</article><article>b</article>", "<main", "</main>"),
        ('<div><h1>T</h1><p class="teaser">{0}</p></div>', None, None),
        ('<h1>T</h1><div class="entry-content">{0}</div>', None, None),
        ('<div class="entry-content">{0}</div><div class="entry-content">{0}</div>', None, None),
        ('</div><div><h1>T</h1><div class="entry-content">{0}</div></div>', None, None),
        ('<div><h1>T</h1><div class="entry-content">{0}', None, None),
    ],
)
def test_an_excerpt_may_be_the_text_that_the_page_names(
    text: str, start: str | None, stop: str | None
) -> None:
    """And what is around it and its heading; none where either is in doubt."""
    text = text.format(PROSE)
    page = f"{HEAD}<ul>{'<li>x</li>' * 300}</ul>{text}"
    excerpt = cut(page.encode()).excerpt()
    if start is None or stop is None:
        assert excerpt is None
        return
    assert excerpt is not None
    body = text[text.index(start) : text.index(stop) + len(stop)]
    assert excerpt.decode().endswith(f"<body>\n{body}")


@pytest.mark.parametrize(
    ("around", "in_excerpt"),
    [
        ("<a>A link that is long enough to be no label, but leads elsewhere.</a>", True),
        ("<p>A sentence that is long enough to be more than a label, and no link.</p>", False),
        ("<i itemprop=dateModified>2 May 2014</i>", False),
    ],
)
def test_a_page_is_cut_to_its_article_where_hardly_any_text_is_outside(
    around: str, in_excerpt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its head calls it: no list of posts and no other text can be elsewhere."""
    page = (
        f"<html><head>{TITLED}</head><body>{around * 40}<article><h1>The title of it</h1>"
        f'<time datetime="2001-02-03">3 February 2001</time>{PROSE}<p>{SENTENCE * 5}</p></article>'
        f"{'<b>More.</b>' * 300}</body></html>"
    )
    wholes: list[Cut] = []

    def whole(parts: Cut) -> bytes:
        wholes.append(parts)
        return parts.page

    monkeypatch.setattr(Cut, "whole", whole)
    post = only_post(page)
    assert (post.title, str(post.date)) == ("The title of it", "2001-02-03")
    assert bool(wholes) is not in_excerpt


def test_an_excerpt_gives_what_the_whole_page_gives(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a short way, not another reader."""
    page = (repository / "tests/fixtures/ingest/html/article-marked.html").read_text("utf-8")
    page = page.replace("<footer>©", "<footer>" + "<p>More of the site.</p>" * 200 + "©")
    assert cut(page.encode()).excerpt() is not None
    short = only_post(page)
    monkeypatch.setattr("rights_search.ingest.html.reader.cut", Cut)
    assert only_post(page) == short


@pytest.mark.parametrize(
    ("encoding", "around", "told", "notes"),
    [
        ("utf-8", "é", "utf-8", ()),
        ("cp1252", "é", "cp1252", ()),
        ("utf-8", "cafÃ©, cafÃ©", "utf-8", ()),
    ],
    ids=["sound", "not UTF-8", "spoilt beside the text"],
)
def test_an_excerpt_is_decoded_as_its_page_is(
    encoding: str, around: str, told: str, notes: tuple[str, ...]
) -> None:
    """What is beside an article in ASCII tells its encoding, and spoils no note of the post."""
    page = (
        f'<html><head><meta charset="{encoding}">'
        '<meta property="og:title" content="The title">'
        '<meta property="article:published_time" content="2001-02-03"></head>'
        f"<body><article><h1>The title</h1>{PROSE}<p>{SENTENCE * 5}</p></article>"
        f"{f'<p>{around}</p>' * 500}</body></html>"
    ).encode(encoding)
    assert cut(page).excerpt() is not None
    post = only_post(page)
    assert post.notes == notes
    assert post.provenance is not None
    assert post.provenance.encoding == told


@pytest.mark.parametrize("missing", ["datePublished", "headline"])
def test_what_an_excerpt_lacks_is_looked_for_in_the_rest_of_its_page(missing: str) -> None:
    """A date outside of the article is found, as without an excerpt, if it is the only one."""
    facts = {
        "datePublished": '"datePublished": "2001-02-03",',
        "headline": '"headline": "The title of it",',
    }
    told = "".join(text for name, text in facts.items() if name != missing)
    head = f'<head><script type="application/ld+json">{{{told} "@type": "Article"}}</script></head>'
    page = (
        f"<html>{head}<body><p>3 February 2001</p><article><h1>The title of it</h1>"
        f"{PROSE}<p>{SENTENCE * 5}</p></article>{'<p>More.</p>' * 500}</body></html>"
    )
    assert cut(page.encode()).excerpt() is not None
    post = only_post(page)
    assert (post.title, str(post.date)) == ("The title of it", "2001-02-03")
    other = page.replace("<article>", "<p>4 March 2002</p><article>")
    assert (only_post(other).date is None) is (missing == "datePublished")


# What the page says of itself


LD = '<script type="application/ld+json">{{"@type": "Article", {0}}}</script>'


def facts_of(head: str, body: str = "", url: str | None = None) -> PageFacts:
    """Return the facts of a page."""
    return page_facts(parse(f"<html><head>{head}</head><body>{body}</body></html>", "p"), url)


@pytest.mark.parametrize(
    ("head", "source", "url"),
    [
        ("<link rel=canonical href=https://e.example/a>", None, "https://e.example/a"),
        ("<link rel=canonical href=/a>", "https://e.example/b", "https://e.example/a"),
        ("<link rel=canonical href=/a>", None, None),
        ("<meta property=og:url content=https://e.example/o>", None, "https://e.example/o"),
        (
            "<link rel=canonical href='https://e.example/'>",
            "https://e.example/x",
            "https://e.example/x",
        ),
        (
            "<link rel=canonical href='https://e.example/'>",
            "https://e.example/",
            "https://e.example/",
        ),
        ("<link rel='shortlink canonical' href=https://e.example/a>", None, "https://e.example/a"),
        (
            LD.format('"mainEntityOfPage": {"@id": "https://e.example/m"}'),
            None,
            "https://e.example/m",
        ),
        ("", "https://e.example/got", "https://e.example/got"),
    ],
)
def test_the_address_of_a_page(head: str, source: str | None, url: str | None) -> None:
    """By its own word, whole, and not that of the site's start page."""
    assert facts_of(head, url=source).url == url


def test_a_start_page_for_an_address_is_noted() -> None:
    """Why the page's word was not taken stands in the notes."""
    head = "<link rel=canonical href='https://e.example/'>"
    assert "start page" in facts_of(head, url="https://e.example/x").notes[0]


@pytest.mark.parametrize(
    ("head", "language"),
    [
        (
            '<script type="application/ld+json">{"@type": "Article", "inLanguage": "ru"}</script>',
            "ru",
        ),
        ("<meta property=og:locale content=fr_FR>", "fr"),
        ("<meta http-equiv=content-language content=es>", "es"),
        ("<meta name=dc.language content=pt-BR>", "pt"),
        ("", None),
    ],
)
def test_the_language_of_an_article(head: str, language: str | None) -> None:
    """JSON-LD, then Open Graph, then meta elements; nothing where nothing is said."""
    assert (
        only_post(f"<head>{head}</head><article><h1>T</h1>{PROSE}</article>").language == language
    )


def test_microdata_counts_for_the_article_alone() -> None:
    """Authors of comments and dates of related articles are those of others."""
    page = f"""<body><div itemscope itemtype="https://schema.org/BlogPosting">
    <h1 itemprop="headline">T</h1><span itemprop="author" itemscope
    itemtype="https://schema.org/Person"><b itemprop="name">Ana Ruiz</b> writes</span>
    <meta itemprop="datePublished" content="2001-02-03"><meta itemprop=dateModified content=2002>
    <div itemprop="articleBody">{PROSE}</div>
    <div itemprop="comment" itemscope itemtype="https://schema.org/Comment">
    <span itemprop="author">Somebody Else</span>
    <time itemprop="datePublished">2009-01-01</time></div></div></body>"""
    post = only_post(page)
    assert post.authors == ("Ana Ruiz",)
    assert (str(post.date), str(post.updated)) == ("2001-02-03", "2002")


@pytest.mark.parametrize(
    ("markup", "date", "updated"),
    [
        ("<time datetime=2001-05-03>Thursday</time>", "2001-05-03", None),
        ("<p>Published on 3 May 2001</p>", "2001-05-03", None),
        (
            "<p class=updated>Last updated: 4 June 2002</p><p>3 May 2001</p>",
            "2001-05-03",
            "2002-06-04",
        ),
        ("<p class=meta>By Ana Ruiz on <time datetime=2001-05-03>x</time></p>", "2001-05-03", None),
        ("<p>Geneva, 3 May 2001</p>", "2001-05-03", None),
        ("<p>03/05/2001</p>", "2001", None),
        ("<p>Words on 3 May 2001 are no date line.</p>", None, None),
    ],
)
def test_dates_above_a_text(markup: str, date: str | None, updated: str | None) -> None:
    """Marked or alone on a line; that of a change apart from that of publication."""
    post = only_post(f"<article><h1>T</h1>{markup}{PROSE}</article>")
    assert (post.date and post.date.iso, post.updated and post.updated.iso) == (date, updated)


def test_a_date_of_a_line_is_noted_as_taken_from_it() -> None:
    """What the head does not tell is a guess, and said to be one."""
    post = only_post(f"<article><h1>T</h1><p>3 May 2001</p>{PROSE}</article>")
    assert post.notes == (
        "its head tells no date: 2001-05-03 was taken from a line above the text",
    )


@pytest.mark.parametrize(
    ("title", "site", "plain"),
    [
        ("Told | The Site", "The Site", "Told"),
        ("The Site: Told", "The Site", "The Site: Told"),
        ("The Site - Told", "The Site", "Told"),
        ("Told – thesite", "The Site", "Told"),
        ("Told - or not", "The Site", "Told - or not"),
        ("Told", None, "Told"),
    ],
)
def test_the_name_of_a_site_is_no_part_of_a_title(title: str, site: str | None, plain: str) -> None:
    """At either end, set off by a sign."""
    assert without_site(title, PageFacts(site=site)) == plain


@pytest.mark.parametrize(
    ("told", "headings", "title", "others"),
    [
        ("The title of it", ["The title of it, in full"], "The title of it, in full", ()),
        ("The title of it", ["News"], "The title of it", ()),
        (
            "The title",
            ["Another heading of four words"],
            "The title",
            ("Another heading of four words",),
        ),
        (None, ["One", "Two"], "One", ("Two",)),
        (None, [], "From the element", ()),
    ],
)
def test_which_title_is_taken(
    told: str | None, headings: list[str], title: str, others: tuple[str, ...]
) -> None:
    """The heading where the head says the same; another heading stays with the text."""
    facts = PageFacts(title="From the element")
    assert choose_title(told, headings, [], facts) == (title, others)


def test_a_title_that_json_ld_cuts_is_taken_from_the_heading() -> None:
    """Search engines want headlines of 110 characters, so heads cut them."""
    long = "A title that goes on for so long that the head of the page cuts it off at some place"
    head = f'<script type="application/ld+json">{{"@type": "Article", "headline": "{long[:60]}…"}}'
    page = f"<head>{head}</script></head><article><h1>{long}</h1>{PROSE}</article>"
    assert only_post(page).title == long
    assert told_title(facts_of(head + "</script>")) == f"{long[:60]}…"


def test_an_article_of_a_blog_is_no_listing() -> None:
    """What a page says of itself and marks goes before the class of its body."""
    head = LD.format('"headline": "The title of it", "datePublished": "2001-02-03"')
    article = f"<article><h1>The title of it</h1>{PROSE * 3}</article>"
    others = "<div class=p><h2><a href=/b>Another</a></h2><i>3 May 2001</i></div>" * 5
    page = f"<html><head>{head}</head><body class=blog>{article}{others}</body></html>"
    post = only_post(page)
    assert (post.title, str(post.date)) == ("The title of it", "2001-02-03")


@pytest.mark.parametrize(
    "markup",
    [
        "a<b>c<i>d</i>\r\ne</b> f",
        "&lt;<b>&amp;lt;&nbsp;&foo;</b>",
        "a&#1;<b>&#0;&#xfffe;</b>\x0b",
        "<script>a<b>&amp;</script><b>c</b>",
        "<p></p>",
    ],
)
def test_all_text_is_what_stands_in_the_tree(markup: str) -> None:
    """The serialiser gives text as it is, signs of markup and control characters included."""
    root = parse(f"<div>{markup}</div>tail", "p.html")
    (element,) = root.iter("div")
    assert all_text(element) == "".join(map(str, element.itertext()))


def test_small_text_is_bounded() -> None:
    """A line is a line by its characters and its elements."""
    root = parse("<div><p>x</p></div><ul>" + "<li></li>" * 100 + "</ul>", "p.html")
    (small,) = root.iter("div")
    (large,) = root.iter("ul")
    assert small_text(small) == "x"
    assert small_text(large) is None


# The second opinion


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[bool, str | None]]:
    """Put a stand-in for trafilatura in its place, with an answer for each of its modes."""
    given: dict[bool, str | None] = {True: None, False: None}

    def extract(markup: str, *, fast: bool, **_: Any) -> str | None:
        if markup == "raise":
            raise ValueError("broken")
        return given[fast]

    module = ModuleType("trafilatura")
    module.extract = extract  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trafilatura", module)
    extractor.cache_clear()
    yield given
    extractor.cache_clear()


OURS = (SENTENCE, SENTENCE)
PAGE = "<p>x</p>" * 1000
BODY = parse(PAGE, "a")


def test_the_fast_mode_is_asked_first(answers: dict[bool, str | None]) -> None:
    """Its answer is taken if it is not much shorter than ours, and the note names it."""
    answers.update({True: f"{SENTENCE}\n- {SENTENCE}\n", False: "never asked for"})
    guess = second_opinion(PAGE, BODY, OURS)
    assert guess.paragraphs == (SENTENCE.strip(), SENTENCE.strip())
    assert guess.note == "the page does not mark its text: trafilatura found it, which is a guess"


def test_the_default_is_asked_where_the_fast_mode_finds_little(
    answers: dict[bool, str | None],
) -> None:
    """It compares several ways and takes longer."""
    answers.update({True: "little", False: SENTENCE * 3})
    assert second_opinion(PAGE, BODY, OURS).paragraphs == ((SENTENCE * 3).strip(),)


@pytest.mark.parametrize("answer", [None, "", "little", f"| {SENTENCE * 3} |"])
def test_ours_is_taken_where_theirs_looks_wrong(
    answers: dict[bool, str | None], answer: str | None
) -> None:
    """Nothing, hardly anything, or a frame in one piece: the note says that it was ours."""
    answers.update({True: answer, False: answer})
    guess = second_opinion(PAGE, BODY, OURS)
    assert guess.paragraphs == OURS
    assert guess.note.endswith("(trafilatura found no text in it)")


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("raise", None),
        ("x" * (MAX_CHARS + 1), "too large for trafilatura"),
        ("<p>short</p>", None),
    ],
)
def test_pages_that_it_is_not_asked_about(
    answers: dict[bool, str | None], markup: str, reason: str | None
) -> None:
    """Small ones have nothing around their text, large ones no bound in it."""
    answers[True] = SENTENCE * 5
    guess = second_opinion(markup, BODY, OURS)
    assert guess.paragraphs == OURS
    assert reason is None or reason in guess.note


@pytest.mark.usefixtures("answers")
def test_a_failure_of_it_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others' code on others' pages ends no run, and is not hushed up."""
    monkeypatch.setattr("rights_search.ingest.html.trafilatura.MIN_CHARS", 0)
    guess = second_opinion("raise", BODY, OURS)
    assert guess.paragraphs == OURS
    assert guess.note.endswith("(trafilatura failed: ValueError)")


@pytest.mark.usefixtures("base_install")
def test_without_the_extra_the_note_says_how_to_get_it() -> None:
    """The base installation reads all the same, and is honest about it."""
    guess = second_opinion(PAGE, BODY, OURS)
    assert guess.paragraphs == OURS
    assert "pip install '.[articles]'" in guess.note


def test_the_real_one_answers() -> None:
    """Its function is there under the name and with the options that we use."""
    page = f"<html><body><div><div>{PROSE * 3}</div></div>{'<p>x</p>' * 400}</body></html>"
    post = only_post(page)
    assert any("trafilatura" in note for note in post.notes)
    assert SENTENCE.strip() in post.body


def test_a_page_that_nests_deeply_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trafilatura asks each element for all that stand around it; a shallow page is handed on."""
    monkeypatch.setattr(trafilatura, "_MAX_ASKED", 3_000)
    paragraphs = "<p>A short line.</p>" * 40
    assert trafilatura.is_costly(parse("<del>" * 100 + paragraphs, "a"))
    assert not trafilatura.is_costly(parse("<del>" * 20 + paragraphs * 10, "a"))
