"""When GitHub or a registry fails: each failure ends as the table says, and none stops anybody else's work."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.failures import TABLE, classify
from bot.github import GitHubError
from bot.jobs.outcomes import Again, BackOff, Drop, Outcome, Park
from bot.jobs.work import BumpRepository, ScanImage
from bot.registries import RegistryError
from bot.sandbox.faults import RequestRecord
from bot.store import Follower
from tests.flows.house import House

MINUTE = timedelta(minutes=1)


def subclasses(root: type) -> set[type]:
    return {root} | {each for child in root.__subclasses__() for each in subclasses(child)}


def test_every_error_of_github_and_the_registries_has_a_row() -> None:
    listed = tuple(kind for kind, _ in TABLE)
    errors = (subclasses(GitHubError) | subclasses(RegistryError)) - {GitHubError, RegistryError}
    ours = {error for error in errors if error.__module__.startswith("bot.")}
    missing = {error.__name__ for error in ours if not issubclass(error, listed)}
    assert missing <= {"CredentialForOtherHost"}, "a fault of ours may fit no row, everything else has one"


def test_what_fits_no_row_is_a_fault_of_ours_and_backs_off() -> None:
    assert isinstance(classify(ZeroDivisionError("x")), BackOff)


async def neighbour(house: House) -> str:
    """Another organisation with the same image, whose work must go on whatever happens here."""
    name = f"{house.owner}-neighbour/shop"
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(name, files)
    await house.work()
    return name


async def scan(house: House, tag: str = "1.5.0") -> None:
    """Push a tag and look at the image, as after an event of whatever installation."""
    await house.push(tag)
    await house.ask(ScanImage(house.registry.host, f"{house.owner}/api"))


ANSWERS: list[tuple[int, type[Outcome]]] = [
    (401, Again),
    (403, Park),
    (404, Drop),
    (409, Again),
    (422, Park),
    (500, BackOff),
    (502, BackOff),
    (503, BackOff),
    (418, BackOff),
]


@pytest.mark.parametrize(("status", "outcome"), ANSWERS)
async def test_an_answer_ends_as_the_table_says_and_the_next_bump_happens(
    house: House, status: int, outcome: type[Outcome]
) -> None:
    name = await neighbour(house)
    # A rejected token is renewed and the request repeated, so that takes two.
    house.github.faults.answer("graphql:BumpFacts", status=status, times=2 if status == 401 else 1)
    await scan(house)
    opened = (len(house.pulls()), len(house.pulls(name)))
    assert opened == ((1, 1) if outcome is Again else (0, 1))
    await house.later(MINUTE)
    comes_back = outcome in {BackOff, Again}
    assert (len(house.pulls()), len(house.pulls(name))) == (int(comes_back), 1)
    assert len(await house.dead()) == (outcome is Park)


async def test_a_connection_that_drops_backs_off_and_comes_back(house: House) -> None:
    house.github.faults.drop("graphql:BumpFacts", times=3)
    await house.publish("1.5.0")
    for _ in range(3):
        assert house.pulls() == []
        await house.later(MINUTE)
    assert len(house.pulls()) == 1


async def test_a_rejected_token_is_renewed_once_within_the_same_work(house: House) -> None:
    house.github.faults.answer("graphql:BumpFacts", status=401, body=b'{"message": "Bad credentials"}')
    counted = house.counted()
    await house.publish("1.5.0")
    assert len(house.pulls()) == 1
    assert counted.names.count("apps/create-installation-access-token") == 4  # to bump, again, to merge, to review
    assert sum(isinstance(work, BumpRepository) for work in house.performed) == 1


async def test_retry_after_is_waited_for_and_nothing_is_hammered(house: House) -> None:
    house.github.faults.secondary_limit("graphql:BumpFacts", retry_after=120)
    await house.publish("1.5.0")
    counted = house.counted()
    await house.ask(house.bump_work())
    await house.later(timedelta(seconds=100))
    assert (house.pulls(), counted.names) == ([], [])
    await house.later(timedelta(seconds=30))
    assert len(house.pulls()) == 1
    assert await house.dead() == []


async def test_a_limit_of_one_installation_does_not_hold_up_another(house: House) -> None:
    name = await neighbour(house)
    house.github.faults.secondary_limit("graphql:BumpFacts", retry_after=3600)
    await house.publish("1.5.0")
    assert sorted([len(house.pulls()), len(house.pulls(name))]) == [0, 1]


async def test_a_limit_met_while_writing_is_waited_for_and_ends_in_one_pull_request(house: House) -> None:
    house.github.faults.secondary_limit("graphql:OpenPullRequest", retry_after=60)
    await house.publish("1.5.0")
    assert house.pulls() == []
    await house.later(timedelta(seconds=61))
    assert len(house.pulls()) == 1


MOMENTS = {
    "before the work": None,
    "between query and mutation": "OpenPullRequest",
    "between scan and query": "BumpFacts",
}


def at(house: House, moment: str, act: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Do something once at a moment of the work; returns what a test awaits before the work begins."""
    operation = MOMENTS[moment]
    ours = [act]

    async def strike(record: RequestRecord) -> None:
        if record.graphql_operation == operation and ours:
            await ours.pop()()

    async def prepare() -> None:
        if operation is None:
            await act()
        else:
            house.github.faults.before.append(strike)

    return prepare


@pytest.mark.parametrize("moment", MOMENTS)
async def test_an_installation_removed_half_way_ends_its_work_and_nobody_elses(house: House, moment: str) -> None:
    name = await neighbour(house)
    gone = house.installation
    await at(house, moment, lambda: house.github.world.uninstall(gone))()
    await scan(house)
    await house.later(MINUTE)
    assert (house.pulls(), len(house.pulls(name)), await house.dead()) == ([], 1, [])
    assert gone.id not in {each.id for each in await house.parts.store.installations.all()}
    assert gone.id not in {row.installation for row in await followers(house)}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_an_installation_suspended_half_way_waits_until_it_is_back(house: House, moment: str) -> None:
    name = await neighbour(house)
    away = house.installation
    await at(house, moment, lambda: house.github.world.suspend(away))()
    await scan(house)
    await house.later(MINUTE)
    assert (house.pulls(), len(house.pulls(name)), await house.dead()) == ([], 1, [])
    await house.github.world.unsuspend(away)
    await house.work()
    assert len(house.pulls()) == 1


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_repository_taken_out_of_the_installation_half_way_ends_its_work(house: House, moment: str) -> None:
    name = await neighbour(house)
    await at(house, moment, lambda: house.github.world.select(house.installation, set()))()
    await scan(house)
    await house.later(MINUTE)
    assert (house.pulls(), len(house.pulls(name)), await house.dead()) == ([], 1, [])
    assert {row.installation for row in await followers(house)} == {house.github.installation(name.split("/")[0]).id}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_renamed_repository_gets_its_pull_request_under_its_new_name(house: House, moment: str) -> None:
    found = house.github.repository(house.repository)
    await at(house, moment, lambda: house.github.world.rename(found, "renamed"))()
    await scan(house)
    await house.later(MINUTE)
    assert (len(house.pulls(f"{house.owner}/renamed")), await house.dead()) == (1, [])


async def archive(house: House, *, archived: bool, told: bool = True) -> None:
    found = house.github.repository(house.repository)
    found.archived = archived
    if told:
        action = "archived" if archived else "unarchived"
        await house.github.world.tell("repository", action, found, house.github.person)


async def test_an_archived_repository_is_left_alone_until_it_is_back(house: House) -> None:
    await archive(house, archived=True)
    await house.work()
    counted = house.counted()
    await scan(house)
    assert (house.pulls(), counted.names) == ([], [])
    await archive(house, archived=False)
    await house.work()
    assert len(house.pulls()) == 1


async def test_a_repository_archived_half_way_ends_in_nothing_half_done(house: House) -> None:
    name = await neighbour(house)
    await at(house, "between query and mutation", lambda: archive(house, archived=True))()
    await scan(house)
    await house.later(MINUTE)
    assert (house.pulls(), await house.on_branch(), len(house.pulls(name))) == ([], None, 1)


async def test_a_deleted_repository_is_forgotten(house: House) -> None:
    found = house.github.repository(house.repository)
    await house.github.world.tell("repository", "deleted", found, house.github.person)
    del house.github.world.repositories[found.id]
    del house.github.world.names[found.full_name.lower()]
    await house.github.webhooks.idle()
    await scan(house)
    assert await house.dead() == []
    assert await house.parts.store.repositories.get(found.id) is None


async def test_a_registry_that_is_down_backs_off_and_another_registrys_bump_happens(house: House) -> None:
    other = f"{house.owner}/other"
    down = b"version: 1\nimages:\n  - image: 127.0.0.1:9/acme/api\n"
    await house.github.add_repository(other, {".niro/policies.yml": down, "a.yaml": house.deployment()})
    await house.work()
    await house.publish("1.5.0")
    assert (len(house.pulls()), house.pulls(other), await house.dead()) == (1, [], [])
    state = await house.parts.store.ledger.scan_state("127.0.0.1:9", "acme/api")
    assert state is not None
    assert "127.0.0.1:9" in (state.error or "")


async def test_an_image_that_does_not_exist_ends_quietly_and_is_found_once_it_is_pushed(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(name="later"), "a.yaml": house.deployment("1.0.0", "later")})
    assert await house.dead() == []
    await house.push("1.0.0", "later")
    await house.publish("1.1.0", "later")
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.1.0"]


async def test_a_fault_with_one_repository_does_not_stop_the_scan_for_the_others(house: House) -> None:
    name = await neighbour(house)
    found = house.github.repository(house.repository)
    (file,) = await house.parts.store.index.files(found.id)
    await house.parts.store.index.put(found.id, [replace(file, occurrences="what is no list: [")])
    await scan(house)
    assert (house.pulls(), len(house.pulls(name))) == ([], 1)


async def test_a_noted_policy_file_that_cannot_be_read_is_read_again(house: House) -> None:
    found = house.github.repository(house.repository)
    policy = await house.parts.store.repositories.policy(found.id)
    assert policy is not None
    broken = replace(policy, text="what an older version understood: [")
    await house.parts.store.repositories.save_policy(found.id, broken)
    await scan(house)
    assert len(house.pulls()) == 1


async def followers(house: House) -> list[Follower]:
    return await house.parts.store.index.followers(house.registry.host, f"{house.owner}/api")
