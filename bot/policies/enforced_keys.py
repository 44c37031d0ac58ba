"""Which keys an organisation may enforce: those of whose values one can be stricter than another."""

from __future__ import annotations

from typing import Annotated, Final

from bot.images import quoted
from bot.policies.problems import closest
from bot.policies.rules import RULES_BY_ID
from bot.policies.section import ReadBy
from bot.policies.values import read_text, refuse

DEFAULTS: Final = "defaults."
FINDINGS: Final = "findings."
RULES: Final = "findings.rules."

MIN_AGE: Final = "defaults.min-age"
UPDATES: Final = "defaults.updates"
EXCLUDE: Final = "defaults.exclude"
PLATFORMS: Final = "defaults.platforms"
PIN_DIGEST: Final = "defaults.pin-digest"
WORKFLOWS: Final = "defaults.update.workflows"
AUTO_MERGE: Final = "defaults.pull-request.auto-merge"
DELIVERY: Final = "defaults.pull-request.delivery"
FAIL_ON: Final = "findings.fail-on"
COMMENT_ON: Final = "findings.comment-on"

PULL_REQUEST: Final = "defaults.pull-request."

OF_POLICIES: Final = (MIN_AGE, UPDATES, EXCLUDE, PLATFORMS, PIN_DIGEST, WORKFLOWS, AUTO_MERGE, DELIVERY)
OF_FINDINGS: Final = (FAIL_ON, COMMENT_ON)
OF_RULES: Final = tuple(f"{RULES}{rule}" for rule in RULES_BY_ID)

_KNOWN: Final = frozenset({*OF_POLICIES, *OF_FINDINGS, *OF_RULES, *RULES_BY_ID})


def read_enforced_key(value: object) -> str:
    """Read a key whose value may only become stricter, with all keys above it; the id of a rule will do by itself."""
    text = read_text(value)
    if text not in _KNOWN:
        refuse(f"names keys that can be enforced, and {quoted(text)} is none{_meant(text)}")
    return f"{RULES}{text}" if text in RULES_BY_ID else text


def _meant(text: str) -> str:
    """Say which key may have been meant, by its last part; where none is like it, which ones there are."""
    by_end = {key.rpartition(".")[2]: key for key in (*OF_POLICIES, *OF_FINDINGS)} | dict.fromkeys(RULES_BY_ID, "")
    end = closest(text.rpartition(".")[2], by_end)
    if end is not None:
        return f"; did you mean `{by_end[end] or end}`?"
    return f"; these are {', '.join((*OF_POLICIES, *OF_FINDINGS))}, and the id of each rule"


EnforcedKey = Annotated[str, ReadBy(read_enforced_key, {"enum": [*OF_POLICIES, *OF_FINDINGS, *RULES_BY_ID, *OF_RULES]})]
