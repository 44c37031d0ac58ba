"""A row of the table that is about kinds of Kubernetes objects: which ones, and the ways to their images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, line_of, text_of
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.samples import sample
from bot.manifests.layouts.walking import Steps, walk
from bot.manifests.occurrences import Part
from bot.manifests.places import Note, Piece, Place
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Node

# Kubernetes API reference, core/v1 PodSpec.
POD_SPEC_IMAGES: Final = (
    "containers[].image",
    "initContainers[].image",
    "ephemeralContainers[].image",
    "volumes[].image.reference",
)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of objects whose images stand at the same ways.

    `versions` are the values of `apiVersion`, today's first; only the API group of each counts. `pod_specs` are the
    ways to pod specs. `images` are ways to images elsewhere, and `held` such ways below each of `holders`. A kind that
    `stands_alone` is one of these also where no API group is written: nothing else has its name. `of` names what brings
    the kinds, for those that Kubernetes lacks.
    """

    kinds: tuple[str, ...]
    versions: tuple[str, ...]
    pod_specs: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    stands_alone: bool = True
    of: str = ""

    def layout(self) -> Layout:
        """Make the row of the table."""
        ways = tuple(self.ways())
        steps, kinds, groups = Steps.along(*ways), frozenset(self.kinds), self.groups()

        def fits(document: Document) -> bool:
            return document.owner.kind in kinds and document.group in groups

        def find(document: Document) -> Iterator[Finding]:
            return _images(document, steps)

        example = sample(self.kinds[0], self.versions[0], ways[0])
        return Layout(self._title(), tuple(self._where()), example, fits, find)

    def groups(self) -> frozenset[str]:
        """Give the API groups that an object of these kinds may name, "" for none."""
        groups = {version.partition("/")[0] if "/" in version else "" for version in self.versions}
        return frozenset(groups | {""} if self.stands_alone else groups)

    def ways(self) -> Iterator[str]:
        """Give the ways to the images, as `Steps` takes them."""
        for holders, images in ((self.pod_specs, POD_SPEC_IMAGES), (self.holders, self.held)):
            yield from (f"{holder}.{image}" for holder in holders for image in images)
        yield from self.images

    def _title(self) -> str:
        kinds = ", ".join(self.kinds)
        return f"{self.of}: {kinds}" if self.of else kinds

    def _where(self) -> Iterator[str]:
        yield from (f"the pod spec at `{way}`" for way in self.pod_specs)
        if self.holders:
            holders, held = (", ".join(f"`{way}`" for way in ways) for ways in (self.holders, self.held))
            yield f"in {holders}: {held}"
        yield from (f"`{way}`" for way in self.images)


def image_at(node: Node, owner: Owner, container: str, way: str) -> Place | Note:
    """Say what stands where the image of a container belongs: the place of one, or a note that it is none."""
    if isinstance(node, Scalar) or (isinstance(node, Alias) and isinstance(node.target, Scalar)):
        return Place(owner, container, way, (Piece(Part.WHOLE, node),))
    if _is_template(node):
        message = "the image of this container is a template, not an image"
        return Note(line_of(node), SkipReason.TEMPLATE, message)
    return Note(line_of(node), SkipReason.NOT_A_TEXT, "the image of this container is not a text")


def _images(document: Document, steps: Steps) -> Iterator[Finding]:
    reached, notes = walk(document.root, steps, document.way)
    yield from notes
    for node, way, listed in reached:
        container = "" if listed is None else text_of(fields(listed).values.get("name"))
        yield image_at(node, document.owner, container, way)


def _is_template(node: Node) -> bool:
    """Tell whether a node is an unquoted `{{ ... }}`, which reads as a mapping whose key is a mapping."""
    return isinstance(node, Mapping) and bool(node.children) and isinstance(node.children[0], Mapping)
