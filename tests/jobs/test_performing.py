"""Exactly one performer for each kind of work."""

import pytest

from bot.jobs import Housekeeping, IndexRepository, NoPerformer, SecondPerformer
from bot.jobs.performing import Performers


async def keep_house(work, parts):
    parts.append(work)


async def test_a_performer_is_found_by_its_kind():
    register = Performers()
    assert register.performs(Housekeeping)(keep_house) is keep_house
    done = []
    await register.performer("housekeeping")(Housekeeping(), done)
    assert done == [Housekeeping()]
    assert dict(register.performers()) == {"housekeeping": keep_house}


def test_a_kind_has_no_second_performer():
    register = Performers()
    register.performs(Housekeeping)(keep_house)
    register.performs(IndexRepository)(keep_house)
    with pytest.raises(SecondPerformer, match="housekeeping"):
        register.performs(Housekeeping)(keep_house)


def test_a_kind_without_a_performer_says_so():
    with pytest.raises(NoPerformer, match="housekeeping"):
        Performers().performer("housekeeping")
