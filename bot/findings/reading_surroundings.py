"""Read what a file says of objects in others: service accounts, scalers, kustomizations, and what may be a patch."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.findings.kustomizations import ANY, Kustomization, KustomizedImage, Patch
from bot.findings.reading_patches import patches_in_file, patches_in_text
from bot.findings.surroundings import Scaler, ServiceAccount, Surroundings
from bot.findings.view import View
from bot.manifests.hidden_words import may_hide_words
from bot.manifests.layouts.layout import Document
from bot.manifests.layouts.objects import objects_in
from bot.manifests.reading import read
from bot.manifests.tree import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

# The kind, but none of the keys that begin with the same word: those stand in many manifests.
_TRACES: Final = re.compile(rb"ServiceAccount(?![A-Za-z])|scaleTargetRef")
_KUSTOMIZATIONS: Final = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_REMOTE: Final = re.compile(r"[^/@]+@[^/:]+:|.*\.git\Z", re.DOTALL)
_MOST: Final = 1_000


def surroundings_of(path: str, content: bytes) -> Surroundings:
    """Read what one file says about objects of others. A file that cannot be read says nothing."""
    is_kustomization = path.rpartition("/")[2] in _KUSTOMIZATIONS
    patches = () if is_kustomization else patches_in_file(path, content)
    if not is_kustomization and not _is_wanted(content):
        return Surroundings(patches=patches)
    found = _Found(path)
    for document in read(path, content, _is_anything if is_kustomization else _is_wanted).documents:
        for root in document.roots:
            try:
                for each in objects_in(root, path):
                    if isinstance(each, Document):
                        found.take(each, View(document, each.root, each.way))
            except Unreadable:
                continue
    return replace(found.surroundings(), patches=patches)


def _is_wanted(yaml: bytes) -> bool:
    return _TRACES.search(yaml) is not None or may_hide_words(yaml)


def _is_anything(_yaml: bytes) -> bool:
    return True


class _Found:
    """What was found in one file so far, at most a thousand of each."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._accounts: list[ServiceAccount] = []
        self._scalers: list[Scaler] = []
        self._kustomizations: list[Kustomization] = []

    def take(self, document: Document, view: View) -> None:
        kind, group = document.owner.kind, document.group
        if kind == "ServiceAccount" and not group:
            self._accounts.append(_account(document, view))
        elif view.at("spec", "scaleTargetRef").is_mapping:
            self._scalers.append(_scaler(document, view.at("spec", "scaleTargetRef")))
        elif self._path.rpartition("/")[2] in _KUSTOMIZATIONS and (group or "kustomize.config.k8s.io").startswith(
            "kustomize.config.k8s.io"
        ):
            self._kustomizations.append(_kustomization(self._path, view))

    def surroundings(self) -> Surroundings:
        return Surroundings(
            tuple(self._accounts[:_MOST]), tuple(self._scalers[:_MOST]), tuple(self._kustomizations[:_MOST])
        )


def _account(document: Document, view: View) -> ServiceAccount:
    names = (each.at("name").text for each in view.at("imagePullSecrets").elements())
    mounts = view.at("automountServiceAccountToken")
    automounts = True if mounts.is_true else False if mounts.is_false else None
    return ServiceAccount(document.owner.namespace, document.owner.name, tuple(filter(None, names)), automounts)


def _scaler(document: Document, target: View) -> Scaler:
    """Read a target; ScaledObject of KEDA means a Deployment where it names no kind."""
    return Scaler(document.owner.namespace, target.at("kind").text or "Deployment", target.at("name").text)


def _kustomization(path: str, view: View) -> Kustomization:
    folder = posixpath.dirname(path)
    taken = (each.text for key in ("resources", "bases", "components") for each in view.at(key).elements())
    return Kustomization(
        folder,
        tuple(_placed(folder, each) for each in taken if _is_local(each))[:_MOST],
        tuple(_patches(folder, view))[:_MOST],
        tuple(_image(each) for each in view.at("images").elements())[:_MOST],
        tuple(each.at("name").text for each in view.at("replicas").elements())[:_MOST],
        is_component=view.at("kind").text == "Component",
        renames=any(not view.at(key).is_absent for key in ("namePrefix", "nameSuffix")),
    )


def _patches(folder: str, view: View) -> Iterator[Patch]:
    """Give the patches of a kustomization: those in files by their paths, others by what they say."""
    for key in ("patches", "patchesJson6902"):
        for each in view.at(key).elements():
            kind, name = _target(each.at("target"))
            if each.at("path").text:
                yield Patch(_placed(folder, each.at("path").text), kind, name)
            yield from patches_in_text(each.at("patch").text, kind, name)
    for each in view.at("patchesStrategicMerge").elements():
        if "\n" in each.text:
            yield from patches_in_text(each.text, "", "")
        elif each.text:
            yield Patch(_placed(folder, each.text))


def _target(target: View) -> tuple[str, str]:
    """Read kind and name of a target, "*" for what it leaves open; "" where there is no target."""
    if target.is_absent:
        return "", ""
    return target.at("kind").text or ANY, target.at("name").text or ANY


def _image(view: View) -> KustomizedImage:
    return KustomizedImage(
        view.at("name").text, view.at("newName").text, view.at("newTag").text, view.at("digest").text
    )


def _is_local(path: str) -> bool:
    is_here = "://" not in path and "?" not in path and not path.startswith("/")
    return bool(path) and is_here and _REMOTE.match(path) is None


def _placed(folder: str, path: str) -> str:
    placed = posixpath.normpath(posixpath.join(folder, path))
    return "" if placed == "." else placed
