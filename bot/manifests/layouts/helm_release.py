"""Images in Flux's HelmReleases: the values of the chart, and what is put over what the chart renders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.layouts.kustomization import kustomize_rules
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.placing import found_along
from bot.manifests.layouts.walking import Steps
from bot.manifests.structure import images_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.places import Finding

_GROUP: Final = "helm.toolkit.fluxcd.io"
_RULES: Final = (
    (Steps.along("spec.values"), images_below),
    *kustomize_rules("spec.postRenderers[].kustomize."),
)


def _fits(document: Document) -> bool:
    return document.owner.kind == "HelmRelease" and document.group == _GROUP


def _find(document: Document) -> Iterator[Finding]:
    return found_along(document, _RULES)


_EXAMPLE: Final = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: shop}
spec:
  chartRef: {kind: OCIRepository, name: shop}
  values:
    image:
      repository: ghcr.io/acme/app
      tag: 1.9.0
"""

LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout(
        title="Flux HelmRelease",
        where=(
            "`spec.values`: as Helm values",
            "`spec.postRenderers[].kustomize.images[]`: `newName` (or else `name`) with `newTag` and `digest`",
            "`spec.postRenderers[].kustomize.patches[].patch`: objects in such a text; edited only with a marker",
        ),
        example=_EXAMPLE,
        fits=_fits,
        find=_find,
    ),
)
