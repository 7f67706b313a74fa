"""The reader of mailboxes (mbox): one mail after the other, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_DOCUMENT_BYTES, open_bounded
from rights_search.ingest.mail.reader import message_records
from rights_search.ingest.member_names import Tally
from rights_search.ingest.source import Record, Source, Span


def read_mbox(source: Source) -> Iterator[Record]:
    """Yield the posts and attachments of every mail in a mailbox.

    A mail that cannot be read is an error with its line, and the next one is read.
    Lines that were quoted because they begin as a mail does are restored.
    """
    tally = Tally(source.name)
    with closing(open_bounded(source)) as stream:
        for number, mail in enumerate(split_mbox(stream), start=1):
            if mail.data is None:
                limit = f"{MAX_DOCUMENT_BYTES // 2**20} MiB, the limit for one mail"
                yield ReadError(source.name, f"is longer than {limit}", line=mail.span.line_start)
                continue
            try:
                yield from message_records(mail.data, source, mail.span, tally, f"mail {number}/")
            except ReadError as error:
                yield error
    yield from tally.told("part")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a mailbox.

    Args:
        data: its bytes without the line that begins it; None if it is too long.
        span: where it stands, that line included.
    """

    data: bytes | None
    span: Span


FROM_LINE = re.compile(rb"From \S[^\n]{0,200}\d\d:\d\d[^\n]{0,60}\d{4}[^\n]{0,20}\r?\n?\Z")
"""The line that begins a mail: an address and the time of delivery, as ctime writes it."""


def split_mbox(stream: IO[bytes]) -> Iterator[Mail]:
    """Yield the mails of a mailbox, which begin with a ``From`` line behind a blank one."""
    lines: list[bytes] = []
    size = 0
    number, offset = 0, 0
    first, start = 1, 0
    is_blank, is_open = True, False
    while line := stream.readline(MAX_DOCUMENT_BYTES):
        number += 1
        if is_blank and line.startswith(b"From ") and FROM_LINE.match(line):
            if is_open:
                yield _mail(lines, size, Span(first, number - 1, start, offset))
            lines, size, first, start, is_open = [], 0, number, offset, True
        else:
            size += len(line)
            if size <= MAX_DOCUMENT_BYTES:
                lines.append(_QUOTED.sub(rb"\1From ", line))
            else:
                lines.clear()
        is_blank = not line.strip()
        offset += len(line)
    if is_open or lines:
        yield _mail(lines, size, Span(first, number, start, offset))


_QUOTED = re.compile(rb"\A>(>*)From ")


def _mail(lines: list[bytes], size: int, span: Span) -> Mail:
    return Mail(b"".join(lines) if size <= MAX_DOCUMENT_BYTES else None, span)
