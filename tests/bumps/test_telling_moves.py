"""The sentence about a move says how far it goes, and that it goes back where it does."""

import pytest

from bot.bumps import Proposal, Surroundings
from bot.bumps.telling_moves import told_move
from bot.selection import UpdateKind


@pytest.mark.parametrize(
    ("current", "selected", "update", "said"),
    [
        ("1.4.2", "1.5.0", UpdateKind.MINOR, "to `1.5.0`, a minor update."),
        ("1.5.0", "1.4.2", UpdateKind.MINOR, "to `1.4.2`, back to an older version."),
        ("v2.0.0", "v1.9.0", UpdateKind.MAJOR, "to `v1.9.0`, back to an older version."),
        ("main-2", "main-1", UpdateKind.BUILD, "to `main-1`, another build."),
        ("1.4.2", "1.5.0", None, "to `1.5.0`."),
    ],
)
def test_how_far_an_image_moves(current: str, selected: str, update: UpdateKind | None, said: str) -> None:
    proposal = Proposal("api", "ghcr.io/acme/api", current, selected, "Because.", update=update)
    assert said in told_move(proposal, Surroundings(), shown=False)
