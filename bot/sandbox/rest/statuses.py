"""Commit statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.refusals import NotFound
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import checks

if TYPE_CHECKING:
    from bot.sandbox.model import Repository
    from bot.sandbox.rest.call import Call


@operation("repos/create-commit-status", "POST", "/repos/{owner}/{repo}/statuses/{sha}")
async def create_status(call: Call) -> Answer:
    """Report a status of a commit."""
    repository = call.repository("statuses", "write")
    status = await call.world.checks.set_status(
        repository,
        call.values["sha"],
        state=call.required("state", str),
        context=call.optional("context", str) or "default",
        description=call.optional("description", str),
        target_url=call.optional("target_url", str),
        actor=call.actor,
    )
    return Answer(checks.status(call.world, repository, status), status=201)


@operation("repos/list-commit-statuses-for-ref", "GET", "/repos/{owner}/{repo}/commits/{ref}/statuses")
async def list_statuses(call: Call) -> Answer:
    """List all statuses of a commit, newest first."""
    repository, oid = await _commit(call)
    found = call.world.checks.statuses(repository, oid, every=True)
    return call.page([checks.status(call.world, repository, status) for status in found])


@operation("repos/get-combined-status-for-ref", "GET", "/repos/{owner}/{repo}/commits/{ref}/status")
async def get_combined_status(call: Call) -> Answer:
    """Show the latest status of each context, and all in one word."""
    return Answer(checks.combined_status(call.world, *await _commit(call)))


async def _commit(call: Call) -> tuple[Repository, str]:
    repository = call.repository("statuses")
    commit = await repository.git.commit(call.values["ref"])
    if commit is None:
        raise NotFound
    return repository, commit.oid
