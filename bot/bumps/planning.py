"""The plan: which pull requests to open, update, close or keep, one for each group of policies."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from bot.bumps.branches import safe_branch
from bot.bumps.changing import changes, loses_digest
from bot.bumps.deciding import Decisions, is_open
from bot.bumps.following import following, standing_in, takes, targets_of
from bot.bumps.wishes import Base, Bump, Proposal, fingerprint
from bot.manifests import standing_of
from bot.selection import Strategy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.manifests import Occurrence, Target
    from bot.policies import AutoMerge, ImagePolicy, PolicyFile, PullRequestSettings
    from bot.selection import Decision, Restriction

_GONE: Final = "The policy is no longer in the policy file."
_SWITCHED_OFF: Final = "The bot is switched off in the policy file, so nothing is done here."
_PAUSED: Final = "The policy is disabled."
_UNUSED: Final = "No file uses the image any more."
_REACHED: Final = "The policy wants nothing newer than what stands on the base branch."
_NO_PLACE: Final = "The files have no place for the digest that is wanted."
_ELSEWHERE: Final = "The policy now asks for another base branch."
_STANDS: Final = "The open pull request already says this."
_KEPT: Final = "That was decided earlier, and stays until it can be decided again."


@dataclass(frozen=True, slots=True)
class Wish:
    """What one pull request of a group should hold, whether it is new or stands already.

    `targets` are what `manifests.update` gets, `title` and `message` the templates of the policy (`message` None: the
    title and a list), `policy_line` where the group's first policy stands in the policy file. `waiting` are sentences:
    which images are left as they stand because what should stand there cannot be told yet, and why. `by_range`: a range
    decides what is chosen.
    """

    group: str
    branch: str
    base: Base
    targets: tuple[Target, ...]
    proposals: tuple[Proposal, ...]
    fingerprint: str
    title: str
    message: str | None
    labels: tuple[str, ...]
    reviewers: tuple[str, ...]
    assignees: tuple[str, ...]
    auto_merge: AutoMerge | None
    policy_line: int
    waiting: tuple[str, ...]
    by_range: bool


@dataclass(frozen=True, slots=True)
class Open(Wish):
    """Open a pull request."""

    def onto(self, bump: Bump) -> Update:
        """Turn the same wish upon a pull request that is open already."""
        same = {field.name: getattr(self, field.name) for field in fields(self)}
        return Update(**same, bump=bump)


@dataclass(frozen=True, slots=True)
class Update(Wish):
    """Bring the pull request of `bump` to a newer wish; its branch stays."""

    bump: Bump


@dataclass(frozen=True, slots=True)
class Close:
    """Close the pull request of `bump`; `sentence` says why."""

    bump: Bump
    sentence: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave the pull request of `bump` as it is; `sentence` says why."""

    bump: Bump
    sentence: str


PlanItem = Open | Update | Close | Keep


def plan(  # noqa: PLR0917 - the names are part of the contract
    policy_file: PolicyFile,
    occurrences: Iterable[Occurrence],
    decisions: Decisions,
    bumps: Sequence[Bump],
    restrictions: Sequence[Restriction],  # noqa: ARG001 - the decisions were made under them already
    base: Base,
    now: datetime,  # noqa: ARG001 - part of the contract: limits by the hour will be counted from it
    anew: str | None = None,
) -> tuple[PlanItem, ...]:
    """Compare what is wished with what is open: at most one item a group, in the order of the policy file.

    `occurrences` are those of `base`; a group that asks for another base branch is only closed here, where it has a
    bump that stands on `base`. `bumps` are the open ones, at most one a group. What is not known closes and changes
    nothing: an image whose decision is open keeps what the bump holds for it, and the others of its group go on.
    The bump of the group `anew` is written again whatever it says already, with what it holds where nothing is decided.
    """
    if not policy_file.enabled:
        return tuple(Keep(bump, _SWITCHED_OFF) for bump in bumps)
    groups = _groups(policy_file)
    followers = following(policy_file, occurrences)
    open_bumps = {bump.group: bump for bump in bumps}
    taken = {base.branch, *(bump.branch for bump in bumps)}
    items: list[PlanItem] = []
    for group, policies in groups.items():
        wish = _Group(group, policies, followers, decisions, base)
        item = (
            wish.compared(open_bumps[group], anew=group == anew)
            if group in open_bumps
            else wish.opened(frozenset(taken))
        )
        if item is not None:
            items.append(item)
            taken |= {item.branch} if isinstance(item, Open) else set()
    orphans = sorted((bump for bump in bumps if bump.group not in groups), key=lambda bump: bump.group)
    return (*items, *(Close(bump, _GONE) for bump in orphans))


def _groups(policy_file: PolicyFile) -> dict[str, list[ImagePolicy]]:
    groups: dict[str, list[ImagePolicy]] = {}
    for policy in policy_file.images:
        groups.setdefault(policy.group, []).append(policy)
    return groups


class _Group:
    """One group of policies with all that is known of it."""

    def __init__(
        self,
        name: str,
        policies: Sequence[ImagePolicy],
        followers: Mapping[str, Sequence[Occurrence]],
        decisions: Decisions,
        base: Base,
    ) -> None:
        self._name = name
        self._first = policies[0]
        self._base = base
        self._enabled = [policy for policy in policies if policy.enabled]
        self._followers = followers
        self._decided: list[tuple[ImagePolicy, str, Decision | None]] = [
            (policy, current, decisions.get((policy.name, current)))
            for policy in self._enabled
            for current in standing_in(followers[policy.name])
        ]

    def opened(self, taken: frozenset[str]) -> Open | None:
        proposals = self._proposals()
        if not proposals or not self._is_on_this_base():
            return None
        branch = safe_branch(self._settings.branch, taken=taken)
        return self._wish(proposals, branch)

    def compared(self, bump: Bump, *, anew: bool = False) -> PlanItem | None:
        """Compare an open bump with what is wished now; None when it stands on a base that is not at hand."""
        if self._settings.base not in {None, bump.base}:
            return Close(bump, _ELSEWHERE)
        if bump.base != self._base.branch:
            return None
        if not self._enabled:
            return Close(bump, _PAUSED)
        undecided = self._undecided()
        if undecided and all(_why_open(*each) for each in self._decided) and not (anew and bump.proposals):
            return Keep(bump, undecided[0])
        return self._decided_against(bump, undecided, anew=anew)

    def _decided_against(self, bump: Bump, undecided: Sequence[str], *, anew: bool) -> PlanItem:
        proposals = self._proposals(bump.proposals)
        if not proposals:
            # Where it is not known what the pull request holds, it may hold what is not decided.
            return Keep(bump, undecided[0]) if undecided and not bump.proposals else Close(bump, self._why_nothing())
        if fingerprint(self._name, self._base.branch, proposals) == bump.fingerprint and not anew:
            return Keep(bump, undecided[0] if undecided else _STANDS)
        return self._wish(proposals, bump.branch).onto(bump)

    @property
    def _settings(self) -> PullRequestSettings:
        return self._first.pull_request

    def _is_on_this_base(self) -> bool:
        return self._settings.base == self._base.branch or (self._settings.base is None and self._base.default)

    def _undecided(self) -> list[str]:
        """Say what is not known yet, for each image of which that is so."""
        whys = (_why_open(policy, current, decision) for policy, current, decision in self._decided)
        return list(dict.fromkeys(why for why in whys if why is not None))

    def _why_nothing(self) -> str:
        if not self._decided:
            return _UNUSED
        decided = (decision for policy, current, decision in self._decided if not _why_open(policy, current, decision))
        sentences = [decision.sentence for decision in decided if decision and decision.selected is None]
        proposals = (_proposed(policy, current, decision, ()) for policy, current, decision in self._decided)
        reached = _NO_PLACE if any(proposals) else _REACHED
        return sentences[0] if sentences else reached

    def _proposals(self, earlier: Sequence[Proposal] = ()) -> tuple[Proposal, ...]:
        """Say what is to move: what is decided, and of `earlier` ones those about which nothing can be told now."""
        proposals = (_proposed(policy, current, decision, earlier) for policy, current, decision in self._decided)
        return tuple(proposal for proposal in proposals if proposal is not None and self._has_place(proposal))

    def _has_place(self, proposal: Proposal) -> bool:
        """Whether any follower can be written as a proposal wishes; else it would be proposed for ever."""
        followers = self._followers[proposal.policy]
        return any(takes(each, proposal) for each in followers if standing_of(each) == proposal.current)

    def _wish(self, proposals: tuple[Proposal, ...], branch: str) -> Open:
        return Open(
            group=self._name,
            branch=branch,
            base=self._base,
            targets=tuple(target for proposal in proposals for target in self._targets(proposal)),
            proposals=proposals,
            fingerprint=fingerprint(self._name, self._base.branch, proposals),
            title=self._settings.title,
            message=self._settings.commit_message,
            labels=self._settings.labels,
            reviewers=self._settings.reviewers,
            assignees=self._settings.assignees,
            auto_merge=self._settings.auto_merge,
            policy_line=self._first.line,
            waiting=tuple(self._undecided()),
            by_range=all(_is_by_range(self._policy(proposal)) for proposal in proposals),
        )

    def _targets(self, proposal: Proposal) -> tuple[Target, ...]:
        return targets_of(self._policy(proposal), self._followers, proposal)

    def _policy(self, proposal: Proposal) -> ImagePolicy:
        return next(policy for policy in self._enabled if policy.name == proposal.policy)


def _is_by_range(policy: ImagePolicy) -> bool:
    return policy.rule.strategy is Strategy.SEMVER and policy.rule.pin is None


def _why_open(policy: ImagePolicy, current: str, decision: Decision | None) -> str | None:
    """Say why it cannot be told what should stand where `current` stands; None: it can."""
    if decision is None:
        return f"The tags of {policy.image} are not known yet."
    if is_open(decision):
        return f"For {_named(policy, current)}: {decision.sentence}"
    if loses_digest(current, decision):
        return f"For {_named(policy, current)}: the digest that belongs there is not known."
    return None


def _proposed(
    policy: ImagePolicy, current: str, decision: Decision | None, earlier: Sequence[Proposal]
) -> Proposal | None:
    if decision is None or _why_open(policy, current, decision) is not None:
        asked = (policy.name, str(policy.image), current)
        known = next((each for each in earlier if (each.policy, each.image, each.current) == asked), None)
        return None if known is None else replace(known, sentence=_KEPT, kept=True)
    if decision.selected is None or not changes(current, decision):
        return None
    return Proposal(
        policy=policy.name,
        image=str(policy.image),
        current=current,
        selected=decision.selected.name,
        sentence=decision.sentence,
        digest=decision.digest,
        update=decision.update,
    )


def _named(policy: ImagePolicy, current: str) -> str:
    """Write the image with what stands behind it in the files."""
    between = "" if not current or current.startswith("@") else ":"
    return f"{policy.image}{between}{current}"
