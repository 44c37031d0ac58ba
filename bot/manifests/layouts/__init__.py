"""Where images stand, by the kind of document: one table, and the walk along it."""

from bot.manifests.layouts.finding import findings_in

__all__ = ["findings_in"]
