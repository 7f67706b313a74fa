"""Compound files: documents of Word 97 to 2003, and mails that Outlook saved."""

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins ([MS-CFB] 2.2)."""
