"""Images among parameters that set single values of a chart: `image.repository` and `image.tag`, or `image` alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import fields, followed, line_of, text_of
from bot.manifests.layouts.placing import doubled_among, is_empty, split, whole
from bot.manifests.occurrences import Part
from bot.manifests.places import Note
from bot.manifests.reasons import SkipReason
from bot.manifests.references import reference_in
from bot.manifests.tree import Mapping, Sequence
from bot.manifests.ways import below, element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Node

_IMAGE: Final = "image"
_ADDRESS: Final = "://"
_SEVERAL: Final = "images"
_ONE_OF_IMAGES: Final = re.compile(r".*images\[[0-9]+\]")
_REGISTRY: Final = "registry"
_LONGEST_PREFIX: Final = 200


def parameter_images(node: Node, owner: Owner, way: str) -> Iterator[Finding]:
    """Find the images in a list of parameters, mappings with `name` and `value`.

    Parameters that differ in the last word of their names alone make one image. What is not given here, the chart
    says: a tag without a repository names no image, and a repository without a tag and a digest has none to move.
    """
    parameters = followed(node)
    if isinstance(parameters, Sequence):
        read = _Parameters(parameters)
        yield from read.notes
        yield from read.wholes(owner, way)
        for prefix in read.prefixes():
            yield from read.apart(prefix, owner, way)


class _Parameter(NamedTuple):
    """The value of a parameter and its place in the list, from 0. `again` is the line where its name stands again."""

    place: int
    value: Node
    again: int | None = None


class _Parameters:
    """The parameters of one list, by name."""

    def __init__(self, parameters: Sequence) -> None:
        self.notes: list[Note] = []
        self._named: dict[str, _Parameter] = {}
        for index, each in enumerate(parameters.children):
            parameter = followed(each)
            if isinstance(parameter, Mapping):
                self._take(parameter, index)

    def _take(self, parameter: Mapping, index: int) -> None:
        self.notes += doubled_among(parameter, ("name", "value"))
        values = fields(parameter).values
        name, value = text_of(values.get("name")), values.get("value")
        if value is None:
            return
        known = self._named.get(name)
        self._named[name] = known._replace(again=line_of(value)) if known else _Parameter(index, value)

    def wholes(self, owner: Owner, way: str) -> Iterator[Finding]:
        """Give the parameters that are whole references."""
        for name, parameter in self._named.items():
            if _is_image(name) and _has_tag_or_digest(parameter.value):
                if parameter.again is None:
                    yield whole(parameter.value, owner, below(element(way, parameter.place), "value"))
                else:
                    yield _twice(name, parameter.again)

    def prefixes(self) -> list[str]:
        """List what stands before `tag` or `digest` in the names, in the order of the list."""
        cut = ((name, name.rpartition(".")[2]) for name in self._named)
        return list(dict.fromkeys(name.removesuffix(word) for name, word in cut if word in {"tag", "digest"}))

    def apart(self, prefix: str, owner: Owner, way: str) -> Iterator[Finding]:
        """Give the image whose parts are the parameters with a prefix ("image.")."""
        parts = self._parts(prefix)
        repository, tag, digest = (parts.get(part, "") for part in (Part.NAME, Part.TAG, Part.DIGEST))
        if self._is_empty(repository) or self._is_address(repository) or (not tag and self._is_empty(digest)):
            return
        if self._is_address(parts.get(Part.REGISTRY, "")):
            del parts[Part.REGISTRY]
        twice = [(name, again) for name in parts.values() if (again := self._named[name].again) is not None]
        if twice:
            yield from (_twice(name, again) for name, again in twice)
            return
        named = ((part, f"parameter {_shown(name)}", self._named[name].value) for part, name in parts.items())
        yield split(named, owner, f"{way} ({_shown(prefix[:-1])})" if prefix else way)

    def _parts(self, prefix: str) -> dict[Part, str]:
        """Tell which parameter is which part of the image with a prefix."""
        words = {Part.REGISTRY: "registry", Part.NAME: "repository", Part.TAG: "tag", Part.DIGEST: "digest"}
        if prefix + words[Part.NAME] not in self._named and _IMAGE in prefix.casefold():
            words[Part.NAME] = "name"
        return {part: prefix + word for part, word in words.items() if prefix + word in self._named}

    def _is_address(self, name: str) -> bool:
        """Whether a parameter is an address, as of a repository of git, and so no part of an image."""
        return name in self._named and _ADDRESS in text_of(self._named[name].value)

    def _is_empty(self, name: str) -> bool:
        return name not in self._named or is_empty(self._named[name].value)


def _is_image(name: str) -> bool:
    """Whether a name says that its value is an image, by its last word or by the list or map that this is one of."""
    above, _, last = name.casefold().rpartition(".")
    if last.endswith(_IMAGE) or _ONE_OF_IMAGES.fullmatch(last):
        return True
    return above.endswith(_SEVERAL) and not last.endswith(_REGISTRY)


def _has_tag_or_digest(value: Node) -> bool:
    """Whether a value is a reference that says more than a name; what says less need not be an image."""
    reference = reference_in(text_of(value))
    return reference is not None and bool(reference.tag or reference.digest)


def _twice(name: str, line: int) -> Note:
    return Note(line, SkipReason.DUPLICATE_KEY, f"the parameter {_shown(name)} stands twice in one list")


def _shown(name: str) -> str:
    shown = name if len(name) <= _LONGEST_PREFIX else name[:_LONGEST_PREFIX] + "..."
    return shown if shown.isprintable() else json.dumps(shown)
