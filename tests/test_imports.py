"""The import rule of docs/architecture.md, and what a command may load."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path

import pytest

import rights_search
from rights_search.search.searching import ENOUGH

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "rights_search"

LAYERS = (
    [
        *"post errors results fields analysis words geography vocabulary".split(),
        *"languages names version index_files file_lock post_records".split(),
        *"values patterns stand_ins wording garbage safe_text toml_text json_text".split(),
    ],
    "ingest tagging query snippets links".split(),
    "engines".split(),
    "archive open_index indexing search watches result_records exports".split(),
    "cli __main__".split(),
)
LAYER = {part: number for number, parts in enumerate(LAYERS) for part in parts}
SIDEWAYS = {("snippets", "query")}
"""Imports between parts of layer 1, which otherwise know nothing of each other."""

OWNERS = {
    "whoosh": ("engines", "whoosh"),
    "tantivy": ("engines", "tantivy"),
    "numpy": ("engines", "whoosh"),
    "click": ("cli",),
    "rich": ("cli",),
}

ALSO = {("numpy", "links/band_arrays.py")}
"""One module each: bands of many posts at once, where NumPy is there anyway."""


def modules() -> list[Path]:
    """Return every module but the package's front, which only gathers names."""
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Return the dotted names that a module imports, at any depth."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names) if module:
                yield module
                if module == "rights_search":
                    yield from (f"{module}.{alias.name}" for alias in names)


def name_of(path: Path) -> str:
    """Return the dotted name of a module, or of the package that it begins."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def part_of(path: Path) -> str:
    """Return the first part of a module's name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_imports_upward(path: Path) -> None:
    """A module imports lower layers, and its own part of layer 1."""
    here = part_of(path)
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "rights_search" or len(parts) == 1:
            continue
        there = parts[1]
        assert LAYER[there] <= LAYER[here], f"{here} imports {name}"
        if LAYER[here] == LAYER[there] == 1 and here != there:
            assert (here, there) in SIDEWAYS, f"{here} imports {name}"


def needed(path: Path, known: Container[str]) -> set[str]:
    """Return the names of our modules that a module takes something from, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                found.add(inside if inside in known else node.module)
    return {name for name in found if name in known}


def test_no_modules_import_each_other() -> None:
    """No import, be it made at use or for types alone, leads back to where it stands."""
    known = {name_of(path): path for path in modules()}
    graphlib.TopologicalSorter(
        {name: needed(path, known) for name, path in known.items()}
    ).prepare()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_is_imported_where_it_belongs(path: Path) -> None:
    """Only its engine imports Whoosh, Tantivy and, but for `ALSO`, NumPy; only cli click, rich."""
    folder = path.relative_to(PACKAGE).parts[:-1]
    for name in imported(path):
        library = name.split(".")[0]
        owner = OWNERS.get(library)
        if owner is not None and (library, path.relative_to(PACKAGE).as_posix()) not in ALSO:
            assert folder[: len(owner)] == owner, f"{path.name} imports {name}"


def loaded_by(program: str) -> set[str]:
    """Return the names of all modules that a process has loaded after ``program``."""
    code = f"{program}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_library_is_light() -> None:
    """The package alone loads no engine, no reader and no heavy library."""
    heavy = "whoosh tantivy click rich numpy lxml yaml dateutil rapidfuzz ahocorasick_rs"
    loaded = loaded_by("import rights_search")
    assert not loaded & set(heavy.split())
    assert not {name for name in loaded if name.startswith("rights_search.ingest")}


def test_a_search_loads_no_reader_and_no_tagger() -> None:
    """Searching needs nothing that only indexing needs, be it in memory."""
    program = (
        "import rights_search\n"
        "archive = rights_search.Archive.create(None)\n"
        "archive.search('torture country:RU', facets=('country',))"
    )
    loaded = loaded_by(program)
    unwanted = "tantivy click rich numpy lxml yaml dateutil rapidfuzz ahocorasick_rs".split()
    assert not loaded & set(unwanted)
    parts = ("rights_search.ingest", "rights_search.tagging", "rights_search.cli")
    assert not {name for name in loaded if name.startswith(parts)}


MAY_LOAD = {
    "click": (
        "_compat _utils core decorators exceptions formatting globals parser termui types utils"
    ),
    "rights_search": (
        "__main__ analysis archive errors fields garbage geography index_files indexing json_text "
        "languages names open_index patterns post post_records results safe_text search snippets "
        "stand_ins values version vocabulary words"
    ),
    "rights_search.geography": "territories",
    "rights_search.indexing": "manifest vocabulary_store",
    "rights_search.search": "asking facet_labels linked questions searching",
    "rights_search.vocabulary": "themes vocabulary",
    "rights_search.words": "chinese inflection scripts transcription",
    "rights_search.words.inflection": "arabic cyrillic latin rules",
    "rights_search.cli": ("app blocks commands labels opening options output terminal views words"),
    "rights_search.cli.commands": "query",
    "rights_search.cli.views": "links results",
    "rights_search.engines": "collapsing protocol ranking stored vocabulary whoosh",
    "rights_search.engines.whoosh": (
        "algebra blocks columns contents damage evaluation files handle inflating keeping layout "
        "mappings occurrences pickles places posts_column segment segments snapshots storage "
        "term_table terms"
    ),
    "rights_search.links": "relations store",
    "rights_search.query": (
        "alias_file aliases analysed_post expansion function_words lexer matching nodes parser "
        "preferences words"
    ),
}
"""All that a query of two words loads, beside the standard library: who needs one more module for
it says so here, and pays for it at each start."""

UNUSED = (
    "_hashlib ast base64 bz2 calendar dataclasses datetime decimal difflib dis gettext hashlib "
    "html http inspect ipaddress locale lzma mmap pickle random shutil socket ssl tempfile "
    "threading tokenize urllib.parse urllib.request uuid"
).split()
"""Of the standard library, which is another in each Python, what was once loaded in vain."""


def test_a_query_loads_what_is_listed_and_nothing_else(tmp_path: Path) -> None:
    """The command line loads click, our readers of Whoosh's files, and no library beside."""
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    corpus.mkdir()
    for number in range(ENOUGH):  # of fewer it is asked what may have been meant
        text = f"# On prison {number}\n\n2014-02-05\n\nIn Cairo: torture in prison.\n"
        (corpus / f"{number}.md").write_text(text)
    with rights_search.Archive.create(index) as archive:
        archive.sync(corpus, processes=1)
    loaded = loaded_by(
        "import sys; from rights_search.__main__ import main\n"
        f"sys.argv = ['rights-search', 'query', '--index', {str(index)!r}, 'torture', 'prison']\n"
        "out, sys.stdout = sys.stdout, open('/dev/null', 'w')\n"
        "assert main() == 0\n"
        "sys.stdout = out"
    )
    loaded -= loaded_by("")
    assert loaded.isdisjoint(UNUSED)
    parts = {f"{part}.{name}" for part, names in MAY_LOAD.items() for name in names.split()}
    assert {
        name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names
    } == parts | {*MAY_LOAD}


def test_stock_whoosh_works_beside_ours() -> None:
    """A program that uses both keeps its schemas as pickles, functions of Whoosh inside."""
    loaded_by(
        "import pickle\n"
        "import rights_search\n"
        "rights_search.Archive.create(None)\n"
        "from whoosh import analysis, fields, filedb\n"
        "schema = fields.Schema(a=fields.TEXT(analyzer=analysis.StemmingAnalyzer()))\n"
        "assert pickle.loads(pickle.dumps(schema)) == schema\n"
        "from whoosh.filedb.filestore import RamStorage\n"
        "index = RamStorage().create_index(schema)\n"
        "writer = index.writer()\n"
        "writer.add_document(a='prisons')\n"
        "writer.commit()\n"
        "assert index.doc_count() == 1\n"
    )


def test_every_public_name_is_there() -> None:
    """Each name of ``__all__`` can be had, and no other is made up."""
    for name in rights_search.__all__:
        assert getattr(rights_search, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = rights_search.nonsense  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name",
    (
        "results indexing/sync_results search/faceting search/similar search/timeline "
        "watches/news".split()
    ),
)
def test_what_an_archive_gives_back_is_public(name: str) -> None:
    """A program can name, in its annotations, every value that it is given."""
    tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert {name for name in classes if not name.startswith("_")} <= set(rights_search.__all__)
