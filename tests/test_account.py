"""Who wrote the posts of a download from a network: another file of it tells."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.errors import ReadError
from rights_search.indexing.checking import CheckedPost, check
from rights_search.ingest import Skipped, read
from rights_search.ingest.exports.account import MAX_ACCOUNT_BYTES
from rights_search.post import Post

POSTS = b"""window.YTD.tweets.part0 = [ {
  "tweet" : {
    "id_str" : "1001",
    "created_at" : "Wed Dec 10 09:00:00 +0000 2014",
    "full_text" : "The court ordered the release of nine journalists.",
    "lang" : "en"
  }
} ]"""
LONG_AGO_NS = 1_500_000_000_000_000_000
BAD = "does not tell who wrote the posts beside it: "


def account(name: str = "Example Watch", **more: object) -> bytes:
    """Return the file of an account, as the archive spells it."""
    told = {"username": "example", "accountId": "5", "accountDisplayName": name, **more}
    return b"window.YTD.account.part0 = " + json.dumps([{"account": told}], indent=2).encode()


Members = Iterable[tuple[str, bytes]]


def in_folder(root: Path, members: Members) -> Path:
    """Write an unpacked archive whose files look old, so that their times can be trusted."""
    for name, data in members:
        path = root / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return root / "corpus"


def in_zip(root: Path, members: Members) -> Path:
    """Write a ZIP archive."""
    path = root / "twitter.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def in_tar(root: Path, members: Members) -> Path:
    """Write a compressed tar archive."""
    path = root / "twitter.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


Pack = Callable[[Path, Members], Path]
packed = pytest.mark.parametrize("pack", [in_folder, in_zip, in_tar])


def authors(path: Path) -> list[tuple[str, ...]]:
    """Return the authors of each post below a path; nothing may go wrong."""
    found = list(read(path))
    assert not [item for item in found if isinstance(item, ReadError)]
    return [item.authors for item in found if isinstance(item, Post)]


def reasons(path: Path) -> list[str]:
    """Return why files or members were left out."""
    return [item.reason for item in read(path) if isinstance(item, Skipped)]


@packed
def test_the_posts_are_those_of_the_account_beside_them(tmp_path: Path, pack: Pack) -> None:
    """Wherever the file stands in the archive, and for every part of the posts."""
    members = [
        ("data/tweets.js", POSTS),
        ("data/account.js", account()),
        ("data/tweets-part1.js", POSTS),
    ]
    path = pack(tmp_path, members)
    assert authors(path) == [("Example Watch",)] * 2
    assert any("tells who wrote the posts beside it" in reason for reason in reasons(path))


@packed
def test_an_account_speaks_for_its_own_folder_and_its_kind_of_files(
    tmp_path: Path, pack: Pack
) -> None:
    """Another archive, the folders below, and other files beside the posts are not meant."""
    members = [
        ("data/account.js", account()),
        ("data/tweets.js", POSTS),
        ("data/note.jsonl", b'{"title": "A title", "text": "A text."}\n'),
        ("data/below/tweets.js", POSTS),
        ("other/account.js", account("Second Example")),
        ("other/tweets.js", POSTS),
    ]
    found = {
        str(item.provenance).partition("data/")[2] or "other": item.authors
        for item in read(pack(tmp_path, members))
        if isinstance(item, Post)
    }
    assert {name.partition(":")[0]: names for name, names in found.items()} == {
        "tweets.js": ("Example Watch",),
        "note.jsonl": (),
        "below/tweets.js": (),
        "other": ("Second Example",),
    }


@packed
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (account() + b" " * MAX_ACCOUNT_BYTES, "it is larger than 256 KiB, the limit"),
        (b"window.YTD.account.part0 = {", "it is not as such a file is written"),
        (b"\xff\xfe", "it is not as such a file is written"),
        (b"[" * MAX_ACCOUNT_BYTES, "it is not as such a file is written"),
        (b"window.YTD.account.part0 = []", "it names nobody"),
        (b'{"account": 1}', "it names nobody"),
        (b'[1, {"account": []}]', "it names nobody"),
        (account("\n", username=["x"]), "it names nobody"),
    ],
    ids=range(8),
)
def test_what_names_nobody_says_why_and_the_posts_are_there(
    tmp_path: Path, pack: Pack, data: bytes, reason: str
) -> None:
    """The file may be anything: it comes with the corpus."""
    path = pack(tmp_path, [("data/account.js", data), ("data/tweets.js", POSTS)])
    assert authors(path) == [()]
    assert any(told.endswith(BAD + reason) for told in reasons(path))


def test_an_account_without_a_name_to_show_has_its_other_name(tmp_path: Path) -> None:
    """And names are cleaned as those of other authors are."""
    told = account("  ", username="example &amp;\n co")
    corpus = in_folder(tmp_path, [("data/account.js", told), ("data/tweets.js", POSTS)])
    assert authors(corpus) == [("example & co",)]


def test_the_file_alone_is_read_as_in_its_folder(tmp_path: Path) -> None:
    """So that `check` on one file shows what `index` makes of it."""
    corpus = in_folder(tmp_path, [("data/account.js", account()), ("data/tweets.js", POSTS)])
    assert authors(corpus / "data" / "tweets.js") == [("Example Watch",)]


def test_a_script_called_account_is_a_script(tmp_path: Path) -> None:
    """Where no posts of an archive lie beside it, it is not even opened."""
    corpus = in_folder(tmp_path, [("account.js", account()), ("a.txt", b"Some words.")])
    assert reasons(corpus) == ["a program, style or setting"]


def test_no_link_is_followed_to_an_account(tmp_path: Path) -> None:
    """It could lead to any file on the machine; a pipe would never end."""
    corpus = in_folder(tmp_path, [("a/tweets.js", POSTS), ("b/tweets.js", POSTS)])
    secret = tmp_path / "secret.js"
    secret.write_bytes(account())
    (corpus / "a" / "account.js").symlink_to(secret)
    os.mkfifo(corpus / "b" / "account.js")
    assert authors(corpus) == [(), ()]
    assert reasons(corpus) == [BAD + "it is a link or no regular file"] * 2


def test_a_file_that_is_ignored_tells_nothing(tmp_path: Path) -> None:
    """Settings of the folder have the last word."""
    settings = ("data/.rights-search.toml", b'ignore = ["account.js"]')
    members = [settings, ("data/account.js", account()), ("data/tweets.js", POSTS)]
    assert authors(in_folder(tmp_path, members)) == [()]


def test_a_damaged_file_of_an_account_stops_nothing(tmp_path: Path) -> None:
    """In a ZIP archive it leaves the posts without an author, and says so."""
    path = in_zip(tmp_path, [("data/account.js", account()), ("data/tweets.js", POSTS)])
    data = bytearray(path.read_bytes())
    data[50] ^= 0xFF  # of what the first member is packed into
    path.write_bytes(data)
    assert authors(path) == [()]
    assert any("it cannot be unpacked: " in reason for reason in reasons(path))


def test_what_breaks_off_behind_the_account_is_told_once(tmp_path: Path) -> None:
    """A tar archive that is cut short gives the posts before the cut, and one error."""
    members = [("tweets.js", POSTS), ("account.js", account()), ("tweets-part1.js", POSTS)]
    path = in_tar(tmp_path, members)
    path.write_bytes(gzip.decompress(path.read_bytes())[: 5 * 512 + 100])
    found = list(read(path))
    (error,) = (item for item in found if isinstance(item, ReadError))
    assert "in the middle" in error.reason
    assert [item.authors for item in found if isinstance(item, Post)] == [("Example Watch",)]


@packed
def test_check_says_where_the_author_is_from(tmp_path: Path, pack: Pack) -> None:
    """And the place of the post is its own."""
    path = pack(tmp_path, [("data/account.js", account()), ("data/tweets.js", POSTS)])
    (post,) = (item for item in check(path) if isinstance(item, CheckedPost))
    assert dict(post.origins)["authors"] == "account.js beside it"
    assert str(post.post.provenance).endswith("data/tweets.js:1")


def test_a_post_that_names_its_author_keeps_it(tmp_path: Path) -> None:
    """What the file says is a default."""
    told = POSTS.replace(b'"lang"', b'"user": {"name": "Ada Example"}, "lang"')
    corpus = in_folder(tmp_path, [("data/account.js", account()), ("data/tweets.js", told)])
    assert authors(corpus) == [("Ada Example",)]


def test_posts_are_read_again_when_their_account_changes(tmp_path: Path) -> None:
    """Their own file did not change; and nothing else is read."""
    told = ("data/account.js", account())
    posts = ("data/tweets.js", POSTS)
    other = ("data/note.jsonl", b'{"title": "A title", "text": "A text."}\n')
    corpus = in_folder(tmp_path, [told, posts, other])
    archive = Archive.create(tmp_path / "index")
    assert archive.sync(corpus).files_read == 2
    assert archive.sync(corpus).files_read == 0
    in_folder(tmp_path, [("data/account.js", account("Second Example"))])
    summary = archive.sync(corpus)
    assert (summary.files_read, summary.changed, summary.unchanged) == (1, 1, 1)
    assert [hit.post.authors for hit in archive.search("journalists")] == [("Second Example",)]
    (corpus / "data" / "account.js").unlink()
    assert archive.sync(corpus).changed == 1
    assert [hit.post.authors for hit in archive.search("journalists")] == [()]


def _written(value: object) -> bytes:
    """Return JSON as Facebook and Instagram write it: each byte of UTF-8 as a character."""
    return json.dumps(value, ensure_ascii=False).encode().decode("latin-1").encode()


def person(**labels: str) -> bytes:
    """Return the file of an account of Instagram, whose labels are those of its pages."""
    values = {label.replace("_", " "): {"value": name} for label, name in labels.items()}
    return _written({"profile_user": [{"title": "User Information", "string_map_data": values}]})


WORDS = "The court ordered the release of nine journalists."
STATUS = _written([{"timestamp": 1400000000, "data": [{"post": WORDS}]}])
PICTURE = _written([{"media": [{"creation_timestamp": 1400000000, "title": WORDS}]}])
NAMED = {"full_name": "Observatório Example"}
FACEBOOK = ("personal_information/profile_information/profile_information.json", NAMED)
LAYOUTS = {
    "Facebook 2018": (
        ("posts/your_posts.json", STATUS),
        ("profile_information/profile_information.json", _written({"profile": {"name": NAMED}})),
    ),
    "Facebook 2019": (
        ("posts/your_posts_1.json", STATUS),
        ("profile_information/profile_information.json", _written({"profile_v2": {"name": NAMED}})),
    ),
    "Facebook": (
        ("your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json", STATUS),
        (FACEBOOK[0], _written({"profile_v2": {"name": NAMED}})),
    ),
    "Facebook groups": (
        (
            "your_activity_across_facebook/groups/group_posts_and_comments.json",
            _written({"group_posts_v2": json.loads(STATUS)}),
        ),
        (FACEBOOK[0], _written({"profile": {"name": "Observatório Example"}})),
    ),
    "Instagram 2018": (
        (
            "media.json",
            _written({"photos": [{"caption": WORDS, "taken_at": "2014-05-13", "path": "a.jpg"}]}),
        ),
        ("profile.json", _written({"name": "Observatório Example", "username": "example"})),
    ),
    "Instagram 2021": (
        ("content/posts_1.json", PICTURE),
        (
            "personal_information/personal_information.json",
            person(Username="example", Name="Observatório Example"),
        ),
    ),
    "Instagram": (
        ("your_instagram_activity/media/posts_1.json", PICTURE),
        (
            "personal_information/personal_information/personal_information.json",
            person(Nome_de_usuário="example", Nome="Observatório Example"),
        ),
    ),
    "Reddit": (
        ("comments.csv", f"id,permalink,date,body\na,,2014-05-13 10:00:00 UTC,{WORDS}\n".encode()),
        ("statistics.csv", "statistic,value\naccount name,Observatório Example\n".encode()),
    ),
}


@packed
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_author_stands_elsewhere_in_the_download(
    tmp_path: Path, pack: Pack, layout: str
) -> None:
    """In a folder of it, in one that is deeper, beside the posts; below whatever folder it is."""
    members = [(f"download/{name}", data) for name, data in LAYOUTS[layout]]
    path = pack(tmp_path, members)
    assert authors(path) == [("Observatório Example",)]
    (told,) = reasons(path)
    assert "who has the account, and no post" in told or "tells who wrote the posts" in told


def test_the_root_of_an_archive_is_no_different(tmp_path: Path) -> None:
    """Programs pack a download with and without a folder around it."""
    assert authors(in_zip(tmp_path, LAYOUTS["Facebook"])) == [("Observatório Example",)]


def test_what_others_wrote_is_not_by_the_account(tmp_path: Path) -> None:
    """Facebook keeps beside one's posts those that others left on one's page."""
    others = ("posts/other_people's_posts_to_your_timeline.json", STATUS)
    corpus = in_folder(tmp_path, [others, LAYOUTS["Facebook 2018"][1]])
    assert authors(corpus) == [()]


def test_a_comment_of_facebook_names_its_author(tmp_path: Path) -> None:
    """It is what its author wrote, with the words of the comment as its text."""
    comment = {"timestamp": 1400000000, "comment": WORDS, "author": "Ada Exámple"}
    told = _written({"comments_v2": [{"timestamp": 1400000000, "data": [{"comment": comment}]}]})
    (post,) = read(in_folder(tmp_path, [("comments_and_reactions/comments.json", told)]))
    assert isinstance(post, Post)
    assert (post.paragraphs, post.authors) == ((WORDS,), ("Ada Exámple",))


@pytest.mark.parametrize(
    "label",
    [
        "Username",
        "Nom d\u2019utilisateur",
        "Nombre de usuario",
        "Имя пользователя",
        "اسم المستخدم",
        "Benutzername",
        "Nome de utilizador",
    ],
)
def test_labels_are_in_the_language_of_whoever_downloads(tmp_path: Path, label: str) -> None:
    """Without a name that is shown, the account's own stands."""
    told = (LAYOUTS["Instagram"][1][0], person(**{label: "example"}))
    assert authors(in_folder(tmp_path, [LAYOUTS["Instagram"][0], told])) == [("example",)]


def test_labels_that_are_not_known_are_told(tmp_path: Path) -> None:
    """Else nobody would learn why the posts have no author."""
    told = (LAYOUTS["Instagram"][1][0], person(Gebruikersnaam="example"))
    corpus = in_folder(tmp_path, [LAYOUTS["Instagram"][0], told])
    assert authors(corpus) == [()]
    assert [told for told in reasons(corpus) if "under labels that are not known" in told]


def test_a_part_of_a_download_knows_its_author(tmp_path: Path) -> None:
    """A folder of it, and a file, are read as in the whole: as settings above a corpus are."""
    corpus = in_folder(tmp_path, LAYOUTS["Facebook"])
    folder = corpus / "your_facebook_activity" / "posts"
    (file,) = folder.iterdir()
    assert authors(folder) == authors(file) == authors(corpus)


def test_above_a_corpus_a_file_of_somebody_else_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a shared machine anybody could put one there."""
    corpus = in_folder(tmp_path, LAYOUTS["Facebook"])
    monkeypatch.setattr("rights_search.ingest.files.is_own", lambda _: False)
    assert authors(corpus / "your_facebook_activity") == [()]
    assert authors(corpus) == [("Observatório Example",)]


def test_no_folder_that_is_a_link_is_followed_to_an_account(tmp_path: Path) -> None:
    """It could lead to the download of whoever reads the corpus."""
    private = in_folder(tmp_path / "private", [LAYOUTS["Facebook"][1]])
    corpus = in_folder(tmp_path, [LAYOUTS["Facebook"][0]])
    (corpus / "personal_information").symlink_to(private / "personal_information")
    assert authors(corpus) == [()]


def test_a_folder_that_is_ignored_tells_nothing(tmp_path: Path) -> None:
    """Nor does a file in it; what is ignored for other folders is."""
    settings = (".rights-search.toml", b'ignore = ["personal_information/"]')
    below = ("your_facebook_activity/.rights-search.toml", b'ignore = ["photos/*.json"]')
    assert authors(in_folder(tmp_path, [settings, below, *LAYOUTS["Facebook"]])) == [()]


def test_posts_are_read_again_when_an_account_elsewhere_changes(tmp_path: Path) -> None:
    """Its file is none of the folder of the posts."""
    corpus = in_folder(tmp_path, LAYOUTS["Facebook"])
    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus)
    (corpus / FACEBOOK[0]).write_bytes(_written({"profile": {"name": "Second Example"}}))
    assert archive.sync(corpus).changed == 1
    assert [hit.post.authors for hit in archive.search("journalists")] == [("Second Example",)]


def test_two_downloads_side_by_side_are_not_mixed(tmp_path: Path) -> None:
    """One whose file was not downloaded has no author, whatever lies beside its folder."""
    other = LAYOUTS["Facebook"][1]
    corpus = in_folder(tmp_path, [("first/posts/your_posts_1.json", STATUS), other])
    assert authors(corpus) == [()]


def test_a_comment_of_instagram_is_by_the_account(tmp_path: Path) -> None:
    """Its words stand under a label of the user's language; what was liked is no post."""
    said = {"Comentário": {"value": WORDS}, "Hora": {"timestamp": 1400000000}}
    liked = {"Hora": {"value": "x", "timestamp": 1400000000}}
    told = [
        {"string_map_data": {"Media Owner": {"value": "x"}, **said}},
        {"title": "x", "string_map_data": liked},
        {"title": "x", "string_list_data": [{"value": "x", "timestamp": 1400000000}]},
    ]
    name = "your_instagram_activity/comments/post_comments_1.json"
    corpus = in_folder(tmp_path, [(name, _written(told)), LAYOUTS["Instagram"][1]])
    (post,) = (item for item in read(corpus) if isinstance(item, Post))
    assert (post.paragraphs, post.authors) == ((WORDS,), ("Observatório Example",))
    assert str(post.date) == "2014-05-13"
    assert any("2 records left out: what was liked" in reason for reason in reasons(corpus))
