"""Records with named values, whatever held them → drafts: the one table of names."""
