"""The platform guard: no image is proposed that cannot run where the present one runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.images import Platform, Tag
    from bot.selection.rule import SelectionRule

_UNKNOWN: Final = "unknown"


def required(rule: SelectionRule, current: Tag | None, tags: Sequence[Tag]) -> frozenset[Platform] | None:
    """Tell the platforms that a candidate must offer: the rule's, else those of the image in use.

    None means that the platforms of the image in use are not known, neither of `current` nor of its namesake in `tags`.
    Where nothing is in use nothing is required.
    """
    if rule.platforms is not None:
        return _normalised(rule.platforms)
    if current is None:
        return frozenset()
    known = current.platforms if current.platforms is not None else _of_namesake(current.name, tags)
    return None if known is None else _normalised(known)


def missing(wanted: frozenset[Platform], offered: Iterable[Platform]) -> tuple[Platform, ...]:
    """Tell which of the `wanted` platforms are not among the `offered`, in the order of their names."""
    return tuple(sorted(wanted - _normalised(offered), key=str))


def _of_namesake(name: str, tags: Sequence[Tag]) -> frozenset[Platform] | None:
    known = [tag.platforms for tag in tags if tag.name == name and tag.platforms is not None]
    return frozenset().union(*known) if known else None


def _normalised(platforms: Iterable[Platform]) -> frozenset[Platform]:
    """Bring to one spelling, and leave out unknown/unknown, which is how build tools list attestations."""
    return frozenset(platform.normalised() for platform in platforms if platform.os != _UNKNOWN)
