"""Whether somebody took a merged bump back: its files stand at something else, and it would be proposed again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bumps.changing import outcome
from bot.bumps.following import following, takes
from bot.manifests import standing_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.bumps.deciding import Decisions
    from bot.bumps.wishes import Proposal
    from bot.manifests import Occurrence
    from bot.policies import PolicyFile


@dataclass(frozen=True, slots=True)
class Reverted:
    """A policy whose merged bump was taken back: to which tag and digest it went, and what stands there now.

    `wanted` is the value that was merged, as it stands in files.
    """

    policy: str
    tag: str
    digest: str | None
    current: str
    wanted: str


def reverted(
    policy_file: PolicyFile,
    occurrences: Iterable[Occurrence],
    merged: Sequence[Proposal],
    paths: Collection[str],
    decisions: Decisions,
) -> tuple[Reverted, ...]:
    """Tell which policies of a merged bump were taken back, each once.

    `merged` is what the bump proposed and `paths` the files that it edited; `occurrences` are those of the base now,
    and `decisions` those of now, made without a hold for it. An image in these files that stands at something else, and
    would be moved to the very same again, was taken back; one that has moved on was not. A place that shares its bytes
    with another image was never written, and tells nothing; nor does one beside others that stand as they were merged,
    for people may have put it there.
    """
    every = list(occurrences)
    followers = following(policy_file, every)
    shared = _shared(every, followers)
    found: dict[tuple[str, str], Reverted] = {}
    for proposal in merged:
        as_merged = _standing_as_merged(followers, proposal)
        for each in followers.get(proposal.policy, ()):
            current = standing_of(each)
            if current is None or each.path not in paths or each.path in as_merged:
                continue
            if not _writable(each, proposal, current, shared):
                continue
            decision = decisions.get((proposal.policy, current))
            if decision is not None and current != proposal.wanted and outcome(decision) == proposal.wanted:
                now = Reverted(proposal.policy, proposal.selected, proposal.digest, current, proposal.wanted)
                found.setdefault((proposal.policy, proposal.wanted), now)
    return tuple(found.values())


def landed(
    policy_file: PolicyFile, occurrences: Iterable[Occurrence], merged: Sequence[Proposal], paths: Collection[str]
) -> tuple[Proposal, ...]:
    """List what of a merged bump stands in one of its files as it was merged; arguments as `reverted` takes them."""
    followers = following(policy_file, list(occurrences))
    return tuple(each for each in merged if not _standing_as_merged(followers, each).isdisjoint(paths))


def _standing_as_merged(followers: Mapping[str, Sequence[Occurrence]], proposal: Proposal) -> set[str]:
    """Name the files in which an image stands as a proposal wanted it."""
    return {each.path for each in followers.get(proposal.policy, ()) if standing_of(each) == proposal.wanted}


def _writable(
    occurrence: Occurrence, proposal: Proposal, current: str, shared: Mapping[tuple[str, object], set[str]]
) -> bool:
    """Whether the proposal could be written here: there is a place for its digest, and no other image shares it."""
    if not takes(occurrence, replace(proposal, current=current)):
        return False
    return all(len(shared[place]) == 1 for place in _places(occurrence))


def _shared(
    occurrences: Sequence[Occurrence], followers: Mapping[str, Sequence[Occurrence]]
) -> dict[tuple[str, object], set[str]]:
    """Tell which policies claim each range of bytes; "" stands for none."""
    policy_of = {id(each): policy for policy, followed in followers.items() for each in followed}
    claims: dict[tuple[str, object], set[str]] = {}
    for each in occurrences:
        for place in _places(each):
            claims.setdefault(place, set()).add(policy_of.get(id(each), ""))
    return claims


def _places(occurrence: Occurrence) -> Iterator[tuple[str, object]]:
    return ((occurrence.path, span) for span in occurrence.parts.values())
