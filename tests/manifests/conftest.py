"""Builders of manifests for the tests of this room."""

from __future__ import annotations

import pytest

from bot.images import ImageReference
from bot.manifests import Mode, Target

IMAGE = "ghcr.io/acme/app:1.0.0"


@pytest.fixture
def pod():
    """Write a pod whose containers have the given `image:` values, as they stand in the file."""

    def build(*images: str, name: str = "shop") -> bytes:
        lines = ["kind: Pod", f"metadata: {{name: {name}}}", "spec:", "  containers:"]
        for number, image in enumerate(images or (IMAGE,)):
            lines += [f"    - name: c{number}", f"      image: {image}"]
        return ("\n".join(lines) + "\n").encode()

    return build


@pytest.fixture
def target():
    """Make a target with defaults for everything."""

    def build(
        image: str = "ghcr.io/acme/app:2.0.0",
        *,
        policy: str = "app",
        namespace: str = "team",
        current: str | None = None,
        paths: tuple[str, ...] = ("**",),
        mode: Mode | str = Mode.AUTO,
        workflows: bool = False,
    ) -> Target:
        return Target(policy, ImageReference.parse(image), namespace, current, tuple(paths), Mode(mode), workflows)

    return build
