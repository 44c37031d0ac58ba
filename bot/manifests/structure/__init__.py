"""Images found by the structure of what holds them: Helm values, and custom resources of any kind."""

from bot.manifests.structure.searching import images_below

__all__ = ["images_below"]
