"""Work to be done: its kinds, the queue it waits in, and the runner that does it."""

from bot.jobs.connectors import Connector, connector_for
from bot.jobs.due import DueRow, DueTable
from bot.jobs.outcomes import Again, BackOff, Classify, Drop, Outcome, Park, RetryAt
from bot.jobs.performing import NoPerformer, SecondPerformer, WaitUntil, performer, performers, performs
from bot.jobs.runner import Runner
from bot.jobs.timing import Timing
from bot.jobs.work import (
    KINDS,
    BumpRepository,
    Housekeeping,
    IndexRepository,
    InvalidWork,
    MergeBump,
    Priority,
    ReconsiderImage,
    ReportPolicyFile,
    ScanImage,
    SynchroniseInstallation,
    Work,
    key,
    kind,
    owner,
    parse,
    priority,
)

__all__ = [
    "KINDS",
    "Again",
    "BackOff",
    "BumpRepository",
    "Classify",
    "Connector",
    "Drop",
    "DueRow",
    "DueTable",
    "Housekeeping",
    "IndexRepository",
    "InvalidWork",
    "MergeBump",
    "NoPerformer",
    "Outcome",
    "Park",
    "Priority",
    "ReconsiderImage",
    "ReportPolicyFile",
    "RetryAt",
    "Runner",
    "ScanImage",
    "SecondPerformer",
    "SynchroniseInstallation",
    "Timing",
    "WaitUntil",
    "Work",
    "connector_for",
    "key",
    "kind",
    "owner",
    "parse",
    "performer",
    "performers",
    "performs",
    "priority",
]
