"""The verdicts about bumps: which tag should stand, which pull requests to open or close, and when to merge."""

from bot.bumps.branches import safe_branch
from bot.bumps.changing import Standing, changes, outcome, standing
from bot.bumps.deciding import ByDigest, Decisions, Refusal, Wanted, decide, refusals, wanted
from bot.bumps.describing import PullRequestText, describe
from bot.bumps.merging import (
    Check,
    CheckState,
    Mergeable,
    MergeFacts,
    MergeReason,
    MergeVerdict,
    PullRequestState,
    may_merge,
)
from bot.bumps.planning import Close, Keep, Open, PlanItem, Update, plan
from bot.bumps.trailers import TRAILER, fingerprint_in
from bot.bumps.wishes import Base, Bump, Proposal, fingerprint
from bot.bumps.written import as_written

__all__ = [
    "TRAILER",
    "Base",
    "Bump",
    "ByDigest",
    "Check",
    "CheckState",
    "Close",
    "Decisions",
    "Keep",
    "MergeFacts",
    "MergeReason",
    "MergeVerdict",
    "Mergeable",
    "Open",
    "PlanItem",
    "Proposal",
    "PullRequestState",
    "PullRequestText",
    "Refusal",
    "Standing",
    "Update",
    "Wanted",
    "as_written",
    "changes",
    "decide",
    "describe",
    "fingerprint",
    "fingerprint_in",
    "may_merge",
    "outcome",
    "plan",
    "refusals",
    "safe_branch",
    "standing",
    "wanted",
]
