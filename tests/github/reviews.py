"""A pull request to review, in the sandbox: what it changes, and the facts about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github import PostReview, ReviewComment
from tests.github.wishes import SANDBOXED

if TYPE_CHECKING:
    from bot.github import RepositoryClient, ReviewFacts
    from bot.sandbox.model import PullRequest
    from bot.sandbox.server import Sandbox

PATH = "apps/long.yaml"
LINES = [f"line {number}" for number in range(1, 31)]
CHANGED = [*LINES[:9], "ten", *LINES[10:]]
"""Line 10 differs, so that the lines 7 to 13 stand in the diff."""


def text(lines: list[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()


async def proposed(sandbox: Sandbox, branch: str = "feature") -> PullRequest:
    """Open a pull request of a person that changes the tenth line of a file."""
    await sandbox.commit(SANDBOXED, "main", {PATH: text(LINES)})
    await sandbox.push_as_person(SANDBOXED, branch, {PATH: text(CHANGED)})
    return await sandbox.open_pull(SANDBOXED, branch, base="main")


async def facts_of(shop: RepositoryClient, pull: PullRequest) -> ReviewFacts:
    found = await shop.review_facts(pull.number)
    assert found is not None
    return found


def comment(line: int | None = 10, start_line: int | None = None, body: str = "Look") -> ReviewComment:
    return ReviewComment(PATH, body, line, start_line)


def wish(found: ReviewFacts, *comments: ReviewComment, **changed: Any) -> PostReview:
    known = {"pull_request": found.node, "commit": found.head, "body": "Two findings", "pending": found.pending}
    return PostReview(comments=comments, **known | changed)
