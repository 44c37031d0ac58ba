"""Files that kustomizations take in although they are not named as manifests are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.manifests import Skipped, SkipReason, format_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.findings.kustomizations import Kustomization
    from bot.findings.surroundings import Surroundings

# Without a suffix it is most likely a folder, which is read where it has a kustomization.
_SUFFIX: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9_-]*\Z")
_WHY: Final = "a kustomization takes it in, and by its name it is no manifest; kustomize reads a file of any name"


def taken_in_unseen(
    kustomizations: tuple[Kustomization, ...], around: Surroundings, files: Collection[str]
) -> Iterator[Skipped]:
    """Tell what kustomizations take in and nobody looks at: files whose names are not those of manifests.

    `around` is what is known of the repository, `files` are the paths that are looked at. A folder with a kustomization
    of its own is none of them, and one without a suffix is taken for such a folder.
    """
    for each in kustomizations:
        for path in dict.fromkeys(each.takes):
            is_named = format_of(path) is not None or _SUFFIX.search(path.rpartition("/")[2]) is None
            if not is_named and path not in files and not around.is_kustomized(path):
                yield Skipped(path, None, SkipReason.NAMED_OTHERWISE, _WHY)
