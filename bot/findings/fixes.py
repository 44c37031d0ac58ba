"""What mends a finding: one edit of exact bytes, made from what was read already, with nothing parsed again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.findings.finding import Edit
from bot.images import ImageReference, InvalidImageReference, is_tag
from bot.manifests.adding import keys_added, path_to
from bot.manifests.layouts import PodSpec
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.pull_secrets import names_added
from bot.manifests.spelling import spelled
from bot.manifests.splicing import agreed
from bot.manifests.targets import UNTAGGED, Target
from bot.manifests.tree import Mapping, Unreadable

if TYPE_CHECKING:
    from bot.findings.subjects import Container, Image, ManifestFile, Pod
    from bot.manifests.adding import Addition
    from bot.manifests.occurrences import Span

_BEHIND: Final = ("image", "name", "cpu")
_KEPT: Final = 4


def pinned(image: Image, digest: str, file: ManifestFile | None = None) -> Edit | None:
    """Pin an image to a digest ("sha256:..."), beside the tag that it has; None where that cannot be written exactly.

    An image whose parts stand apart (`repository`, `tag`, `digest`) has to have a place for the digest, and needs the
    `file`: other images may share one of its parts, and without the file nobody can tell.
    """
    reference = image.occurrence.reference
    return None if reference is None else _moved(image, reference.tag or UNTAGGED, f"@{digest}", file)


def retagged(image: Image, tag: str, file: ManifestFile | None = None) -> Edit | None:
    """Give an image another tag; None where that cannot be written exactly, or where a digest stands.

    An image whose parts stand apart (`newName`, `newTag`) needs the `file`: other images may share its tag.
    """
    reference = image.occurrence.reference
    if reference is None or reference.digest:
        return None
    return _moved(image, tag, "", file)


def pull_secrets(pod: Pod, names: tuple[str, ...], file: ManifestFile) -> Edit | None:
    """Name pull secrets in a pod spec that names none; None without names, or where that cannot be written exactly."""
    node = pod.spec.node
    if not isinstance(node, Mapping):
        return None
    spec = PodSpec(pod.owner, pod.spec.way, node)
    try:
        return _edit(names_added(spec, names, pod.spec.document, file.content))
    except Unreadable:
        return None


def requests(container: Container, file: ManifestFile, cpu: str | None, memory: str | None) -> Edit | None:
    """Write the requests that a container lacks ("100m", "128Mi"); None where that cannot be written exactly.

    What is None is not written. A request that stands there, as a zero does, gives way to one that is not None.
    """
    view, document = container.view, container.view.document
    wanted = {name: quantity for name, quantity in (("cpu", cpu), ("memory", memory)) if quantity}
    path = path_to(view.node, view.way, document.roots, document.stretch.yaml) if view.node and wanted else None
    if path is None:
        return None
    try:
        tree = {"resources": {"requests": wanted}}
        return _edit(keys_added(path, tree, _BEHIND, file.content, document.stretch))
    except Unreadable:
        return None


def _edit(addition: Addition | None) -> Edit | None:
    return None if addition is None else Edit(*addition)


def _moved(image: Image, tag: str, digest: str, file: ManifestFile | None) -> Edit | None:
    """Write an image as the editor of bumps would, if all of it stands where it was found and nowhere else."""
    occurrence = image.occurrence
    wish = _wish(occurrence.reference, tag, digest)
    if wish is None or occurrence.obstacle is not None or occurrence.marker is not None or _is_shared(image, file):
        return None
    written = spelled(image.held, Target(policy="", reference=wish))
    if isinstance(written, Obstacle):
        return None
    splices = sorted(agreed([image.held], {0: written}).get(0, ()))
    if len(splices) != 1:
        return None
    return Edit(splices[0].span.start, splices[0].span.end, splices[0].written)


def _wish(reference: ImageReference | None, tag: str, digest: str) -> ImageReference | None:
    """Read what an image is to be; None where tag and digest are none, or would make another image of it."""
    if reference is None or not is_tag(tag):
        return None
    try:
        return ImageReference.parse(f"{reference.name}:{tag}{digest}")
    except InvalidImageReference:
        return None


def _is_shared(image: Image, file: ManifestFile | None) -> bool:
    """Whether an alias brings the image here, or one of its parts may be another image's too."""
    held = image.held.held
    if not any(each.line == image.occurrence.line for each in held):
        return True
    if all(each.part is Part.WHOLE for each in held):
        return False
    return file is None or any(each.span in _shared_spans(file.images) for each in held)


@lru_cache(maxsize=_KEPT)
def _shared_spans(images: tuple[Image, ...]) -> frozenset[Span]:
    """Give the places in a file that are a part of several images."""
    seen: set[Span] = set()
    shared: set[Span] = set()
    for image in images:
        mine = {each.span for each in image.held.held if each.span is not None}
        shared |= mine & seen
        seen |= mine
    return frozenset(shared)
