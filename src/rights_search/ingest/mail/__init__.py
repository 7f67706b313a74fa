"""Mails, mailboxes, and pages that browsers save as mails (MHTML)."""
