"""What one post has to do with others: copies of a text, and posts that follow posts.

No post knows this by itself, so it is kept beside the engine, whichever that is.
`linker.Linker` finds it while a corpus is synced, from `state.State`: what is remembered
of each post so that none has to be read again. `relations.Links` is the outcome, which
a search reads; it needs no other module here but `store`. docs/copies.md has the rules,
with the figures behind them.
"""
