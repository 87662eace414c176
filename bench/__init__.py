"""Benchmarks: Leadline beside what people would otherwise write, on the same data, as whole processes.

``python -m bench.run`` measures; ``docs/benchmarks.md`` shows what came out. What each module is for:

- ``generate``: the raw data, from a seed.
- ``definitions``: the definitions of 25 and of 100 criteria, and the project files.
- ``rival`` and ``rival.sql``: the same 25 criteria as DuckDB SQL by hand, over the mirror and over the raw files.
- ``pandas_user``, ``polars_user``, ``postgres_user``, ``spark_user``: the same as a user of those would write it.
- ``measure``: the run of a process, its time and its peak memory.
- ``compare``: whether two contenders gave the same answer.
- ``run``: everything together.
"""
