"""Where images stand, by the kind of document: one table, and the walk along it."""

from bot.manifests.layouts.finding import findings_in
from bot.manifests.layouts.pods import PodSpec, pod_specs_in

__all__ = ["PodSpec", "findings_in", "pod_specs_in"]
