"""CycloneDX XML as the values that its JSON would have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from bot.promotion.documents.told import Unreadable
from bot.promotion.documents.values import LARGEST, LARGEST_IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_NAMESPACE: Final = "{http://cyclonedx.org/schema/bom/"
# What CPython needs for an element with an attribute.
_ELEMENT: Final = 400
_DEEPEST: Final = 50


def is_xml(content: bytes) -> bool:
    """Say whether a document is XML rather than JSON."""
    return content[:100].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def from_xml(content: bytes) -> dict[str, Any]:
    """Read CycloneDX XML; raise Unreadable where it is none, or has a document type, entities or far too much in it.

    Only what is asked of a document is taken over, by its names in JSON (bom-1.6.xsd and bom-1.6.schema.json).
    """
    if len(content) > LARGEST:
        raise Unreadable("it is larger than 100 MB")
    if len(content) + _ELEMENT * content.count(b"<") > LARGEST_IN_MEMORY:
        raise Unreadable("it holds too many values")
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("it is XML with a document type or entities") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise Unreadable("it is not XML") from None
    if not root.tag.startswith(_NAMESPACE) or _local(root) != "bom":
        raise Unreadable("it is XML, but not CycloneDX")
    metadata = _child(root, "metadata")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": root.tag.removeprefix(_NAMESPACE).partition("}")[0],
        "metadata": {
            "timestamp": _text(metadata, "timestamp"),
            "tools": list(_tools(_child(metadata, "tools"))),
            "component": _component(_child(metadata, "component")),
        },
        "vulnerabilities": [_vulnerability(one) for one in _children(_child(root, "vulnerabilities"), "vulnerability")],
    } | _components(root)


def _tools(element: Element | None) -> Iterator[dict[str, str]]:
    """Tools are listed themselves until 1.4, since 1.5 also as components and services."""
    newer = [(_child(element, f"{name}s"), name) for name in ("component", "service")]
    for parent, name in [(element, "tool"), *newer]:
        yield from ({"name": _text(one, "name"), "version": _text(one, "version")} for one in _children(parent, name))


def _components(parent: Element | None, depth: int = 0) -> dict[str, Any]:
    """Give `components` where there is such a list, empty or not."""
    if depth > _DEEPEST:
        raise Unreadable("its components are nested too deeply")
    inner = _child(parent, "components")
    if inner is None:
        return {}
    return {"components": [_component(one, depth + 1) for one in _children(inner, "component")]}


def _component(element: Element | None, depth: int = 0) -> dict[str, Any]:
    if element is None:
        return {}
    told = {name: _text(element, name) for name in ("group", "name", "version", "purl")}
    return {
        **told,
        "type": element.get("type", ""),
        "bom-ref": element.get("bom-ref", ""),
        "licenses": list(_licences(_child(element, "licenses"))),
        "properties": [
            {"name": one.get("name", ""), "value": one.text or ""}
            for one in _children(_child(element, "properties"), "property")
        ],
    } | _components(element, depth)


def _licences(element: Element | None) -> Iterator[dict[str, Any]]:
    yield from ({"expression": one.text or ""} for one in _children(element, "expression"))
    for one in _children(element, "license"):
        yield {"license": {"id": _text(one, "id"), "name": _text(one, "name")}}


def _vulnerability(element: Element) -> dict[str, Any]:
    analysis = _child(element, "analysis")
    return {
        "id": _text(element, "id"),
        "source": _source(element),
        "ratings": [
            {"severity": _text(one, "severity"), "score": _text(one, "score"), "source": _source(one)}
            for one in _children(_child(element, "ratings"), "rating")
        ],
        "references": [{"id": _text(one, "id")} for one in _children(_child(element, "references"), "reference")],
        "affects": [{"ref": _text(one, "ref")} for one in _children(_child(element, "affects"), "target")],
        "analysis": {name: _text(analysis, name) for name in ("state", "firstIssued", "lastUpdated")},
    }


def _source(element: Element) -> dict[str, str]:
    return {"name": _text(_child(element, "source"), "name")}


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [one for one in element if _local(one) == name]


def _child(element: Element | None, name: str) -> Element | None:
    return next(iter(_children(element, name)), None)


def _text(element: Element | None, name: str) -> str:
    found = _child(element, name)
    return "" if found is None else (found.text or "").strip()
