"""The Authorization header that holds a credential itself, or the login it was changed for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
from pydantic import SecretStr

from bot.registries.access import Access
from bot.registries.credentials import Credential
from bot.registries.errors import RegistryRefused
from bot.registries.recent import Recent

if TYPE_CHECKING:
    # These know the providers, whose files import what stands on this one.
    from bot.registries.logins import Logins
    from bot.registries.providers.provider import Login

VISIBLE = re.compile(r"[!-~]{1,65536}")
MOST_RENEWED = 10_000
# A repository that answers 401 for ever must not cost every other one its login each time it is asked.
BETWEEN_RENEWALS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Own:
    """A credential as a header. login: what it was changed for; None: user name and secret as they are."""

    header: SecretStr
    is_bearer: bool = False
    login: "Login | None" = None


def holds_secret(access: Access) -> bool:
    """Whether there is anything to send: a credential may also tell only how a host is connected to."""
    credential = access.credential
    return credential is not None and (credential.ambient or bool(credential.secret.get_secret_value()))


class Authorizations:
    """The headers that credentials themselves make, for their registry and its token servers."""

    def __init__(self, logins: "Logins", clock: Callable[[], datetime]) -> None:
        self._logins = logins
        self._clock = clock
        self._renewed: Recent[tuple[str, str], datetime] = Recent(MOST_RENEWED)

    async def of(self, access: Access, host: str) -> Own | None:
        """Return the header for the registry itself, or None where there is no secret.

        Without a user name the secret is a ready token: a Bearer, which no token server gets. Raises RegistryRefused
        and all that Logins.of raises.
        """
        credential = access.credential
        if credential is None or not holds_secret(access):
            return None
        login = await self._logins.of(access, host)
        if login:
            return Own(_basic(host, login.username, login.password), login=login)
        return as_it_is(credential)

    async def renewed(self, access: Access, host: str, refused: Own) -> Own | None:
        """Return another header than the one just refused, or None when there is none to be had.

        A login is thrown away for it at most once in five minutes.
        """
        current = await self.of(access, host)
        if current is None or current != refused:
            return current
        if refused.login is None or not self._may_renew((host, access.version)):
            return None
        self._logins.forget(access, host, refused.login)
        current = await self.of(access, host)
        return None if current == refused else current

    def _may_renew(self, key: tuple[str, str]) -> bool:
        now = self._clock()
        if now < (self._renewed.get(key) or now):
            return False
        self._renewed.put(key, now + BETWEEN_RENEWALS)
        return True


def as_it_is(credential: Credential) -> Own:
    """Return the header of user name and secret themselves; raises RegistryRefused where no header can hold them."""
    if credential.username:
        return Own(_basic(credential.host, credential.username, credential.secret))
    secret = credential.secret.get_secret_value()
    if not VISIBLE.fullmatch(secret):
        raise RegistryRefused(credential.host, "cannot be given the credential's token: no header can hold its letters")
    return Own(SecretStr(f"Bearer {secret}"), is_bearer=True)


def _basic(host: str, username: str, secret: SecretStr) -> SecretStr:
    try:
        return SecretStr(aiohttp.encode_basic_auth(username, secret.get_secret_value(), "utf-8"))
    except ValueError:
        # `from None`: the error holds the text that could not be written. RFC 7617, section 2, forbids the colon.
        raise RegistryRefused(host, "cannot be given a user name with a colon, or a secret that is no text") from None
