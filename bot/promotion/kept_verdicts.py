"""Verdicts as history keeps them: JSON."""

from __future__ import annotations

import json
from typing import Final

from bot.promotion.evidence import Refused
from bot.promotion.verdicts import Judged, Outcome, Verdict

_MOST_NESTED: Final = 20


class InvalidVerdict(ValueError):
    """A text that is no verdict as `verdict_to_json` writes one."""


def verdict_to_json(verdict: Verdict) -> str:
    """Write a verdict as one line of JSON; the same verdict always as the same text."""
    document = {
        "outcome": verdict.outcome.value,
        "sentence": verdict.sentence,
        "judged": [_judged_to_document(each) for each in verdict.judged],
        "refused": [{"place": each.place, "reason": each.reason} for each in verdict.refused],
        "pending": list(verdict.pending),
    }
    return json.dumps(document, separators=(",", ":"))


def verdict_from_json(text: str) -> Verdict:
    """Read what `verdict_to_json` wrote. Raises InvalidVerdict."""
    try:
        document = json.loads(text)
        return Verdict(
            Outcome(document["outcome"]),
            tuple(_judged_from_document(each, 1) for each in document["judged"]),
            str(document["sentence"]),
            tuple(Refused(str(each["place"]), str(each["reason"])) for each in document["refused"]),
            tuple(str(each) for each in document["pending"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        message = "this is no verdict in JSON as the bot writes it"
        raise InvalidVerdict(message) from None


def _judged_to_document(judged: Judged) -> dict[str, object]:
    document: dict[str, object] = {
        "criterion": judged.criterion,
        "outcome": judged.outcome.value,
        "seen": judged.seen,
        "sources": list(judged.sources),
    }
    if judged.inner:
        document["inner"] = [_judged_to_document(each) for each in judged.inner]
    return document


def _judged_from_document(document: dict[str, object], depth: int) -> Judged:
    inner, sources = document.get("inner", []), document["sources"]
    if depth > _MOST_NESTED or not isinstance(inner, list) or not isinstance(sources, list):
        raise InvalidVerdict
    return Judged(
        str(document["criterion"]),
        Outcome(document["outcome"]),
        str(document["seen"]),
        tuple(str(each) for each in sources),
        tuple(_judged_from_document(each, depth + 1) for each in inner),
    )
