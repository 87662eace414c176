"""What qualifies: the definition as people write it, and everything that can be said about it without any data.

- :mod:`.model`: the elements of the language.
- :mod:`.load`: from a file to a definition, or all of its problems.
- :mod:`.conditions`: the SQL expressions inside it, read once, rendered as SQL or as Python.
- :mod:`.check`: what is wrong or odd about a definition: names, types, tracks no one can reach, stale signatures.
- :mod:`.fingerprint`: its identity, which ledger and signatures refer to.
- :mod:`.contract` and :mod:`.diff`: the same in prose, and two of them compared.

Everything here is pure but :func:`.load.load`, which reads one file. How a definition is evaluated belongs to
:mod:`leadline.engine`.
"""
