"""Images in Argo CD's Applications: what their sources tell Helm and kustomize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.fields import text_of
from bot.manifests.layouts.helm_parameters import parameter_images
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.placing import found_along, texts_inside, whole
from bot.manifests.layouts.walking import Steps
from bot.manifests.obstacles import NO_TAG
from bot.manifests.places import Place
from bot.manifests.references import reference_in
from bot.manifests.structure import images_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.layouts.placing import Finder
    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Node

_GROUP: Final = "argoproj.io"


def _kustomize_image(node: Node, owner: Owner, way: str) -> Iterator[Finding]:
    """Find the image in one text of `kustomize.images`: what stands behind the `=`, where there is one.

    "name=newName:tag", "newName:tag", "name=newName@digest" (Argo CD user guide, Kustomize). "name=newName" keeps the
    tag of the manifests.
    """
    text = text_of(node)
    start = text.find("=") + 1
    found = whole(node, owner, way, start=start)
    reference = reference_in(text[start:])
    keeps_tag = reference is not None and not reference.tag and not reference.digest
    yield found._replace(obstacle=NO_TAG) if isinstance(found, Place) and keeps_tag else found


def _rules(*applications: str) -> tuple[tuple[Steps, Finder], ...]:
    """Make the rules for Applications whose `spec` stands at the given ways."""
    sources = [f"{spec}.{source}" for spec in applications for source in ("source", "sources[]")]

    def along(way: str) -> Steps:
        return Steps.along(*(f"{source}.{way}" for source in sources))

    return (
        (along("helm.parameters"), parameter_images),
        (along("helm.valuesObject"), images_below),
        (along("helm.values"), texts_inside),
        (along("kustomize.images[]"), _kustomize_image),
        (along("kustomize.patches[].patch"), texts_inside),
    )


_RULES: Final = {
    "Application": _rules("spec"),
    "ApplicationSet": _rules("spec.template.spec", "spec.generators[].*.template.spec"),
}


def _fits(kind: str, document: Document) -> bool:
    return document.owner.kind == kind and document.group == _GROUP


def _fits_application(document: Document) -> bool:
    return _fits("Application", document)


def _fits_application_set(document: Document) -> bool:
    return _fits("ApplicationSet", document)


def _find(document: Document) -> Iterator[Finding]:
    return found_along(document, _RULES[document.owner.kind])


_EXAMPLE: Final = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  source:
    repoURL: https://charts.acme.example
    chart: shop
    helm:
      parameters:
        - {name: image.repository, value: ghcr.io/acme/app}
        - {name: image.tag, value: 1.9.0}
"""

_SET_EXAMPLE: Final = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: shop, namespace: argocd}
spec:
  generators:
    - list: {elements: [{cluster: berlin}, {cluster: oslo}]}
  template:
    metadata: {name: 'shop-{{cluster}}'}
    spec:
      source:
        repoURL: https://github.com/acme/deploy
        path: shop
        kustomize:
          images: [app=ghcr.io/acme/app:1.9.0]
"""

LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout(
        title="Argo CD Application",
        where=(
            "in `spec.source` and each of `spec.sources[]`:",
            "`helm.parameters[]`: `x.registry`, `x.repository` (or `x.name`), `x.tag` and `x.digest` make one image",
            "`helm.parameters[]`: a value with a tag or a digest, of a name like `x.image`, `images.x`, `images[0]`",
            "`helm.valuesObject`: as Helm values",
            "`helm.values`: Helm values in a text; edited only with a marker",
            "`kustomize.images[]`: what stands behind the `=`",
            "`kustomize.patches[].patch`: objects in the text of a patch; edited only with a marker",
        ),
        example=_EXAMPLE,
        fits=_fits_application,
        find=_find,
    ),
    Layout(
        title="Argo CD ApplicationSet",
        where=("`spec.template.spec`, and the `template.spec` of a generator: as the `spec` of an Application",),
        example=_SET_EXAMPLE,
        fits=_fits_application_set,
        find=_find,
    ),
)
