"""Builders of files with one image, and one rule that looks at them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.findings import Known, check
from bot.policies import load
from bot.policies.findings import settings_of
from bot.policies.rules import RULES_BY_ID, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.findings import Finding
    from bot.policies import ImagePolicy
    from bot.policies.findings import OptionValue

DIGEST = f"sha256:{'a' * 64}"
_FIELD = r"spec.template.spec.containers[?(@.name==\"web\")].image"
TRIGGERED = f"""{{name: shop, annotations: {{image.openshift.io/triggers: '[{{"fieldPath": "{_FIELD}"}}]'}}}}"""


def found(
    rule: str,
    content: str,
    *,
    path: str = "app.yaml",
    known: Known | None = None,
    others: Mapping[str, str] | None = None,
    options: Mapping[str, OptionValue] | None = None,
) -> list[Finding]:
    """Ask one rule about a file of a repository that holds `others` as well; the findings are those of the file."""
    settings = settings_of(RULES_BY_ID[rule])
    asked = replace(
        settings,
        severity=Severity.HIGH,
        by_environment=(),
        options=tuple({**dict(settings.options), **(options or {})}.items()),
    )
    files = {name: text.encode() for name, text in ({path: content} | dict(others or {})).items()}
    return [each for each in check(files, {rule: asked}, (), known or Known()) if each.path == path]


def image_policy(text: str) -> ImagePolicy:
    """Read a policy from the keys that stand below `images`."""
    return load(f"version: 1\nimages:\n{text}").images[0]


def pod(image: str, *, container: str = "", spec: str = "", name: str = "web") -> str:
    """Write a Pod of one container: keys of the container and of the pod spec as `key: value`, separated by commas."""
    keys = f"name: {name}, image: {image}{f', {container}' if container else ''}"
    return (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n"
        + "".join(f"  {line}\n" for line in spec.splitlines())
        + f"  containers:\n    - {{{keys}}}\n"
    )


def deployment(image: str, *, metadata: str = "{name: shop}", annotations: str = "{}", selector: str = "{}") -> str:
    """Write a Deployment of one container."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {metadata}
spec:
  selector: {{matchLabels: {selector}}}
  template:
    metadata: {{annotations: {annotations}}}
    spec:
      containers:
        - name: web
          image: {image}
"""


def kustomization(*, takes: str = "app.yaml", images: str = "", more: str = "") -> str:
    """Write a kustomization that takes files in, with entries of `images` in flow style."""
    return f"resources: [{takes}]\nimages: [{images}]\n{more}"
