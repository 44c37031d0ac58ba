"""What a commit of the bot was made from: kept with the bump, so that a later run knows whether it still holds."""

from __future__ import annotations

import json
from collections.abc import Mapping  # noqa: TC003 - read at run time, to be written as JSON
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.bumps import Proposal, standing
from bot.selection import UpdateKind

_KINDS = {kind.value: kind for kind in UpdateKind}


@dataclass(frozen=True, slots=True)
class Queued:
    """At which head and base a pull request was put into the merge queue, and how often it was at that head."""

    head: str
    base: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against a merge until a person does something: a reason of `MergeReason`, and its sentence."""

    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What passes by itself and is looked for again and again: a reason of `MergeReason`, and since when (ISO 8601)."""

    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class Past:
    """The group's last bump that was merged, while another one is open: into which base, and what became of it.

    `proposals`, `landed` and `heard` as a `Basis` has them; `paths` are the files that it edited.
    """

    base: str
    pull_request: int | None
    proposals: tuple[Mapping[str, str], ...]
    paths: tuple[str, ...]
    landed: tuple[str, ...]
    heard: tuple[str, ...]

    @property
    def proposed(self) -> tuple[Proposal, ...]:
        """The proposals, without the sentences that said why."""
        return tuple(_proposal(proposal) for proposal in self.proposals)


@dataclass(frozen=True, slots=True)
class Basis:
    """`blobs`: the edited files of the base, path to blob. `base`: its commit. `policy`: the blob of the policy file.

    `proposals`: what was proposed, as `written_proposal` writes it; `update` in each says how far it goes. `lines`: the
    lines that were changed in each file. `laid`: a hash of the restrictions that it was decided under. `queued`: how
    it was last put into a merge queue. `against`: what keeps it from being merged, as its body tells. `awaited`: what a
    merge waits for. `landed`: what was seen standing on the base after the merge, and `heard` what people took back
    there, which is held once; each as policy and value. `past`: the one that was merged before it.
    """

    base: str = ""
    policy: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict)
    proposals: tuple[Mapping[str, str], ...] = ()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    laid: str = ""
    queued: Queued | None = None
    against: Against | None = None
    awaited: Awaited | None = None
    landed: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    past: Past | None = None

    @property
    def updates(self) -> tuple[UpdateKind | None, ...]:
        """How far each of the proposals goes; None: that is not known."""
        return tuple(_KINDS.get(proposal.get("update", "")) for proposal in self.proposals)

    @property
    def births(self) -> Mapping[str, datetime | None]:
        """Since when each policy's proposed image is known to be there; None: that is not known."""
        return {each.get("policy", ""): _moment(each.get("born", "")) for each in self.proposals}

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
        lines={path: tuple(lines) for path, lines in known.get("lines", {}).items()},
        laid=known.get("laid", ""),
        queued=Queued(**known["queued"]) if known.get("queued") else None,
        against=Against(**known["against"]) if known.get("against") else None,
        awaited=Awaited(**known["awaited"]) if known.get("awaited") else None,
        landed=tuple(known.get("landed", ())),
        heard=tuple(known.get("heard", ())),
        past=_past(known.get("past")),
    )


def _past(known: Mapping[str, Any] | None) -> Past | None:
    if not known:
        return None
    lists = {name: tuple(known[name]) for name in ("proposals", "paths", "landed", "heard")}
    return Past(base=known["base"], pull_request=known["pull_request"], **lists)


def written_proposal(proposal: Proposal, born: datetime | None = None) -> dict[str, str]:
    """Write a proposal as `Basis` keeps it; `born`: since when its image is known to be there."""
    return {
        "policy": proposal.policy,
        "image": proposal.image,
        "current": proposal.current,
        "selected": proposal.wanted,
        "update": proposal.update.value if proposal.update is not None else "",
        "born": born.isoformat() if born is not None else "",
    }


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


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
