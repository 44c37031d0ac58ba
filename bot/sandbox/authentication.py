"""Who asks, and what they may do: App JWTs, installation tokens and people's tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

import jwt

from bot.sandbox.model import Role
from bot.sandbox.refusals import Archived, FieldError, Forbidden, NotFound, Unauthorized, Validation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.sandbox.model import Account, App, Installation, Repository
    from bot.sandbox.world import World

TOKEN_LIFE = timedelta(hours=1)
JWT_LIFE = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=5)
LEVELS = ("read", "write", "admin")
ROLE_FOR_LEVEL = {"read": Role.READ, "write": Role.WRITE, "admin": Role.ADMIN}
TRIAGE_PERMISSIONS = {"issues", "pull_requests"}


class Kind(Enum):
    """The kinds of credential."""

    APP = "app"
    INSTALLATION = "installation"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Token:
    """A checked credential. ``account`` is the actor that its writes show: a person or the App's bot user."""

    world: World
    kind: Kind
    account: Account
    app: App | None = None
    installation: Installation | None = None
    repositories: frozenset[int] | None = None  # None: all that the installation holds
    permissions: Mapping[str, str] | None = None
    expires_at: datetime | None = None
    text: str = ""

    def sees(self, repository: Repository) -> bool:
        """Whether the repository is inside what the credential may know of."""
        if self.kind is Kind.USER:
            return self.world.role(repository, self.account) is not Role.NONE
        if self.installation is None or not self.world.holds(self.installation, repository):
            return False
        return self.repositories is None or repository.id in self.repositories

    def may(self, repository: Repository, permission: str, level: str) -> bool:
        """Whether the credential has a permission (``contents``) at a level (``read``, ``write``) there."""
        if self.kind is Kind.USER:
            least = ROLE_FOR_LEVEL[level]
            if permission in TRIAGE_PERMISSIONS and not repository.private:
                least = Role.READ
            return self.world.role(repository, self.account).includes(least)
        granted = (self.permissions or {}).get(permission)
        return granted is not None and LEVELS.index(granted) >= LEVELS.index(level)

    def require(self, repository: Repository, permission: str = "metadata", level: str = "read") -> None:
        """Raise NotFound outside of the credential's repositories, Forbidden without the permission."""
        if not self.sees(repository):
            raise NotFound
        if not self.may(repository, permission, level):
            raise Forbidden if self.kind is Kind.INSTALLATION else Forbidden("Must have write access to repository")
        if level != "read" and repository.archived:
            raise Archived


class Tokens:
    """Issues installation and user tokens, and checks whatever comes in an Authorization header."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._issued: dict[str, Token] = {}

    def for_user(self, account: Account) -> str:
        """Return a classic personal token of a person, without end."""
        text = f"ghp_{secrets.token_hex(18)}"
        self._issued[text] = Token(self._world, Kind.USER, account, text=text)
        return text

    def for_installation(
        self,
        installation: Installation,
        *,
        repository_ids: Collection[int] | None = None,
        repository_names: Collection[str] | None = None,
        permissions: Mapping[str, str] | None = None,
    ) -> Token:
        """Mint a token for one hour, no wider than the installation; raises Forbidden, Validation."""
        if installation.suspended_at:
            raise Forbidden("This installation has been suspended")
        token = Token(
            self._world,
            Kind.INSTALLATION,
            installation.app.bot,
            app=installation.app,
            installation=installation,
            repositories=self._scope(installation, repository_ids, repository_names),
            permissions=_narrowed(installation.permissions, permissions),
            expires_at=self._world.now() + TOKEN_LIFE,
            text=f"ghs_{installation.app.id}_{secrets.token_urlsafe(96)}",
        )
        self._issued[token.text] = token
        return token

    def expire(self) -> None:
        """End all installation tokens now, as an administrator's reset would."""
        for text in [text for text, token in self._issued.items() if token.kind is Kind.INSTALLATION]:
            del self._issued[text]

    def check(self, authorization: str | None) -> Token:
        """Return the credential of an Authorization header (``token`` or ``Bearer``); raises Unauthorized."""
        scheme, _, text = (authorization or "").partition(" ")
        if not text:
            raise Unauthorized("Requires authentication")
        if scheme.lower() not in {"token", "bearer"}:
            raise Unauthorized("Bad credentials")
        if text.count(".") == 2 and not text.startswith("gh"):  # noqa: PLR2004 - a JWT has three parts
            return self._check_jwt(text)
        return self._check_issued(text)

    def _scope(
        self, installation: Installation, ids: Collection[int] | None, names: Collection[str] | None
    ) -> frozenset[int] | None:
        if not ids and not names:
            return None
        held = self._world.installed(installation)
        wanted = {name.lower() for name in names or ()}
        found = {record.id for record in held if record.id in (ids or ()) or record.name.lower() in wanted}
        if len(found) < len(set(ids or ())) + len(wanted):
            message = (
                "There is at least one repository that does not exist or is not accessible to the parent installation."
            )
            raise Validation(message)
        return frozenset(found)

    def _check_issued(self, text: str) -> Token:
        token = self._issued.get(text)
        if token is None or (token.expires_at and token.expires_at <= self._world.now()):
            raise Unauthorized("Bad credentials")
        if token.installation is not None:
            if token.installation.id not in self._world.installations:
                raise Unauthorized("Bad credentials")
            if token.installation.suspended_at:
                raise Forbidden("This installation has been suspended")
        return token

    def _check_jwt(self, text: str) -> Token:
        app = self._issuer(text)
        try:
            claims = jwt.decode(
                text, app.public_key_pem, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
            )
        except jwt.InvalidTokenError as invalid:
            raise Unauthorized("A JSON web token could not be decoded") from invalid
        self._check_times(claims)
        return Token(self._world, Kind.APP, app.bot, app=app, text=text)

    def _issuer(self, text: str) -> App:
        try:
            issuer = jwt.decode(text, options={"verify_signature": False}).get("iss")
        except jwt.InvalidTokenError as invalid:
            raise Unauthorized("A JSON web token could not be decoded") from invalid
        for app in self._world.apps.values():
            if app.public_key_pem and str(issuer) in {str(app.id), app.client_id}:
                return app
        raise Unauthorized("'Issuer' claim ('iss') must be an Integer or the client id of an App")

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._world.now()
        issued, expires = (_moment(claims, name) for name in ("iat", "exp"))
        if expires <= now:
            raise Unauthorized("'Expiration time' claim ('exp') must be a numeric value representing a future time")
        if issued > now + CLOCK_SKEW:
            raise Unauthorized("'Issued at' claim ('iat') must be an Integer representing a time in the past")
        if expires > now + JWT_LIFE + CLOCK_SKEW:
            raise Unauthorized("'Expiration time' claim ('exp') is too far in the future")


def _moment(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if not isinstance(value, int | float):
        raise Unauthorized(f"Missing '{name}' claim")
    return datetime.fromtimestamp(value, UTC)


def _narrowed(held: Mapping[str, str], wanted: Mapping[str, str] | None) -> dict[str, str]:
    """Return the wanted permissions, all for none wanted; raises Validation where one is wider than what is held."""
    if not wanted:
        return dict(held)
    for name, level in wanted.items():
        if name not in held or LEVELS.index(level) > LEVELS.index(held[name]):
            message = "The permissions requested are not granted to this installation."
            raise Validation(message, (FieldError("Installation", "invalid", name, message),))
    return {"metadata": "read", **wanted}
