"""Each tag that the registry lists is either selected or told with its reason, the newest first."""

from datetime import UTC, datetime

import pytest

from bot.explaining.verdicts import verdict
from bot.images import Platform, Tag
from bot.selection import SelectionRule, choose

NOW = datetime(2026, 1, 4, 12, tzinfo=UTC)
SOMEWHERE = frozenset({Platform("linux", "amd64")})


@pytest.mark.parametrize("order", [1, -1])
def test_what_runs_nowhere_stands_among_the_others(order: int) -> None:
    names = ["1.3.0", "1.3.1", "1.4.0", "1.20.0", "1.2.0"]
    lost = {"1.3.1", "1.4.0", "1.20.0"}
    listed = [Tag(name, platforms=frozenset() if name in lost else SOMEWHERE) for name in names][::order]
    decision = choose(SelectionRule(), [tag for tag in listed if tag.platforms], now=NOW)
    found = verdict(None, decision, listed, SelectionRule(), NOW)
    assert [tag.name for tag, _ in found.rejected] == ["1.20.0", "1.4.0", "1.3.1", "1.2.0"]
