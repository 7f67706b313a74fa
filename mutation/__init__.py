"""Mutation testing of what must not be wrong: ``make mutate``; results in docs/mutation.md."""
