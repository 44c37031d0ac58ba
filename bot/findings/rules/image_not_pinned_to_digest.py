"""Images without a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings import fixes
from bot.findings.filling import is_filled_in, is_replaced
from bot.findings.image_places import is_no_text, place_of
from bot.findings.moving_tags import following, is_pinned
from bot.findings.naming import named
from bot.findings.registries import lies_in
from bot.findings.rule import Asked, Found, ImageRule, Page
from bot.manifests.targets import UNTAGGED
from bot.selection import PinDigest, Strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Image
    from bot.images import ImageReference


def _look(image: Image, asked: Asked) -> Iterator[Found]:
    reference = image.occurrence.reference
    if reference is None or is_pinned(image) or (reference.tag is None and not place_of(image).is_final):
        return
    if is_no_text(image) or lies_in(reference, asked.option("allow")):
        return
    if is_filled_in(image) or is_replaced(image, asked):
        return
    where = image.occurrence
    digest = asked.known.digest(reference, reference.tag or UNTAGGED)
    yield Found(
        (where.line, where.line),
        where.field,
        f"The image {named(reference.original)} has no digest: {_why(reference)}.",
        _mend(image, asked, is_known=digest is not None),
        None if digest is None else fixes.pinned(image, digest, asked.file),
        about=(reference.name,),
    )


def _why(reference: ImageReference) -> str:
    if reference.tag is None:
        return "whatever `latest` then is will run"
    return f"its tag {named(reference.tag)} may be pushed again with other content"


def _mend(image: Image, asked: Asked, *, is_known: bool) -> str:
    policy = following(image, asked)
    if is_known:
        return "Pin the digest that the tag stands for now."
    if policy is None:
        return "Write the digest behind the tag, as `1.4.2@sha256:...`."
    if policy.rule.strategy is Strategy.DIGEST or policy.rule.pin_digest is not PinDigest.NEVER:
        return f"The policy {named(policy.name)} pins the digest in its next pull request."
    return f"Let the policy {named(policy.name)} say `pin-digest: always`, and its pull requests pin the digest."


RULE = ImageRule(
    "image-not-pinned-to-digest",
    _look,
    Page(
        why="A tag can be pushed again with other content, by a mistake or by somebody who got hold of the registry."
        " A digest is computed from the content: it can stand for nothing else.",
        mend="Write the digest behind the tag: `ghcr.io/acme/app:1.4.2@sha256:...`. The tag is then for the reader, and"
        " the digest counts. A policy with `pin-digest: always` keeps both up to date.",
        silent=(
            "A registry among `allow` covers the image.",
            "No tag is written in the values of a chart or in kustomize's `images`: it may stand elsewhere.",
            "A kustomization that takes the file in gives the image another name, tag or digest.",
            "The image is a template, or filled in by something else, or no image reference at all.",
        ),
        sources=(
            "Kubernetes, Images: Image names, and Image pull policy.",
            "OCI Image Format Specification, Content Descriptors: Digests.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2@sha256:4b825dc642cb6eb9a060e54bf8d69288fbee4904e9d3f0b2a7d6c5b4a3928170
""",
    ),
)
