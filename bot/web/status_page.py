"""What the status page looks like: what waits, and what wants a person. Every value is escaped; no scripts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from bot.store import DeadWork, DeliveryStatus, DueCount, Installation

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --line: #d1d9e0; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9198a1; --paper: #0d1117; --line: #3d444d; --bad: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; }
main { max-width: 68rem; margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2.5rem 0 .5rem; }
p { color: var(--quiet); margin: .2rem 0; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1.5rem 0 0; }
dl div { border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem; }
dt { color: var(--quiet); } dd { margin: 0; font-size: 1.3rem; }
.bad { color: var(--bad); }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } table.wide { min-width: 50rem; } .wide td:first-child { white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; }
td, th { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; min-width: 5rem; } td.number, th.number { text-align: right; min-width: 0; }
code { font: .9em ui-monospace, monospace; }
"""  # noqa: E501 - a style sheet


FEW_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Status:
    """What the store knows at one moment; `oldest` is how long the oldest delivery waits, None: none does."""

    now: datetime
    oldest: timedelta | None
    counts: Mapping[str, DueCount]
    dead: Sequence[DeadWork]
    dead_deliveries: Sequence[DeliveryStatus]
    installations: Sequence[Installation]


def status_page(status: Status) -> str:
    """Render the page."""
    open_work = sum(count.open for count in status.counts.values())
    dead_work = sum(count.dead for count in status.counts.values())
    facts = "".join(
        [
            _fact("Oldest delivery waiting", "none" if status.oldest is None else _length(status.oldest)),
            _fact("Work waiting", str(open_work)),
            _fact("Dead work", str(dead_work), bad=dead_work > 0),
            _fact("Installations", str(len(status.installations))),
        ]
    )
    return _page(
        f"<h1>Niro bot</h1><p>As of {status.now:%Y-%m-%d %H:%M:%S} UTC</p><dl>{facts}</dl>"
        + _section("Dead work", "Given up; asking for it again revives it.", _dead(status))
        + _section("Dead deliveries", "A redelivery from GitHub is handled again.", _dead_deliveries(status))
        + _section("Work by kind", "", _work(status.counts))
        + _section("Installations", "", _installations(status.installations))
    )


def store_failed_page(reason: str) -> str:
    """Render the page of a bot whose database does not answer."""
    return _page(f'<h1>Niro bot</h1><p class="bad">The database does not answer: {escape(reason)}</p>')


def _dead(status: Status) -> str:
    rows = (
        _row(
            f"<code>{escape(work.kind)}</code>",
            f"<code>{escape(work.key)}</code>",
            escape(work.reason),
            f"{work.at:%Y-%m-%d %H:%M}",
            f"<code>{escape(work.delivery)}</code>",
            number=str(work.attempts),
        )
        for work in status.dead
    )
    return _table(("Kind", "Key", "Reason", "Since (UTC)", "Delivery"), "Attempts", rows)


def _dead_deliveries(status: Status) -> str:
    rows = (
        _row(
            f"<code>{escape(each.event)}</code>",
            f"<code>{escape(each.source)}</code>",
            escape(each.reason),
            f"{each.received_at:%Y-%m-%d %H:%M}",
            f"<code>{escape(each.id)}</code>",
            number=str(each.attempts),
        )
        for each in status.dead_deliveries
    )
    return _table(("Event", "From", "Reason", "Received (UTC)", "Delivery"), "Attempts", rows)


def _work(counts: Mapping[str, DueCount]) -> str:
    rows = (_row(f"<code>{escape(kind)}</code>", number=str(count.open)) for kind, count in sorted(counts.items()))
    return _table(("Kind",), "Waiting", rows)


def _installations(installations: Sequence[Installation]) -> str:
    rows = (
        _row(escape(each.account), "suspended" if each.suspended else "active", number=str(each.id))
        for each in installations
    )
    return _table(("Account", "State"), "Number", rows)


def _length(length: timedelta) -> str:
    seconds = max(0, round(length.total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"


def _fact(name: str, value: str, *, bad: bool = False) -> str:
    mark = ' class="bad"' if bad else ""
    return f"<div><dt>{name}</dt><dd{mark}>{value}</dd></div>"


def _section(title: str, hint: str, table: str) -> str:
    return (
        f"<section><h2>{title}</h2>"
        + (f"<p>{hint}</p>{table}" if table and hint else table or "<p>None.</p>")
        + "</section>"
    )


def _row(*cells: str, number: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + f'<td class="number">{number}</td></tr>'


def _table(heads: Sequence[str], number: str, rows: Iterable[str]) -> str:
    body, kind = "".join(rows), ' class="wide"' if len(heads) > FEW_COLUMNS else ""
    head = "".join(f"<th>{cell}</th>" for cell in heads) + f'<th class="number">{number}</th>'
    return f'<div class="table"><table{kind}><tr>{head}</tr>{body}</table></div>' if body else ""


def _page(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Niro bot: status</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
