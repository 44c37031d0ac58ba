"""Use cases: each flow reads facts through the adapters, asks the core, and applies what it decided.

Importing this package registers every performer and every event handler, so every process imports it whole.
"""

from bot.flows import (
    bump,
    choosing_readers,
    command,
    configure,
    dashboard,
    delivery,
    follow_promotion,
    housekeeping,
    index,
    installations,
    judge_again,
    merge,
    polling,
    promote,
    pull_requests,
    reconsidering,
    redelivery,
    report_promotion,
    review,
    review_buttons,
    review_groups,
    scan,
)

__all__ = [
    "bump",
    "choosing_readers",
    "command",
    "configure",
    "dashboard",
    "delivery",
    "follow_promotion",
    "housekeeping",
    "index",
    "installations",
    "judge_again",
    "merge",
    "polling",
    "promote",
    "pull_requests",
    "reconsidering",
    "redelivery",
    "report_promotion",
    "review",
    "review_buttons",
    "review_groups",
    "scan",
]
