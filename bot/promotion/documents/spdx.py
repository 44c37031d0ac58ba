"""The packages and licences that an SPDX 2 document lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spdx_tools.spdx.parser.error import SPDXParsingError
from spdx_tools.spdx.parser.jsonlikedict.package_parser import PackageParser

from bot.promotion.documents.package_urls import image_url, is_image_url, package_url
from bot.promotion.documents.packages import MOST_COMPONENTS, SILENT, as_listed
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import About, Told, Unreadable
from bot.promotion.documents.values import digest, entries, mapping, objects, shortened, text, texts
from bot.promotion.evidence import Component

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSIONS: Final = frozenset({"SPDX-2.2", "SPDX-2.3"})
_TOOL: Final = "Tool: "
# A document is about one image; to read the package URLs of many takes long.
_MOST_IMAGES: Final = 100
_DESCRIBED: Final = "SPDXRef-DocumentRoot-"
# Before SPDX 2.3 there was no purpose: Syft and Trivy told it in the identifier.
_PURPOSES: Final = {
    "SPDXRef-DocumentRoot-Image-": "CONTAINER",
    "SPDXRef-DocumentRoot-Directory-": "DIRECTORY",
    "SPDXRef-DocumentRoot-File-": "FILE",
    "SPDXRef-ContainerImage-": "CONTAINER",
    "SPDXRef-OperatingSystem-": "OPERATING-SYSTEM",
    "SPDXRef-Application-": "APPLICATION",
}


def is_spdx(document: dict[str, Any]) -> bool:
    """Say whether a document calls itself SPDX 2 (SPDX specification 2.3, section 6.1)."""
    return "spdxVersion" in document


def read_spdx(document: dict[str, Any]) -> Told:
    """Read the packages of SPDX 2.2 and 2.3 JSON.

    Only a package's identifier, name, version, place and external references go through the library: files, snippets,
    relationships and checksums say nothing that is asked for, and tools write them with mistakes that the library
    refuses. A package that it refuses even so is read by its name and version, so that one odd package hides no other.
    A licence is the concluded one (section 7.13), else the declared one (7.15), as written.
    """
    if text(document.get("spdxVersion")) not in _VERSIONS:
        raise Unreadable("it is SPDX, but neither of version 2.2 nor 2.3")
    if not isinstance(document.get("packages"), list):
        raise Unreadable("it is SPDX without a list of packages")
    listed = entries(document["packages"])
    if len(listed) > MOST_COMPONENTS:
        raise Unreadable(f"it lists more than {MOST_COMPONENTS:,} packages")
    read = [(entry, _component(entry)) for entry in listed]
    created = mapping(document.get("creationInfo"))
    return Told(
        about=_about(read),
        components=tuple(_listed(read)),
        at=aware(created.get("created")),
        tool=_tool(created),
    )


def _listed(read: list[tuple[dict[str, Any], Component]]) -> Iterator[Component]:
    """Give all components but the image itself, which is listed with them unless it tells a licence of its own."""
    for entry, component in read:
        purpose = _purpose(entry)
        part = as_listed(component, purpose)
        if part.is_package or not (purpose == "CONTAINER" or text(entry.get("SPDXID")).startswith(_DESCRIBED)):
            yield part


def _component(entry: dict[str, Any]) -> Component:
    licences = _licences(entry)
    try:
        package = PackageParser().parse_package(_needed(entry))  # type: ignore[no-untyped-call]
    except (SPDXParsingError, AttributeError, TypeError, ValueError):
        return Component(text(entry.get("name")), text(entry.get("versionInfo")), _url(entry), licences)
    url = next((reference.locator for reference in package.external_references), "")
    return Component(package.name, package.version or "", url, licences)


def _needed(entry: dict[str, Any]) -> dict[str, Any]:
    url = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": _url(entry)}
    return {
        "name": text(entry.get("name")),
        "SPDXID": text(entry.get("SPDXID")),
        "versionInfo": text(entry.get("versionInfo")) or None,
        "downloadLocation": text(entry.get("downloadLocation")) or "NOASSERTION",
        "externalRefs": [url] if url["referenceLocator"] else [],
    }


def _url(entry: dict[str, Any]) -> str:
    """The first package URL of a package: tools write one, and its category in three spellings."""
    named = (one for one in objects(entry.get("externalRefs")) if one.get("referenceType") == "purl")
    return package_url(next(named, {}).get("referenceLocator"))


def _licences(entry: dict[str, Any]) -> tuple[str, ...]:
    """Where neither field tells a licence, what the first of them says instead is kept."""
    told = [shortened(entry.get("licenseConcluded")).strip(), shortened(entry.get("licenseDeclared")).strip()]
    meant = [licence for licence in told if licence.upper() not in SILENT] or [word for word in told if word]
    return tuple(meant[:1])


def _purpose(entry: dict[str, Any]) -> str:
    identifier = text(entry.get("SPDXID"))
    by_identifier = next((kind for prefix, kind in _PURPOSES.items() if identifier.startswith(prefix)), "")
    return text(entry.get("primaryPackagePurpose")).upper().replace("_", "-") or by_identifier


def _about(read: list[tuple[dict[str, Any], Component]]) -> About:
    """Package URLs, versions and checksums of the packages that are images themselves."""
    digests: set[str] = set()
    architectures: set[str] = set()
    images = [each for each in read if is_image_url(each[1].purl) or _purpose(each[0]) == "CONTAINER"]
    for entry, component in images[:_MOST_IMAGES]:
        url = image_url(component.purl)
        digests |= {digest(component.version), *_checksums(entry)}
        if url is not None:
            digests.add(url.digest)
            architectures.add(url.architecture)
    architectures.discard("")
    only = next(iter(architectures)) if len(architectures) == 1 else ""
    return About(digests=frozenset(digests - {""}), architecture=only)


def _checksums(entry: dict[str, Any]) -> Iterator[str]:
    return (
        digest(f"sha256:{text(one.get('checksumValue'))}")
        for one in objects(entry.get("checksums"))
        if one.get("algorithm") == "SHA256"
    )


def _tool(created: dict[str, Any]) -> str:
    tools = [name.removeprefix(_TOOL) for name in texts(created.get("creators")) if name.startswith(_TOOL)]
    return tools[0] if tools else ""
