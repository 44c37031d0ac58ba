"""What a pull request tells: what changes, why, what is in it, what happens next."""

from datetime import timedelta

import pytest

from bot.jobs.work import BumpRepository
from tests.flows.commanding import say
from tests.flows.house import House

SOURCE = "org.opencontainers.image.source"
REVISION = "org.opencontainers.image.revision"


def body(house: House) -> str:
    (pull,) = house.open_pulls()
    return pull.body or ""


async def with_source(house: House, *, private_source: bool = False, private: bool = True) -> None:
    """An image that names a repository of its organisation as its source, where 1.5.0 was released."""
    source = f"{house.owner}/api-source"
    labels = {SOURCE: f"{house.github.url}/{source}"}
    await house.push("1.4.2", labels={**labels, REVISION: "a" * 40})
    await house.github.add_repository(source, {"README.md": b"Hello\n"}, private=private_source)
    await house.github.release(source, "v1.4.2", "Old")
    await house.github.release(source, "v1.5.0", "Faster than @octocat thought")
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files, private=private)
    await house.work()
    await house.publish("1.5.0", labels={**labels, REVISION: "b" * 40})


async def test_the_file_is_linked_to_its_line_at_the_base(house: House) -> None:
    base = await house.head()
    await house.publish("1.5.0")
    assert f"{house.github.url}/{house.repository}/blob/{base}/deploy/api.yaml#L11" in body(house)


async def test_platforms_and_how_many_tags_were_looked_at_are_told(house: House) -> None:
    await house.publish("1.5.0")
    assert "linux/amd64" in body(house)
    assert "linux/arm64" in body(house)
    assert "2 tags" in body(house)


async def test_the_commits_and_releases_in_between_are_told(empty_house: House) -> None:
    await with_source(empty_house)
    assert f"/compare/{'a' * 40}...{'b' * 40}" in body(empty_house)
    assert "Faster than" in body(empty_house)
    assert "@octocat" not in body(empty_house)
    assert "Old" not in body(empty_house)


async def test_a_private_source_is_not_quoted_in_public(empty_house: House) -> None:
    await with_source(empty_house, private_source=True, private=False)
    assert "api-source" not in body(empty_house)
    assert "Faster" not in body(empty_house)


async def test_a_private_source_is_quoted_in_private(empty_house: House) -> None:
    await with_source(empty_house, private_source=True, private=True)
    assert "Faster than" in body(empty_house)


async def test_a_source_that_cannot_be_read_keeps_no_pull_request(empty_house: House) -> None:
    empty_house.github.faults.answer("repos/list-releases", status=500, times=9)
    await with_source(empty_house)
    assert len(empty_house.open_pulls()) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("{}", "A person merges it. After /niro merge the bot does"),
        ("{auto-merge: true}", "The bot merges it by squash once every required check is green."),
        (
            "{auto-merge: {updates: [patch]}}",
            "A person merges it, for the policy leaves this to people: a minor update.",
        ),
        (
            "{auto-merge: {method: rebase, window: {days: mon-fri, hours: '09:00-17:00', timezone: Europe/Berlin}}}",
            "once every required check is green, on Mon, Tue, Wed, Thu, Fri from 09:00 to 17:00 (Europe/Berlin).",
        ),
    ],
)
async def test_it_says_what_happens_next(house: House, settings: str, said: str) -> None:
    await house.commit({".niro/policies.yml": house.policy(more=f"    pull-request: {settings}\n")})
    await house.publish("1.5.0")
    assert said in body(house).replace("\\", "")


async def test_what_people_said_is_shown_and_taken_away_again(house: House) -> None:
    await house.publish("1.5.0")
    await house.later(timedelta(seconds=5))
    await say(house, "/niro hold")
    assert "api is held, by octocat." in body(house)
    await say(house, "/niro resume")
    assert "is held" not in body(house)


async def test_what_a_person_wrote_into_the_body_stays(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    await house.github.world.pulls.update(pull, house.github.person, body=f"By hand.\n\n{pull.body}")
    await house.later(timedelta(seconds=5))
    await say(house, "/niro hold")
    assert body(house).startswith("By hand.")
    assert "api is held, by octocat." in body(house)


async def test_an_author_of_the_policy_is_named_beside_the_app(house: House) -> None:
    author = "    pull-request: {author: 'Image Bot <images@acme.example>'}\n"
    await house.commit({".niro/policies.yml": house.policy(more=author)})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    commit = await house.github.repository(house.repository).git.commit(pull.head_oid)
    assert commit is not None
    assert commit.author.name == "niro[bot]"
    assert "Co-authored-by: Image Bot <images@acme.example>\nNiro-Bump: " in commit.message


async def test_a_burst_of_a_hundred_tags_is_one_update(house: House) -> None:
    digest = await house.push("1.5.0")
    for minor in range(100):
        await house.github.package_published(house.owner, "api", f"1.4.{minor + 3}", digest, house.repository)
    await house.work()
    await house.later(house.parts.settle)
    (pull,) = house.open_pulls()
    assert pull.title.endswith("1.5.0")
    assert await house.on_branch() == 1
    asked = [work for work in house.performed if isinstance(work, BumpRepository)]
    assert len(asked) <= 3
