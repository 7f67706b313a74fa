"""Posts like a given one: which they are, what they share, and the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rights_search import Archive, RightsSearchError
from rights_search.__main__ import main
from rights_search.cli import output
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.similar import similar_view
from rights_search.search.similar import TELLING_WORDS
from test_cli import STYLE, run_in_terminal

COMMON = "The court said on Monday that it would hear the case again in the spring. "
POSTS = {
    "miners": "Miners of the copper pit went on strike when the shaft collapsed upon them.",
    "copper": "The copper pit stays shut: the shaft where miners collapsed is under water.",
    "pit": "A pit in another valley was opened by the minister.",
    "poets": "Poets read sonnets in the harbour library and were fined for the noise.",
    "rare": "Zyxwv.",
}


def put(folder: Path, name: str, title: str, body: str) -> None:
    """Write a post."""
    (folder / f"{name}.md").write_text(f"---\ntitle: '{title}'\ndate: 2014\n---\n\n{body}\n")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of a few posts, one of them twice."""
    folder = tmp_path_factory.mktemp("similar")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in POSTS.items():
        put(corpus, name, f"Of {name}", text if name == "rare" else f"{COMMON}{text}")
    long_text = " ".join(f"{COMMON}Number {number}: {POSTS['miners']}" for number in range(9))
    put(corpus, "long", "A long report", long_text)
    put(corpus, "again", "A long report", long_text)
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
    return folder / "index"


@pytest.fixture
def archive(index: Path) -> Iterator[Archive]:
    """Return the archive, open."""
    with Archive.open(index) as archive:
        yield archive


def id_of(archive: Archive, title: str) -> str:
    """Return the id of the first post of a title."""
    return next(post.id for post in archive.posts(f'title:"{title}"', mode="exact", copies="all"))


def test_the_post_that_shares_its_rare_words_comes_first(archive: Archive) -> None:
    """What every post has tells nothing; the words in common are named, the rarest among them."""
    found = archive.similar(id_of(archive, "Of miners"))
    titles = [each.post.title for each in found]
    assert set(titles[:2]) == {"Of copper", "A long report"}
    assert "Of miners" not in titles
    copper = next(each for each in found if each.post.title == "Of copper")
    assert {"copper", "shaft", "miners", "collapsed"} <= set(copper.words)
    assert [each.rank for each in found] == list(range(1, len(found) + 1))
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < len(each.words) <= TELLING_WORDS for each in found)


def test_neither_itself_nor_its_copies(archive: Archive) -> None:
    """A copy is no other post; among the others, copies are one."""
    for post in archive.posts('title:"long report"', copies="all"):
        assert "A long report" not in [each.post.title for each in archive.similar(post.id)]
    titles = [each.post.title for each in archive.similar(id_of(archive, "Of miners"))]
    assert titles.count("A long report") == 1


def test_words_that_no_other_post_has_are_not_asked_for(archive: Archive) -> None:
    """A post of such words alone is like none."""
    assert archive.similar(id_of(archive, "Of rare")) == ()


def test_a_limit_is_kept_and_a_prefix_will_do(archive: Archive) -> None:
    """The first of the list stay."""
    post_id = id_of(archive, "Of miners")
    whole = archive.similar(post_id)
    assert archive.similar(post_id[:8], limit=1) == whole[:1]
    assert archive.similar(post_id, limit=0) == ()
    with pytest.raises(ValueError, match="negative"):
        archive.similar(post_id, limit=-1)
    with pytest.raises(RightsSearchError, match="no post"):
        archive.similar("ffffffffffff")


def test_the_command_names_the_words(
    index: Path, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each post has its title, facts and place, and what it shares."""
    post_id = id_of(archive, "Of miners")
    assert main(["similar", post_id, "--index", str(index), "--limit", "2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Like “Of miners”\n\n1.  ")
    assert out.count("    shares: ") == 2
    assert "copper.md" in out
    assert main(["similar", post_id, "--index", str(index), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["id"] == post_id
    expected = [(each.post.id, list(each.words)) for each in archive.similar(post_id)]
    assert [(each["post"]["id"], each["words"]) for each in record["similar"]] == expected


def test_a_post_like_no_other_gives_1(
    index: Path, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with grep, and the output says so."""
    assert main(["similar", id_of(archive, "Of rare"), "--index", str(index)]) == 1
    assert capsys.readouterr().out == "No post is like “Of rare”\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Missing argument 'ID'"),
        (["ffffffffffff"], "There is no post 'ffffffffffff'"),
        (["ab"], "the first 4 may do"),
        (["ffff", "--limit", "0"], "--limit"),
    ],
)
def test_a_mistake_is_a_message(
    index: Path, args: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong id or option has its reason and exit code 2."""
    assert main(["similar", *args, "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_a_narrow_terminal_shows_all(index: Path, archive: Archive) -> None:
    """No line is wider than the terminal."""
    post_id = id_of(archive, "Of miners")
    done = run_in_terminal("similar", post_id, "--index", index, "--no-color", columns=40)
    assert done.code == 0
    assert all(len(line) <= 40 for line in STYLE.sub("", done.out).splitlines())
    assert "shares: " in done.out


def test_a_foreign_title_is_only_shown(archive: Archive) -> None:
    """A title cannot command a terminal."""
    post = replace(archive.get(id_of(archive, "Of miners")), title="a\x1b[31m\nb")
    (like,) = archive.similar(post.id, limit=1)
    found = (replace(like, post=post, words=("\x1b[1m",)),)
    lines = list(output.plain(similar_view(post, found, Glyphs())))
    assert not any("\x1b" in line or "\n" in line for line in lines)
