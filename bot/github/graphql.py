"""GraphQL answers: data and errors side by side, and what the errors mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.github.errors import (
    Conflict,
    Forbidden,
    GitHubError,
    GitHubUnavailable,
    NotFound,
    UnexpectedAnswer,
    Unprocessable,
)
from bot.github.limits import limited_query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.github.transport import Answer

_BROKEN = "something went wrong while executing your query"


@dataclass(frozen=True, slots=True)
class Problem:
    """One GraphQL error. `kind` is GitHub's type ("NOT_FOUND", ...; "" without one), `field` where it happened."""

    kind: str
    message: str
    field: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a document gave. Fields that failed are None in `data`, and have a problem each."""

    data: dict[str, Any]
    problems: tuple[Problem, ...]
    url: str

    @property
    def messages(self) -> tuple[str, ...]:
        """What GitHub says about what failed, each with its place."""
        return tuple(f"{problem.field}: {problem.message}".removeprefix(": ") for problem in self.problems)

    def raise_problems(self) -> None:
        """Raise the error that the first problem stands for, if there is any."""
        if self.problems:
            raise failure(self.problems, self.url)


def read_reply(answer: Answer, url: str, now: datetime) -> Reply:
    """Take an answer apart. Raises RateLimited (GraphQL tells limits with status 200) and UnexpectedAnswer."""
    body = answer.data
    if not isinstance(body, dict) or not isinstance(body.get("data") or {}, dict):
        raise UnexpectedAnswer("the answer is no GraphQL answer", url=url)
    data: dict[str, Any] = body.get("data") or {}
    problems = tuple(_problem(error) for error in body.get("errors") or [] if isinstance(error, dict))
    limited = limited_query(answer.headers, [(problem.kind, problem.message) for problem in problems], now, url)
    if limited is not None and not any(data.values()):
        raise limited
    if not data and not problems:
        raise UnexpectedAnswer("the answer holds neither data nor errors", url=url)
    return Reply(data, problems, url)


def _problem(error: dict[str, Any]) -> Problem:
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    path = error.get("path")
    place = ".".join(map(str, path)) if isinstance(path, list) else ""
    return Problem(str(error.get("type") or code or ""), str(error.get("message") or "no reason given"), place)


def failure(problems: Sequence[Problem], url: str) -> GitHubError:
    """Make the error that the first of these problems stands for."""
    first = problems[0]
    message = f"{first.field}: {first.message}".removeprefix(": ")
    kinds: dict[str, type[GitHubError]] = {
        "NOT_FOUND": NotFound,
        "FORBIDDEN": Forbidden,
        "INSUFFICIENT_SCOPES": Forbidden,
        "STALE_DATA": Conflict,
        "SERVICE_UNAVAILABLE": GitHubUnavailable,
        "RESOURCE_LIMITS_EXCEEDED": GitHubUnavailable,
    }
    if first.kind in kinds:
        return kinds[first.kind](message, status=200, url=url)
    if _BROKEN in first.message.lower():
        return GitHubUnavailable(message, status=200, url=url)
    reasons = [f"{problem.field}: {problem.message}".removeprefix(": ") for problem in problems]
    return Unprocessable("GitHub refused", errors=reasons, status=200, url=url)
