"""Where images come from: repositories named by strangers, read only as far as this installation may see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import Forbidden, NotFound, UnexpectedAnswer
from bot.github.scopes import Access, Scope

if TYPE_CHECKING:
    from bot.github.client import GitHub

KEPT_FOR: Final = timedelta(hours=1)
MOST_SOURCES: Final = 2_000
MOST_RELEASES: Final = 100
"""Sources whose releases are kept: those are long."""

LONGEST_TEXT: Final = 4_000
"""Characters kept of the text of a release."""

_LONGEST_NAME: Final = 200
_FULL_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class SourceRepository:
    """A repository that an image says it was built from. `url` is its page for people."""

    full_name: str
    private: bool
    url: str


@dataclass(frozen=True, slots=True)
class Release:
    """A published release, as a stranger wrote it. `name` is "" without one; `body` is Markdown, cut where long."""

    tag: str
    name: str
    url: str
    body: str
    published_at: datetime
    prerelease: bool


async def kept_source(github: GitHub, installation: int, full_name: str) -> SourceRepository | None:
    """Look at a repository, or tell what was seen of it within the last hour."""
    key = (installation, full_name.lower())
    return await github.sources.get(key, partial(source, github, installation, full_name))


async def kept_releases(github: GitHub, installation: int, full_name: str) -> tuple[Release, ...]:
    """List the newest releases, or tell those that were listed within the last hour."""
    key = (installation, full_name.lower())
    return await github.releases.get(key, partial(releases, github, installation, full_name))


async def source(github: GitHub, installation: int, full_name: str) -> SourceRepository | None:
    """Look at a repository by its name ("owner/name", any text). None: there is none, or it is not shown to us.

    It is read with a token of this installation alone, which opens what that was given, and what is public.
    """
    if not _FULL_NAME.fullmatch(full_name):
        return None
    try:
        told = (await github.rest(_access(installation), "GET", "/repos/{owner}/{name}", _named(full_name))).data
    except (NotFound, Forbidden):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("private"), bool):
        raise UnexpectedAnswer(f"the answer does not describe {full_name}")
    return SourceRepository(str(told["full_name"]), told["private"], str(told["html_url"]))


async def releases(github: GitHub, installation: int, full_name: str) -> tuple[Release, ...]:
    """List the newest 100 releases as GitHub orders them, without drafts; none where the repository is not shown."""
    if not _FULL_NAME.fullmatch(full_name):
        return ()
    path = "/repos/{owner}/{name}/releases{?per_page}"
    try:
        asked = _named(full_name) | {"per_page": "100"}
        told = (await github.rest(_access(installation), "GET", path, asked)).data
    except (NotFound, Forbidden):
        return ()
    if not isinstance(told, list):
        raise UnexpectedAnswer(f"the answer holds no releases of {full_name}")
    return tuple(_release(item) for item in told if not item.get("draft") and item.get("published_at"))


def _access(installation: int) -> Access:
    return Access(installation, None, Scope.READ)


def _named(full_name: str) -> dict[str, str]:
    owner, _, name = full_name.partition("/")
    return {"owner": owner, "name": name}


def _release(told: dict[str, Any]) -> Release:
    body = str(told.get("body") or "")
    return Release(
        tag=str(told["tag_name"])[:_LONGEST_NAME],
        name=str(told.get("name") or "")[:_LONGEST_NAME],
        url=str(told["html_url"]),
        body=body if len(body) <= LONGEST_TEXT else body[: LONGEST_TEXT - 1] + "…",
        published_at=datetime.fromisoformat(told["published_at"]),
        prerelease=bool(told.get("prerelease")),
    )
