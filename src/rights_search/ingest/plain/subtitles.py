"""The reader of subtitles, SubRip and WebVTT: what is said in a film, as one post.

Of the codes of time only how long the film is at least is kept. Speakers stay in the text,
as people write them in a transcript: ``Name: words``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from rights_search.ingest.cleaning import normalise
from rights_search.ingest.encodings.decoding import read_text
from rights_search.ingest.lines import Line, Places, split_lines
from rights_search.ingest.page_words import ends_with_full_stop
from rights_search.ingest.source import Draft, Record, Source
from rights_search.languages import language_code


def read_subtitles(source: Source) -> Iterator[Record]:
    """Yield the post that subtitles are; nothing where no word is in them.

    Its title is that of a WebVTT file's first line, or else the name of the file, of which a
    language at the end (``name.en.vtt``) is that of the post.

    Raises:
        ReadError: if the file is no text, too large or damaged.
    """
    decoded = read_text(source)
    lines = split_lines(decoded.text)
    cues = list(_cues(lines))
    paragraphs = tuple(_paragraphs(cues))
    if not paragraphs:
        return
    written = [line for line in lines if line.text]
    header = dict(_header(lines))
    name, language = _named(source)
    title = header.get("title")
    yield Draft(
        paragraphs=paragraphs,
        span=Places(source, decoded).span(written[0], written[-1]),
        title=title or name,
        url=source.url,
        language=header.get("language") or language,
        notes=(*decoded.notes, f"subtitles of {_clock(max(cue.end for cue in cues))}"),
        encoding=decoded.encoding,
        origins=(("title", "subtitles: first line" if title else "name of the file"),),
    )


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is shown at one time.

    Args:
        start: when it appears, in seconds.
        end: when it is gone, in seconds.
        lines: its text as it stands in the file, codes included.
    """

    start: float
    end: float
    lines: tuple[str, ...]


_CLOCK = r"(?:(\d{1,4}):)?(\d\d):(\d\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_NO_TEXT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|\Z)")
_HEADER = re.compile(r"(?P<key>[A-Za-z]+)\s*:\s*(?P<value>\S.*)")
_SPEAKER = re.compile(r"<v(?:\.[\w.-]*)?\s+([^<>]{1,100})>")
_CODE = re.compile(r"</?[A-Za-z][^<>]{0,200}>|<[\d:.]{5,15}>|\{\\[^{}]{0,100}\}")
# Marks of another speaker, or the name; "-5 °C" is none.
_CHANGE = re.compile(r">>|[-–—] ?(?=[^\W\d])|[^\W\d_][^:：.!?]{0,40}[:：](?:\s|\Z)")
_PAUSE_S = 4.0
"""A pause of so many seconds parts paragraphs."""
_LONG_CHARS = 500
"""A paragraph this long ends with its sentence."""
_MOST_CHARS = 2000
"""A paragraph this long ends where it is: what a program has heard has no sentences."""
_ROLLING_WORDS = 3


def _cues(lines: Sequence[Line]) -> Iterator[_Cue]:
    """Yield what is shown, in order: all between two codes of time but numbers and notes."""
    times = [(place, found) for place, line in enumerate(lines) if (found := _timed(line.raw))]
    ends = (*(place for place, _ in times), len(lines))[1:]
    for (place, (start, end)), stop in zip(times, ends, strict=True):
        is_last = stop == len(lines)
        inner = [line.raw for line in lines[place + 1 : stop]]
        yield _Cue(start, end, tuple(_shown(inner, is_last=is_last)))


def _shown(lines: list[str], *, is_last: bool) -> Iterator[str]:
    # The number or name of the next one stands right above its time, below a blank line.
    if not is_last and lines and lines[-1].strip() and (len(lines) == 1 or not lines[-2].strip()):
        lines = lines[:-1]
    is_note, is_below_blank = False, False
    for line in lines:
        if is_below_blank:
            is_note = _NO_TEXT.match(line) is not None
        is_below_blank = not line.strip()
        if not is_note and not is_below_blank:
            yield line


def _timed(line: str) -> tuple[float, float] | None:
    found = _TIMES.fullmatch(line) if "-->" in line else None
    if found is None:
        return None
    parts = found.groups("0")
    return _seconds(*parts[:4]), _seconds(*parts[4:])


def _seconds(hours: str, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _paragraphs(cues: Sequence[_Cue]) -> Iterator[str]:
    """Yield what is said, parted where another speaks, after a pause, or where it gets long."""
    said: list[str] = []
    chars = 0
    for text, is_apart in _spoken(cues):
        if said and (is_apart or _is_full(said[-1], chars)):
            yield " ".join(said)
            said, chars = [], 0
        said.append(text)
        chars += len(text)
    if said:
        yield " ".join(said)


def _is_full(last: str, chars: int) -> bool:
    return chars > _MOST_CHARS or (chars > _LONG_CHARS and ends_with_full_stop(last))


def _spoken(cues: Sequence[_Cue]) -> Iterator[tuple[str, bool]]:
    """Yield the lines without codes, and of each whether a paragraph begins with it."""
    above, speaker, end = "", "", 0.0
    for cue in cues:
        is_apart, end = cue.start - end > _PAUSE_S, cue.end
        names = [name for line in cue.lines for name in _SPEAKER.findall(line)[:1]]
        if not names and speaker:
            speaker, is_apart = "", True
        for raw in cue.lines:
            text = normalise(html.unescape(_CODE.sub("", _SPEAKER.sub("", raw))))
            # Captions that roll show each line again above the next one.
            if not text or (text == above and len(text.split()) >= _ROLLING_WORDS):
                continue
            above = text
            is_apart = is_apart or _CHANGE.match(text) is not None
            text = text.lstrip("> ") if text.startswith(">>") else text
            if (named := _SPEAKER.search(raw)) and named[1] != speaker:
                speaker, is_apart = named[1], True
                text = f"{normalise(speaker)}: {text}"
            if text:
                yield text, is_apart
                is_apart = False


def _header(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Yield what a WebVTT file says of itself, by lower-case keys; its first line is the title."""
    if not lines or not lines[0].text.startswith("WEBVTT"):
        return
    title = lines[0].text.removeprefix("WEBVTT").strip(" -–—")
    if title:
        yield "title", title
    for line in lines[1:]:
        found = _HEADER.fullmatch(line.text)
        if found is None:
            return
        yield found["key"].lower(), found["value"]


def _named(source: Source) -> tuple[str, str | None]:
    """Return the name of a file without its endings, and the language that one of them is."""
    path = PurePosixPath(source.member.path if source.member is not None else source.file_name)
    name = path.name.removesuffix(path.suffix) if path.suffix.lower() in _SUFFIXES else path.name
    stem, _, ending = name.rpartition(".")
    language = language_code(ending) if stem else None
    return normalise((stem if language else name).replace("_", " ")), language


_SUFFIXES = (".srt", ".vtt")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
