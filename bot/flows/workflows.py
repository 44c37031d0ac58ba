"""Whether a bump edits workflows of GitHub Actions: a policy must ask for it, and the App have the permission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from bot.github import touches_workflows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.github import RepositoryClient
    from bot.policies import ImagePolicy

log = structlog.get_logger()

NOT_ASKED_FOR: Final = "No policy of this pull request says `update: {workflows: true}`, so workflows are left alone."
NOT_PERMITTED: Final = (
    "The App may not write workflows: give it the permission `workflows: write` in its settings, and accept that where"
    " it is installed."
)


async def may_edit_workflows(client: RepositoryClient, paths: Iterable[str], policies: Iterable[ImagePolicy]) -> bool:
    """Tell whether the workflows among `paths` take part in the bump of `policies`; where they do not, log why.

    GitHub is asked only where it matters, and then a token that was had before is answer enough.
    """
    workflows = sorted(path for path in paths if touches_workflows([path]))
    if not workflows:
        return False
    if not any(policy.workflows for policy in policies):
        _tell(workflows, "workflow", NOT_ASKED_FOR)
        return False
    if not await client.may_write_workflows():
        _tell(workflows, "no-permission", NOT_PERMITTED)
        return False
    return True


def _tell(workflows: Iterable[str], reason: str, message: str) -> None:
    for path in workflows:
        log.info("file.skipped", path=path, reason=reason, message=message)
