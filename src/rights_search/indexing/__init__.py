"""How an index comes to be and stays up to date: plan, read, tag, write, commit, verify."""
