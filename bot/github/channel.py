"""The way to one repository: its address, its tokens, its turn to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.github.documents import REPOSITORY_NODE
from bot.github.errors import NotFound
from bot.github.scopes import Access, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    from bot.github.client import GitHub
    from bot.github.graphql import Reply
    from bot.github.transport import Answer, Moved


class RepositoryChannel:
    """Requests about one repository, with tokens that open only that one."""

    def __init__(self, github: GitHub, installation: int, repository_id: int, full_name: str) -> None:
        self.github = github
        self.installation = installation
        self.repository_id = repository_id
        self._called = full_name

    @property
    def full_name(self) -> str:
        """What the repository is called now, as far as GitHub told: "owner/name"."""
        return self.github.names.known(self.repository_id, self._called).full_name

    def access(self, scope: Scope) -> Access:
        """Return the reach of a token for this repository and a use."""
        return Access(self.installation, self.repository_id, scope)

    async def rest(
        self, method: str, path: str, variables: Mapping[str, Any] | None = None, *, scope: Scope, data: Any = None
    ) -> Answer:
        """Make a REST request. `path` is a URI template below the repository, such as "/pulls/{number}"."""
        template, filled = self.address(path, variables)
        return await self.github.rest(self.access(scope), method, template, filled, data=data, on_move=self.moved)

    def address(self, path: str, variables: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Return a URI template below the API's root and its variables."""
        known = self.github.names.known(self.repository_id, self._called)
        owner, _, name = known.full_name.partition("/")
        prefix = known.prefix or "/repos/{owner}/{repo}"
        return prefix + path, {"owner": owner, "repo": name, **(variables or {})}

    async def query(self, document: str, variables: Mapping[str, Any], *, scope: Scope) -> dict[str, Any]:
        """Send a query about the repository; returns its fields. Raises the error of any field that failed."""
        owner, _, name = self.full_name.partition("/")
        reply = await self.github.graphql(self.access(scope), document, {"owner": owner, "name": name, **variables})
        reply.raise_problems()
        repository = reply.data.get("repository")
        if not isinstance(repository, dict) or repository.get("databaseId") != self.repository_id:
            raise NotFound(f"repository {self.repository_id} is not at {self.full_name} any more", url=reply.url)
        self.github.names.learn(
            self.repository_id, self._called, str(repository["nameWithOwner"]), str(repository["id"])
        )
        return repository

    async def mutate(self, document: str, variables: Mapping[str, Any], *, scope: Scope = Scope.BUMP) -> Reply:
        """Send a document of mutations, inside a turn. Each may fail alone: look at the reply's problems."""
        return await self.github.graphql(self.access(scope), document, variables)

    def turn(self, *, content: bool = False, writes: int = 1) -> AbstractAsyncContextManager[None]:
        """Hold the row of writes of this installation for so many requests that change something. Raises MustWait.

        `content`: it makes something that people are told of (a pull request, its commits, a comment, an issue).
        """
        return self.github.writes.turn(self.installation, content=content, writes=writes)

    async def write(
        self,
        method: str,
        path: str,
        variables: Mapping[str, Any] | None = None,
        *,
        scope: Scope,
        data: Any = None,
        content: bool = False,
    ) -> Answer:
        """Make one REST request that changes something, in its turn. `content` as for `turn`."""
        async with self.turn(content=content):
            return await self.rest(method, path, variables, scope=scope, data=data)

    async def node(self) -> str:
        """Return the repository's node id, asked for only where no query has told it yet."""
        known = self.github.names.known(self.repository_id, self._called)
        return known.node or str((await self.query(REPOSITORY_NODE, {}, scope=Scope.READ))["id"])

    def moved(self, moved: Moved) -> None:
        """Remember where GitHub says the repository is now. Raises NotFound when that is another repository."""
        if not moved.permanent:
            return
        root = urlsplit(self.github.transport.base_url).path
        if not self.github.names.moved(self.repository_id, self._called, moved.location, root):
            raise NotFound(f"the address of repository {self.repository_id} leads to another one", url=moved.location)
