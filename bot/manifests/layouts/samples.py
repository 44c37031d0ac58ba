"""Small objects with one image, written for the documentation from the way to the image."""

from __future__ import annotations

import re
from typing import Final

IMAGE: Final = "ghcr.io/acme/app:1.0.0"
_STEP: Final = re.compile(r"(?P<key>[^.*[\]]+|\*)(?P<elements>(?:\[])*)")


def sample(kind: str, version: str, way: str) -> str:
    """Write an object of a kind whose only image stands at the end of `way` ("spec.containers[].image").

    The innermost element of a list on the way is named `app`, and a `*` on the way is the key `worker`.
    """
    steps = [(step["key"].replace("*", "worker"), step["elements"].count("[]")) for step in _STEP.finditer(way)]
    lists = [index for index, (_, elements) in enumerate(steps) if elements]
    lines = [f"apiVersion: {version}", f"kind: {kind}", "metadata:", "  name: shop"]
    indent, dashes = "", ""
    for index, (key, elements) in enumerate(steps[:-1]):
        lines.append(f"{indent}{dashes}{key}:")
        indent += "  " * (1 + len(dashes) // 2)
        dashes = "- " * elements
        if lists and index == lists[-1]:
            lines.append(f"{indent}{dashes}name: app")
            indent, dashes = indent + " " * len(dashes), ""
    lines.append(f"{indent}{dashes}{steps[-1][0]}: {IMAGE}")
    return "\n".join(lines) + "\n"
