"""Which entries of an SBOM are packages, which have a name alone, and how many of them are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.promotion.documents.package_urls import is_image_url

if TYPE_CHECKING:
    from bot.promotion.evidence import Component

MOST_COMPONENTS: Final = 50_000
SILENT: Final = frozenset({"", "NOASSERTION", "NONE"})

_NEVER: Final = frozenset({"CONTAINER", "OPERATING-SYSTEM", "FILE", "DIRECTORY"})
_APPLICATION: Final = "APPLICATION"


def as_listed(component: Component, purpose: str) -> Component:
    """Give an entry of an SBOM as a package, or as something that has a name alone.

    Beside packages, tools list images, the operating system, files, and the files by which they found packages (an
    application without a package URL). None of those has a licence of its own, so asking them for one would leave every
    image's licences unknown; one that does tell a licence is a package. `purpose`: SPDX's primaryPackagePurpose, or
    CycloneDX's type, in capitals.
    """
    return component if _is_package(component, purpose) else replace(component, is_package=False)


def _is_package(component: Component, purpose: str) -> bool:
    if any(licence.upper() not in SILENT for licence in component.licenses):
        return True
    if purpose in _NEVER or is_image_url(component.purl):
        return False
    return bool(component.purl) or purpose != _APPLICATION
