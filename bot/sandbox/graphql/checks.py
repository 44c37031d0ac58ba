"""Check runs and statuses of a commit, and what they come to together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import page
from bot.sandbox.graphql.git_nodes import CommitNode, commit_node, git_node_id
from bot.sandbox.graphql.resolving import Fields, attribute, moment
from bot.sandbox.model import PullRequest
from bot.sandbox.refusals import NotFound, Validation

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import CheckRun, CommitStatus, Repository


@dataclass(frozen=True, slots=True)
class CheckRunNode:
    """A check run, and where it is."""

    repository: Repository
    run: CheckRun


@dataclass(frozen=True, slots=True)
class StatusNode:
    """A commit status, and where it is."""

    repository: Repository
    status: CommitStatus


@dataclass(frozen=True, slots=True)
class RollupNode:
    """Everything that was said about a commit, the latest of each name."""

    commit: CommitNode
    state: str

    @property
    def node_id(self) -> str:
        """The global id."""
        return git_node_id("SCR", self.commit.repository, self.commit.oid)


def _rollup(commit: CommitNode, call: Call) -> RollupNode | None:
    """Give the rollup; null of a commit about which nothing was said."""
    call.token.require(commit.repository, "checks")
    outcome = call.world.checks.rollup(commit.repository, commit.oid)
    return None if outcome is None else RollupNode(commit, outcome.value.upper())


def _contexts(rollup: RollupNode, call: Call) -> Any:
    repository, oid = rollup.commit.repository, rollup.commit.oid
    runs = [CheckRunNode(repository, run) for run in call.world.checks.runs(repository, oid)]
    statuses = [StatusNode(repository, status) for status in call.world.checks.statuses(repository, oid)]
    return page([*runs, *statuses], call, "contexts", parent=rollup)


def _pull(repository: Repository, call: Call) -> PullRequest:
    """Return the pull request that ``isRequired`` is asked for; raises NotFound, or Validation when none is named."""
    number, identifier = call.argument("pullRequestNumber"), call.argument("pullRequestId")
    if number is None and identifier is None:
        raise Validation("You must provide either pullRequestId or pullRequestNumber")
    if identifier is None:
        return call.world.issues.find_pull(repository, number)
    pull = call.world.node(identifier)
    if not isinstance(pull, PullRequest) or pull.repository is not repository:
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    return pull


def _run_is_required(node: CheckRunNode, call: Call) -> bool:
    pull = _pull(node.repository, call)
    required = call.world.rules.required_checks(node.repository, pull.base_branch)
    return any(check.context == node.run.name and check.app_id in {None, node.run.app.id} for check in required)


def _status_is_required(node: StatusNode, call: Call) -> bool:
    pull = _pull(node.repository, call)
    required = call.world.rules.required_checks(node.repository, pull.base_branch)
    return any(check.context == node.status.context and check.app_id is None for check in required)


def _upper(path: str) -> Any:
    read = attribute(path)

    def resolve(node: Any, call: Call) -> str | None:
        value = read(node, call)
        return None if value is None else str(value).upper()

    return resolve


def _output(name: str) -> Any:
    return lambda node, _: node.run.output.get(name)


def _run_url(node: CheckRunNode, call: Call) -> str:
    return f"{call.world.url}/{node.repository.full_name}/runs/{node.run.id}"


async def _status_commit(node: StatusNode, _: Call) -> CommitNode | None:
    return await commit_node(node.repository, node.status.oid)


CHECK_TYPES: dict[str, Fields] = {
    "Commit": {"statusCheckRollup": _rollup},
    "StatusCheckRollup": {
        "id": attribute("node_id"),
        "state": attribute("state"),
        "commit": attribute("commit"),
        "contexts": _contexts,
    },
    "StatusCheckRollupContextConnection": {
        "checkRunCount": lambda connection, _: sum(isinstance(item, CheckRunNode) for item in connection.items),
        "statusContextCount": lambda connection, _: sum(isinstance(item, StatusNode) for item in connection.items),
    },
    "CheckRun": {
        "id": attribute("run.node_id"),
        "databaseId": attribute("run.id"),
        "name": attribute("run.name"),
        "status": _upper("run.status"),
        "conclusion": _upper("run.conclusion"),
        "startedAt": moment("run.started_at"),
        "completedAt": moment("run.completed_at"),
        "externalId": attribute("run.external_id"),
        "detailsUrl": attribute("run.details_url"),
        "title": _output("title"),
        "summary": _output("summary"),
        "text": _output("text"),
        "url": _run_url,
        "checkSuite": attribute("run.suite"),
        "repository": attribute("repository"),
        "isRequired": _run_is_required,
    },
    "CheckSuite": {
        "id": attribute("node_id"),
        "databaseId": attribute("id"),
        "app": attribute("app"),
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
    },
    "StatusContext": {
        "id": attribute("status.node_id"),
        "context": attribute("status.context"),
        "state": _upper("status.state"),
        "description": attribute("status.description"),
        "targetUrl": attribute("status.target_url"),
        "createdAt": moment("status.created_at"),
        "creator": attribute("status.creator"),
        "commit": _status_commit,
        "isRequired": _status_is_required,
    },
}
