"""HTML as a tree of elements, so that what stands in data can never become markup."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, tostring

Node = Element | str


def element(tag: str, *inside: Node | None, **attributes: str) -> Element:
    """Return an element; ``None`` inside it is left out, and a trailing underscore of an attribute's name too.

    >>> write(element("p", "a < b", class_="note"))
    '<p class="note">a &lt; b</p>'
    """
    made = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    last: Element | None = None
    for node in inside:
        if isinstance(node, str):
            if last is None:
                made.text = (made.text or "") + node
            else:
                last.tail = (last.tail or "") + node
        elif node is not None:
            made.append(node)
            last = node
    return made


def script(text: str, **attributes: str) -> Element:
    """Return a script; nothing in it can end it early, if it is JSON or carries no string that says so."""
    return element("script", text.replace("</script", "<\\/script").replace("<!--", "<\\!--"), **attributes)


def data(name: str, value: Any) -> Element:
    """Return a value as JSON that a script on the page reads by its name."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return element("script", text, type="application/json", id=name)


def inline(markdown: str) -> Iterable[Node]:
    """Yield a sentence in Markdown as nodes: emphasis, code and text."""
    from markdown_it import MarkdownIt

    tags = {"strong_open": "b", "em_open": "i"}
    around: str | None = None
    for part in MarkdownIt("commonmark").parseInline(markdown)[0].children or []:
        if part.type in ("strong_close", "em_close"):
            around = None
        elif part.type in tags:
            around = tags[part.type]
        elif part.type == "code_inline":
            yield element("code", part.content)
        else:
            text = part.content or " "
            yield text if around is None else element(around, text)


def write(root: Element) -> str:
    """Return an element as HTML."""
    return tostring(root, encoding="unicode", method="html")
