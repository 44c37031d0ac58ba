"""Apply one item of a plan to GitHub, and remember what was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from bot.bumps import Close, Keep, Open, PullRequestText, Update, as_written, describe
from bot.flows.basis import Basis, read_basis, written_proposal
from bot.flows.labelling import label
from bot.github import (
    CommitText,
    CreatePullRequest,
    OpenPullRequest,
    RebuildPullRequest,
    UpdatePullRequest,
)
from bot.jobs.work import MergeBump
from bot.manifests import editable, update
from bot.store import BumpRecord, BumpState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.bumps import Decisions, PlanItem
    from bot.flows.parts import Parts
    from bot.flows.standing import Standing
    from bot.github import BumpFacts, Opened, RepositoryClient
    from bot.manifests import Occurrence
    from bot.store import Repository

log = structlog.get_logger()

EXECUTABLE = "100755"
NOTHING_TO_WRITE = "Nothing of what is wanted can be written into the files of the base branch any more."


@dataclass(frozen=True, slots=True)
class Application:
    """One group of one repository, with everything read about it.

    `workflows`: they are edited too. `occurrences` is all that stands in the `contents`. `unshown`: policies of whose
    tags nobody is told more than the one that is proposed.
    """

    parts: Parts
    repository: Repository
    client: RepositoryClient
    group: str
    facts: BumpFacts
    stands: Standing
    workflows: bool = False
    occurrences: Sequence[Occurrence] = ()
    unshown: frozenset[str] = frozenset()

    @property
    def contents(self) -> dict[str, bytes]:
        """The files of the base that hold the group's images, by path; nothing that is no plain file any more.

        An executable file is left alone: GitHub's commit would take its mode away.
        """
        return {
            path: blob.content
            for path, blob in self.facts.files.items()
            if blob.content is not None
            and blob.mode != EXECUTABLE
            and editable(path, blob.mode, workflows=self.workflows) is None
        }


@dataclass(frozen=True, slots=True)
class Edited:
    """The files as they should be, and the words for them."""

    item: Open | Update
    files: Mapping[str, bytes]
    text: PullRequestText
    blobs: Mapping[str, str]


async def apply(application: Application, item: PlanItem, decisions: Decisions) -> None:
    """Carry out one item of a plan."""
    match item:
        case Keep():
            log.info("bump.kept", repository=application.repository.full_name, reason=item.sentence)
        case Close():
            await abandon(application, item.sentence)
        case Open() if item.fingerprint == application.stands.declined:
            log.info("bump.declined", repository=application.repository.full_name, group=application.group)
        case Open() | Update():
            edited = await _edit(application, item, decisions)
            if edited is None and application.stands.bump is not None:
                await abandon(application, NOTHING_TO_WRITE)
            elif edited is not None and _stands(application, edited):
                await _keep(application, edited)
            elif edited is not None:
                await _put(application, edited)


def _stands(application: Application, edited: Edited) -> bool:
    """Whether the open pull request says this already, about the files as they are."""
    stands = application.stands
    same_wish = stands.bump is not None and stands.fingerprint == edited.item.fingerprint
    return same_wish and (stands.blobs == edited.blobs or (stands.record is None and _fresh(application)))


async def _edit(application: Application, item: Open | Update, decisions: Decisions) -> Edited | None:
    contents = application.contents
    result = await application.parts.compute(sum(map(len, contents.values())), update, contents, item.targets)
    for skipped in result.skipped:
        log.info("file.skipped", path=skipped.path, reason=skipped.reason.value, message=skipped.message)
    for path in sorted(path for path, blob in application.facts.files.items() if blob.mode == EXECUTABLE):
        log.info("file.skipped", path=path, reason="executable", message="The bot's commit would take its mode away.")
    if not result.files:
        log.warning("bump.nothing_to_edit", repository=application.repository.full_name, group=application.group)
        return None
    log.info("files.edited", repository=application.repository.full_name, files=sorted(result.files))
    blobs = {path: application.facts.files[path].oid for path in result.files}
    item = as_written(item, result.changes, application.occurrences)
    return Edited(item, result.files, describe(item, result.changes, decisions, application.unshown), blobs)


async def _put(application: Application, edited: Edited) -> None:
    """Bring the pull request about; note the intention first, so that a death in between is understood afterwards."""
    record = _record(application, edited)
    await application.parts.store.bumps.save(record)
    match edited.item:
        case Open():
            opened = await _open(application, edited)
        case Update():
            opened = await _update(application, edited)
    log.info(
        "pull_request.opened" if isinstance(edited.item, Open) else "pull_request.updated",
        repository=application.repository.full_name,
        number=opened.number,
        url=opened.url,
        title=edited.text.title,
    )
    await _settled(application, replace(record, head=opened.head, pull_request=opened.number), edited.item)


async def _keep(application: Application, edited: Edited) -> None:
    """Nothing to do on GitHub; what an earlier run could not note any more is noted now."""
    bump, record = application.stands.bump, _record(application, edited)
    if bump is None or (application.stands.noted and _is_judged_by(application.stands.record, record)):
        return
    log.info("pull_request.recognised", repository=application.repository.full_name, number=bump.pull_request)
    await _settled(application, record, edited.item)


def _is_judged_by(before: BumpRecord | None, now: BumpRecord) -> bool:
    """Whether a merge finds noted what it asks for: the policy file last compared with, and how far the bump goes."""
    if before is None:
        return False
    known, told = read_basis(before.proposals), read_basis(now.proposals)
    return known.tells_updates and (known.policy, known.updates) == (told.policy, told.updates)


async def _settled(application: Application, record: BumpRecord, item: Open | Update) -> None:
    """Label a new pull request, remember that it stands, and look at once whether it may be merged."""
    assert record.pull_request is not None
    before = application.stands.record
    labelled = isinstance(item, Update) and before is not None and before.state is not BumpState.OPENING
    if not labelled:
        await label(application.client, record.pull_request, item)
    await application.parts.store.bumps.save(
        replace(record, state=BumpState.OPEN, updated_at=application.parts.clock())
    )
    if item.auto_merge is not None:
        await application.parts.ask(
            MergeBump(application.repository.installation, application.repository.id, application.group)
        )


async def _open(application: Application, edited: Edited) -> Opened:
    """Open the pull request: from nothing, or on our branch if it was left over from an earlier time."""
    facts, stands, text = application.facts, application.stands, edited.text
    left_over = stands.fingerprint == edited.item.fingerprint and stands.blobs == edited.blobs
    if facts.branch_head is not None and left_over and _fresh(application):
        return await application.client.create_pull_request(
            CreatePullRequest(
                node=facts.repository_node,
                base_branch=facts.base.branch,
                branch=edited.item.branch,
                head=facts.branch_head.oid,
                title=text.title,
                body=text.body,
            )
        )
    if facts.branch_head is not None:
        await application.client.delete_branch(edited.item.branch, facts.branch_head.oid)
    return await application.client.open_pull_request(
        OpenPullRequest(
            node=facts.repository_node,
            base_branch=facts.base.branch,
            base_commit=facts.base.commit,
            branch=edited.item.branch,
            files=edited.files,
            message=_message(text),
            title=text.title,
            body=text.body,
        )
    )


def _fresh(application: Application) -> bool:
    """Whether our branch's commit stands on the base as it is now."""
    head = application.facts.branch_head
    return head is not None and head.parents == (application.facts.base.commit,)


async def _update(application: Application, edited: Edited) -> Opened:
    """Move our pull request to a newer wish: one more commit, or a new branch tip when other files are edited now."""
    pull_request, text = application.stands.pull_request, edited.text
    assert pull_request is not None
    if application.stands.blobs == edited.blobs:
        return await application.client.add_commit(
            UpdatePullRequest(
                branch=edited.item.branch,
                expected_head=pull_request.head,
                files=edited.files,
                message=_message(text),
                pull_request=pull_request.node,
                title=text.title,
                body=text.body,
                previous_title=pull_request.title,
                previous_body=pull_request.body,
            )
        )
    return await application.client.rebuild(
        RebuildPullRequest(
            node=application.facts.repository_node,
            base_commit=application.facts.base.commit,
            branch=edited.item.branch,
            expected_head=pull_request.head,
            files=edited.files,
            message=_message(text),
            pull_request=pull_request.node,
            title=text.title,
            body=text.body,
            previous_title=pull_request.title,
            previous_body=pull_request.body,
        )
    )


async def abandon(application: Application, sentence: str) -> None:
    """Close our pull request, if there is one, and take its branch away; `sentence` says why."""
    record, bump = application.stands.record, application.stands.bump
    if record is not None:
        # No fingerprint: it was not a person who closed it, so the same wish may come again.
        record = replace(record, fingerprint="", updated_at=application.parts.clock())
        await application.parts.store.bumps.save(record)
    if bump is not None and bump.pull_request is not None:
        await application.client.close_pull_request(bump.pull_request)
        await application.client.delete_branch(bump.branch, bump.head)
        log.info(
            "pull_request.closed",
            repository=application.repository.full_name,
            number=bump.pull_request,
            reason=sentence,
        )
    if record is not None:
        await application.parts.store.bumps.save(replace(record, state=BumpState.CLOSED))


def _record(application: Application, edited: Edited) -> BumpRecord:
    item, facts = edited.item, application.facts
    proposals = tuple(written_proposal(each) for each in item.proposals)
    standing = application.stands.bump
    return BumpRecord(
        repository=application.repository.id,
        group=application.group,
        branch=item.branch,
        base=facts.base.branch,
        head=standing.head if standing is not None else "",
        pull_request=standing.pull_request if standing is not None else None,
        state=BumpState.OPENING,
        fingerprint=item.fingerprint,
        proposals=Basis(facts.base.commit, _judged_by(application, item), edited.blobs, proposals).written(),
        updated_at=application.parts.clock(),
    )


def _judged_by(application: Application, item: Open | Update) -> str:
    """Name the blob of the policy file that all of the wish was compared with: a merge asks for that."""
    before, policy = application.stands.record, application.facts.policy
    if before is not None and any(proposal.kept for proposal in item.proposals):
        return read_basis(before.proposals).policy
    return policy.oid if policy is not None else ""


def _message(text: PullRequestText) -> CommitText:
    headline, _, body = text.message.partition("\n")
    return CommitText(headline, body.lstrip("\n"))
