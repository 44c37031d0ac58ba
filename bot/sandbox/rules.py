"""What protects a branch: classic protection and rulesets, and the refusals they make."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import ZERO_OID, RequiredCheck, Role, Ruleset
from bot.sandbox.refusals import NotAuthorized, Protected, Validation

if TYPE_CHECKING:
    from bot.sandbox.model import Account, BranchProtection, Repository
    from bot.sandbox.world import World

VIOLATIONS = "Repository rule violations found\n\n"


@dataclass(frozen=True, slots=True)
class Push:
    """What a push does to a branch; ``unsigned``: it brings commits whose signature is not verified."""

    branch: str
    before: str
    after: str
    forced: bool = False
    unsigned: bool = False

    @property
    def creates(self) -> bool:
        """Whether the branch is new."""
        return self.before == ZERO_OID

    @property
    def deletes(self) -> bool:
        """Whether the branch goes away."""
        return self.after == ZERO_OID

    @property
    def moves(self) -> bool:
        """Whether it was there and stays."""
        return not self.creates and not self.deletes


class Rules:
    """Reads and applies the protections of a repository's branches."""

    def __init__(self, world: World) -> None:
        self._world = world

    def protect(self, repository: Repository, branch: str, protection: BranchProtection) -> None:
        """Set the classic protection of a branch."""
        repository.protections[branch] = protection

    def add_ruleset(
        self,
        repository: Repository,
        name: str,
        rules: list[dict[str, Any]],
        include: tuple[str, ...] = ("~DEFAULT_BRANCH",),
    ) -> Ruleset:
        """Add an active ruleset; each rule in GitHub's own shape: ``{"type": ..., "parameters": {...}}``."""
        ruleset = Ruleset(*self._world.identify("RRS"), name, rules, include=list(include))
        repository.rulesets.append(ruleset)
        self._world.remember(ruleset)
        return ruleset

    def rulesets(self, repository: Repository, branch: str) -> list[Ruleset]:
        """Return the active rulesets that hold for a branch."""
        return [
            found
            for found in repository.rulesets
            if found.enforcement == "active" and covers(found, repository, branch)
        ]

    def of_branch(self, repository: Repository, branch: str) -> list[tuple[Ruleset, dict[str, Any]]]:
        """Each rule that holds for a branch, with its ruleset."""
        return [(ruleset, rule) for ruleset in self.rulesets(repository, branch) for rule in ruleset.rules]

    def find(self, repository: Repository, branch: str, kind: str) -> dict[str, Any] | None:
        """Return the parameters of the first rule of a type (``merge_queue``) for a branch, or None."""
        found = (rule for _, rule in self.of_branch(repository, branch) if rule["type"] == kind)
        return next((rule.get("parameters", {}) for rule in found), None)

    def required_checks(self, repository: Repository, branch: str) -> list[RequiredCheck]:
        """Return the checks that must succeed before something is merged into a branch, of protection and rulesets."""
        protection = repository.protections.get(branch)
        required = list(protection.required_checks) if protection else []
        for _, rule in self.of_branch(repository, branch):
            if rule["type"] == "required_status_checks":
                checks = rule["parameters"]["required_status_checks"]
                required += [RequiredCheck(check["context"], check.get("integration_id")) for check in checks]
        return list(dict.fromkeys(required))

    def required_approvals(self, repository: Repository, branch: str) -> int:
        """How many approvals a merge into a branch needs."""
        protection = repository.protections.get(branch)
        rule = self.find(repository, branch, "pull_request") or {}
        of_rule = int(rule.get("required_approving_review_count", 0))
        return max(protection.required_approvals if protection else 0, of_rule)

    def needs_resolution(self, repository: Repository, branch: str) -> bool:
        """Whether all review threads must be resolved before a merge into a branch."""
        protection = repository.protections.get(branch)
        rule = self.find(repository, branch, "pull_request") or {}
        return bool(protection and protection.conversation_resolution) or bool(
            rule.get("required_review_thread_resolution")
        )

    def strict(self, repository: Repository, branch: str) -> bool:
        """Whether a head must contain its base before it is merged."""
        protection = repository.protections.get(branch)
        rule = self.find(repository, branch, "required_status_checks") or {}
        return bool(protection and protection.strict) or bool(rule.get("strict_required_status_checks_policy"))

    def has_merge_queue(self, repository: Repository, branch: str) -> bool:
        """Whether merges into a branch go through a queue."""
        return self.find(repository, branch, "merge_queue") is not None

    def refuse_push(self, repository: Repository, push: Push, actor: Account) -> None:
        """Raise Validation or NotAuthorized where this actor may not create, move or delete a branch so."""
        rules = {
            rule["type"]
            for ruleset, rule in self.of_branch(repository, push.branch)
            if not self._bypasses(ruleset, actor)
        }
        for kind, touched, sentence in (
            ("creation", push.creates, "Cannot create ref due to creations being restricted."),
            ("deletion", push.deletes, "Cannot delete this protected ref."),
            ("update", push.moves, "Cannot update this protected ref."),
            ("non_fast_forward", push.forced, "Cannot force-push to this branch"),
            ("pull_request", not push.creates, "Changes must be made through a pull request."),
            ("merge_queue", not push.creates, "Changes must be made through the merge queue"),
            ("required_signatures", push.unsigned, "Commits must have verified signatures."),
        ):
            if kind in rules and touched:
                raise Validation(f"{VIOLATIONS}{sentence}\n\n")
        self._refuse_by_protection(repository, push, actor)

    def may_push(self, repository: Repository, branch: str, actor: Account) -> bool:
        """Whether an actor is one of those to whom classic protection leaves a branch."""
        protection = repository.protections.get(branch)
        return protection is None or protection.pushers is None or actor.login in protection.pushers

    def _refuse_by_protection(self, repository: Repository, push: Push, actor: Account) -> None:
        protection = repository.protections.get(push.branch)
        if protection is None or push.creates:
            return
        if push.deletes and not protection.allow_deletions:
            raise Protected("Cannot delete this protected branch")
        if push.forced and not protection.allow_force_pushes:
            raise Protected("Cannot force-push to this protected branch")
        if not self.may_push(repository, push.branch, actor):
            raise NotAuthorized
        if self._world.role(repository, actor) is Role.ADMIN and not protection.enforce_admins:
            return
        if protection.required_approvals:
            raise Protected("Changes must be made through a pull request.")
        if protection.required_checks:
            raise Protected(expected(protection.required_checks))

    def _bypasses(self, ruleset: Ruleset, actor: Account) -> bool:
        app = self._world.app_of(actor)
        return app is not None and app.id in ruleset.bypass


def expected(checks: list[RequiredCheck]) -> str:
    """GitHub's sentence for required checks that are not there."""
    if len(checks) == 1:
        return f'Required status check "{checks[0].context}" is expected.'
    return f"{len(checks)} of {len(checks)} required status checks are expected."


def covers(ruleset: Ruleset, repository: Repository, branch: str) -> bool:
    """Whether a ruleset's patterns take in a branch."""
    included, excluded = (
        any(_matches(pattern, repository, branch) for pattern in patterns)
        for patterns in (ruleset.include, ruleset.exclude)
    )
    return included and not excluded


def _matches(pattern: str, repository: Repository, branch: str) -> bool:
    if pattern == "~ALL":
        return True
    if pattern == "~DEFAULT_BRANCH":
        return branch == repository.default_branch
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    expression = "".join(known.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(expression, f"refs/heads/{branch}") is not None
