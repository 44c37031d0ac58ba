"""ImagePolicy: which tag of an image wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.policies.flux.expressions import is_usable
from bot.selection import (
    Constraint,
    InvalidConstraint,
    InvalidPattern,
    Order,
    PinDigest,
    SelectionRule,
    Strategy,
    TagFilter,
    Variant,
)
from bot.selection.rule import ANY_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum
    from typing import TypeVar

    from bot.policies.flux.fields import Fields
    from bot.policies.flux.objects import FluxObject
    from bot.policies.flux.repositories import Repository

    Member = TypeVar("Member", bound=Enum)
    Repositories = Mapping[tuple[str, str], Repository | None]

# In the order in which Flux looks at them (image-reflector-controller, internal/policy/factory.go).
_STRATEGIES: Final = {
    "semver": Strategy.SEMVER,
    "alphabetical": Strategy.ALPHABETICAL,
    "numerical": Strategy.NUMERICAL,
}
_ORDERS: Final = {"asc": Order.ASCENDING, "desc": Order.DESCENDING}
_DIGESTS: Final = {
    "Never": PinDigest.NEVER,
    "IfNotPresent": PinDigest.IF_NOT_PRESENT,
    "Always": PinDigest.ALWAYS,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What an ImagePolicy says, with the ImageRepository that it names."""

    found: FluxObject
    repository: Repository
    rule: SelectionRule
    labels: Mapping[str, str]
    suspended: bool


def read_policy(found: FluxObject, repositories: Repositories) -> Policy | None:
    """Read an ImagePolicy; None, with the reasons in its report, where it cannot be used.

    `repositories` are those that stand in the files by namespace and name, None where one could not be read.
    """
    spec = found.spec
    metadata = found.fields.section("metadata")
    if not metadata.has("namespace"):
        said = (
            f"is not written, so that its markers are those of {found.full_name}; what a kustomization sets is not seen"
        )
        metadata.note("namespace", said)
    labels = metadata.texts_by_key("labels")
    suspended = spec.flag("suspend")
    repository = _repository(found, repositories)
    rule = _rule(spec, repository)
    if repository is None or rule is None:
        return None
    return Policy(found, repository, rule, labels, suspended)


def _repository(found: FluxObject, repositories: Repositories) -> Repository | None:
    spec = found.spec
    if not spec.has("imageRepositoryRef"):
        spec.refuse("imageRepositoryRef", "is missing")
        return None
    reference = spec.section("imageRepositoryRef")
    name = reference.required("name")
    namespace = reference.text("namespace") or found.namespace
    if name is None:
        return None
    if (namespace, name) not in repositories:
        wanted = quoted(f"{namespace}:{name}")
        reference.refuse("name", f"names the ImageRepository {wanted}, which stands in no file of the repository")
    return repositories.get((namespace, name))


def _rule(spec: Fields, repository: Repository | None) -> SelectionRule | None:
    if not spec.has("policy"):
        spec.refuse("policy", "is missing")
        return None
    policy = spec.section("policy")
    written = [key for key in _STRATEGIES if policy.has(key)]
    if not written:
        if spec.is_mapping("policy"):
            spec.refuse("policy", f"names no way to order tags; known are {', '.join(_STRATEGIES)}")
        return None
    for key in written[1:]:
        policy.note(key, f"does not count beside `{written[0]}`, as in Flux")
    section = policy.section(written[0])
    strategy = _STRATEGIES[written[0]]
    return SelectionRule(
        strategy=strategy,
        constraint=_range(section) if strategy is Strategy.SEMVER else ANY_VERSION,
        exclude=() if repository is None else repository.exclude,
        variant=Variant.ANY,
        filter=_filter(spec),
        order=Order.ASCENDING if strategy is Strategy.SEMVER else _one_of(section, "order", _ORDERS, Order.ASCENDING),
        pin_digest=_one_of(spec, "digestReflectionPolicy", _DIGESTS, PinDigest.NEVER),
    )


def _range(semver: Fields) -> Constraint:
    text = semver.required("range")
    if text is None:
        return ANY_VERSION
    try:
        return Constraint.parse(text)
    except InvalidConstraint as error:
        semver.refuse("range", f"will not do: {error}")
        return ANY_VERSION


def _filter(spec: Fields) -> TagFilter | None:
    section = spec.section("filterTags")
    pattern = section.text("pattern") or ""
    extract = section.text("extract") or ""
    if not pattern and not extract:
        return None
    if not is_usable(pattern, section, "pattern"):
        return None
    try:
        return TagFilter(pattern, extract)
    except InvalidPattern as error:
        section.refuse("extract", f"will not do: {error}")
        return None


def _one_of(fields: Fields, key: str, known: Mapping[str, Member], default: Member) -> Member:
    text = fields.text(key)
    if not text:
        return default
    if text not in known:
        fields.refuse(key, f"is one of {', '.join(known)}, not {quoted(text)}")
    return known.get(text, default)
