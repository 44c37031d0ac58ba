"""The payloads that were recorded from GitHub itself."""

import json
from functools import cache

from tests.parts.descriptions import WEBHOOK_EXAMPLES, fetch


@cache
def recorded_payloads() -> tuple[tuple[str, bytes], ...]:
    """All recorded webhooks: the event's name as in ``X-GitHub-Event``, and the payload as it would be sent."""
    recorded = json.loads(fetch(WEBHOOK_EXAMPLES).read_bytes())
    return tuple((entry["name"], json.dumps(example).encode()) for entry in recorded for example in entry["examples"])
