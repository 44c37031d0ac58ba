"""What can go wrong with GitHub, as typed errors that never hold a credential."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_LONGEST_MESSAGE: Final = 500
_CREDENTIAL = re.compile(r"gh[a-z]_[A-Za-z0-9_.-]+|github_pat_\w+|eyJ[\w-]+\.[\w-]+\.[\w-]*")
_ONE_TIME_CODE = re.compile(r"(?<=/app-manifests/)[^/]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def without_secrets(text: str) -> str:
    """Make a text of another party fit for a log: credentials and control characters out, at most 500 characters."""
    return _UNPRINTABLE.sub(" ", _CREDENTIAL.sub("[credential]", text))[:_LONGEST_MESSAGE]


def without_query(url: str) -> str:
    """Keep scheme, host and path of a URL: a query may hold a temporary token, the rest a password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    path = _ONE_TIME_CODE.sub("[code]", parts.path)
    return without_secrets(f"{parts.scheme}://{host}{path}" if parts.scheme else path)


class GitHubError(Exception):
    """Something went wrong between the bot and GitHub.

    `.message` says what, `.status` is the HTTP status (None: there was no answer), `.url` where (without its query).
    """

    def __init__(self, message: str, *, status: int | None = None, url: str | None = None) -> None:
        self.message = without_secrets(message)
        self.status = status
        self.url = None if url is None else without_query(url)
        answered = "" if status is None else f"HTTP {status} "
        place = "" if self.url is None else f" ({answered}from {self.url})"
        super().__init__(self.message + place)


class RateLimited(GitHubError):
    """GitHub wants nothing more before `.until`. `.secondary`: we were too fast. `.resource`: "" is everything."""

    def __init__(
        self,
        message: str,
        *,
        until: datetime,
        secondary: bool,
        resource: str = "",
        status: int | None = None,
        url: str | None = None,
    ) -> None:
        self.until = until
        self.secondary = secondary
        self.resource = resource
        super().__init__(f"{message}: wait until {until.isoformat()}", status=status, url=url)


class MustWait(GitHubError):
    """The next write of this installation may be made at `.until`, which is too far away to wait here."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"writes of this installation are paced: the next one may be made at {until.isoformat()}")


class TokenRejected(GitHubError):
    """GitHub does not accept the credential (401), not even one renewed a moment ago."""


class NotInstalled(GitHubError):
    """The installation is gone or suspended, or the repository was taken out of it."""


class NotFound(GitHubError):
    """There is no such thing, or it is not for us to see (404)."""


class Forbidden(GitHubError):
    """We may not do this (403): a permission is missing, or a rule of the repository forbids it."""


class Conflict(GitHubError):
    """The thing is not in the state we thought (405, 409, a stale head): read again, decide again."""


class Unprocessable(GitHubError):
    """GitHub understood and refused (422). `.errors` are its reasons."""

    def __init__(
        self, message: str, *, errors: Sequence[str] = (), status: int | None = None, url: str | None = None
    ) -> None:
        self.errors = tuple(without_secrets(error) for error in errors)
        super().__init__("; ".join([message, *self.errors]), status=status, url=url)


class GitHubUnavailable(GitHubError):
    """GitHub did not answer, or answered that it is broken (5xx, timeout, lost connection): try later."""


class UnexpectedAnswer(GitHubError):
    """GitHub's answer is not what its documentation promises, or is too large: nothing was done with it."""
