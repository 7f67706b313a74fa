"""Text that was spoilt before it came to us: repaired where that is certain, never else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.ingest import Source, read_file
from rights_search.ingest.encodings.decoding import decode
from rights_search.ingest.encodings.mojibake import (
    MAX_TIMES,
    may_be_spoilt,
    repaired,
    repaired_line,
)
from rights_search.post import Post

SOUND = [
    "L’association a été dissoute après l’arrêt de la cour suprême.",
    "café",
    "À bientôt, dit-il à l’œuvre",
    "“Quoted” text – with a dash…",
    "El año pasado, ¿qué pasó?",
    "São Tomé e Príncipe",
    "Bürgermeister in Österreich",
    "article n° 5 et 25 €",
    "Суд освободил заявителя из-под стражи",
    "أفرجت السلطات عن الصحفي",
    "Łódź, Kraków",
    "日本語のテキストです",
]

# What has the look of damage and is none, or may be none.
LEGITIMATE = [
    "AMANHÃ\u00a0às 5",
    "MANHÃ\u00a0",
    "Â\u00a0",
    "PÅ…",
    "«ROMÂ»",
    "«A IRMÃ»",
    "Рада Європи (РЄ)",
    "Рі",
    "її",
    "Рёбра",
    "Il a aimé”…",
    "Ça – “été”…",
    "SÃO PAULO",
    "ÆØÅ – ÆØÅ…",
    "naïve",
    "MAÑANA",
    "ÉTÉ®",
    "HÔTEL «LE CHÂTEAU»",
    "МВД, ФСБ и СК — «три буквы»",
]


def spoil(text: str, encoding: str, times: int = 1) -> str:
    """Return UTF-8 read in a one-byte encoding, as browsers read it."""
    for _ in range(times):
        text = "".join(
            bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode()
        )
    return text


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1251"])
@pytest.mark.parametrize("sound", SOUND)
def test_spoilt_text_is_repaired(sound: str, encoding: str, times: int) -> None:
    """Once or twice, in the encodings of the West and of Russia, it comes back as it was."""
    spoilt = spoil(sound, encoding, times)
    line, damages = repaired_line(spoilt)
    assert line == sound
    assert len(damages) == times
    assert may_be_spoilt(spoilt.encode())


@pytest.mark.parametrize("text", [*SOUND, *LEGITIMATE])
def test_what_may_be_meant_so_is_left(text: str) -> None:
    """Capitals with signs behind them, and short words of Ukrainian, are no damage."""
    assert repaired_line(text) == (text, ())


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"])))
def test_sound_text_beside_damage_keeps_a_line_as_it_is(text: str) -> None:
    """With one letter that proves the line sound, only signs of three characters change."""
    line = f"été {text}"
    sound, _ = repaired_line(line)
    assert sound == line or "â€" in line


def test_a_line_with_sound_letters_loses_only_impossible_signs() -> None:
    """Which letters are damage cannot be told, but nobody writes a quote in three signs."""
    line, damages = repaired_line("Pépé, the DRCâ€™s delegate, and Ã© as well")
    assert line == "Pépé, the DRC’s delegate, and Ã© as well"
    assert damages == ("UTF-8 read as Windows-1252",)


def test_controls_are_the_signs_of_windows() -> None:
    """A page that calls Windows-1252 Latin-1 and is converted by the letter has these."""
    line, damages = repaired_line("Shafi\x91i \x96 \x93so\x94, 5 \x80")
    assert line == "Shafi‘i – “so”, 5 €"
    assert damages == ("Windows-1252 read as Latin-1",)


def test_colours_of_terminals_are_no_signs() -> None:
    """A log may hold the sequences that colour it."""
    assert repaired_line("\x9b31mred")[0] == "\x9b31mred"


def test_each_line_is_judged_alone() -> None:
    """Lines that were spoilt stand beside others; the notes count them and name the first."""
    text = "\n".join([SOUND[0], spoil(SOUND[0], "cp1252"), "plain", spoil(SOUND[8], "cp1251")])
    repair = repaired(text)
    assert repair.text == "\n".join([SOUND[0], SOUND[0], "plain", SOUND[8]])
    (note,) = repair.notes
    assert note.startswith("2 lines, the first 2, had been saved as UTF-8 read as Windows-1252 and")


@given(st.text())
def test_no_text_makes_it_fail_or_lose_lines(text: str) -> None:
    """Whatever comes in, as many lines come out."""
    repair = repaired(text)
    assert repair.text.count("\n") == text.count("\n")
    assert repair.lines == 0 or repair.text != text


def test_damage_without_end_costs_a_bounded_number_of_steps() -> None:
    """No text is read back more often than it is ever spoilt."""
    spoilt = spoil("é" * 50, "cp1252", MAX_TIMES + 2)
    line, damages = repaired_line(spoilt)
    assert len(damages) <= MAX_TIMES
    assert len(line) < len(spoilt)


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("page.html", "<html><body><article><h1>{0}</h1>\n<p>{0}</p></article></body></html>"),
        ("post.txt", "{0}\n\n{0} And more of it.\n"),
        ("post.md", "# {0}\n\n{0}\n"),
    ],
)
def test_every_text_format_repairs_and_says_so(tmp_path: Path, name: str, markup: str) -> None:
    """A post of spoilt text is readable, and marked."""
    path = tmp_path / name
    path.write_text(markup.format(spoil(SOUND[0], "cp1252")), encoding="utf-8")
    (post,) = read_file(Source(path, name, "0"))
    assert isinstance(post, Post)
    assert SOUND[0] in f"{post.title} {post.body}"
    assert any("had been saved as UTF-8 read as Windows-1252" in note for note in post.notes)


def test_a_record_of_a_stream_is_marked_alone(tmp_path: Path) -> None:
    """Of many records in a file, the note stands at the one that was spoilt."""
    records = [{"title": "A", "text": text} for text in (SOUND[0], spoil(SOUND[0], "cp1252"))]
    path = tmp_path / "posts.jsonl"
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    first, second = read_file(Source(path, "posts.jsonl", "0"))
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert first.body == second.body == SOUND[0]
    assert first.notes == ()
    assert second.notes == ("it had been saved as UTF-8 read as Windows-1252: repaired",)


def test_a_spoilt_page_of_one_byte_is_repaired_as_well() -> None:
    """A file may be in Windows-1252 and hold text that was spoilt before."""
    found = decode(spoil("déjà vu, café", "cp1252").encode("cp1252", "ignore"))
    assert found.text == "déjà vu, café"
