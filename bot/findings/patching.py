"""What patches of kustomizations may say of a manifest that they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings.kustomizing import Patched

if TYPE_CHECKING:
    from bot.findings.kustomizing import Changes
    from bot.findings.rule import Asked
    from bot.findings.subjects import Pod


def may_be_patched(asked: Asked, pod: Pod, *words: str) -> bool:
    """Whether patches may change what one of some keys says, wherever kustomizations build something from the file.

    One may where it is about the object of the pod or its service account, or does not say what it is about, and names
    one of the `words`. A file of patches that is not in the repository says nothing.
    """
    patched = patched_of(pod)

    def says(changes: Changes, is_renamed: bool) -> bool:
        return any(changes.names(word, patched, is_renamed=is_renamed) for word in words)

    return not asked.surroundings.leaves_open(asked.file.path, says)


def may_be_scaled(asked: Asked, pod: Pod) -> bool:
    """Whether a kustomization says, or may say, how often the object of a pod runs.

    One is enough: that it runs once in a cluster to try things out, and more often in others, is what overlays are for.
    """
    patched = patched_of(pod)

    def says(changes: Changes, is_renamed: bool) -> bool:
        is_told = (is_renamed and changes.has_replicas) or pod.owner.name in changes.replicas
        return is_told or changes.names("replicas", patched, is_renamed=is_renamed)

    return asked.surroundings.is_said(asked.file.path, says)


def patched_of(pod: Pod) -> Patched:
    """Tell what patches for a pod are about."""
    return Patched(pod.owner.kind, pod.owner.name, pod.service_account)
