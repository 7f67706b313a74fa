"""The command line: thin commands over the library, and how their answers look.

``main`` is the entry and the one error boundary; ``commands`` holds one module a
command, loaded when it is asked for; ``views`` turn answers into ``blocks``, which
``output`` writes plainly or, through ``styled``, in style. Whatever is written goes
through ``terminal`` first.
"""
