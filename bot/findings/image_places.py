"""Where an image stands, as far as it matters to what is meant by a tag that is not written."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.findings.plain_values import FALSE, TRUE
from bot.manifests.layouts import argo_workflows, pods, tekton
from bot.manifests.occurrences import Part
from bot.manifests.scope import Format, format_of

if TYPE_CHECKING:
    from bot.findings.subjects import Image
    from bot.manifests import Occurrence
    from bot.manifests.occurrences import Held


class ImagePlace(Enum):
    """What an image stands in, and so who reads it."""

    POD = "the pod spec of an object that runs pods"
    OBJECT = "another object that is known to run containers"
    DOCKERFILE = "a Dockerfile"
    COMPOSE = "a Compose file"
    WORKFLOW = "a workflow or an action of GitHub Actions"
    KUSTOMIZE = "an entry of a kustomization's images"
    ELSEWHERE = "the values of a chart, a text in a text, an object of a kind that is not known"

    @property
    def is_final(self) -> bool:
        """Whether what is written here is all that there is: nothing else adds a tag or a host to it."""
        return self not in {ImagePlace.KUSTOMIZE, ImagePlace.ELSEWHERE}


_RUNNING: Final = frozenset(
    kind for row in (*pods.KINDS, *argo_workflows.KINDS, *tekton.KINDS) for kind in row.kinds if kind
)
_WORKFLOW: Final = re.compile(r"\.github/workflows/[^/]+|(?:.*/)?action\.ya?ml", re.DOTALL)
_COMPOSE: Final = re.compile(r"services[.\[].*\.(?:image|volumes\[\d+\]\.source)", re.DOTALL)
_ENTRY: Final = re.compile(
    r"(?:items\[\d+\]\.)?(?:spec\.(?:postRenderers\[\d+\]\.kustomize\.)?)?(?:images\[\d+\]|imageTag)"
)
_KUSTOMIZING: Final = frozenset({"", "Kustomization", "Component", "ImageTagTransformer", "HelmRelease"})
KUSTOMIZATIONS: Final = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
"""The names under which kustomize looks for its file (sigs.k8s.io/kustomize/api/konfig)."""
# go-yaml, by which Kubernetes, kustomize and Compose read, takes these plain scalars for numbers and truth values; a
# text is asked for, and none of them converts one (YAML 1.1, int, float and bool; YAML 1.2.2, 10.3.2).
_NUMBER: Final = re.compile(
    r"[-+]?(?:0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)"
)
_TRUTH_VALUES: Final = TRUE | FALSE
_NEW_NAME: Final = re.compile(rb"newName[\"']?\s*:\s*[\"']?\Z")
_LONGEST_KEY: Final = 40
# How the way of something in a text in a text is written: the way to the text, and the way in it.
_IN_TEXT: Final = ": "


def place_of(image: Image) -> ImagePlace:
    """Tell what an image stands in."""
    occurrence = image.occurrence
    if image.pod is not None:
        return ImagePlace.POD
    if format_of(occurrence.path) is Format.DOCKERFILE:
        return ImagePlace.DOCKERFILE
    if _IN_TEXT in occurrence.field:
        return ImagePlace.ELSEWHERE
    if not is_one_text(image):
        return ImagePlace.KUSTOMIZE if _is_entry(image) else ImagePlace.ELSEWHERE
    return _place_of_text(occurrence)


def is_one_text(image: Image) -> bool:
    """Whether the image is written as one text, and not in parts that stand apart."""
    held = image.held.held
    return len(held) == 1 and held[0].part is Part.WHOLE


def is_no_text(image: Image) -> bool:
    """Whether what is written is read as a number or a truth value, so that no image is named."""
    return is_number(image.occurrence.text) and any(each.is_plain for each in image.held.held)


def is_number(text: str) -> bool:
    """Whether a plain scalar is read as a number or a truth value."""
    return text in _TRUTH_VALUES or _NUMBER.fullmatch(text) is not None


def is_new_name(held: Held, content: bytes) -> bool:
    """Whether a part of an entry of kustomize's `images` is its `newName`, in the file with some content."""
    if held.part is not Part.NAME or held.span is None:
        return False
    return _NEW_NAME.search(content[max(held.span.start - _LONGEST_KEY, 0) : held.span.start]) is not None


def _place_of_text(occurrence: Occurrence) -> ImagePlace:
    if occurrence.kind:
        return ImagePlace.OBJECT if occurrence.kind in _RUNNING else ImagePlace.ELSEWHERE
    if _WORKFLOW.fullmatch(occurrence.path):
        return ImagePlace.WORKFLOW
    return ImagePlace.COMPOSE if _COMPOSE.fullmatch(occurrence.field) else ImagePlace.ELSEWHERE


def _is_entry(image: Image) -> bool:
    """Whether an image is an entry of `images` as kustomize takes them; the values of a chart may have that key too."""
    occurrence = image.occurrence
    if occurrence.kind not in _KUSTOMIZING or not _ENTRY.fullmatch(occurrence.field):
        return False
    return bool(occurrence.kind) or occurrence.path.rpartition("/")[2] in KUSTOMIZATIONS
