"""What would be told under a proposed policy file, with its waivers, its severities and its switch."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.flows.proposed_policy import findings_under
from bot.policies import load
from tests.flows.reviewing import API, check, pull_request, workload

if TYPE_CHECKING:
    from tests.flows.house import House

TODAY = date(2026, 6, 1)
LATEST = {API: workload("nginx:latest")}
POLICY = ".niro/policies.yml"
AS_THEY_ARE = "The findings of the repository's manifests stay as they are."
IGNORED = "findings: {ignore: [{rule: latest-image-tag, paths: ['**'], reason: because%s}]}\n"


def told(now: str | None, proposed: str, files: dict[str, bytes] | None = None) -> str:
    """Compare what two files find, given without their versions."""
    in_force = None if now is None else load(f"version: 1\n{now}")
    return findings_under(files or LATEST, in_force, load(f"version: 1\n{proposed}"), TODAY)


def test_the_same_finds_the_same() -> None:
    assert told("", "") == AS_THEY_ARE


def test_a_waiver_is_told_by_what_it_puts_up_with() -> None:
    assert f"| `latest-image-tag` | are put up with | 1 | `{API}` line 15 |" in told("", IGNORED % "")


def test_a_waiver_that_goes_brings_its_findings_back() -> None:
    assert "| `latest-image-tag` | appear, or matter more | 1 |" in told(IGNORED % "", "")


def test_a_waiver_that_has_ended_changes_nothing() -> None:
    assert told("", IGNORED % ", until: 2026-06-01") == AS_THEY_ARE


def test_what_an_annotation_puts_up_with_is_not_told_under_any_file() -> None:
    annotation = b"  annotations: {ignore.niro.bot/latest-image-tag: ok}\n"
    annotated = LATEST[API].replace(b"  name: web\nspec:", b"  name: web\n" + annotation + b"spec:")
    assert told(None, "", {API: annotated}) == AS_THEY_ARE
    assert told("findings: {rules: {latest-image-tag: off}}\n", "", {API: annotated}) == AS_THEY_ARE


def test_what_is_off_vanishes() -> None:
    said = told("", "findings: {rules: {latest-image-tag: off}}\n")
    assert "| `latest-image-tag` | vanish | 1 |" in said


def test_a_file_that_is_switched_off_says_so() -> None:
    said = told("", "enabled: false\n")
    assert said.startswith("With `enabled: false` no pull request is judged")
    assert "vanish" not in said


@pytest.mark.parametrize(
    ("now", "proposed", "sentence"),
    [
        (
            "",
            "findings: {fail-on: high}\n",
            "`fail-on` would be `high` instead of `never`: what is new and that severe, or more, makes the check fail.",
        ),
        (
            "findings: {fail-on: low}\n",
            "",
            "`fail-on` would be `never` instead of `low`: no finding makes the check fail.",
        ),
        (
            "",
            "findings: {comment-on: low}\n",
            "`comment-on` would be `low` instead of `medium`: what is new and that severe, or more, gets a comment.",
        ),
    ],
)
def test_severities_that_decide_what_happens_are_named(now: str, proposed: str, sentence: str) -> None:
    assert told(now, proposed) == f"{sentence}\n\n{AS_THEY_ARE}"


async def test_a_pull_request_that_adds_a_waiver_is_told_what_it_puts_up_with(house: House) -> None:
    await house.commit(LATEST)
    pull = await pull_request(house, {POLICY: house.policy(more=IGNORED % "")})
    assert "| `latest-image-tag` | are put up with | 1 |" in check(house, pull.head_oid).output["summary"]
