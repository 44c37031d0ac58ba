"""What a component is called: its name as written, and the names that its package URL tells."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from packageurl import PackageURL

# Maven's naming conventions; a name that begins with a digit would be a version, as in `debian:12`.
_COORDINATES: Final = re.compile(r"([A-Za-z0-9_.-]+):([A-Za-z_][A-Za-z0-9_.-]*)")


class PackageKey(NamedTuple):
    """Which package, however its URL is qualified. `type` and `namespace` are "" where only name@version is known."""

    type: str
    namespace: str
    name: str
    version: str

    def __str__(self) -> str:
        """Write it as people do: group/name@version."""
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{name}@{self.version}" if self.version else name


@lru_cache(maxsize=20_000)  # reports on one image, and its platforms, name the same packages
def key_of(text: str) -> PackageKey:
    """Read a package URL, or what stands for one: `name@version`. A URL that cannot be read is a name, as it stands."""
    if text.startswith("pkg:"):
        try:
            found = PackageURL.from_string(text)
        except ValueError:
            return PackageKey("", "", text, "")
        return PackageKey(found.type, found.namespace or "", found.name, found.version or "")
    name, at, version = text.rpartition("@")
    return PackageKey("", "", name, version) if at and name else PackageKey("", "", text, "")


def names_of(name: str, purl: str, group: str = "") -> tuple[str, ...]:
    """Give what a component may be called in a criterion: its name, `group/name`, and both as its URL has them.

    Where tools write Maven's `group:artifact` as a name, it is those two.
    """
    coordinates = _COORDINATES.fullmatch(name)
    of_maven = (coordinates[2], f"{coordinates[1]}/{coordinates[2]}") if coordinates else ()
    grouped = (f"{group}/{name}", *of_maven) if group else of_maven
    key = key_of(purl) if purl else PackageKey("", "", "", "")
    if not key.type:
        return (name, *grouped)
    whole = f"{key.namespace}/{key.name}" if key.namespace else key.name
    return tuple(dict.fromkeys((name, *grouped, key.name, whole)))
