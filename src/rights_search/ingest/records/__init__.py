"""Records of JSON and its like → drafts."""
