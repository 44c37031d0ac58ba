"""What the tests ask of the sandbox's repository, with everything defaulted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github import CommitText, OpenPullRequest, RebuildPullRequest, UpdatePullRequest

if TYPE_CHECKING:
    from bot.github import BumpFacts, RepositoryClient

SANDBOXED = "acme/shop"
BRANCH = "niro/web"
WEB = "apps/web.yaml"
FILES = {
    WEB: b"image: nginx:1.25\r\n",
    "apps/api.yaml": "image: api:2 # é\n".encode(),
    ".niro/policies.yml": b"version: 1\n",
}


async def facts(shop: RepositoryClient, base: str | None = None, branch: str = BRANCH) -> BumpFacts:
    return await shop.bump_facts(base, branch, [WEB])


def opening(found: BumpFacts, **changed: Any) -> OpenPullRequest:
    wish: dict[str, Any] = {
        "node": found.repository_node,
        "base_branch": found.base.branch,
        "base_commit": found.base.commit,
        "branch": BRANCH,
        "files": {WEB: b"image: nginx:1.26\r\n"},
        "message": CommitText("Bump nginx", "Niro-Bump: web/1234"),
        "title": "Bump nginx from 1.25 to 1.26",
        "body": "The body",
    }
    return OpenPullRequest(**wish | changed)


def update(head: str, pull_request: str, **changed: Any) -> UpdatePullRequest:
    wish: dict[str, Any] = {
        "branch": BRANCH,
        "expected_head": head,
        "files": {WEB: b"image: nginx:1.27\r\n"},
        "message": CommitText("Bump nginx again"),
        "pull_request": pull_request,
        "title": "Bump nginx from 1.25 to 1.27",
        "body": "The new body",
        "previous_title": "Bump nginx from 1.25 to 1.26",
        "previous_body": "The body",
    }
    return UpdatePullRequest(**wish | changed)


def rebuild(found: BumpFacts, head: str, pull_request: str, **changed: Any) -> RebuildPullRequest:
    wish: dict[str, Any] = {
        "node": found.repository_node,
        "base_commit": found.base.commit,
        "tree": found.base.tree,
        "branch": BRANCH,
        "expected_head": head,
        "files": {WEB: b"image: nginx:1.27\r\n"},
        "message": CommitText("Bump nginx again"),
        "pull_request": pull_request,
        "title": "Bump nginx from 1.25 to 1.27",
        "body": "The new body",
        "previous_title": "Bump nginx from 1.25 to 1.26",
        "previous_body": "The body",
    }
    return RebuildPullRequest(**wish | changed)
