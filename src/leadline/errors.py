"""Every error that Leadline raises on purpose, in one tree.

::

    LeadlineError
    ├── UsageError            the command or call was put together wrongly
    │   └── Unsupported       the engine asked for can't do this; it says what can
    ├── Refused               somebody's file has problems, all of them listed
    │   ├── ProjectRefused    leadline.yaml (or reps.yaml)
    │   ├── DefinitionRefused definition.yaml
    │   └── FactsRefused      the data
    └── ServiceFailed         another program failed us: a database, Spark

A face turns these into exit codes or HTTP statuses; nothing below a face knows either. Only the root is ever
caught wholesale, so that a bug stays a bug. Codes are stable and documented in ``docs/errors.md``; wording is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error stops the work, a warning is for the reader to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: a file, a line in it (from 1) and the path of keys that leads there."""

    file: str = ""
    line: int | None = None
    path: str = ""

    def __str__(self) -> str:
        """Return ``file:line path``, leaving out what is unknown."""
        spot = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return " ".join(part for part in (spot, self.path) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: a stable code, the place, what is wrong there and how to mend it."""

    code: str
    where: Place
    says: str
    fix: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the one-line form that people read in a terminal."""
        where = f"{self.where}: " if str(self.where) else ""
        return f"{where}{self.says} {self.fix}".rstrip() + f" [{self.code}]"

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form, the same on every face."""
        return asdict(self)


class LeadlineError(Exception):
    """The root. ``code`` is stable, the text is for people."""

    code = "error"

    def __init__(self, says: str, fix: str = "", *, code: str | None = None) -> None:
        """Keep what went wrong and how to mend it."""
        super().__init__(f"{says} {fix}".rstrip())
        self.says, self.fix = says, fix
        if code:
            self.code = code

    def as_problems(self) -> tuple[Problem, ...]:
        """Return the error as problems, so that faces render one shape."""
        return (Problem(self.code, Place(), self.says, self.fix),)


class UsageError(LeadlineError):
    """The command or call was put together wrongly."""

    code = "usage"


class Unsupported(UsageError):
    """The engine asked for can't do this; the text names the engine, the thing and the way out."""

    code = "unsupported"


class ServiceFailed(LeadlineError):
    """Another program failed us, such as a database or Spark."""

    code = "service-failed"


class Refused(LeadlineError):
    """Somebody's file has problems; ``problems`` lists all of them."""

    code = "refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order of their places."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def as_problems(self) -> tuple[Problem, ...]:
        """Return the problems themselves."""
        return self.problems


class ProjectRefused(Refused):
    """The project file, or the file of reps, has problems."""

    code = "project-refused"


class DefinitionRefused(Refused):
    """The definition has problems."""

    code = "definition-refused"


class FactsRefused(Refused):
    """The data has problems."""

    code = "facts-refused"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest known name, else a short list of what there is."""
    import difflib  # rarely needed, and slow to load

    options: Sequence[str] = sorted(set(known))
    close = difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if not options:
        return ""
    more = ", …" if len(options) > 12 else ""
    return f"Known here: {', '.join(options[:12])}{more}."
