"""A Markdown text as one HTML page that needs nothing else and prints on A4: light, calm, no scripts.

What belongs here: the shell and its style. What stands on the page is the caller's.
"""

from __future__ import annotations

import re
from html import escape


def render(title: str, markdown: str) -> str:
    """Return a page of the Markdown; HTML inside it is shown as text."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    parts = {"{title}": escape(title), "{body}": body}
    return re.sub("|".join(map(re.escape, parts)), lambda place: parts[place[0]], _SHELL)


_SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
@page { size: A4; margin: 16mm 20mm; }
:root { color-scheme: light; --ink: #24303a; --soft: #61707d; --line: #dde3e8; --tint: #f5f7f9; --accent: #2f6f73; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--tint); color: var(--ink); font: 15px/1.6 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 46rem; margin: 2.5rem auto; padding: 3.5rem 4rem; background: #fff; border: 1px solid var(--line); border-radius: 6px; }
h1 { margin: 0 0 .6rem; font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; }
h1 + p { color: var(--soft); font-size: 1.06rem; margin-top: 0; }
h2 { margin: 2.2rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.15rem; font-weight: 650; }
h3 { margin: 1.2rem 0 .3rem; font-size: 1rem; font-weight: 650; color: var(--accent); }
p { margin: .5rem 0; }
ul { margin: .4rem 0; padding-left: 1.2rem; }
li { margin: .3rem 0; }
li::marker { color: var(--accent); }
code { font: .88em/1.4 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; background: var(--tint); padding: .08em .35em;
  border-radius: 3px; overflow-wrap: anywhere; }
table { width: 100%; margin-top: 1rem; border-collapse: collapse; font-size: .93rem; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0; }
td { height: 3.6rem; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: bottom; }
th { white-space: nowrap; }
td:first-child, td:nth-child(3) { white-space: nowrap; }
th:last-child, td:last-child { width: 30%; padding-right: 0; }
@media screen and (max-width: 48rem) { main { margin: 0; padding: 1.5rem; border: 0; } table { display: block; overflow-x: auto; } }
@media print {
  body { background: none; font-size: 9.5pt; line-height: 1.4; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  h1 { font-size: 17pt; }
  h1 + p { font-size: 10pt; }
  h2 { margin-top: .9rem; padding-top: .5rem; font-size: 11.5pt; }
  h3 { margin-top: .6rem; font-size: 9.5pt; }
  p, ul { margin: .25rem 0; }
  li { margin: .1rem 0; }
  table { margin-top: .3rem; font-size: 9pt; }
  td { height: 2.8rem; }
  h2, h3 { break-after: avoid; }
  li, table { break-inside: avoid; }
  code { background: none; padding: 0; }
}
</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""
