"""The objects of Kubernetes that run nothing: files in ConfigMaps, and those in which no image is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.fields import followed
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.walking import Steps, walk
from bot.manifests.places import Inside
from bot.manifests.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.places import Finding

# The kinds of core/v1 that neither run pods nor hold files. Kubernetes API reference.
_CORE_KINDS: Final = frozenset(
    {
        "Binding",
        "ComponentStatus",
        "Endpoints",
        "Event",
        "LimitRange",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "ResourceQuota",
        "Secret",
        "Service",
        "ServiceAccount",
    }
)
# The API groups of Kubernetes itself. Of their kinds, those that run pods have rows in the table of layouts.
_OWN_GROUPS: Final = frozenset(
    {
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
        "storagemigration.k8s.io",
    }
)
_LITERAL: Final = "|"
_DATA: Final = Steps.along("data.*")
_EXAMPLE: Final = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  pod.yaml: |
    kind: Pod
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/app:1.9.0
"""


def holds_no_images(document: Document) -> bool:
    """Tell whether a document is an object of Kubernetes in which no image is looked for.

    What looks like an image in there is none that anything runs: the selector of a Service, an example in the schema
    of a CustomResourceDefinition, whatever a Secret keeps.
    """
    kind, group = document.owner.kind, document.group
    return group in _OWN_GROUPS or (not group and (kind in _CORE_KINDS or kind == "CustomResourceDefinition"))


def _is_config_map(document: Document) -> bool:
    return document.owner.kind == "ConfigMap" and not document.group


def _files(document: Document) -> Iterator[Finding]:
    reached, notes = walk(document.root, _DATA, document.way)
    yield from notes
    for node, way, _ in reached:
        target = followed(node)
        if isinstance(target, Scalar) and (target.style == _LITERAL or "\n" in target.value):
            yield Inside(document.owner, way, target)


LAYOUTS: Final = (
    Layout(
        "ConfigMap",
        ("`data.*`, where a file of YAML stands in a literal block (`|`): reported, and edited only with a marker",),
        _EXAMPLE,
        _is_config_map,
        _files,
    ),
)
