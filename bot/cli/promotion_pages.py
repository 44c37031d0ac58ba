"""Promoted images for people: what was judged, why it came out so, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.explaining.layout import Page
from bot.promotion import InvalidVerdict, Outcome, verdict_from_json
from bot.promotion.wording import moment
from bot.store import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.flows.promotion_trial import Trial
    from bot.promotion import Judged, Verdict
    from bot.store import PromotionEvent, PromotionRun

_WORDS = {Outcome.TRUE: "holds", Outcome.FALSE: "does not hold", Outcome.UNKNOWN: "not known"}

_SENTENCES = frozenset({EventKind.FAILED, EventKind.REOPENED})
"""The kinds of events whose document is a sentence, and whose outcome says nothing that the kind does not."""

Rows = list[tuple[str, str]]


def runs_as_text(found: Sequence[PromotionRun], names: Mapping[int, str], width: int) -> str:
    """Return a paragraph for each run, in lines of `width` columns. `names`: of repositories, by their ids."""
    page = Page(width)
    if not found:
        page.line("No image was judged by a promotion.")
    for run in found:
        page.blank()
        page.line(_title(run, names))
        page.rows(_short_rows(run))
    return str(page)


def run_as_text(run: PromotionRun, events: Sequence[PromotionEvent], name: str, width: int) -> str:
    """Return all that is known of a run: its images and times, the latest verdict as a tree, and what was done."""
    page = Page(width)
    page.line(_title(run, {run.repository: name}))
    page.rows([*_short_rows(run), *_long_rows(run)])
    if run.verdict:
        page.blank()
        try:
            _write_verdict(page, verdict_from_json(run.verdict))
        except InvalidVerdict:
            page.line("The verdict was written by another version of the bot, and cannot be read.")
    if events:
        page.blank()
        page.line("What was done")
        page.rows([(moment(event.at), _done(event)) for event in events])
    return str(page)


def trial_as_text(trial: Trial, width: int) -> str:
    """Return what would become of one tag, and why, with an empty line at the end."""
    page = Page(width)
    page.line(f"{trial.promotion}: {trial.tag}")
    rows = [("digest", trial.digest), ("would go to", trial.target or "nowhere")]
    page.rows([*rows, ("but", trial.notice)] if trial.notice else rows)
    page.blank()
    _write_verdict(page, trial.verdict)
    page.blank()
    return str(page)


def source_of(run: PromotionRun) -> str:
    """Name the image that a run takes."""
    return f"{run.source_host}/{run.source_image}:{run.tag}"


def target_of(run: PromotionRun) -> str:
    """Name the image that a run makes; without a tag before that is decided."""
    name = f"{run.target_host}/{run.target_image}"
    return f"{name}:{run.target_tag}" if run.target_tag else name


def _title(run: PromotionRun, names: Mapping[int, str]) -> str:
    return f"{run.id}  {run.promotion} of {names.get(run.repository) or f'repository {run.repository}'}"


def _short_rows(run: PromotionRun) -> Rows:
    rows = [("from", source_of(run)), ("digest", run.digest), ("to", target_of(run)), ("state", run.state.value)]
    return [*rows, ("why", run.reason)] if run.reason else rows


def _long_rows(run: PromotionRun) -> Rows:
    times = {"seen": run.seen_at, "decided": run.decided_at, "ended": run.ended_at, "again": run.again_at}
    rows = [("mode", run.mode), *((name, moment(at)) for name, at in times.items() if at is not None)]
    if run.seconds or run.streamed_bytes:
        rows.append(("copied", _effort(run.seconds, run.streamed_bytes)))
    if run.depth > 1:
        rows.append(("chain", f"this is promotion {run.depth} of the image"))
    return [*rows, ("told on", run.commit)] if run.commit else rows


def _write_verdict(page: Page, verdict: Verdict) -> None:
    page.line(f"Verdict: {_WORDS[verdict.outcome]}. {verdict.sentence}")
    for judged in verdict.judged:
        _write_judged(page, judged, 1)
    for title, rows in (
        ("Evidence that counts for nothing", [(each.place, each.reason) for each in verdict.refused]),
        ("Still to come", [(each, "") for each in verdict.pending]),
    ):
        if rows:
            page.blank()
            page.line(title)
            page.rows(rows)


def _write_judged(page: Page, judged: Judged, depth: int) -> None:
    page.line(f"{judged.criterion}: {_WORDS[judged.outcome]}", depth)
    rows = [("seen", judged.seen)] if judged.seen else []
    page.rows([*rows, *(("in", source) for source in judged.sources)], depth + 1)
    for inner in judged.inner:
        _write_judged(page, inner, depth + 1)


def _done(event: PromotionEvent) -> str:
    times = f", {event.times} times" if event.times > 1 else ""
    effort = f", {_effort(event.seconds, event.streamed_bytes)}" if event.seconds or event.streamed_bytes else ""
    said = event.document if event.kind in _SENTENCES else event.outcome
    return f"{event.kind.value}: {said}{times}{effort}"


def _effort(seconds: float, streamed: int) -> str:
    took = f"{seconds:.1f} s"
    return f"{streamed:,} bytes in {took}" if streamed else took
