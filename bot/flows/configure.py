"""The check run that tells a repository's people what is wrong with their policy file, on the very line."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import structlog

from bot.flows.not_yet import not_yet
from bot.flows.noting import show
from bot.flows.policies import policies_in_force, told_apart
from bot.flows.remarks import Remarks, next_end, remarks_on
from bot.flows.review_check import CHECK_NAME
from bot.flows.told_problems import MOST_ANNOTATIONS, in_code, listed, one_line, problem_annotations
from bot.github import Annotation, CheckRun, Conclusion, Level
from bot.images import quoted
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import ReportPolicyFile
from bot.policies import POLICY_PATH, PolicyFileError, Problem
from bot.store import Reported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts
    from bot.flows.remarks import UnknownMarker
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import Repository

log = structlog.get_logger()

MOST_IMAGES = 100
LONGEST_SUMMARY = 60_000
NO_REMARKS = Remarks()


@performs(ReportPolicyFile)
async def report_policy_file(work: ReportPolicyFile, parts: Parts) -> None:
    """Say on the default branch's head whether the policy file can be understood, and what of it is not honoured."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None:
        return
    if not await _was_told(parts, repository):
        await _tell(parts, repository)
    policy_file = await policies_in_force(parts, work.installation, repository.id)
    end = await next_end(parts, repository.id, policy_file)
    if end is not None:
        raise ComesAgain(end)


async def _tell(parts: Parts, repository: Repository) -> None:
    client = parts.client(repository)
    head = await client.head()
    if head is None or head.policy is None:
        return
    check_run = await _check_run(parts, repository, head.commit, head.policy.text)
    digest = _digest(check_run)
    reported = await parts.store.repositories.reported(repository.id)
    if reported == Reported(head.commit, digest) or (not digest and reported is not None and not reported.digest):
        return
    if await parts.store.reviews.all_by_head(repository.id, head.commit):
        # A pull request begins here, and the newest check of a name is the one that counts: its review stays.
        log.info("policy.not_reported", repository=repository.full_name, head=head.commit)
        return
    await client.create_check_run(check_run)
    await parts.store.repositories.note_report(repository.id, head.commit, digest)
    log.info("policy.reported", repository=repository.full_name, conclusion=check_run.conclusion.value)
    await show(parts, repository)


async def _was_told(parts: Parts, repository: Repository) -> bool:
    """Whether all that is known was told on the commit that was indexed last: then nobody outside is asked."""
    record = await parts.store.repositories.policy(repository.id)
    reported = await parts.store.repositories.reported(repository.id)
    if record is None or record.text is None or record.problems or reported is None:
        return False
    check_run = await _check_run(parts, repository, record.commit, record.text)
    return reported == Reported(record.commit, _digest(check_run))


async def _check_run(parts: Parts, repository: Repository, commit: str, text: str) -> CheckRun:
    try:
        configured = await parts.load_policies(text)
    except PolicyFileError as error:
        return _not_understood(commit, error.problems)
    policy_file = await told_apart(parts, repository.id, configured)
    remarks = await remarks_on(parts, repository, policy_file)
    undone = not_yet(policy_file, repository.full_name)
    return in_force(commit, policy_file, undone, _apart(configured, policy_file), remarks)


def _digest(check_run: CheckRun) -> str:
    """Return a hash of all that a check run says; "" for one that says nothing but that all is well."""
    if check_run.conclusion is Conclusion.SUCCESS:
        return ""
    said = replace(check_run, head="")
    return sha256(repr(said).encode(errors="replace")).hexdigest()


def in_force(
    head: str,
    policy_file: PolicyFile,
    not_yet_done: str,
    apart: Sequence[ImagePolicy] = (),
    remarks: Remarks = NO_REMARKS,
) -> CheckRun:
    """Tell on the commit `head` that a file is in force, and what of it is not honoured or not acted on yet.

    `apart` are the policies that stand for globs; `remarks` tell what is wrong with images, policies and markers, what
    waits or was stopped, and what people laid upon policies.
    """
    problems = policy_file.problems
    said = [f"`{POLICY_PATH}` is in force."]
    if not policy_file.enabled:
        said += ["It says `enabled: false`, so nothing is done in this repository."]
    for heading, lines in _lists(problems, remarks):
        said += [heading, in_code(lines)] if lines else []
    if not_yet_done:
        said += [not_yet_done]
    has_remarks = len(said) > 1
    if apart:
        said += ["Its globs stand for these images of the repository, each with a policy of its own:", _images(apart)]
    annotations = (*problem_annotations(problems, Level.WARNING), *map(_at_marker, remarks.markers))
    return CheckRun(
        head=head,
        name=CHECK_NAME,
        conclusion=Conclusion.NEUTRAL if has_remarks else Conclusion.SUCCESS,
        title="The policy file is understood, with remarks" if has_remarks else "The policy file is understood",
        summary="\n\n".join(said)[:LONGEST_SUMMARY],
        annotations=annotations[:MOST_ANNOTATIONS],
    )


def _lists(problems: Sequence[Problem], remarks: Remarks) -> tuple[tuple[str, Sequence[str]], ...]:
    """Name each list of what there is to say, whether it is empty or not."""
    markers = [_marker(marker) for marker in remarks.markers]
    return (
        ("What cannot be honoured:", [one_line(problem) for problem in problems]),
        ("Images that cannot be read:", remarks.unreadable),
        ("Policies that match nothing:", remarks.unmatched),
        ("Markers that name no policy of the file, so nothing moves them:", markers),
        ("What does not go on:", remarks.stopped),
        ("What waits:", remarks.waiting),
        ("What was laid upon policies:", remarks.laid),
        ("Waivers of findings that have ended:", remarks.ended),
        ("Promotions that cannot be carried out:", remarks.promotions),
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
        summary=f"{said}\n\n{listed(problems)}"[:LONGEST_SUMMARY],
        annotations=problem_annotations(problems, Level.FAILURE),
    )


def _at_marker(marker: UnknownMarker) -> Annotation:
    said = f"no policy is called {quoted(marker.marker)}: nothing moves this value"
    return Annotation(marker.path, marker.line, marker.line, Level.WARNING, said, title="unknown marker")


def _marker(marker: UnknownMarker) -> str:
    return f"{marker.path} line {marker.line}: {marker.marker}"
