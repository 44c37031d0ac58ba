"""Register the App by GitHub's manifest flow, once, by whoever can read the log.

https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from bot.github import GitHubError, NotFound
from bot.web.health import healthz
from bot.web.setup_page import refused_page, register_page, registered_page, security_headers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.github import AppCredentials

log = structlog.get_logger()

COOKIE = "niro_setup"
_ORGANISATION = re.compile(r"[A-Za-z0-9-]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass(slots=True)
class Setup:
    """One offer to register the App.

    `convert` trades GitHub's code for the App's credentials; `keep` writes them down, or raises OSError. The token
    from the log opens the page once, for one browser; `state` comes back from GitHub unchanged, or the answer is not
    ours. Credentials that could not be written are `unsaved` until they can: GitHub gives them only once.
    """

    manifest: Mapping[str, Any]
    github_web_url: str
    convert: Callable[[str], Awaitable[AppCredentials]]
    keep: Callable[[AppCredentials], None]
    secure_cookie: bool
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    registered: asyncio.Event = field(default_factory=asyncio.Event)
    session: str = ""
    state: str = ""
    unsaved: AppCredentials | None = None

    def address(self, public_url: str) -> str:
        """Give the address that opens the page, once."""
        return f"{public_url}/?setup={self.token}"

    def open_with(self, token: str) -> str | None:
        """Trade the token for a session, once. None: this is not the token, or it was used."""
        if not self.token or not hmac.compare_digest(self.token.encode(), token.encode()):
            return None
        self.token, self.session = "", secrets.token_urlsafe(32)
        return self.session

    def belongs(self, session: str) -> bool:
        """Whether a browser's session is the one that used the token."""
        return bool(self.session) and hmac.compare_digest(self.session.encode(), session.encode())

    def take_state(self, state: str) -> bool:
        """Whether `state` is the one that was sent to GitHub; it counts once."""
        expected, self.state = self.state, ""
        return bool(expected) and hmac.compare_digest(expected.encode(), state.encode())


def setup_application(setup: Setup) -> web.Application:
    """Make the application that faces the world while no App is registered."""
    application = web.Application()
    application.router.add_get("/", partial(_open, setup))
    application.router.add_get("/setup", partial(_show, setup))
    application.router.add_get("/setup/created", partial(_created, setup))
    application.router.add_get("/healthz", healthz)
    return application


async def _open(setup: Setup, request: web.Request) -> web.Response:
    session = setup.open_with(request.query.get("setup", ""))
    if session is None:
        return web.Response(text="Niro bot\n")
    answer = web.Response(status=303, headers={"Location": "/setup", **_headers(setup)})
    answer.set_cookie(COOKIE, session, httponly=True, secure=setup.secure_cookie, samesite="Lax", path="/setup")
    return answer


async def _show(setup: Setup, request: web.Request) -> web.Response:
    if not setup.belongs(request.cookies.get(COOKIE, "")) or setup.registered.is_set():
        return _html(setup, refused_page("Open the address that the log shows; it works once."), 404)
    if setup.unsaved is not None:
        return _keep(setup, setup.unsaved)
    organisation = request.query.get("organisation", "").strip()
    if not _ORGANISATION.fullmatch(organisation):
        return _again(setup, 400, "An organisation's name has letters, digits and hyphens only.")
    setup.state = secrets.token_urlsafe(32)
    return _html(setup, register_page(setup.manifest, setup.github_web_url, setup.state, organisation))


async def _created(setup: Setup, request: web.Request) -> web.Response:
    if not setup.belongs(request.cookies.get(COOKIE, "")) or not setup.take_state(request.query.get("state", "")):
        return _again(setup, 403, "This answer does not belong to a registration that was begun here.")
    code = request.query.get("code", "")
    if setup.registered.is_set() or setup.unsaved is not None or not _CODE.fullmatch(code):
        return _again(setup, 400, "GitHub's answer holds no usable code.")
    try:
        credentials = await setup.convert(code)
    except NotFound:
        return _again(setup, 502, "GitHub does not know this code: it is an hour old, or was used before.")
    except GitHubError as error:
        log.warning("setup.not_converted", error=type(error).__name__, status=error.status)
        return _again(setup, 502, "GitHub did not hand over the App's keys: it did not answer as it should.")
    if not credentials.webhook_secret:
        return _again(setup, 502, "GitHub made an App without a webhook secret, which cannot be used. Delete it there.")
    return _keep(setup, credentials)


def _keep(setup: Setup, credentials: AppCredentials) -> web.Response:
    try:
        setup.keep(credentials)
    except OSError as error:
        setup.unsaved = credentials
        log.error("setup.not_kept", reason=error.strerror)  # noqa: TRY400 - a traceback says no more
        sentence = f"The App exists, but its keys could not be written to the settings file: {error.strerror}."
        return _html(setup, refused_page(sentence, "Mend that, then try again", "/setup"), 500)
    setup.unsaved = None
    setup.registered.set()
    log.info("setup.registered", app=credentials.slug)
    return _html(setup, registered_page(f"{credentials.html_url}/installations/new"))


def _headers(setup: Setup) -> dict[str, str]:
    return security_headers(f"'self' {setup.github_web_url}")


def _html(setup: Setup, page: str, status: int = 200) -> web.Response:
    return web.Response(text=page, content_type="text/html", status=status, headers=_headers(setup))


def _again(setup: Setup, status: int, sentence: str) -> web.Response:
    return _html(setup, refused_page(sentence, "Try again", "/setup"), status)
