"""Check runs and commit statuses: what has been said about a commit, and what that means for a merge."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import CheckRun, CheckSuite, CommitStatus
from bot.sandbox.refusals import FieldError, Forbidden, Validation

if TYPE_CHECKING:
    from bot.sandbox.model import Account, App, Repository, RequiredCheck
    from bot.sandbox.world import World

GOOD = {"success", "neutral", "skipped"}
CONCLUSIONS = GOOD | {"action_required", "cancelled", "failure", "stale", "timed_out", "startup_failure"}
MOST_ANNOTATIONS = 50
LONGEST_OUTPUT = 65_535  # bytes of UTF-8, although the refusal speaks of characters
MOST_ACTIONS = 3
LONGEST_ACTION = {"label": 20, "description": 40, "identifier": 20}  # characters
LONGEST_TITLE = 255  # characters
LONGEST_DETAILS = 65_536  # bytes of an annotation's message, and of its raw details


class Outcome(StrEnum):
    """What a check comes to."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILURE = "failure"
    EXPECTED = "expected"  # required, and has not reported


class Checks:
    """The check runs and statuses of all repositories."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def create_run(
        self, repository: Repository, app: App, *, name: str, head_oid: str, actor: Account, **values: Any
    ) -> CheckRun:
        """Report a new check run; ``values`` are the fields of GitHub's request. Raises Validation."""
        await self._check_commit(repository, head_oid)
        suite, now = self._suite(repository, app, head_oid), self._world.now()
        run = CheckRun(*self._world.identify("CR"), suite, name, head_oid, "queued", None, now, None)
        _fill(run, values, now=now)
        repository.check_runs[run.id] = run
        self._world.remember(run)
        await self._told(repository, run, "created", actor)
        return run

    async def update_run(
        self, repository: Repository, run: CheckRun, app: App | None, *, actor: Account, **values: Any
    ) -> CheckRun:
        """Change a check run; only its own App may. Annotations are appended. Raises Forbidden, Validation."""
        if run.app is not app:
            raise Forbidden("Invalid app_id `None` - check run can only be modified by the GitHub App that created it.")
        _fill(run, values, now=self._world.now())
        await self._told(repository, run, "completed", actor)
        return run

    async def set_status(
        self,
        repository: Repository,
        oid: str,
        *,
        state: str,
        context: str,
        actor: Account,
        description: str | None = None,
        target_url: str | None = None,
    ) -> CommitStatus:
        """Report a commit status; raises Validation."""
        await self._check_commit(repository, oid)
        if state not in {"error", "failure", "pending", "success"}:
            raise Validation(errors=(FieldError("Status", "custom", "state", "state is not included in the list"),))
        status = CommitStatus(
            *self._world.identify("SC"), oid, context, state, actor, self._world.now(), description, target_url
        )
        repository.statuses.append(status)
        self._world.remember(status)
        await self._world.tell("status", None, repository, actor, subject=status)
        await self._world.merging.settle(repository, oid)
        return status

    def runs(self, repository: Repository, oid: str, *, every: bool = False) -> list[CheckRun]:
        """Return the check runs of a commit, newest first; without ``every`` only the latest of each App and name."""
        found = [run for run in repository.check_runs.values() if run.head_oid == oid]
        found.sort(key=lambda run: run.id, reverse=True)
        if every:
            return found
        latest: dict[tuple[int, str], CheckRun] = {}
        for run in found:
            latest.setdefault((run.app.id, run.name), run)
        return list(latest.values())

    def statuses(self, repository: Repository, oid: str, *, every: bool = False) -> list[CommitStatus]:
        """Return the statuses of a commit, newest first; without ``every`` only the latest of each context."""
        found = [status for status in reversed(repository.statuses) if status.oid == oid]
        if every:
            return found
        latest: dict[str, CommitStatus] = {}
        for status in found:
            latest.setdefault(status.context, status)
        return list(latest.values())

    def outcome(self, repository: Repository, oid: str, required: RequiredCheck) -> Outcome:
        """Tell what a required check comes to on a commit: a run or a status of that name counts."""
        runs = [run for run in self.runs(repository, oid) if run.name == required.context]
        if required.app_id is not None:
            runs = [run for run in runs if run.app.id == required.app_id]
        outcomes = [run_outcome(run) for run in runs]
        if required.app_id is None:
            statuses = self.statuses(repository, oid)
            outcomes += [status_outcome(status) for status in statuses if status.context == required.context]
        return combined(outcomes) or Outcome.EXPECTED

    def rollup(self, repository: Repository, oid: str) -> Outcome | None:
        """All checks and statuses of a commit in one word; None where there are none."""
        runs = [run_outcome(run) for run in self.runs(repository, oid)]
        return combined(runs + [status_outcome(status) for status in self.statuses(repository, oid)])

    def all_good(self, repository: Repository, oid: str) -> bool:
        """Whether nothing is pending or failed on a commit."""
        return self.rollup(repository, oid) in {None, Outcome.SUCCESS}

    async def _check_commit(self, repository: Repository, oid: str) -> None:
        if len(oid) != 40 or await repository.git.commit(oid) is None:  # noqa: PLR2004 - hex digits of a commit
            raise Validation(f"No commit found for SHA: {oid}")

    def _suite(self, repository: Repository, app: App, oid: str) -> CheckSuite:
        for suite in repository.check_suites.values():
            if suite.app is app and suite.head_oid == oid:
                return suite
        branch = next(
            (pull.head_branch for pull in repository.pulls if pull.head_oid == oid), repository.default_branch
        )
        now = self._world.now()
        suite = CheckSuite(*self._world.identify("CS"), app, oid, branch, now, now)
        repository.check_suites[suite.id] = suite
        self._world.remember(suite)
        return suite

    async def _told(self, repository: Repository, run: CheckRun, action: str, actor: Account) -> None:
        run.suite.updated_at = self._world.now()
        if action == "created" or run.status == "completed":
            await self._world.tell("check_run", action, repository, actor, subject=run)
        if run.status != "completed":
            return
        if action == "created":
            await self._world.tell("check_run", "completed", repository, actor, subject=run)
        if suite_conclusion(repository, run.suite):
            await self._world.tell("check_suite", "completed", repository, actor, subject=run.suite)
        await self._world.merging.settle(repository, run.head_oid)


def run_outcome(run: CheckRun) -> Outcome:
    """Tell what a check run says."""
    if run.status != "completed":
        return Outcome.PENDING
    return Outcome.SUCCESS if run.conclusion in GOOD else Outcome.FAILURE


def status_outcome(status: CommitStatus) -> Outcome:
    """Tell what a commit status says."""
    return {"success": Outcome.SUCCESS, "pending": Outcome.PENDING}.get(status.state, Outcome.FAILURE)


def combined(outcomes: list[Outcome]) -> Outcome | None:
    """Return the worst of several; None of none."""
    order = (Outcome.FAILURE, Outcome.PENDING, Outcome.SUCCESS)
    return next((outcome for outcome in order if outcome in outcomes), None)


def suite_runs(repository: Repository, suite: CheckSuite) -> list[CheckRun]:
    """Return the check runs of a suite."""
    return [run for run in repository.check_runs.values() if run.suite is suite]


def suite_conclusion(repository: Repository, suite: CheckSuite) -> str | None:
    """Return the conclusion of a suite whose runs have all completed, else None."""
    runs = suite_runs(repository, suite)
    if not runs or any(run.status != "completed" for run in runs):
        return None
    return next((run.conclusion for run in runs if run.conclusion not in GOOD), "success")


def _fill(run: CheckRun, values: dict[str, Any], *, now: Any) -> None:
    """Take the request's fields over; raises Validation."""
    _check_limits(values)
    for name in ("name", "external_id", "details_url", "started_at", "actions"):
        if values.get(name) is not None:
            setattr(run, name, values[name])
    output = dict(values.get("output") or {})
    run.annotations.extend(output.pop("annotations", []))
    run.output.update(output)
    run.status = values.get("status") or run.status
    if values.get("conclusion"):
        run.status, run.conclusion = "completed", values["conclusion"]
    if run.status == "completed":
        run.completed_at = values.get("completed_at") or now
    else:
        run.conclusion, run.completed_at = None, None


def _check_limits(values: dict[str, Any]) -> None:
    output, conclusion = values.get("output") or {}, values.get("conclusion")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise _invalid("conclusion", f"conclusion is not included in the list: {conclusion}")
    if values.get("status") == "completed" and conclusion is None:
        raise _invalid("conclusion", "conclusion is required when status is completed")
    if len(output.get("annotations", ())) > MOST_ANNOTATIONS:
        raise _invalid("annotations", f"No more than {MOST_ANNOTATIONS} annotations may be sent at once")
    for field in ("summary", "text"):
        if _size(output.get(field)) > LONGEST_OUTPUT:
            raise _invalid(field, f"Only {LONGEST_OUTPUT} characters are allowed")
    if len(values.get("actions") or ()) > MOST_ACTIONS:
        raise _invalid("actions", f"No more than {MOST_ACTIONS} actions are allowed")
    for action in values.get("actions") or ():
        _check_lengths("actions", action, LONGEST_ACTION)
    for annotation in output.get("annotations", ()):
        _check_annotation(annotation)


def _check_annotation(annotation: dict[str, Any]) -> None:
    _check_lengths("annotations", annotation, {"title": LONGEST_TITLE})
    for name in ("message", "raw_details"):
        if _size(annotation.get(name)) > LONGEST_DETAILS:
            raise _invalid("annotations", f"{name} exceeds a maximum bytesize of 64 KB")
    if annotation["end_line"] < annotation["start_line"]:
        raise _invalid("annotations", "end_line must not be before start_line")


def _size(text: str | None) -> int:
    return len((text or "").encode(errors="replace"))


def _check_lengths(field: str, record: dict[str, Any], longest: dict[str, int]) -> None:
    for name, length in longest.items():
        if len(record.get(name) or "") > length:
            raise _invalid(field, f"{name} is too long (maximum is {length} characters)")


def _invalid(field: str, message: str) -> Validation:
    return Validation("Invalid request.", (FieldError("CheckRun", "invalid", field, message),))
