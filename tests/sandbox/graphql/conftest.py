"""A world with one repository, and the GraphQL door to it in GitHub's whole schema."""

import base64
from dataclasses import dataclass
from typing import Any

import pytest

from bot.sandbox.authentication import Token
from bot.sandbox.git import GitRepository, Signature
from bot.sandbox.graphql import GraphQL
from bot.sandbox.model import ZERO_OID, Repository
from bot.sandbox.refs import RefUpdate
from bot.sandbox.world import World
from tests.descriptions.loaded import graphql_schema_text

PERMISSIONS = {
    "administration": "read",
    "checks": "write",
    "contents": "write",
    "merge_queues": "read",
    "pull_requests": "write",
    "statuses": "write",
}


@dataclass
class Place:
    """Everything a test speaks to."""

    world: World
    repository: Repository
    token: Token
    door: GraphQL

    async def ask(self, query: str, *, token: Token | None = None, **variables: Any) -> dict[str, Any]:
        """Execute a document and return the whole answer."""
        return await self.door.execute(token or self.token, query, variables)

    async def data(self, query: str, **variables: Any) -> Any:
        """Execute a document that must succeed and return its data."""
        answer = await self.ask(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def of_repository(self, fields: str, **variables: Any) -> Any:
        """Read fields of the repository."""
        declared = ", ".join(f"${name}: String!" for name in variables)
        header = f"query({declared})" if declared else "query"
        query = f'{header} {{ repository(owner: "acme", name: "shop") {{ {fields} }} }}'
        return (await self.data(query, **variables))["repository"]

    async def commit(self, files: dict[str, bytes], branch: str = "main", *, message: str = "Change files") -> str:
        """Commit files straight to a branch, which may not exist yet."""
        git: GitRepository = self.repository.git
        before = await git.branch(branch)
        somebody = Signature("Ann", "ann@example.org", self.world.now())
        oid = await git.change_files(
            before or await git.branch("main"), files, (), message, author=somebody, committer=somebody
        )
        update = RefUpdate(f"refs/heads/{branch}", oid, before or ZERO_OID)
        await self.world.refs.update_all(self.repository, [update], self.world.web)
        return oid

    async def open_pull(self, branch: str = "niro/nginx", **values: Any) -> Any:
        """Open a pull request from a new branch with one changed file."""
        await self.commit({"apps/web.yml": b"image: nginx:1.26\n"}, branch, message="Bump nginx")
        settings = {"title": "Bump nginx", "body": "To 1.26", "actor": self.token.account} | values
        return await self.world.pulls.open(self.repository, head=branch, base="main", **settings)

    def token_with(self, **permissions: str) -> Token:
        """Mint a token with fewer permissions."""
        installation = self.token.installation
        assert installation is not None
        return self.world.tokens.for_installation(installation, permissions=permissions)


def addition(path: str, content: bytes) -> dict[str, str]:
    """Return a file of a commit as GraphQL takes it."""
    return {"path": path, "contents": base64.b64encode(content).decode()}


@pytest.fixture
async def place(tmp_path):
    world = World(tmp_path)
    repository = await world.add_repository("acme/shop")
    app = world.add_app("niro", owner=repository.owner, permissions=PERMISSIONS, events=[])
    installation = await world.install(app, repository.owner)
    door = GraphQL(world, graphql_schema_text())
    found = Place(world, repository, world.tokens.for_installation(installation), door)
    await found.commit({"README.md": b"shop\n", "apps/web.yml": b"image: nginx:1.25\n"}, message="Begin\n\nThe start.")
    yield found
    await world.close()
