"""Small objects with one image, written for the documentation from the way to the image."""

from __future__ import annotations

import re
from typing import Final

IMAGE: Final = "ghcr.io/acme/app:1.9.0"
_STEP: Final = re.compile(r"(?P<key>[^.*[\]]+|\*)(?P<elements>(?:\[])*)")


def sample(kind: str, version: str, way: str) -> str:
    """Write an object of a kind whose only image stands at the end of `way` ("spec.containers[].image").

    The innermost element of a list on the way is named `app`, and a `*` on the way is the key `worker`.
    """
    steps = [(step["key"].replace("*", "worker"), step["elements"].count("[]")) for step in _STEP.finditer(way)]
    last_list = max((index for index, (_, depth) in enumerate(steps[:-1]) if depth), default=None)
    lines = [f"apiVersion: {version}", f"kind: {kind}", "metadata:", "  name: shop"]
    before = ""
    for index, (key, depth) in enumerate(steps[:-1]):
        lines.append(f"{before}{key}:")
        before = " " * len(before) + "  " + "- " * depth
        if index == last_list:
            lines.append(f"{before}name: app")
            before = " " * len(before)
    key, depth = steps[-1]
    lines += [f"{before}{key}:", f"{' ' * len(before)}  - {IMAGE}"] if depth else [f"{before}{key}: {IMAGE}"]
    return "\n".join(lines) + "\n"
