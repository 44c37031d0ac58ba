"""Which changes of kustomizations reach a file, on every way from it up to what is built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.kustomizations import ANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.findings.kustomizations import Kustomization, KustomizedImage, Patch

# Of a file that more take in nobody can tell all; among so many one that leaves it open is found soon.
_FARTHEST: Final = 64
# `target` holds expressions; these are the plain ones (sigs.k8s.io/kustomize/api/types, Selector).
_ALTERNATIVES: Final = re.compile(r"\^?\(?([A-Za-z0-9._-]+(?:\|[A-Za-z0-9._-]+)*)\)?\$?")
_MOST_ALTERNATIVES: Final = 100
_ACCOUNT: Final = "ServiceAccount"


class Patched(NamedTuple):
    """The object that a patch may be about: its kind, its name, and the service account that its pods run as."""

    kind: str
    name: str
    account: str = ""


class Changes:
    """What one kustomization, with its components, says of objects and images."""

    def __init__(self, several: Sequence[Kustomization], files: Mapping[str, Sequence[Patch]]) -> None:
        self.replicas = frozenset(name for each in several for name in each.replicas)
        self.has_replicas = bool(self.replicas)
        self.images: dict[str, list[KustomizedImage]] = {}
        self._about: dict[str, set[tuple[str, str]]] = {}
        for each in several:
            for image in each.images:
                self.images.setdefault(image.name, []).append(image)
            for patch in each.patches:
                self._take(patch, files)

    def names(self, word: str, patched: Patched, *, is_renamed: bool = False) -> bool:
        """Whether a patch that may be about an object names a key. `is_renamed`: its name may be another by then."""
        return self._is_about(f"key {word}", patched, is_renamed=is_renamed)

    def sets_image(self, container: str, patched: Patched, *, is_renamed: bool = False) -> bool:
        """Whether a patch that stands in the kustomization sets the image of a container of an object."""
        said = (f"image {each}" for each in (container, ANY))
        return any(self._is_about(each, patched, is_renamed=is_renamed) for each in said)

    def _is_about(self, said: str, patched: Patched, *, is_renamed: bool) -> bool:
        about = self._about.get(said)
        if about is None:
            return False
        name = ANY if is_renamed else patched.name
        accounts = {(_ACCOUNT, ANY if is_renamed else patched.account), (_ACCOUNT, "")} if patched.account else set()
        return not about.isdisjoint({(patched.kind, name), (patched.kind, ""), ("", name), ("", ""), *accounts})

    def _take(self, entry: Patch, files: Mapping[str, Sequence[Patch]]) -> None:
        texts = files.get(entry.path, ()) if entry.path else (entry,)
        for text in texts:
            said = [f"key {word}" for word in text.words]
            said += [f"image {each}" for each in entry.containers]
            about = list(_about(entry.kind or text.kind, entry.name or text.name))
            for each in said:
                self._about.setdefault(each, set()).update(about)


class Kustomizing:
    """The kustomizations of a repository, and who takes in whom. `files` are the patches in files of their own."""

    def __init__(self, kustomizations: Sequence[Kustomization], files: Iterable[Patch]) -> None:
        self._all = kustomizations
        self._files: dict[str, list[Patch]] = {}
        for patch in files:
            self._files.setdefault(patch.path, []).append(patch)
        self._taking: dict[str, list[int]] = {}
        self._components: dict[str, list[Kustomization]] = {}
        for number, each in enumerate(kustomizations):
            for taken in dict.fromkeys(each.takes):
                self._taking.setdefault(taken, []).append(number)
            if each.is_component:
                self._components.setdefault(each.folder, []).append(each)
        self._changes: dict[int, Changes] = {}

    def leaves_open(self, path: str, says: Callable[[Changes, bool], bool]) -> bool:
        """Whether something is built from the file or folder at a path by which no kustomization says something.

        `says` is asked of each kustomization on the way, and whether one before it may have renamed objects.
        """
        if path not in self._taking:
            return True
        walk = _Walk(self, path)
        for number, is_renamed in walk:
            if not says(self._of(number), is_renamed):
                if self._all[number].folder not in self._taking:
                    return True
                walk.go_on(number, is_renamed=is_renamed)
        return False

    def says(self, path: str, says: Callable[[Changes, bool], bool]) -> bool:
        """Whether any kustomization that takes in the file or folder at a path says something."""
        walk = _Walk(self, path)
        for number, is_renamed in walk:
            if says(self._of(number), is_renamed):
                return True
            walk.go_on(number, is_renamed=is_renamed)
        return False

    def above(self, path: str) -> list[int]:
        """List the kustomizations that take in a file or a folder themselves, by their numbers."""
        return self._taking.get(path, [])

    def folder_of(self, number: int) -> tuple[str, bool]:
        """Tell where a kustomization stands, and whether it renames what it takes in."""
        return self._all[number].folder, self._all[number].renames

    def _of(self, number: int) -> Changes:
        """Give the changes of a kustomization; what its components change reaches all that it takes besides."""
        found = self._changes.get(number)
        if found is None:
            one = self._all[number]
            taken = [each for folder in one.takes for each in self._components.get(folder, ())]
            found = self._changes[number] = Changes([one, *taken], self._files)
        return found


class _Walk:
    """The way up from a file: each kustomization once, by its number, and whether those below rename objects."""

    def __init__(self, kustomizing: Kustomizing, path: str) -> None:
        self._kustomizing = kustomizing
        self._waiting = [(number, False) for number in kustomizing.above(path)]
        self._seen: set[tuple[int, bool]] = set()

    def __iter__(self) -> Iterator[tuple[int, bool]]:
        while self._waiting and len(self._seen) < _FARTHEST:
            step = self._waiting.pop()
            if step not in self._seen:
                self._seen.add(step)
                yield step

    def go_on(self, number: int, *, is_renamed: bool) -> None:
        folder, renames = self._kustomizing.folder_of(number)
        self._waiting += ((each, is_renamed or renames) for each in self._kustomizing.above(folder))


def _about(kind: str, name: str) -> Iterator[tuple[str, str]]:
    """Give the kinds and names that may be meant: "" is any kind and any name, and a name "*" stands for some name."""
    kinds, names = _alternatives(kind), _alternatives(name)
    if len(kinds) * len(names) > _MOST_ALTERNATIVES:
        kinds = names = [""]
    for each in kinds:
        yield each, ANY
        yield from ((each, name) for name in names)


def _alternatives(text: str) -> list[str]:
    plain = _ALTERNATIVES.fullmatch(text)
    return plain[1].split("|") if plain else [""]
