"""Resources of containers: of which one, processor time or memory, neither a container nor its pod says how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.quantities import Amount, amount_of
from bot.findings.rule import lines_of
from bot.findings.security import lines_at
from bot.findings.subjects import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.findings.subjects import Container, Pod
    from bot.findings.view import View

CPU: Final = "cpu"
MEMORY: Final = "memory"
RESOURCES: Final = "resources"
REQUESTS: Final = "requests"
LIMITS: Final = "limits"
_WORDS: Final = {CPU: "processor time", MEMORY: "memory"}
_NOTHING: Final = frozenset({Amount.ABSENT, Amount.ZERO})


def requested(holder: View, resource: str) -> Amount:
    """Tell how much of a resource a container, or a pod for all of its containers, requests.

    Kubernetes, Resource Management for Pods and Containers: where a limit stands and no request, the limit is
    requested. A request of nothing stays one.
    """
    amount = amount_of(holder.at(RESOURCES, REQUESTS, resource))
    return limited(holder, resource) if amount is Amount.ABSENT else amount


def limited(holder: View, resource: str) -> Amount:
    """Tell the limit of a resource for a container, or for a pod; one of nothing limits nothing."""
    return amount_of(holder.at(RESOURCES, LIMITS, resource))


def missing(container: Container, pod: Pod, said: Callable[[View, str], Amount], resources: Sequence[str]) -> list[str]:
    """List those of some resources of which neither a container nor its pod says how much.

    Kubernetes, Assign Pod-level CPU and memory resources; ephemeral containers may name no resources (Kubernetes,
    Ephemeral Containers).
    """
    if container.role is Role.EPHEMERAL or container.is_partial:
        return []
    return [each for each in resources if {said(container.view, each), said(pod.spec, each)} <= _NOTHING]


def lines_without(container: Container, pod: Pod, section: str, resources: Sequence[str]) -> tuple[int, int]:
    """Give the lines of the first of some quantities that is written and says nothing; without one the container's."""
    written = (container.view.at(RESOURCES, section, each) for each in resources)
    zero = next((each for each in written if each.is_there), None)
    return lines_at(container, pod) if zero is None else lines_of(zero)


def named(resources: Sequence[str], joint: str = " and ") -> str:
    """Name resources in a sentence: "processor time and memory"."""
    return joint.join(_WORDS[each] for each in resources)
