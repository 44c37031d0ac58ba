"""Check runs: report, change, show, list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.authentication import Kind
from bot.sandbox.refusals import Forbidden, NotFound, Validation
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import checks

if TYPE_CHECKING:
    from bot.sandbox.model import App, CheckRun, Repository
    from bot.sandbox.rest.call import Call

FIELDS = ("status", "conclusion", "external_id", "details_url", "output", "actions")
MOMENTS = ("started_at", "completed_at")


@operation("checks/create", "POST", "/repos/{owner}/{repo}/check-runs")
async def create_check_run(call: Call) -> Answer:
    """Report a check run in the App's name."""
    repository, app = call.repository("checks", "write"), _app(call)
    run = await call.world.checks.create_run(
        repository,
        app,
        name=call.required("name", str),
        head_oid=call.required("head_sha", str),
        actor=call.actor,
        **_values(call),
    )
    return Answer(checks.check_run(call.world, repository, run), status=201)


@operation("checks/update", "PATCH", "/repos/{owner}/{repo}/check-runs/{check_run_id}")
async def update_check_run(call: Call) -> Answer:
    """Change a check run of one's own."""
    repository, app = call.repository("checks", "write"), _app(call)
    values = {**_values(call), "name": call.optional("name", str)}
    run = await call.world.checks.update_run(repository, _run(call, repository), app, actor=call.actor, **values)
    return Answer(checks.check_run(call.world, repository, run))


@operation("checks/get", "GET", "/repos/{owner}/{repo}/check-runs/{check_run_id}")
async def get_check_run(call: Call) -> Answer:
    """Show a check run."""
    repository = call.repository("checks")
    return Answer(checks.check_run(call.world, repository, _run(call, repository)))


@operation("checks/list-annotations", "GET", "/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations")
async def list_annotations(call: Call) -> Answer:
    """List a check run's annotations."""
    run = _run(call, call.repository("checks"))
    return call.page([checks.annotation(run, found) for found in run.annotations])


@operation("checks/list-for-ref", "GET", "/repos/{owner}/{repo}/commits/{ref}/check-runs")
async def list_check_runs(call: Call) -> Answer:
    """List the check runs of a commit: the latest of each, or all with ``filter=all``."""
    repository = call.repository("checks")
    commit = await repository.git.commit(call.values["ref"])
    if commit is None:
        raise Validation(f"No commit found for SHA: {call.values['ref']}")
    found = call.world.checks.runs(repository, commit.oid, every=call.query.get("filter") == "all")
    shown = [checks.check_run(call.world, repository, run) for run in found if _asked_for(call, run)]
    return call.page(shown, wrap="check_runs")


def _app(call: Call) -> App:
    if call.token.kind is not Kind.INSTALLATION or call.token.app is None:
        raise Forbidden("You must authenticate via a GitHub App.")
    return call.token.app


def _run(call: Call, repository: Repository) -> CheckRun:
    run = repository.check_runs.get(call.number("check_run_id"))
    if run is None:
        raise NotFound
    return run


def _values(call: Call) -> dict[str, Any]:
    values = {name: call.body[name] for name in FIELDS if name in call.body}
    return {**values, **{name: _moment(call.body[name]) for name in MOMENTS if call.body.get(name)}}


def _moment(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError as invalid:
        raise Validation("Invalid request.") from invalid


def _asked_for(call: Call, run: CheckRun) -> bool:
    wanted = {"check_name": run.name, "status": run.status, "app_id": str(run.app.id)}
    return all(call.query.get(name, value) == value for name, value in wanted.items())
