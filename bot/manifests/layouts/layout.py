"""What a layout is: which documents it fits, and where images stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Mapping, Node


class Document(NamedTuple):
    """The root of one document (or an item of a `List`), read as far as it takes to tell what it is.

    `path` is the file's path in the repository, `group` the part of `apiVersion` before the slash ("" for core/v1 and
    for none), `way` the field path of the object in its file ("" or "items[0]").
    """

    path: str
    root: Mapping
    values: dict[str, Node]
    owner: Owner
    group: str
    way: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One row of the table of what is understood.

    `title` names the files or objects as their users do ("Argo CD Application"), `where` lists in Markdown where the
    images stand in them (for docs/manifests.md), `example` is a small file of it with one image. The first layout of
    the table that `fits` finds the images.
    """

    title: str
    where: tuple[str, ...]
    example: str
    fits: Callable[[Document], bool]
    find: Callable[[Document], Iterator[Finding]]
