"""What mends a finding: one edit of exact bytes, made from what was read already, with nothing parsed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.findings.finding import Edit
    from bot.findings.subjects import Container, Image, ManifestFile, Pod


def pinned(image: Image, digest: str) -> Edit | None:
    """Pin an image to a digest ("sha256:..."), beside the tag that it has; None where that cannot be written exactly."""
    del image, digest
    return None


def retagged(image: Image, tag: str) -> Edit | None:
    """Give an image another tag; None where that cannot be written exactly, or where a digest stands."""
    del image, tag
    return None


def pull_secrets(pod: Pod, names: tuple[str, ...], file: ManifestFile) -> Edit | None:
    """Name pull secrets in a pod spec that names none; None without names, or where that cannot be written exactly."""
    del pod, names, file
    return None


def requests(container: Container, file: ManifestFile, cpu: str | None, memory: str | None) -> Edit | None:
    """Write the requests that a container lacks ("100m", "128Mi"); None where that cannot be written exactly.

    What is None is not written.
    """
    del container, file, cpu, memory
    return None
