"""The situation that a test begins with."""

from __future__ import annotations

import pytest

from tests.bumps.situations import Situation


@pytest.fixture
def situation() -> Situation:
    return Situation()
