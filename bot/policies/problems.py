"""What is wrong with a policy file, told so that its author finds the place and knows what to write."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.policies.tree import Place

MOST_PROBLEMS: Final = 100
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `line` and `column` count from 1; `key` is "" where no key is concerned.

    `message` is a sentence without a full stop. What it quotes of the file has its control characters escaped.
    `path` is the file, where what was read stands in several; "" where there is only one.
    """

    line: int
    column: int
    key: str
    message: str
    path: str = ""

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


def problem_at(place: Place, key: str, message: str) -> Problem:
    """Make a problem of what is wrong at a place."""
    return Problem(place.line, place.column, key, message)


class PolicyFileError(ValueError):
    """A policy file that cannot be used. `.problems` holds everything wrong with it, in the order of the file.

    `.path` names the file of the problems that name none themselves.
    """

    def __init__(self, path: str, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = _first(in_order(problems))
        super().__init__("\n".join(f"{problem.path or path}: {problem}" for problem in self.problems))

    def __reduce__(self) -> tuple[type[PolicyFileError], tuple[str, tuple[Problem, ...]]]:
        """Be made again from what it was made of: an error that cannot leave its process breaks a pool for good."""
        return type(self), (self.path, self.problems)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by file and place, each of them once."""
    return sorted(set(problems), key=lambda problem: (problem.path, problem))


def shown_key(key: str) -> str:
    """Show a key in a message: between backticks where it is harmless, else quoted and escaped."""
    return f"`{key}`" if _PLAIN_KEY.fullmatch(key) else quoted(key)


def suggestion(written: str, known: Iterable[str]) -> str:
    """Say "; did you mean ...?" where something known is spelt much like what was written, else nothing."""
    close = closest(written, known)
    return "" if close is None else f"; did you mean `{close}`?"


def closest(written: str, known: Iterable[str]) -> str | None:
    """Tell which of what is known is spelt most like what was written; None where nothing is."""
    if len(written) > _LONGEST_SUGGESTED_FOR:
        return None
    close = difflib.get_close_matches(written.replace("_", "-"), sorted(known), n=1, cutoff=0.75)
    return close[0] if close else None


_LONGEST_SUGGESTED_FOR: Final = 64


def _first(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    last = problems[MOST_PROBLEMS - 1]
    more = Problem(last.line, last.column, "", "there are more problems than these", last.path)
    return (*problems[:MOST_PROBLEMS], more)
