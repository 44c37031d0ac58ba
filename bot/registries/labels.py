"""What an image says of where it comes from: the few labels and annotations that somebody reads."""

from collections.abc import Mapping
from typing import Any, Final

# Pre-Defined Annotation Keys of the OCI image specification; builders write the same keys as labels.
PREFIX: Final = "org.opencontainers.image."
KEYS: Final = tuple(f"{PREFIX}{name}" for name in ("source", "revision", "version", "url"))
LONGEST_LABEL: Final = 500


def annotations_of(manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the annotations of a manifest or an index, as far as they are known here."""
    return _known(manifest.get("annotations"))


def labels_of(configuration: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the labels of an image's configuration, as far as they are known here."""
    inner = configuration.get("config")
    return _known(inner.get("Labels")) if isinstance(inner, dict) else {}


def _known(texts: object) -> Mapping[str, str]:
    """Keep the known keys whose values are texts, not empty, and of a sane length."""
    if not isinstance(texts, dict):
        return {}
    found = {key: texts.get(key) for key in KEYS}
    return {key: text for key, text in found.items() if isinstance(text, str) and 0 < len(text) <= LONGEST_LABEL}
