"""What patches of kustomizations may say of a manifest that they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.findings.rule import Asked


def may_be_patched(asked: Asked, *words: str) -> bool:
    """Whether a patch of a kustomization that takes the file in may change what one of some keys says.

    A patch that stands in the kustomization itself may where it names one of the `words`; of one that stands in a file
    of its own nobody knows here what it says, so it may always.
    """
    return any(
        each.patches or any(word in text for text in each.inline for word in words)
        for each in asked.surroundings.kustomizing(asked.file.path)
    )
