"""What one document says, before it is known which platforms it counts for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.promotion.evidence import Component, Exploitability, Vulnerability


class Unreadable(Exception):
    """A document that counts for nothing; its text is a sentence that says why, with nothing of the document raw."""


class AboutAnother(Unreadable):
    """A document that says itself that it is about something else than what it was found at."""


NO_IMAGE: Final = "it is a report on something else than an image"
IMAGES_ALONE: Final = "it lists images alone, and nothing of what is in them"


@dataclass(frozen=True, slots=True)
class About:
    """What a document says that it is about; empty where it does not say.

    repository_digests: digests that a registry knows: where there are any, one of them must belong to the image.
    digests: others, such as what a tool computed from an unpacked image: they may bind, but prove nothing when they
    differ. system, architecture, variant: of the platform, in the words of the OCI image index.
    """

    repository_digests: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()
    system: str = ""
    architecture: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a document says of one vulnerability (VEX).

    names, status, at: as for `Statement`. components: package URLs; none: the whole image. images: digests of the
    images that it is about; none: whatever the document is about.
    """

    names: frozenset[str]
    status: Exploitability
    components: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one document says.

    components, vulnerabilities: None where the document is none that lists them; empty where it found none. at: aware,
    when it was made, and for a report when the scanner looked. tool: who made it, such as "Trivy 0.57.1"; "": not told.
    is_partial: whether `vulnerabilities` may be less than what a scan found. database_at: aware, how old the
    vulnerabilities are that the scanner knew; None: not told.
    """

    about: About = field(default_factory=About)
    components: tuple[Component, ...] | None = None
    vulnerabilities: tuple[Vulnerability, ...] | None = None
    opinions: tuple[Opinion, ...] = ()
    at: datetime | None = None
    tool: str = ""
    is_partial: bool = False
    database_at: datetime | None = None
