"""What is remembered of a bump that is about to be written, and what a merge later asks of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.bumps import touched
from bot.flows.basis import Basis, read_basis, written_proposal
from bot.flows.reverts import merged_before
from bot.store import BumpRecord, BumpState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.bumps import Open, Update
    from bot.flows.application import Application, Decided, Edited
    from bot.flows.standing import Standing
    from bot.store import RestrictionRecord


def record_of(application: Application, decided: Decided, edited: Edited) -> BumpRecord:
    """Write down what is about to be done, with what it is made from."""
    item, facts = edited.item, application.facts
    stands, before = application.stands, application.stands.record
    known = read_basis(before.proposals) if before is not None and stands.fingerprint == item.fingerprint else Basis()
    policy, laid = _judged_by(application, decided, item)
    basis = Basis(
        base=facts.base.commit,
        policy=policy,
        blobs=edited.blobs,
        proposals=tuple(written_proposal(each, edited.births.get(each.policy)) for each in item.proposals),
        lines=touched(edited.changes),
        laid=laid,
        queued=None if before is None else read_basis(before.proposals).queued,
        against=known.against,
        awaited=known.awaited,
        past=merged_before(before),
    )
    return BumpRecord(
        repository=application.repository.id,
        group=application.group,
        branch=item.branch,
        base=facts.base.branch,
        head=_own_head(stands),
        pull_request=stands.bump.pull_request if stands.bump is not None else None,
        state=BumpState.OPENING,
        fingerprint=item.fingerprint,
        proposals=basis.written(),
        updated_at=application.parts.clock(),
        seen_head=before.seen_head if stands.bump is not None and before is not None else "",
        seen_at=before.seen_at if stands.bump is not None and before is not None else None,
    )


def _own_head(stands: Standing) -> str:
    """Name the commit that the bot itself pushed last: never one of other people."""
    if stands.people:
        return stands.record.head if stands.record is not None else ""
    return stands.bump.head if stands.bump is not None else ""


def hash_of_laid(laid: Iterable[RestrictionRecord]) -> str:
    """Tell the restrictions that a bump was decided under from others, in a few letters; "" for none."""
    said = sorted(
        repr((each.policy, each.kind.value, each.tag, each.digest, each.range, each.beyond, each.until))
        for each in laid
    )
    if not said:
        return ""
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _judged_by(application: Application, decided: Decided, item: Open | Update) -> tuple[str, str]:
    """Name the blob of the policy file and the restrictions that a wish was compared with: a merge asks for both.

    What cannot be decided now was compared with those of before.
    """
    before, policy = application.stands.record, application.facts.policy
    if before is not None and any(proposal.kept for proposal in item.proposals):
        known = read_basis(before.proposals)
        return known.policy, known.laid
    return policy.oid if policy is not None else "", hash_of_laid(decided.laid)


def is_judged_by(before: BumpRecord | None, now: BumpRecord) -> bool:
    """Whether a merge finds noted what it asks for: what the bump was last compared with, and how far it goes."""
    if before is None:
        return False
    known, told = read_basis(before.proposals), read_basis(now.proposals)
    asked = (known.policy, known.updates, known.laid, known.births)
    return known.tells_updates and asked == (told.policy, told.updates, told.laid, told.births)
