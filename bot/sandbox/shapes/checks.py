"""Check runs, check suites and statuses as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.checks import Outcome, suite_conclusion, suite_runs
from bot.sandbox.shapes import repositories
from bot.sandbox.shapes.basics import Json, moment
from bot.sandbox.shapes.git_objects import head_commit
from bot.sandbox.shapes.people import app, simple_user

if TYPE_CHECKING:
    from bot.sandbox.model import CheckRun, CheckSuite, CommitStatus, PullRequest, Repository
    from bot.sandbox.world import World


def check_run(world: World, repository: Repository, run: CheckRun) -> Json:
    """Return GitHub's ``check-run``."""
    url = f"{repositories.api_url(world, repository)}/check-runs/{run.id}"
    return {
        "id": run.id,
        "node_id": run.node_id,
        "name": run.name,
        "head_sha": run.head_oid,
        "external_id": run.external_id,
        "url": url,
        "html_url": f"{repositories.html_url(world, repository)}/runs/{run.id}",
        "details_url": run.details_url or f"{repositories.html_url(world, repository)}/runs/{run.id}",
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": moment(run.started_at),
        "completed_at": moment(run.completed_at),
        "output": {
            **{name: run.output.get(name) for name in ("title", "summary", "text")},
            "annotations_count": len(run.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": run.suite.id},
        "app": app(world, run.app),
        "pull_requests": pull_requests(world, repository, run.head_oid),
    }


def check_run_in_event(world: World, repository: Repository, run: CheckRun) -> Json:
    """Return a check run as events show it: with its suite."""
    suite = run.suite
    inner = {
        "id": suite.id,
        "node_id": suite.node_id,
        "head_branch": suite.head_branch,
        "head_sha": suite.head_oid,
        "status": "completed" if suite_conclusion(repository, suite) else "in_progress",
        "conclusion": suite_conclusion(repository, suite),
        "url": f"{repositories.api_url(world, repository)}/check-suites/{suite.id}",
        "before": None,
        "after": None,
        "pull_requests": pull_requests(world, repository, suite.head_oid),
        "app": app(world, suite.app),
        "created_at": moment(suite.created_at),
        "updated_at": moment(suite.updated_at),
    }
    return {**check_run(world, repository, run), "check_suite": inner}


async def check_suite(world: World, repository: Repository, suite: CheckSuite) -> Json:
    """Return a check suite as events show it."""
    url = f"{repositories.api_url(world, repository)}/check-suites/{suite.id}"
    commit = await repository.git.commit(suite.head_oid)
    assert commit is not None
    conclusion = suite_conclusion(repository, suite)
    return {
        "id": suite.id,
        "node_id": suite.node_id,
        "head_branch": suite.head_branch,
        "head_sha": suite.head_oid,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "url": url,
        "before": None,
        "after": suite.head_oid,
        "pull_requests": pull_requests(world, repository, suite.head_oid),
        "app": app(world, suite.app),
        "created_at": moment(suite.created_at),
        "updated_at": moment(suite.updated_at),
        "latest_check_runs_count": len(suite_runs(repository, suite)),
        "check_runs_url": f"{url}/check-runs",
        "head_commit": head_commit(world, commit),
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def pull_requests(world: World, repository: Repository, oid: str) -> list[Json]:
    """Return the open pull requests whose head a commit is, in GitHub's ``pull-request-minimal``; none of a fork."""
    own = (pull for pull in repository.pulls if pull.fork is None)
    return [minimal_pull(world, pull) for pull in own if pull.state == "open" and pull.head_oid == oid]


def minimal_pull(world: World, pull: PullRequest) -> Json:
    """Return GitHub's ``pull-request-minimal``."""
    url = repositories.api_url(world, pull.repository)
    here = {"id": pull.repository.id, "url": url, "name": pull.repository.name}
    return {
        "id": pull.id,
        "number": pull.number,
        "url": f"{url}/pulls/{pull.number}",
        "head": {"ref": pull.head_branch, "sha": pull.head_oid, "repo": here},
        "base": {"ref": pull.base_branch, "sha": pull.base_oid, "repo": here},
    }


def annotation(run: CheckRun, found: Json) -> Json:
    """Return GitHub's ``check-annotation``."""
    optional = ("start_column", "end_column", "title", "raw_details")
    return {
        "path": found["path"],
        "blob_href": f"/blob/{run.head_oid}/{found['path']}",
        "start_line": found["start_line"],
        "end_line": found["end_line"],
        "annotation_level": found["annotation_level"],
        "message": found["message"],
        **{name: found.get(name) for name in optional},
    }


def status(world: World, repository: Repository, record: CommitStatus) -> Json:
    """Return GitHub's ``status``."""
    simple = _simple_status(world, repository, record)
    return {**simple, "creator": simple_user(world, record.creator)}


def combined_status(world: World, repository: Repository, oid: str) -> Json:
    """Return GitHub's ``combined-commit-status``: the latest of each context, and all in one word."""
    url = f"{repositories.api_url(world, repository)}/commits/{oid}"
    statuses = world.checks.statuses(repository, oid)
    states = {record.state for record in statuses}
    failed = bool(states & {"error", "failure"})
    pending = not states or "pending" in states
    return {
        "state": Outcome.FAILURE if failed else Outcome.PENDING if pending else Outcome.SUCCESS,
        "statuses": [_simple_status(world, repository, record) for record in statuses],
        "sha": oid,
        "total_count": len(statuses),
        "repository": repositories.minimal(world, repository),
        "commit_url": url,
        "url": f"{url}/status",
    }


def _simple_status(world: World, repository: Repository, record: CommitStatus) -> Json:
    return {
        "url": f"{repositories.api_url(world, repository)}/statuses/{record.oid}",
        "avatar_url": f"{world.url}/avatars/{record.creator.id}",
        "id": record.id,
        "node_id": record.node_id,
        "state": record.state,
        "description": record.description,
        "target_url": record.target_url,
        "context": record.context,
        "created_at": moment(record.created_at),
        "updated_at": moment(record.created_at),
    }
