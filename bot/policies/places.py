"""Policies of a file that would write one place: they follow the same images in files that both select."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.manifests import Mode
from bot.policies.meeting import common_path
from bot.policies.problems import problem_at
from bot.policies.tree import place_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.policies.policy import ImagePolicy
    from bot.policies.problems import Problem
    from bot.policies.tree import Node

_MOST_GLOBS: Final = 20_000


class _Comparison:
    """Compares lists of globs, each pair once, until so many were compared that a reader would wait."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], str | None] = {}
        self._left = _MOST_GLOBS

    @property
    def is_exhausted(self) -> bool:
        return self._left <= 0

    def common_path(self, one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
        """Give a path that both lists select; None where none was found."""
        pair = (one, other)
        if pair not in self._known:
            self._left -= len(one) + len(other)
            self._known[pair] = None if self.is_exhausted else common_path(one, other)
        return self._known[pair]


def place_clashes(images: Sequence[ImagePolicy], root: Node, positions: Sequence[int]) -> Iterator[Problem]:
    """Find policies that would write one place, as far as likely paths show it.

    A policy that is paused writes nothing, and one with `mode: markers` only where it is named. An exact image and a
    glob do not meet: the glob leaves the image to the policy that names it.
    """
    comparison = _Comparison()
    standing: dict[str, list[ImagePolicy]] = {}
    for policy, position in zip(images, positions, strict=True):
        if comparison.is_exhausted:
            return
        if not policy.enabled or policy.mode is not Mode.AUTO:
            continue
        others = standing.setdefault(policy.image.name, [])
        problem = _first_clash(policy, others, comparison, root, position)
        if problem is None:
            others.append(policy)
        else:
            yield problem


def _first_clash(
    policy: ImagePolicy, others: Sequence[ImagePolicy], comparison: _Comparison, root: Node, position: int
) -> Problem | None:
    for other in others:
        path = comparison.common_path(other.paths, policy.paths)
        if path is not None:
            message = (
                f"the policy in line {other.line} writes the same places: both follow {quoted(str(policy.image))} in "
                f"files such as {quoted(path)}; keep one of them, or give them `paths` apart or `mode: markers`"
            )
            return problem_at(place_of_value(root, ("images", position, "update", "paths")), "paths", message)
        if comparison.is_exhausted:
            break
    return None
