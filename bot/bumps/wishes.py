"""What a group of policies wishes for, and how one wish is told from another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_FINGERPRINT_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Bump:
    """What the store remembers of an open bump: one pull request of one group.

    `head` is the commit that the bot pushed last; `pull_request` is its number, None while it is being opened.
    """

    group: str
    branch: str
    base: str
    head: str
    pull_request: int | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Base:
    """The branch that a bump goes into, and the commit at which its files were read.

    `default`: it is the repository's default branch, which policies mean that name none.
    """

    branch: str
    commit: str
    default: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """One image that is to move from one tag to another.

    `image` is the image without tag as the policy writes it, `current` the tag in the files ("" for none),
    `sentence` why `selected` was chosen.
    """

    policy: str
    image: str
    current: str
    selected: str
    sentence: str


def fingerprint(group: str, base_branch: str, proposals: Iterable[Proposal]) -> str:
    """Tell wishes apart: 16 hexadecimal digits, the same for the same wish whatever the commit of the base."""
    moves = sorted((each.policy, each.image, each.current, each.selected) for each in proposals)
    wish = json.dumps([group, base_branch, moves], separators=(",", ":"))
    return hashlib.sha256(wish.encode()).hexdigest()[:_FINGERPRINT_LENGTH]
