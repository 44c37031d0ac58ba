"""The components, licences and vulnerabilities that a CycloneDX document lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cyclonedx.exception import CycloneDxException
from cyclonedx.model.component import Component as Described

from bot.promotion.documents.cyclonedx_vulnerabilities import read_vulnerabilities
from bot.promotion.documents.package_urls import image_url
from bot.promotion.documents.packages import MOST_COMPONENTS, is_package
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import About, Told, Unreadable
from bot.promotion.documents.values import digest, entries, mapping, objects, shortened, text
from bot.promotion.evidence import Component

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION: Final = re.compile(r"1\.[2-7]")
_REPOSITORY_DIGEST: Final = "aquasecurity:trivy:RepoDigest"


def is_cyclonedx(document: dict[str, Any]) -> bool:
    """Say whether a document calls itself CycloneDX (ECMA-424, bomFormat)."""
    return document.get("bomFormat") == "CycloneDX"


def read_cyclonedx(document: dict[str, Any]) -> Told:
    """Read CycloneDX 1.2 to 1.7: its components, also nested ones, and its vulnerabilities.

    Each component goes through the library alone, by its name, group, version, package URL and licences: the whole
    document would take it minutes. One that it refuses, such as for a package URL that does not parse, is read by its
    name, so that one odd component hides no other. What the document describes (metadata.component) is the image, and
    no component of it. A document without `components` is VEX alone.
    """
    if not _VERSION.fullmatch(text(document.get("specVersion"))):
        raise Unreadable("it is CycloneDX, but of no version from 1.2 to 1.7")
    listed = isinstance(document.get("components"), list)
    root = mapping(mapping(document.get("metadata")).get("component"))
    parts = [*_nested(document), *_nested(root)]
    at = aware(mapping(document.get("metadata")).get("timestamp"))
    vulnerabilities, opinions = read_vulnerabilities(document, parts, text(root.get("bom-ref")), at)
    if not listed and not opinions:
        raise Unreadable("it is CycloneDX without components")
    return Told(
        about=_about(root),
        components=tuple(_packages(parts)) if listed else None,
        vulnerabilities=vulnerabilities if listed else None,
        opinions=opinions,
        at=at,
        tool=_tool(document),
    )


def _nested(parent: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the components below one, however deep they are nested (assemblies, in the specification's words)."""
    found: list[dict[str, Any]] = []
    waiting = entries(parent.get("components"))
    while waiting:
        entry = waiting.pop()
        found.append(entry)
        if len(found) + len(waiting) > MOST_COMPONENTS:
            raise Unreadable(f"it lists more than {MOST_COMPONENTS:,} components")
        waiting += entries(entry.get("components"))
    return found


def _packages(parts: list[dict[str, Any]]) -> Iterator[Component]:
    for entry in parts:
        component = _component(entry)
        if is_package(component, text(entry.get("type")).upper()):
            yield component


def _component(entry: dict[str, Any]) -> Component:
    needed = {
        "type": "library",
        **{key: value for key in ("name", "group", "version", "purl") if (value := text(entry.get(key)))},
    }
    licences = tuple(_licences(entry))
    try:
        described = Described.from_json(needed)  # type: ignore[attr-defined]
    except (CycloneDxException, AttributeError, TypeError, ValueError):
        described = None
    if not isinstance(described, Described):
        return Component(text(entry.get("name")), text(entry.get("version")), text(entry.get("purl")), licences)
    return Component(described.name, described.version or "", needed.get("purl", ""), licences)


def _licences(entry: dict[str, Any]) -> Iterator[str]:
    """Expressions, identifiers of SPDX or names, all of which hold (`licenses` of a component)."""
    for choice in objects(entry.get("licenses")):
        licence = mapping(choice.get("license"))
        named = (choice.get("expression"), licence.get("id"), licence.get("name"))
        if told := next(filter(None, map(shortened, named)), ""):
            yield told


def _about(root: dict[str, Any]) -> About:
    """Syft writes a digest as the version of the image, Trivy its package URL and the digests of its repositories."""
    url = image_url(text(root.get("purl")))
    known = {
        digest(one.get("value")) for one in objects(root.get("properties")) if one.get("name") == _REPOSITORY_DIGEST
    }
    others = {
        digest(root.get("version")),
        url.digest if url else "",
    }
    return About(frozenset(known - {""}), frozenset(others - {""}), architecture=url.architecture if url else "")


def _tool(document: dict[str, Any]) -> str:
    """Tools are a list until 1.4, since 1.5 also an object with components."""
    tools = mapping(document.get("metadata")).get("tools")
    first = next(iter(objects(tools) or objects(mapping(tools).get("components"))), {})
    return f"{shortened(first.get('name'), 100)} {shortened(first.get('version'), 100)}".strip()
