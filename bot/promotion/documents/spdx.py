"""The packages and licences that an SPDX 2 document lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from spdx_tools.spdx.parser.error import SPDXParsingError
from spdx_tools.spdx.parser.jsonlikedict.package_parser import PackageParser

from bot.promotion.documents.package_urls import package_url
from bot.promotion.documents.packages import MOST_COMPONENTS, SILENT, as_listed
from bot.promotion.documents.spdx_subject import about, is_described, lists_images_alone, purpose, refuse_stage
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import IMAGES_ALONE, Told, Unreadable
from bot.promotion.documents.values import entries, mapping, objects, shortened, text, texts
from bot.promotion.evidence import Component
from bot.promotion.license_expressions import LONGEST_EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSIONS: Final = frozenset({"SPDX-2.2", "SPDX-2.3"})
_TOOL: Final = "Tool: "


def is_spdx(document: dict[str, Any]) -> bool:
    """Say whether a document calls itself SPDX 2 (SPDX specification 2.3, section 6.1)."""
    return "spdxVersion" in document


def read_spdx(document: dict[str, Any]) -> Told:
    """Read the packages of SPDX 2.2 and 2.3 JSON.

    Only a package's identifier, name, version, place and external references go through the library: files, snippets,
    relationships and checksums say nothing that is asked for, and tools write them with mistakes that the library
    refuses. A package that it refuses even so is read by its name and version, so that one odd package hides no other.
    A licence is the concluded one (section 7.13), else the declared one (7.15), as written. Unreadable where it is of
    another version, of a stage of the build, or lists images alone.
    """
    if text(document.get("spdxVersion")) not in _VERSIONS:
        raise Unreadable("it is SPDX, but neither of version 2.2 nor 2.3")
    if not isinstance(document.get("packages"), list):
        raise Unreadable("it is SPDX without a list of packages")
    refuse_stage(document)
    listed = entries(document["packages"])
    if len(listed) > MOST_COMPONENTS:
        raise Unreadable(f"it lists more than {MOST_COMPONENTS:,} packages")
    read = [(entry, _component(entry)) for entry in listed]
    if lists_images_alone(document, read):
        raise Unreadable(IMAGES_ALONE)
    created = mapping(document.get("creationInfo"))
    return Told(
        about=about(document, read),
        components=tuple(_listed(read)),
        at=aware(created.get("created")),
        tool=_tool(created),
    )


def _listed(read: list[tuple[dict[str, Any], Component]]) -> Iterator[Component]:
    """Give all components but the image itself, which is listed with them unless it tells a licence of its own."""
    for entry, component in read:
        part = as_listed(component, purpose(entry))
        if part.is_package or not is_described(entry):
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
    """The first package URL of a package: tools write one, its category in three spellings, its type also as a URI."""
    references = objects(entry.get("externalRefs"))
    named = (one for one in references if shortened(one.get("referenceType")).rpartition("/")[2] == "purl")
    return package_url(next(named, {}).get("referenceLocator"))


def _licences(entry: dict[str, Any]) -> tuple[str, ...]:
    """Where neither field tells a licence, what the first of them says instead is kept."""
    told = [shortened(entry.get(f"license{each}"), LONGEST_EXPRESSION).strip() for each in ("Concluded", "Declared")]
    meant = [licence for licence in told if licence.upper() not in SILENT] or [word for word in told if word]
    return tuple(meant[:1])


def _tool(created: dict[str, Any]) -> str:
    tools = [name.removeprefix(_TOOL) for name in texts(created.get("creators")) if name.startswith(_TOOL)]
    return tools[0] if tools else ""
