"""The last step of registering the App by manifest: the code GitHub sent back becomes its credentials."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.github.errors import NotFound, UnexpectedAnswer
from bot.github.transport import Moved, Timeouts, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

_GITHUB: Final = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """What makes a process the App. The secret parts never show in a representation."""

    app_id: int
    client_id: str
    slug: str
    name: str
    html_url: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    client_secret: str = field(repr=False)


def _now() -> datetime:
    return datetime.now(UTC)


async def convert_manifest(
    session: aiohttp.ClientSession, code: str, base_url: str = _GITHUB, *, clock: Callable[[], datetime] = _now
) -> AppCredentials:
    """Trade the temporary code (valid once, for an hour) for the new App's credentials.

    Raises NotFound for a code that is unknown or used up, and the other errors of errors.py.
    Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
    """
    transport = Transport(session, base_url, clock=clock, timeouts=Timeouts())
    url = transport.url("/app-manifests/{code}/conversions", {"code": code})
    try:
        answer = await transport.call("POST", url)
        return _credentials(answer.data)
    except NotFound:
        raise NotFound("GitHub does not know this code, or it was used before: register the App again") from None
    except (KeyError, TypeError, ValueError, Moved):
        raise UnexpectedAnswer("GitHub's answer holds no credentials of an App") from None


def _credentials(data: dict[str, object]) -> AppCredentials:
    return AppCredentials(
        app_id=int(str(data["id"])),
        client_id=str(data["client_id"]),
        slug=str(data["slug"]),
        name=str(data["name"]),
        html_url=str(data["html_url"]),
        private_key=str(data["pem"]),
        webhook_secret=str(data["webhook_secret"] or ""),
        client_secret=str(data["client_secret"]),
    )
