"""What other files of a repository say about an object: its service account, what scales it, what kustomize changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator  # noqa: TC003 - the annotations of kept values are read at run time
from dataclasses import dataclass
from functools import cached_property


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


def _same(first: str, second: str) -> bool:
    return not first or not second or first == second
