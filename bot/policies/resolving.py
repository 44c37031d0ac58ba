"""From what was written to what is meant: defaults filled in, names given, groups and their settings joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.policies.branches import filled_in
from bot.policies.finding_resolving import resolve_environments, resolve_findings, resolve_pull_secrets
from bot.policies.license_remarks import license_remarks
from bot.policies.models import PullRequestSection
from bot.policies.policy import AutoMerge, ImagePolicy, Limits, PolicyFile, PullRequestSettings
from bot.policies.promotion_resolving import resolve_promotions
from bot.policies.section import laid_over
from bot.policies.tree import place_of_value
from bot.policies.window import Window
from bot.selection import ALL_UPDATES, SelectionRule, TagFilter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.policies.models import (
        AutoMergeSection,
        DefaultsSection,
        FileSection,
        FilterSection,
        ImageSection,
        WindowSection,
    )
    from bot.policies.problems import Problem
    from bot.policies.tree import MappingNode, Node
    from bot.policies.validating import Validated
    from bot.selection import UpdateKind


def resolve(validated: Validated, root: MappingNode) -> tuple[PolicyFile, list[Problem]]:
    """Complete what was written, and tell what is wrong with findings, environments, pull secrets and promotions."""
    file = validated.file
    environments, problems = resolve_environments(file.environments, root)
    pull_secrets, more = resolve_pull_secrets(file.pull_secrets, root)
    promotions, still_more = resolve_promotions(file.promotions, root)
    policies = PolicyFile(
        enabled=file.enabled,
        images=_policies(file, root, validated.positions),
        flux=file.flux,
        dashboard=file.dashboard,
        limits=Limits(file.limits.open_pull_requests, file.limits.new_per_hour),
        environments=environments,
        pull_secrets=pull_secrets,
        problems=license_remarks(file.promotions, root),
        promotions=promotions,
        written=frozenset(root.entries),
    )
    problems += [*more, *still_more]
    if "environments" in validated.spoilt:  # which environments there are is not known
        return policies, problems
    findings, of_findings = resolve_findings(file.findings, file.environments, root)
    return replace(policies, findings=findings), [*problems, *of_findings]


def _policies(file: FileSection, root: Node, positions: Sequence[int]) -> tuple[ImagePolicy, ...]:
    groups = _groups(file)
    return tuple(
        _policy(section, file.defaults, groups, place_of_value(root, ("images", position)).line)
        for section, position in zip(file.images, positions, strict=True)
    )


def name_of(section: ImageSection) -> str:
    """Tell what a policy is called: as is written, else as the last segment of its image."""
    return section.name or section.image.repository.rpartition("/")[2]


def _groups(file: FileSection) -> dict[str, PullRequestSettings]:
    """Give the settings of each group that is defined, or that a policy is in."""
    written = {section.group: PullRequestSection() for section in (file.defaults, *file.images) if section.group}
    return {
        name: _settings(laid_over(section, file.defaults.pull_request), name)
        for name, section in (written | file.groups).items()
    }


def _policy(
    section: ImageSection, defaults: DefaultsSection, groups: Mapping[str, PullRequestSettings], line: int
) -> ImagePolicy:
    name = name_of(section)
    keys = laid_over(section, defaults)
    is_pattern = "*" in section.image.repository or "?" in section.image.repository
    return ImagePolicy(
        name=name,
        image=section.image,
        enabled=keys.enabled,
        rule=_rule(keys),
        range=keys.range.text,
        paths=keys.update.paths,
        pull_request=groups[keys.group] if keys.group else _settings(keys.pull_request, None if is_pattern else name),
        line=line,
        mode=keys.update.mode,
        workflows=keys.update.workflows,
        grouped_under=keys.group,
        credential=keys.credential,
        poll=keys.poll,
    )


def _rule(keys: DefaultsSection) -> SelectionRule:
    return SelectionRule(
        strategy=keys.strategy,
        constraint=keys.range,
        exclude=keys.exclude,
        platforms=None if keys.platforms is None else frozenset(keys.platforms),
        variant=keys.variant,
        versioning=keys.versioning,
        updates=_updates(keys.updates),
        filter=_filter(keys.filter),
        clock=keys.clock,
        track=keys.track,
        order=keys.order,
        min_age=keys.min_age,
        pin=keys.pin,
        pin_digest=keys.pin_digest,
    )


def _settings(section: PullRequestSection, name: str | None) -> PullRequestSettings:
    """Turn a section into settings; without a name, because there are many, the branch stays a template."""
    return PullRequestSettings(
        branch=section.branch if name is None else filled_in(section.branch, name),
        base=section.base,
        title=section.title,
        labels=section.labels,
        auto_merge=_auto_merge(section.auto_merge),
        delivery=section.delivery,
        commit_message=section.commit_message,
        reviewers=section.reviewers,
        assignees=section.assignees,
        author=section.author,
    )


def _auto_merge(section: AutoMergeSection | None) -> AutoMerge | None:
    if section is None:
        return None
    return AutoMerge(section.method, _updates(section.updates), _window(section.window), section.require_checks)


def _window(section: WindowSection | None) -> Window | None:
    return None if section is None else Window(section.days, *section.hours, section.timezone)


def _filter(section: FilterSection | None) -> TagFilter | None:
    return None if section is None else TagFilter(section.pattern, section.extract or "")


def _updates(written: tuple[UpdateKind, ...] | None) -> frozenset[UpdateKind]:
    return ALL_UPDATES if written is None else frozenset(written)
