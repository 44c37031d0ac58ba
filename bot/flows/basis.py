"""What a commit of the bot was made from: kept with the bump, so that a later run knows whether it still holds."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - read at run time, to be written as JSON
from dataclasses import asdict, dataclass, field

from bot.selection import UpdateKind

_KINDS = {kind.value: kind for kind in UpdateKind}


@dataclass(frozen=True, slots=True)
class Basis:
    """`blobs`: the edited files of the base, path to blob. `base`: its commit. `policy`: the blob of the policy file.

    `proposals`: what was proposed, for people who read the store; `update` in each says how far it goes.
    """

    base: str = ""
    policy: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict)
    proposals: tuple[Mapping[str, str], ...] = ()

    @property
    def updates(self) -> tuple[UpdateKind | None, ...]:
        """How far each of the proposals goes; None: that is not known."""
        return tuple(_KINDS.get(proposal.get("update", "")) for proposal in self.proposals)

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
