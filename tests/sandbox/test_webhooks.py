"""What the App is told, how it is signed, and what can be asked about it afterwards."""

import hashlib
import hmac
from typing import Any

import pytest

from tests.sandbox.conftest import Client, Receiver

SHOP = "/repos/acme/shop"


@pytest.fixture
async def told(receiver: Receiver, bot: Client) -> Receiver:
    """A receiver for an installed App, with nothing on its way."""
    await bot.sandbox.webhooks.idle()
    receiver.events.clear()
    return receiver


async def test_deliveries_are_signed_over_their_bytes(told: Receiver, bot: Client) -> None:
    await bot.sandbox.commit("acme/shop", "main", {"a": b"1"})
    await bot.sandbox.webhooks.idle()
    ((headers, body),) = told.events
    expected = hmac.new(bot.sandbox.app.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert headers["X-GitHub-Event"] == "push"
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(bot.sandbox.app.id)
    assert len(headers["X-GitHub-Delivery"]) == 36


async def test_a_push_tells_its_commits_and_files(told: Receiver, bot: Client) -> None:
    oid = await bot.sandbox.commit("acme/shop", "main", {"deploy/api.yaml": b"x", "new": b"1"}, removed=["README.md"])
    await bot.sandbox.webhooks.idle()
    (push,) = told.of("push")
    assert (push["ref"], push["after"], push["created"], push["forced"]) == ("refs/heads/main", oid, False, False)
    assert push["installation"]["id"] == bot.sandbox.installation("acme").id
    commit = push["head_commit"]
    assert (commit["added"], commit["modified"], commit["removed"]) == (["new"], ["deploy/api.yaml"], ["README.md"])


async def test_a_pull_request_tells_its_life(told: Receiver, bot: Client) -> None:
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    number = (await bot.post(f"{SHOP}/pulls", {"head": "niro/api", "base": "main", "title": "t"})).json["number"]
    await bot.patch(f"{SHOP}/pulls/{number}", {"title": "better"})
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"2"})
    await bot.post(f"{SHOP}/issues/{number}/labels", {"labels": ["x"]})
    await bot.patch(f"{SHOP}/pulls/{number}", {"state": "closed"})
    await bot.patch(f"{SHOP}/pulls/{number}", {"state": "open"})
    await bot.put(f"{SHOP}/pulls/{number}/merge")
    await bot.sandbox.webhooks.idle()
    actions = {event["action"] for event in told.of("pull_request")}
    assert actions == {"opened", "edited", "synchronize", "labeled", "closed", "reopened"}
    closings = [event["pull_request"]["merged"] for event in told.of("pull_request") if event["action"] == "closed"]
    assert sorted(closings) == [False, True]


async def test_checks_and_statuses_are_told(told: Receiver, bot: Client, shop: Any) -> None:
    oid = await shop.git.branch("main")
    await bot.sandbox.complete_checks("acme/shop", oid)
    await bot.sandbox.set_status("acme/shop", oid, "lint", "success")
    await bot.sandbox.webhooks.idle()
    assert {(event["action"], event["check_run"]["app"]["slug"]) for event in told.of("check_run")} == {
        ("created", "github-actions"),
        ("completed", "github-actions"),
    }
    assert [event["check_suite"]["conclusion"] for event in told.of("check_suite")] == ["success"]
    assert [event["state"] for event in told.of("status")] == ["success"]


async def test_comments_are_told(told: Receiver, bot: Client) -> None:
    issue = await bot.sandbox.world.issues.open(
        bot.sandbox.repository("acme/shop"), title="t", body=None, actor=bot.sandbox.person
    )
    await bot.sandbox.world.issues.comment(issue, "/niro help", bot.sandbox.person)
    await bot.sandbox.webhooks.idle()
    assert [event["comment"]["body"] for event in told.of("issue_comment")] == ["/niro help"]


async def test_installing_and_all_that_follows_is_told(receiver: Receiver, bot: Client) -> None:
    world, installation = bot.sandbox.world, bot.sandbox.installation("acme")
    await bot.sandbox.add_repository("acme/blog", {"a": b"1"})
    await world.select(installation, {bot.sandbox.repository("acme/shop").id})
    await world.suspend(installation)
    await world.unsuspend(installation)
    await world.uninstall(installation)
    await bot.sandbox.webhooks.idle()
    assert [event["action"] for event in receiver.of("installation")] == ["created", "suspend", "unsuspend", "deleted"]
    changes = receiver.of("installation_repositories")
    assert [repository["full_name"] for repository in changes[0]["repositories_added"]] == ["acme/blog"]
    assert [repository["full_name"] for repository in changes[1]["repositories_removed"]] == ["acme/blog"]


@pytest.mark.parametrize("linked", ["acme/shop", None])
async def test_a_pushed_image_is_told_with_and_without_its_repository(
    told: Receiver, bot: Client, linked: str | None
) -> None:
    digest = "sha256:" + "a" * 64
    await bot.sandbox.package_published("acme", "api", "1.5.0", digest, linked)
    await bot.sandbox.webhooks.idle()
    (event,) = told.of("registry_package")
    version = event["registry_package"]["package_version"]
    assert version["container_metadata"]["tag"] == {"name": "1.5.0", "digest": digest}
    assert version["package_url"] == "ghcr.io/acme/api:1.5.0"
    assert event.get("repository", {}).get("full_name") == linked


async def test_a_renamed_repository_is_told(told: Receiver, bot: Client, shop: Any) -> None:
    await bot.sandbox.world.rename(shop, "store")
    await bot.sandbox.webhooks.idle()
    assert told.of("repository")[0]["changes"]["repository"]["name"]["from"] == "shop"


async def test_what_was_not_subscribed_or_is_suspended_is_not_told(told: Receiver, bot: Client) -> None:
    installation = bot.sandbox.installation("acme")
    installation.events.remove("push")
    await bot.sandbox.commit("acme/shop", "main", {"a": b"1"})
    installation.events.append("push")
    await bot.sandbox.world.suspend(installation)
    await bot.sandbox.commit("acme/shop", "main", {"a": b"2"})
    await bot.sandbox.webhooks.idle()
    assert told.of("push") == []


async def test_failed_deliveries_are_listed_and_sent_again_under_the_same_guid(
    told: Receiver, bot: Client, app: Client
) -> None:
    told.status = 500
    await bot.sandbox.commit("acme/shop", "main", {"a": b"1"})
    await bot.sandbox.webhooks.idle()
    (failed,) = (await app.get("/app/hook/deliveries?status=failure")).json
    assert (failed["status_code"], failed["event"], failed["redelivery"]) == (500, "push", False)
    told.status = 202
    assert (await app.post(f"/app/hook/deliveries/{failed['id']}/attempts")).status == 202
    await bot.sandbox.webhooks.idle()
    newest = (await app.get("/app/hook/deliveries")).json[0]
    assert (newest["guid"], newest["redelivery"], newest["status_code"]) == (failed["guid"], True, 202)
    guids = {headers["X-GitHub-Delivery"] for headers, _ in told.events}
    assert guids == {failed["guid"]}
    shown = (await app.get(f"/app/hook/deliveries/{failed['id']}")).json
    assert shown["request"]["payload"]["ref"] == "refs/heads/main"


async def test_deliveries_are_listed_by_cursor(told: Receiver, bot: Client, app: Client) -> None:
    for number in range(3):
        await bot.sandbox.commit("acme/shop", "main", {"a": str(number).encode()})
    await bot.sandbox.webhooks.idle()
    first = await app.get("/app/hook/deliveries?per_page=2")
    following = first.headers["Link"].split(">")[0].removeprefix("<")
    second = await app.get(following)
    assert len(first.json) == 2
    assert {item["id"] for item in first.json}.isdisjoint({item["id"] for item in second.json})


async def test_nobody_listening_is_a_failed_delivery(bot: Client, app: Client) -> None:
    bot.sandbox.webhook_url = "http://127.0.0.1:9/webhook"
    delivery = await bot.sandbox.deliver("ping", {"zen": "Keep it logically awesome."})
    assert (delivery.status_code, delivery.succeeded) == (502, False)
