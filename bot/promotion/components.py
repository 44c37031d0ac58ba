"""What a component is called: its name as written, and the names that its package URL tells."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from packageurl import PackageURL


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
    """Give what a component may be called in a criterion: its name, `group/name`, and both as its URL has them."""
    grouped = (f"{group}/{name}",) if group else ()
    key = key_of(purl) if purl else PackageKey("", "", "", "")
    if not key.type:
        return (name, *grouped)
    whole = f"{key.namespace}/{key.name}" if key.namespace else key.name
    return tuple(dict.fromkeys((name, *grouped, key.name, whole)))
