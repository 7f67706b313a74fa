"""Where the files of an index are: in a folder, in memory, or several in one."""

from __future__ import annotations

import struct
from pathlib import Path
from pickle import dumps
from typing import Any
from zlib import crc32

import pytest

from rights_search.engines.whoosh.files import PAGE_BYTES, Sums
from rights_search.engines.whoosh.storage import CompoundFiles, IndexStorage, MemoryStorage
from rights_search.errors import IndexUnavailableError

NAME, OTHER = "MAIN_0123456789abcdef.seg", "_MAIN_1.toc"
DATA = bytes(number % 251 for number in range(2 * PAGE_BYTES + 100))
PAGES = [crc32(DATA[start : start + PAGE_BYTES]) for start in range(0, len(DATA), PAGE_BYTES)]
Storage = IndexStorage | MemoryStorage


@pytest.fixture(params=["folder", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Return an empty storage of each kind."""
    return IndexStorage(str(tmp_path)) if request.param == "folder" else MemoryStorage()


def test_what_is_written_is_there(storage: Storage) -> None:
    """Under its name, for as long as nobody removes it."""
    with storage.create_file(NAME) as out:
        out.write(DATA[:7])
        out.write(DATA[7:])
    storage.put(OTHER, b"contents")
    assert sorted(storage.list()) == [NAME, OTHER]
    assert storage.file_exists(NAME)
    with storage.open_file(NAME) as file:
        assert (file.length, file.get(0, len(DATA))) == (len(DATA), DATA)
    assert storage.open_file(OTHER).read() == b"contents"
    storage.put(OTHER, b"others")
    assert storage.open_file(OTHER).read() == b"others"
    storage.delete_file(NAME)
    assert storage.list() == [OTHER]
    assert not storage.file_exists(NAME)


@pytest.mark.parametrize("size", [0, 1, PAGE_BYTES, PAGE_BYTES + 1, len(DATA)])
def test_a_file_is_summed_page_by_page(storage: Storage, size: int) -> None:
    """What is known of a file that was just written: nothing is left out, no page counts twice."""
    storage.put(NAME, DATA[:size])
    starts = range(0, size, PAGE_BYTES)
    pages = [crc32(DATA[start : min(start + PAGE_BYTES, size)]) for start in starts]
    found = storage.sum_up(NAME)
    assert (found.size, list(found.pages)) == (size, pages)


def test_a_lock_is_held_by_one(storage: Storage) -> None:
    """The same name is the same lock, another name another one."""
    first, second, other = storage.lock("MAIN_A"), storage.lock("MAIN_A"), storage.lock("MAIN_B")
    assert first.acquire(blocking=False)
    assert not second.acquire(blocking=False)
    assert other.acquire(blocking=False)
    other.release()
    first.release()
    assert second.acquire(blocking=False)
    second.release()


def test_a_lock_is_no_link(tmp_path: Path) -> None:
    """Whoever may write into the folder must not have another file opened for writing."""
    (tmp_path / "MAIN_A").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IndexUnavailableError, match="MAIN_A: it is a link to another place"):
        IndexStorage(str(tmp_path)).lock("MAIN_A")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    """It may be made while it is asked."""
    assert IndexStorage(str(tmp_path / "none")).list() == []


def test_what_is_made_is_private(tmp_path: Path) -> None:
    """Files and locks are their owner's."""
    storage = IndexStorage(str(tmp_path))
    storage.create_file(NAME).close()
    storage.put(OTHER, b"")
    storage.lock("MAIN_A")
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_bytes_of_which_the_checksums_are_known_are_read(tmp_path: Path) -> None:
    """Only if they are right; a page that nobody asks for is not looked at."""
    storage = IndexStorage(str(tmp_path))
    storage.put(NAME, DATA)
    storage.sums = {NAME: Sums(len(DATA), PAGES), OTHER: Sums(0, [])}
    assert storage.open_file(NAME).get(0, len(DATA)) == DATA
    storage.sums = {NAME: Sums(len(DATA), [PAGES[0], 1, 2])}
    file = storage.open_file(NAME)
    assert file.get(0, PAGE_BYTES) == DATA[:PAGE_BYTES]
    for start, place in ((PAGE_BYTES, "16,384 to 32,768"), (2 * PAGE_BYTES, "32,768 to 32,868")):
        with pytest.raises(IndexUnavailableError) as caught:
            file.get(start, 1)
        assert f"({NAME}: its checksum is wrong at the bytes {place})" in str(caught.value)


def test_a_file_of_another_size_is_not_opened(tmp_path: Path) -> None:
    """Both sizes are told, and of which file of which index."""
    storage = IndexStorage(str(tmp_path))
    storage.put(NAME, DATA)
    storage.sums = {NAME: Sums(len(DATA) + 1, PAGES)}
    with pytest.raises(IndexUnavailableError) as caught:
        storage.open_file(NAME)
    assert f"({NAME}: has 32,868 bytes, 32,869 were written)" in str(caught.value)
    assert f"--index {tmp_path}" in str(caught.value)


def test_what_is_wrong_names_the_part_of_the_file(tmp_path: Path) -> None:
    """That of a compound file by its own name, else the file's; and the folder of the index."""
    storage = IndexStorage(str(tmp_path))
    storage.put(NAME, DATA)
    with storage.open_file(NAME) as file:
        for part, name in ((file.subset(0, 9, "MAIN_x"), "MAIN_x"), (file.subset(5, 9), NAME)):
            with pytest.raises(IndexUnavailableError) as caught:
                part.get(0, 10)
            assert f"({name}: points to 10 bytes at 0, which it does not have)" in str(caught.value)
            assert f"--index {tmp_path}" in str(caught.value)
        with pytest.raises(IndexUnavailableError, match=f"{NAME}: has no 9 bytes at -1"):
            file.subset(-1, 9)


def test_a_file_is_open_until_it_is_closed(tmp_path: Path) -> None:
    """To close a part of it does not close it, to close it twice does no harm."""
    storage = IndexStorage(str(tmp_path))
    storage.put(NAME, DATA)
    file = storage.open_file(NAME)
    for part in (file.subset(0, 9), file.subset(1, len(DATA) - 1)):
        part.close()
    assert file.get(0, 1) == DATA[:1]
    for _ in range(2):
        file.close()
        with pytest.raises(AssertionError, match="it is open"):
            file.get(PAGE_BYTES, 1)


def compound(directory: Any) -> CompoundFiles:
    """Return the files of a compound file of eight bytes, "some" and "text", and a directory."""
    storage = MemoryStorage()
    storage.put("MAIN_1.seg", struct.pack("!q", 16) + b"sometext" + dumps(directory, 2))
    return CompoundFiles(storage.open_file("MAIN_1.seg"), "MAIN_1")


def test_several_files_stand_in_one() -> None:
    """Each where the directory says, as long as it says."""
    held = compound({
        "MAIN_1.trm": {"offset": 8, "length": 4},
        "MAIN_1.pst": {"offset": 12, "length": 4},
    })  # fmt: skip
    assert held.list() == ["MAIN_1.trm", "MAIN_1.pst"]
    assert held.open_file("MAIN_1.trm").read() == b"some"
    assert held.open_file("MAIN_1.pst").read() == b"text"
    assert held.file_exists("MAIN_1.pst")
    assert not held.file_exists("MAIN_1.vec")
    with pytest.raises(IndexUnavailableError, match=r"MAIN_1\.seg: has no MAIN_1\.vec in it"):
        held.open_file("MAIN_1.vec")


@pytest.mark.parametrize(
    ("directory", "reason"),
    [
        ([], "its directory is none"),
        ({"MAIN_1.trm": 8}, "its directory has an entry that is none"),
        ({"MAIN_1.trm": {"offset": 8}}, "its directory has an entry that is none"),
        ({"MAIN_1.trm": {"offset": 8, "length": "4"}}, "its directory has an entry that is none"),
        ({5: {"offset": 8, "length": 4}}, "its directory has an entry that is none"),
        ({"MAIN_1.trm": {"offset": 8, "length": 4000}}, "has no 4000 bytes at 8"),
        ({"MAIN_1.trm": {"offset": -8, "length": 4}}, "has no 4 bytes at -8"),
    ],
)
def test_what_is_wrong_with_a_compound_file_is_told(directory: Any, reason: str) -> None:
    """Before any file of it is opened."""
    with pytest.raises(IndexUnavailableError) as caught:
        compound(directory)
    assert f"(MAIN_1.seg: {reason})" in str(caught.value)
