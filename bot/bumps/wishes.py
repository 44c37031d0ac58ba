"""What a group of policies wishes for, and how one wish is told from another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps.changing import standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.selection import UpdateKind

_FINGERPRINT_LENGTH: Final = 16
_SHORT_DIGEST: Final = 12


@dataclass(frozen=True, slots=True)
class Bump:
    """What the store remembers of an open bump: one pull request of one group.

    `head` is the commit that the bot pushed last; `pull_request` is its number, None while it is being opened.
    `proposals` are what it holds, empty where that is not known.
    """

    group: str
    branch: str
    base: str
    head: str
    pull_request: int | None
    fingerprint: str
    proposals: tuple[Proposal, ...] = ()


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
    """One image that is to move to another tag, another digest, or both.

    `image` is the image without tag as the policy writes it. `current` is what stands in the files, tag and digest as
    `bot.manifests.stands_at` writes them. `selected` is the tag that will stand there, with `digest` beside it unless
    that is None. `sentence` says why. `update` is how far it goes, None where that cannot be told. `kept`: it was
    decided earlier, and what should stand there now cannot be told.
    """

    policy: str
    image: str
    current: str
    selected: str
    sentence: str
    digest: str | None = None
    update: UpdateKind | None = None
    kept: bool = False

    @property
    def wanted(self) -> str:
        """What will stand in the files, written as `current` is."""
        return self.selected + (f"@{self.digest}" if self.digest else "")

    @property
    def shown(self) -> tuple[str, str]:
        """From what to what, for people: the tags ("" for none), and short digests where the tag stays the same.

        There an image without a tag is shown with the one that it stands for.
        """
        here = standing(self.current)
        if here.meant != self.selected:
            return here.tag, self.selected
        return _with_short_digest(here.meant, here.digest), _with_short_digest(here.meant, self.digest)


def fingerprint(group: str, base_branch: str, proposals: Iterable[Proposal]) -> str:
    """Tell wishes apart: 16 hexadecimal digits, the same for the same wish whatever the commit of the base."""
    moves = sorted((each.policy, each.image, each.current, each.wanted) for each in proposals)
    wish = json.dumps([group, base_branch, moves], separators=(",", ":"))
    return hashlib.sha256(wish.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def _with_short_digest(tag: str, digest: str | None) -> str:
    if digest is None:
        return tag
    algorithm, _, value = digest.partition(":")
    return f"{tag}@{algorithm}:{value[:_SHORT_DIGEST]}"
