"""The dashboard of a repository as Markdown: what is open, waits, is held or fails, and the boxes to act on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from bot.bumps.boxes import box
from bot.bumps.laid import Laid, laid_sentence
from bot.safe_text import code, prose
from bot.selection import RestrictionKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.bumps.wishes import Proposal

OVERVIEW_TITLE: Final = "The images of this repository"
LONGEST_OVERVIEW: Final = 60_000

_INTRODUCTION: Final = (
    "What the bot knows of the images in this repository. It keeps this page up to date by itself while "
    "`.niro/policies.yml` says `dashboard: true`.\n\n"
    "To tick a box is to give a command. It counts from those who may give it in a comment, and the box is empty "
    "again when it was heard."
)
_PAUSED_FILE: Final = "The policy file says `enabled: false`, so nothing is done here."
_ALL_WELL: Final = "Nothing is open, nothing waits, and nothing fails."
# A shorter one (1.5) is a range where a command names it.
_ONE_VERSION: Final = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z._-]*")
_MOST_MOVES: Final = 20
_ROOM_FOR_MORE: Final = 40
_LIFTED_BY: Final[Mapping[RestrictionKind, str]] = {
    RestrictionKind.HOLD: "resume",
    RestrictionKind.SNOOZE: "resume",
    RestrictionKind.IGNORE: "unignore",
    RestrictionKind.PIN: "unpin",
}


@dataclass(frozen=True, slots=True)
class LivingBump:
    """An open pull request of a group. `policy`: one of the file by which a command names it; None: there is none."""

    group: str
    pull_request: int | None
    proposals: tuple[Proposal, ...]
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What there is to say of a group, as a sentence."""

    group: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OverviewFacts:
    """What is known of a repository. All of it may be told to everybody who may read the repository.

    `policies`: the names in the policy file, to which commands may be given. `paused`: those that it says
    `enabled: false` of. `failing`: sentences. `unfollowed`: images by name ("ghcr.io/acme/app").
    """

    enabled: bool = True
    policies: frozenset[str] = frozenset()
    open: tuple[LivingBump, ...] = ()
    waiting: tuple[Noted, ...] = ()
    stopped: tuple[Noted, ...] = ()
    laid: tuple[Laid, ...] = ()
    paused: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    unfollowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    """Entries under a heading, each of one or more lines, written when there is room for them.

    `share`: how much of the page they may fill. `count`: how many there are.
    """

    heading: str
    share: float
    count: int
    entries: Iterator[str]


def overview(facts: OverviewFacts) -> str:
    """Write the dashboard: at most 60,000 characters, nothing in it that changes with time alone.

    All that strangers wrote is made harmless. A box stands only where its command names a policy of the file.
    """
    sections = [section for section in _sections(facts) if section.count]
    paused = () if facts.enabled else (_PAUSED_FILE,)
    boxes = (box("scan", "Look at every image now"),) if facts.enabled and facts.policies else ()
    shown = map(_shown, sections) if sections or paused else (_ALL_WELL,)
    return "\n\n".join((_INTRODUCTION, *paused, *boxes, *shown)) + "\n"


def _sections(facts: OverviewFacts) -> Iterator[_Section]:
    yield _Section("Open", 0.3, len(facts.open), map(_open, facts.open))
    yield _Section("Waiting", 0.12, len(facts.waiting), map(_noted, facts.waiting))
    yield _Section("Stopped", 0.12, len(facts.stopped), map(_noted, facts.stopped))
    held = (_laid(laid, facts.policies) for laid in facts.laid)
    paused = (f"- {code(policy)} says `enabled: false`" for policy in facts.paused)
    count = len(facts.laid) + len(facts.paused)
    yield _Section("Held, ignored, pinned and snoozed", 0.14, count, chain(held, paused))
    failing = (f"- {prose(sentence)}" for sentence in facts.failing)
    yield _Section("Failing", 0.14, len(facts.failing), failing)
    unfollowed = (f"- {code(image)}" for image in facts.unfollowed)
    yield _Section("Images that no policy follows", 0.12, len(facts.unfollowed), unfollowed)


def _open(bump: LivingBump) -> str:
    number = "being opened" if bump.pull_request is None else f"#{bump.pull_request}"
    moves = "; ".join(map(_move, bump.proposals[:_MOST_MOVES]))
    more = len(bump.proposals) - _MOST_MOVES
    said = f"- {number} {code(bump.group)}: {moves}" + (f"; and {more} more" if more > 0 else "")
    if bump.policy is None or bump.pull_request is None:
        return said
    merge = box(f"merge {bump.policy}", "Merge it, as soon as its checks are green")
    recreate = box(f"recreate {bump.policy}", "Make its branch anew, without what others committed to it")
    return f"{said}\n  {merge}\n  {recreate}"


def _move(proposal: Proposal) -> str:
    old, new = proposal.shown
    origin = f"from {code(old)} " if old else ""
    return f"{code(proposal.image)} {origin}to {code(new)}"


def _noted(noted: Noted) -> str:
    return f"- {code(noted.group)}: {prose(noted.sentence)}"


def _laid(laid: Laid, policies: frozenset[str]) -> str:
    said, command = prose(laid_sentence(laid)), _LIFTED_BY.get(laid.kind)
    if command is None or laid.policy not in policies:
        return f"- {said}"
    line = f"{command} {laid.policy} {_versions(laid) if command == 'unignore' else ''}".rstrip()
    return box(line, f"{said} (tick to {command})")


def _versions(laid: Laid) -> str:
    """Name what is to be lifted alone; "" where that could be read as something else, which lifts everything."""
    said = [part for part in (laid.tag or laid.beyond, laid.range, laid.digest) if part]
    if len(said) != 1 or (said[0] != laid.range and not _ONE_VERSION.fullmatch(said[0])):
        return ""
    return said[0]


def _shown(section: _Section) -> str:
    room = int(LONGEST_OVERVIEW * section.share) - len(section.heading) - _ROOM_FOR_MORE
    kept = list(_fitting(section.entries, room))
    more = section.count - len(kept)
    return "\n".join((f"## {section.heading}", "", *kept, *([f"- And {more} more."] if more else [])))


def _fitting(entries: Iterable[str], room: int) -> Iterator[str]:
    for entry in entries:
        room -= len(entry) + 1
        if room < 0:
            return
        yield entry
