"""A tag that was pushed again is another image, and as young as its push."""

from datetime import timedelta

import pytest

from tests.flows.house import House

FOLLOWED = {
    "a tag followed by its digest": ("stable", "strategy: digest"),
    "a version with its digest beside it": ("1.4.2", "pin-digest: always"),
}


@pytest.mark.parametrize(("tag", "rule"), FOLLOWED.values(), ids=FOLLOWED)
async def test_a_tag_that_was_pushed_again_waits_until_it_is_old_enough(house: House, tag: str, rule: str) -> None:
    digest = await house.push(tag, content="one")
    policy = house.policy(rule=f"{rule}\n    min-age: 3d")
    await house.commit({".niro/policies.yml": policy, "deploy/api.yaml": house.deployment(f"{tag}@{digest}")})
    await house.later(timedelta(days=5))

    await house.publish(tag, content="two")
    assert house.open_pulls() == []

    await house.later(timedelta(days=3, minutes=1))
    assert [pull.title for pull in house.open_pulls()] != []
