"""Images that something else fills in before they run, so that what stands in the file is not what runs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from bot.findings.image_places import KUSTOMIZATIONS, ImagePlace, place_of
from bot.findings.kustomizing import Patched
from bot.findings.patching import patched_of

if TYPE_CHECKING:
    from bot.findings.kustomizations import KustomizedImage
    from bot.findings.kustomizing import Changes
    from bot.findings.rule import Asked
    from bot.findings.subjects import Image, Pod
    from bot.findings.view import View

# Helm and Go templates, shells and envsubst, Azure Pipelines, Concourse, Jinja, plain stand-ins; and references that
# ko builds (https://ko.build/features/k8s).
_RESIDUES: Final = re.compile(r"\{\{|\}\}|\{%|\$|<|%|\(\(|\[\[|#\{|^ko://|^@[A-Za-z_]+@")
# sigs.k8s.io/kustomize/api/internal/image: what may stand behind the name of an image.
_BEHIND_NAME: Final = re.compile(r"(?::[a-zA-Z0-9_.{}-]*)?(?:@sha256:[a-zA-Z0-9_.{}-]*)?$")
# OpenShift: "Triggering updates on image stream changes"; Istio: "Installing gateways" (the injected image).
_OPENSHIFT: Final = "image.openshift.io/triggers"
_OPENSHIFT_GROUP: Final = "apps.openshift.io"
_DEPLOYMENT_CONFIG: Final = "DeploymentConfig"
_LONGEST_ANNOTATION: Final = 64 * 1024
_INDEX: Final = re.compile(r"\[(\d+)\]\Z")
_ISTIO: Final = "inject.istio.io/templates"
_INJECTED: Final = "auto"


def is_residue(text: str) -> bool:
    """Whether a template, a substitution or a build is to put another text in the place of this one."""
    return _RESIDUES.search(text) is not None


def is_filled_in(image: Image) -> bool:
    """Whether the file itself says that something else is to say which image runs."""
    return is_templated(image) or is_triggered(image)


def is_templated(image: Image) -> bool:
    """Whether a template is to fill the image in, or Istio."""
    text = image.occurrence.text
    if is_residue(text) or any(is_residue(each.value) for each in image.held.held):
        return True
    return image.pod is not None and text == _INJECTED and _is_injected(image.pod)


def is_exchanged(image: Image, asked: Asked) -> bool:
    """Whether an entry of kustomizations' `images` changes an image, wherever they build something from the file."""
    text = image.occurrence.text
    return not asked.surroundings.leaves_open(_path_of(image), lambda changes, _: bool(_entries(text, changes)))


def is_renamed(image: Image, asked: Asked) -> bool:
    """Whether kustomizations take another image for this one, wherever they build something from the file."""
    return is_named_otherwise(image.occurrence.text, _path_of(image), asked)


def is_named_otherwise(text: str, path: str, asked: Asked) -> bool:
    """Do as `is_renamed` does, for a text that names an image in the file at a path."""
    return not asked.surroundings.leaves_open(
        path, lambda changes, _: any(each.new_name for each in _entries(text, changes))
    )


def is_replaced(image: Image, asked: Asked) -> bool:
    """Whether kustomizations may let another image or another tag run than the file says, wherever they build it.

    An entry of `images` does, and so does a patch in the kustomization that names the container and an image. What a
    patch in a file of its own says nobody knows here: there what is written counts.
    """
    text, container = image.occurrence.text, image.occurrence.container
    pod = image.pod
    patched = Patched(image.occurrence.kind, image.occurrence.name) if pod is None else patched_of(pod)

    def says(changes: Changes, is_renamed: bool) -> bool:
        return bool(_entries(text, changes)) or changes.sets_image(container, patched, is_renamed=is_renamed)

    return not asked.surroundings.leaves_open(_path_of(image), says)


def _path_of(image: Image) -> str:
    """Tell what kustomizations take in; what one of them says is changed by those that take in its folder."""
    path = image.occurrence.path
    folder, _, file = path.rpartition("/")
    return folder if file in KUSTOMIZATIONS and place_of(image) is ImagePlace.KUSTOMIZE else path


def _entries(text: str, changes: Changes) -> list[KustomizedImage]:
    if not changes.images:
        return []
    return [each for each in changes.images.get(_BEHIND_NAME.sub("", text), ()) if _says_something(each)]


def _says_something(entry: KustomizedImage) -> bool:
    return bool(entry.new_name or entry.tag or entry.digest)


def is_triggered(image: Image) -> bool:
    """Whether OpenShift writes the image when an image stream changes; what stands there is then mostly a blank.

    OpenShift, "Triggering updates on image stream changes": a DeploymentConfig says so itself, other objects by an
    annotation that names the very field.
    """
    pod, container = image.pod, image.container
    if pod is None or container is None:
        return False
    if pod.owner.kind == _DEPLOYMENT_CONFIG and pod.group == _OPENSHIFT_GROUP:
        return any(_triggers(each, container.name) for each in pod.object.at("spec", "triggers").elements())
    annotation = pod.object.at("metadata", "annotations", _OPENSHIFT).text
    index = _INDEX.search(container.view.way)
    listed = container.role.value
    fields = {f'{listed}[?(@.name=="{container.name}")].image', f"{listed}[{index[1] if index else ''}].image"}
    return any(path.endswith(tuple(f".{each}" for each in fields)) for path in _field_paths(annotation))


def _triggers(trigger: View, container: str) -> bool:
    names = [each.text for each in trigger.at("imageChangeParams", "containerNames").elements()]
    return trigger.at("type").text == "ImageChange" and (not names or container in names)


def _field_paths(annotation: str) -> list[str]:
    """List the fields that an annotation of OpenShift names; none where it is not what OpenShift takes."""
    if not annotation or len(annotation) > _LONGEST_ANNOTATION:
        return []
    try:
        read = json.loads(annotation)
    except (ValueError, RecursionError):
        return []
    entries = [each for each in read if isinstance(each, dict)] if isinstance(read, list) else []
    return [path.replace("'", '"') for each in entries if isinstance(path := each.get("fieldPath"), str)]


def _is_injected(pod: Pod) -> bool:
    return pod.object.at("spec", "template", "metadata", "annotations", _ISTIO).is_there
