"""Files that kustomizations take in although they are not named as manifests are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.manifests import Skipped, SkipReason, format_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.findings.kustomizations import Kustomization
    from bot.findings.surroundings import Surroundings

# Names that only files have. Others are folders and remotes as well: `eu-west-1.k8s.local`, `v1.28.x`, `example.com`.
_FILE: Final = re.compile(r"\.(?:txt|tmpl|tpl|manifest|(?:ya?ml|json)\.[a-z0-9_-]+)\Z", re.IGNORECASE)
_WHY: Final = "a kustomization takes it in, and by its name it is no manifest; kustomize reads a file of any name"


def taken_in_unseen(
    kustomizations: tuple[Kustomization, ...], around: Surroundings, files: Collection[str]
) -> Iterator[Skipped]:
    """Tell what kustomizations take in and nobody looks at: files whose names are not those of manifests.

    `around` is what is known of the repository, `files` are the paths that are looked at. A folder with a kustomization
    of its own is none of them, and a name that a folder may have as well is taken for such a folder.
    """
    for each in kustomizations:
        for path in dict.fromkeys(each.takes):
            is_otherwise = format_of(path) is None and _FILE.search(path) is not None
            if is_otherwise and path not in files and not around.is_kustomized(path):
                yield Skipped(path, None, SkipReason.NAMED_OTHERWISE, _WHY)
