"""Check runs: what the bot says on a commit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import UnexpectedAnswer
from bot.github.scopes import Scope
from bot.safe_text import cut

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel

BATCH: Final = 50
LONGEST_SUMMARY: Final = 60_000
"""Bytes; GitHub takes 65,535 of them, although it speaks of characters."""

LONGEST_MESSAGE: Final = 60_000
"""Bytes of an annotation; GitHub takes 64 KB."""

LONGEST_TITLE: Final = 255
MOST_ACTIONS: Final = 3
_LONGEST_LABEL: Final = 20
_LONGEST_DESCRIPTION: Final = 40


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
class CheckAction:
    """A button beside a check run; pressing it sends `identifier`.

    Label and identifier may have 20 characters, the description 40. Raises ValueError for longer ones:
    https://docs.github.com/en/rest/checks/runs, "Create a check run"
    """

    label: str
    description: str
    identifier: str

    def __post_init__(self) -> None:
        if max(len(self.label), len(self.identifier)) > _LONGEST_LABEL or len(self.description) > _LONGEST_DESCRIPTION:
            raise ValueError(f"GitHub does not take a button as long as {self.label!r}: 20, 40 and 20 characters")


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A finished check run on the commit `head`. `summary` is Markdown; the first three `actions` are shown.

    `details_url` is where its name leads to; "": the page of the App. `about` comes back with what people do with it,
    as GitHub's `external_id`.
    """

    head: str
    name: str
    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    actions: tuple[CheckAction, ...] = ()
    details_url: str = ""
    about: str = ""


async def create_check_run(channel: RepositoryChannel, check_run: CheckRun) -> int:
    """Write a finished check run, with every annotation (GitHub takes 50 in a request); returns its id."""
    first, rest = check_run.annotations[:BATCH], check_run.annotations[BATCH:]
    data = {
        "name": check_run.name,
        "head_sha": check_run.head,
        "status": "completed",
        "conclusion": check_run.conclusion.value,
        **_body(check_run, first),
    }
    if check_run.about:
        data["external_id"] = check_run.about
    answer = await channel.write("POST", "/check-runs", scope=Scope.CHECK, data=data)
    if not isinstance(answer.data, dict) or not isinstance(answer.data.get("id"), int):
        raise UnexpectedAnswer("the answer holds no check run")
    number: int = answer.data["id"]
    for start in range(0, len(rest), BATCH):
        more = _body(check_run, rest[start : start + BATCH])
        await channel.write("PATCH", "/check-runs/{number}", {"number": str(number)}, scope=Scope.CHECK, data=more)
    return number


async def checks_about(channel: RepositoryChannel, commit: str, name: str) -> frozenset[str]:
    """List what the latest check runs of a name on a commit are about, at most a hundred; "" is left out."""
    path, asked = "/commits/{ref}/check-runs{?check_name,per_page}", {"ref": commit, "check_name": name}
    answer = (await channel.rest("GET", path, asked | {"per_page": "100"}, scope=Scope.CHECK)).data
    runs = answer.get("check_runs") if isinstance(answer, dict) else None
    if not isinstance(runs, list):
        raise UnexpectedAnswer("the answer holds no check runs")
    abouts = (run.get("external_id") for run in runs if isinstance(run, dict))
    return frozenset(about for about in abouts if isinstance(about, str) and about)


def _body(check_run: CheckRun, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    body: dict[str, Any] = {"output": _output(check_run, annotations)}
    if check_run.actions:
        body["actions"] = [asdict(action) for action in check_run.actions[:MOST_ACTIONS]]
    return body | {"details_url": check_run.details_url} if check_run.details_url else body


def _output(check_run: CheckRun, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    return {
        "title": check_run.title[:LONGEST_TITLE],
        "summary": cut(check_run.summary, LONGEST_SUMMARY),
        "annotations": [_annotation(annotation) for annotation in annotations],
    }


def _annotation(annotation: Annotation) -> dict[str, Any]:
    start = max(annotation.start_line, 1)
    written = {
        "path": annotation.path,
        "start_line": start,
        "end_line": max(annotation.end_line, start),
        "annotation_level": annotation.level.value,
        "message": cut(annotation.message, LONGEST_MESSAGE),
    }
    return written | {"title": annotation.title[:LONGEST_TITLE]} if annotation.title else written
