"""Drafts → posts: identifiers, derived titles, normal forms."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import Draft, Member, PostMaker, Source, Span, make_post, posts
from rights_search.ingest.sentences import first_sentence, headline
from rights_search.ingest.settings import Settings
from rights_search.post import PartialDate, Post

SOURCE = Source(Path("x"), "africa/posts.jsonl", "ab" * 32)
DRAFT = Draft(("First paragraph.", "Second."), Span(3, 4, 10, 20))
HEADED = replace(
    DRAFT, organisation="The Office", origins=(("organisation", "letterhead"), ("title", "line 3"))
)


def made(draft: Draft, source: Source = SOURCE) -> Post:
    """Return the post of one draft."""
    post = PostMaker(source, "jsonl").make(draft)
    assert isinstance(post, Post)
    return post


def test_an_identifier_is_twelve_hex_digits_and_stable() -> None:
    """A changed identifier would orphan every link to a post: these two stay for ever."""
    assert made(DRAFT).id == "018c716e3567"
    assert made(replace(DRAFT, key="7")).id == "d734a92526cc"


def test_the_key_is_the_identity_where_there_is_one() -> None:
    """A post with a key or an address may change its text and stays the same post."""
    keyed = replace(DRAFT, key="7")
    assert made(keyed).id == made(replace(keyed, paragraphs=("Other.",), title="T")).id
    linked = replace(DRAFT, url="https://a.example/7")
    assert made(linked).id == made(replace(linked, paragraphs=("Other.",))).id
    assert made(keyed).id != made(replace(DRAFT, url="7")).id


def test_without_a_key_the_content_is_the_identity() -> None:
    """Date, title and the start of the text tell records of one file apart."""
    ids = {
        made(draft).id
        for draft in (
            DRAFT,
            replace(DRAFT, title="T"),
            replace(DRAFT, date=PartialDate("2019")),
            replace(DRAFT, paragraphs=("Else.",)),
        )
    }
    assert len(ids) == 4


def test_the_same_record_twice_gets_two_identifiers() -> None:
    """Records that collide in one file are counted, in its order."""
    maker = PostMaker(SOURCE, "jsonl")
    first, second, third = (maker.make(DRAFT) for _ in range(3))
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert isinstance(third, Post)
    assert len({first.id, second.id, third.id}) == 3
    assert first.id == made(DRAFT).id
    assert second.id == make_post(DRAFT, SOURCE, ordinal=1).id


def test_members_of_a_file_never_share_an_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 48 bits somebody can make two alike: here there are 8, and 120 posts of one archive."""
    monkeypatch.setattr(posts, "_ID_DIGITS", 2)
    taken: set[int] = set()
    ids: list[int] = []
    for member in range(30):
        source = replace(SOURCE, name=f"africa/posts.jsonl!/{member}", member=Member(str(member)))
        maker = PostMaker(source, "jsonl", taken)
        for key in ("a", "b", "a", "a"):
            post = maker.make(replace(DRAFT, key=key))
            assert isinstance(post, Post)
            ids.append(int(post.id, 16))
    assert len(set(ids)) == len(ids) == 120
    assert taken == {*ids}


def test_two_files_never_share_an_identifier() -> None:
    """The file's name is part of it."""
    other = replace(SOURCE, name="africa/other.jsonl")
    assert made(replace(DRAFT, key="7")).id != made(replace(DRAFT, key="7"), other).id


def test_a_draft_without_text_is_an_error_with_its_line() -> None:
    """The error says which keys were not understood."""
    maker = PostMaker(SOURCE, "jsonl")
    error = maker.make(Draft((), Span(7, 7), title=" ", notes=("keys not used: foo",)))
    assert isinstance(error, ReadError)
    assert str(error).startswith("africa/posts.jsonl:7: has no text")
    assert "keys not used: foo" in str(error)


def test_provenance_is_complete() -> None:
    """File, digest, reader, lines, bytes and encoding arrive in the post."""
    place = made(replace(DRAFT, encoding="cp1251")).provenance
    assert (place.path, place.sha256, place.reader) == (SOURCE.name, SOURCE.sha256, "jsonl")
    assert (place.line_start, place.line_end, place.byte_start, place.byte_end) == (3, 4, 10, 20)
    assert place.encoding == "cp1251"


def test_the_source_s_title_is_not_derived() -> None:
    """A title is kept on one line; a missing one is made of the first sentence."""
    assert (made(replace(DRAFT, title=" A \n b ")).title, made(DRAFT).title) == (
        "A b",
        "First paragraph",
    )
    assert made(DRAFT).title_derived
    assert not made(replace(DRAFT, title="A")).title_derived


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Protesters in St. Petersburg were beaten. More followed.", "St. Petersburg were beaten"),
        ("The U.S. Congress passed it. Then it was signed.", "The U.S. Congress passed it"),
        ("J. F. Kennedy was shot in Dallas. He died.", "J. F. Kennedy was shot in Dallas"),
        ("Dr. Ahmed v. Egypt is decided. Yes.", "Dr. Ahmed v. Egypt is decided"),
        ("It costs 3.5 million. More later.", "It costs 3.5 million"),
        ("He was tried under art. 5 of the law. Later.", "under art. 5 of the law"),
        ("«Он умер в тюрьме». Потом пришли другие.", "«Он умер в тюрьме»"),
        ("В 1968 г. вышел первый выпуск. Потом второй.", "В 1968 г. вышел первый выпуск"),
        ("هل هذا عدل؟ لا.", "هل هذا عدل؟"),
        ("今日は晴れ。明日は雨。", "今日は晴れ"),
        ("“Of course. I will go,” she said. She went.", "“Of course. I will go,” she said"),
        ("What now? Nobody knows.", "What now?"),
        ("No end in sight", "No end in sight"),
        ("Ends in the U.S.", "Ends in the U.S."),
        (".", "."),
        ("。", "。"),
    ],
)
def test_the_first_sentence_ends_where_it_ends(text: str, title: str) -> None:
    """Abbreviations, initials, numbers and quotations end no sentence."""
    assert headline(text).endswith(title)
    assert text.startswith(first_sentence(text))


def test_a_long_sentence_is_cut_between_words() -> None:
    """At most ninety characters, the ellipsis included, and no comma before it."""
    text = "word " * 16 + "incomprehensibilities, and more of the same without an end in sight"
    title = headline(text)
    assert title == ("word " * 16).strip() + "…"
    assert len(headline("x" * 500)) == 90


@given(st.text(min_size=1), st.integers(min_value=10, max_value=120))
def test_a_headline_is_short_and_the_start_of_its_text(text: str, size: int) -> None:
    """Whatever the script, a title is a beginning of the text within the limit."""
    title = headline(text, size)
    assert 0 < len(title) <= size
    assert text.startswith(title.removesuffix("…")) or title == text


@pytest.mark.parametrize(
    ("draft", "name", "source"),
    [
        (replace(DRAFT, source_name="The Daily", url="https://a.example"), "a/x.md", "The Daily"),
        (replace(DRAFT, url="https://www.a.example/1"), "a/x.md", "a.example"),
        (replace(DRAFT, url="/2016/x"), "ooni/2016/x.md", "ooni"),
        (DRAFT, "ooni/x.md", "ooni"),
        (DRAFT, "/ooni/x.md", "ooni"),
        (DRAFT, "posts.jsonl.gz", "posts"),
        (DRAFT, "2014/x.md", "2014"),
        (HEADED, "2014/x.md", "The Office"),
        (HEADED, "x.md", "The Office"),
        (HEADED, "office/2014/x.md", "office"),
        (replace(HEADED, origins=()), "2014/x.md", "2014"),
    ],
)
def test_the_publication_of_a_post(draft: Draft, name: str, source: str) -> None:
    """Its name by the source's word, else the host, the first folder, a letterhead, or the file."""
    assert made(draft, replace(SOURCE, name=name)).source == source


def test_settings_of_the_folder_fill_gaps_only() -> None:
    """The source's own word on language and country goes before the user's."""
    folder = replace(SOURCE, settings=Settings(country="KE", language="sw"))
    assert made(DRAFT, folder).page_country == "KE"
    assert made(DRAFT, folder).language == "sw"
    own = replace(DRAFT, page_country="UG", language="en-GB")
    assert (made(own, folder).page_country, made(own, folder).language) == ("UG", "en")


def test_labels_are_deduplicated_in_order() -> None:
    """The first of equal labels stays."""
    post = made(replace(DRAFT, source_countries=("PE", "CL", "PE"), source_tags=("b", "a", "b")))
    assert (post.source_countries, post.source_tags) == (("PE", "CL"), ("b", "a"))


@pytest.mark.parametrize("name", ["Край", "Алёхин", "Côte", "Ελένη", "أحمد", "권리"])
def test_a_name_is_one_however_its_letters_are_put_together(name: str) -> None:
    """Letters that a Mac took apart are whole again, in all that facets count; ids stay."""
    apart = unicodedata.normalize("NFD", name)
    assert apart != name
    draft = replace(DRAFT, title=apart, place=apart, organisation=apart, source_name=apart)
    draft = replace(draft, authors=(apart,), source_tags=(apart, name), source_countries=(apart,))
    post = made(draft)
    assert {post.title, post.place, post.organisation, post.source} == {name}
    assert post.authors == post.source_tags == post.source_countries == (name,)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("#prison", "prison", "Prison"), ("prison", "Prison")),
        (("#torture, #prison", "#a b"), ("torture", "prison", "a b")),
        (("C# and #", "#", "##prison"), ("C# and #", "prison")),
    ],
)
def test_a_hashtag_is_a_label_without_its_sign(
    labels: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """Networks give them bare, pages as they show them, and both are one value of the facet."""
    assert made(replace(DRAFT, source_tags=labels)).source_tags == expected
