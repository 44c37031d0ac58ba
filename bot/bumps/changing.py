"""Whether a decision changes what stands in a file: its tag, or the digest beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.manifests import UNTAGGED

if TYPE_CHECKING:
    from bot.selection import Decision


class Standing(NamedTuple):
    """What stands behind an image's name in a file. `tag` is "" where none is written, `digest` None."""

    tag: str
    digest: str | None

    @property
    def meant(self) -> str:
        """The tag that is meant: an image without one stands for `latest`."""
        return self.tag or UNTAGGED


def standing(current: str) -> Standing:
    """Take apart what `bot.manifests.stands_at` wrote."""
    tag, at, digest = current.partition("@")
    return Standing(tag, digest if at else None)


def changes(current: str, decision: Decision) -> bool:
    """Whether a decision asks for another tag or digest than `current`. One that would lose a digest asks for none."""
    if decision.selected is None or loses_digest(current, decision):
        return False
    here = standing(current)
    return (decision.selected.name, decision.digest) != (here.meant, here.digest)


def loses_digest(current: str, decision: Decision) -> bool:
    """Whether a digest stands in the file and a tag was selected without saying which digest belongs beside it."""
    return decision.selected is not None and decision.digest is None and standing(current).digest is not None


def outcome(decision: Decision) -> str | None:
    """Write what should stand in the file, in the way of `bot.manifests.stands_at`; None: nothing was selected."""
    if decision.selected is None:
        return None
    return decision.selected.name + (f"@{decision.digest}" if decision.digest else "")
