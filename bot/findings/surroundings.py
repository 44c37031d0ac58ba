"""What other files of a repository say about an object: its service account, what scales it, what kustomize changes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator  # noqa: TC003 - the annotations of kept values are read at run time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from bot.findings.view import View
from bot.manifests.layouts.layout import Document
from bot.manifests.layouts.objects import objects_in
from bot.manifests.reading import read
from bot.manifests.tree import Unreadable

# The kind, but none of the keys that begin with the same word: those stand in many manifests.
_TRACES: Final = re.compile(rb"ServiceAccount(?![A-Za-z])|scaleTargetRef")
# What may be a patch: operations as RFC 6902 writes them, or an object that runs pods and does not say which.
_OPERATION: Final = re.compile(rb"""(?:^|[\s{,-])["']?op["']?\s*:""")
_WORKLOAD: Final = re.compile(
    rb"""kind["']?\s*:\s*["']?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|Rollout|CloneSet)\b"""
)
_SELECTOR: Final = re.compile(rb"""\bselector["']?\s*:""")
_LARGEST_PATCH: Final = 256 * 1024
_WORDS: Final = (
    "imagePullPolicy",
    "imagePullSecrets",
    "serviceAccount",
    "automountServiceAccountToken",
    "replicas",
    "resources",
    "readinessProbe",
    "livenessProbe",
    "startupProbe",
    "securityContext",
    "runAsUser",
    "runAsNonRoot",
    "allowPrivilegeEscalation",
    "readOnlyRootFilesystem",
    "capabilities",
    "pullPolicy",
    "image",
)
"""The keys that a patch may change and that rules ask about."""
_KUSTOMIZATIONS: Final = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account. `pull_secrets` are the names that it lists; `automounts` None: it does not say."""

    namespace: str
    name: str
    pull_secrets: tuple[str, ...] = ()
    automounts: bool | None = None


@dataclass(frozen=True, slots=True)
class Scaler:
    """What decides how often a workload runs (an autoscaler of Kubernetes or KEDA): the object that it is about."""

    namespace: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class KustomizedImage:
    """An entry of `images`: the name that manifests write, and which of its parts the entry sets."""

    name: str
    new_name: str = ""
    tag: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Kustomization:
    """What one kustomization takes in and changes.

    `folder` is where it stands ("" is the repository's root); `takes` are the paths of files and folders among its
    resources and components; `is_component`: it is one of these. `patches` are the paths of its files of patches,
    `inline` its other patches as text.
    """

    folder: str
    takes: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    images: tuple[KustomizedImage, ...] = ()
    replicas: tuple[str, ...] = ()
    is_component: bool = False


@dataclass(frozen=True, slots=True)
class PatchFile:
    """A file that may be a patch, and the keys that rules ask about among those that it names."""

    path: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What is known of a repository beside the manifest that is looked at."""

    service_accounts: tuple[ServiceAccount, ...] = ()
    scalers: tuple[Scaler, ...] = ()
    kustomizations: tuple[Kustomization, ...] = ()
    patches: tuple[PatchFile, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.service_accounts or self.scalers or self.kustomizations or self.patches)

    def patches_name(self, path: str, words: Iterable[str]) -> bool:
        """Whether the file of patches at a path may name one of some keys; one that is not known may name any."""
        named = self._words_of.get(path)
        return named is None or not named.isdisjoint(words)

    def accounts(self, namespace: str, name: str) -> list[ServiceAccount]:
        """List the service accounts that may be meant: a namespace that is not written ("") may be any."""
        return [each for each in self._accounts.get(name, ()) if _same(each.namespace, namespace)]

    def scales(self, namespace: str, kind: str, name: str) -> bool:
        """Whether something decides how often a workload runs. A namespace that is not written may be any."""
        return any(_same(each.namespace, namespace) for each in self._scaled.get((kind, name), ()))

    def kustomizing(self, path: str) -> list[Kustomization]:
        """List the kustomizations that take in the file at a path, directly or by others."""
        found = self._reaching.get(path)
        if found is None:
            found = self._reaching[path] = self._reach(path)
        return found

    @property
    def patch_files(self) -> frozenset[str]:
        """The paths of files that kustomizations use as patches."""
        return self._patches

    @cached_property
    def _words_of(self) -> dict[str, frozenset[str]]:
        return {each.path: frozenset(each.words) for each in self.patches}

    @cached_property
    def _patches(self) -> frozenset[str]:
        return frozenset(path for each in self.kustomizations for path in each.patches)

    @cached_property
    def _reaching(self) -> dict[str, list[Kustomization]]:
        """What `kustomizing` found so far: rules ask it about the same file again and again."""
        return {}

    def _components(self, kustomization: Kustomization) -> Iterator[int]:
        """Give the components that a kustomization takes, whose changes reach all that it takes besides."""
        for folder in kustomization.takes:
            yield from (each for each in self._standing.get(folder, ()) if self.kustomizations[each].is_component)

    @cached_property
    def _standing(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, each in enumerate(self.kustomizations):
            found.setdefault(each.folder, []).append(number)
        return found

    @cached_property
    def _taking(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, each in enumerate(self.kustomizations):
            for taken in each.takes:
                found.setdefault(taken, []).append(number)
        return found

    @cached_property
    def _accounts(self) -> dict[str, list[ServiceAccount]]:
        found: dict[str, list[ServiceAccount]] = {}
        for each in self.service_accounts:
            found.setdefault(each.name, []).append(each)
        return found

    @cached_property
    def _scaled(self) -> dict[tuple[str, str], list[Scaler]]:
        found: dict[tuple[str, str], list[Scaler]] = {}
        for each in self.scalers:
            found.setdefault((each.kind, each.name), []).append(each)
        return found

    def _reach(self, path: str) -> list[Kustomization]:
        """Go from a file to the kustomizations that take it in, and from their folders on to those that take these."""
        found: set[int] = set()
        waiting = [path]
        while waiting:
            for number in self._taking.get(waiting.pop(), ()):
                if number not in found:
                    found.add(number)
                    waiting.append(self.kustomizations[number].folder)
                    found.update(self._components(self.kustomizations[number]))
        return [self.kustomizations[number] for number in sorted(found)]


def joined(several: Iterable[Surroundings]) -> Surroundings:
    """Put together what several files say."""
    listed = list(several)
    return Surroundings(
        tuple(account for each in listed for account in each.service_accounts),
        tuple(scaler for each in listed for scaler in each.scalers),
        tuple(kustomization for each in listed for kustomization in each.kustomizations),
        tuple(patch for each in listed for patch in each.patches),
    )


def surroundings_of(path: str, content: bytes) -> Surroundings:
    """Read what one file says about objects of others. A file that cannot be read says nothing."""
    is_kustomization = path.rpartition("/")[2] in _KUSTOMIZATIONS
    patches = () if is_kustomization else _as_patch(path, content)
    if not is_kustomization and _TRACES.search(content) is None:
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


def _as_patch(path: str, content: bytes) -> tuple[PatchFile, ...]:
    """Tell which keys a file names, by its bytes, if it may be a patch; long ones are none."""
    if len(content) > _LARGEST_PATCH:
        return ()
    is_object = _WORKLOAD.search(content) is not None and _SELECTOR.search(content) is None
    if not is_object and _OPERATION.search(content) is None:
        return ()
    return (PatchFile(path, tuple(word for word in _WORDS if word.encode() in content)),)


def _is_wanted(yaml: bytes) -> bool:
    return _TRACES.search(yaml) is not None


def _is_anything(_yaml: bytes) -> bool:
    return True


def _same(first: str, second: str) -> bool:
    return not first or not second or first == second


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
    files, inline = _patches(folder, view)
    return Kustomization(
        folder,
        tuple(_placed(folder, each) for each in taken if _is_local(each))[:_MOST],
        tuple(files)[:_MOST],
        tuple(inline)[:_MOST],
        tuple(_image(each) for each in view.at("images").elements())[:_MOST],
        tuple(each.at("name").text for each in view.at("replicas").elements())[:_MOST],
        is_component=view.at("kind").text == "Component",
    )


def _patches(folder: str, view: View) -> tuple[list[str], list[str]]:
    """Tell the files of patches, and the patches that stand in the kustomization itself."""
    files: list[str] = []
    inline: list[str] = []
    for key in ("patches", "patchesJson6902"):
        for each in view.at(key).elements():
            if each.at("path").text:
                files.append(_placed(folder, each.at("path").text))
            inline += filter(None, [each.at("patch").text])
    for each in view.at("patchesStrategicMerge").elements():
        if "\n" in each.text:
            inline.append(each.text)
        elif each.text:
            files.append(_placed(folder, each.text))
    return files, inline


def _image(view: View) -> KustomizedImage:
    return KustomizedImage(
        view.at("name").text, view.at("newName").text, view.at("newTag").text, view.at("digest").text
    )


def _is_local(path: str) -> bool:
    return bool(path) and "://" not in path and "?" not in path and not path.startswith("/")


def _placed(folder: str, path: str) -> str:
    placed = posixpath.normpath(posixpath.join(folder, path))
    return "" if placed == "." else placed
