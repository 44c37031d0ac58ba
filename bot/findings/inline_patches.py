"""Patches that kustomizations hold as texts, read as documents of their own."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from bot.findings.image_places import KUSTOMIZATIONS
from bot.findings.view import View
from bot.manifests.inner_text import Unplaced, inner_text
from bot.manifests.parsing import roots_of
from bot.manifests.reading import ReadDocument
from bot.manifests.tree import Budget, Scalar, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.reading import Reading
    from bot.manifests.source import Stretch

# Flux, Kustomization: `spec.patches` is what kustomize takes.
_FLUX: Final = b"kustomize.toolkit.fluxcd.io/"
_MOST: Final = 1_000


class InlinePatch(NamedTuple):
    """A patch, the way to its text ("patches[0].patch"), and the text's documents. Nothing in it can be edited."""

    way: str
    document: ReadDocument


def inline_patches(reading: Reading, path: str, content: bytes) -> Iterator[InlinePatch]:
    """Give the patches that a file holds as texts, a thousand at most; what cannot be read is left out."""
    if path.rpartition("/")[2] not in KUSTOMIZATIONS and _FLUX not in content:
        return
    budget = Budget()
    for view in islice(_texts(reading), _MOST):
        assert isinstance(view.node, Scalar)
        outer = view.document.stretch
        text = inner_text(view.node, outer, content) or Unplaced(view.node, outer)
        try:
            # It tells lines as a stretch does, and nobody asks it for bytes: what a patch leaves out is not mended.
            yield InlinePatch(
                view.way, ReadDocument(cast("Stretch", text), view.document.number, roots_of(text, budget))
            )
        except Unreadable:
            continue


def _texts(reading: Reading) -> Iterator[View]:
    for document in reading.documents:
        for root in document.roots:
            try:
                yield from [each for each in _values(View(document, root, "")) if isinstance(each.node, Scalar)]
            except Unreadable:
                continue


def _values(root: View) -> Iterator[View]:
    for holder in (root, root.at("spec")):
        for key in ("patches", "patchesJson6902"):
            yield from (each.at("patch") for each in holder.at(key).elements())
        yield from (each for each in holder.at("patchesStrategicMerge").elements() if "\n" in each.text)
