"""What one provider's file says of it: the hosts that are its own, where secrets may go, and how its login differs."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.registries.kinds import ProviderKind

if TYPE_CHECKING:
    from bot.registries.access import Access
    from bot.registries.repository import Repository
    from bot.registries.scanning import ScanAnswer
    from bot.registries.transport import Transport

NO_HOSTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Login:
    """A name and password that a registry takes, for a while. until: aware UTC; None: it does not end."""

    username: str
    password: SecretStr
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PushTime:
    """What a registry tells about a tag beside its name. digest: None where it tells none."""

    tag: str
    digest: str | None
    pushed_at: datetime


# From a credential (whose host this is) to what the registry takes; None: user name and secret as they are.
# Raises RegistryError.
LogIn = Callable[["Access", str, "Transport", datetime], Awaitable[Login | None]]

# When tags of a repository were pushed, as far as the provider tells. The names are the tags that somebody asks about:
# a list that comes newest first may be left as soon as all of them were seen. Raises RegistryError.
ReadPushTimes = Callable[["Repository", frozenset[str]], Awaitable[Iterable[PushTime]]]

# What the registry's own scanner says of images (by digest), asked with a credential. Raises RegistryError.
ReadScans = Callable[["Repository", Sequence[str]], Awaitable["ScanAnswer"]]


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. The hosts in here are constants: nothing that a registry answers adds to them.

    hosts: matches the whole host as images name it (`name[:port]`, lower case) when it is this provider's; None for
    what people run under names of their own, which only a credential's kind tells. endpoint: from that host to the one
    its `/v2/` answers at. token_hosts, api_hosts: from that host to the `name[:port]`s that a secret may be sent to
    beside the registry itself. redirect_hosts: from that host to what matches those `name[:port]`s that its lists and
    manifests may be redirected to (without a credential), None for none. values_per_tag: from that host to how many
    values its list of tags tells of each tag; where they are several the list comes in one page. log_in: None where
    user name and secret are given as they are. push_times: None where the provider does not tell. scans: None where it
    has no scanner, or none that is known here.
    """

    kind: ProviderKind
    hosts: re.Pattern[str] | None = None
    endpoint: Callable[[str], str] = lambda host: host
    token_hosts: Callable[[str], frozenset[str]] = lambda _host: NO_HOSTS
    api_hosts: Callable[[str], frozenset[str]] = lambda _host: NO_HOSTS
    redirect_hosts: Callable[[str], re.Pattern[str] | None] = lambda _host: None
    values_per_tag: Callable[[str], int] = lambda _host: 1
    log_in: LogIn | None = None
    push_times: ReadPushTimes | None = None
    scans: ReadScans | None = None

    def recognises(self, host: str) -> bool:
        """Whether this host is the provider's own."""
        return self.hosts is not None and self.hosts.fullmatch(host) is not None
