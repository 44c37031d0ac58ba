"""Which checks a branch demands, and that nothing hidden is taken for nothing demanded."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import Forbidden, GitHubError, GitHubUnavailable, NotFound, RequiredChecks, UnexpectedAnswer
from tests.github.scripted import Answer
from tests.github.wishes import SANDBOXED, add_rules, demanding, protect

BRANCH = "GET /repos/acme/shop/branches/main"
RULES = "GET /repos/acme/shop/rules/branches/main?per_page=100&page={}"
NOTHING = RequiredChecks((), merge_queue=False, strict=False)
QUEUE = {"type": "merge_queue", "parameters": {}}


async def test_a_branch_that_nothing_protects_demands_nothing(shop):
    assert await shop.required_checks("main") == NOTHING


async def test_protection_and_rulesets_both_count(shop, sandbox):
    protect(sandbox, "lint", "ci")
    add_rules(sandbox, demanding("scan", "ci"))
    add_rules(sandbox, demanding("Übersetzung"))
    assert (await shop.required_checks("main")).names == ("ci", "lint", "scan", "Übersetzung")


async def test_a_ruleset_may_demand_a_queue_and_branches_that_are_up_to_date(shop, sandbox):
    add_rules(sandbox, QUEUE, demanding("ci", strict=True), {"type": "deletion"})
    assert await shop.required_checks("main") == RequiredChecks(("ci",), merge_queue=True, strict=True)


async def test_a_branch_with_slashes_in_its_name(shop, sandbox):
    await sandbox.commit(SANDBOXED, "release/1.x", {"README.md": b"hello\n"})
    assert await shop.required_checks("release/1.x") == NOTHING


async def test_a_branch_that_is_gone_is_not_found(shop):
    with pytest.raises(NotFound):
        await shop.required_checks("gone")


async def test_what_was_read_is_believed_for_ten_minutes(shop, sandbox, clock):
    await shop.required_checks("main")
    protect(sandbox, "ci")
    clock.forward(minutes=9, seconds=59)
    assert await shop.required_checks("main") == NOTHING
    clock.forward(seconds=1)
    assert (await shop.required_checks("main")).names == ("ci",)


async def test_one_branch_is_asked_for_once_whoever_asks(live, sandbox):
    own = sandbox.repository(SANDBOXED)
    for _ in range(3):
        await live.repository(sandbox.installation("acme").id, own.id, SANDBOXED).required_checks("main")
    assert sandbox.faults.count("repos/get-branch") == 1
    assert sandbox.faults.count("repos/get-branch-rules") == 1


def branch(**protection: Any) -> Answer:
    return Answer({"name": "main", "protected": True, "protection": {"enabled": True, **protection}})


@pytest.mark.parametrize(
    ("checks", "names", "strict", "apps"),
    [
        ({"contexts": ["ci"], "checks": []}, ("ci",), False, {}),
        ({"contexts": [], "checks": [{"context": "ci", "app_id": None}]}, ("ci",), False, {}),
        ({"contexts": [], "checks": [{"context": "ci", "app_id": -1}]}, ("ci",), False, {}),
        ({"contexts": ["ci"], "checks": [{"context": "ci", "app_id": 3}], "strict": True}, ("ci",), True, {"ci": {3}}),
        ({}, (), False, {}),
        (None, (), False, {}),
    ],
)
async def test_how_protection_is_told(repo, server, checks, names, *, strict, apps):
    server.on(BRANCH, branch(required_status_checks=checks))
    server.on(RULES.format(1), Answer([]))
    assert await repo.required_checks("main") == RequiredChecks(names, merge_queue=False, strict=strict, apps=apps)


async def test_the_app_that_a_ruleset_names_is_told(repo, server):
    demanded = {"required_status_checks": [{"context": "ci", "integration_id": 7}, {"context": "lint"}]}
    server.on(BRANCH, Answer({"name": "main", "protected": False, "protection": {"enabled": False}}))
    server.on(RULES.format(1), Answer([{"type": "required_status_checks", "parameters": demanded}]))
    assert (await repo.required_checks("main")).apps == {"ci": {7}}


async def test_all_pages_of_rules_count(repo, server):
    server.on(BRANCH, branch())
    server.on(RULES.format(1), Answer([{"type": "deletion"}] * 100))
    server.on(RULES.format(2), Answer([demanding("ci")]))
    assert (await repo.required_checks("main")).names == ("ci",)


async def test_rules_without_end_are_an_error(repo, server):
    server.on(BRANCH, branch())
    for page in range(1, 12):
        server.on(RULES.format(page), Answer([{"type": "deletion"}] * 100))
    with pytest.raises(UnexpectedAnswer, match="no end"):
        await repo.required_checks("main")
    assert len(server.asked) == 11


async def test_a_private_repository_on_a_plan_without_rulesets_has_none(repo, server):
    """As github.com answers it; see https://github.com/github/branch-deploy/pull/345."""
    message = "Upgrade to GitHub Pro or make this repository public to enable this feature."
    server.on(BRANCH, branch(required_status_checks={"contexts": ["ci"]}))
    server.on(RULES.format(1), Answer({"message": message}, 403))
    assert (await repo.required_checks("main")).names == ("ci",)


@pytest.mark.parametrize(
    ("of_branch", "of_rules", "error"),
    [
        (Answer({"message": "Resource not accessible by integration"}, 403), Answer([]), Forbidden),
        (branch(), Answer({"message": "Resource not accessible by integration"}, 403), Forbidden),
        (branch(), Answer({"message": "Not Found"}, 404), NotFound),
        (branch(), Answer({"message": "oops"}, 502), GitHubUnavailable),
        (branch(), Answer({"message": "an object"}), UnexpectedAnswer),
        (Answer([]), Answer([]), UnexpectedAnswer),
        (Answer({"name": "main"}), Answer([]), UnexpectedAnswer),
        (Answer({"name": "main", "protected": True}), Answer([]), UnexpectedAnswer),
    ],
)
async def test_what_cannot_be_read_is_an_error_and_never_nothing(repo, server, of_branch, of_rules, error):
    server.on(BRANCH, of_branch)
    server.on(RULES.format(1), of_rules)
    with pytest.raises(error):
        await repo.required_checks("main")


async def test_an_error_is_not_kept(repo, server):
    server.on(BRANCH, Answer({"message": "oops"}, 502), branch(required_status_checks={"contexts": ["ci"]}))
    server.on(RULES.format(1), Answer([]))
    with pytest.raises(GitHubError):
        await repo.required_checks("main")
    assert (await repo.required_checks("main")).names == ("ci",)
