"""A sandbox whose every request, answer and webhook is held against GitHub's own descriptions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.faults import Exchange as SandboxExchange
from bot.sandbox.server import Sandbox
from tests.descriptions.exchanges import Exchange
from tests.descriptions.loaded import graphql_schema_text, rest_checker, webhook_checker
from tests.descriptions.violations import NotAsDescribedError

# These have no description: GraphQL is held to its schema by what executes it, archives are bytes of another host.
UNDESCRIBED = ("/graphql", "/api/graphql", "/codeload/")


class Watch:
    """Collects what is wrong with the traffic of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._violations: list[str] = []
        sandbox.faults.exchanges.append(self._saw)

    def verify(self) -> None:
        """Raise NotAsDescribedError when anything so far was not as at GitHub."""
        violations = list(dict.fromkeys([*self._violations, *self._webhook_violations()]))
        if violations:
            raise NotAsDescribedError("\n".join(["This is not as GitHub describes itself:", *violations]))

    def _saw(self, seen: SandboxExchange) -> None:
        exchange = Exchange(
            method=seen.method,
            target=seen.target,
            status=seen.status,
            request_headers=seen.request_headers,
            request_body=seen.request_body,
            answer_headers=seen.answer_headers,
            answer_body=seen.answer_body,
        )
        if not seen.faulted and not exchange.path.startswith(UNDESCRIBED):
            self._violations += [f"{exchange}: {problem}" for problem in rest_checker().problems(exchange)]

    def _webhook_violations(self) -> list[str]:
        """Check what the world itself told; what a test sends by hand may be anything."""
        told = [delivery for delivery in self._sandbox.webhooks.deliveries if delivery.installation_id is not None]
        return [
            f"webhook {delivery.event} {delivery.action or ''}: {problem}"
            for delivery in told
            for problem in webhook_checker().problems(delivery.event, delivery.headers, delivery.body)
        ]


@asynccontextmanager
async def started(directory: Path, **settings: Any) -> AsyncIterator[Sandbox]:
    """Start a checked sandbox with GitHub's whole GraphQL schema; at the end raises NotAsDescribedError if need be."""
    sandbox = await Sandbox.start(directory, schema_text=graphql_schema_text(), **settings)
    watch = Watch(sandbox)
    try:
        yield sandbox
    finally:
        await sandbox.stop()
    watch.verify()


@pytest.fixture
async def checked_sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """Give a running sandbox; the test fails when its traffic is not as GitHub describes it."""
    async with started(tmp_path / "sandbox") as sandbox:
        yield sandbox
