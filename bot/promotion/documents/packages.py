"""Which entries of an SBOM are packages, and how many of them are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.promotion.documents.package_urls import image_url

if TYPE_CHECKING:
    from bot.promotion.evidence import Component

MOST_COMPONENTS: Final = 50_000
SILENT: Final = frozenset({"", "NOASSERTION", "NONE"})

_NEVER: Final = frozenset({"CONTAINER", "OPERATING-SYSTEM", "FILE", "DIRECTORY"})
_APPLICATION: Final = "APPLICATION"


def is_package(component: Component, purpose: str) -> bool:
    """Say whether an entry of an SBOM is a package.

    Beside packages, tools list the image itself, its operating system, its files, and the files by which they found
    packages (an application without a package URL). None of those has a licence of its own, so counting them would
    leave every image's licences unknown; one that does tell a licence counts. `purpose`: SPDX's primaryPackagePurpose,
    or CycloneDX's type, in capitals.
    """
    if any(licence.upper() not in SILENT for licence in component.licenses):
        return True
    if purpose in _NEVER or image_url(component.purl) is not None:
        return False
    return bool(component.purl) or purpose != _APPLICATION
