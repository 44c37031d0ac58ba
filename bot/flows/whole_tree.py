"""Every manifest of one commit, for the rare question that is about all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from bot.github import GitHubError
from bot.manifests import may_hold_images

if TYPE_CHECKING:
    from bot.github import RepositoryClient

log = structlog.get_logger()

MOST_FILES: Final = 10_000
LARGEST: Final = 64 * 1024 * 1024
_FILES: Final = frozenset({"100644", "100755"})


async def whole_tree(client: RepositoryClient, branch: str) -> dict[str, bytes] | None:
    """Read the manifests at the tip of a branch, path to content, in three requests.

    None: there are more than one look can take (10,000 files, 64 MiB), or GitHub does not hand them out.
    """
    try:
        head = await client.head(branch)
        tree = None if head is None else await client.tree(head.tree)
        if head is None or tree is None or tree.truncated:
            return None
        files = {each.path: each for each in tree.entries if each.mode in _FILES and may_hold_images(each.path)}
        if len(files) > MOST_FILES or sum(each.size or 0 for each in files.values()) > LARGEST:
            return None
        if not files:
            return {}
        return await client.archive(head.commit, {path: each.oid for path, each in files.items()})
    except GitHubError as error:
        log.warning("tree.not_read", repository=client.full_name, branch=branch, reason=str(error))
        return None
