"""The components, licences and vulnerabilities that a CycloneDX document lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cyclonedx.exception import CycloneDxException
from cyclonedx.model.component import Component as Described

from bot.promotion.documents.cyclonedx_subject import described, is_of_a_scanner, lists_images_alone, tool
from bot.promotion.documents.cyclonedx_vulnerabilities import read_vulnerabilities
from bot.promotion.documents.package_urls import package_url
from bot.promotion.documents.packages import MOST_COMPONENTS, as_listed
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import IMAGES_ALONE, Told, Unreadable
from bot.promotion.documents.values import entries, mapping, objects, shortened, text
from bot.promotion.evidence import Component
from bot.promotion.license_expressions import LONGEST_EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION: Final = re.compile(r"1\.[2-7]")


def is_cyclonedx(document: dict[str, Any]) -> bool:
    """Say whether a document calls itself CycloneDX (ECMA-424, bomFormat)."""
    return document.get("bomFormat") == "CycloneDX"


def read_cyclonedx(document: dict[str, Any]) -> Told:
    """Read CycloneDX 1.2 to 1.7: its components, also nested ones, and its vulnerabilities.

    Each component goes through the library alone, by its name, group and version: the whole document would take it
    minutes. One that it refuses is read as it is, so that one odd component hides no other. What the document describes
    (metadata.component) is the image, and no component of it. A document without `components` is VEX alone, and one
    with images alone, as of an index, says nothing of what is in them. Its vulnerabilities are all that a scan found
    only where it names a scanner, and describes no other thing than an image.
    """
    if not _VERSION.fullmatch(text(document.get("specVersion"))):
        raise Unreadable("it is CycloneDX, but of no version from 1.2 to 1.7")
    listed = isinstance(document.get("components"), list)
    root = mapping(mapping(document.get("metadata")).get("component"))
    parts = [*_nested(document), *_nested(root)]
    at = aware(mapping(document.get("metadata")).get("timestamp"))
    subject = described(document)
    vulnerabilities, opinions = read_vulnerabilities(document, parts, subject, at)
    if not listed and not opinions:
        raise Unreadable("it is CycloneDX without components")
    of_images = lists_images_alone(parts)
    if of_images and vulnerabilities is None and not opinions:
        raise Unreadable(IMAGES_ALONE)
    return Told(
        about=subject.about,
        components=tuple(_packages(parts)) if listed and not of_images else None,
        vulnerabilities=vulnerabilities if listed else None,
        opinions=opinions,
        at=at,
        tool=tool(document),
        is_partial=of_images or not (subject.is_image and is_of_a_scanner(document)),
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
    return (as_listed(_component(entry), text(entry.get("type")).upper()) for entry in parts)


def _component(entry: dict[str, Any]) -> Component:
    needed = {
        "type": "library",
        **{key: value for key in ("name", "group", "version") if (value := text(entry.get(key)))},
    }
    url, licences = package_url(entry.get("purl")), tuple(_licences(entry))
    try:
        read = Described.from_json(needed)  # type: ignore[attr-defined]
    except (CycloneDxException, AttributeError, TypeError, ValueError):
        read = None
    if not isinstance(read, Described):
        return Component(text(entry.get("name")), text(entry.get("version")), url, licences, text(entry.get("group")))
    return Component(read.name, read.version or "", url, licences, read.group or "")


def _licences(entry: dict[str, Any]) -> Iterator[str]:
    """Expressions, identifiers of SPDX or names, all of which hold (`licenses` of a component)."""
    for choice in objects(entry.get("licenses")):
        licence = mapping(choice.get("license"))
        named = (choice.get("expression"), licence.get("id"), licence.get("name"))
        if told := next(filter(None, (shortened(each, LONGEST_EXPRESSION) for each in named)), ""):
            yield told
