"""One module a database: each gathers, on its own machine, what the kernel needs.

A back end offers ``score(program, as_of)``, a relation of scored people, and ``receipt_of`` for one person's facts.
What it can't do it refuses loudly, by name.
"""
