"""Images that something else fills in before they run, so that what stands in the file is not what runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.findings.image_places import KUSTOMIZATIONS, ImagePlace, place_of

if TYPE_CHECKING:
    from bot.findings.rule import Asked
    from bot.findings.subjects import Image, Pod
    from bot.findings.surroundings import KustomizedImage

# Helm and Go templates, shells and envsubst, Azure Pipelines, Concourse, Jinja, plain stand-ins; and references that
# ko builds (https://ko.build/features/k8s).
_RESIDUES: Final = re.compile(r"\{\{|\}\}|\{%|\$|<|%|\(\(|\[\[|#\{|^ko://|^@[A-Za-z_]+@")
# sigs.k8s.io/kustomize/api/internal/image: what may stand behind the name of an image.
_BEHIND_NAME: Final = re.compile(r"(?::[a-zA-Z0-9_.{}-]*)?(?:@sha256:[a-zA-Z0-9_.{}-]*)?$")
_KEY_OF_IMAGE: Final = re.compile(r"\bimage[\"']?\s*:|/image\b")
# OpenShift: "Triggering updates on image stream changes"; Istio: "Installing gateways" (the injected image).
_OPENSHIFT: Final = "image.openshift.io/triggers"
_ISTIO: Final = "inject.istio.io/templates"
_INJECTED: Final = "auto"


def is_residue(text: str) -> bool:
    """Whether a template, a substitution or a build is to put another text in the place of this one."""
    return _RESIDUES.search(text) is not None


def is_filled_in(image: Image) -> bool:
    """Whether the file itself says that something else is to say which image runs."""
    text = image.occurrence.text
    if is_residue(text) or any(is_residue(each.value) for each in image.held.held):
        return True
    return image.pod is not None and (_is_triggered(image.pod) or (text == _INJECTED and _is_injected(image.pod)))


def replacements(image: Image, asked: Asked) -> list[KustomizedImage]:
    """List the entries of kustomizations' `images` that change this image: its name, its tag or its digest."""
    path = asked.file.path
    folder, _, file = path.rpartition("/")
    if file in KUSTOMIZATIONS and place_of(image) is ImagePlace.KUSTOMIZE:
        # What one kustomization says is changed by those that take its folder in.
        path = folder
    return _entries(image.occurrence.text, path, asked)


def is_renamed(text: str, asked: Asked) -> bool:
    """Whether a kustomization takes another image for the one that the file names."""
    return any(each.new_name for each in _entries(text, asked.file.path, asked))


def is_replaced(image: Image, asked: Asked) -> bool:
    """Whether a kustomization may let another image or another tag run than the file says.

    An entry of `images` does, and so does a patch in the kustomization that names the container and an image. What a
    patch in a file of its own says nobody knows here: there what is written counts.
    """
    if not asked.surroundings.kustomizations:
        return False
    if replacements(image, asked):
        return True
    container = image.occurrence.container
    texts = (text for one in asked.surroundings.kustomizing(asked.file.path) for text in one.inline)
    return any(_KEY_OF_IMAGE.search(text) and (container in text or "/image" in text) for text in texts)


def _entries(text: str, path: str, asked: Asked) -> list[KustomizedImage]:
    name = _BEHIND_NAME.sub("", text)
    reaching = asked.surroundings.kustomizing(path) if asked.surroundings.kustomizations else []
    return [each for one in reaching for each in one.images if each.name == name and _says_something(each)]


def _says_something(entry: KustomizedImage) -> bool:
    return bool(entry.new_name or entry.tag or entry.digest)


def _is_triggered(pod: Pod) -> bool:
    """Whether OpenShift writes the image when an image stream changes; what stands there is then mostly a blank."""
    if pod.object.at("metadata", "annotations", _OPENSHIFT).is_there:
        return True
    triggers = pod.object.at("spec", "triggers").elements()
    return any(each.at("type").text == "ImageChange" for each in triggers)


def _is_injected(pod: Pod) -> bool:
    return pod.object.at("spec", "template", "metadata", "annotations", _ISTIO).is_there
