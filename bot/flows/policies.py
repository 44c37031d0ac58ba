"""The policies of a repository: those of its file, with each glob told apart into the images that stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.flows.indexed import is_image
from bot.images import ImageReference
from bot.jobs.work import IndexRepository
from bot.policies import PolicyFileError

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.policies import PolicyFile

log = structlog.get_logger()


async def policies_of(parts: Parts, repository: int, text: str) -> PolicyFile:
    """Read a policy file as it counts in a repository. Raises PolicyFileError."""
    return await told_apart(parts, repository, await parts.load_policies(text))


async def policies_in_force(parts: Parts, installation: int, repository: int) -> PolicyFile | None:
    """Read the policy file that was noted for a repository. None: there is none that is understood.

    An earlier version may have understood what this one does not. Then the index reads the file again, once: it notes
    the problems and has them reported.
    """
    record = await parts.store.repositories.policy(repository)
    if record is None or record.text is None or record.problems:
        return None
    try:
        return await policies_of(parts, repository, record.text)
    except PolicyFileError as error:
        log.warning("policy.not_understood_any_more", repository=repository, problems=len(error.problems))
        await parts.store.index.reopen(repository)
        await parts.ask(IndexRepository(installation, repository))
        return None


async def told_apart(parts: Parts, repository: int, policy_file: PolicyFile) -> PolicyFile:
    """Put for each policy about a glob one about each image that it matches among those that the index holds."""
    if not has_globs(policy_file):
        return policy_file
    found = [name for name in await parts.store.index.images(repository) if is_image(name[0])]
    return policy_file.for_images([ImageReference(*name, None, None, "/".join(name)) for name in found])


def has_globs(policy_file: PolicyFile) -> bool:
    """Whether which policies there are depends on the images that stand in the repository."""
    return any(policy.is_pattern for policy in policy_file.images)
