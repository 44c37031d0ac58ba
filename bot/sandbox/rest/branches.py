"""Branches and what protects them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.refusals import NotFound
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import git_objects
from bot.sandbox.shapes.repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.model import BranchProtection, Repository
    from bot.sandbox.rest.call import Call


@operation("repos/list-branches", "GET", "/repos/{owner}/{repo}/branches")
async def list_branches(call: Call) -> Answer:
    """List branches by name."""
    repository, heads = call.repository("contents"), await call.repository().git.branches()
    url = f"{api_url(call.world, repository)}/commits"
    found = [
        {"name": name, "commit": {"sha": oid, "url": f"{url}/{oid}"}, "protected": _protected(call, repository, name)}
        for name, oid in heads.items()
    ]
    return call.page(found)


@operation("repos/get-branch", "GET", "/repos/{owner}/{repo}/branches/{branch}")
async def get_branch(call: Call) -> Answer:
    """Show a branch with its head and its protection in short."""
    repository, name = call.repository("contents"), call.values["branch"]
    commit = await repository.git.commit(f"refs/heads/{name}")
    if commit is None:
        raise NotFound("Branch not found")
    url = f"{api_url(call.world, repository)}/branches/{name}"
    protection = repository.protections.get(name)
    checks = protection.required_checks if protection else []
    summary = {
        "enforcement_level": "non_admins" if protection else "off",
        "contexts": [check.context for check in checks],
        "checks": [{"context": check.context, "app_id": check.app_id} for check in checks],
    }
    body = {
        "name": name,
        "commit": git_objects.commit(call.world, repository, commit),
        "_links": {"self": url, "html": f"{html_url(call.world, repository)}/tree/{name}"},
        "protected": _protected(call, repository, name),
        "protection": {"enabled": protection is not None, "required_status_checks": summary},
        "protection_url": f"{url}/protection",
    }
    return Answer(body)


@operation("repos/get-branch-protection", "GET", "/repos/{owner}/{repo}/branches/{branch}/protection")
async def get_protection(call: Call) -> Answer:
    """Show the classic protection of a branch."""
    repository, name = call.repository("administration"), call.values["branch"]
    protection = repository.protections.get(name)
    if protection is None:
        raise NotFound("Branch not protected")
    return Answer(_protection(f"{api_url(call.world, repository)}/branches/{name}/protection", protection))


@operation("repos/get-branch-rules", "GET", "/repos/{owner}/{repo}/rules/branches/{branch}")
async def get_rules(call: Call) -> Answer:
    """List the rules of all active rulesets that hold for a branch."""
    repository = call.repository()
    found = [
        {
            **rule,
            "ruleset_source_type": "Repository",
            "ruleset_source": repository.full_name,
            "ruleset_id": ruleset.id,
        }
        for ruleset, rule in call.world.rules.of_branch(repository, call.values["branch"])
    ]
    return call.page(found)


def _protected(call: Call, repository: Repository, branch: str) -> bool:
    return branch in repository.protections or bool(call.world.rules.rulesets(repository, branch))


def _protection(url: str, protection: BranchProtection) -> dict[str, Any]:
    body: dict[str, Any] = {
        "url": url,
        "enforce_admins": _switch(f"{url}/enforce_admins", on=protection.enforce_admins),
    }
    if protection.required_checks:
        body["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": protection.strict,
            "contexts": [check.context for check in protection.required_checks],
            "checks": [{"context": check.context, "app_id": check.app_id} for check in protection.required_checks],
            "contexts_url": f"{url}/required_status_checks/contexts",
        }
    if protection.required_approvals:
        body["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "required_approving_review_count": protection.required_approvals,
        }
    return body


def _switch(url: str, *, on: bool) -> dict[str, Any]:
    return {"url": url, "enabled": on}
