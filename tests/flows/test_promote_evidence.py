"""What is known about an image decides whether it moves on; what is not known is waited for."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.flows.hooks import asks_of_report
from bot.sandbox.registry import SandboxRegistry
from bot.store import Hook, RunState
from tests.flows.promoting import PromotingHouse, promoting_house, report, written

NO_CRITICAL = """    when: [{vulnerabilities: {severity: critical, at-most: 0}}]
    evidence: [report]
"""
ATTACHED = """    when: [{vulnerabilities: {severity: critical, at-most: 0}}]
    evidence: [referrers, registry]
"""
TRIVY = "application/vnd.aquasec.trivy.report+json"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def post(house: PromotingHouse, digest: str, *severities: str, **changed: Any) -> None:
    """Let CI post a report through a hook for the team's repositories, and do what is due then."""
    hook = {"installation": house.installation.id, "repository_prefix": f"{house.owner}/dev", **changed}
    await house.parts.store.hooks.create(Hook("ci", "scan", host=house.registry.host, **hook), b"s" * 32)
    image = f"{house.registry.host}/{house.source}"
    found = {**report(digest, *severities), "CreatedAt": house.clock().isoformat()}
    payload = {"image": image, "digest": digest, "report": found}
    for ask in await asks_of_report(house.parts, "hook:scan:ci", json.dumps(payload).encode()):
        await house.parts.ask(ask.work)
    await house.work()


async def test_an_image_without_a_report_waits(house: PromotingHouse) -> None:
    await house.begin(NO_CRITICAL)
    await house.built_image("1.4")
    assert (await house.run()).state is RunState.WAITING
    assert await house.promoted() == []


@pytest.mark.parametrize(
    ("severities", "state"),
    [((), RunState.DONE), (("HIGH", "LOW"), RunState.DONE), (("CRITICAL",), RunState.DENIED)],
    ids=["none", "others", "critical"],
)
async def test_a_report_that_ci_posts_decides(
    house: PromotingHouse, severities: tuple[str, ...], state: RunState
) -> None:
    await house.begin(NO_CRITICAL)
    digest = await house.built_image("1.4", platforms=("linux/amd64",), index=False)
    await post(house, digest, *severities)
    assert (await house.run()).state is state


@pytest.mark.parametrize(
    "changed",
    [{"installation": None}, {"installation": 999}, {"repository_prefix": ""}, {"repository_prefix": "other"}],
    ids=["the-operators", "another-installation", "no-prefix", "another-prefix"],
)
async def test_a_report_through_a_hook_for_something_else_counts_for_nothing(
    house: PromotingHouse, changed: dict[str, object]
) -> None:
    await house.begin(NO_CRITICAL)
    digest = await house.built_image("1.4", platforms=("linux/amd64",), index=False)
    await post(house, digest, **changed)
    assert (await house.run()).state is RunState.WAITING


@pytest.mark.parametrize(
    ("kind", "state"), [("generic", RunState.DONE), ("harbor", RunState.WAITING)], ids=["no-scanner", "a-scanner"]
)
async def test_an_attached_report_stands_in_for_no_scanner_that_nobody_can_ask(
    house: PromotingHouse, kind: str, state: RunState
) -> None:
    await house.github.add_repository(house.repository, {".niro/policies.yml": house.promotions(ATTACHED)})
    await house.let_push(kind=kind)
    await house.work()
    digest = await house.registry.push(house.source, "1.4", platforms=("linux/amd64",), index=False)
    clean = {**report(digest), "CreatedAt": house.clock().isoformat()}
    await house.registry.attach(house.source, digest, TRIVY, [(TRIVY, written(clean), {})])
    await house.hear()
    run = await house.run()
    assert run.state is state
    assert ("no credential of its kind asks the scanner" in run.verdict) is (kind == "harbor")


async def test_a_report_on_another_digest_counts_for_nothing(house: PromotingHouse) -> None:
    await house.begin(NO_CRITICAL)
    await house.built_image("1.4", platforms=("linux/amd64",), index=False)
    await post(house, f"sha256:{'0' * 64}")
    assert (await house.run()).state is RunState.WAITING


async def test_a_report_counts_for_nothing_where_the_promotion_does_not_say_so(house: PromotingHouse) -> None:
    await house.begin(NO_CRITICAL.replace("report", "registry"))
    digest = await house.built_image("1.4", platforms=("linux/amd64",), index=False)
    await post(house, digest)
    assert (await house.run()).state is RunState.WAITING


async def test_what_waits_for_two_weeks_is_given_up(house: PromotingHouse) -> None:
    await house.begin(NO_CRITICAL)
    await house.built_image("1.4")
    await house.later(timedelta(days=15))
    assert (await house.run()).state is RunState.GIVEN_UP


async def test_a_registry_without_a_scanner_holds_nothing_back_and_is_told(house: PromotingHouse) -> None:
    await house.begin(NO_CRITICAL.replace("[report]", "[report, registry]"))
    digest = await house.built_image("1.4", platforms=("linux/amd64",), index=False)
    await post(house, digest)
    run = await house.run()
    assert run.state is RunState.DONE
    assert "none that is known here" in run.verdict


async def test_a_clean_report_of_who_pushes_takes_no_place_of_one_that_grew_too_old(house: PromotingHouse) -> None:
    await house.begin(NO_CRITICAL.replace("[report]", "[report, referrers]"))
    digest = await house.built_image("1.4", platforms=("linux/amd64",), index=False)
    await post(house, digest, "CRITICAL")
    await house.later(timedelta(hours=25))
    clean = json.dumps({**report(digest), "CreatedAt": house.clock().isoformat()}).encode()
    await house.registry.attach(house.source, digest, TRIVY, [(TRIVY, clean, {})])
    await house.registry.push_manifest_only(house.source, "1.5", await house.registry.manifest(house.source, digest))
    await house.hear()
    (again,) = [run for run in await house.runs() if run.tag == "1.5"]
    assert (again.digest, again.state) == (digest, RunState.WAITING)
    assert "no posted report is of an age to count" in again.verdict
