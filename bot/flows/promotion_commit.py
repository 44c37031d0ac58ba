"""How a promotion's map gets onto the branch of its pull request: one commit that GitHub signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bumps.trailers import trailer
from bot.github import CommitText, CreatePullRequest, OpenPullRequest, RebuildPullRequest, UpdatePullRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flows.promotion_branch import Branch
    from bot.github import BumpFacts, Opened, RepositoryClient
    from bot.promotion.telling_proposal import ProposalText


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written to a promotion's branch: the map's new text at its path, and the words about it."""

    client: RepositoryClient
    facts: BumpFacts
    branch: Branch
    text: ProposalText
    path: str
    content: str
    mark: str
    fingerprint: str

    async def opened(self) -> Opened:
        """Open the pull request on a new branch; one that is left over goes first."""
        head = self.branch.head
        if head is not None:
            await self.client.delete_branch(self.branch.name, head.oid)
        return await self.client.open_pull_request(
            OpenPullRequest(
                node=self.facts.repository_node,
                base_branch=self.facts.base.branch,
                base_commit=self.facts.base.commit,
                branch=self.branch.name,
                files=self._files,
                message=self._message,
                title=self.text.title,
                body=self.text.body,
                modes=self._modes,
                tree=self.facts.base.tree,
            )
        )

    async def opened_from_branch(self) -> Opened:
        """Open the pull request from the branch as it stands."""
        assert self.branch.head is not None
        return await self.client.create_pull_request(
            CreatePullRequest(
                node=self.facts.repository_node,
                base_branch=self.facts.base.branch,
                branch=self.branch.name,
                head=self.branch.head.oid,
                title=self.text.title,
                body=self.text.body,
            )
        )

    async def added(self) -> Opened:
        """Put one more commit on the branch."""
        pull_request, head = self.branch.opened, self.branch.head
        assert pull_request is not None
        assert head is not None
        return await self.client.add_commit(
            UpdatePullRequest(
                branch=self.branch.name,
                expected_head=head.oid,
                files=self._files,
                message=self._message,
                pull_request=pull_request.node,
                title=self.text.title,
                body=self.text.body,
                previous_title=pull_request.title,
                previous_body=pull_request.body,
                modes=self._modes,
                tree=head.tree,
            )
        )

    async def rebuilt(self) -> Opened:
        """Make the branch anew as one commit on the base as it is now."""
        pull_request, head = self.branch.opened, self.branch.head
        assert pull_request is not None
        assert head is not None
        return await self.client.rebuild(
            RebuildPullRequest(
                node=self.facts.repository_node,
                base_commit=self.facts.base.commit,
                branch=self.branch.name,
                expected_head=head.oid,
                files=self._files,
                message=self._message,
                pull_request=pull_request.node,
                title=self.text.title,
                body=self.text.body,
                previous_title=pull_request.title,
                previous_body=pull_request.body,
                modes=self._modes,
                tree=self.facts.base.tree,
            )
        )

    @property
    def _files(self) -> Mapping[str, bytes]:
        return {self.path: self.content.encode()}

    @property
    def _modes(self) -> Mapping[str, str]:
        there = self.facts.files.get(self.path)
        return {} if there is None or there.mode == "100644" else {self.path: there.mode}

    @property
    def _message(self) -> CommitText:
        return CommitText(self.text.message, trailer(self.mark, self.fingerprint))
