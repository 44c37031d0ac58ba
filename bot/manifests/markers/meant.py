"""What a marker may be about: one value, one image, or nothing that can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.manifests.reasons import SkipReason


@dataclass(frozen=True, slots=True)
class Value:
    """A marker is about one value: the leaf of this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Image:
    """A marker is about the image of this number, as a whole, because it stands beside what holds its parts."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """A marker is about nothing that can be told, and why. `images` are the numbers of those that it may mean."""

    reason: SkipReason
    message: str
    images: frozenset[int] = frozenset()


Subject = Value | Image | Nothing
