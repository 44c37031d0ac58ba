"""What a repository has released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import releases

if TYPE_CHECKING:
    from bot.sandbox.rest.call import Answer, Call


@operation("repos/list-releases", "GET", "/repos/{owner}/{repo}/releases")
async def list_releases(call: Call) -> Answer:
    """List releases, newest first; drafts only to those who may push."""
    repository = call.readable("contents")
    pushes = call.permissions(repository)["push"]
    found = [release for release in reversed(repository.releases) if pushes or not release.draft]
    return call.page([releases.release(call.world, repository, release) for release in found])
