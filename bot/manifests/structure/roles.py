"""What a mapping or sequence may be, told by the keys that lead to it."""

from __future__ import annotations

from enum import IntEnum, auto
from typing import Final

from bot.manifests.structure.image_maps import OF_AN_IMAGE, OF_IMAGES, ONE_OF_SEVERAL


class Role(IntEnum):
    """What a mapping or sequence may be."""

    ANYTHING = auto()
    IMAGE = auto()
    """An image in its parts, or a few images by name."""
    IMAGES = auto()
    """Images by name, or a list of them."""
    ONE_OF_IMAGES = auto()
    BELOW_IMAGES = auto()
    """Further down below an image: groups of images, images that belong to it, and much else."""
    CONTAINERS = auto()
    NAMED_CONTAINER = auto()
    """An element of a list of containers: it is one only if it has a name."""
    CONTAINER = auto()
    VOLUMES = auto()
    VOLUME = auto()
    IMAGE_VOLUME = auto()
    """The `image` of a volume: Kubernetes API reference, core/v1 ImageVolumeSource."""


# What a key says of what stands below it.
_KEYS: Final = {
    "container": Role.CONTAINER,
    "containerDisk": Role.CONTAINER,
    "script": Role.CONTAINER,
    "sidecar": Role.CONTAINER,
    "stepTemplate": Role.CONTAINER,
    "steps": Role.CONTAINERS,
    "volumes": Role.VOLUMES,
}
# And its last letters, in lower case: `image`, `webImage`, `WEB_IMAGE`, `extraContainers`.
_ENDINGS: Final = {
    "image": Role.IMAGE,
    "images": Role.IMAGES,
    "containers": Role.CONTAINERS,
    "sidecars": Role.CONTAINERS,
}
# The fields by which a mapping is an object of Kubernetes rather than values.
OBJECT: Final = frozenset({"apiVersion", "kind", "spec"})
_LONGEST_ENDING: Final = max(len(ending) for ending in _ENDINGS)

# Below `images` anything is one of them, but what OpenStack-Helm writes: `images.tags.<name>`.
_TAGS: Final = "tags"

ELEMENTS: Final = {
    Role.IMAGE: Role.ONE_OF_IMAGES,
    Role.IMAGES: Role.ONE_OF_IMAGES,
    Role.ONE_OF_IMAGES: Role.BELOW_IMAGES,
    Role.BELOW_IMAGES: Role.BELOW_IMAGES,
    Role.CONTAINERS: Role.NAMED_CONTAINER,
    Role.VOLUMES: Role.VOLUME,
}
"""What the elements of a sequence are; those of any other may be anything."""
SHAPES: Final = {
    Role.IMAGE: OF_AN_IMAGE,
    Role.ONE_OF_IMAGES: ONE_OF_SEVERAL,
    Role.IMAGES: OF_IMAGES,
    Role.BELOW_IMAGES: OF_IMAGES,
}
"""How an image may be written as the mapping itself."""
HOLD_TEXTS: Final = frozenset({Role.IMAGE, Role.IMAGES})
ARE_CONTAINERS: Final = frozenset({Role.NAMED_CONTAINER, Role.CONTAINER})
TAKE_NAMES: Final = frozenset({Role.IMAGE, Role.IMAGE_VOLUME})
MAY_BE_TEMPLATES: Final = frozenset({Role.IMAGE, Role.ONE_OF_IMAGES})
_BELOW: Final = frozenset({Role.IMAGE, Role.IMAGES, Role.ONE_OF_IMAGES, Role.BELOW_IMAGES})


def holds_entries(role: Role, *, is_image: bool) -> bool:
    """Tell whether the values of a mapping are images by name; `is_image`: the mapping itself is one."""
    return role is Role.IMAGES or (role is Role.IMAGE and not is_image)


def role_below(key: str, above: Role, *, is_image: bool) -> Role:
    """Tell what stands below a key of a mapping; `is_image`: the mapping itself is an image."""
    role = _KEYS.get(key) or _by_ending(key)
    if holds_entries(above, is_image=is_image) and role not in HOLD_TEXTS:
        return Role.IMAGES if key == _TAGS else Role.ONE_OF_IMAGES
    if above in _BELOW and role is Role.ANYTHING:
        return Role.BELOW_IMAGES
    return Role.IMAGE_VOLUME if above is Role.VOLUME and key == "image" else role


def _by_ending(key: str) -> Role:
    last = key[-_LONGEST_ENDING:].lower()
    return next((role for ending, role in _ENDINGS.items() if last.endswith(ending)), Role.ANYTHING)
