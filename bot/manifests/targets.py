"""What is asked of an edit, and whether an occurrence is meant by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.manifests.globs import selects
from bot.manifests.markers.syntax import part_asked, without_part
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.reasons import SkipReason
from bot.manifests.scope import editable

if TYPE_CHECKING:
    from bot.images import ImageReference
    from bot.manifests.occurrences import Occurrence

_WITH_DIGEST: Final = frozenset({Part.WHOLE, Part.DIGEST})
UNTAGGED: Final = "latest"
"""The tag that an image without a tag stands for."""


class Mode(StrEnum):
    """Which occurrences a policy moves."""

    AUTO = "auto"
    """Those marked for it, and every other that no policy is named on."""
    MARKERS = "markers"
    """Only those marked for it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One wish: every occurrence of an image, in some files, is to stand at another tag.

    `reference` says the image, and the tag (and digest) that is to stand there; the way a file writes the image's
    name is kept. `policy` and `namespace` are who asks, as markers name it. `current` is what an occurrence must stand
    at, tag and digest as `stands_at` writes them ("" for neither), None for any. `paths` are globs as .gitignore reads
    them. `workflows` lets files in .github/workflows be edited too.
    """

    policy: str
    reference: ImageReference
    namespace: str = ""
    current: str | None = None
    paths: tuple[str, ...] = ("**",)
    mode: Mode = Mode.AUTO
    workflows: bool = False


def stands_at(reference: ImageReference) -> str:
    """Write the tag and the digest of an image as one text: "1.2", "1.2@sha256:...", "@sha256:...", "" for neither."""
    return (reference.tag or "") + (f"@{reference.digest}" if reference.digest else "")


def standing_of(occurrence: Occurrence) -> str | None:
    """Tell at which tag and digest an occurrence stands, as `stands_at` writes them; None: nobody can say."""
    if occurrence.standing is not None:
        return occurrence.standing
    return None if occurrence.reference is None else stands_at(occurrence.reference)


def takes_digest(occurrence: Occurrence) -> bool:
    """Whether a digest can be written where an occurrence stands: it is one text, or has a place for it."""
    return not _WITH_DIGEST.isdisjoint(occurrence.parts) or "@" in (standing_of(occurrence) or "")


def follows_marker_alone(occurrence: Occurrence) -> bool:
    """Whether the marker says which policy is followed, whatever image is named there, if any is."""
    marker = occurrence.marker
    return marker is not None and (occurrence.standing is not None or part_asked(marker) is not None)


def means(target: Target, occurrence: Occurrence) -> bool:
    """Whether an occurrence shows the target's image at the target's current tag and digest, wherever it stands."""
    if target.current is not None and target.current != standing_of(occurrence):
        return False
    if follows_marker_alone(occurrence) and names(occurrence.marker or "", target.policy, target.namespace):
        return True
    return occurrence.reference is not None and occurrence.reference.name == target.reference.name


def belongs(marker: str, policy: str, namespace: str = "") -> bool:
    """Whether a marker names a policy, by its name or by `namespace:name`."""
    return marker in {policy, f"{namespace}:{policy}"}


def names(marker: str, policy: str, namespace: str = "") -> bool:
    """Whether a marker names a policy, also when it asks for a part of the image only (`:tag`, `:name`, `:digest`)."""
    return belongs(marker, policy, namespace) or belongs(without_part(marker), policy, namespace)


def refusal(target: Target, occurrence: Occurrence) -> Obstacle | None:
    """Say why an occurrence that a target means is not moved by it; None when it is.

    What the occurrence itself is (escaped, in a text) is not asked here: see its `obstacle`.
    """
    if not selects(target.paths, occurrence.path):
        return Obstacle(SkipReason.OUT_OF_PATHS, f"the paths of the policy {target.policy} leave this file out")
    if editable(occurrence.path, workflows=target.workflows) is SkipReason.WORKFLOW:
        return Obstacle(SkipReason.WORKFLOW, f"the policy {target.policy} leaves the workflows of GitHub Actions alone")
    if target.reference.tag is None:
        return Obstacle(SkipReason.INVALID_TARGET, f"the policy {target.policy} names no tag to move to")
    if "@" in (standing_of(occurrence) or "") and not target.reference.digest:
        return Obstacle(SkipReason.PINNED_TO_DIGEST, "the image is pinned to a digest, which a tag alone would lose")
    return _refusal_by_marker(target, occurrence.marker)


def _refusal_by_marker(target: Target, marker: str | None) -> Obstacle | None:
    if marker is None:
        if target.mode == Mode.AUTO:
            return None
        return Obstacle(SkipReason.NOT_MARKED, f"the policy {target.policy} moves marked lines only")
    if not names(marker, target.policy, target.namespace):
        return Obstacle(SkipReason.OTHER_POLICY, f"the line is marked for {marker}, not for {target.policy}")
    return None
