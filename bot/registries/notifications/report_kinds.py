"""What tells the reports on one digest apart: which scanner wrote each, and for which of the image's platforms."""

from collections.abc import Mapping
from typing import Any

from bot.images import InvalidPlatform, Platform
from bot.registries.notifications.reading import text_at

# For each scanner: the keys that its reports have, and where they tell the platform that was looked at.
_SCANNERS: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "trivy": (frozenset({"SchemaVersion"}), ("Metadata", "ImageConfig")),
    "grype": (frozenset({"matches", "descriptor"}), ("source", "target")),
}


def media_type_of(report: Mapping[str, Any]) -> str:
    """Return `application/json`, with the scanner and the platform as parameters where the report tells them.

    Scans of all platforms of an index may be posted for the index's digest: one must not take another's place.
    Shapes: pkg/types/report.go of Trivy, grype/presenter/models/document.go of Grype.
    """
    for scanner, (keys, place) in _SCANNERS.items():
        if keys <= report.keys():
            platform = _platform(report, place)
            return f"application/json; scanner={scanner}" + (f"; platform={platform}" if platform else "")
    return "application/json"


def _platform(report: Mapping[str, Any], place: tuple[str, ...]) -> Platform | None:
    told = [text_at(report, *place, part) for part in ("os", "architecture", "variant")]
    try:
        return Platform.parse("/".join(part for part in told if part)).normalised()
    except InvalidPlatform:
        return None
