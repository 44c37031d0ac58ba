"""What a proposed policy file would do is told from what is known, and comes about when the file is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.bumps import Preview
from bot.flows.preview import previewed
from bot.flows.preview_facts import CONFIDENTIAL, NEW_READER, NOT_READ, REFUSED, TOO_MANY, UNUSABLE
from bot.policies import load
from tests.flows.private_house import CREDENTIAL, PrivateHouse, private_house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.flows.house import House

NARROW = "range: 1.4.x"
HEAD = "version: 1\nimages:\n"


async def told(house: House, proposed: bytes | str, now: str | None = "as it stands") -> Preview:
    """Preview a file instead of the one that stands on main."""
    found = house.github.repository(house.repository)
    repository = await house.parts.store.repositories.get(found.id)
    in_force = await house.github.read(house.repository, ".niro/policies.yml")
    text = proposed if isinstance(proposed, str) else proposed.decode()
    return await previewed(house.parts, repository, load(in_force.decode()) if now else None, load(text))


@pytest.fixture
async def narrow(house: House) -> House:
    """A repository whose policy lets nothing newer in than 1.4.x, and an image with a newer tag."""
    await house.commit({".niro/policies.yml": house.policy(rule=NARROW)})
    await house.publish("1.5.0")
    assert house.pulls() == []
    return house


async def test_a_wider_range_opens_what_is_told(narrow: House) -> None:
    preview = await told(narrow, narrow.policy())
    opened = f"`{narrow.image()}`: `1.4.2` -> `1.5.0` in one file, group `api`, if it runs where it has to"
    assert preview == Preview(opens=(opened,))
    await narrow.commit({".niro/policies.yml": narrow.policy()})
    assert [pull.title for pull in narrow.open_pulls()] == [f"Bump {narrow.image()} from 1.4.2 to 1.5.0"]


async def test_of_a_tag_that_was_read_there_is_no_doubt(house: House) -> None:
    await house.publish("1.5.0")
    await house.publish("1.6.0")
    (pull,) = house.open_pulls()
    preview = await told(house, house.policy(rule="range: 1.5.x"))
    moved = f"`{house.image()}` `1.4.2` -> `1.5.0` instead of `1.6.0`"
    assert preview == Preview(moves=(f"#{pull.number}, group `api`: {moved}",))


async def test_a_policy_that_goes_closes_its_pull_request_as_told(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    preview = await told(house, "version: 1\n")
    assert preview == Preview(closes=(f"#{pull.number}, group `api`: The policy is no longer in the policy file.",))
    await house.commit({".niro/policies.yml": b"version: 1\n"})
    assert house.open_pulls() == []


async def test_neither_github_nor_a_registry_is_asked(narrow: House) -> None:
    counted, before = narrow.counted(), len(narrow.registry.requests())
    assert await told(narrow, narrow.policy(more="    pin-digest: always\n"))
    assert (counted.names, len(narrow.registry.requests())) == ([], before)


async def test_nothing_is_asked_for_and_nothing_remembered(narrow: House) -> None:
    performed = len(narrow.performed)
    decisions = narrow.parts.store.decisions
    before = await decisions.of(narrow.bump_work().repository, "api")
    await told(narrow, narrow.policy())
    await narrow.work()
    assert len(narrow.performed) == performed
    assert await decisions.of(narrow.bump_work().repository, "api") == before


async def test_the_same_file_changes_nothing(narrow: House) -> None:
    assert not await told(narrow, narrow.policy(rule=NARROW))


async def test_a_glob_stands_for_the_images_that_it_matches(narrow: House) -> None:
    preview = await told(narrow, narrow.policy(name="*"))
    assert [line.startswith(f"`{narrow.image()}`: `1.4.2` -> `1.5.0`") for line in preview.opens] == [True]


async def test_tags_that_were_never_read_are_not_known(house: House) -> None:
    await house.push("2.0.0", "db")
    await house.commit({"deploy/db.yaml": house.deployment("1.0.0", "db")})
    preview = await told(house, f"{house.policy().decode()}  - image: {house.image('db')}\n")
    assert preview == Preview(unknown=(f"`{house.image('db')}`: {NOT_READ}",))


async def test_while_files_are_still_read_there_may_be_more(narrow: House) -> None:
    await narrow.parts.store.index.reopen(narrow.bump_work().repository)
    preview = await told(narrow, narrow.policy())
    assert (len(preview.opens), len(preview.unknown)) == (1, 1)


async def test_without_a_file_in_force_all_is_new(narrow: House) -> None:
    assert len((await told(narrow, narrow.policy(), now=None)).opens) == 1


async def test_what_is_too_much_to_look_at_is_said(narrow: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.flows.preview_facts.MOST_TAGS", 1)
    assert await told(narrow, narrow.policy()) == Preview(unknown=(f"`{narrow.image()}`: {TOO_MANY}",))


class TestOfWhatACredentialReads:
    @pytest.fixture
    async def locked(self, tmp_path: Path) -> AsyncIterator[PrivateHouse]:
        """A private registry with 1.5.0 of an image, and no repository yet."""
        async with private_house(tmp_path) as house:
            await house.push("1.5.0")
            yield house

    async def begin(self, house: PrivateHouse, *, private: bool) -> PrivateHouse:
        """Add a repository that may read the image, with a policy that lets nothing newer in."""
        files = {".niro/policies.yml": house.policy(rule=NARROW), "deploy/api.yaml": house.deployment()}
        await house.github.add_repository(house.repository, files, private=private)
        await house.work()
        await house.store_credential()
        assert house.pulls() == []
        return house

    @pytest.mark.parametrize("more", ["", f"    credential: {CREDENTIAL}\n"])
    async def test_nothing_but_the_name_is_told_in_public(self, locked: PrivateHouse, more: str) -> None:
        house = await self.begin(locked, private=False)
        preview = await told(house, house.policy(more=more))
        assert preview == Preview(unknown=(f"`{house.image()}`: {CONFIDENTIAL}",))

    @pytest.mark.parametrize("rule", ["range: 1.5.x", "range: 9.x", "pin: 1.5.0", "pin: 6.6.6"])
    async def test_in_public_the_same_is_told_whatever_is_asked(self, locked: PrivateHouse, rule: str) -> None:
        house = await self.begin(locked, private=False)
        preview = await told(house, house.policy(rule=rule))
        assert preview == Preview(unknown=(f"`{house.image()}`: {CONFIDENTIAL}",))

    async def test_tags_are_told_in_a_private_repository(self, locked: PrivateHouse) -> None:
        house = await self.begin(locked, private=True)
        preview = await told(house, house.policy())
        assert [line.startswith(f"`{house.image()}`: `1.4.2` -> `1.5.0`") for line in preview.opens] == [True]

    async def test_a_proposed_file_does_not_choose_who_reads(self, locked: PrivateHouse) -> None:
        house = await self.begin(locked, private=True)
        await house.push("1.0.0", "db")
        await house.commit({"deploy/db.yaml": house.deployment("1.0.0", "db")})
        proposed = house.policy(rule=NARROW).decode() + f"  - image: {house.image('db')}\n"
        assert await told(house, proposed) == Preview(unknown=(f"`{house.image('db')}`: {NEW_READER}",))

    async def test_a_credential_that_does_not_fit_is_not_used(self, locked: PrivateHouse) -> None:
        house = await self.begin(locked, private=True)
        preview = await told(house, house.policy(more="    credential: other\n"))
        assert preview == Preview(unknown=(f"`{house.image()}`: {UNUSABLE}",))

    async def test_an_image_that_nobody_may_read_any_more_is_not_said_to_have_no_tags(
        self, locked: PrivateHouse
    ) -> None:
        house = await self.begin(locked, private=True)
        await house.remove_credential()
        preview = await told(house, house.policy())
        assert preview == Preview(unknown=(f"`{house.image()}`: {REFUSED}",))
