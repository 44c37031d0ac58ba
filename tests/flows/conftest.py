"""A house of its own for each test; the registry is shared, every test has its own names in it."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.sandbox.registry import SandboxRegistry
from tests.flows.house import House, built


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("registry"))
    yield running
    await running.stop()


@pytest.fixture
async def empty_house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[House]:
    """The App is installed nowhere yet."""
    async with built(tmp_path, registry) as house:
        yield house


@pytest.fixture
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """Every event that is logged during the test."""
    with capture_logs() as events:
        yield events


@pytest.fixture
async def house(empty_house: House) -> House:
    """A repository with one Deployment at 1.4.2, a policy that allows merging, and one required check."""
    await empty_house.push("1.4.2")
    more = "    pull-request:\n      auto-merge: true\n"
    files = {".niro/policies.yml": empty_house.policy(more=more), "deploy/api.yaml": empty_house.deployment()}
    await empty_house.github.add_repository(empty_house.repository, files)
    await empty_house.require_checks("ci")
    await empty_house.work()
    return empty_house
