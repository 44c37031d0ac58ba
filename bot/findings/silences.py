"""Why rules say nothing, in sentences that the pages of several rules share."""

from __future__ import annotations

from typing import Final

ON_WINDOWS: Final = "The pod runs on Windows (`spec.os.name`, or a `nodeSelector` for `kubernetes.io/os`)."
IN_PATCHES: Final = (
    "Nothing is written, but the manifest is a patch, or patches of kustomizations may write it wherever it is built."
)
UNTOLD: Final = "The value is of another kind than Kubernetes takes, or a template is to fill it in: nobody can tell."
