"""Images in kustomizations: the entries that put an image or a tag in the place of another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, followed
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.placing import doubled_among, found_along, is_empty, split, texts_inside
from bot.manifests.layouts.walking import Steps
from bot.manifests.occurrences import Part
from bot.manifests.structure import images_below
from bot.manifests.tree import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.layouts.placing import Finder
    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Node

_GROUP: Final = "kustomize.config.k8s.io"
_FLUX_GROUP: Final = "kustomize.toolkit.fluxcd.io"
_KINDS: Final = frozenset({"Kustomization", "Component"})
# The names under which kustomize looks for its file (sigs.k8s.io/kustomize/api/konfig).
_FILE_NAMES: Final = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_KEYS: Final = ("name", "newName", "newTag", "digest")


def image_entry(node: Node, owner: Owner, way: str) -> Iterator[Finding]:
    """Find the image that one entry of `images` names: `newName` or else `name`, with `newTag` and `digest`.

    sigs.k8s.io/kustomize/api/types, Image. An empty `newName` keeps the name.
    """
    entry = followed(node)
    if not isinstance(entry, Mapping):
        return
    twice = list(doubled_among(entry, _KEYS))
    if twice:
        yield from twice
        return
    values = fields(entry).values
    named = "name" if is_empty(values.get("newName")) else "newName"
    if is_empty(values.get(named)):
        return
    keys = ((Part.NAME, named), (Part.TAG, "newTag"), (Part.DIGEST, "digest"))
    yield split(((part, key, values[key]) for part, key in keys if key in values), owner, way)


def kustomize_rules(*ways: str) -> tuple[tuple[Steps, Finder], ...]:
    """Make the rules for what kustomize may be told at each of the ways ("spec"): images, and patches written there."""
    return (
        (Steps.along(*(f"{way}images[]" for way in ways)), image_entry),
        (Steps.along(*(f"{way}patches[].patch" for way in ways)), texts_inside),
    )


_RULES: Final = (
    *kustomize_rules(""),
    (Steps.along("helmCharts[].valuesInline"), images_below),
    (Steps.along("patchesStrategicMerge[]", "patchesJson6902[].patch"), texts_inside),
)
_FLUX_RULES: Final = kustomize_rules("spec.")
_TRANSFORMER: Final = "ImageTagTransformer"
_TRANSFORMER_RULES: Final = ((Steps.along("imageTag"), image_entry),)


def _is_kustomization(document: Document) -> bool:
    if document.group == _GROUP:
        return document.owner.kind in _KINDS
    if document.path.rpartition("/")[2] not in _FILE_NAMES:
        return False
    keys = document.values.keys() | fields(document.root).twice.keys()
    return document.owner.kind in _KINDS | {""} or "images" in keys


def _is_flux_kustomization(document: Document) -> bool:
    return document.group == _FLUX_GROUP and document.owner.kind == "Kustomization"


def _is_image_transformer(document: Document) -> bool:
    return document.owner.kind == _TRANSFORMER and not document.group


def _find(document: Document) -> Iterator[Finding]:
    return found_along(document, _RULES)


def _find_in_flux(document: Document) -> Iterator[Finding]:
    return found_along(document, _FLUX_RULES)


def _find_in_transformer(document: Document) -> Iterator[Finding]:
    return found_along(document, _TRANSFORMER_RULES)


_EXAMPLE: Final = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [deployment.yaml]
images:
  - name: app
    newName: ghcr.io/acme/app
    newTag: 1.9.0
"""

_FLUX_EXAMPLE: Final = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec:
  path: ./deploy
  images:
    - name: ghcr.io/acme/app
      newTag: 1.9.0
"""

_TRANSFORMER_EXAMPLE: Final = """\
apiVersion: builtin
kind: ImageTagTransformer
metadata: {name: shop}
imageTag:
  name: ghcr.io/acme/app
  newTag: 1.9.0
"""

LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout(
        title="Flux Kustomization",
        where=(
            "`spec.images[]`: `newName` (or else `name`) with `newTag` and `digest`",
            "`spec.patches[].patch`: objects in the text of a patch; edited only with a marker",
        ),
        example=_FLUX_EXAMPLE,
        fits=_is_flux_kustomization,
        find=_find_in_flux,
    ),
    Layout(
        title="Kustomization",
        where=(
            "any `Kustomization` or `Component` of kustomize, and any file of a name that kustomize looks for",
            "`images[]`: `newName` (or else `name`) with `newTag` and `digest`; only reported where both are missing",
            "`helmCharts[].valuesInline`: as Helm values",
            "`patches[].patch`, `patchesStrategicMerge[]`: objects in the text of a patch; edited only with a marker",
        ),
        example=_EXAMPLE,
        fits=_is_kustomization,
        find=_find,
    ),
    # sigs.k8s.io/kustomize/api/builtins, ImageTagTransformerPlugin.
    Layout(
        title="Kustomize: ImageTagTransformer",
        where=("`imageTag`: `newName` (or else `name`) with `newTag` and `digest`",),
        example=_TRANSFORMER_EXAMPLE,
        fits=_is_image_transformer,
        find=_find_in_transformer,
    ),
)
