"""Markdown: front matter, blocks, inline signs, and the files of real sites."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import GROWTH, is_linear, steps
from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read
from rights_search.ingest.markdown.blocks import markdown_blocks, read_document
from rights_search.ingest.markdown.front_matter import split_front_matter
from rights_search.ingest.markdown.inline import inline
from rights_search.ingest.paragraphs import Blocks
from rights_search.post import Post


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a Markdown text."""
    return markdown_blocks(text).paragraphs


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a **bold** and *it* and ***both***", "a bold and it and both"),
        ("_em_ and __strong__ but snake_case_name", "em and strong but snake_case_name"),
        ("**Note:**text and **“quoted”**s", "Note:text and “quoted”s"),
        ("5 * 3 * 2 and 2*3*4 and **open", "5 * 3 * 2 and 2*3*4 and **open"),
        ("ha*lf*way ~~gone~~", "halfway gone"),
        ("[text](https://a.b/c_(d) 'T') end", "text end"),
        ("[*text*][1] and [ref] and [no ref]", "text and ref and [no ref]"),
        ("[a [b] c](u)", "a [b] c"),
        ("`co*d*e` and ``a ` b`` and `open", "co*d*e and a ` b and `open"),
        (r"\*not\* \[a link\](x)", "*not* [a link](x)"),
        ("<https://a.b/c_d> <me@a.b>", "https://a.b/c_d me@a.b"),
        ("a < b > c <span class='x'>s</span> &amp; &#8217; AT&T", "a < b > c s & ’ AT&T"),
        ("a note[^1] here", "a note here"),
        ("line  \nbreak\\\nagain<br>and", "line break again and"),
    ],
)
def test_signs_go_and_text_stays(text: str, plain: str) -> None:
    """What a reader of the page sees is left, signs that mean nothing included."""
    assert inline(text, {"ref"}).paragraphs == (plain,)


def test_pictures_become_captions() -> None:
    """The alternative text, or the title where that says more; names and roles say nothing."""
    text = (
        "![Grindr blocked in Iran](a.png) ![x](b.png 'A graph of it') "
        "[![the logo of us](l.png)](/) ![IMG_2 a.jpg](c) <img src=d alt='A man at a desk'>"
    )
    captions = ("Grindr blocked in Iran", "A graph of it", "A man at a desk")
    assert inline(text).captions == captions
    assert inline(text).paragraphs == ()


def test_html_blocks_part_paragraphs() -> None:
    """Block tags part, table cells are marked, captions go where captions go."""
    found = inline("<div>one<p>two</p><figure><figcaption>three</figcaption></figure>four</div>")
    assert found == Blocks(("one", "two", "four"), ("three",))
    assert inline("<tr><td>a</td><td>b</td></tr>").paragraphs == ("a | b",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", ("one two", "three")),
        ("# H1 #\n\ntext\n\n## H2 {#id .c}", ("H1", "text", "H2")),
        ("Title\n=====\n\nSub\n---\ntext", ("Title", "Sub", "text")),
        ("a\n\n---\n\n* * *\n\nb", ("a", "b")),
        ("* one\n  more\n* two\n    * three\n- [x] done", ("one more", "two", "three", "done")),
        ("1. one\n2. two", ("one", "two")),
        ("2019. That was the year.", ("2019. That was the year.",)),
        ("The law of\n12. May was void.", ("The law of 12. May was void.",)),
        ("> quoted\n> more\n>\n> > deep", ("quoted more", "deep")),
        ("```py\nx = *a*\n\ny\n```\nafter", ("x = *a* y", "after")),
        ("~~~\nopen *to* the end", ("open *to* the end",)),
        ("text\n\n    indented *code*\n\nafter", ("text", "indented *code*", "after")),
        ("|a|b|\n|-|:-:|\n|1|2\\|3|\n\nx", ("a | b", "1 | 2|3", "x")),
        ("[1]: https://a.b 'T'\n\nsee [it][1] and [1]", ("see it and 1",)),
        ("[^1]: The note.", ("The note.",)),
        ("Term\n\n: its meaning", ("Term", "its meaning")),
        ("a <!-- b\n\nc --> d", ("a d",)),
        ("<script>x\n\ny</script>z", ("z",)),
        ("{{< tweet 1 >}}\n\na {{% b %}}c{{% /b %}} {% raw %}d{% endraw %} {{ e }}", ("a c d",)),
        ("{:toc}\n\n[TOC]\n\na", ("a",)),
        ("a\r\n\r\nb\r\n", ("a", "b")),
        ("", ()),
    ],
)
def test_blocks(text: str, expected: tuple[str, ...]) -> None:
    """Each kind of block as the paragraphs that a reader sees."""
    assert paragraphs(text) == expected


def test_the_opening_heading_is_the_title() -> None:
    """A heading that opens the text, of whatever level, is its title; a later one is text."""
    assert read_document("# Title\n\ntext").title == "Title"
    assert read_document("text\n\n# Later").title is None
    assert read_document("## Second level\n\ntext").title == "Second level"


def test_short_codes_of_pictures_leave_their_captions() -> None:
    """Hugo's figure and the like carry captions in their parameters."""
    text = '{{< figure src="a.png" caption="Traffic fell at noon" alt="x" >}}'
    assert markdown_blocks(text) == Blocks((), ("Traffic fell at noon",))


WORDS = st.lists(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), min_size=1, max_size=30)


@given(WORDS, st.lists(st.sampled_from(["*", "_", "**", "`", "[", "](x)", "\n", "> ", "# "])))
def test_words_survive_all_signs(words: list[str], signs: list[str]) -> None:
    """Wherever signs stand between words, no word is lost that is not a link's target."""
    signs += [" "] * (len(words) - len(signs))
    text = "".join(f"{word} {sign}" for word, sign in zip(words, signs, strict=False))
    found = Counter(re.findall("[A-Za-z]+", " ".join(paragraphs(text))))
    assert not Counter(words[: len(signs)]) - found - Counter(["x"])


@given(st.text(alphabet="ab *_`[]()!<>#-|\\\n>&;~{%}=:1.", max_size=300))
def test_no_signs_make_it_fail(text: str) -> None:
    """Any mixture of signs gives paragraphs, none of them empty."""
    assert all(paragraphs(text)) or not paragraphs(text)


@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("", "[", "]" * 30_000),
        ("", "*a ", ""),
        ("", "![a](", ""),
        ("`", " ``", ""),
        ("", "> ", ""),
        ("", "-", "x"),
        ("", "<a ", ""),
        ("", "{{<", ""),
        ("# a", " ", "x"),
        ("# a", " #", "x"),
        ("", "[a]: ", ""),
    ],
)
def test_time_is_linear(before: str, unit: str, after: str) -> None:
    """What would make a backtracking parser stand still takes time as the text is long."""
    assert is_linear(lambda count: markdown_blocks(before + unit * count + after), 5_000)


# Front matter


def front(text: str) -> dict[str, object]:
    """Return the values of a file's front matter."""
    return split_front_matter(text, "f.md").values


def error(text: str) -> str:
    """Return the message of the error that a file's front matter is."""
    with pytest.raises(ReadError) as caught:
        split_front_matter(text, "f.md")
    return str(caught.value)


def test_yaml_values_stay_as_they_were_written() -> None:
    """Norway is no boolean, a date no object, a wrong date no crash, a nothing is None."""
    text = "---\nc: [NO, on]\nd: 2019-02-30\nn: ~\ne:\nq: 'null'\nt: 12:30:45\no: 0o17\n---\n"
    assert front(text) == {
        "c": ["NO", "on"],
        "d": "2019-02-30",
        "n": None,
        "e": None,
        "q": "null",
        "t": "12:30:45",
        "o": "0o17",
    }


def test_yaml_of_every_shape() -> None:
    """Folded text, nested keys, flow lists and odd keys."""
    text = "---\nt: >\n  folded\n  text\nm:\n  k: [a, {b: c}]\n? [x]\n: y\n...\nbody"
    found = split_front_matter(text, "f.md")
    assert found.values == {"t": "folded text\n", "m": {"k": ["a", {"b": "c"}]}, "?": "y"}
    assert found.body == "body"


def test_toml_values_have_their_types() -> None:
    """TOML says what is a date; all else as the library reads it."""
    text = '+++\r\ntitle = "T"\r\ndate = 1975-08-01\r\ntags = ["a"]\r\n+++\r\nbody'
    found = split_front_matter(text, "f.md")
    assert (found.kind, found.body, found.values["tags"]) == ("toml", "body", ["a"])
    assert str(found.values["date"]) == "1975-08-01"


@pytest.mark.parametrize("text", ["text", "---\n\ntext", "---\nA sentence.\n", "", "--- x\na: b"])
def test_a_line_is_no_opening(text: str) -> None:
    """A rule across the page that no key follows opens nothing."""
    assert split_front_matter(text, "f.md").body == text


def test_an_empty_head_is_a_head() -> None:
    """Two fences with nothing between them are front matter without keys."""
    found = split_front_matter("---\n---\nbody", "f.md")
    assert (found.values, found.body, found.kind) == ({}, "body", "yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "---\ntitle: X\n\ntext",
            "f.md:1: the front matter that opens here with --- is not closed",
        ),
        ("+++\ntitle = 1\n", "f.md:1: the front matter that opens here with +++ is not closed"),
        ("---\na: 1\ntitle: Ethiopia: shut\n---\n", "f.md:3: the YAML front matter is broken"),
        ("---\na: &x [1]\nb: *x\n---\n", "f.md:3: the front matter uses an alias (*x)"),
        ("---\n- a\n---\n", "f.md:1: the front matter holds no keys"),
        ("---\na: \0\n---\n", "f.md:1: the YAML front matter is broken"),
        ("+++\na = 1\nb =\n+++\n", "f.md:3: the TOML front matter is broken"),
        (
            "---\na: " + "[" * 50_000 + "\n---\n",
            "f.md:2: the front matter nests deeper than 20",
        ),
        ("+++\na = " + "[" * 50_000 + "\n+++\n", "f.md:1: the TOML front matter nests too deeply"),
        (
            "+++\n" + "a." * 50_000 + "b=1\n+++\n",
            "f.md:1: the TOML front matter is broken: too many",
        ),
        ("+++\na = " + "1" * 5_000 + "\n+++\n", "f.md:1: the TOML front matter is broken: Exceeds"),
    ],
)
def test_broken_front_matter_names_the_line(text: str, message: str) -> None:
    """Nothing closed, nothing valid, aliases and depth: an error with file and line."""
    assert error(text).startswith(message)


def test_bombs_cost_no_time() -> None:
    """Nested aliases are stopped before anything is built: it would double with each level."""

    def bomb(levels: int) -> None:
        lines = [f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(levels)]
        assert "alias" in error("---\na0: &a0 [x,x,x]\n" + "".join(lines) + "---\n")

    bomb(1)
    assert steps(lambda: bomb(5 * GROWTH)) < (GROWTH + 1) * steps(lambda: bomb(5))


# Real files


def test_every_real_file_is_read(shared: Path) -> None:
    """Of 135 files of two sites only the two empty section pages give no post."""
    folder = shared / "data" / "markdown"
    items = list(read(folder))
    posts = [item for item in items if isinstance(item, Post)]
    skipped = {item.name for item in items if isinstance(item, Skipped)}
    assert len(posts) + len(skipped) == len(list(folder.rglob("*.md"))) == 135
    assert skipped == {"drw/_index.md", "ooni/_index.md"}


def test_real_front_matter_is_mapped(shared: Path) -> None:
    """Each post has its title, its date of a day, its tags; nearly all have authors."""
    posts = {
        item.provenance.path: item
        for item in read(shared / "data" / "markdown")
        if isinstance(item, Post)
    }
    assert not any(post.title_derived or not post.paragraphs for post in posts.values())
    assert all(post.date and post.date.precision == "day" for post in posts.values())
    assert sum(not post.source_tags for post in posts.values()) == 2
    assert sum(not post.authors for post in posts.values()) == 5
    post = posts["ooni/ethiopia-internet-shutdown-amidst-recent-protests.md"]
    assert post.title == "Ethiopia: Internet Shutdown Amidst Recent Protests?"
    assert post.authors == ("Moses Karanja", "Maria Xynou", "Arturo Filastò")
    assert post.organisation == "CIPIT"
    assert post.source_tags == ("ethiopia", "shutdown", "protests", "country-et", "report")
    assert str(post.date) == "2016-08-10"


def test_real_text_holds_no_markup(shared: Path) -> None:
    """No link target, short code or reference is left; tags only where code shows them."""
    signs = re.compile(r"\]\(|\{\{[<%]|&#\d+;")
    tags = re.compile(r"</?(?:p|div|span|a|em|strong|li|td)\b[^>]*>")
    with_tags = set()
    for item in read(shared / "data" / "markdown"):
        if isinstance(item, Post):
            assert signs.search(item.body) is None, item.provenance.path
            with_tags |= {item.provenance.path} if tags.search(item.body) else set()
    assert with_tags == {"ooni/2019-egypt-blocks-bbc-and-alhurra.md", "ooni/ooni-run.md"}


@pytest.mark.parametrize(
    "text",
    [
        "# A court rules\n\n12 March 2014\n\nThe ban was void.",
        "# A court rules\n\nLe 12 mars 2014\n\nThe ban was void.",
        "## A court rules\n*Posted on 12 March 2014*\n\nThe ban was void.",
        "# A court rules\n\nParis, le 12 mars 2014\n\nThe ban was void.",
        "A court rules\n=====\n\n2014-03-12\n\nThe ban was void.",
        "---\ntitle: A court rules\n---\n12 March 2014\n\nThe ban was void.",
    ],
)
def test_a_date_line_under_the_heading(tmp_path: Path, text: str) -> None:
    """It dates the post and is no part of the text."""
    (tmp_path / "a.md").write_text(text)
    (post,) = (item for item in read(tmp_path) if isinstance(item, Post))
    assert (post.title, post.paragraphs) == ("A court rules", ("The ban was void.",))
    assert post.date is not None
    assert (post.date.iso, post.date.origin) == ("2014-03-12", "date line")


def test_a_byline_under_the_heading(tmp_path: Path) -> None:
    """Date and byline may stand in two lines, in either order."""
    for head in (
        "12 March 2014\n\nBy Jane Doe, researcher",
        "By Jane Doe, researcher\n\n2014-03-12",
    ):
        (tmp_path / "a.md").write_text(f"# A court rules\n\n{head}\n\nThe ban was void.")
        (post,) = (item for item in read(tmp_path) if isinstance(item, Post))
        assert (post.authors, post.role) == (("Jane Doe",), "researcher")
        assert (str(post.date), post.paragraphs) == ("2014-03-12", ("The ban was void.",))


def test_front_matter_goes_before_lines_in_the_text(tmp_path: Path) -> None:
    """A line that is not needed stays; a date in a sentence or over an entry dates no post."""
    (tmp_path / "a.md").write_text("---\ndate: 2015-01-02\n---\n# T\n\n12 March 2014\n\nText.")
    (tmp_path / "b.md").write_text("# T\n\nOn 12 March 2014 the ban was void.\n\nText.")
    days = "Le 12 mars 2014\n\nText.\n\nLe 14 mars 2014\n\nText."
    (tmp_path / "c.md").write_text(f"# T\n\n{days}")
    (tmp_path / "d.md").write_text(f"# T\n\n{days}".replace("Le ", "Tunis, "))
    first, second, *chronologies = (item for item in read(tmp_path) if isinstance(item, Post))
    assert (str(first.date), first.paragraphs) == ("2015-01-02", ("12 March 2014", "Text."))
    assert second.date is None
    assert len(second.paragraphs) == 2
    assert [post.date for post in chronologies] == [None, None]
    assert [len(post.paragraphs) for post in chronologies] == [4, 4]


@pytest.mark.parametrize(
    ("line", "count"), [("۱۵ مهر ۱۳۹۷", 1), ("ጥር 9 ቀን 2010 ዓ.ም.", 1), ("7 October 2018", 0)]
)
def test_a_date_line_of_another_calendar_is_noted(tmp_path: Path, line: str, count: int) -> None:
    """The post stays undated, and the note says why."""
    path = tmp_path / "post.md"
    path.write_text(f"# A title\n\n{line}\n\nA text that says more than that.\n", encoding="utf-8")
    (post,) = read(path)
    assert isinstance(post, Post)
    assert (post.date is None) is bool(count)
    assert len([note for note in post.notes if "of another calendar" in note]) == count


@pytest.mark.parametrize(
    "head",
    [
        "Question: who was it?\nTitle: A court rules\nDate: 2014-03-12",
        "Title: A court rules\nNote: one\nRemark: two\nDetail: three\nMore: four",
        "Title: A court rules\nDate: 2014-03-12\nThe ban was void.",
    ],
)
def test_a_text_that_opens_with_colons_is_text(tmp_path: Path, head: str) -> None:
    """Keys without a mark open with one of a post's own names, and hardly any other is there."""
    (tmp_path / "a.md").write_text(f"{head}\n\nThe ban was void. Nobody had asked for it.\n")
    (post,) = (item for item in read(tmp_path) if isinstance(item, Post))
    assert head.rsplit(maxsplit=1)[-1] in f"{post.title} {post.body} {post.date}"
    assert not [note for note in post.notes if "keys not used" in note]
