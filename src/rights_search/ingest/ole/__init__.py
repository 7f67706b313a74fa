"""Compound files: documents of Word 97 to 2003, and mails that Outlook saved."""
