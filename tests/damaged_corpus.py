"""A corpus of which some files are damaged, in more than twenty ways: the same each time."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Make: TypeAlias = Callable[[Path, random.Random], object]

_WORDS = (
    "torture prison arrest justice women children journalists lawyer court trial police protest "
    "execution moratorium freedom expression refugees camp border strike union land water school"
).split()


@dataclass(frozen=True, slots=True)
class Good:
    """A file with one post.

    Args:
        path: relative to the corpus.
        word: a word that no other post has.
        year: of the post.
    """

    path: str
    word: str
    year: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way to be damaged.

    Args:
        suffix: of the file.
        make: writes it; the path is free, and its folder is there.
        posts: how many posts are read before the damage, or beside it.
    """

    suffix: str
    make: Make
    posts: int = 0


def make(folder: Path, files: int, damaged: int) -> tuple[list[Good], dict[str, Way]]:
    """Write a corpus.

    Args:
        folder: empty.
        files: how many files, the damaged ones included.
        damaged: how many of them.

    Returns:
        the good files, and path → way for the damaged ones, which stand among them.
    """
    chance = random.Random(1948)
    places = set(chance.sample(range(files), damaged))
    ways = [*WAYS.values()]
    good: list[Good] = []
    bad: dict[str, Way] = {}
    for number in range(files):
        inner = folder / f"{number // 100:03}"
        inner.mkdir(exist_ok=True)
        stem = inner / f"{number:05}"
        if number in places:
            way = ways[len(bad) % len(ways)]
            path = stem.with_suffix(way.suffix)
            way.make(path, chance)
            bad[path.relative_to(folder).as_posix()] = way
        else:
            good.append(_good(folder, stem, number, chance))
    return good, bad


# --- good ones -----------------------------------------------------------------------------


def _good(folder: Path, stem: Path, number: int, chance: random.Random) -> Good:
    word = "zq" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
    year = 1980 + number % 40  # in which mails were written
    text = f"{_text(chance)} The report speaks of {word}."
    suffix, write = _FORMATS[number % len(_FORMATS)]
    path = stem.with_suffix(suffix)
    path.write_bytes(write(f"A report {number}", year, text))
    return Good(path.relative_to(folder).as_posix(), word, year)


def _text(chance: random.Random) -> str:
    return f"{' '.join(chance.choices(_WORDS, k=25)).capitalize()}."


def _markdown(title: str, year: int, text: str) -> bytes:
    return f"# {title}\n\n{year}\n\n{text}\n".encode()


def _record(title: str, year: int, text: str) -> bytes:
    return json.dumps({"title": title, "date": str(year), "text": text}).encode() + b"\n"


def _packed(title: str, year: int, text: str) -> bytes:
    return gzip.compress(_record(title, year, text), mtime=0)


def _page(title: str, year: int, text: str) -> bytes:
    head = f'<title>{title}</title><meta name="date" content="{year}">'
    return f"<html><head>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


def _letter(title: str, year: int, text: str) -> bytes:
    head = f"From: a@example.org\nSubject: {title}\nDate: Mon, 2 Feb {year} 10:00:00 +0000\n"
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain\n\n{text}\n".encode()


def _archive(title: str, year: int, text: str) -> bytes:
    return _zipped({"a.md": _markdown(title, year, text)})


_FORMATS: tuple[tuple[str, Callable[[str, int, str], bytes]], ...] = (
    (".md", _markdown),
    (".json", _record),
    (".jsonl.gz", _packed),
    (".html", _page),
    (".eml", _letter),
    (".zip", _archive),
)


# --- damaged ones --------------------------------------------------------------------------


def _zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return target.getvalue()


def _some(chance: random.Random) -> bytes:
    return _record("A title", 2014, _text(chance))


def _noise(chance: random.Random, size: int) -> bytes:
    return chance.randbytes(size)


def _cut_gzip(path: Path, chance: random.Random) -> None:
    data = gzip.compress(b"".join(_some(chance) for _ in range(30)), mtime=0)
    path.write_bytes(data[: chance.randrange(12, 40)])


def _spoilt_gzip(path: Path, chance: random.Random) -> None:
    data = bytearray(gzip.compress(_some(chance), mtime=0))
    data[-8] ^= 0xFF  # its checksum
    path.write_bytes(data)


def _cut_zip(path: Path, chance: random.Random) -> None:
    data = _zipped({"a.md": _markdown("A title", 2014, _text(chance))})
    path.write_bytes(data[: len(data) // 2])


def _spoilt_zip(path: Path, chance: random.Random) -> None:
    data = _zipped({"a.md": _markdown("A title", 2014, _text(chance))}, zipfile.ZIP_STORED)
    path.write_bytes(data.replace(b"A title", b"B title"))


def _cut_tar(path: Path, chance: random.Random) -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        data = _markdown("A title", 2014, _text(chance) * 40)
        info = tarfile.TarInfo("a.md")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    path.write_bytes(target.getvalue()[: 512 + chance.randrange(1, 500)])


def _broken_line(path: Path, chance: random.Random) -> None:
    lines = [_some(chance), b'{"title": oops}\n', _some(chance)]
    path.write_bytes(b"".join(lines))


def _half_a_pdf(path: Path, chance: random.Random) -> None:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    path.write_bytes(body + b"%" + bytes(chance.choices(b"abcdef ", k=200)) + b"\n")


def _pdf_of_noise(path: Path, chance: random.Random) -> None:
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + _noise(chance, 900))


def _utf16_cut(path: Path, chance: random.Random) -> None:
    # Its first half is a lone surrogate a character.
    lone = struct.pack("<200H", *(chance.randrange(0xD800, 0xE000) for _ in range(200)))
    path.write_bytes(b"\xff\xfe" + lone + b"x")


def _mail_without_parts(path: Path, chance: random.Random) -> None:
    head = b'From: a@example.org\nSubject: A title\nContent-Type: multipart/mixed; boundary="b"\n\n'
    path.write_bytes(head + b"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n")
    with path.open("ab") as file:
        file.write(bytes(chance.choices(b"!#%&", k=200)))


def _document_without_text(path: Path, _: random.Random) -> None:
    path.write_bytes(_zipped({"[Content_Types].xml": b"<Types/>", "word/styles.xml": b"<w/>"}))


def _spoilt_document(path: Path, chance: random.Random) -> None:
    members = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document><w:body>"}
    path.write_bytes(_zipped({**members, "word/x.xml": _noise(chance, 100)}))


def _many_entities(path: Path, _: random.Random) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9}">' for n in range(1, 9))
    text = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "x">{entities}]><rss>&e8;</rss>'
    path.write_text(text, encoding="ascii")


def _bomb(path: Path, _: random.Random) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    path.write_bytes(
        b"".join((*(packer.compress(bytes(2**20)) for _ in range(64)), packer.flush()))
    )


WAYS: dict[str, Way] = {
    "empty": Way(".md", lambda path, _: path.touch()),
    "blank": Way(".txt", lambda path, _: path.write_bytes(b" \n\t\n\n")),
    "a gzip file that is cut": Way(".jsonl.gz", _cut_gzip),
    "a gzip file with a wrong checksum": Way(".jsonl.gz", _spoilt_gzip, posts=1),
    "a gzip bomb": Way(".gz", _bomb),
    "a ZIP archive that is cut": Way(".zip", _cut_zip),
    "a ZIP archive with a wrong checksum": Way(".zip", _spoilt_zip),
    "a tar archive that is cut": Way(".tar", _cut_tar),
    "UTF-8 that is none": Way(".md", lambda path, chance: path.write_bytes(_noise(chance, 3000))),
    "UTF-16 that is none": Way(".txt", _utf16_cut),
    "a broken line among records": Way(".jsonl", _broken_line, posts=2),
    "JSON that is cut": Way(".json", lambda path, chance: path.write_bytes(_some(chance)[:40])),
    "JSON nested deep": Way(".json", lambda path, _: path.write_bytes(b"[" * 100_000)),
    "records without text": Way(".jsonl", lambda path, _: path.write_bytes(b'{"colour": 1}\n')),
    "a table without names": Way(".csv", lambda path, _: path.write_bytes(b"1,2\n3,4\n")),
    "front matter that never ends": Way(
        ".md", lambda path, _: path.write_bytes(b"---\ntitle: X\ntext\n")
    ),
    "HTML nested deep": Way(".html", lambda path, _: path.write_bytes(b"<p>" + b"<div>" * 9000)),
    "a feed of entities": Way(".xml", _many_entities),
    "half a PDF": Way(".pdf", _half_a_pdf),
    "a PDF of noise": Way(".pdf", _pdf_of_noise),
    "a mail of broken parts": Way(".eml", _mail_without_parts),
    "a document without text": Way(".docx", _document_without_text),
    "a document that is cut": Way(".docx", _spoilt_document),
    "a web archive that is cut": Way(
        ".warc", lambda path, _: path.write_bytes(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n")
    ),
    "a picture": Way(
        ".txt", lambda path, chance: path.write_bytes(b"\x89PNG\r\n\x1a\n" + _noise(chance, 400))
    ),
    "a pipe": Way(".md", lambda path, _: os.mkfifo(path)),
    "a link to a device": Way(".md", lambda path, _: path.symlink_to("/dev/zero")),
    "a link to itself": Way(".md", lambda path, _: path.symlink_to(path.name)),
    "a link to nothing": Way(".md", lambda path, _: path.symlink_to("nothing")),
}
"""What is wrong → how to make such a file."""


def _forbidden(path: Path, chance: random.Random) -> None:
    path.write_bytes(_markdown("A title", 2014, _text(chance)))
    path.chmod(0)


if os.geteuid() != 0:
    # Whom nothing is forbidden, cannot try it.
    WAYS["a file that may not be read"] = Way(".md", _forbidden)
