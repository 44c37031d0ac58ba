"""A value in a manifest as rules see it: there, absent, or not to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.plain_values import is_tagged_null, number_of, truth_of
from bot.manifests.fields import fields, followed, is_null, line_of
from bot.manifests.tree import Mapping, Scalar, Sequence
from bot.manifests.ways import below, element

if TYPE_CHECKING:
    from bot.manifests.reading import ReadDocument
    from bot.manifests.tree import Node

_RESIDUES: Final = ("{{", "${", "$(")


class View:
    """A value, and its way in the document ("spec.containers[0].image").

    `node` is None where nothing stands there, or null. `is_doubtful`: what stands there cannot be told, because a key
    stands twice, something else than a mapping is where one belongs, or a template is to fill it in.
    """

    __slots__ = ("_found", "document", "is_doubtful", "node", "way")

    def __init__(self, document: ReadDocument, node: Node | None, way: str, *, is_doubtful: bool = False) -> None:
        self.document = document
        target = followed(node)
        self.node = None if is_null(target) or (isinstance(target, Scalar) and is_tagged_null(target)) else target
        self.way = way
        self.is_doubtful = is_doubtful
        # Every rule asks for the same few values.
        self._found: dict[str, View] = {}

    def at(self, *keys: str) -> View:
        """Give the value below some keys. Raises Unreadable where merges are chained deeper than anybody writes."""
        found = self
        for key in keys:
            known = found._found.get(key)
            if known is None:
                known = found._found[key] = found._below(key)
            found = known
        return found

    def _below(self, key: str) -> View:
        way = below(self.way, key)
        if self.node is None or not isinstance(self.node, Mapping):
            return View(self.document, None, way, is_doubtful=self.is_doubtful or self.node is not None)
        values, twice = fields(self.node)
        is_doubtful = key in twice or "<<" in twice or (key not in values and self.is_template)
        return View(self.document, values.get(key), way, is_doubtful=is_doubtful)

    def elements(self) -> list[View]:
        """Give the elements of a sequence; nothing for anything else."""
        if not isinstance(self.node, Sequence):
            return []
        return [View(self.document, each, element(self.way, index)) for index, each in enumerate(self.node.children)]

    def keys(self) -> list[str]:
        """Give the keys of a mapping, merged ones too; nothing for anything else."""
        return list(fields(self.node).values) if isinstance(self.node, Mapping) else []

    @property
    def is_absent(self) -> bool:
        """Whether certainly nothing stands there, or null."""
        return self.node is None and not self.is_doubtful

    @property
    def is_there(self) -> bool:
        """Whether something stands there."""
        return self.node is not None

    @property
    def is_mapping(self) -> bool:
        """Whether a mapping stands there."""
        return isinstance(self.node, Mapping)

    @property
    def is_template(self) -> bool:
        """Whether an unquoted `{{ ... }}` stands there, which reads as a mapping whose key is a mapping."""
        node = self.node
        return isinstance(node, Mapping) and bool(node.children) and isinstance(node.children[0], Mapping)

    @property
    def is_list(self) -> bool:
        """Whether a sequence stands there."""
        return isinstance(self.node, Sequence)

    @property
    def text(self) -> str:
        """The text of a scalar, "" for anything else."""
        return str(self.node.value) if isinstance(self.node, Scalar) else ""

    @property
    def is_residue(self) -> bool:
        """Whether a template or a substitution is to fill the text in: `${VERSION}`, `{{ .tag }}`, `$(TAG)`."""
        return any(residue in self.text for residue in _RESIDUES)

    @property
    def is_true(self) -> bool:
        """Whether a scalar says true, as Kubernetes reads it."""
        return isinstance(self.node, Scalar) and truth_of(self.node) is True

    @property
    def is_false(self) -> bool:
        """Whether a scalar says false, as Kubernetes reads it."""
        return isinstance(self.node, Scalar) and truth_of(self.node) is False

    @property
    def number(self) -> int | None:
        """The whole number that a scalar says, as Kubernetes reads it; None for anything else."""
        return number_of(self.node) if isinstance(self.node, Scalar) else None

    @property
    def line(self) -> int:
        """The line of the file on which the value begins, from 1; 0 where nothing stands."""
        return 0 if self.node is None else self.document.stretch.line_in_file(line_of(self.node))

    @property
    def end_line(self) -> int:
        """The line on which a scalar ends; of anything else the one on which it begins."""
        if not isinstance(self.node, Scalar) or self.node.end_mark is None:
            return self.line
        mark = self.node.end_mark
        last = mark.line + 1 if mark.column else mark.line
        return max(self.line, self.document.stretch.line_in_file(int(last)))
