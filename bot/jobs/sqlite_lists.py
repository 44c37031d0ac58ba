"""What Procrastinate reads about jobs and workers, in SQLite: one function for each named query."""

import json
from collections.abc import Callable
from typing import Any, Final

from bot.jobs.sqlite_calls import JOB_COLUMNS, Call, Row

_FILTERS: Final = """
    (:queue_name IS NULL OR queue_name = :queue_name) AND (:task_name IS NULL OR task_name = :task_name)
    AND (:status IS NULL OR status = :status) AND (:lock IS NULL OR lock = :lock)
"""


def get_job_status(call: Call, *, job_id: int) -> list[Row]:
    """Read a job's status; no row if there is no such job."""
    return _plain(call, "SELECT status FROM procrastinate_jobs WHERE id = :job_id", job_id=job_id)


def list_jobs(call: Call, **filters: Any) -> list[Row]:
    """List jobs by id, everything that is given must match."""
    jobs = call.rows(
        f"""
        SELECT {JOB_COLUMNS}, abort_requested FROM procrastinate_jobs
        WHERE {_FILTERS} AND (:id IS NULL OR id = :id)
          AND (:queueing_lock IS NULL OR queueing_lock = :queueing_lock)
          AND (:worker_id IS NULL OR worker_id = :worker_id)
        ORDER BY id
        """,  # noqa: S608 -- constants of this file
        **filters,
    )
    return [{**call.job(row), "abort_requested": bool(row["abort_requested"])} for row in jobs]


def list_jobs_to_abort(call: Call, *, queue_name: str | None) -> list[Row]:
    """List the running jobs that are asked to stop."""
    return _plain(
        call,
        """
        SELECT id FROM procrastinate_jobs
        WHERE status = 'doing' AND abort_requested AND (:queue_name IS NULL OR queue_name = :queue_name)
        """,
        queue_name=queue_name,
    )


def counted_by(column: str) -> Callable[..., list[Row]]:
    """Make the query that counts jobs by this column and status."""

    def count(call: Call, **filters: Any) -> list[Row]:
        counted = call.rows(
            f"""
            SELECT name, sum(jobs) AS jobs_count, json_group_object(status, jobs) AS stats
            FROM (SELECT {column} AS name, status, count(*) AS jobs FROM procrastinate_jobs
                  WHERE {_FILTERS} AND {column} IS NOT NULL GROUP BY {column}, status)
            GROUP BY name ORDER BY name
            """,  # noqa: S608 -- the three columns are named below, in this program
            **filters,
        )
        return [{**dict(row), "stats": json.loads(row["stats"])} for row in counted]

    return count


def count_jobs_status(call: Call) -> list[Row]:
    """Count jobs by status."""
    return _plain(call, "SELECT count(*) AS count, status FROM procrastinate_jobs GROUP BY status")


def select_stalled_jobs_by_heartbeat(
    call: Call, *, queue: str | None, task_name: str | None, seconds_since_heartbeat: float
) -> list[Row]:
    """List the running jobs whose worker is gone or silent."""
    return _stalled(
        call,
        """
        worker_id IS NULL
        OR worker_id IN (SELECT id FROM procrastinate_workers WHERE last_heartbeat < :before)
        """,
        queue,
        task_name,
        seconds_since_heartbeat,
    )


def select_stalled_jobs_by_started(
    call: Call, *, queue: str | None, task_name: str | None, nb_seconds: float
) -> list[Row]:
    """List the running jobs that started longer ago."""
    return _stalled(call, "started_at < :before", queue, task_name, nb_seconds)


def _stalled(call: Call, condition: str, queue: str | None, task_name: str | None, seconds: float) -> list[Row]:
    stalled = call.rows(
        f"""
        SELECT {JOB_COLUMNS} FROM procrastinate_jobs
        WHERE status = 'doing' AND (:queue IS NULL OR queue_name = :queue)
          AND (:task_name IS NULL OR task_name = :task_name) AND ({condition})
        """,  # noqa: S608 -- the two conditions above
        queue=queue,
        task_name=task_name,
        before=_ago(call, seconds),
    )
    return [call.job(row) for row in stalled]


def register_worker(call: Call) -> list[Row]:
    """Add a worker that lives now."""
    return _plain(call, "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:now) RETURNING id AS worker_id")


def unregister_worker(call: Call, *, worker_id: int) -> list[Row]:
    """Remove a worker."""
    return _plain(call, "DELETE FROM procrastinate_workers WHERE id = :worker_id", worker_id=worker_id)


def update_heartbeat(call: Call, *, worker_id: int) -> list[Row]:
    """Note that a worker lives now."""
    return _plain(
        call, "UPDATE procrastinate_workers SET last_heartbeat = :now WHERE id = :worker_id", worker_id=worker_id
    )


def prune_stalled_workers(call: Call, *, seconds_since_heartbeat: float) -> list[Row]:
    """Remove the workers that have been silent for so long; their jobs have no worker then."""
    return _plain(
        call,
        "DELETE FROM procrastinate_workers WHERE last_heartbeat < :before RETURNING id AS worker_id",
        before=_ago(call, seconds_since_heartbeat),
    )


def _plain(call: Call, statement: str, **parameters: Any) -> list[Row]:
    return [dict(row) for row in call.rows(statement, **parameters)]


def _ago(call: Call, seconds: float) -> int:
    return call.now - round(seconds * 1_000_000)
