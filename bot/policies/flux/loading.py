"""The way of Flux's objects from the files of a repository to the values that the bot works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies.flux.automations import read_automation
from bot.policies.flux.delivering import refuse_folders, told_apart
from bot.policies.flux.fields import Report
from bot.policies.flux.joining import join
from bot.policies.flux.objects import find_objects
from bot.policies.flux.policies import read_policy
from bot.policies.flux.repositories import read_repository
from bot.policies.flux.unhonoured import note_unhonoured
from bot.policies.policy import PolicyFile
from bot.policies.problems import PolicyFileError, in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.policies.policy import ImagePolicy


def load_flux(files: Mapping[str, bytes]) -> PolicyFile:
    """Read Flux's ImageRepository, ImagePolicy and ImageUpdateAutomation objects as policies.

    `files` are manifests by their paths in the repository; those without such objects are passed over. Each
    ImagePolicy becomes a policy named `namespace:name`, as markers write it, in the order of these names; those of
    one automation share a pull request. `.problems` tells, each with its file, what cannot be honoured and what
    replaces it; those with the key "suspend" name the automations that would write beside the bot.

    The content is hostile: whatever it holds, the answer is a PolicyFile or a PolicyFileError with every reason why
    the objects cannot be used, and nothing else is raised.
    """
    report = Report()
    policies = _policies(files, report)
    if report.refused:
        refused = in_order(report.refused)
        raise PolicyFileError(refused[0].path, refused)
    return PolicyFile(enabled=True, images=policies, problems=tuple(in_order(report.noted)))


def _policies(files: Mapping[str, bytes], report: Report) -> tuple[ImagePolicy, ...]:
    objects = find_objects(files, report)
    for found in (*objects.repositories.values(), *objects.policies.values(), *objects.automations.values()):
        note_unhonoured(found)
    repositories = {key: read_repository(found) for key, found in objects.repositories.items()}
    policies = [read_policy(found, repositories) for _, found in sorted(objects.policies.items())]
    ordered = [found for _, found in sorted(objects.automations.items())]
    automations = told_apart([read_automation(found, objects.sources, files) for found in ordered])
    refuse_folders(automations)
    return tuple(join([policy for policy in policies if policy is not None], automations))
