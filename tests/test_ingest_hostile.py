"""Hostile containers and documents: refused or skipped with the reason, the rest indexed."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read, reading
from rights_search.ingest.mail import reader as mail
from rights_search.post import Post

LINES = b'{"title": "A title", "text": "A text."}\n'
MARKDOWN = b"# A note\n\nIts text.\n"
FIXTURES = Path(__file__).resolve().parent / "fixtures" / "ingest"


def titles(path: Path) -> list[str]:
    """Return the titles of the posts of a file."""
    return [item.title for item in read(path) if isinstance(item, Post)]


def reasons(path: Path) -> list[str]:
    """Return errors as they are shown and skips with their reasons."""
    return [
        str(item) if isinstance(item, ReadError) else f"{item.name} ({item.reason})"
        for item in read(path)
        if isinstance(item, (ReadError, Skipped))
    ]


def zipped(**members: bytes) -> bytes:
    """Return a ZIP archive; ``a_md`` is the member ``a.md``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return target.getvalue()


# --- ZIP ---------------------------------------------------------------------


def overlapping(copies: int) -> bytes:
    """Return a ZIP archive of many members that are all the same compressed bytes."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(20 * 2**20)
    data = packed.compress(content) + packed.flush()
    crc = zlib.crc32(content).to_bytes(4, "little")
    sizes = len(data).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    common = b"\x14\0\0\0\x08\0\0\0\x21\0" + crc + sizes
    local = b"PK\x03\x04" + common + b"\x01\0\0\0" + b"x"
    entries = b"".join(
        b"PK\x01\x02\x14\0" + common + b"\x01\0" + bytes(16) + b"x" for _ in range(copies)
    )
    end = b"PK\x05\x06" + bytes(4) + copies.to_bytes(2, "little") * 2
    places = len(entries).to_bytes(4, "little") + len(local + data).to_bytes(4, "little")
    return local + data + entries + end + places + b"\0\0"


def test_overlapping_members_cost_no_more_than_their_file_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand members of the same bytes end at the bound for the whole file."""
    monkeypatch.setattr(reading, "FREE_TOTAL_BYTES", 64 * 2**20)
    path = tmp_path / "a.zip"
    path.write_bytes(overlapping(10_000))
    *members, last = reasons(path)
    assert last.startswith("a.zip: what it holds expands beyond the limit for one file")
    assert 0 < len(members) < 6
    assert all("200 times its size" in reason for reason in members)


def test_an_archive_that_holds_itself_ends(tmp_path: Path) -> None:
    """A ZIP file whose member is the file again ends at the bound for nesting."""
    path = tmp_path / "a.zip"
    path.write_bytes(quine())
    found = reasons(path)
    assert len(found) == 1
    assert "stands 8 archives deep" in found[0]


def quine() -> bytes:
    """Return a stand-in for a ZIP file that holds itself: more levels than are read."""
    data = zipped(a_md=MARKDOWN)
    for _ in range(reading.MAX_DEPTH + 2):
        data = zipped(r_zip=data)
    return data


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    """The others are read."""
    data = bytearray(zipped(a_md=MARKDOWN, b_md=b"# Another\n\nText.\n"))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert reasons(path) == ["a.zip!/a.md: is encrypted; unpack it with its password"]
    assert titles(path) == ["Another"]


def test_a_member_that_claims_more_than_it_may_is_not_opened(tmp_path: Path) -> None:
    """What the directory says is enough to refuse; what it says too little is no way around."""
    data = bytearray(zipped(a_md=MARKDOWN, b_md=b"# Another\n\nText.\n"))
    size = data.index(b"PK\x01\x02") + 24
    data[size : size + 4] = (3 * 2**30).to_bytes(4, "little")
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert reasons(path) == ["a.zip!/a.md: is 3.0 GiB large by its own word, more than 2 GiB"]
    assert titles(path) == ["Another"]


def test_a_member_that_claims_a_gigabyte_and_holds_little_is_read_or_named(tmp_path: Path) -> None:
    """A claim alone takes no memory."""
    data = bytearray(zipped(a_md=MARKDOWN, b_md=b"# Another\n\nText.\n"))
    size = data.index(b"PK\x01\x02") + 24
    data[size : size + 4] = (2**30).to_bytes(4, "little")
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert titles(path)[-1] == "Another"


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_a_truncated_zip_is_named(tmp_path: Path, share: float) -> None:
    """Without its end no member can be found."""
    data = zipped(a_md=MARKDOWN * 50, b_md=MARKDOWN * 50)
    path = tmp_path / "a.zip"
    path.write_bytes(data[: max(8, int(share * len(data)))])
    (found,) = reasons(path)
    assert found.startswith("a.zip: its ZIP data is cut short or damaged")


def test_a_damaged_member_costs_no_other(tmp_path: Path) -> None:
    """A wrong checksum, or data that cannot be unpacked."""
    data = bytearray(zipped(a_md=MARKDOWN * 50, b_md=b"# Another\n\nText.\n"))
    data[40] ^= 0xFF
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    (found,) = reasons(path)
    assert found.startswith("a.zip!/a.md: ")
    assert titles(path) == ["Another"]


def test_a_list_of_members_has_a_bound(tmp_path: Path) -> None:
    """A directory that claims to be huge is refused before it is read."""
    data = bytearray(zipped(a_md=MARKDOWN))
    size = data.index(b"PK\x05\x06") + 12
    data[size : size + 4] = (2**30).to_bytes(4, "little")
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    (found,) = reasons(path)
    assert found.startswith("a.zip: its list of members is larger than 16 MiB")


@pytest.mark.parametrize(
    ("raw", "flag", "shown"),
    [
        ("Prüfung.md".encode(), 0, "Prüfung.md"),
        ("Prüfung.md".encode(), 0x800, "Prüfung.md"),
        (b"Pr\x81fung.md", 0, "Prüfung.md"),
        (b"a\\b.md", 0, "a/b.md"),
    ],
)
def test_names_in_old_encodings_are_read(tmp_path: Path, raw: bytes, flag: int, shown: str) -> None:
    """UTF-8 without a mark, code page 437, and backslashes."""
    data = zipped(**{"x" * len(raw): MARKDOWN})
    data = data.replace(b"x" * len(raw), raw)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data = data[:at] + flag.to_bytes(2, "little") + data[at + 2 :]
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    (post,) = (item for item in read(path) if isinstance(item, Post))
    assert post.provenance.member == shown


# --- tar ---------------------------------------------------------------------


def tarred(*members: tarfile.TarInfo | tuple[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return target.getvalue()


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """Return a member without content."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_formats_and_long_names(tmp_path: Path, form: int) -> None:
    """Each format is read, with names as long as it allows."""
    name = f"{'d' * 60}/{'e' * 60}/note.md" if form == tarfile.USTAR_FORMAT else f"{'n' * 300}.md"
    path = tmp_path / "a.tar"
    path.write_bytes(tarred((name, MARKDOWN), ("b.jsonl", LINES), form=form))
    found = [item.provenance.member for item in read(path) if isinstance(item, Post)]
    assert found == [name, "b.jsonl"]


def test_links_devices_and_bad_names_in_a_tar(tmp_path: Path) -> None:
    """Nothing is followed or written; each is named or counted."""
    path = tmp_path / "a.tar"
    path.write_bytes(
        tarred(
            entry("link.md", tarfile.SYMTYPE, "/etc/hostname"),
            entry("hard.md", tarfile.LNKTYPE, "b.md"),
            entry("fifo.md", tarfile.FIFOTYPE),
            entry("folder", tarfile.DIRTYPE),
            ("../up.md", MARKDOWN),
            ("/abs.md", MARKDOWN),
            ("b.md", MARKDOWN),
            ("a.png", b"x"),
        )
    )
    assert titles(path) == ["A note"]
    refused = "its name leads out of the archive, so it is not read; unpack it with care"
    assert reasons(path) == [
        f"a.tar!/../up.md: {refused}",
        f"a.tar!//abs.md: {refused}",
        "a.tar (2 members left out: a link to another member)",
        "a.tar (1 member left out: a device or pipe)",
        "a.tar (1 member left out: a picture)",
    ]


def test_a_tar_name_that_is_no_utf8_is_spelt_out(tmp_path: Path) -> None:
    """Bytes that no encoding fits are shown as such."""
    path = tmp_path / "a.tar"
    path.write_bytes(tarred(("caf\udce9.md", MARKDOWN), form=tarfile.GNU_FORMAT))
    (post,) = (item for item in read(path) if isinstance(item, Post))
    assert post.provenance.member == "caf\\xe9.md"


def test_a_tar_header_that_claims_a_long_name_is_refused(tmp_path: Path) -> None:
    """A name of a gigabyte is not read into memory."""
    info = entry("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    info.size = 2**30
    path = tmp_path / "a.tar"
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(4096))
    (found,) = reasons(path)
    assert found == "a.tar: a name in it is longer than 64 KiB, the limit"


def test_a_tar_cut_anywhere_keeps_what_came_before(tmp_path: Path) -> None:
    """Members before the cut are read, and the cut is named."""
    data = tarred(("a.jsonl", LINES * 30), ("b.jsonl", LINES * 30))
    path = tmp_path / "a.tar"
    for cut in range(600, 4000, 150):
        path.write_bytes(data[:cut])
        whole = (cut >= 512 + len(LINES) * 30) + (cut >= 2048 + 512 + len(LINES) * 30)
        assert len(titles(path)) == 30 * whole
        assert len(reasons(path)) == 1


def test_a_damaged_tar_header_ends_it(tmp_path: Path) -> None:
    """What follows a header that is none cannot be found."""
    data = bytearray(tarred(("a.jsonl", LINES), ("b.jsonl", LINES)))
    data[1024 + 3] ^= 0xFF
    path = tmp_path / "a.tar"
    path.write_bytes(data)
    assert titles(path) == ["A title"]
    assert reasons(path)[0].startswith("a.tar: its tar data is damaged at byte 1024")


def test_a_compressed_tar_bomb_is_stopped(tmp_path: Path) -> None:
    """The bound is that of the compressed file."""
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(tarred(("a.md", MARKDOWN), ("b.txt", bytes(40 * 2**20)))))
    assert titles(path) == ["A note"]
    member, whole = reasons(path)
    assert member.startswith("a.tar.gz!/b.txt: expands to more than 200 times its size")
    assert whole.startswith("a.tar.gz: expands to more than 200 times its size")


# --- XML ---------------------------------------------------------------------

LAUGHS = b"<!DOCTYPE x [<!ENTITY a0 'ha'>%s<!ENTITY f SYSTEM 'file:///etc/hostname'>]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10)
)


def test_entities_in_a_feed_expand_to_nothing(tmp_path: Path) -> None:
    """A billion laughs and a file of the machine stay what is written."""
    path = tmp_path / "a.xml"
    item = b"<item><title>Ha &a9; &f;</title><description>Text.</description></item>"
    path.write_bytes(
        b"<?xml version='1.0'?>" + LAUGHS + b"<rss><channel>" + item + b"</channel></rss>"
    )
    assert titles(path) == ["Ha &a9; &f;"]


def test_entities_in_a_docx_expand_to_nothing(tmp_path: Path) -> None:
    """Not in the text, nor in the properties."""
    path = tmp_path / "a.docx"
    path.write_bytes(docx(LAUGHS, b"Ha &a9; &f;"))
    found = titles(path) + reasons(path)
    assert found
    assert all(len(text) < 200 and "hahaha" not in text for text in found)


def docx(doctype: bytes, text: bytes) -> bytes:
    """Return a document of one paragraph."""
    with zipfile.ZipFile(FIXTURES / "docx" / "tracked.docx") as archive:
        types = archive.read("[Content_Types].xml")
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    paragraph = b"<w:p><w:r><w:t>" + text + b"</w:t></w:r></w:p>"
    body = b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (space, paragraph)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", b"<?xml version='1.0'?>" + doctype + body)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (docx(b"", b"<w:p>" * 3), "a.docx: its text is broken XML"),
        (zipped(**{"xl/workbook_bin": b"x"}), "a.docx: is a binary Excel workbook"),
        (zipped(**{"META-INF/manifest_xml": b"x"}),
         "a.docx: is an OpenDocument file without a reader"),
        (docx(b"", b"   "), "a.docx (a document without text)"),
        (docx(b"", b"x").replace(b"word/document.xml", b"word/documents.md"),
         "a.docx: has no part word/document.xml"),
    ],
    ids=["broken", "xlsb", "odg", "empty", "no part"],
)  # fmt: skip
def test_a_bad_document_is_one_message(tmp_path: Path, data: bytes, message: str) -> None:
    """Each names the file and says what to do."""
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    (found,) = reasons(path)
    assert found.startswith(message)


def test_a_document_that_is_too_large_is_one_message(tmp_path: Path) -> None:
    """Apart from the others, which each process makes that imports this."""
    large = docx(b"", b"x" * 70 * 2**20)
    test_a_bad_document_is_one_message(tmp_path, large, "a.docx: its text is larger than 64 MiB")


def test_a_feed_that_nests_without_end_is_read_or_named(tmp_path: Path) -> None:
    """Depth costs neither the stack nor the other items."""
    path = tmp_path / "a.xml"
    deep = b"<item><title>Deep</title><description>" + b"<b>" * 100_000 + b"</description></item>"
    good = b"<item><title>Good</title><description>Text.</description></item>"
    path.write_bytes(b"<rss><channel>" + deep + good + b"</channel></rss>")
    assert titles(path)[-1] == "Good"


def test_a_page_of_many_comments_is_told_in_linear_time(tmp_path: Path) -> None:
    """A pattern that tried every way to part comments would never end."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"<!-- -->" * 5000 + b" A text that is no page.\n")
    assert len(titles(path)) == 1


# --- mail --------------------------------------------------------------------

HEAD = b"From: a@example.org\nTo: b@example.org\nSubject: A mail\nMIME-Version: 1.0\n"


def nested(depth: int) -> bytes:
    """Return a mail whose parts hold parts."""
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        for number in range(depth)
    )
    return HEAD + opened + b"Content-Type: text/plain\n\nThe text inside.\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (nested(5000), "has 5,000 parts that hold parts, more than 100, the limit"),
        (HEAD + b"Content-Type: text/plain; " + b'a="' * 40_000 + b"\n\nText.\n",
         "has a MIME header longer than 8 KiB, the limit"),
        (HEAD + b"Content-Type: application/pkcs7-mime\n\nAAAA\n",
         "the mail 'A mail' is encrypted; save it decrypted"),
        (HEAD + b"\n-----BEGIN PGP MESSAGE-----\n\nxx\n", "the mail 'A mail' is encrypted"),
        (HEAD + b"\n\n", "the mail 'A mail' holds no text but its subject"),
    ],
    ids=["deep", "header", "smime", "pgp", "empty"],
)  # fmt: skip
def test_a_bad_mail_is_one_message(tmp_path: Path, data: bytes, message: str) -> None:
    """Each names the file, and the mail in it."""
    path = tmp_path / "a.eml"
    path.write_bytes(data)
    (found,) = reasons(path)
    assert found.startswith(f"a.eml:1: {message}")


def test_charsets_with_a_nul_cost_no_attachment(tmp_path: Path) -> None:
    """The charset of a file's name, and of its text, may be anything; both posts are read."""
    path = tmp_path / "a.eml"
    path.write_bytes(
        b"Subject: Note\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain\n\nThe text of the mail.\n"
        b"--x\nContent-Type: text/html; charset*=a\0b'en'x\n"
        b"Content-Disposition: attachment; filename*=a\0b''x.html\n\n<p>The text beside it.</p>\n"
        b"--x--\n"
    )
    texts = [found.body for found in read(path) if isinstance(found, Post)]
    assert texts == ["The text of the mail.", "The text beside it."]


def test_a_mail_may_nest_as_deep_as_the_bound(tmp_path: Path) -> None:
    """Its text is found."""
    path = tmp_path / "a.eml"
    path.write_bytes(nested(mail.MAX_CONTAINERS))
    (post,) = (item for item in read(path) if isinstance(item, Post))
    assert post.paragraphs == ("The text inside.",)


def test_a_bad_mail_in_a_mailbox_costs_no_other(tmp_path: Path) -> None:
    """It is named with its line, and the mails around it are read."""
    line = b"From a@example.org Mon Mar 24 10:00:00 2014\n"
    good = HEAD + b"\nThe text of a mail.\n\n"
    path = tmp_path / "a.mbox"
    path.write_bytes(line + good + line + nested(300) + b"\n\n" + line + good)
    assert len(titles(path)) == 2
    (found,) = reasons(path)
    assert found.startswith("a.mbox:9: has 300 parts that hold parts")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_truncated_mail_gives_what_it_has(tmp_path: Path, share: float) -> None:
    """The text is a post; what is cut of an attachment is named."""
    data = (FIXTURES / "mail" / "attachments.eml").read_bytes()
    path = tmp_path / "a.eml"
    path.write_bytes(data[: int(share * len(data))])
    assert titles(path) or reasons(path)


# --- everything --------------------------------------------------------------


def test_a_json_line_of_a_quarter_of_a_gigabyte_takes_bounded_memory(tmp_path: Path) -> None:
    """It is refused with the limit and the way out, whatever its suffix."""
    for name, start in (("a.json", b'[{"title": "'), ("b.jsonl", LINES + b'{"title": "')):
        with (tmp_path / name).open("wb") as file:
            file.write(start)
            for _ in range(250):
                file.write(b"x" * 2**20)
    program = (
        "import json, re, sys\n"
        "from pathlib import Path\n"
        "from rights_search.ingest import read\n"
        "found = [getattr(item, 'title', None) or str(item) for item in read(Path(sys.argv[1]))]\n"
        # Not getrusage: its peak begins with that of the process that started this one.
        "status = Path('/proc/self/status').read_text()\n"
        "peak = int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024\n"
        "print(json.dumps([peak, found]))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak_mib, found = json.loads(done.stdout)
    document, title, record = found
    assert document.startswith("a.json: is larger than 64 MiB, the limit for one document; split")
    assert title == "A title"
    assert record.startswith("b.jsonl:2: the record that starts here is longer than 16 MiB")
    assert peak_mib < 240


STARTS: tuple[Callable[[], bytes], ...] = (
    lambda: zipped(a_md=MARKDOWN, b_zip=zipped(c_md=MARKDOWN)),
    lambda: tarred(("a.md", MARKDOWN), ("b.jsonl", LINES)),
    (FIXTURES / "warc" / "records.warc.gz").read_bytes,
    (FIXTURES / "feed" / "rss2.xml").read_bytes,
    (FIXTURES / "mail" / "attachments.eml").read_bytes,
    (FIXTURES / "docx" / "tracked.docx").read_bytes,
    (FIXTURES / "pdf" / "groff.pdf").read_bytes,
)


@pytest.mark.parametrize("start", STARTS, ids=["zip", "tar", "warc", "feed", "mail", "docx", "pdf"])
def test_no_changed_byte_makes_the_ingester_fail(
    tmp_path: Path, start: Callable[[], bytes]
) -> None:
    """Whatever byte is wrong: posts, errors and reasons, no traceback."""
    data = start()
    path = tmp_path / "a"
    step = max(1, len(data) // 150)
    for place in range(0, len(data), step):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        items = list(read(path))
        assert items
        for item in items:
            assert isinstance(item, (Post, ReadError, Skipped))
            assert not isinstance(item, ReadError) or "\n" not in str(item)
