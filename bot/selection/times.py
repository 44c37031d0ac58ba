"""Moments of which some are not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def earliest(*moments: datetime | None) -> datetime | None:
    """Give the earliest of some moments, of which each may be missing."""
    return min((each for each in moments if each is not None), default=None)
