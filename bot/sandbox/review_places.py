"""Where threads of a review stand: in the diff that they are about, and in the diff of today.

https://docs.github.com/rest/pulls/comments: a line must be part of the diff, and context lines are; a range must lie
within one hunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.git.hunks import hunk_with, moved
from bot.sandbox.refusals import Validation

if TYPE_CHECKING:
    from bot.sandbox.git import FileChange, GitRepository
    from bot.sandbox.git.hunks import Hunk
    from bot.sandbox.model import PullRequest, ReviewThread

NOT_IN_DIFF = "Pull request review thread line must be part of the diff"
OTHER_HUNK = "Pull request review thread start line must be part of the same hunk as the line."
NO_HUNK = "Pull request review thread diff hunk can't be blank"
TOO_LARGE = "Pull request review thread path diff too large"
NO_PATH = "Path could not be resolved"
BACKWARDS = "Pull request review thread start line must precede the end line."
NO_LINE = "Pull request review thread line can't be blank"


@dataclass(frozen=True, slots=True)
class Place:
    """What a thread is to be about: lines of one side, ``line`` the last of them; the file where there is no line."""

    path: str
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str = "RIGHT"


async def fork_point(git: GitRepository, base: str, head: str) -> str:
    """Return the commit that a head's changes are counted from."""
    return await git.merge_base(base, head) or base


async def shown_hunk(git: GitRepository, base: str, head: str, place: Place) -> str:
    """Return the part of the diff that a comment at a place is shown with; raises Validation where it cannot stand."""
    change = await _change(git, base, head, place.path)
    if change is None:
        raise Validation(NO_PATH)
    if place.line is None:
        return ""
    if change.shown_patch is None:
        raise Validation(TOO_LARGE)
    hunk = hunk_with(change.shown_patch, place.side, place.line)
    if hunk is None:
        raise Validation(f"{NOT_IN_DIFF}, {OTHER_HUNK}, and {NO_HUNK}" if place.start_line else NOT_IN_DIFF)
    _check_start(hunk, place)
    return hunk.until(place.side, place.line)


async def settle(pull: PullRequest, thread: ReviewThread) -> None:
    """Find a thread's lines in the diff of today; it is outdated where one of them is changed or no longer shown."""
    lines = await _lines_today(pull, thread)
    thread.outdated = lines is None
    thread.line = lines[-1] if lines else None
    thread.start_line = lines[0] if lines and thread.original_start_line is not None else None


async def _lines_today(pull: PullRequest, thread: ReviewThread) -> list[int] | None:
    """Return where the lines are now, none of them for a thread about the file; None where it is outdated."""
    git, head = pull.repository.git, pull.head_oid
    base = await fork_point(git, pull.base_oid, head)
    change = await _change(git, base, head, thread.path)
    if change is None or thread.original_line is None:
        return None if change is None else []
    before, after = (thread.original_base_oid, base) if thread.side == "LEFT" else (thread.original_oid, head)
    since = await _change(git, before, after, thread.path) if before != after else None
    if since is not None and since.patch is None:
        return None
    first = thread.original_start_line or thread.original_line
    found = [moved(since.patch if since else None, line) for line in range(first, thread.original_line + 1)]
    lines = [line for line in found if line is not None]
    shown = lines and hunk_with(change.patch, thread.side, lines[-1]) is not None
    return lines if shown and len(lines) == len(found) else None


async def _change(git: GitRepository, base: str, head: str, path: str) -> FileChange | None:
    return next((change for change in await git.changes(base, head) if change.path == path), None)


def _check_start(hunk: Hunk, place: Place) -> None:
    if place.start_line is None or place.line is None:
        return
    if place.start_side == place.side and place.start_line >= place.line:
        raise Validation(BACKWARDS)
    if place.start_line not in hunk.numbers(place.start_side):
        raise Validation(OTHER_HUNK)
