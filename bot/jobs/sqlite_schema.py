"""The job queue's tables in SQLite: what Procrastinate's schema means, without its log of events.

The two columns `started_at` and `changed_at` stand for that log: its only readers ask for the time a job
was started last and the time anything happened to it last. Times are integer microseconds since 1970, UTC.
AUTOINCREMENT keeps the id of a deleted newest row from being given out again. The checks are those that
PostgreSQL makes by type.
"""

from typing import Final

QUEUEING_LOCK_INDEX: Final = "procrastinate_jobs_queueing_lock_idx_v1"
LOCK_INDEX: Final = "procrastinate_jobs_lock_idx_v1"

STATEMENTS: Final = (
    """
    CREATE TABLE procrastinate_workers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        last_heartbeat INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE procrastinate_jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue_name TEXT NOT NULL CHECK (length(queue_name) <= 128 AND instr(queue_name, char(0)) = 0),
        task_name TEXT NOT NULL CHECK (length(task_name) <= 128 AND instr(task_name, char(0)) = 0),
        priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -2147483648 AND 2147483647),
        lock TEXT CHECK (instr(lock, char(0)) = 0),
        queueing_lock TEXT CHECK (instr(queueing_lock, char(0)) = 0),
        args TEXT NOT NULL DEFAULT '{}',
        status TEXT NOT NULL DEFAULT 'todo'
            CHECK (status IN ('todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborting', 'aborted')),
        scheduled_at INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        abort_requested INTEGER NOT NULL DEFAULT 0,
        worker_id INTEGER REFERENCES procrastinate_workers (id) ON DELETE SET NULL,
        started_at INTEGER,
        changed_at INTEGER NOT NULL,
        CONSTRAINT check_not_todo_abort_requested CHECK (NOT (status = 'todo' AND abort_requested))
    )
    """,
    """
    CREATE TABLE procrastinate_periodic_defers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        task_name TEXT NOT NULL,
        periodic_id TEXT NOT NULL DEFAULT '',
        defer_timestamp INTEGER,
        UNIQUE (task_name, periodic_id, defer_timestamp)
    )
    """,
    f"CREATE UNIQUE INDEX {QUEUEING_LOCK_INDEX} ON procrastinate_jobs (queueing_lock) WHERE status = 'todo'",
    f"CREATE UNIQUE INDEX {LOCK_INDEX} ON procrastinate_jobs (lock) WHERE status = 'doing'",
    "CREATE INDEX procrastinate_jobs_fetch_idx ON procrastinate_jobs (priority DESC, id) WHERE status = 'todo'",
    "CREATE INDEX procrastinate_jobs_turn_idx ON procrastinate_jobs (lock, priority DESC, id) WHERE status = 'todo'",
    "CREATE INDEX procrastinate_jobs_worker_idx ON procrastinate_jobs (worker_id) WHERE worker_id IS NOT NULL",
)
