"""What patches of kustomizations may say of a manifest that they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.findings.rule import Asked


def may_be_patched(asked: Asked, *words: str) -> bool:
    """Whether a patch of a kustomization that takes the file in may change what one of some keys says.

    It may where it names one of the `words`, in the kustomization itself or in a file of its own. A file that is not
    known, or does not look like a patch, may say anything.
    """
    around = asked.surroundings
    return any(
        any(around.patches_name(path, words) for path in each.patches)
        or any(word in text for text in each.inline for word in words)
        for each in around.kustomizing(asked.file.path)
    )
