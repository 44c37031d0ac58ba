"""Pull requests: list, open, change, close, merge; their files, commits and reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import MergeMethod
from bot.sandbox.refusals import NotFound, Validation
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import git_objects, pulls
from bot.sandbox.workflows import refuse_merge

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest
    from bot.sandbox.rest.call import Call

MOST_FILES = 3000
SORTS = {"created": "created_at", "updated": "updated_at"}


@operation("pulls/list", "GET", "/repos/{owner}/{repo}/pulls")
async def list_pulls(call: Call) -> Answer:
    """List pull requests, open ones unless asked otherwise, newest first."""
    repository, state = call.repository("pull_requests"), call.query.get("state", "open")
    found = [pull for pull in repository.pulls if state in {"all", pull.state} and _asked_for(call, pull)]
    moment = SORTS.get(call.query.get("sort", "created"), "created_at")
    downwards = call.query.get("direction", "desc") == "desc"
    found.sort(key=lambda pull: (getattr(pull, moment), pull.number), reverse=downwards)
    return call.page([pulls.simple(call.world, pull) for pull in found])


@operation("pulls/create", "POST", "/repos/{owner}/{repo}/pulls")
async def create_pull(call: Call) -> Answer:
    """Open a pull request."""
    repository = call.repository("pull_requests", "write")
    call.world.limits.create_content(call.token)
    pull = await call.world.pulls.open(
        repository,
        head=call.required("head", str),
        base=call.required("base", str),
        title=call.required("title", str),
        body=call.optional("body", str),
        draft=bool(call.optional("draft", bool)),
        maintainer_can_modify=bool(call.optional("maintainer_can_modify", bool)),
        actor=call.actor,
    )
    return Answer(await pulls.full(call.world, pull), status=201)


@operation("pulls/get", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}")
async def get_pull(call: Call) -> Answer:
    """Show a pull request."""
    return Answer(await pulls.full(call.world, _pull(call)))


@operation("pulls/update", "PATCH", "/repos/{owner}/{repo}/pulls/{pull_number}")
async def update_pull(call: Call) -> Answer:
    """Change title, body, base or state."""
    pull, state = _pull(call, "write"), call.optional("state", str)
    texts = {name: call.optional(name, str) for name in ("title", "body", "base")}
    await call.world.pulls.update(pull, call.actor, **texts)
    if state == "closed":
        await call.world.pulls.close(pull, call.actor)
    elif state == "open":
        await call.world.pulls.reopen(pull, call.actor)
    return Answer(await pulls.full(call.world, pull))


@operation("pulls/merge", "PUT", "/repos/{owner}/{repo}/pulls/{pull_number}/merge")
async def merge_pull(call: Call) -> Answer:
    """Merge, if the head is still the one in ``sha`` and nothing stands in the way."""
    call.repository("contents", "write")
    pull = _pull(call, "write")
    await refuse_merge(call.token, pull)
    oid = await call.world.merging.merge(
        pull,
        call.actor,
        method=_method(call.optional("merge_method", str)),
        expected_head=call.optional("sha", str),
        title=call.optional("commit_title", str),
        message=call.optional("commit_message", str),
    )
    return Answer({"sha": oid, "merged": True, "message": "Pull Request successfully merged"})


@operation("pulls/check-if-merged", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/merge")
async def is_merged(call: Call) -> Answer:
    """Tell by the status whether it was merged."""
    if not _pull(call).merged:
        raise NotFound
    return Answer(status=204)


@operation("pulls/list-files", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files")
async def list_files(call: Call) -> Answer:
    """List the changed files with their patches."""
    pull = _pull(call)
    changes = await pull.repository.git.changes(await pulls.fork_point(pull), pull.head_oid)
    return call.page(git_objects.file_changes(call.world, pull.repository, pull.head_oid, changes[:MOST_FILES]))


@operation("pulls/list-commits", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/commits")
async def list_commits(call: Call) -> Answer:
    """List the commits, oldest first."""
    pull = _pull(call)
    found = await pull.repository.git.commits_between(await pulls.fork_point(pull), pull.head_oid)
    return call.page([git_objects.commit(call.world, pull.repository, commit) for commit in found])


@operation("pulls/request-reviewers", "POST", "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers")
async def request_reviewers(call: Call) -> Answer:
    """Ask people to review."""
    pull = _pull(call, "write")
    await call.world.issues.request_reviews(pull, call.optional("reviewers", list) or [], call.actor)
    return Answer(pulls.simple(call.world, pull), status=201)


def _pull(call: Call, level: str = "read") -> PullRequest:
    return call.world.issues.find_pull(call.repository("pull_requests", level), call.number("pull_number"))


def _asked_for(call: Call, pull: PullRequest) -> bool:
    head, base = call.query.get("head"), call.query.get("base")
    wanted = (None, f"{pull.home.owner.login}:{pull.head_branch}")
    return head in wanted and base in (None, pull.base_branch)


def _method(text: str | None) -> MergeMethod:
    try:
        return MergeMethod(text or "merge")
    except ValueError as unknown:
        raise Validation(f"Invalid request.\n\nFor 'merge_method', {text!r} is not a possible value.") from unknown
