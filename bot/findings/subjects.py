"""What rules look at: images, containers and pods of a file, each with what it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.findings.inline_patches import inline_patches
from bot.findings.view import View
from bot.manifests.documents import is_definition, is_worth_reading
from bot.manifests.layouts import workloads_in
from bot.manifests.reading import read
from bot.manifests.tree import Unreadable
from bot.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests import Occurrence, Skipped
    from bot.manifests.layouts import PodSpec, Workload
    from bot.manifests.occurrences import Found as FoundImage
    from bot.manifests.places import Owner
    from bot.manifests.reading import ReadDocument, Reading

# Beside images: what a document holds that says something of pods, if only as a patch.
_TRACES: Final = (
    b"ontainers",
    b"hostNetwork",
    b"hostPID",
    b"hostIPC",
    b"hostPath",
    b"replicas",
    b"automountServiceAccountToken",
    b"securityContext",
)
# A long one may stand in a file by many aliases.
_LONGEST_NAME: Final = 253
_SELECTING: Final = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})


class Role(Enum):
    """Which list of a pod spec a container stands in."""

    MAIN = "containers"
    INIT = "initContainers"
    EPHEMERAL = "ephemeralContainers"


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file that was read: its pods in their order, and all images in it, also those outside of pods."""

    path: str
    content: bytes
    images: tuple[Image, ...] = ()
    pods: tuple[Pod, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Pod:
    """A pod spec, and the object that it stands in.

    `object` is that object's root, `group` its API group, `spec` the pod spec. `is_partial`: it is a patch for an
    object that stands elsewhere, or may be one, so what it does not say may be said there.
    """

    path: str
    owner: Owner
    group: str
    object: View
    spec: View
    is_partial: bool
    containers: tuple[Container, ...] = ()

    @property
    def service_account(self) -> str:
        """The name of its service account; "default" where it names none (Kubernetes, Service Accounts)."""
        return self.spec.at("serviceAccountName").text or self.spec.at("serviceAccount").text or "default"


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A container of a pod. `view` is the container, `security` its own security context.

    `is_partial`: what it does not say may be said elsewhere.
    """

    role: Role
    name: str
    view: View
    is_partial: bool

    @property
    def called(self) -> str:
        """How a sentence calls it: "The container `app`"."""
        name = shortened(self.name, _LONGEST_NAME)
        return f"The container `{name}`" if name else "A container without a name"

    @property
    def is_sidecar(self) -> bool:
        """Whether it is an init container that keeps running (Kubernetes, Sidecar Containers)."""
        return self.role is Role.INIT and self.view.at("restartPolicy").text == "Always"

    @property
    def keeps_running(self) -> bool:
        """Whether it runs as long as its pod."""
        return self.role is Role.MAIN or self.is_sidecar


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """An image, and the pod and the container that run it: None where it stands outside of a pod spec.

    Of an image volume there is a pod and no container.
    """

    occurrence: Occurrence
    held: FoundImage
    pod: Pod | None = None
    container: Container | None = None


def read_file(path: str, content: bytes, patches: frozenset[str] = frozenset()) -> ManifestFile:
    """Read what rules look at. Never raises for what a file holds. `patches` are the paths of files of patches."""
    reading = read(path, content, _is_wanted)
    pods = tuple(pod for document in reading.documents for pod in _pods(document, path, is_patch=path in patches))
    patching = (
        pod
        for each in inline_patches(reading, path, content)
        for pod in _pods(each.document, path, is_patch=True, before=f"{each.way}: ")
    )
    return ManifestFile(path, content, tuple(_images(reading, pods)), (*pods, *patching), reading.skipped)


def _is_wanted(yaml: bytes) -> bool:
    return is_worth_reading(yaml) or (any(trace in yaml for trace in _TRACES) and not is_definition(yaml))


def _pods(document: ReadDocument, path: str, *, is_patch: bool, before: str = "") -> Iterator[Pod]:
    """Give the pods of a document. `before` is what their ways begin with, where they stand in a text."""
    for root in document.roots:
        try:
            found = workloads_in(root, path)
            yield from [
                _pod(document, path, each, spec, is_patch=is_patch, before=before)
                for each in found
                for spec in each.pod_specs
            ]
        except Unreadable:
            continue


def _pod(document: ReadDocument, path: str, workload: Workload, spec: PodSpec, *, is_patch: bool, before: str) -> Pod:
    root = View(document, workload.root, f"{before}{workload.way}")
    view = View(document, spec.node, f"{before}{spec.way}")
    lists = view.at(Role.MAIN.value)
    lacks_selector = workload.owner.kind in _SELECTING and not root.at("spec", "selector").is_there
    is_partial = is_patch or lacks_selector or not lists.elements()
    containers = tuple(
        Container(role, each.at("name").text, each, is_partial or not each.at("image").is_there)
        for role in Role
        for each in view.at(role.value).elements()
        if each.is_mapping
    )
    return Pod(path, workload.owner, workload.group, root, view, is_partial, containers)


def _images(reading: Reading, pods: tuple[Pod, ...]) -> Iterator[Image]:
    """Bring the images of a file together with the pods and containers that they stand in, by their ways."""
    containers = {(pod.spec.document.number, each.view.way): (pod, each) for pod in pods for each in pod.containers}
    specs = {(pod.spec.document.number, pod.spec.way): pod for pod in pods}
    for found in reading.found:
        occurrence = found.occurrence
        holder, _, last = occurrence.field.rpartition(".")
        pod, container = containers.get((occurrence.document, holder), (None, None))
        if pod is None and last == "reference":
            pod = specs.get((occurrence.document, holder.partition(".volumes[")[0]))
        yield Image(occurrence, found, pod, container)
