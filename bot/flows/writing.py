"""Put edited files into a pull request: a new one, one more commit, a branch made anew, or on top of people's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bumps import Open, reapply
from bot.flows.basis import read_basis
from bot.github import CommitText, CreatePullRequest, OpenPullRequest, RebuildPullRequest, UpdatePullRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.bumps import PullRequestText, Reapplied, Stopped
    from bot.flows.application import Application, Decided, Edited
    from bot.github import Opened


async def put(
    application: Application, edited: Edited, text: PullRequestText, on_top: Reapplied | None = None
) -> Opened:
    """Write the change to GitHub. `on_top`: the files as they become at the branch's head, where people committed."""
    if on_top is not None:
        return await _added(application, edited, text, on_top.files)
    if isinstance(edited.item, Open):
        return await _opened(application, edited, text)
    if application.stands.blobs == edited.blobs and not application.anew:
        return await _added(application, edited, text, edited.files)
    return await _rebuilt(application, edited, text)


async def reapplied(application: Application, decided: Decided, edited: Edited) -> Reapplied | Stopped:
    """Work out what the bot's own values become at the head of a branch on which people committed."""
    record = application.stands.record
    ours = edited.files.keys() | (read_basis(record.proposals).blobs.keys() if record is not None else set())
    contents = {path: content for path, content in application.contents.items() if path in ours}
    found = await application.client.files_at(application.stands.head, sorted(contents))
    head = {path: blob.content for path, blob in found.items() if blob.content is not None}
    before = application.stands.bump.proposals if application.stands.bump is not None else ()
    return await application.parts.compute(
        sum(map(len, contents.values())), reapply, decided.policy_file, edited.item, before, contents, head
    )


async def _opened(application: Application, edited: Edited, text: PullRequestText) -> Opened:
    """Open the pull request: from nothing, or on our branch if it was left over from an earlier time."""
    facts, stands = application.facts, application.stands
    left_over = stands.fingerprint == edited.item.fingerprint and stands.blobs == edited.blobs
    if facts.branch_head is not None and left_over and application.is_fresh:
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
            message=text_of(text),
            title=text.title,
            body=text.body,
            modes=application.modes(edited.files),
            tree=facts.base.tree,
        )
    )


async def _added(application: Application, edited: Edited, text: PullRequestText, files: Mapping[str, bytes]) -> Opened:
    """Put one more commit on the branch."""
    pull_request, head = application.stands.pull_request, application.facts.branch_head
    assert pull_request is not None
    assert head is not None
    return await application.client.add_commit(
        UpdatePullRequest(
            branch=edited.item.branch,
            expected_head=head.oid,
            files=files,
            message=text_of(text),
            pull_request=pull_request.node,
            title=text.title,
            body=text.body,
            previous_title=pull_request.title,
            previous_body=pull_request.body,
            modes=application.modes(files),
            tree=head.tree,
        )
    )


async def _rebuilt(application: Application, edited: Edited, text: PullRequestText) -> Opened:
    """Make the branch anew as one commit on the base as it is now."""
    pull_request, head = application.stands.pull_request, application.facts.branch_head
    assert pull_request is not None
    assert head is not None
    return await application.client.rebuild(
        RebuildPullRequest(
            node=application.facts.repository_node,
            base_commit=application.facts.base.commit,
            branch=edited.item.branch,
            expected_head=head.oid,
            files=edited.files,
            message=text_of(text),
            pull_request=pull_request.node,
            title=text.title,
            body=text.body,
            previous_title=pull_request.title,
            previous_body=pull_request.body,
            modes=application.modes(edited.files),
            tree=application.facts.base.tree,
        )
    )


def text_of(text: PullRequestText) -> CommitText:
    """Take the message of a commit apart into its headline and what follows."""
    headline, _, body = text.message.partition("\n")
    return CommitText(headline, body.lstrip("\n"))
