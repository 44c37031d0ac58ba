"""The other origin, where archives are fetched with a key in the address and no credential."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bot.sandbox.refusals import NotFound

if TYPE_CHECKING:
    from bot.sandbox.model import Repository

ROOT = "/codeload/"


class Downloads:
    """Archives that have been offered, by their keys. ``url`` is the origin; the server sets it."""

    def __init__(self) -> None:
        self.url = ""
        self._offered: dict[str, tuple[Repository, str]] = {}

    def offer(self, repository: Repository, commit: str) -> str:
        """Return an address for the archive of a commit, which only who has it can fetch."""
        key = secrets.token_urlsafe(16)
        self._offered[key] = (repository, commit)
        return f"{self.url}{ROOT}{repository.full_name}/legacy.tar.gz/{commit}?token={key}"

    async def fetch(self, path: str, key: str) -> bytes:
        """Return the archive as GitHub builds it: all below one folder; raises NotFound for another path or key."""
        repository, commit = self._offered.get(key, (None, ""))
        if repository is None or not path.endswith(commit):
            raise NotFound
        folder = f"{repository.owner.login}-{repository.name}-{commit[:7]}"
        return await repository.git.archive(commit, folder)
