"""The check run that tells a repository's people what is wrong with their policy file, on the very line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.github import Annotation, CheckRun, Conclusion, Level
from bot.jobs.performing import performs
from bot.jobs.work import ReportPolicyFile
from bot.policies import POLICY_PATH, PolicyFileError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts

log = structlog.get_logger()

CHECK_NAME = "niro / policies"
MOST_ANNOTATIONS = 50


@performs(ReportPolicyFile)
async def report_policy_file(work: ReportPolicyFile, parts: Parts) -> None:
    """Say on the default branch's head whether the policy file can be understood."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None:
        return
    client = parts.client(repository)
    head = await client.head()
    if head is None or head.policy is None:
        return
    try:
        await parts.load_policies(head.policy.text)
        problems: Sequence[Problem] = ()
    except PolicyFileError as error:
        problems = error.problems
    await client.create_check_run(_check_run(head.commit, problems))
    log.info("policy.reported", repository=repository.full_name, problems=len(problems))


def _check_run(head: str, problems: Sequence[Problem]) -> CheckRun:
    if not problems:
        return CheckRun(
            head=head,
            name=CHECK_NAME,
            conclusion=Conclusion.SUCCESS,
            title="The policy file is understood",
            summary=f"`{POLICY_PATH}` is in force.",
            annotations=(),
        )
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return CheckRun(
        head=head,
        name=CHECK_NAME,
        conclusion=Conclusion.FAILURE,
        title=f"{count} in {POLICY_PATH}, line {problems[0].line}",
        summary=_summary(problems),
        annotations=tuple(
            Annotation(POLICY_PATH, problem.line, problem.line, Level.FAILURE, problem.message, title=problem.key)
            for problem in problems[:MOST_ANNOTATIONS]
        ),
    )


def _summary(problems: Sequence[Problem]) -> str:
    """Plain text: what a repository wrote is shown as code, so that nothing in it is rendered."""
    lines = [
        f"    line {problem.line}, column {problem.column}: {' '.join(f'{problem.key} {problem.message}'.split())}"
        for problem in problems
    ]
    said = "Nothing is done in this repository until the file can be understood:"
    return "\n".join([said, "", *lines])[:60_000]
