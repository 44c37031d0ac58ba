"""Images whose tag moves and that are not pulled again when their pod starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.findings.moving_tags import moving_tag
from bot.findings.naming import named
from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, Found, ImageRule, Page, lines_of
from bot.findings.view import View
from bot.manifests.targets import UNTAGGED
from bot.manifests.tree import Sequence
from bot.manifests.ways import element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.moving_tags import MovingTag
    from bot.findings.subjects import Image

_KEY: Final = "imagePullPolicy"
# The key of an image volume (Kubernetes API reference, core/v1 ImageVolumeSource).
_KEY_OF_VOLUME: Final = "pullPolicy"
_VOLUME: Final = re.compile(r"\.volumes\[(\d+)\]\.image\.reference\Z")
_KEEPING: Final = frozenset({"IfNotPresent", "Never"})
_MEND: Final = "Say `Always`, or name a version, or pin the image to a digest."


def _look(image: Image, asked: Asked) -> Iterator[Found]:
    policy = _policy(image)
    if policy is None or not (policy.text in _KEEPING or policy.is_absent):
        return
    moving = moving_tag(image, asked)
    if (
        moving is None
        or (policy.is_absent and not _keeps_by_default(moving, image))
        or _is_patched(policy, image, asked)
    ):
        return
    line = image.occurrence.line
    lines = lines_of(policy) if policy.is_there else (line, line)
    yield Found(lines, policy.way, _message(moving, policy), _MEND, about=(moving.image.name,))


def _policy(image: Image) -> View | None:
    """Find the pull policy of an image in a pod, or the place where it would stand."""
    if image.container is not None:
        return image.container.view.at(_KEY)
    if image.pod is None:
        return None
    number, volumes = _VOLUME.search(image.occurrence.field), image.pod.spec.at("volumes")
    if number is None or not isinstance(volumes.node, Sequence):
        return None
    # One volume of maybe thousands, each of which is asked for: not all of them are looked through.
    index = int(number[1])
    volume = View(volumes.document, volumes.node.children[index], element(volumes.way, index))
    return volume.at("image", _KEY_OF_VOLUME)


def _keeps_by_default(moving: MovingTag, image: Image) -> bool:
    """Whether a node keeps what it has where no policy is written, and none can stand elsewhere.

    Kubernetes then sets `Always` for the tag `latest`, in just these letters, and for no tag (Images, Default image
    pull policy).
    """
    is_partial = image.container.is_partial if image.container else image.pod is not None and image.pod.is_partial
    return moving.tag != UNTAGGED and not is_partial


def _is_patched(policy: View, image: Image, asked: Asked) -> bool:
    return policy.is_absent and image.pod is not None and may_be_patched(asked, image.pod, _KEY, _KEY_OF_VOLUME)


def _message(moving: MovingTag, policy: View) -> str:
    tag = f"The tag {named(moving.tag)} of the image {named(moving.image.original)} moves"
    if not moving.is_written:
        tag = f"The image {named(moving.image.original)} has no tag"
    if policy.is_there:
        return f"{tag}, and with `{policy.text}` a node that has an older one goes on to run it."
    return f"{tag}, and without a pull policy a node that has an older one goes on to run it."


RULE = ImageRule(
    "image-pull-policy",
    _look,
    Page(
        why="With `IfNotPresent` or `Never` a node runs what it once pulled under a tag. When the tag has moved since,"
        " the nodes of one workload run different images.",
        mend="Set `imagePullPolicy: Always`. Better, name a version or pin a digest: then every policy means the same.",
        silent=(
            "A digest is written, or a tag that does not move (`mutable-tags` of `latest-image-tag`).",
            "No policy is written for `latest` or for no tag: Kubernetes then sets `Always`.",
            "No policy is written, and a patch of a kustomization may write it.",
            "The image or the policy is a template, or filled in by something else.",
        ),
        sources=("Kubernetes, Images: Image pull policy, and Default image pull policy.",),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:latest
      imagePullPolicy: IfNotPresent
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:latest
      imagePullPolicy: Always
""",
    ),
)
