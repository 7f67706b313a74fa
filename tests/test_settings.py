"""Settings files: what they may say, what they change, and what a bad one stops."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from rights_search.errors import ReadError
from rights_search.ingest import Listed, Skipped, list_files, read
from rights_search.ingest.settings import (
    EVERYWHERE,
    FILE_NAME,
    NONE,
    Rule,
    Settings,
    fingerprint,
    merged,
)
from rights_search.post import Post


def put(folder: Path, name: str, text: str = "One sentence about a court.\n") -> Path:
    """Write a file, its folders included."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def found(folder: Path) -> dict[str, Settings]:
    """Return the settings of each file that a walk lists."""
    return {item.name: item.settings for item in list_files(folder) if isinstance(item, Listed)}


def posts(folder: Path) -> list[Post]:
    """Return the posts below a folder."""
    return [item for item in read(folder) if isinstance(item, Post)]


def refusal(folder: Path) -> str:
    """Return the message for a folder whose own settings file is bad."""
    with pytest.raises(ReadError) as caught:
        list(list_files(folder))
    assert caught.value.fatal
    return str(caught.value)


def test_every_key_reaches_the_files_below(tmp_path: Path) -> None:
    """Names become codes, and each file below the folder has what the folder says."""
    put(
        tmp_path,
        FILE_NAME,
        'country = "Kenya"\nlanguage = "Swahili"\nday-first = true\nsource = " The  Bulletin "\n'
        'encoding = "windows-1251"\n[readers]\n"*.txt" = "listing"\n'
        '[themes]\n"Haki  Za Wanawake" = ["women-girls", "torture"]\nHabari = []\n',
    )
    put(tmp_path, "a/deep/x.txt")
    put(tmp_path, "y.md")
    told = found(tmp_path)
    assert replace(told["y.md"], origins=()) == Settings(
        country="KE",
        language="sw",
        day_first=True,
        source="The Bulletin",
        encoding="cp1251",
        themes=(("habari", ()), ("haki za wanawake", ("women-girls", "torture"))),
    )
    assert told["a/deep/x.txt"] == replace(told["y.md"], reader="listing")
    assert dict(told["a/deep/x.txt"].origins)["reader"] == str(tmp_path / FILE_NAME)


def test_the_nearest_file_wins_key_by_key(tmp_path: Path) -> None:
    """What an inner file does not say is what the outer one says, label by label too."""
    outer = 'country = "PE"\nlanguage = "es"\n[themes]\nNews = []\nJails = "detention"\n'
    put(tmp_path, FILE_NAME, outer)
    put(tmp_path, "in/" + FILE_NAME, 'country = "CL"\n[themes]\nJails = "torture"\n')
    put(tmp_path, "in/x.txt")
    told = found(tmp_path)["in/x.txt"]
    assert (told.country, told.language) == ("CL", "es")
    assert dict(told.themes) == {"news": (), "jails": ("torture",)}
    assert dict(told.origins) == {
        "country": str(tmp_path / "in" / FILE_NAME),
        "language": str(tmp_path / FILE_NAME),
        "themes": str(tmp_path / "in" / FILE_NAME),
    }


def test_settings_above_the_corpus_hold_too(tmp_path: Path) -> None:
    """Wherever a command is started, for a folder or for one file, the same holds."""
    put(tmp_path, FILE_NAME, 'country = "PE"\n[readers]\n"in/*.txt" = "listing"\n')
    path = put(tmp_path, "in/x.txt")
    for root, name in ((tmp_path, "in/x.txt"), (tmp_path / "in", "x.txt"), (path, "x.txt")):
        told = found(root)[name]
        assert (told.country, told.reader) == ("PE", "listing")


def test_a_stranger_s_file_above_the_corpus_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In /tmp anybody can put settings above what somebody else indexes."""
    if not hasattr(os, "geteuid"):
        pytest.skip("not here: files without owners")
    put(tmp_path, FILE_NAME, 'country = "PE"\n')
    put(tmp_path, "in/x.txt")
    os.chown(tmp_path / FILE_NAME, 4711, 4711) if os.geteuid() == 0 else monkeypatch.setattr(
        os, "geteuid", lambda: 4711
    )
    assert found(tmp_path / "in") == {"x.txt": NONE}
    assert found(tmp_path)["in/x.txt"].country == "PE"


def test_what_is_ignored_is_named_and_stays_so_below(tmp_path: Path) -> None:
    """Patterns fit names, paths and folders; an inner file adds to them."""
    put(tmp_path, FILE_NAME, 'ignore = ["drafts/", "*.old.txt", "in/b.*"]\n')
    put(tmp_path, "in/" + FILE_NAME, 'ignore = ["c.txt"]\n')
    for name in (
        "in/drafts/x.txt",
        "a.old.txt",
        "in/b.txt",
        "in/c.txt",
        "b.txt",
        "c.txt",
        "drafts",
    ):
        put(tmp_path, name)
    left_out = {
        item.name: item.reason for item in list_files(tmp_path) if isinstance(item, Skipped)
    }
    assert left_out == {
        "in/drafts": f"ignored by {FILE_NAME}: drafts/",
        "a.old.txt": f"ignored by {FILE_NAME}: *.old.txt",
        "in/b.txt": f"ignored by {FILE_NAME}: in/b.*",
        "in/c.txt": f"ignored by in/{FILE_NAME}: c.txt",
    }
    assert set(found(tmp_path)) == {"b.txt", "c.txt", "drafts"}


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """One line has every mistake with its line, in their order: nobody mends one at a time."""
    put(
        tmp_path,
        FILE_NAME,
        'contry = "PE"\nlanguage = "Portugese"\nignore = ["ok/", "../x"]\n[readers]\n'
        '"*.txt" = "plane"\n"*.md" = "markdown"\n[themes]\nJail = ["detention", "detenton"]\n'
        'Press = "meda-freedom"\n',
    )
    told = refusal(tmp_path).removeprefix(str(tmp_path / FILE_NAME))
    assert told == (
        ":1: there is no key 'contry'; did you mean 'country'?; "
        "line 2: language: 'Portugese' is no language that is known; did you mean 'Portuguese'?; "
        "line 3: ignore: '../x' leads out of the folder of this file; "
        "line 5: there is no reader 'plane'; did you mean 'plain'?; "
        "line 8: there is no theme 'detenton'; did you mean 'detention'?; "
        "line 9: there is no theme 'meda-freedom'; did you mean 'media-freedom'? "
        "(so nothing in its folder is read)"
    )


def test_very_many_mistakes_are_counted(tmp_path: Path) -> None:
    """The line has a bound."""
    put(tmp_path, FILE_NAME, "".join(f"key{number} = 1\n" for number in range(30)))
    assert "; and 19 more (so nothing" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('country = "PE"\nlanguage = es', ":2: is no valid TOML: Invalid value (so nothing"),
        ('country = "Kenyya"', ":1: country: 'Kenyya' is no country that is known; did you mean"),
        (
            '[readers]\n"*.x" = "q"',
            ":2: there is no reader 'q'; there are chapter, chat, doc, docx, epub, feed, html, ",
        ),
        ('contry = "PE"', ":1: there is no key 'contry'; did you mean 'country'?"),
        ("\nday_first = true", ":2: there is no key 'day_first'; did you mean 'day-first'?"),
        ("qqq = 1", ":1: there is no key 'qqq'; there are country, day-first, encoding, ignore, "),
        ('country = "Atlantis"', ":1: country: 'Atlantis' is no country that is known"),
        ("country = 7", ":1: country must be a text of at most 200 characters"),
        ('source = " "', ":1: source must be a text"),
        ('language = "Klingon"', ":1: language: 'Klingon' is no language that is known"),
        ('day-first = "yes"', ":1: day-first must be true or false, without quotes"),
        ('encoding = "utf-7"', ":1: encoding: 'utf-7' is no encoding that is known"),
        ('encoding = "idna"', ":1: encoding: 'idna' is no encoding that is known"),
        ('encoding = "base64"', ":1: encoding: 'base64' is no encoding that is known"),
        ('encoding = "unicode_escape"', ":1: encoding: 'unicode_escape' is no encoding"),
        ('encoding = "a\\u0000b"', ":1: encoding: "),
        ('ignore = "*.old"', ":1: ignore must be a list of patterns"),
        ("ignore = [7]", ":1: each pattern in ignore must be a text"),
        ('ignore = ["../x"]', ":1: ignore: '../x' leads out of the folder"),
        ('ignore = ["/etc/*"]', ":1: ignore: '/etc/*' leads out of the folder"),
        ("ignore = [" + '"x",' * 201 + "]", ":1: ignore holds more than 200 patterns"),
        ('readers = "plain"', ":1: [readers] must be a table"),
        ('\n[readers]\n"*" = "plane"', ":3: there is no reader 'plane'; did you mean 'plain'?"),
        ('[themes]\nJail = "tortur"', ":2: there is no theme 'tortur'; did you mean 'torture'?"),
        ("[themes]\nJail = [[1]]", ":2: there is no theme '[1]'"),
        ("themes = 3", ":1: [themes] must be a table"),
        ('themes-file = "../themes.toml"', ":1: themes-file: '../themes.toml' leads out of"),
        ('themes-file = "/etc/passwd"', ":1: themes-file: '/etc/passwd' leads out of"),
        ("themes-file = 7", ":1: themes-file must be a text"),
        ("country = ", ":1: is no valid TOML: Invalid value (so nothing"),
        ("a = " + "[" * 60_000, ": nests too deeply"),
        ("#" * 70_000, ": is larger than 64 KiB, the limit"),
    ],
)
def test_a_bad_file_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file, the line, what is wrong and what was meant."""
    put(tmp_path, FILE_NAME, text)
    told = refusal(tmp_path)
    assert told.startswith(f"{tmp_path / FILE_NAME}{message}")
    assert "\n" not in told
    assert len(told) < 1000
    assert told.endswith("(so nothing in its folder is read)")


def test_a_file_that_is_no_utf_8_is_named_by_line(tmp_path: Path) -> None:
    """TOML is UTF-8; a byte order mark, as editors on Windows write it, does no harm."""
    path = tmp_path / FILE_NAME
    path.write_bytes(b'language = "es"\nsource = "Bolet\xedn"\n')
    assert refusal(tmp_path).startswith(f"{tmp_path / FILE_NAME}:2: is not in UTF-8")
    path.write_bytes(b'\xef\xbb\xbflanguage = "es"\n')
    put(tmp_path, "x.txt")
    assert found(tmp_path)["x.txt"].language == "es"


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    """A link could show a file from elsewhere, and a pipe would hang."""
    secret = put(tmp_path, "secret.toml", 'language = "es"\n')
    folder = tmp_path / "corpus"
    put(folder, "x.txt")
    path = folder / FILE_NAME
    path.symlink_to(secret)
    assert "is no regular file" in refusal(folder)
    path.unlink()
    os.mkfifo(path)
    assert "is no regular file" in refusal(folder)
    path.unlink()
    path.mkdir()
    assert "is no regular file" in refusal(folder)


def test_a_bad_file_further_in_stops_its_folder_only(tmp_path: Path) -> None:
    """What would be read otherwise than meant is not read; all else is."""
    put(tmp_path, "a.txt")
    put(tmp_path, "in/" + FILE_NAME, "country = 7\n")
    put(tmp_path, "in/x.txt")
    put(tmp_path, "in/deep/y.txt")
    put(tmp_path, "z/z.txt")
    items = list(list_files(tmp_path))
    assert [item.name for item in items if isinstance(item, Listed)] == ["a.txt", "z/z.txt"]
    (error,) = (item for item in items if isinstance(item, ReadError))
    assert (error.source, error.line, error.fatal) == (f"in/{FILE_NAME}", 1, True)


def test_settings_are_defaults(tmp_path: Path) -> None:
    """A post's own word goes before them; where it has none, they hold."""
    put(tmp_path, FILE_NAME, 'country = "PE"\nlanguage = "es"\nsource = "B"\nday-first = false\n')
    put(
        tmp_path,
        "x.csv",
        "title,text,date,language,site\nOne,Text.,03/04/2019,,\nTwo,Text.,03/04/2019,fr,A\n",
    )
    one, two = posts(tmp_path)
    assert (one.language, one.source, str(one.date), one.page_country) == (
        "es",
        "B",
        "2019-03-04",
        "PE",
    )
    assert (two.language, two.source) == ("fr", "A")


def test_a_reader_can_be_named(tmp_path: Path) -> None:
    """Where looking at the content goes wrong, the name of a reader decides."""
    text = "".join(f"{day} May 2019\nTitle {day}\n\nIts text is here.\n\n" for day in (5, 6))
    put(tmp_path, "x.txt", text)
    assert posts(tmp_path)[0].provenance.reader == "listing"
    put(tmp_path, FILE_NAME, '[readers]\n"*.txt" = "plain"\n')
    (post,) = posts(tmp_path)
    assert post.provenance.reader == "plain"


@pytest.mark.parametrize("name", ["x.txt", "x.csv"])
def test_an_encoding_is_for_what_is_not_utf_8(tmp_path: Path, name: str) -> None:
    """The named encoding goes before the guess, and never before UTF-8."""
    put(tmp_path, FILE_NAME, 'encoding = "koi8-r"\n')
    text = "title,text\nОдин,Правозащитник освобождён\n"
    (tmp_path / name).write_bytes(text.encode("koi8-r"))
    (post,) = posts(tmp_path)
    assert "Правозащитник освобождён" in post.body
    assert post.provenance.encoding in ("koi8-r", "koi8_r")
    assert not post.notes
    (tmp_path / name).write_text(text, encoding="utf-8")
    (post,) = posts(tmp_path)
    assert post.provenance.encoding == "utf-8"


def test_the_fingerprint_follows_the_meaning(tmp_path: Path) -> None:
    """Another order, a comment or another file saying the same is no change."""
    put(tmp_path, "x.txt")
    texts = (
        'language = "es"\n[themes]\na = []\nb = "torture"\n',
        '# note\n[themes]\nB = ["torture"]\n"A" = []\n',
        'language = "fr"\n',
        "",
    )
    put(tmp_path, "in/x.txt")
    prints = []
    for inner in texts:
        put(tmp_path, FILE_NAME, 'language = "es"\n')
        put(tmp_path, "in/" + FILE_NAME, inner)
        prints.append(fingerprint(found(tmp_path)["in/x.txt"]))
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3
    assert fingerprint(NONE) == ""


def test_merging_with_nothing_changes_nothing() -> None:
    """A folder without settings has those of the folder above."""
    some = Settings(country="PE", themes=(("a", ()),))
    assert merged(some, NONE) == some
    assert merged(NONE, some) == some
    assert EVERYWHERE.settings == NONE


def test_no_pattern_takes_long(tmp_path: Path) -> None:
    """A hostile pattern of many stars is compared step by step, not in all ways."""
    rule = Rule(tmp_path, "*a" * 90 + "b", "", FILE_NAME)
    assert not rule.fits(tmp_path / ("a" * 250))


def test_a_key_of_many_dots_is_refused(tmp_path: Path) -> None:
    """The parser takes seconds over a key of 20,000 dots: it never sees it."""
    put(tmp_path, FILE_NAME, "a." * 20_000 + "b = 1")
    assert "is no valid TOML: too many dots in its lines" in refusal(tmp_path)


def test_a_number_of_many_digits_is_refused(tmp_path: Path) -> None:
    """Python refuses to read 5,000 digits, with another error than that of the parser."""
    put(tmp_path, FILE_NAME, "source = " + "1" * 5_000)
    assert "is no valid TOML: Exceeds the limit" in refusal(tmp_path)


def test_label_lines_go_before_settings(tmp_path: Path) -> None:
    """They are a post's own word, in plain text and in Markdown; settings read its date."""
    put(tmp_path, FILE_NAME, 'country = "PE"\nlanguage = "es"\nsource = "A"\nday-first = true\n')
    head = "Date: 03/04/2014\nCountry: Chile\nLanguage: French\nSource: The Bulletin"
    text = "The court ruled that the ban on the paper was void. It had been there for years."
    put(tmp_path, "a.txt", f"A court rules\n\n{head}\n\n{text}\n")
    put(tmp_path, "b.md", f"# A court rules\n\n{head}\n\n{text}\n")
    for post in posts(tmp_path):
        assert str(post.date) == "2014-04-03"
        assert (post.language, post.source) == ("fr", "The Bulletin")
        # The folder's country is that of the page, as it is with tables.
        assert (post.source_countries, post.page_country) == (("Chile",), "PE")
