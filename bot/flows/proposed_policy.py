"""A policy file as a pull request changes it: whether it can be understood, and what would be otherwise with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.findings import Known, check
from bot.findings.annotations import annotations_of
from bot.findings.telling_change import findings_change, settings_change
from bot.findings.waiving import waived
from bot.flows.preview import previewed
from bot.flows.promotion_prospects import promotions_proposed
from bot.flows.whole_tree import whole_tree
from bot.policies import POLICY_PATH, PolicyFileError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.findings.waiving import Waived
    from bot.flows.changes import ChangedPolicy
    from bot.flows.parts import Parts
    from bot.flows.preview import Preview
    from bot.github import RepositoryClient
    from bot.policies import PolicyFile
    from bot.store import Repository

_WEIGHT: Final = 64
"""Rules look at every file twice, and reading is not all that they do."""

_NOT_LOOKED_AT: Final = "Which findings would appear or vanish is told to people who may push to this repository."
_IN_A_GROUP: Final = "What would be otherwise with it is told in the pull request that changes it, not for a group."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is to be said of a changed policy file.

    `problems` keep it from being understood. `remarks` are things in it that cannot be honoured. `words`: what would
    be otherwise, in Markdown.
    """

    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a policy file is proposed: for which repository and branch, whether that is the default one, and by whom.

    `is_trusted`: by somebody who may push to the repository, so that they may learn what its credentials read. For
    others the whole branch is not looked at either, however often they push. `is_group`: by a merge queue, which nobody
    waits for to learn anything.
    """

    repository: Repository
    client: RepositoryClient
    branch: str
    is_default: bool
    is_trusted: bool
    is_group: bool = False


async def proposed(parts: Parts, setting: Setting, changed: ChangedPolicy, in_force: PolicyFile | None) -> Proposed:
    """Read a policy file that is proposed, or that it is taken away, and say what would be otherwise with it."""
    if changed.problem:
        return Proposed(problems=(Problem(1, 1, "", changed.problem),))
    if changed.text is None:
        return Proposed(words=f"`{POLICY_PATH}` is taken away: nothing would be done here any more.")
    try:
        policy_file = await parts.load_policies(changed.text)
    except PolicyFileError as error:
        return Proposed(problems=tuple(error.problems))
    words = [f"`{POLICY_PATH}` can be understood as it is changed here. It counts after the merge; until then"]
    words[0] += " everything is judged by the file of the base branch."
    if setting.is_default and setting.is_trusted:
        words += _told(await previewed(parts, setting.repository, in_force, policy_file))
        promotions = await promotions_proposed(parts, setting.repository, in_force, policy_file)
        words += ["Promotions:\n\n" + "\n".join(promotions)] if promotions else []
    words.append(await _findings(parts, setting, in_force, policy_file))
    return Proposed(remarks=policy_file.problems, words="\n\n".join(words))


def _told(preview: Preview) -> list[str]:
    """Name each list of what the bot would do to its pull requests."""
    lists = (
        ("Pull requests that would be opened:", preview.opens),
        ("Pull requests that would be closed:", preview.closes),
        ("Pull requests that would change:", preview.moves),
        ("Not to be told before the merge:", preview.unknown),
    )
    said = [f"{heading}\n\n" + "\n".join(f"- {line}" for line in lines) for heading, lines in lists if lines]
    return said or ["No pull request of the bot would be opened, closed or changed."]


async def _findings(parts: Parts, setting: Setting, in_force: PolicyFile | None, proposed: PolicyFile) -> str:
    if not setting.is_trusted:
        return _IN_A_GROUP if setting.is_group else _NOT_LOOKED_AT
    files = await whole_tree(setting.client, setting.branch)
    if files is None:
        return "Which findings would appear or vanish was not looked at: the repository is too large for that."
    sizes, today = sum(map(len, files.values())), parts.clock().date()
    return await parts.compute(_WEIGHT * sizes, findings_under, files, in_force, proposed, today)


def findings_under(files: Mapping[str, bytes], in_force: PolicyFile | None, proposed: PolicyFile, today: date) -> str:
    """Say how what is told of the findings in files differs between two policy files; None: there is none so far.

    `today` is the day in UTC, by which waivers have ended or have not.
    """
    if not proposed.enabled:
        return "With `enabled: false` no pull request is judged after the merge."
    judging = in_force if in_force is not None and in_force.enabled else None
    before = _counting(files, judging, today).counting if judging is not None else ()
    said = settings_change(judging.findings if judging is not None else None, proposed.findings)
    return "\n\n".join([*said, findings_change(before, _counting(files, proposed, today))])


def _counting(files: Mapping[str, bytes], policy_file: PolicyFile, today: date) -> Waived:
    """Find what a policy file finds in files, and what of it is put up with, where all annotations count."""
    found = check(files, policy_file.findings.rules, policy_file.environments, Known(policies=policy_file.images))
    annotations = {path: annotations_of(path, files[path]) for path in {each.path for each in found}}
    return waived(found, policy_file.findings.ignore, annotations, annotations, today)
