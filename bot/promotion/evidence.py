"""What is known about an image beside its name: components, vulnerabilities and exceptions, and where each is from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.images import Platform
    from bot.policies.promotions import Evidence


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from.

    place: in words, such as "the attestation sha256:12ab... (SPDX)" or "Harbor's scanner Trivy 0.57". at: aware, when
    the document was made; None: it does not say. signer: who signed it for this image's digest; "": nobody.
    """

    kind: Evidence
    place: str
    at: datetime | None = None
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One package in an image, or what else an SBOM lists.

    licenses: SPDX expressions or names as the document writes them, all of which hold; none: it does not say. purl: the
    package URL, "" where none is told. group: what stands before the name, such as a Maven group; "": not told.
    is_package: False for an application, a file or the operating system, which have a name, and no licence to look for.
    """

    name: str
    version: str = ""
    purl: str = ""
    licenses: tuple[str, ...] = ()
    group: str = ""
    is_package: bool = True


@dataclass(frozen=True, slots=True)
class Inventory:
    """A list of an image's components: an SBOM."""

    source: Source
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One vulnerability of one component, as a scanner reports it.

    id: such as CVE-2026-1234. aliases: its other names. component: the package URL, else `name@version`. severity: the
    scanner's word in lower case, "" where it says none. score: CVSS, 0.0 to 10.0; None: not told.
    """

    id: str
    component: str
    severity: str
    score: float | None = None
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scanner found.

    made_at: aware, when it looked; None: it does not say. is_partial: True where nothing shows that this is all of a
    scan: its findings add to those of other reports, and alone it does not show how many there are. database_at: aware,
    when the list of known vulnerabilities was made that it looked them up in; None: it does not say.
    """

    source: Source
    vulnerabilities: tuple[Vulnerability, ...]
    made_at: datetime | None = None
    is_partial: bool = False
    database_at: datetime | None = None


class Exploitability(Enum):
    """What a VEX statement says of a vulnerability."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says of a vulnerability in a product (VEX).

    names: its identifier and aliases. components: the package URLs it is about; none: the whole image. at: aware; the
    later of two statements counts.
    """

    source: Source
    names: frozenset[str]
    status: Exploitability
    components: frozenset[str] = frozenset()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlatformEvidence:
    """What is known about the image of one platform. platform: None where the image does not say."""

    platform: Platform | None
    digest: str
    inventories: tuple[Inventory, ...] = ()
    reports: tuple[ScanReport, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that counts for nothing, and why: a sentence."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImageEvidence:
    """All that is known about an image, by platform.

    pending: sentences that say what is still being made, such as a scan that a registry has begun. unread: sentences
    that say which report of a registry or of a posted scan could not be read. While either holds any, what was found is
    too little to show that vulnerabilities are few.
    """

    digest: str
    platforms: tuple[PlatformEvidence, ...]
    refused: tuple[Refused, ...] = ()
    pending: tuple[str, ...] = field(default=())
    unread: tuple[str, ...] = ()
