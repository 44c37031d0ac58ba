"""The platform guard: no image is proposed that cannot run where the present one runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.images import Platform
    from bot.selection.question import Question

_UNKNOWN: Final = "unknown"


def required(question: Question) -> frozenset[Platform] | None:
    """Tell the platforms that a candidate must offer: the rule's, else those of the image in use.

    None means that the platforms of the image in use are not known, neither of the tag in the file nor of its namesake
    in the registry; the namesake counts only while it is the same image. Where nothing is in use nothing is required.
    """
    if question.rule.platforms is not None:
        return _normalised(question.rule.platforms)
    current = question.current
    if current is None:
        return frozenset()
    known = current.platforms
    listed = question.tags.get(current.name)
    if known is None and listed is not None and current.digest in {None, listed.digest}:
        known = listed.platforms
    return None if known is None else _normalised(known)


def missing(wanted: frozenset[Platform], offered: Iterable[Platform]) -> tuple[Platform, ...]:
    """Tell which of the `wanted` platforms are not among the `offered`, in the order of their names."""
    return tuple(sorted(wanted - _normalised(offered), key=str))


def _normalised(platforms: Iterable[Platform]) -> frozenset[Platform]:
    """Bring to one spelling, and leave out unknown/unknown, which is how build tools list attestations."""
    return frozenset(platform.normalised() for platform in platforms if platform.os != _UNKNOWN)
