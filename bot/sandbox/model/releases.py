"""What a repository has released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.model.people import Account


@dataclass(eq=False)
class Release:
    """A release of a tag; ``published_at`` None: still a draft."""

    id: int
    node_id: str
    tag: str
    name: str | None
    body: str | None
    author: Account
    created_at: datetime
    published_at: datetime | None
    prerelease: bool = False

    @property
    def draft(self) -> bool:
        """Whether only those who may push know of it."""
        return self.published_at is None
