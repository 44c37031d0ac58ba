"""A pull request of the bot on a new base: one commit takes the place of what was on its branch.

GitHub closes a pull request for good when its branch stands at its base even for a moment. So the commit is made
on no branch at all, and the pull request's branch goes from commit to commit in one step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github.git_objects import REQUESTS, NewCommit, create_commit
from bot.github.updating import Move, move_branch

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.requests import Opened, RebuildPullRequest


async def rebuild(channel: RepositoryChannel, request: RebuildPullRequest) -> Opened:
    """Make one commit on `base_commit`, then move the branch there and describe the pull request in one document.

    Raises Conflict when the branch does not stand at `expected_head`, Unprocessable for a commit that changes
    nothing, and what else GitHub refuses; the branch is then as it was.
    """
    wanted = NewCommit(request.base_commit, request.tree, request.files, request.modes, request.message)
    async with channel.turn(content=True, writes=REQUESTS + 1):
        commit = await create_commit(channel, wanted)
        return await move_branch(channel, Move(request.node, commit, force=True), request)
