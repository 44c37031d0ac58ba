"""What the operator lets an installation use at a registry: private networks, and the logins that this machine has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_network

from bot.images import ImageReference, InvalidImageReference

EVERY = "*"
LONGEST_ID = 18


class InvalidGrant(ValueError):
    """A grant is not written as it has to be; the text says how."""


@dataclass(frozen=True, slots=True)
class NetworkGrant:
    """One private network that may be reached. installation None: any. host: `name[:port]`, or `*` for any."""

    installation: int | None
    host: str
    network: str

    @classmethod
    def parse(cls, text: str) -> "NetworkGrant":
        """Read `INSTALLATION:HOST=NETWORK`, like `5512345:harbor.corp.example=10.0.0.0/8`; `*` stands for any.

        Raises InvalidGrant.
        """
        place, _, network = text.partition("=")
        installation, host = _place(place, "INSTALLATION:HOST=NETWORK, like 5512345:harbor.corp.example=10.0.0.0/8")
        try:
            ip_network(network)
        except ValueError as error:
            raise InvalidGrant(f"{network!r} is no network: {error}") from None
        return cls(installation, host, network)


@dataclass(frozen=True, slots=True)
class AmbientGrant:
    """An installation that may log in to one registry host with what this machine has. None and `*` do not exist."""

    installation: int
    host: str

    @classmethod
    def parse(cls, text: str) -> "AmbientGrant":
        """Read `INSTALLATION:HOST`, like `5512345:1234.dkr.ecr.eu-west-1.amazonaws.com`. Raises InvalidGrant."""
        form = "INSTALLATION:HOST, like 5512345:123456789012.dkr.ecr.eu-west-1.amazonaws.com, and no *"
        installation, host = _place(text, form)
        if installation is None or host == EVERY:
            raise InvalidGrant(f"{text!r} is not {form}")
        return cls(installation, host)


@dataclass(frozen=True, slots=True)
class Grants:
    """All that the operator grants; nothing by default."""

    networks: frozenset[NetworkGrant] = field(default_factory=frozenset)
    ambient: frozenset[AmbientGrant] = field(default_factory=frozenset)

    @classmethod
    def parse(cls, networks: Iterable[str], ambient: Iterable[str]) -> "Grants":
        """Read the lists of the settings. Raises InvalidGrant."""
        return cls(frozenset(map(NetworkGrant.parse, networks)), frozenset(map(AmbientGrant.parse, ambient)))

    def networks_of(self, host: str, installation: int | None) -> frozenset[str]:
        """Return the private networks an installation may reach at a host; None: those that everybody may."""
        return frozenset(
            grant.network
            for grant in self.networks
            if grant.host in {EVERY, host} and grant.installation in {None, installation}
        )

    def has_ambient(self, host: str, installation: int) -> bool:
        """Whether an installation may log in to a host with what this machine has."""
        return AmbientGrant(installation, host) in self.ambient


def _place(text: str, form: str) -> tuple[int | None, str]:
    installation, _, host = text.partition(":")
    named = installation.isascii() and installation.isdigit() and len(installation) <= LONGEST_ID
    if not (named or installation == EVERY) or not (host == EVERY or _is_host(host)):
        raise InvalidGrant(f"{text!r} is not {form}")
    return None if installation == EVERY else int(installation), host


def _is_host(text: str) -> bool:
    """Whether images could name a registry so; a grant for anything else would never be found."""
    try:
        return text == text.lower() and ImageReference.parse(f"{text}/image").host == text
    except InvalidImageReference:
        return False
