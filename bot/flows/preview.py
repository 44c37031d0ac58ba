"""What would change if another policy file were in force on the default branch: from what is known, asking nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps import Base, Bump, Preview, differing, preview
from bot.flows.basis import read_basis
from bot.flows.deciding import BYTES_OF_A_TAG
from bot.flows.policies import told_apart
from bot.flows.preview_facts import outlooks

if TYPE_CHECKING:
    from bot.bumps import Outlook
    from bot.flows.parts import Parts
    from bot.policies import PolicyFile
    from bot.store import BumpRecord, Repository

__all__ = ["Preview", "previewed"]

BYTES_OF_A_PAIR: Final = 24
"""What it weighs to look whether one image in a file follows one policy."""


async def previewed(
    parts: Parts, repository: Repository, now_in_force: PolicyFile | None, proposed: PolicyFile
) -> Preview:
    """Tell which bumps of a repository would open, close or move under a proposed policy file.

    `now_in_force`: the default branch's file, None where none is understood. Of both the globs may still stand. Neither
    GitHub nor a registry is asked: what is not known is said to be so. Nothing that a credential reads is told in a
    public repository. What people laid upon images holds under the proposed file, too.
    """
    now = None if now_in_force is None else await told_apart(parts, repository.id, now_in_force)
    after = await told_apart(parts, repository.id, proposed)
    records = await parts.store.bumps.open_of(repository.id)
    files = differing(now, after, (record.group for record in records))
    if not files.groups:
        return Preview()
    outlook_now, outlook = await outlooks(parts, repository, files)
    state = await parts.store.index.state(repository.id)
    return await parts.compute(
        _weight(outlook) + (_weight(outlook_now) if outlook_now is not None else 0),
        preview,
        outlook_now,
        outlook,
        files.groups,
        [_bump(record) for record in records],
        await parts.store.restrictions.restrictions_for(repository.id, parts.clock()),
        Base(repository.default_branch, state.commit if state is not None else ""),
        parts.clock(),
        state is not None,
    )


def _weight(outlook: Outlook) -> int:
    pairs = len(outlook.occurrences) * len(outlook.policy_file.images)
    return BYTES_OF_A_TAG * sum(map(len, outlook.tags.values())) + BYTES_OF_A_PAIR * pairs


def _bump(record: BumpRecord) -> Bump:
    return Bump(
        group=record.group,
        branch=record.branch,
        base=record.base,
        head=record.head,
        pull_request=record.pull_request,
        fingerprint=record.fingerprint,
        proposals=read_basis(record.proposals).proposed,
    )
