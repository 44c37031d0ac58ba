"""Images from registries that are not on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.filling import is_renamed, is_templated
from bot.findings.image_places import is_new_name, is_one_text, place_of
from bot.findings.naming import named
from bot.findings.registries import lies_in
from bot.findings.rule import Asked, Found, ImageRule, Page
from bot.manifests.structure.image_maps import has_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Image
    from bot.policies.findings import OptionValue

_MOST_SHOWN: Final = 3


def _look(image: Image, asked: Asked) -> Iterator[Found]:
    reference, allowed = image.occurrence.reference, asked.option("allow")
    if reference is None or not allowed or lies_in(reference, allowed) or not _tells_host(image, asked):
        return
    if is_templated(image) or is_renamed(image, asked):
        return
    where = image.occurrence
    yield Found(
        (where.line, where.line),
        where.field,
        f"The image {named(reference.original)} comes from {named(reference.name)}, which is not on the list of"
        " allowed registries.",
        f"Take it from {_listed(allowed)}, or add its registry to the list.",
        about=(reference.name,),
    )


def _tells_host(image: Image, asked: Asked) -> bool:
    """Whether the file tells where the image comes from: a chart or a manifest may put a host before a bare name.

    Before the `newName` of a kustomization nobody puts one.
    """
    reference = image.occurrence.reference
    if place_of(image).is_final or is_one_text(image) or (reference is not None and has_host(reference.original)):
        return True
    return any(is_new_name(each, asked.file.content) for each in image.held.held)


def _listed(allowed: OptionValue) -> str:
    names = [named(str(each)) for each in allowed] if isinstance(allowed, tuple) else []
    if len(names) > _MOST_SHOWN:
        return f"{', '.join(names[:_MOST_SHOWN])} or another registry of the list"
    return " or ".join(names)


RULE = ImageRule(
    "image-registry-not-allowed",
    _look,
    Page(
        why="Whoever may push to a registry decides what runs. A list of registries keeps images out that nobody chose:"
        " a name with a typing error in it, an image of a stranger, one of a public registry that may go away.",
        mend="Copy the image to a registry of the list and name it from there, or add its registry to `allow`: a host"
        " (`ghcr.io`), or a host and the first segments of the repository (`ghcr.io/my-org`). `docker.io` covers images"
        " without a host, `docker.io/library` the official ones among them.",
        silent=(
            "`allow` is empty: then nothing is forbidden.",
            "No host is written in a chart's values, or in a `name` of kustomize's `images`: it may stand elsewhere.",
            "A kustomization that takes the file in gives the image another name; that name is looked at there.",
            "The image is a template, or filled in by something else, or no image reference at all.",
        ),
        sources=(
            "Kubernetes, Images: Image names.",
            "github.com/distribution/reference: the host of an image, and Docker Hub where there is none.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: registry.example/acme/app:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)
