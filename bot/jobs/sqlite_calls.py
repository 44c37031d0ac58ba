"""What each change of Procrastinate's job table does, in SQLite: one function for each named query.

Procrastinate's own functions in schema.sql are the model: the same transitions are refused, the same
columns change. A refusal is an IntegrityError here, as a database would raise it.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from procrastinate.exceptions import UniqueViolation
from procrastinate.types import JobToDefer

from bot.jobs.sqlite_schema import LOCK_INDEX, QUEUEING_LOCK_INDEX, STATEMENTS

Row = dict[str, Any]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

JOB_COLUMNS: Final = (
    "id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a listening worker is to be told about a job."""

    type: str  # job_inserted | abort_job_requested
    job_id: int
    queue_name: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call in its transaction: the connection, the time in microseconds, and whom to tell after the commit."""

    connection: sqlite3.Connection
    now: int
    notices: list[Notice] = field(default_factory=list)

    def rows(self, statement: str, **parameters: Any) -> list[sqlite3.Row]:
        """Execute one statement and fetch its rows; `:now` is always given."""
        return self.connection.execute(statement, {"now": self.now, **parameters}).fetchall()

    def job(self, row: sqlite3.Row) -> Row:
        """Show a row of the job table as Procrastinate reads it."""
        return {**dict(row), "args": json.loads(row["args"]), "scheduled_at": to_datetime(row["scheduled_at"])}

    def tell(self, type_: str, row: sqlite3.Row) -> None:
        """Remember to tell the listeners about a job once this is committed."""
        self.notices.append(Notice(type_, row["id"], row["queue_name"]))


def to_microseconds(moment: datetime | None) -> int | None:
    """Count microseconds since 1970; a time without a zone is local, as PostgreSQL reads it."""
    return None if moment is None else (moment.astimezone(UTC) - _EPOCH) // _MICROSECOND


def to_datetime(microseconds: int | None) -> datetime | None:
    """Turn microseconds since 1970 into an aware time in UTC."""
    return None if microseconds is None else _EPOCH + microseconds * _MICROSECOND


def apply_schema(call: Call) -> list[Row]:
    """Make the tables; an error if they exist."""
    for statement in STATEMENTS:
        call.connection.execute(statement)
    return []


def check_connection(call: Call) -> list[Row]:
    """Tell whether the job table exists."""
    found = call.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'procrastinate_jobs'")
    return [{"check": found[0]["name"] if found else None}]


def defer_jobs(call: Call, *, jobs: Iterable[JobToDefer]) -> list[Row]:
    """Insert jobs, all or none of them."""
    return [{"id": _insert(call, job)} for job in jobs]


def _insert(call: Call, job: JobToDefer) -> int:
    try:
        (row,) = call.rows(
            """
            INSERT INTO procrastinate_jobs
                (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at, changed_at)
            VALUES (:queue_name, :task_name, :priority, :lock, :queueing_lock, :args, :scheduled_at, :now)
            RETURNING id, queue_name
            """,
            **{
                **job._asdict(),
                "args": json.dumps(job.args, allow_nan=False),
                "scheduled_at": to_microseconds(job.scheduled_at),
            },
        )
    except sqlite3.IntegrityError as error:
        raise _named(error, job.queueing_lock) from error
    call.tell("job_inserted", row)
    return int(row["id"])


def _named(error: sqlite3.IntegrityError, queueing_lock: str | None) -> Exception:
    """Give a violated index its name: SQLite's message names only the column."""
    if "UNIQUE" not in str(error):
        return error
    if str(error).endswith(".queueing_lock"):
        return UniqueViolation(str(error), constraint_name=QUEUEING_LOCK_INDEX, queueing_lock=queueing_lock)
    name = LOCK_INDEX if str(error).endswith("procrastinate_jobs.lock") else None
    return UniqueViolation(str(error), constraint_name=name, queueing_lock=None)


def defer_periodic_job(
    call: Call, *, task_name: str, periodic_id: str, defer_timestamp: int, queue: str, args: Row, **job: Any
) -> list[Row]:
    """Insert a periodic task's job for one time, unless somebody did; forget the times before it."""
    of_task = {"task_name": task_name, "periodic_id": periodic_id, "defer_timestamp": defer_timestamp}
    inserted = call.rows(
        """
        INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (:task_name, :periodic_id, :defer_timestamp) ON CONFLICT DO NOTHING RETURNING id
        """,
        **of_task,
    )
    if not inserted:
        return [{"id": None}]
    job_id = _insert(call, JobToDefer(queue_name=queue, task_name=task_name, args=args, scheduled_at=None, **job))
    call.rows(
        """
        DELETE FROM procrastinate_periodic_defers
        WHERE task_name = :task_name AND periodic_id = :periodic_id AND defer_timestamp < :defer_timestamp
        """,
        **of_task,
    )
    return [{"id": job_id}]


def fetch_job(call: Call, *, queues: Iterable[str] | None, worker_id: int) -> list[Row]:
    """Start the most urgent job whose lock is free and whose turn it is within its lock."""
    fetched = call.rows(
        f"""
        UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = :worker_id, started_at = :now, changed_at = :now
        WHERE id = (
            SELECT job.id FROM procrastinate_jobs AS job
            WHERE job.status = 'todo'
              AND (:queues IS NULL OR job.queue_name IN (SELECT value FROM json_each(:queues)))
              AND (job.scheduled_at IS NULL OR job.scheduled_at <= :now)
              AND NOT EXISTS (
                  SELECT 1 FROM procrastinate_jobs AS other WHERE other.status = 'doing' AND other.lock = job.lock)
              AND NOT EXISTS (
                  SELECT 1 FROM procrastinate_jobs AS other
                  WHERE other.status = 'todo' AND other.lock = job.lock
                    AND (other.priority > job.priority OR (other.priority = job.priority AND other.id < job.id)))
            ORDER BY job.priority DESC, job.id LIMIT 1
        )
        RETURNING {JOB_COLUMNS}
        """,  # noqa: S608 -- a constant list of columns
        queues=None if queues is None else json.dumps(list(queues)),
        worker_id=worker_id,
    )
    return [call.job(row) for row in fetched] or [{"id": None}]


def finish_job(call: Call, *, job_id: int, status: str, delete_job: bool) -> list[Row]:
    """End a job that waits or runs, for good."""
    if status not in {"succeeded", "failed", "aborted"}:
        raise sqlite3.IntegrityError(f"job {job_id} cannot end as {status!r}: only as succeeded, failed or aborted")
    change = (
        "DELETE FROM procrastinate_jobs"
        if delete_job
        else """
        UPDATE procrastinate_jobs
        SET status = :status, abort_requested = 0, attempts = attempts + (status = 'doing'), changed_at = :now
        """
    )
    ended = call.rows(
        f"{change} WHERE id = :job_id AND status IN ('todo', 'doing') RETURNING id, queue_name",
        job_id=job_id,
        status=status,
    )
    if not ended:
        raise sqlite3.IntegrityError(f"job {job_id} cannot end: it neither waits nor runs")
    call.tell("job_inserted", ended[0])  # the next job of its lock may start
    return []


def retry_job(
    call: Call,
    *,
    job_id: int,
    retry_at: datetime,
    new_priority: int | None,
    new_queue_name: str | None,
    new_lock: str | None,
) -> list[Row]:
    """Let a running or failed job wait again; one that runs and is to be aborted fails instead."""
    retried = call.rows(
        """
        UPDATE procrastinate_jobs SET status = 'failed', changed_at = :now
        WHERE id = :job_id AND status = 'doing' AND abort_requested RETURNING id, queue_name
        """,
        job_id=job_id,
    )
    try:
        retried = retried or call.rows(
            """
            UPDATE procrastinate_jobs
            SET status = 'todo', attempts = attempts + 1, scheduled_at = :retry_at, changed_at = :now,
                priority = coalesce(:new_priority, priority),
                queue_name = coalesce(:new_queue_name, queue_name),
                lock = coalesce(:new_lock, lock)
            WHERE id = :job_id AND status IN ('doing', 'failed') RETURNING id, queue_name
            """,
            job_id=job_id,
            retry_at=to_microseconds(retry_at),
            new_priority=new_priority,
            new_queue_name=new_queue_name,
            new_lock=new_lock,
        )
    except sqlite3.IntegrityError as error:
        raise _named(error, _queueing_lock(call, job_id)) from error
    if not retried:
        raise sqlite3.IntegrityError(f"job {job_id} cannot be retried: it neither runs nor has failed")
    call.tell("job_inserted", retried[0])
    return []


def _queueing_lock(call: Call, job_id: int) -> str | None:
    (row,) = call.rows("SELECT queueing_lock FROM procrastinate_jobs WHERE id = :job_id", job_id=job_id)
    return None if row["queueing_lock"] is None else str(row["queueing_lock"])


def cancel_job(call: Call, *, job_id: int, abort: bool, delete_job: bool) -> list[Row]:
    """Cancel a waiting job, or ask a running one to stop if `abort`."""
    cancelled = delete_job and call.rows(
        "DELETE FROM procrastinate_jobs WHERE id = :job_id AND status = 'todo' RETURNING *", job_id=job_id
    )
    cancelled = cancelled or call.rows(
        """
        UPDATE procrastinate_jobs
        SET status = CASE status WHEN 'todo' THEN 'cancelled' ELSE status END, changed_at = :now,
            abort_requested = abort_requested OR :abort
        WHERE id = :job_id AND (status = 'todo' OR (status = 'doing' AND :abort))
        RETURNING *
        """,
        job_id=job_id,
        abort=abort,
    )
    if cancelled and cancelled[0]["status"] == "doing":
        call.tell("abort_job_requested", cancelled[0])
    return [{"id": cancelled[0]["id"] if cancelled else None}]


def delete_old_jobs(call: Call, *, nb_hours: int, queue: str | None, statuses: Iterable[str]) -> list[Row]:
    """Delete jobs to which nothing happened for so many hours."""
    call.rows(
        """
        DELETE FROM procrastinate_jobs
        WHERE status IN (SELECT value FROM json_each(:statuses)) AND (:queue IS NULL OR queue_name = :queue)
          AND max(changed_at, coalesce(scheduled_at, 0)) < :before
        """,
        statuses=json.dumps(list(statuses)),
        queue=queue,
        before=call.now - nb_hours * 3_600_000_000,
    )
    return []
