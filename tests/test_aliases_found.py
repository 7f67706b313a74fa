"""Posts in German and Portuguese, found from other languages and in any inflection."""

from __future__ import annotations

import pytest

from rights_search import Archive

POSTS = {
    "de": (
        "Lagebericht\n\nDie Behörden verweigern den Flüchtlingen in Kiew seit Wochen jede Hilfe, "
        "und die Häftlinge sprechen von Folter. Menschenrechtsverletzungen bleiben ohne Folgen."
    ),
    "pt": (
        "Relatório anual\n\nAs autoridades não protegem os refugiados, e as prisões de Moscovo "
        "estão cheias. Os policiais que praticaram atos de tortura não foram punidos pelo tribunal."
    ),
}


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive of the posts, with each engine."""
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "corpus").mkdir()
    for name, text in POSTS.items():
        (folder / "corpus" / f"{name}.txt").write_text(text, encoding="utf-8")
    archive = Archive.open_or_create(folder / "index", engine=request.param)
    archive.sync(folder / "corpus")
    return archive


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("refugee", {"de", "pt"}),
        ("беженцы", {"de", "pt"}),
        ("Flüchtling", {"de", "pt"}),
        ("Flüchtlinge", {"de", "pt"}),
        ("torture", {"de", "pt"}),
        ("Kyiv", {"de"}),
        ("Häftling", {"de"}),
        ("Menschenrechtsverletzung", {"de"}),
        ("Moscow", {"pt"}),
        ("prisão", {"pt"}),
        ("policial", {"pt"}),
    ],
)
def test_forms_of_german_and_portuguese_are_found(
    archive: Archive, query: str, found: set[str]
) -> None:
    """An alias, an inflection, or the inflection of an alias is found by a default search."""
    assert {hit.post.language for hit in archive.search(query)} == found
    assert {hit.post.language for hit in archive.search(query, mode="exact")} < found
