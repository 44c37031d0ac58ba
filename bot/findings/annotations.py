"""Annotations in manifests by which the findings of a rule are put up with: `ignore.niro.bot/<rule>: <reason>`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.view import View
from bot.manifests.hidden_words import may_hide_words
from bot.manifests.layouts import workloads_in
from bot.manifests.layouts.layout import Document
from bot.manifests.layouts.objects import objects_in
from bot.manifests.reading import read
from bot.manifests.tree import Unreadable
from bot.policies.rules import RULES_BY_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.places import Owner
    from bot.manifests.reading import ReadDocument
    from bot.manifests.tree import Node

PREFIX: Final = "ignore.niro.bot/"
_TRACE: Final = PREFIX.encode()
_MOST: Final = 1_000
_LONGEST_REASON: Final = 500
_STEP: Final = re.compile(r"([A-Za-z0-9_/-]+)|\[(\d+)\]")


class Annotated(NamedTuple):
    """An object, "" for what it does not say of itself, and the rule that an annotation of it names."""

    kind: str
    namespace: str
    name: str
    rule: str

    @property
    def is_known(self) -> bool:
        """Whether there is a rule of this name."""
        return self.rule in RULES_BY_ID


def annotations_of(path: str, content: bytes) -> dict[Annotated, str]:
    """Read the annotations of a file that are about rules, each with its reason, "" where it gives none.

    They stand among the annotations of an object, or of the template of its pods, and are about the whole object.
    Where several objects of a file have the same kind, namespace and name, what counts is what all of them say. Never
    raises for what a file holds; at most a thousand are read.
    """
    if _TRACE not in content and not may_hide_words(content):
        return {}
    found: dict[Owner, list[dict[str, str]]] = {}
    for document in read(path, content, lambda _yaml: True).documents:
        for root in document.roots:
            try:
                for owner, view, templates in _objects(document, root, path):
                    found.setdefault(owner, []).append(_said(view, templates))
            except Unreadable:
                continue
    agreed = ((owner, _agreed(said)) for owner, said in found.items())
    listed = [(Annotated(*owner, rule), reason) for owner, said in agreed for rule, reason in said.items()]
    return dict(listed[:_MOST])


def _objects(document: ReadDocument, root: Node | None, path: str) -> Iterator[tuple[Owner, View, list[View]]]:
    """Give the objects of a document that say what they are, each with the templates of its pods."""
    specs = {each.way: [spec.way for spec in each.pod_specs] for each in workloads_in(root, path)}
    for each in objects_in(root, path):
        if isinstance(each, Document) and each.owner.kind:
            view = View(document, each.root, each.way)
            yield each.owner, view, [_template(view, way) for way in specs.get(each.way, [])]


def _template(view: View, way: str) -> View:
    """Give what holds the pod spec at the end of a way: the template of a pod, or the object itself."""
    for key, index in _STEP.findall(way.removeprefix(view.way).rpartition(".")[0]):
        elements = view.elements()
        view = view.at(key) if key else elements[int(index)] if int(index) < len(elements) else view.at("")
    return view


def _said(view: View, templates: list[View]) -> dict[str, str]:
    """Give the reasons by rule. Where an object and its template give one, the object's counts."""
    said: dict[str, str] = {}
    for holder in (view, *templates):
        written = holder.at("metadata", "annotations")
        keys = written.keys()
        for key in keys:
            if key.startswith(PREFIX):
                rule, reason = key.removeprefix(PREFIX), " ".join(written.at(key).text.split())
                said[rule] = said.get(rule) or reason[:_LONGEST_REASON]
    return said


def _agreed(several: list[dict[str, str]]) -> dict[str, str]:
    """Keep what all of some objects of one name say, with the reason of the first."""
    first, *rest = several
    return {
        rule: reason if all(rule in other and other[rule] for other in rest) else ""
        for rule, reason in first.items()
        if all(rule in other for other in rest)
    }
