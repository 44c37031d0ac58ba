"""Events the App is subscribed to but does not act on.

An App's events can only be changed with every owner's approval, so the ones that commands and the dashboard will need
are asked for from the start. Hearing them costs one stored row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github.events import process_event, process_webhook_payload

if TYPE_CHECKING:
    from bot.flows.asking import Ask


@process_event("issue_comment")
@process_webhook_payload
async def on_issue_comment(**_: Any) -> tuple[Ask, ...]:
    """Somebody commented."""
    return ()
