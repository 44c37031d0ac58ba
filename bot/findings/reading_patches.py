"""Read what may be a patch, by its bytes alone: the object that it is about, and the keys that it names."""

from __future__ import annotations

import re
from typing import Final

from bot.findings.kustomizations import ANY, Patch
from bot.manifests.layouts import pods

# Operations as RFC 6902 writes them, or an object that runs pods and does not say which ones it selects.
_OPERATION: Final = re.compile(rb"""(?:^|[\s{,-])["']?op["']?\s*:""")
# A Service that runs pods is Knative's; others stand in every repository.
_KINDS: Final = sorted({kind for row in pods.KINDS for kind in row.kinds} - {"Service"})
_WORKLOAD: Final = re.compile(
    rb"""kind["']?\s*:\s*["']?(?:%s)\b|serving\.knative\.dev/""" % "|".join(_KINDS).encode(),
)
_SELECTOR: Final = re.compile(rb"""\bselector["']?\s*:""")
# A whole object as a patch is told by the name of its file.
_NAMED_PATCH: Final = re.compile(r"patch|overlay", re.IGNORECASE)
_DOCUMENTS: Final = re.compile(rb"^---(?![^ \t\r\n])[^\n]*", re.MULTILINE)
_MOST_DOCUMENTS: Final = 100
_LARGEST: Final = 256 * 1024
_KIND: Final = re.compile(rb"""^kind:[ \t]*["']?([A-Za-z0-9]+)["']?[ \t]*(?:#[^\n]*)?\r?$""", re.MULTILINE)
_METADATA_KEY: Final = re.compile(rb"^metadata:", re.MULTILINE)
_METADATA: Final = re.compile(rb"^metadata:[ \t]*(?:#[^\n]*)?\r?\n((?:[ \t][^\n]*(?:\n|\Z)|\r?\n)*)", re.MULTILINE)
_FLOW_METADATA: Final = re.compile(rb"^metadata:[ \t]*\{([^{}\n]*)", re.MULTILINE)
_FLOW_NAME: Final = re.compile(rb"""(?:\A|[\s,])["']?name["']?:[ \t]+["']?([A-Za-z0-9.-]+)["']?[ \t]*(?:,|\Z|\})""")
_BLOCK_NAME: Final = rb"""^%sname:[ \t]*["']?([A-Za-z0-9.-]+)["']?[ \t]*(?:#[^\n]*)?\r?$"""
_IMAGE: Final = re.compile(rb"""\bimage["']?\s*:""")
_ANY_IMAGE: Final = b"/image"
_NAMES: Final = re.compile(rb"""\bname["']?\s*:\s*["']?([A-Za-z0-9._-]+)""")
_MOST_NAMES: Final = 50
_WORDS: Final = (
    "imagePullPolicy",
    "imagePullSecrets",
    "serviceAccount",
    "automountServiceAccountToken",
    "replicas",
    "resources",
    "readinessProbe",
    "livenessProbe",
    "startupProbe",
    "securityContext",
    "runAsUser",
    "runAsNonRoot",
    "allowPrivilegeEscalation",
    "readOnlyRootFilesystem",
    "capabilities",
    "pullPolicy",
    "image",
)
"""The keys that a patch may change and that rules ask about."""


def patches_in_file(path: str, content: bytes) -> tuple[Patch, ...]:
    """Give what a file says that may be a patch; nothing where it is none. A long one may say anything."""
    if _WORKLOAD.search(content) is None and _OPERATION.search(content) is None:
        return ()
    if len(content) > _LARGEST:
        return (Patch(path, words=_WORDS),) if _NAMED_PATCH.search(path) else ()
    return tuple(_patch(text, path) for text in _texts(content) if _may_be_patch(path, text))


def patches_in_text(text: str, kind: str, name: str) -> tuple[Patch, ...]:
    """Give what a patch says that stands in a kustomization: kind and name of its target decide, where it has some."""
    content = text.encode(errors="replace")
    found = []
    for each in _texts(content):
        patch = _patch(each, "")
        containers = _containers(each)
        found.append(Patch("", kind or patch.kind, name or patch.name, patch.words, containers))
    return tuple(each for each in found if each.words or each.containers)


def _texts(content: bytes) -> list[bytes]:
    """Cut a text into its documents; one of very many stays whole."""
    texts = _DOCUMENTS.split(content, _MOST_DOCUMENTS)
    return texts if len(texts) <= _MOST_DOCUMENTS else [content]


def _may_be_patch(path: str, text: bytes) -> bool:
    if _OPERATION.search(text) is not None:
        return True
    is_whole = _SELECTOR.search(text) is not None and _NAMED_PATCH.search(path) is None
    return _WORKLOAD.search(text) is not None and not is_whole


def _patch(text: bytes, path: str) -> Patch:
    words = tuple(word for word in _WORDS if word.encode() in text)
    return Patch(path, _only(_KIND.findall(text)), _name(text), words)


def _only(found: list[bytes]) -> str:
    return found[0].decode() if len(found) == 1 else ""


def _name(text: bytes) -> str:
    """Read the object's name; "" where it is not written in a plain way."""
    if len(_METADATA_KEY.findall(text)) != 1:
        return ""
    block = _METADATA.search(text)
    if block is None:
        flow = _FLOW_METADATA.search(text)
        return _only(_FLOW_NAME.findall(flow[1])) if flow else ""
    indentation = re.match(rb"(?:\r?\n)*([ \t]*)", block[1])
    assert indentation is not None
    return _only(re.findall(_BLOCK_NAME % indentation[1], block[1], re.MULTILINE))


def _containers(text: bytes) -> tuple[str, ...]:
    """Name the containers whose image a patch may set: all that it names beside an image."""
    if _ANY_IMAGE in text:
        return (ANY,)
    if _IMAGE.search(text) is None:
        return ()
    names = tuple(dict.fromkeys(each.decode() for each in _NAMES.findall(text)))
    return names if len(names) <= _MOST_NAMES else (ANY,)
