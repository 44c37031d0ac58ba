"""What a registry called the list it sent, so that an equal list need not be sent again (RFC 9110, section 13)."""

import re
from dataclasses import dataclass

from bot.registries.recent import Recent

ETAG = re.compile(r'(?:W/)?"[!#-~]{1,200}"')
MOST_VALIDATORS = 20_000


@dataclass(frozen=True, slots=True)
class Validator:
    """The name (ETag) of a list that came whole in one page, what was asked for, and the digest of what was sent."""

    etag: str
    query: str
    digest: str


class Validators:
    """Validators by registry host, repository, and the version of the credential that read (Access.version)."""

    def __init__(self) -> None:
        self._held: Recent[tuple[str, str, str], Validator] = Recent(MOST_VALIDATORS)

    def etag(self, key: tuple[str, str, str], query: str, known: str | None) -> str:
        """Return the ETag to ask with where the caller still knows the very list that had it, else an empty text."""
        held = self._held.get(key)
        return held.etag if held and (held.query, held.digest) == (query, known) else ""

    def note(self, key: tuple[str, str, str], etag: str, query: str, digest: str) -> None:
        """Keep what a list of one page was called; what was kept is forgotten when this one has no usable name."""
        if ETAG.fullmatch(etag):
            self._held.put(key, Validator(etag, query, digest))
        else:
            self._held.take(key)
