"""Finding known phrases in what people type: titles, tags of campaigns.

Text and phrases are folded the same way, so that case, accents, ``ae`` for ``ä`` and the German feminine don't matter. What a
phrase means is up to the caller; the tables stand in :mod:`leadline.facts.vocabulary`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "\u0131": "i"})
_WORD = re.compile(r"[a-z0-9]+")
_WORD_OF_TABLE = re.compile(r"[a-z0-9*]+|[\^$]")
_FEMININE = re.compile(r"(\w{2,}(?:er|or|ar|ent|ant|and|ist|yst|eur|log|ekt|ert|walt)|\w*arzt)in(?:nen)?")
_UMLAUT = re.compile(r"([aou])e")


def fold(text: str) -> Words:
    """Return the words of a text as they are compared.

    >>> fold("Geschaeftsführerin, GRÖßTE Abt.")
    ('geschaftsfuhrer', 'grosste', 'abt')
    """
    return _fold(text, _WORD)


def _fold(text: str, word: re.Pattern[str]) -> Words:
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(map(_fold_word, word.findall(plain)))


def _fold_word(word: str) -> str:
    feminine = _FEMININE.fullmatch(word)
    word = feminine[1] if feminine else word
    return _UMLAUT.sub(r"\1", word) if len(word) > 3 else word


class Phrases:
    """Phrases with what they mean; of two meanings for one phrase the first written stands.

    Args:
        meanings: Meaning → phrases between commas. ``^`` and ``$`` are the ends of the text, and a phrase of one word may begin
            or end in ``*`` for any letters.
    """

    def __init__(self, meanings: Mapping[str, str]) -> None:
        """Fold the phrases."""
        self._whole: dict[Words, str] = {}
        self._ends: list[tuple[str, str]] = []
        self._starts: list[tuple[str, str]] = []
        for meaning, text in meanings.items():
            for phrase in (_fold(part, _WORD_OF_TABLE) for part in text.split(",")):
                if "*" in phrase[0]:
                    stems = self._ends if phrase[0].startswith("*") else self._starts
                    stems.append((phrase[0].strip("*"), meaning))
                else:
                    self._whole.setdefault(phrase, meaning)
        self._longest = max(map(len, self._whole))

    def find(self, words: Words) -> Iterator[str]:
        """Yield the meaning of each phrase in folded words, from left to right, the longest phrase at each place.

        >>> list(Phrases({"a thing": "account manager", "people": "manager, *leiter"}).find(fold("Account Manager, Teamleiterin")))
        ['a thing', 'people']
        """
        words = ("^", *words, "$")
        at = 0
        while at < len(words):
            meaning, size = self._longest_at(words, at)
            if meaning is not None:
                yield meaning
            at += size

    def _longest_at(self, words: Words, at: int) -> tuple[str | None, int]:
        for size in range(min(self._longest, len(words) - at), 0, -1):
            if (meaning := self._whole.get(words[at : at + size])) is not None:
                return meaning, size
        return self._stem(words[at]), 1

    def _stem(self, word: str) -> str | None:
        # The end of a compound first: a German word means what its last part says.
        ending = next((meaning for end, meaning in self._ends if word.endswith(end)), None)
        return ending or next((meaning for start, meaning in self._starts if word.startswith(start)), None)
