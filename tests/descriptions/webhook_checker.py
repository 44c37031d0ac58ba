"""Holds each webhook that is sent against GitHub's description of webhooks."""

import json
from collections.abc import Mapping
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError

from tests.descriptions.exchanges import CheckedWebhook
from tests.descriptions.violations import sentences


class WebhookChecker:
    """Checks payloads and headers of webhooks against one OpenAPI description of them."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        config = Config(spec_validator_cls=None)
        self._openapi = OpenAPI.from_dict(dict(description), config=config)
        self._names = {_event_and_action(item["post"]): name for name, item in description["webhooks"].items()}

    def problems(self, event: str, headers: Mapping[str, str], body: bytes) -> list[str]:
        """Return what is wrong with a webhook, one sentence each; empty when GitHub could have sent it."""
        try:
            payload = json.loads(body)
        except ValueError:
            return ["the payload is not JSON"]
        action = payload.get("action", "") if isinstance(payload, dict) else ""
        name = self._names.get((event, action))
        if name is None:
            return [f"GitHub has no webhook {event} with the action {action!r}"]
        try:
            self._openapi.validate_webhook_request(CheckedWebhook(name, headers, body))
        except OpenAPIError as error:
            return [f"the webhook is not what GitHub sends: {sentence}" for sentence in sentences(error)]
        return []


def _event_and_action(operation: Mapping[str, Any]) -> tuple[str, str]:
    """Return the event and the action of an operation: ``pull-request/review-requested`` has both."""
    action = operation["operationId"].partition("/")[2].replace("-", "_")
    return operation["x-github"]["subcategory"], action
