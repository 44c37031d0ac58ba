"""What a commit of the bot was made from: kept with the bump, so that a later run knows whether it still holds."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - read at run time, to be written as JSON
from dataclasses import asdict, dataclass, field

from bot.bumps import Proposal, standing
from bot.selection import UpdateKind

_KINDS = {kind.value: kind for kind in UpdateKind}


@dataclass(frozen=True, slots=True)
class Basis:
    """`blobs`: the edited files of the base, path to blob. `base`: its commit. `policy`: the blob of the policy file.

    `proposals`: what was proposed, as `written_proposal` writes it; `update` in each says how far it goes.
    """

    base: str = ""
    policy: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict)
    proposals: tuple[Mapping[str, str], ...] = ()

    @property
    def updates(self) -> tuple[UpdateKind | None, ...]:
        """How far each of the proposals goes; None: that is not known."""
        return tuple(_KINDS.get(proposal.get("update", "")) for proposal in self.proposals)

    @property
    def proposed(self) -> tuple[Proposal, ...]:
        """The proposals, without the sentences that said why."""
        return tuple(_proposal(proposal) for proposal in self.proposals)

    @property
    def tells_updates(self) -> bool:
        """Whether it was noted of each proposal how far it goes, known or not; an older version did not."""
        return bool(self.proposals) and all("update" in proposal for proposal in self.proposals)

    def written(self) -> str:
        """Write it as the store keeps it."""
        return json.dumps(asdict(self), sort_keys=True)


def read_basis(text: str) -> Basis:
    """Read what `written` wrote; what an older version did not write is empty."""
    known = json.loads(text)
    return Basis(
        base=known.get("base", ""),
        policy=known.get("policy", ""),
        blobs=known.get("blobs", {}),
        proposals=tuple(known.get("proposals", ())),
    )


def written_proposal(proposal: Proposal) -> dict[str, str]:
    """Write a proposal as `Basis` keeps it."""
    return {
        "policy": proposal.policy,
        "image": proposal.image,
        "current": proposal.current,
        "selected": proposal.wanted,
        "update": proposal.update.value if proposal.update is not None else "",
    }


def _proposal(known: Mapping[str, str]) -> Proposal:
    wanted = standing(known.get("selected", ""))
    return Proposal(
        policy=known.get("policy", ""),
        image=known.get("image", ""),
        current=known.get("current", ""),
        selected=wanted.tag,
        sentence="",
        digest=wanted.digest,
        update=_KINDS.get(known.get("update", "")),
    )
