"""Names across scripts and spellings, by rule."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_search import Archive, QueryError
from rights_search.analysis import fold, terms
from rights_search.words.chinese import MAX_READINGS, other_spellings
from rights_search.words.transcription import is_transcription, lookups, may_be_transcribed

NAMES = [
    ("Навальный", "Navalny"),
    ("Навального", "Nawalnyj"),
    ("Ходорковский", "Khodorkovsky"),
    ("Путина", "Poutine"),
    ("Горбачёв", "Gorbachev"),
    ("Горбачёв", "Gorbachyov"),
    ("Щербаков", "Shcherbakov"),
    ("Яшин", "Yashin"),
    ("Ельцин", "Yeltsin"),
    ("Эстемирова", "Estemirova"),
    ("Сенцовым", "Sentsov"),
    ("Хрущёв", "Khrushchev"),
    ("Зеленский", "Zelenskyy"),
    ("Тимошенко", "Tymoshenko"),
    ("محمد", "Mohammed"),
    ("محمد", "Muhammad"),
    ("سلمان", "Salman"),
    ("عبدالله", "Abdullah"),
    ("فاطمة", "Fatimah"),
    ("نسرین", "Nasrin"),
    ("ستوده", "Sotoudeh"),
    ("Khodorkovsky", "Khodorkovskii"),
    ("Alexandrov", "Aleksandrov"),
    ("Romanov", "Romanoff"),
]


@pytest.mark.parametrize(("wanted", "written"), NAMES)
def test_one_name_in_two_spellings(wanted: str, written: str) -> None:
    """A name is found in the other spelling, and where the vocabulary is searched for it."""
    term, other = fold(wanted), fold(written)
    assert is_transcription(other, term)
    assert any(other.startswith(start) for start in lookups(term))


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ("women", "ومن"),
        ("strike", "الاسترقاق"),
        ("state", "статья"),
        ("police", "полис"),
        ("desert", "dessert"),
        ("torture", "tortured"),
        ("Путин", "Putnam"),
        ("人权", "renquan"),
        ("Navalny", "Navalny"),
    ],
)
def test_other_words_are_no_names(wanted: str, written: str) -> None:
    """Ordinary words, other names and the term itself are no transcriptions."""
    assert not is_transcription(fold(written), fold(wanted))


def test_a_loose_reading_hears_names_of_one_script() -> None:
    """Vowels and doubled letters differ, consonants and the first letter agree."""
    assert is_transcription("muhammad", "mohamed", loose=True)
    assert not is_transcription("muhammad", "mohamed")
    assert not is_transcription("ahmad", "mohamed", loose=True)


def test_what_cannot_be_transcribed_costs_nothing() -> None:
    """An index of one script is not searched for names of another."""
    assert not may_be_transcribed("navalny", {"latin"})
    assert may_be_transcribed("navalny", {"latin", "cyrillic"})
    assert may_be_transcribed("khodorkovsky", {"latin"})
    assert not may_be_transcribed("law", {"latin", "cyrillic", "arabic"})


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("Xiaobo", ["сяобо", "hsiao po", "hsiaopo"]),
        ("Hsiao-p'ing", ["xiaoping", "xiaobing", "сяопин"]),
        ("Tse-tung", ["zedong", "цзэдун"]),
        ("Zedong", ["tse tung"]),
        ("Цзэминь", ["zemin", "tse min"]),
        ("Hsiao", ["xiao", "сяо"]),
        ("Zhang", ["чжан"]),
        ("Xuan", ["hsuan", "сюань"]),
    ],
)
def test_a_chinese_name_is_written_in_each_system(written: str, others: list[str]) -> None:
    """Pinyin, Wade-Giles without its apostrophes, and Palladius, each from the others."""
    found = {" ".join(form) for form in other_spellings(tuple(terms(written)))}
    assert found >= set(others)
    assert " ".join(terms(written)) not in found


@pytest.mark.parametrize(
    "word", ["women", "china", "prison", "change", "menu", "zone", "zero", "chin", "Qin's law", ""]
)
def test_other_words_are_no_chinese_names(word: str) -> None:
    """Words that fall into such syllables by chance, or do not, have no other spelling."""
    assert other_spellings(tuple(terms(word))) == ()


def test_long_strings_of_syllables_are_left_alone() -> None:
    """The work is bounded: no name has more than four syllables."""
    assert other_spellings(("xi" * 50,)) == ()
    assert len(other_spellings(("hsiao", "tsai", "pu", "tu"))) <= 4 * MAX_READINGS


POSTS = """\
{"title": "Дело Вороновского", "text": "Суд рассмотрел жалобу Петра Вороновского.", "lang": "ru"}
{"title": "A complaint", "text": "The court heard Petr Voronovskii, a printer.", "lang": "en"}
{"title": "A charter", "text": "Hsiao-po was among its authors.", "lang": "en"}
{"title": "Хартия", "text": "Среди авторов был Сяобо.", "lang": "ru"}
{"title": "A strike", "text": "The printers of the town went on strike for a day.", "lang": "en"}
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive of posts in two scripts, with a surname that no list holds."""
    corpus = tmp_path_factory.mktemp("names")
    (corpus / "posts.jsonl").write_text(POSTS, encoding="utf-8")
    with Archive.create(None) as archive:
        assert archive.sync(corpus).added == POSTS.count("\n")
        yield archive


@pytest.mark.parametrize("query", ["Вороновский", "Voronovsky", "Voronovskii"])
def test_a_search_finds_the_name_in_every_spelling(archive: Archive, query: str) -> None:
    """The result says which spellings were added, and why each hit matched."""
    results = archive.search(query)
    assert results.total == 2
    assert {expansion.group for expansion in results.expansions} == {"transcription"}
    assert "transcription" in {match.rule for hit in results for match in hit.why}


@pytest.mark.parametrize("query", ["Xiaobo", "Hsiao-po", "Сяобо"])
def test_a_search_finds_a_chinese_name_in_every_system(archive: Archive, query: str) -> None:
    """Other spellings in the posts are named, phrases among them."""
    results = archive.search(query)
    assert results.total == 2
    shown = {form for expansion in results.expansions for form in expansion.forms}
    assert shown == {"hsiao po", "сяобо"} - {query.lower().replace("-", " ")}


@pytest.mark.parametrize("query", ["Вороновский -alias:transcription", "Вороновский -alias:all"])
def test_it_can_be_taken_away(archive: Archive, query: str) -> None:
    """The query takes a rule away, as does the option, and exact mode uses none."""
    assert archive.search(query).total == 1
    assert archive.search("Вороновский", without_aliases=["transcription"]).total == 1
    assert archive.search("Вороновского", mode="exact").total == 1


def test_a_group_that_is_not_there_is_an_error(archive: Archive) -> None:
    """The message offers the nearest name and points at the place."""
    with pytest.raises(QueryError, match="did you mean 'transcription'") as caught:
        archive.search("strike -alias:transcriptoin")
    assert (caught.value.start, caught.value.end) == (14, 27)
    with pytest.raises(QueryError, match="takes a group of other names away"):
        archive.search("alias:lgbti")


def test_a_group_of_ones_own(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A user's file adds groups to those that are built in."""
    own = tmp_path_factory.mktemp("own") / "own.json"
    own.write_text(
        '{"groups": [{"id": "walkout", "kind": "term", "sources": ["own"], '
        '"forms": ["walkout", "strike"]}]}',
        encoding="utf-8",
    )
    assert archive.search("walkout", without_aliases=["all"]).total == 0
    assert archive.search("walkout", aliases=own).total == 1
    assert archive.explain("walkout", aliases=own).total == 1


# --- did you mean -----------------------------------------------------------------------


def test_a_misspelt_word_is_offered_as_the_index_has_it(archive: Archive) -> None:
    """The suggestion keeps the rest of the query and says how many posts it finds."""
    suggestion = archive.search("Printrs strike").suggestion
    assert suggestion is not None
    assert (suggestion.query, suggestion.posts) == ("Printers strike", 1)
    assert archive.search("Printrs strike", mode="exact").suggestion == suggestion


@pytest.mark.parametrize("query", ["printers strike", "xyzzyqq", "strke -printers", "", '"strke"'])
def test_nothing_is_offered_that_does_not_find_more(archive: Archive, query: str) -> None:
    """Words that are there, that nothing resembles, that are quoted, or that would find nothing."""
    assert archive.search(query).suggestion is None


def test_a_word_that_nobody_asks_for_is_not_offered() -> None:
    """A rare name is likelier to be meant than "being", which stands everywhere."""
    texts = ("Being here, being there.", "A letter from Beijing.")
    with Archive.create(None) as made, tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number}.txt").write_text(text)
        made.sync(folder)
        offered = made.search("Bejing").suggestion
        assert offered is not None
        assert offered.query == "Beijing"


def test_a_suggestion_is_never_applied(archive: Archive) -> None:
    """The result is that of the query as it was typed."""
    results = archive.search("voronovskx")
    assert results.total == 0
    assert results.suggestion is not None


# --- broad --------------------------------------------------------------------------------


def test_broad_looks_for_rare_words_by_spelling_and_sound(archive: Archive) -> None:
    """A word that no post holds is found as others spell it; the result says how."""
    results = archive.search("stryke", mode="broad")
    assert results.total == 1
    assert "spelling" in {match.rule for hit in results for match in hit.why}
    assert archive.search("stryke -alias:spelling -alias:sounds-alike", mode="broad").total == 0
