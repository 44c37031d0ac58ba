"""Where images stand, by the kind of document: one table, and the walk along it."""

from bot.manifests.layouts.finding import findings_in
from bot.manifests.layouts.pods import PodSpec, Workload, pod_specs_in, workloads_in

__all__ = ["PodSpec", "Workload", "findings_in", "pod_specs_in", "workloads_in"]
