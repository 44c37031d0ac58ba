"""Logins of the clouds: what a registry takes in place of a credential, kept while it holds, renewed before it ends."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.registries.access import Access
from bot.registries.errors import RegistryLimited, RegistryRefused, RegistryUnavailable
from bot.registries.providers import provider_of
from bot.registries.providers.provider import LogIn, Login
from bot.registries.recent import Recent
from bot.registries.transport import Transport

# A login is renewed when this part of its life is over, so that none ends on its way.
USED_LIFE = 0.8
MOST_LOGINS = 10_000
# While a cloud does not answer, a login that still holds goes on being used, and the cloud is asked this often.
PAUSE_AFTER_FAILURE = timedelta(minutes=1)

# Whose login: a registry host, and a credential in one of its versions.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Held:
    login: Login
    renew_at: datetime | None

    def is_fresh(self, now: datetime) -> bool:
        return self.renew_at is None or now < self.renew_at

    def still_holds(self, now: datetime) -> bool:
        return self.login.until is None or now < self.login.until


class Logins:
    """The logins of one process. Whoever needs the same login at the same time waits for one request."""

    def __init__(self, transport: Transport, clock: Callable[[], datetime]) -> None:
        self._transport = transport
        self._clock = clock
        self._held: Recent[Key, _Held] = Recent(MOST_LOGINS)
        self._under_way: dict[Key, asyncio.Task[Login | None]] = {}

    async def of(self, access: Access, host: str) -> Login | None:
        """Return what this registry takes from this reader; None: user name and secret as they are (or nobody).

        Raises RegistryRefused when there is no login to be had (with what to do), and any other RegistryError; a
        failure is not remembered.
        """
        if access.credential is None:
            return None
        log_in = provider_of(host, access).log_in
        if log_in is None:
            if access.credential.ambient:
                raise RegistryRefused(host, "is no registry that this machine has a login for; add a credential")
            return None
        key = (host, access.version)
        held = self._held.get(key)
        if held and held.is_fresh(self._clock()):
            return held.login
        # One waiter that is cancelled must not take the login from the others.
        return await asyncio.shield(self._task(key, log_in, access))

    def forget(self, access: Access, host: str, refused: Login | None = None) -> None:
        """Throw away a login that the registry refused, or whose credential is gone; the next `of` logs in anew.

        refused: only if it is this one, so that of several who were refused only the first throws something away.
        """
        held = self._held.get((host, access.version))
        if held and (refused is None or refused == held.login):
            self._held.take((host, access.version))

    def _task(self, key: Key, log_in: LogIn, access: Access) -> "asyncio.Task[Login | None]":
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._renew(key, log_in, access))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return task

    def _done(self, key: Key, task: "asyncio.Task[Login | None]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, so that a failure nobody waits for any more is not logged as forgotten

    async def _renew(self, key: Key, log_in: LogIn, access: Access) -> Login | None:
        asked_at = self._clock()
        try:
            login = await log_in(access, key[0], self._transport, asked_at)
        except (RegistryUnavailable, RegistryLimited):
            now = self._clock()
            held = self._held.get(key)
            if held is None or not held.still_holds(now):
                raise
            self._held.put(key, replace(held, renew_at=now + PAUSE_AFTER_FAILURE))
            return held.login
        if login:
            renew_at = asked_at + (login.until - asked_at) * USED_LIFE if login.until else None
            self._held.put(key, _Held(login, renew_at))
        return login
