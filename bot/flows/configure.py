"""The check run that tells a repository's people what is wrong with their policy file, on the very line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.flows.not_yet import not_yet
from bot.flows.policies import told_apart
from bot.github import Annotation, CheckRun, Conclusion, Level
from bot.jobs.performing import performs
from bot.jobs.work import ReportPolicyFile
from bot.policies import POLICY_PATH, PolicyFileError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts
    from bot.policies import ImagePolicy, PolicyFile

log = structlog.get_logger()

CHECK_NAME = "niro / policies"
MOST_ANNOTATIONS = 50
MOST_IMAGES = 100
LONGEST_SUMMARY = 60_000


@performs(ReportPolicyFile)
async def report_policy_file(work: ReportPolicyFile, parts: Parts) -> None:
    """Say on the default branch's head whether the policy file can be understood, and what of it is not honoured."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None:
        return
    client = parts.client(repository)
    head = await client.head()
    if head is None or head.policy is None:
        return
    try:
        configured = await parts.load_policies(head.policy.text)
    except PolicyFileError as error:
        problems: Sequence[Problem] = error.problems
        check_run = _not_understood(head.commit, problems)
    else:
        policy_file = await told_apart(parts, repository.id, configured)
        problems, remarks = policy_file.problems, not_yet(policy_file, repository.full_name)
        check_run = in_force(head.commit, policy_file, remarks, _apart(configured, policy_file))
    await client.create_check_run(check_run)
    log.info("policy.reported", repository=repository.full_name, problems=len(problems))


def in_force(head: str, policy_file: PolicyFile, not_yet_done: str, apart: Sequence[ImagePolicy] = ()) -> CheckRun:
    """Tell on the commit `head` that a file is in force, and what of it is not honoured or not acted on yet.

    `apart` are the policies that stand for globs.
    """
    problems = policy_file.problems
    said = [f"`{POLICY_PATH}` is in force."]
    if not policy_file.enabled:
        said += ["It says `enabled: false`, so nothing is done in this repository."]
    if problems:
        said += ["What cannot be honoured:", _listed(problems)]
    if not_yet_done:
        said += [not_yet_done]
    has_remarks = len(said) > 1
    if apart:
        said += ["Its globs stand for these images of the repository, each with a policy of its own:", _images(apart)]
    return CheckRun(
        head=head,
        name=CHECK_NAME,
        conclusion=Conclusion.NEUTRAL if has_remarks else Conclusion.SUCCESS,
        title="The policy file is understood, with remarks" if has_remarks else "The policy file is understood",
        summary="\n\n".join(said)[:LONGEST_SUMMARY],
        annotations=_annotations(problems, Level.WARNING),
    )


def _apart(configured: PolicyFile, policy_file: PolicyFile) -> list[ImagePolicy]:
    written = {policy.name for policy in configured.images}
    return [policy for policy in policy_file.images if policy.name not in written]


def _images(policies: Sequence[ImagePolicy]) -> str:
    lines = [f"    {policy.name}: {policy.image}" for policy in policies[:MOST_IMAGES]]
    more = len(policies) - MOST_IMAGES
    return "\n".join(lines + [f"    and {more} more"] * (more > 0))


def _not_understood(head: str, problems: Sequence[Problem]) -> CheckRun:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    said = "Nothing is done in this repository until the file can be understood:"
    return CheckRun(
        head=head,
        name=CHECK_NAME,
        conclusion=Conclusion.FAILURE,
        title=f"{count} in {POLICY_PATH}, line {problems[0].line}",
        summary=f"{said}\n\n{_listed(problems)}"[:LONGEST_SUMMARY],
        annotations=_annotations(problems, Level.FAILURE),
    )


def _annotations(problems: Sequence[Problem], level: Level) -> tuple[Annotation, ...]:
    return tuple(
        Annotation(problem.path or POLICY_PATH, problem.line, problem.line, level, problem.message, title=problem.key)
        for problem in problems[:MOST_ANNOTATIONS]
    )


def _listed(problems: Sequence[Problem]) -> str:
    """Plain text: what a repository wrote is shown as code, so that nothing in it is rendered."""
    return "\n".join(f"    {_one_line(problem)}" for problem in problems)


def _one_line(problem: Problem) -> str:
    place = f"{problem.path} " if problem.path else ""
    said = f"{place}line {problem.line}, column {problem.column}: {problem.key} {problem.message}"
    return " ".join(said.split())
