"""Images whose parts are keys side by side that begin alike: `image` and `tag`, `webImageName` and `webImageTag`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.occurrences import Part
from bot.manifests.structure.image_maps import PINNED, apart, has_host, is_name, is_told, text
from bot.manifests.structure.pins import is_digest_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.manifests.structure.image_maps import Claim
    from bot.manifests.tree import Node

_SEPARATORS: Final = str.maketrans("", "", "_-.")
_IMAGE: Final = "image"
_NAMES: Final = ("name", "repository", "repo")
# Where a digest may stand that the image is not read with.
_OTHER_DIGESTS: Final = ("hash", "checksum", "genericdigest")
# How keys end that begin with "image" and hold something about images.
_NO_IMAGES: Final = (
    *("tag", "digest", "version", "registry", "repository", "name", "id", "hash", "ref"),
    *("policy", "secret", "secrets", "dir", "path", "file", "url", "uri", "host", "address", "server", "port"),
)

# How a key ends that names an image, in lower case: `image`, `imageName`, `image_repository`, ...
NAME_ENDINGS: Final = (_IMAGE, *(f"{_IMAGE}{separator}{name}" for separator in ("", "_", "-", ".") for name in _NAMES))


class Siblings:
    """The keys of one mapping, found whatever their case and the separators between their words."""

    def __init__(self, values: Mapping[str, Node]) -> None:
        self._values = values
        self._written: dict[str, str] = {}
        for key in values:
            self._written.setdefault(_plain(key), key)

    def beside(self, key: str, taken: set[str]) -> Claim | None:
        """Read the name in the field `key` and the tag beside it as an image; None where one of them is missing.

        To `webImage` and `webImageName` belong `webImageTag` and `webTag`, to `image` belong `imageTag` and `tag`, and
        so with the digest and the registry, which Istio calls `hub`. `taken` are keys of other images.
        """
        stem = _stem(key)
        short = stem.removesuffix(_IMAGE)
        tags = self._keys(taken, f"{stem}tag", f"{short}tag", f"{stem}version")
        digests = self._keys(taken, f"{stem}digest", f"{short}digest")
        pins = self._keys(taken, *(f"{each}{pin}" for each in (stem, short) for pin in ("sha256", "sha")))
        if not is_told(self._values, tags, digests, pins) or not is_name(text(self._values[key])):
            return None
        hub = () if has_host(text(self._values[key])) else (f"{short}hub",)
        registries = self._keys(set(), f"{stem}registry", f"{short}registry", *hub)
        claim = apart(self._values, key, {Part.REGISTRY: registries, Part.TAG: tags, Part.DIGEST: digests}, pins)
        others = self._keys(taken, *(f"{each}{other}" for each in (stem, short) for other in _OTHER_DIGESTS))
        return claim._replace(obstacle=PINNED) if is_digest_at(self._values, others) else claim

    def _keys(self, taken: set[str], *plain: str) -> list[str]:
        keys = (self._written.get(each) for each in plain)
        return [key for key in keys if key is not None and key not in taken]


def names_image(key: str) -> bool:
    """Tell whether a key says that its value is an image, or the name of one."""
    return key.lower().endswith(NAME_ENDINGS) or _is_default(key)


def begins_as_image(key: str) -> bool:
    """Tell whether a key may be that of an image because it begins so: `imageK8S`, but not `imageTag`."""
    plain = _plain(key)
    return plain.startswith(_IMAGE) and not plain.endswith(_NO_IMAGES)


def _is_default(key: str) -> bool:
    """Tell whether a key is that of a repository as Airflow's chart writes it: `defaultAirflowRepository`."""
    return key.startswith("default") and key.endswith("Repository")


def _plain(key: str) -> str:
    return key.lower().translate(_SEPARATORS)


def _stem(key: str) -> str:
    """Give what the keys of an image have in common, up to the word "image"."""
    plain = _plain(key)
    if _is_default(key):
        return plain.removesuffix("repository")
    for name in _NAMES:
        if plain.endswith(_IMAGE + name):
            return plain.removesuffix(name)
    return plain
