"""Branches and tags, and the rules that protect them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import page
from bot.sandbox.graphql.git_nodes import GitNode, RefNode, find_object, git_node_id
from bot.sandbox.graphql.resolving import Fields, attribute

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import BranchProtection, Repository, RequiredCheck, Ruleset


@dataclass(frozen=True, slots=True)
class RuleNode:
    """One rule of a ruleset; ``rule`` in the shape REST gives it."""

    ruleset: Ruleset
    rule: dict[str, Any]
    node_id: str

    @property
    def parameters(self) -> RuleParametersNode | None:
        """What the rule asks for; None of a rule without parameters."""
        parameters = self.rule.get("parameters")
        return RuleParametersNode(self.rule["type"], parameters) if parameters is not None else None


@dataclass(frozen=True, slots=True)
class RuleParametersNode:
    """The parameters of a rule of one type (``required_status_checks``)."""

    kind: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProtectionNode:
    """The classic protection of one branch."""

    repository: Repository
    pattern: str
    protection: BranchProtection

    @property
    def node_id(self) -> str:
        """The global id."""
        return git_node_id("BPR", self.repository, self.pattern)

    @property
    def contexts(self) -> list[str]:
        """The names of the checks that it requires."""
        return [check.context for check in self.protection.required_checks]


async def _target(ref: RefNode, call: Call) -> GitNode | None:
    return await find_object(call, ref.repository, ref.oid)


def _protection(ref: RefNode, _: Call) -> ProtectionNode | None:
    protection = ref.repository.protections.get(ref.short_name)
    return None if protection is None else ProtectionNode(ref.repository, ref.short_name, protection)


def _protection_rule(ref: RefNode, call: Call) -> ProtectionNode | None:
    """Give the protection to those who may administrate; others read ``refUpdateRule``."""
    call.token.require(ref.repository, "administration")
    return _protection(ref, call)


def _rules(ref: RefNode, call: Call) -> Any:
    found = call.world.rules.of_branch(ref.repository, ref.short_name)
    nodes = [
        RuleNode(ruleset, rule, git_node_id("RRU", ref.repository, f"{ruleset.id}:{place}"))
        for place, (ruleset, rule) in enumerate(found)
    ]
    return page(nodes, call, "rules")


def _rule_type(rule: RuleNode, _: Call) -> str:
    return str(rule.rule["type"]).upper()


def parameter(name: str, default: Any = None) -> Any:
    """Return a resolver that reads a rule's parameter by its GraphQL name: REST writes it in snake case."""
    snake = re.sub(r"([A-Z])", lambda letter: f"_{letter[0].lower()}", name)

    def read(node: RuleParametersNode, _: Call) -> Any:
        return node.values.get(snake, default)

    return read


def _merge_queue_method(node: RuleParametersNode, _: Call) -> str:
    return str(node.values.get("merge_method", "MERGE")).upper()


def _check_app(check: RequiredCheck, call: Call) -> Any:
    return call.world.apps.get(check.app_id) if check.app_id is not None else None


UPDATE_RULE: Fields = {
    "pattern": attribute("pattern"),
    "requiredStatusCheckContexts": attribute("contexts"),
    "requiredApprovingReviewCount": attribute("protection.required_approvals"),
}

BRANCH_TYPES: dict[str, Fields] = {
    "Ref": {
        "id": attribute("node_id"),
        "name": attribute("short_name"),
        "prefix": attribute("prefix"),
        "repository": attribute("repository"),
        "target": _target,
        "refUpdateRule": _protection,
        "branchProtectionRule": _protection_rule,
        "rules": _rules,
    },
    "RefUpdateRule": UPDATE_RULE,
    "BranchProtectionRule": {
        **UPDATE_RULE,
        "id": attribute("node_id"),
        "isAdminEnforced": attribute("protection.enforce_admins"),
        "requiresStatusChecks": lambda node, _: bool(node.protection.required_checks),
        "requiresStrictStatusChecks": attribute("protection.strict"),
        "requiresApprovingReviews": lambda node, _: node.protection.required_approvals > 0,
        "requiredStatusChecks": attribute("protection.required_checks"),
    },
    "RequiredStatusCheckDescription": {"context": attribute("context"), "app": _check_app},
    "RepositoryRule": {
        "id": attribute("node_id"),
        "type": _rule_type,
        "parameters": attribute("parameters"),
        "repositoryRuleset": attribute("ruleset"),
    },
    "RepositoryRuleset": {
        "id": attribute("node_id"),
        "databaseId": attribute("id"),
        "name": attribute("name"),
        "enforcement": lambda ruleset, _: ruleset.enforcement.upper(),
    },
    "RequiredStatusChecksParameters": {
        "requiredStatusChecks": parameter("requiredStatusChecks"),
        "strictRequiredStatusChecksPolicy": parameter("strictRequiredStatusChecksPolicy", default=False),
        "doNotEnforceOnCreate": parameter("doNotEnforceOnCreate", default=False),
    },
    "StatusCheckConfiguration": {
        "context": lambda check, _: check["context"],
        "integrationId": lambda check, _: check.get("integration_id"),
    },
    "PullRequestParameters": {
        "requiredApprovingReviewCount": parameter("requiredApprovingReviewCount", default=0),
    },
    "MergeQueueParameters": {"mergeMethod": _merge_queue_method},
}
