"""What kustomizations say: which files they take in, and which objects and images they change."""

from __future__ import annotations

from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True, slots=True)
class KustomizedImage:
    """An entry of `images`: the name that manifests write, and which of its parts the entry sets."""

    name: str
    new_name: str = ""
    tag: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch: the objects that it is about, and what it names in them.

    `path` is the file that holds its text; "" of an entry of a kustomization that holds the text itself. `kind` and
    `name` are those of the object, for an entry as kustomize takes them (`Deployment|StatefulSet`): "*" may be any,
    "" is not said, so that an entry leaves it to the file that it names. `words` are the keys among those that rules
    ask about; `containers` those whose image it sets, by name, "*" any of them.
    """

    path: str = ""
    kind: str = ""
    name: str = ""
    words: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kustomization:
    """What one kustomization takes in and changes.

    `folder` is where it stands ("" is the repository's root); `takes` are the paths of files and folders among its
    resources and components; `is_component`: it is one of these. `renames`: it puts something before or behind names.
    """

    folder: str
    takes: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    images: tuple[KustomizedImage, ...] = ()
    replicas: tuple[str, ...] = ()
    is_component: bool = False
    renames: bool = False
