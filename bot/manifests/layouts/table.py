"""The table of what is understood: every layout, in the order in which they are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.layouts import (
    argo_cd,
    argo_workflows,
    compose,
    config_maps,
    helm_release,
    kustomization,
    pods,
    tekton,
    workflows,
)

if TYPE_CHECKING:
    from bot.manifests.layouts.layout import Layout

LAYOUTS: Final[tuple[Layout, ...]] = (
    *pods.LAYOUTS,
    *config_maps.LAYOUTS,
    *kustomization.LAYOUTS,
    *helm_release.LAYOUTS,
    *argo_cd.LAYOUTS,
    *argo_workflows.LAYOUTS,
    *tekton.LAYOUTS,
    *compose.LAYOUTS,
    *workflows.LAYOUTS,
)
