"""Builders of manifests: a test writes only the keys that it is about, in YAML, at the place they belong to."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

from bot.findings import Known, check
from bot.policies.findings import settings_of
from bot.policies.rules import RULES_BY_ID, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.findings import Finding
    from bot.policies.findings import OptionValue

# What stands above the pod spec, and how far the pod spec is indented.
_FRAMES = {
    "Pod": ("apiVersion: v1\n", "spec:\n", 2),
    "Deployment": ("apiVersion: apps/v1\n", "  template:\n    spec:\n", 6),
    "StatefulSet": ("apiVersion: apps/v1\n", "  template:\n    spec:\n", 6),
    "DaemonSet": ("apiVersion: apps/v1\n", "  template:\n    spec:\n", 6),
    "ReplicaSet": ("apiVersion: apps/v1\n", "  template:\n    spec:\n", 6),
    "ReplicationController": ("apiVersion: v1\n", "  template:\n    spec:\n", 6),
    "DeploymentConfig": ("apiVersion: apps.openshift.io/v1\n", "  template:\n    spec:\n", 6),
    "Rollout": ("apiVersion: argoproj.io/v1alpha1\n", "  template:\n    spec:\n", 6),
    "CloneSet": ("apiVersion: apps.kruise.io/v1alpha1\n", "  template:\n    spec:\n", 6),
    "Job": ("apiVersion: batch/v1\n", "  template:\n    spec:\n", 6),
    "CronJob": ("apiVersion: batch/v1\n", "  jobTemplate:\n    spec:\n      template:\n        spec:\n", 10),
    "ScaledJob": ("apiVersion: keda.sh/v1alpha1\n", "  jobTargetRef:\n    template:\n      spec:\n", 8),
    "PodTemplate": ("apiVersion: v1\n", "template:\n  spec:\n", 4),
    "Service": ("apiVersion: serving.knative.dev/v1\n", "  template:\n    spec:\n", 6),
}
_SELECTOR = "selector: {matchLabels: {app: web}}"


def container(keys: str = "", *, name: str = "app", image: str = "ghcr.io/acme/app:1.4.2") -> str:
    """Write one element of a list of containers."""
    said = f"name: {name}\nimage: {image}\n{dedent(keys).strip()}".strip()
    return f"- {indent(said, '  ').strip()}\n"


def manifest(
    keys: str = "",
    *,
    kind: str = "Pod",
    pod: str = "",
    spec: str = _SELECTOR,
    init: str = "",
    ephemeral: str = "",
    more: str = "",
    metadata: str = "{name: web, namespace: shop}",
) -> str:
    """Write a manifest of one container with some keys.

    `pod` are keys of the pod spec, `spec` of the spec above it (where the kind has one), `init`, `ephemeral` and `more`
    further containers as `container` writes them.
    """
    version, way, depth = _FRAMES[kind]
    head = f"{version}kind: {kind}\nmetadata: {metadata}\n"
    if kind not in {"Pod", "PodTemplate"}:
        head += "spec:\n" + indent(dedent(spec).strip() + "\n", "  ") if spec.strip() else "spec:\n"
    lists = {"initContainers": init, "ephemeralContainers": ephemeral, "containers": container(keys) + more}
    inner = dedent(pod).strip() + "\n" if pod.strip() else ""
    inner += "".join(f"{name}:\n{indent(listed, '  ')}" for name, listed in lists.items() if listed)
    return head + way + indent(inner, " " * depth)


def findings(
    rule: str,
    text: str,
    *,
    others: Mapping[str, str] | None = None,
    path: str = "app/web.yaml",
    **options: OptionValue,
) -> list[Finding]:
    """Ask one rule about one manifest, with the `others` of its repository beside it.

    `options` are those of the rule, `-` written as `_`.
    """
    settings = settings_of(RULES_BY_ID[rule])
    given = {**dict(settings.options), **{name.replace("_", "-"): value for name, value in options.items()}}
    files = {path: text, **(others or {})}
    found = check(
        {name: content.encode() for name, content in files.items()},
        {rule: type(settings)(Severity.MEDIUM, (), tuple(given.items()))},
        (),
        Known(),
    )
    return [each for each in found if each.path == path]


def containers(rule: str, text: str, **more: object) -> list[str]:
    """Name the containers of which one rule finds something in one manifest, in the order of the file."""
    return [each.container for each in findings(rule, text, **more)]  # type: ignore[arg-type]


def line_with(text: str, part: str) -> int:
    """Tell the number of the first line that holds some text, from 1."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)
