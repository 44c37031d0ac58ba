"""The rules about manifests: the one table of their ids, what they find, their severities and their options."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(IntEnum):
    """How much a finding matters, the least first. Where None stands instead of one, the rule is off."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """Give the severity as a policy file writes it."""
        return self.name.lower()


class OptionKind(Enum):
    """What the value of an option is: a list of one kind, a flag, or a quantity of Kubernetes such as 100m."""

    TAGS = "tags"
    REGISTRIES = "registries"
    CAPABILITIES = "capabilities"
    FLAG = "flag"
    QUANTITY = "quantity"


OptionDefault = tuple[str, ...] | bool | str


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a rule. `meaning` is a phrase for its documentation."""

    name: str
    kind: OptionKind
    default: OptionDefault
    meaning: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `finds` is a sentence; `severity` None means that the rule is off unless a policy file says otherwise.

    `by_environment` holds the environments, by name, in which it matters more or less. A rule that `needs` an option
    is off until that option has a value.
    """

    id: str
    finds: str
    severity: Severity | None
    by_environment: tuple[tuple[str, Severity | None], ...] = ()
    options: tuple[Option, ...] = ()
    needs: str | None = None


_LOW: Final = Severity.LOW
_MEDIUM: Final = Severity.MEDIUM
_HIGH: Final = Severity.HIGH


def _in(production: Severity | None, dev: Severity | None) -> tuple[tuple[str, Severity | None], ...]:
    return (("production", production), ("dev", dev))


_EXEMPT_FROM_PINNING: Final = Option("allow", OptionKind.REGISTRIES, (), "registries whose images need no digest")
_ALLOWED_REGISTRIES: Final = Option("allow", OptionKind.REGISTRIES, (), "the registries that images may come from")

RULES: Final = (
    Rule(
        "latest-image-tag",
        "An image has no tag, or one that moves, and no digest: what runs is not what was reviewed.",
        _HIGH,
        _in(production=_HIGH, dev=_MEDIUM),
        (Option("mutable-tags", OptionKind.TAGS, ("latest",), "the tags that move"),),
    ),
    Rule(
        "public-image-no-credential",
        "An image comes from a registry that is known to be private, and no pull secret is named for it.",
        _MEDIUM,
        _in(production=_HIGH, dev=_MEDIUM),
        (
            Option("allow", OptionKind.REGISTRIES, (), "registries that need no secret: public, or known to the nodes"),
            Option("private", OptionKind.REGISTRIES, (), "further registries that need a secret"),
        ),
    ),
    Rule(
        "image-not-pinned-to-digest",
        "An image has no digest: its tag may be pushed again with other content.",
        None,
        _in(production=_MEDIUM, dev=None),
        (_EXEMPT_FROM_PINNING,),
    ),
    Rule(
        "image-registry-not-allowed",
        "An image comes from a registry that is not on the list.",
        _HIGH,
        options=(_ALLOWED_REGISTRIES,),
        needs="allow",
    ),
    Rule(
        "image-pull-policy",
        "An image with a tag that moves is not pulled again when its pod starts.",
        _LOW,
    ),
    Rule(
        "invalid-image-reference",
        "A text that stands for an image is no image reference.",
        _HIGH,
    ),
    Rule(
        "missing-resource-requests",
        "A container requests no processor time or no memory.",
        _MEDIUM,
        _in(production=_MEDIUM, dev=_LOW),
        (
            Option("cpu", OptionKind.QUANTITY, "100m", "the processor time that a suggestion requests"),
            Option("memory", OptionKind.QUANTITY, "128Mi", "the memory that a suggestion requests"),
        ),
    ),
    Rule(
        "missing-resource-limits",
        "A container has no limit of processor time or of memory.",
        _MEDIUM,
        _in(production=_MEDIUM, dev=_LOW),
        (Option("cpu-limit", OptionKind.FLAG, True, "whether a limit of processor time is asked for"),),
    ),
    Rule(
        "missing-health-probes",
        "A container that keeps running has no readiness probe or no liveness probe.",
        _MEDIUM,
        _in(production=_HIGH, dev=_LOW),
        (Option("liveness", OptionKind.FLAG, True, "whether a liveness probe is asked for"),),
    ),
    Rule(
        "single-replica",
        "A workload runs once only: it is away whenever its pod is.",
        _LOW,
        _in(production=_HIGH, dev=_LOW),
    ),
    Rule("privileged-container", "A container is privileged: it may do on its node whatever root may.", _HIGH),
    Rule("host-namespace", "A pod shares the network, the processes or the IPC of its node.", _HIGH),
    Rule("host-path-volume", "A pod mounts a path of its node.", _HIGH),
    Rule("docker-socket", "A pod mounts the socket of its node's container engine.", _HIGH),
    Rule(
        "allow-privilege-escalation",
        "A container does not forbid its processes to gain more privileges than it has.",
        _MEDIUM,
        _in(production=_HIGH, dev=_LOW),
    ),
    Rule(
        "run-as-root",
        "A container may run as root.",
        _MEDIUM,
        _in(production=_HIGH, dev=_LOW),
    ),
    Rule(
        "writable-root-filesystem",
        "A container may write to its root filesystem.",
        _MEDIUM,
        _in(production=_HIGH, dev=_LOW),
    ),
    Rule(
        "dangerous-capabilities",
        "A container keeps or adds Linux capabilities that it should not need.",
        _MEDIUM,
        _in(production=_HIGH, dev=_LOW),
        (Option("allow", OptionKind.CAPABILITIES, ("NET_BIND_SERVICE",), "the capabilities that may be added"),),
    ),
    Rule(
        "service-account-token-automount",
        "A pod is handed the token of its service account without asking for it.",
        None,
        _in(production=_LOW, dev=None),
    ),
)

RULES_BY_ID: Final[Mapping[str, Rule]] = {rule.id: rule for rule in RULES}
