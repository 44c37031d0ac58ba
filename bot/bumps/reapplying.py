"""A person committed to the bot's branch: put the bot's own values on top, and touch nothing else."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.bumps.changing import standing
from bot.bumps.expecting import occurrences_of, targets_for
from bot.bumps.following import following, standing_in
from bot.bumps.known_again import Place, places
from bot.manifests import find_images, standing_of, update
from bot.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.bumps.planning import Open, Update
    from bot.bumps.wishes import Proposal
    from bot.manifests import Change, Occurrence, Span
    from bot.policies import PolicyFile


@dataclass(frozen=True, slots=True)
class Reapplied:
    """The branch's files with the bot's values in them.

    `files` are those that change against the branch's head, and may be none. `changes` are what the pull request does
    to the base, as if it held nothing but the bot's work: their lines are those of the base.
    """

    files: Mapping[str, bytes]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why the bot leaves a branch to the person who committed to it; `sentence` names file and line."""

    sentence: str


def reapply(
    policy_file: PolicyFile,
    item: Open | Update,
    before: Sequence[Proposal],
    base: Mapping[str, bytes],
    head: Mapping[str, bytes],
) -> Reapplied | Stopped:
    """Put the values that `item` wishes into the files of a branch to which a person committed.

    `base` and `head` are the contents of the files at the base and at the branch's head, `before` the proposals that
    the branch holds. Only those places are written that the bot moves on the base, or moved there `before`: from what
    stands on the base, or from what the bot put there. What `before` moved and `item` does not goes back.

    It is stopped where a place that the bot moves is not to be found on the branch, or would stand at something else
    than it wishes: then a person decided about it.
    """
    planned = update(base, item.targets)
    wished = _moved(base, planned.files)
    dropped = _dropped(policy_file, item.proposals, before, base)
    undone = _moved(base, update(base, targets_for(policy_file, occurrences_of(base), dropped)).files)
    moves = (*_onwards(item.proposals, before, dropped), *_back(dropped))
    edited = update(head, targets_for(policy_file, occurrences_of(head), moves)).files
    own = wished.keys() | undone.keys()
    files = {path: _with_own(path, head[path], content, own) for path, content in edited.items()}
    stopped = _missed(wished, undone, places(occurrences_of({**head, **files})))
    if stopped is not None:
        return stopped
    return Reapplied({path: content for path, content in files.items() if content != head[path]}, planned.changes)


_Move = tuple["Occurrence", "Occurrence"]


def _moved(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[Place, _Move]:
    """Give the places that an edit moved: each before it and after it. An edit moves none from its place."""
    found: dict[Place, _Move] = {}
    for path, content in after.items():
        old, new = places(find_images(path, before[path])), find_images(path, content)
        pairs = zip(old.items(), new, strict=True)
        found |= {place: (was, now) for (place, was), now in pairs if was.text != now.text}
    return found


def _dropped(
    policy_file: PolicyFile, proposals: Iterable[Proposal], before: Iterable[Proposal], base: Mapping[str, bytes]
) -> list[Proposal]:
    """List what the branch holds and is wished no more, of what still stands on the base as it did."""
    kept = {(each.policy, each.current) for each in proposals}
    followers = following(policy_file, occurrences_of(base))
    stands = {(policy, current) for policy, followed in followers.items() for current in standing_in(followed)}
    return [each for each in before if (each.policy, each.current) in stands - kept]


def _onwards(
    proposals: Iterable[Proposal], before: Iterable[Proposal], dropped: Collection[Proposal]
) -> Iterable[Proposal]:
    """Give each proposal from what stands on the base, and from what the bot put there when the same stood there.

    What stood there earlier may stand on the base no more: then what was put there instead is moved as well.
    """
    wishes = list(proposals)
    kept = {(each.policy, each.current) for each in wishes}
    for proposal in wishes:
        yield proposal
        for each in before:
            is_stale = (each.policy, each.current) not in kept and each not in dropped
            if each.policy == proposal.policy and (each.current == proposal.current or is_stale):
                yield replace(proposal, current=each.wanted)


def _back(dropped: Iterable[Proposal]) -> Iterable[Proposal]:
    """Turn proposals around. To no tag there is no way back: such a place stays, and that is found out afterwards."""
    for proposal in dropped:
        here = standing(proposal.current)
        if here.tag:
            yield replace(proposal, current=proposal.wanted, selected=here.tag, digest=here.digest)


def _with_own(path: str, head: bytes, edited: bytes, own: Collection[Place]) -> bytes:
    """Take from an edit those lines in which nothing but the bot's own places moved. An edit adds no lines."""
    here, there = places(find_images(path, head)), find_images(path, edited)
    moved = {place: was for (place, was), now in zip(here.items(), there, strict=True) if was.text != now.text}
    mine = {span for place, was in moved.items() if place in own for span in was.parts.values()}
    strange = (was.parts.values() for was in moved.values() if mine.isdisjoint(was.parts.values()))
    old, new = head.split(b"\n"), edited.split(b"\n")
    taken = _lines_of(mine, old) - _lines_of({span for spans in strange for span in spans}, old)
    lines = (now if number in taken else was for number, (was, now) in enumerate(zip(old, new, strict=True)))
    return b"\n".join(lines)


def _lines_of(spans: Iterable[Span], lines: Sequence[bytes]) -> set[int]:
    """Tell on which lines, from 0, ranges of bytes begin."""
    ends = list(accumulate(len(line) + 1 for line in lines))
    return {bisect_right(ends, span.start) for span in spans}


def _missed(
    wished: Mapping[Place, _Move], undone: Mapping[Place, _Move], result: Mapping[Place, Occurrence]
) -> Stopped | None:
    """Say which place the bot could not bring to what it wishes, or back to what stands on the base."""
    for place, (base, wish) in wished.items():
        found = result.get(place)
        if found is None or standing_of(found) != standing_of(wish):
            return Stopped(_sentence(base, found, standing_of(wish)))
    for place, (base, put) in undone.items():
        found = result.get(place)
        if found is not None and standing_of(found) == standing_of(put):
            return Stopped(_sentence(base, found, standing_of(base)))
    return None


def _sentence(base: Occurrence, found: Occurrence | None, wish: str | None) -> str:
    path = plain(base.path)
    if found is None:
        return f"Line {base.line} of {path} on the base branch moves, and is not found again on this branch."
    stands, wanted = (plain(each or "") or "no tag" for each in (standing_of(found), wish))
    return f"Line {found.line} of {path} stands at {stands} on this branch, and the bot would write {wanted} there."
