"""What an operator can count about work."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

FINISHED: Final = Counter("niro_jobs_finished", "Jobs that ended, by kind of work and outcome", ("kind", "outcome"))
SECONDS: Final = Histogram(
    "niro_job_seconds",
    "How long jobs took, by kind of work",
    ("kind",),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
RUNNING: Final = Gauge("niro_jobs_running", "Jobs that run now, by kind of work", ("kind",))
LATE: Final = Gauge("niro_due_late_seconds", "How long the oldest due work has been waiting to be handed out")
