"""Tags that are not proposed: half pushed, broken, or without a platform that is in use. Each says so."""

import json

from bot.sandbox.registry_images import build_image
from tests.flows.house import BOTH, House


def name(house: House) -> str:
    return f"{house.owner}/api"


async def test_an_image_pushed_one_platform_after_the_other_opens_nothing_until_it_is_whole(house: House) -> None:
    image = build_image(f"{name(house)}:1.5.0", BOTH)
    digest = await house.registry.push_platform(name(house), "1.5.0", image, "linux/amd64")
    await house.tell("1.5.0", digest)
    assert house.pulls() == []
    await house.registry.push_image(name(house), "1.5.0", image)
    await house.tell("1.5.0", image.top.digest)
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.5.0"]


async def test_an_index_whose_child_is_missing_opens_nothing_until_the_child_is_there(house: House) -> None:
    image = build_image(f"{name(house)}:1.5.0", BOTH)
    await house.registry.push_platform(name(house), "1.5.0", image, "linux/amd64")
    await house.registry.push_manifest_only(name(house), "1.5.0", image.top)
    await house.tell("1.5.0", image.top.digest)
    assert house.pulls() == []
    await house.registry.push_image(name(house), "1.5.0", image)
    await house.tell("1.5.0", image.top.digest)
    assert len(house.pulls()) == 1


async def test_an_index_that_is_not_whole_opens_nothing_even_where_the_missing_platform_is_not_in_use(
    house: House,
) -> None:
    await house.push("1.0.0", "solo", ("linux/amd64",))
    files = {".niro/policies.yml": house.policy(name="solo"), "solo.yaml": house.deployment("1.0.0", "solo")}
    await house.commit(files)
    solo = f"{house.owner}/solo"
    image = build_image(f"{solo}:1.1.0", BOTH)
    await house.registry.push_platform(solo, "1.1.0", image, "linux/amd64")
    await house.registry.push_manifest_only(solo, "1.1.0", image.top)
    await house.tell("1.1.0", image.top.digest, "solo")
    assert house.pulls() == []
    await house.registry.push_image(solo, "1.1.0", image)
    await house.tell("1.1.0", image.top.digest, "solo")
    assert len(house.pulls()) == 1


async def test_a_tag_that_lacks_a_platform_in_use_is_refused_and_everybody_can_see_why(house: House, logs) -> None:
    await house.publish("1.5.0", platforms=("linux/amd64",))
    assert house.pulls() == []
    refused = [event for event in logs if event["event"] == "tag.refused"]
    assert {(event["policy"], event["tag"]) for event in refused} == {("api", "1.5.0")}
    assert "linux/arm64" in refused[0]["sentence"]
    decision = await house.parts.store.decisions.of(house.github.repository(house.repository).id, "api")
    assert decision is not None
    assert decision.selected == "1.4.2"
    (rejected,) = json.loads(decision.rejected)
    assert rejected["tag"] == "1.5.0"
    assert "linux/arm64" in rejected["sentence"]


async def test_an_older_tag_that_has_all_platforms_is_proposed_and_the_pull_request_says_what_was_refused(
    house: House,
) -> None:
    await house.push("1.5.0")
    await house.publish("1.6.0", platforms=("linux/amd64",))
    (pull,) = house.pulls()
    assert pull.title == f"Bump {house.image()} from 1.4.2 to 1.5.0"
    assert "A newer tag was refused" in (pull.body or "")
    assert "1.6.0" in (pull.body or "")
    assert "linux/arm64" in (pull.body or "")


async def test_a_refused_tag_that_is_made_whole_moves_the_pull_request_to_it(house: House) -> None:
    await house.push("1.5.0")
    await house.publish("1.6.0", platforms=("linux/amd64",))
    await house.publish("1.6.0", content="whole")
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.6.0"]


async def test_a_proposed_tag_that_loses_a_platform_is_taken_back(house: House) -> None:
    await house.publish("1.5.0")
    await house.publish("1.5.0", platforms=("linux/amd64",), content="again")
    assert [pull.state for pull in house.pulls()] == ["closed"]


async def test_a_proposed_tag_that_disappears_is_taken_back(house: House) -> None:
    digest = await house.publish("1.5.0")
    await house.registry.delete_tag(name(house), "1.5.0")
    await house.tell("1.5.0", digest)
    assert [pull.state for pull in house.pulls()] == ["closed"]


async def test_the_image_in_use_having_gone_does_not_stop_the_bump(house: House) -> None:
    await house.registry.delete_tag(name(house), "1.4.2")
    await house.publish("1.5.0")
    assert len(house.pulls()) == 1


async def test_an_older_tag_is_never_proposed(house: House) -> None:
    await house.publish("1.3.9")
    assert house.pulls() == []


async def test_tags_that_are_no_versions_or_pre_releases_open_nothing(house: House) -> None:
    for tag in ("latest", "nightly-2026", "2.0.0-rc.1"):
        await house.publish(tag)
    assert house.pulls() == []


async def test_nobody_follows_the_image_and_the_registry_is_not_asked(house: House) -> None:
    asked = len(house.registry.requests())
    await house.publish("9.9.9", "unheard-of")
    assert len(house.registry.requests()) == asked


async def test_many_repositories_that_follow_an_image_cost_one_list_and_one_look_at_the_tag(house: House) -> None:
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    for number in range(4):
        await house.github.add_repository(f"{house.owner}/more-{number}", files)
    await house.work()
    asked = len(house.registry.requests())
    await house.publish("1.5.0")
    made = [request for request in house.registry.requests()[asked:] if name(house) in request.path]
    assert sum("/tags/list" in request.path for request in made) == 1
    assert sum("/manifests/1.5.0" in request.path for request in made) == 1
    assert all(len(house.pulls(f"{house.owner}/more-{number}")) == 1 for number in range(4))
