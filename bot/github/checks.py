"""Check runs: what the bot says on a commit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import UnexpectedAnswer
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel

BATCH: Final = 50
LONGEST_SUMMARY: Final = 60_000
"""Characters; GitHub takes 65,535."""


class Conclusion(Enum):
    """How a check run ended."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"
    SKIPPED = "skipped"
    ACTION_REQUIRED = "action_required"


class Level(Enum):
    """How loud an annotation is."""

    NOTICE = "notice"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark on lines of a file. Lines count from 1."""

    path: str
    start_line: int
    end_line: int
    level: Level
    message: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A finished check run on the commit `head`. `summary` is Markdown."""

    head: str
    name: str
    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


async def create_check_run(channel: RepositoryChannel, check_run: CheckRun) -> int:
    """Write a finished check run, with every annotation (GitHub takes 50 in a request); returns its id."""
    first, rest = check_run.annotations[:BATCH], check_run.annotations[BATCH:]
    data = {
        "name": check_run.name,
        "head_sha": check_run.head,
        "status": "completed",
        "conclusion": check_run.conclusion.value,
        "output": _output(check_run, first),
    }
    answer = await channel.write("POST", "/check-runs", scope=Scope.CHECK, data=data)
    if not isinstance(answer.data, dict) or not isinstance(answer.data.get("id"), int):
        raise UnexpectedAnswer("the answer holds no check run")
    number: int = answer.data["id"]
    for start in range(0, len(rest), BATCH):
        more = {"output": _output(check_run, rest[start : start + BATCH])}
        await channel.write("PATCH", "/check-runs/{number}", {"number": str(number)}, scope=Scope.CHECK, data=more)
    return number


def _output(check_run: CheckRun, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    return {
        "title": check_run.title,
        "summary": _cut(check_run.summary),
        "annotations": [_annotation(annotation) for annotation in annotations],
    }


def _annotation(annotation: Annotation) -> dict[str, Any]:
    written = {
        "path": annotation.path,
        "start_line": annotation.start_line,
        "end_line": annotation.end_line,
        "annotation_level": annotation.level.value,
        "message": annotation.message,
    }
    return written | {"title": annotation.title} if annotation.title else written


def _cut(summary: str) -> str:
    return summary if len(summary) <= LONGEST_SUMMARY else summary[: LONGEST_SUMMARY - 1] + "…"
