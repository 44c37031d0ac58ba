"""What a report that CI posts says of the image that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.images import ImageReference, InvalidImageReference
from bot.promotion.documents import grype, trivy
from bot.promotion.documents.told import Unreadable
from bot.promotion.documents.values import loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 100


def of_report(content: bytes) -> tuple[str, str] | None:
    """Give the image that a report of Trivy's or Grype's names: "host/repository" and "sha256:...".

    `content` is the report as its scanner wrote it. None where it is of neither, names no digest in a repository
    (Trivy: Metadata.RepoDigests, Grype: source.target.repoDigests), or names several that differ: the caller then has
    to say which one is meant. The host is written out, docker.io included.
    """
    try:
        named = set(_named(loaded(content)))
    except Unreadable:
        return None
    return named.pop() if len(named) == 1 else None


def _named(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    digests: list[str] = []
    if trivy.is_trivy(report):
        digests = trivy.repository_digests(report)
    elif grype.is_grype(report):
        digests = grype.repository_digests(report)
    for text in digests[:_MOST]:
        try:
            reference = ImageReference.parse(text)
        except InvalidImageReference:
            continue
        if reference.digest:
            yield f"{reference.host}/{reference.repository}", reference.digest
