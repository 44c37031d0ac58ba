"""SIGKILL at any moment: what was answered is there when the bot starts again, and can be handled."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import Store
from tests.store.builders import NOW, seconds

ROOT = Path(__file__).parents[2]


def answered_until_killed(url, enough):
    """Run a process that appends, kill it after `enough` answers, and return all the ids it had answered."""
    command = [sys.executable, "-m", "tests.store.appending", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        answered = [process.stdout.readline().strip() for _ in range(enough)]
        process.kill()
        # The last line may be cut short by the kill.
        rest = process.stdout.read().split("\n")[:-1]
    return set(answered + rest)


@pytest.mark.parametrize("enough", [1, 7, 300])
async def test_nothing_that_was_answered_is_lost(database_url, enough):
    answered = answered_until_killed(database_url, enough)
    assert len(answered) >= enough
    async with await Store.open(database_url) as store:
        claimed = await store.deliveries.claim(100_000, NOW, NOW + seconds(60))
        assert answered <= {claim.delivery.id for claim in claimed}
        await store.deliveries.handled(claimed, [])
