"""What another policy file would do to the pull requests of a repository, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps.branches import safe_branch
from bot.bumps.changing import standing
from bot.bumps.deciding import is_open
from bot.bumps.differing import delivery_of, wish_of
from bot.bumps.following import following, standing_in
from bot.bumps.foreseeing import UNREAD, foreseen
from bot.bumps.outlook import Parts, groups_apart
from bot.bumps.planning import Close, Keep, plan
from bot.manifests import standing_of
from bot.safe_text import code, prose, with_code
from bot.selection import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.bumps.outlook import Outlook
    from bot.bumps.wishes import Base, Bump, Proposal
    from bot.policies import ImagePolicy
    from bot.selection import Decision, Restriction

MOST_LINES: Final = 50
"""Lines of each list of a preview; nobody reads more."""

_STRAIGHT: Final = "The policy now asks for commits without a pull request."
_OTHER_BRANCH: Final = "The policy now names another branch."
_SWITCHED_OFF: Final = (
    "The file says `enabled: false`: nothing is opened or moved any more, and open pull requests stay as they are."
)
_UNREAD_FILES: Final = "Not all files here have been read yet, so there may be more than this."
_LAID: Final = frozenset({Reason.HELD, Reason.SNOOZED})


@dataclass(frozen=True, slots=True)
class Preview:
    """What would open, close or move, and what cannot be told: each a line of Markdown in which nothing is hostile."""

    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.opens or self.closes or self.moves or self.unknown)


def preview(  # noqa: PLR0917 - as `plan`
    now: Outlook | None,
    proposed: Outlook,
    groups: frozenset[str],
    bumps: Sequence[Bump],
    restrictions: Sequence[Restriction],
    base: Base,
    at: datetime,
    is_complete: bool = True,
) -> Preview:
    """Tell what would be otherwise if the proposed file were in force and not the one that is (None: there is none).

    `groups` are the groups to compare (see `differing`), `bumps` the open ones, `base` the default branch at which the
    occurrences stand. Not `is_complete`: there may be occurrences that are not known. What would happen under both
    files is not told.
    """
    if not proposed.policy_file.enabled:
        was_on = now is None or now.policy_file.enabled
        return Preview(moves=(_SWITCHED_OFF,) if was_on else ())
    told = list(_compared(now, proposed, groups, bumps, restrictions, base, at))
    unread = () if is_complete else (_UNREAD_FILES,)
    unknown = (line for each in told for line in each.unknown(is_complete=is_complete))
    return Preview(
        opens=_listed(line for each in told for line in each.opens()),
        closes=_listed(line for each in told for line in each.closes()),
        moves=_listed(line for each in told for line in each.moves()),
        unknown=_listed((*unread, *unknown)),
    )


def _compared(  # noqa: PLR0917 - as `preview`
    now: Outlook | None,
    proposed: Outlook,
    groups: frozenset[str],
    bumps: Sequence[Bump],
    restrictions: Sequence[Restriction],
    base: Base,
    at: datetime,
) -> Iterator[_Compared]:
    """Compare what has to do with each other, and no more: whole files would be compared image by image."""
    files = [outlook.policy_file for outlook in (proposed, now) if outlook is not None]
    ordered = dict.fromkeys(policy.group for each in files for policy in each.images if policy.group in groups)
    living = {bump.group: bump for bump in bumps}
    parts_now, parts = None if now is None else Parts(now), Parts(proposed)
    for some in groups_apart(files, ordered | dict.fromkeys(sorted(groups))):
        mine = {group: living[group] for group in sorted(some) if group in living}
        asked = (some, list(mine.values()), restrictions, base, at)
        before = None if parts_now is None else _Expected(parts_now.of(some), *asked)
        yield _Compared(before, _Expected(parts.of(some), *asked), mine)


class _Expected:
    """What would become of each group under one policy file.

    `closed`: the groups whose pull request would be closed, with the reason. `holds`: what would be proposed then.
    """

    def __init__(  # noqa: PLR0917 - as `preview`
        self,
        outlook: Outlook,
        groups: frozenset[str],
        bumps: Sequence[Bump],
        restrictions: Sequence[Restriction],
        base: Base,
        at: datetime,
    ) -> None:
        self.base, self.untold = base, outlook.untold
        policy_file, occurrences = outlook.policy_file, outlook.occurrences
        self.policies = [policy for policy in policy_file.images if policy.group in groups]
        self.followers = following(policy_file, occurrences)
        only = frozenset(policy.name for policy in self.policies)
        found = foreseen(policy_file, occurrences, outlook.tags, restrictions, at, only)
        self.decisions, self.granted = found
        self.images = {policy.name: policy.image.name for policy in self.policies}
        self.first: dict[str, ImagePolicy] = {}
        for policy in self.policies:
            self.first.setdefault(policy.group, policy)
        self.closed = {bump.group: over for bump in bumps if (over := self._over(bump)) is not None}
        staying = [bump for bump in bumps if bump.group not in self.closed]
        self.holds: dict[str, tuple[Proposal, ...]] = {bump.group: bump.proposals for bump in staying}
        for item in plan(policy_file, occurrences, found.decisions, staying, restrictions, base, at):
            if isinstance(item, Close):
                self.closed[item.bump.group] = item.sentence
                del self.holds[item.bump.group]
            elif not isinstance(item, Keep) and item.group in groups and self.elsewhere(item.group) is None:
                self.holds[item.group] = item.proposals

    def elsewhere(self, group: str) -> str | None:
        """Name the branch that a group's images go into; None: the one at which the occurrences stand."""
        base, branch, is_straight = delivery_of(self.first[group].pull_request)
        target = branch if is_straight and base in {None, self.base.branch} else base
        return None if target in {None, self.base.branch} else target

    def files(self, proposal: Proposal) -> int:
        """Count the files in which a proposal moves an image."""
        followers = self.followers.get(proposal.policy, ())
        return len({each.path for each in followers if standing_of(each) == proposal.current})

    def undecided(self, policy: ImagePolicy) -> Iterator[str]:
        """Say why it cannot be told what should stand where a policy's image stands."""
        for current in standing_in(self.followers[policy.name]):
            decision = self.decisions.get((policy.name, current))
            if decision is not None and self._is_to_be_told(policy, decision):
                yield with_code(decision.sentence)

    def _is_to_be_told(self, policy: ImagePolicy, decision: Decision) -> bool:
        """Whether a decision says nothing, or that no tag will do, unless a pull request is closed with those words."""
        if decision.reason is Reason.NO_MATCH:
            return policy.group not in self.closed
        return is_open(decision) and decision.reason not in _LAID

    def _over(self, bump: Bump) -> str | None:
        """Say why an open pull request makes place for something else, whatever it holds; None: it does not."""
        if bump.group not in self.first:
            return None
        base, branch, is_straight = delivery_of(self.first[bump.group].pull_request)
        if is_straight:
            return _STRAIGHT
        taken = frozenset({base or self.base.branch, self.base.branch})
        return None if safe_branch(branch, taken=taken) == bump.branch else _OTHER_BRANCH


class _Compared:
    """The sentences about what differs between two files; `before` is None where none is in force."""

    def __init__(self, before: _Expected | None, after: _Expected, bumps: Mapping[str, Bump]) -> None:
        self._before, self._after, self._bumps = before, after, bumps
        self._closed = before.closed if before is not None else {}
        self._known = {wish_of(policy) for policy in before.policies} if before is not None else set()

    def opens(self) -> Iterator[str]:
        for group, proposals in self._after.holds.items():
            if not self._stays(group):
                expected = () if group in self._bumps and group not in self._closed else self._had(group)
                was = {_move_of(proposal) for proposal in expected}
                yield from (self._opened(group, each) for each in proposals if _move_of(each) not in was)

    def closes(self) -> Iterator[str]:
        for group, sentence in self._after.closed.items():
            if group not in self._closed:
                yield f"{_named(self._bumps[group])}: {with_code(sentence)}"

    def moves(self) -> Iterator[str]:
        for group, proposals in self._after.holds.items():
            if self._stays(group):
                bump, had = self._bumps[group], self._had(group)
                was = {(each.image, each.current): each for each in had}
                yield from (f"{_named(bump)}: {said}" for each in proposals if (said := self._moved(each, was)))
                left = was.keys() - {(each.image, each.current) for each in proposals}
                yield from (f"{_named(bump)}: without {code(image)}" for image, _ in sorted(left))

    def unknown(self, *, is_complete: bool) -> Iterator[str]:
        changed = [policy for policy in self._after.policies if policy.enabled and wish_of(policy) not in self._known]
        for group in dict.fromkeys(policy.group for policy in changed):
            if (branch := self._after.elsewhere(group)) is not None:
                yield f"Group {code(group)}: it goes into {code(branch)}, whose files are read after the merge"
        here = (policy for policy in changed if self._after.elsewhere(policy.group) is None)
        lines = ((code(str(policy.image)), self._why_unknown(policy, is_complete=is_complete)) for policy in here)
        yield from dict.fromkeys(f"{image}: {why}" for image, whys in lines for why in whys)

    def _why_unknown(self, policy: ImagePolicy, *, is_complete: bool) -> Iterable[str]:
        if policy.name in self._after.untold:
            return (prose(self._after.untold[policy.name]),)
        if not self._after.followers[policy.name]:
            return ("no file here uses it",) if is_complete else ()
        return self._after.undecided(policy)

    def _stays(self, group: str) -> bool:
        """Whether a group has an open pull request that is not closed."""
        return group in self._bumps and group not in self._after.closed

    def _had(self, group: str) -> tuple[Proposal, ...]:
        """Return what the file in force would propose for a group by itself."""
        if self._before is not None:
            return self._before.holds.get(group, ())
        return self._bumps[group].proposals if group in self._bumps else ()

    def _opened(self, group: str, proposal: Proposal) -> str:
        _, branch, is_straight = delivery_of(self._after.first[group].pull_request)
        where = f"as a commit on {code(branch)}" if is_straight else f"group {code(group)}"
        return f"{code(proposal.image)}: {_from_to(proposal)}{self._in_files(proposal)}, {where}{self._if(proposal)}"

    def _moved(self, proposal: Proposal, was: Mapping[tuple[str, str], Proposal]) -> str:
        """Say how a proposal differs from what is proposed for the same image; "": in nothing."""
        earlier, image = was.get((proposal.image, proposal.current)), code(proposal.image)
        if earlier is None:
            return f"also {image} {_from_to(proposal)}{self._in_files(proposal)}{self._if(proposal)}"
        if earlier.wanted == proposal.wanted:
            return ""
        return f"{image} {_from_to(proposal)} instead of {_wanted(earlier)}{self._if(proposal)}"

    def _in_files(self, proposal: Proposal) -> str:
        count = self._after.files(proposal)
        return " in one file" if count == 1 else f" in {count:,} files"

    def _if(self, proposal: Proposal) -> str:
        is_granted = (self._after.images[proposal.policy], proposal.selected) in self._after.granted
        return ", if it runs where it has to" if is_granted else ""


def _move_of(proposal: Proposal) -> tuple[str, str, str]:
    return proposal.image, proposal.current, proposal.wanted


def _named(bump: Bump) -> str:
    group = code(bump.group)
    return f"Group {group}" if bump.pull_request is None else f"#{bump.pull_request}, group {group}"


def _from_to(proposal: Proposal) -> str:
    old = standing(proposal.current).tag if proposal.digest == UNREAD else proposal.shown[0]
    return f"{code(old)} -> {_wanted(proposal)}" if old else f"to {_wanted(proposal)}"


def _wanted(proposal: Proposal) -> str:
    return f"{code(proposal.selected)} with its digest" if proposal.digest == UNREAD else code(proposal.shown[1])


def _listed(lines: Iterable[str]) -> tuple[str, ...]:
    every = tuple(lines)
    return (
        every if len(every) <= MOST_LINES else (*every[: MOST_LINES - 1], f"And {len(every) - MOST_LINES + 1:,} more.")
    )
