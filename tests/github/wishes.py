"""What the tests ask of the sandbox's repository, with everything defaulted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github import CommitText, CommitToBranch, OpenPullRequest, RebuildPullRequest, UpdatePullRequest
from bot.sandbox.model import BranchProtection, RequiredCheck

if TYPE_CHECKING:
    from bot.github import BumpFacts, RepositoryClient
    from bot.sandbox.server import Sandbox

SANDBOXED = "acme/shop"
BRANCH = "niro/web"
WEB = "apps/web.yaml"
FILES = {
    WEB: b"image: nginx:1.25\r\n",
    "apps/api.yaml": "image: api:2 # é\n".encode(),
    ".niro/policies.yml": b"version: 1\n",
}


def protect(sandbox: Sandbox, *names: str, strict: bool = False) -> None:
    """Let the default branch demand these checks by branch protection."""
    protection = BranchProtection(required_checks=[RequiredCheck(name) for name in names], strict=strict)
    sandbox.world.rules.protect(sandbox.repository(SANDBOXED), "main", protection)


def add_rules(sandbox: Sandbox, *rules: dict[str, Any]) -> None:
    """Let the default branch have these rules by a ruleset."""
    sandbox.world.rules.add_ruleset(sandbox.repository(SANDBOXED), "rules", list(rules))


def demanding(*names: str, strict: bool = False) -> dict[str, Any]:
    """The rule that demands these checks."""
    checks = [{"context": name} for name in names]
    parameters = {"required_status_checks": checks, "strict_required_status_checks_policy": strict}
    return {"type": "required_status_checks", "parameters": parameters}


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


def straight(found: BumpFacts, head: str | None, **changed: Any) -> CommitToBranch:
    wish: dict[str, Any] = {
        "node": found.repository_node,
        "branch": BRANCH,
        "head": head,
        "base_commit": found.base.commit,
        "tree": found.base.tree,
        "files": {WEB: b"image: nginx:1.26\r\n"},
        "modes": {},
        "message": CommitText("Bump nginx", "Niro-Bump: web/1234"),
    }
    return CommitToBranch(**wish | changed)
