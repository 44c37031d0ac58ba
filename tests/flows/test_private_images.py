"""A private image at a real registry is bumped with a stored credential, and nobody else gets to see its tags."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.flows.looks import CALM
from bot.registries import RegistryRefused, Verification
from tests.flows.private_house import ACCOUNT, PASSWORD, ROUND, PrivateHouse, private_house

NEW_PASSWORD = "quitte-lampion-17"


@pytest.fixture
async def unlocked(tmp_path: Path) -> AsyncIterator[PrivateHouse]:
    """A repository that follows a private image; no credential is stored."""
    async with private_house(tmp_path) as house:
        await house.begin()
        yield house


@pytest.fixture
async def house(unlocked: PrivateHouse) -> PrivateHouse:
    """The same with a stored credential that reads the image."""
    await unlocked.store_credential()
    return unlocked


class TestWithACredential:
    async def test_it_is_proven_to_read_what_nobody_else_does(self, unlocked: PrivateHouse) -> None:
        saved = await unlocked.store_credential()
        assert saved.verification is Verification.PROVEN

    async def test_an_event_has_a_new_tag_bumped(self, house: PrivateHouse) -> None:
        await house.publish("1.5.0")
        (pull,) = house.pulls()
        assert (pull.state, pull.title) == ("open", f"Bump {house.image()} from 1.4.2 to 1.5.0")
        after = await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid)
        assert after == house.deployment("1.5.0")

    async def test_a_poll_has_a_new_tag_bumped(self, house: PrivateHouse) -> None:
        await house.push("1.5.0")
        await house.later(ROUND)
        assert house.titles() == [f"Bump {house.image()} from 1.4.2 to 1.5.0"]

    async def test_the_registry_sees_the_credentials_account_and_no_other(self, house: PrivateHouse) -> None:
        house.clock.forward(ROUND)
        before = len(house.tokens.requests)
        await house.publish("1.5.0")
        asked = house.tokens.requests[before:]
        assert {request.account for request in asked} == {ACCOUNT}
        assert {request.scopes for request in asked} == {(f"repository:{house.owner}/api:pull",)}

    async def test_what_was_pushed_before_it_was_stored_is_bumped_at_once(self, unlocked: PrivateHouse) -> None:
        await unlocked.push("1.5.0")
        await unlocked.store_credential()
        assert unlocked.titles() == [f"Bump {unlocked.image()} from 1.4.2 to 1.5.0"]

    async def test_the_check_is_content_afterwards(self, house: PrivateHouse) -> None:
        assert [run.conclusion for run in house.checks()][-1] == "success"

    async def test_one_that_a_repository_may_not_use_is_not_used_for_it(self, unlocked: PrivateHouse) -> None:
        await unlocked.store_credential(pull=(f"{unlocked.owner}/another",))
        asked = unlocked.asked_by(ACCOUNT)
        await unlocked.publish("1.5.0")
        assert (unlocked.titles(), unlocked.asked_by(ACCOUNT)) == ([], asked)


class TestWithoutACredential:
    @pytest.fixture
    async def unlocked(self, tmp_path: Path) -> AsyncIterator[PrivateHouse]:
        """At a registry that can be spoken to by anybody, and asks who it is."""
        async with private_house(tmp_path, tls=False) as house:
            await house.begin()
            yield house

    async def test_nothing_is_opened(self, unlocked: PrivateHouse) -> None:
        await unlocked.publish("1.5.0")
        await unlocked.later(ROUND)
        assert unlocked.pulls() == []

    async def test_the_check_on_the_default_branchs_head_names_the_image_and_what_mends_it(
        self, unlocked: PrivateHouse
    ) -> None:
        run = unlocked.checks()[-1]
        head = await unlocked.github.repository(unlocked.repository).git.branch("main")
        assert (run.head_oid, run.conclusion) == (head, "neutral")
        assert f"{unlocked.owner}/api" in run.output["summary"]
        assert "niro registries add" in run.output["summary"]

    async def test_the_check_is_content_once_a_credential_is_stored(self, unlocked: PrivateHouse) -> None:
        await unlocked.store_credential()
        assert [run.conclusion for run in unlocked.checks()] == ["neutral", "success"]

    async def test_the_check_says_so_again_when_the_credential_is_removed(self, unlocked: PrivateHouse) -> None:
        await unlocked.store_credential()
        await unlocked.remove_credential()
        run = unlocked.checks()[-1]
        assert (run.conclusion, "niro registries add" in run.output["summary"]) == ("neutral", True)

    async def test_it_is_said_once_however_often_it_is_tried(self, unlocked: PrivateHouse) -> None:
        for _ in range(3):
            await unlocked.later(ROUND)
        assert len(unlocked.checks()) == 1

    async def test_none_that_does_not_read_the_image_is_stored(self, unlocked: PrivateHouse) -> None:
        with pytest.raises(RegistryRefused):
            await unlocked.store_credential(password="wrong-" + PASSWORD)
        assert await unlocked.parts.store.credentials.all() == []


class TestRotation:
    async def test_what_was_pushed_after_the_rotation_is_bumped(self, house: PrivateHouse) -> None:
        house.tokens.set_password(ACCOUNT, NEW_PASSWORD)
        await house.rotate_credential(NEW_PASSWORD)
        await house.push("1.5.0")
        await house.later(ROUND)
        assert house.titles() == [f"Bump {house.image()} from 1.4.2 to 1.5.0"]
        assert (await house.dead(), house.tokens.refused) == ([], [])

    async def test_what_was_missed_between_both_rotations_is_bumped_at_once(self, house: PrivateHouse) -> None:
        house.tokens.set_password(ACCOUNT, NEW_PASSWORD)
        await house.push("1.5.0")
        for _ in range(3):
            await house.later(ROUND)
        assert house.titles() == []
        await house.rotate_credential(NEW_PASSWORD)
        await house.work()
        assert house.titles() == [f"Bump {house.image()} from 1.4.2 to 1.5.0"]
        assert await house.dead() == []

    async def test_an_event_that_came_between_both_is_not_lost(self, house: PrivateHouse) -> None:
        house.tokens.set_password(ACCOUNT, NEW_PASSWORD)
        house.clock.forward(ROUND)
        await house.publish("1.5.0")
        await house.rotate_credential(NEW_PASSWORD)
        await house.work()
        assert (len(house.titles()), await house.dead()) == (1, [])

    async def test_in_the_middle_of_polls_and_scans_nothing_is_lost(self, house: PrivateHouse) -> None:
        """With a second account, so that there is no moment at which neither secret is good."""
        house.tokens.set_password("second", NEW_PASSWORD)
        await house.push("1.5.0")
        house.clock.forward(ROUND)
        await asyncio.gather(house.work(), house.rotate_credential(NEW_PASSWORD, "second"))
        house.tokens.remove_account(ACCOUNT)
        await house.work()
        await house.push("1.6.0")
        await house.later(ROUND)
        assert house.titles() == [f"Bump {house.image()} from 1.4.2 to 1.6.0"]
        assert await house.dead() == []

    async def test_a_secret_that_does_not_read_the_image_takes_no_place(self, house: PrivateHouse) -> None:
        with pytest.raises(RegistryRefused):
            await house.rotate_credential("wrong-" + NEW_PASSWORD)
        await house.publish("1.5.0")
        assert len(house.titles()) == 1

    async def test_the_check_tells_of_a_secret_that_is_good_no_more_and_of_the_new_one(
        self, house: PrivateHouse
    ) -> None:
        house.tokens.set_password(ACCOUNT, NEW_PASSWORD)
        await house.later(ROUND)
        await house.later(CALM)
        assert house.checks()[-1].conclusion == "neutral"
        await house.rotate_credential(NEW_PASSWORD)
        await house.work()
        assert house.checks()[-1].conclusion == "success"


class TestTwoInstallations:
    """Another organisation follows the same image with a credential of its own."""

    @pytest.fixture
    async def both(self, house: PrivateHouse) -> PrivateHouse:
        house.tokens.set_password("other-reader", "ahorn-zeppelin-33")
        await house.begin(self.theirs(house))
        await house.store_credential("other-reader", "ahorn-zeppelin-33", owner=f"{house.owner}-other")
        return house

    def theirs(self, house: PrivateHouse) -> str:
        return f"{house.owner}-other/shop"

    async def readers(self, house: PrivateHouse) -> tuple[str, str]:
        """Return the ids of both credentials, ours first."""
        stored = {each.username: each.id for each in await house.parts.store.credentials.all()}
        return stored[ACCOUNT], stored["other-reader"]

    async def test_each_gets_its_own_pull_request(self, both: PrivateHouse) -> None:
        await both.publish("1.5.0")
        assert len(both.titles()) == len(both.titles(self.theirs(both))) == 1

    async def test_what_one_reads_the_other_does_not_see(self, both: PrivateHouse) -> None:
        both.tokens.limit("other-reader", [])
        both.clock.forward(ROUND)
        await both.publish("1.5.0")
        ours, theirs = await self.readers(both)
        assert (len(both.titles()), both.titles(self.theirs(both))) == (1, [])
        assert (await both.known_tags(ours), await both.known_tags(theirs)) == (["1.4.2", "1.5.0"], ["1.4.2"])

    async def test_one_without_a_credential_sees_nothing_of_what_another_reads(self, house: PrivateHouse) -> None:
        await house.begin(self.theirs(house))
        await house.publish("1.5.0")
        assert (len(house.titles()), house.titles(self.theirs(house))) == (1, [])
        assert await house.known_tags("") == []

    async def test_one_whose_credential_was_removed_sees_nothing_more(self, both: PrivateHouse) -> None:
        _, theirs = await self.readers(both)
        await both.remove_credential(f"{both.owner}-other")
        asked = both.asked_by("other-reader")
        await both.publish("1.5.0")
        await both.later(ROUND)
        assert (len(both.titles()), both.titles(self.theirs(both))) == (1, [])
        assert (await both.known_tags(theirs), both.asked_by("other-reader")) == ([], asked)

    async def test_a_rotation_in_one_leaves_the_other_alone(self, both: PrivateHouse) -> None:
        both.tokens.set_password(ACCOUNT, NEW_PASSWORD)
        await both.rotate_credential(NEW_PASSWORD)
        await both.publish("1.5.0")
        assert len(both.titles()) == len(both.titles(self.theirs(both))) == 1
        assert both.tokens.refused == []
