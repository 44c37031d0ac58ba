"""At which digest a promotion finds each tag of its source, and which tags its registry does not let it read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.known_tags import OF_ONE_TAG
from bot.registries import RegistryRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.flows.readers import Reader
    from bot.registries import RegistryError

log = structlog.get_logger()

GONE: Final = ""
"""In the place of the digest of a tag that is listed and is not there."""

_UNREAD: Final = "unread:"
"""Before the digest that a tag stood at when it could be read last, in what is watched of it."""


@dataclass(frozen=True, slots=True)
class Sights:
    """What was seen of some tags: their digests (tag -> digest, or GONE), and why others could not be read."""

    digests: dict[str, str] = field(default_factory=dict)
    unread: dict[str, RegistryError] = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, str]:
        """Return the digests of the tags that are there."""
        return {tag: digest for tag, digest in self.digests.items() if digest != GONE}

    def refused(self) -> RegistryError | None:
        """Return the refusal of all that was asked: that is no matter of one tag. None: something was told."""
        errors = list(self.unread.values())
        is_refused = not self.digests and errors and all(isinstance(error, RegistryRefused) for error in errors)
        return errors[-1] if is_refused else None


async def look_at(parts: Parts, found: InForce, reader: Reader, names: Iterable[str]) -> Sights:
    """Ask which digest each tag stands for. An error about one tag is no matter of the others; raises RegistryError.

    A registry may list what it has not any more, and what it hands out to nobody.
    """
    source, sights = found.promotion.source, Sights()
    for name in names:
        try:
            digest = await parts.registries.head(source.host, source.repository, name, reader.access)
        except OF_ONE_TAG as error:
            log.warning("promotion.tag_not_read", promotion=found.promotion.name, tag=name, reason=str(error))
            sights.unread[name] = error
            continue
        sights.digests[name] = digest or GONE
        if digest is not None:
            await parts.store.ledger.describe(source.host, source.repository, name, digest, None, reader.id)
    return sights


def as_unread(watched: str | None) -> str:
    """Return what is watched of a tag that cannot be read now; `watched`: what was before, None for nothing."""
    return f"{_UNREAD}{digest_of(watched or GONE)}"


def is_unread(watched: str) -> bool:
    """Whether a tag could not be read when it was asked for last."""
    return watched.startswith(_UNREAD)


def digest_of(watched: str) -> str:
    """Return the digest that a watched tag stood at when it could be read last; GONE: it was not there."""
    return watched.removeprefix(_UNREAD)


def unread_in(watched: Mapping[str, str]) -> list[str]:
    """Name the watched tags that could not be read, in their order."""
    return sorted(tag for tag, value in watched.items() if is_unread(value))
