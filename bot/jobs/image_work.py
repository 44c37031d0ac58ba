"""Work on images, as their registries show them."""

from dataclasses import dataclass
from typing import ClassVar

from bot.jobs.priorities import Priority


@dataclass(frozen=True, slots=True)
class _OfImage:
    """Work on one image as one reader reads it: `credential` is the reader, "" for nobody in particular.

    One registry's images share its slots, so that a slow registry holds up only itself.
    """

    priority: ClassVar[Priority] = Priority.SCAN
    host: str
    repository: str
    credential: str = ""

    @property
    def owner(self) -> str:
        return f"registry:{self.host}"


@dataclass(frozen=True, slots=True)
class AnnounceImage:
    """Something says that an image changed: everybody who reads it is to look."""

    priority: ClassVar[Priority] = Priority.SCAN
    host: str
    repository: str

    @property
    def owner(self) -> str:
        """Nobody's: it asks no registry, so it need not wait for one."""
        return ""


@dataclass(frozen=True, slots=True)
class ScanImage(_OfImage):
    """Read an image's tags from its registry and tell the repositories that follow it."""


@dataclass(frozen=True, slots=True)
class PollImage(_OfImage):
    """Ask an image's registry whether anything changed, every few minutes; scan it if so."""

    priority: ClassVar[Priority] = Priority.POLL


@dataclass(frozen=True, slots=True)
class ReconsiderImage(_OfImage):
    """Scan an image once more when time alone may have changed what is decided about it.

    A kind of its own, so that a look that is due later holds up none that is asked for sooner.
    """
