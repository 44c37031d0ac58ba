"""Images in Dockerfiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.manifests.occurrences import Found
    from bot.manifests.reasons import Skipped
    from bot.manifests.source import Source


def read_dockerfile(path: str, source: Source) -> tuple[list[Found], list[Skipped]]:
    """Find the images that a Dockerfile builds upon, and what was left out. Raises Unreadable where a bound is passed."""
    return [], []
