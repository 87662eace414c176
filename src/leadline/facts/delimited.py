"""CSV as plain text, with the line of every record: the header up front, and whatever a strict reader refuses.

What belongs here: RFC 4180 and nothing guessed beyond the delimiter. DuckDB reads good files; this module reads headers,
and whole files only to say which line is wrong.
"""

from __future__ import annotations

import csv
import gzip
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

DELIMITERS = ",;\t|"
_LONGEST_FIELD = 2**31 - 1
_MOST_LINES = 10_000  # in one record: more is a quote that was never closed


@dataclass(frozen=True, slots=True)
class Header:
    """The first record: the names of the columns, and the delimiter that it shows."""

    names: tuple[str, ...]
    delimiter: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record after the header: the line it starts at, its fields, and the code of what is wrong with it, if anything.

    Where the quotes don't pair up there are no fields, only the line as it is.
    """

    line: int
    fields: tuple[str, ...]
    fault: str = ""


FAULTS = {
    "not-utf8": ("the text is not UTF-8", "Save the file as UTF-8."),
    "ragged-row": ("the number of fields differs from the header's", "Quote fields that contain the delimiter, or add the missing ones."),
    "bad-quotes": ("the quotes don't pair up", 'Write a quote inside a quoted field twice: "".'),
}


def _open(path: Path) -> IO[str]:
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    return opened(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")


def read_header(path: Path) -> Header | str:
    """Return the header of a file, or the code of what is wrong with it (``empty-file``, ``not-utf8``, ``bad-quotes``)."""
    try:
        with _open(path) as lines:
            first = lines.readline()
            while first and not first.strip():
                first = lines.readline()
            if not first:
                return "empty-file"
            if "\x00" in first or not _is_utf8(first):  # UTF-16 has a zero in every other byte
                return "not-utf8"
            delimiter = _delimiter(first)
            lines.seek(0)
            names = next(record for record in csv.reader(lines, delimiter=delimiter, strict=True) if record)
    except (csv.Error, StopIteration):
        return "bad-quotes"
    except (OSError, EOFError):
        return "unreadable-file"
    cleaned = (name.strip() for name in names)
    return Header(tuple(name or f"column{at}" for at, name in enumerate(cleaned, 1)), delimiter)


def _is_utf8(text: str) -> bool:
    return not any("\udc80" <= letter <= "\udcff" for letter in text) if not text.isascii() else True


def _delimiter(line: str) -> str:
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=lambda mark: (outside.count(mark), -DELIMITERS.index(mark)))


class _Lines:
    """Hands lines to a csv reader, and takes back those after the first of a record that can't be read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.again, self.taken, self.number = lines, deque[str](), list[str](), 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) > _MOST_LINES:
            raise csv.Error
        line = self.again.popleft() if self.again else next(self.lines)
        self.taken.append(line)
        return line

    def begin(self) -> int:
        """Begin a record; return the line it starts at."""
        self.number += len(self.taken)
        self.taken = []
        return self.number + 1

    def give_back(self) -> str:
        """Give back all lines of the record but the first, which is returned."""
        first, *rest = self.taken or [""]
        self.again.extendleft(reversed(rest))
        self.taken = [first]
        return first.rstrip("\r\n")


def records(path: Path, header: Header) -> Iterator[Record]:
    """Yield every record after the header, good and bad; blank lines are none.

    Of a file with one column, an empty field is a blank line. Of a record whose quotes don't pair up, the first line is bad,
    and reading goes on with the next.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    width, started = len(header.names), False
    with _open(path) as file:
        lines = _Lines(iter(file))
        reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
        while True:
            line = lines.begin()
            try:
                fields, fault = next(reader), ""
            except StopIteration:
                return
            except csv.Error:
                fields, fault = [lines.give_back()], "bad-quotes"
            if not fault and len(fields) <= 1 and not any(fields):
                continue
            if started:
                trailing = len(fields) == width + 1 and not fields[-1]  # a delimiter at the end
                kept = fields[:-1] if trailing else fields
                yield Record(line, tuple(kept), fault or _fault(kept, width))
            started = True


def _fault(fields: list[str], width: int) -> str:
    if len(fields) != width:
        return "ragged-row"
    return "" if all(map(_is_utf8, fields)) else "not-utf8"


def lines_of(path: Path, header: Header, ordinals: set[int]) -> dict[int, int]:
    """Return the line of each of the good records asked for, counted from 0."""
    found: dict[int, int] = {}
    good = (record for record in records(path, header) if not record.fault)
    for ordinal, record in enumerate(good):
        if ordinal in ordinals:
            found[ordinal] = record.line
            if len(found) == len(ordinals):
                break
    return found
