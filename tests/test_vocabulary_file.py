"""A user's own vocabulary: what it adds, what it replaces, and what is wrong with it."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.post import Evidence, Post, Provenance
from rights_search.tagging.themes import tag_themes
from rights_search.vocabulary import file as vocabulary_file
from rights_search.vocabulary import groups, themes
from rights_search.vocabulary.vocabulary import Vocabulary, built_in, term_languages, using

FILE = """
leave-out = ["arms-trade"]

[themes.internet-shutdowns]
label = "Internet shutdowns"
labels.fr = "Coupures d'internet"
area = "freedoms"
names = ["Network outages"]
source-labels = ["Shutdowns", "Protest"]
terms.en.strong = ["internet shutdown", "(mobile|network) blackout"]
terms.en.weak = ["throttl*"]

[themes.torture]
names = ["Third degree"]
terms.en.strong = ["third degree"]

[themes.whaling]
label = "Whaling"

[groups.fishers]
label = "Fishing communities"
source-labels = ["Fisheries"]
terms.en.strong = ["fisher(folk|men|women)"]

[masks]
en = ["news blackout"]
"""


def parse(text: str, **values: bool) -> Vocabulary:
    """Return the vocabulary of a file that is called my.toml."""
    return vocabulary_file.parse(text, "my.toml", is_json=values.get("is_json", False))


def post(body: str, **values: Any) -> Post:
    """Return an English post."""
    provenance = Provenance("a.txt", "0" * 64, "plain")
    return Post("0" * 12, "A title", (body,), provenance, language="en", **values)


def test_it_adds_to_ours() -> None:
    """New themes and groups stand beside ours, old ones keep what the file leaves alone."""
    with using(parse(FILE)):
        assert themes.areas()["freedoms"][-1] == "internet-shutdowns"
        assert themes.areas()["other"] == ("whaling",)
        assert themes.label("internet-shutdowns", "fr") == "Coupures d'internet"
        assert themes.label("whaling", "fr") == "Whaling"
        assert themes.resolve("network outages") == ("internet-shutdowns",)
        assert themes.resolve("third degree") == themes.resolve("Tortura") == ("torture",)
        assert themes.label("torture", "de") == "Folter und andere Misshandlung"
        assert themes.resolve("arms trade") == ()
        assert groups.ids()[-1] == "fishers"


def test_a_users_source_label_counts_before_a_name_of_ours() -> None:
    """What the user says that a label means is what it means."""
    assert themes.resolve("Protest") == ("assembly-association",)
    with using(parse(FILE)):
        assert themes.resolve("Protest") == ("internet-shutdowns",)
        tagged = tag_themes(post("Nothing here.", source_tags=("protest", "Fisheries")))
    assert [tag.value for tag in tagged.themes] == ["internet-shutdowns"]
    assert tagged.groups[0].evidence == (Evidence("source_tags", "Fisheries", "source label"),)


def test_posts_are_tagged_with_it() -> None:
    """Its terms are found beside ours, masks included, with reasons as ever."""
    text = "A network blackout hid the torture of fishermen. There was a news blackout."
    with using(parse(FILE)):
        tagged = tag_themes(post(text))
    assert {tag.value for tag in tagged.themes} == {"internet-shutdowns", "torture"}
    (fishers,) = (tag for tag in tagged.groups if tag.value == "fishers")
    assert fishers.evidence[0].words == "fishermen"


def test_it_replaces_ours() -> None:
    """With extends = false nothing of ours is left, not even the terms."""
    text = '[themes.whaling]\nlabel = "Whaling"\nterms.is.strong = ["hvalveiðar"]'
    own = parse(f"extends = false\n{text}")
    assert term_languages(own) == ("is",)
    with using(own):
        assert themes.ids() == ("whaling",)
        assert groups.ids() == ()
        assert tag_themes(post("Torture and whaling.")).themes == ()


def test_json_says_the_same(tmp_path: Path) -> None:
    """What TOML can say JSON can say; stored and read again it is the same vocabulary."""
    toml = tmp_path / "own.toml"
    toml.write_text(FILE, encoding="utf-8")
    own = vocabulary_file.load(toml)
    as_json = tmp_path / "own.json"
    as_json.write_text(own.origin, encoding="utf-8")
    again = vocabulary_file.load(as_json)
    assert again.themes == own.themes
    assert again.groups == own.groups
    assert again.own_terms == own.own_terms
    assert again.fingerprint == own.fingerprint


def test_fingerprints() -> None:
    """A change of any term is another vocabulary; ours has no fingerprint."""
    other = parse(FILE.replace("blackout", "outage"))
    assert len({parse(FILE).fingerprint, other.fingerprint, built_in().fingerprint}) == 3
    assert built_in().fingerprint == ""


def test_it_travels_between_processes() -> None:
    """A process that tags for another one can be sent the vocabulary."""
    own = parse(FILE)
    again = pickle.loads(pickle.dumps(own))
    assert (again.themes, again.own_terms) == (own.themes, own.own_terms)


THEME = "[themes.x]\nlabel = 'X'\n"
WRONG = [
    ("a = ", "is no valid TOML: Invalid value (at end of document)"),
    ("a." * 5_000 + "b = 1", "is no valid TOML: too many dots in its lines"),
    (("a." * 300 + "b = 1\n") * 50, "is no valid TOML: too many dots in its lines"),
    ("extends = false", "there is neither a theme nor a group"),
    ("extends = 1", "extends must be true or false, without quotes"),
    ("topics = 1", "the file: there is no key 'topics'; there are areas, extends"),
    ("[themes.x]\nlable = 'X'", "themes.x: there is no key 'lable'; did you mean 'label'?"),
    ("[themes.x]", 'themes.x needs a label, such as label = "Internet shutdowns"'),
    ("[themes.X]\nlabel='X'", "themes: 'X' is no id; an id has small letters, digits"),
    ("[groups.none]\nlabel='X'", "groups: 'none' is no id; in a query it stands for no value"),
    (f"{THEME}area='freedom'", "themes.x.area: there is no area 'freedom'; did you mean"),
    (f"{THEME}labels.eng='X'", "themes.x.labels: 'eng' is no language; write the ISO 639-1"),
    (f"{THEME}names='X'", 'themes.x.names must be a list of texts, such as ["one", "two"]'),
    (f"{THEME}names=['']", "themes.x.names, text 1 must be a text of at most 200 characters"),
    (f"{THEME}terms.en=['a']", "themes.x.terms.en must be a table"),
    (f"{THEME}terms.en.strong=['(b']", "themes.x.terms.en.strong, text 1: '(b' has a bracket"),
    (f"{THEME}terms.en.strong=['*']", "themes.x.terms.en.strong, text 1: '*' must begin with"),
    (f"{THEME}terms.en.weak=['a{5 * ' ... b'}']", "is open in more than 4 places"),
    (f"{THEME}terms.en.weak=['{9 * '(a|b)'}']", "stands for more than 500 forms"),
    ("leave-out=['torturre']", "leave-out: there is no theme or group 'torturre'; did you mean"),
    ("themes = []", "themes must be a table"),
    ("[masks]\nen = 1", "masks.en must be a list of texts"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_said_in_one_line(text: str, message: str) -> None:
    """The message names the file and the key, and what to write."""
    with pytest.raises(ReadError) as caught:
        parse(text)
    assert message in caught.value.reason
    assert str(caught.value).startswith("my.toml: ")
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing, a binary and a huge file are errors of one line."""
    with pytest.raises(ReadError, match=r"gone\.toml: cannot be read: No such file"):
        vocabulary_file.load(tmp_path / "gone.toml")
    path = tmp_path / "own.json"
    path.write_bytes(b'{"themes":\n"\xff"}')
    with pytest.raises(ReadError, match=r"own\.json:2: is not in UTF-8"):
        vocabulary_file.load(path)
    path.write_bytes(b" " * (vocabulary_file.MAX_BYTES + 1))
    with pytest.raises(ReadError, match="is larger than 1 MiB, the limit"):
        vocabulary_file.load(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(["themes", "groups", "areas", "masks", "extends", "leave-out", "x"])
INNER = st.sampled_from(["label", "labels", "terms", "names", "area", "en", "strong", "x-y"])
SHAPES = st.dictionaries(
    KEYS, JSON | st.dictionaries(INNER, JSON | st.dictionaries(INNER, JSON)), max_size=4
)


@given(SHAPES | JSON)
def test_any_json_is_a_vocabulary_or_an_error_of_one_line(record: Any) -> None:
    """Whatever a file holds, it is understood or refused with its name."""
    reason = ""
    try:
        own = vocabulary_file.parse(json.dumps(record), "own.json", is_json=True)
    except ReadError as error:
        reason = str(error)
    assert reason.startswith("own.json: ") if reason else own.themes or own.groups
    assert len(reason.splitlines()) <= 1
