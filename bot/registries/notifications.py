"""What a registry's notification says was pushed. A hint: nothing but the name of the image is believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.images import ImageReference, InvalidImageReference

Payload = Mapping[str, Any]


class UnreadableNotification(ValueError):
    """The payload does not look like what this registry sends."""


def images(kind: str, payload: Payload) -> tuple[ImageReference, ...]:
    """Read the images that a notification of `kind` names, without tag or digest.

    Raises UnreadableNotification when the kind is not known or the payload is not of that kind.
    """
    try:
        read = READERS[kind]
    except KeyError:
        raise UnreadableNotification(f"{kind!r} is not a kind of registry hook: {', '.join(READERS)} are") from None
    return tuple(_image(name) for name in read(payload))


def _docker_hub(payload: Payload) -> tuple[str, ...]:
    """https://docs.docker.com/docker-hub/repos/manage/webhooks/: `callback_url` and `repo_url` are never used."""
    repository = payload.get("repository")
    name = repository.get("repo_name") if isinstance(repository, dict) else None
    if not isinstance(name, str):
        raise UnreadableNotification("a Docker Hub hook names its image in repository.repo_name; this one does not")
    return (f"docker.io/{name}",)


READERS: dict[str, Callable[[Payload], tuple[str, ...]]] = {"dockerhub": _docker_hub}
"""One reader for each kind of hook."""


def _image(name: str) -> ImageReference:
    try:
        reference = ImageReference.parse(name.lower())
    except InvalidImageReference as problem:
        raise UnreadableNotification(f"the notification names an image that cannot be: {problem.reason}") from problem
    return reference
