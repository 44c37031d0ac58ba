"""Builders with defaults: a pull request that may be merged. Change one fact, state the outcome."""

from __future__ import annotations

import dataclasses

from bot.bumps import Check, CheckState, Mergeable, MergeFacts, PullRequestState
from bot.policies import AutoMerge


def facts(**changes: object) -> MergeFacts:
    ready = MergeFacts(
        state=PullRequestState.OPEN,
        draft=False,
        author_login="niro[bot]",
        bot_login="niro[bot]",
        head="c0ffee",
        recorded_head="c0ffee",
        base_branch="main",
        recorded_base="main",
        mergeable=Mergeable.MERGEABLE,
        checks=(Check("test", required=True, state=CheckState.SUCCESS),),
        required=("test",),
        auto_merge=AutoMerge(),
    )
    return dataclasses.replace(ready, **changes)


def check(name: str = "test", state: CheckState = CheckState.SUCCESS, *, required: bool = True) -> Check:
    return Check(name, required, state)
