"""What was found out, as one JSON object with documented keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.explaining.rule_words import range_of

if TYPE_CHECKING:
    from bot.explaining.explanation import AtTag, ExplainedPolicy, Explanation
    from bot.explaining.following import NotUnderstood
    from bot.explaining.listing import Listing
    from bot.explaining.policy_files import FoundPolicy
    from bot.explaining.said import SaidOfPolicy
    from bot.explaining.verdicts import Verdict
    from bot.images import Tag
    from bot.manifests import Change, Occurrence, Skipped
    from bot.store import BumpRecord, RestrictionRecord

Json = dict[str, Any]


def listing_as_json(listing: Listing) -> str:
    """Write a listing as JSON; docs/command-line.md names the keys."""
    return _written(
        {
            "image": listing.image.name,
            "at": _time(listing.at),
            "policy": _policy(listing.found),
            "tags": listing.listed,
            "decision": _verdict(listing.verdict),
            "notes": list(listing.notes),
            "problems": list(listing.problems),
        }
    )


def explanation_as_json(explanation: Explanation) -> str:
    """Write an explanation as JSON; docs/command-line.md names the keys."""
    return _written(
        {
            "directory": _text(explanation.directory),
            "name": _text(explanation.name),
            "at": _time(explanation.at),
            "policies": [_explained(policy) for policy in explanation.policies],
            "not_read": [
                {"path": _text(each.path), "reason": each.reason.value, "sentence": each.sentence}
                for each in explanation.not_read
            ],
            "problems": list(explanation.problems),
        }
    )


def _written(value: Json) -> str:
    # ASCII only: it is safe in any terminal.
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _text(given: str) -> str:
    """Escape what is no Unicode in a path or a word of the command, which readers of JSON would not take."""
    return given.encode(errors="backslashreplace").decode()


def _time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _policy(found: FoundPolicy) -> Json:
    policy = found.policy
    return {
        "name": policy.name,
        "path": None if found.path is None else _text(found.path),
        "line": None if found.path is None else policy.line,
        "image": found.pattern or str(policy.image),
        "strategy": policy.rule.strategy.value,
        "range": range_of(policy),
        "paused": found.paused,
        "others": list(found.others),
        "flux": None if found.flux is None else found.flux.value,
    }


def _verdict(verdict: Verdict) -> Json:
    decision = verdict.decision
    return {
        "current": verdict.current,
        "selected": None if decision.selected is None else _tag(decision.selected),
        "digest": decision.digest,
        "update": None if decision.update is None else decision.update.value,
        "reason": decision.reason.value,
        "sentence": decision.sentence,
        "reconsider_at": _time(decision.reconsider_at),
        "wanted": [{"tag": tag.name, "fact": fact.value} for tag, fact in decision.wanted],
        "rejected": [
            {"tag": tag.name, "reason": why.reason.value, "sentence": why.sentence} for tag, why in verdict.rejected
        ],
    }


def _tag(tag: Tag) -> Json:
    return {
        "tag": tag.name,
        "digest": tag.digest,
        "platforms": None if tag.platforms is None else sorted(map(str, tag.platforms)),
        "pushed_at": _time(tag.pushed_at),
    }


def _explained(policy: ExplainedPolicy) -> Json:
    return {
        "policy": _policy(policy.found),
        "image": policy.found.policy.image.name,
        "tags": policy.listed,
        "standing": [_at_tag(each) for each in policy.at_tags],
        "left_alone": [_skipped(each) for each in policy.left_alone],
        "notes": list(policy.notes),
        "unread": policy.unread,
        "said": None if policy.said is None else _said(policy.said),
    }


def _said(said: SaidOfPolicy) -> Json:
    bump, note, order = said.pull_request, said.note, said.order
    return {
        "repository": said.repository,
        "pull_request": None if bump is None else _pull_request(bump),
        "note": None if note is None else {"kind": note.kind.value, "sentence": note.sentence, "at": _time(note.at)},
        "order": None if order is None else {"by": order.by, "head": order.head, "at": _time(order.at)},
        "restrictions": [_restriction(record) for record in said.restrictions],
    }


def _pull_request(bump: BumpRecord) -> Json:
    return {
        "number": bump.pull_request,
        "state": bump.state.value,
        "branch": bump.branch,
        "base": bump.base,
        "head": bump.head,
    }


def _restriction(record: RestrictionRecord) -> Json:
    return {
        "kind": record.kind.value,
        "tag": record.tag,
        "digest": record.digest,
        "range": record.range,
        "beyond": record.beyond,
        "until": _time(record.until),
        "reason": record.reason,
        "by": record.by,
        "source": record.source,
        "at": _time(record.at),
    }


def _at_tag(at_tag: AtTag) -> Json:
    return {
        "current": at_tag.current,
        "occurrences": [_occurrence(each) for each in at_tag.occurrences],
        "decision": None if at_tag.verdict is None else _verdict(at_tag.verdict),
        "changes": [_change(each) for each in at_tag.changes],
    }


def _occurrence(occurrence: Occurrence) -> Json:
    return {
        "path": _text(occurrence.path),
        "line": occurrence.line,
        "text": occurrence.text,
        "kind": occurrence.kind,
        "namespace": occurrence.namespace,
        "name": occurrence.name,
        "container": occurrence.container,
        "field": occurrence.field,
        "marker": occurrence.marker,
    }


def _change(change: Change) -> Json:
    return {"path": _text(change.path), "line": change.line, "old": change.old, "new": change.new}


def _skipped(skipped: Skipped | NotUnderstood) -> Json:
    return {
        "path": _text(skipped.path),
        "line": skipped.line,
        "reason": skipped.reason.value,
        "sentence": skipped.message,
    }
