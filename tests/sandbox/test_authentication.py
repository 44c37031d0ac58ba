"""Who may ask what: App JWTs, installation tokens, people's tokens."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from bot.sandbox.keys import new_pair
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Client, app_jwt

SHOP = "/repos/acme/shop"


def tokens_path(sandbox: Sandbox) -> str:
    return f"/app/installations/{sandbox.installation('acme').id}/access_tokens"


@pytest.mark.parametrize("issuer", ["id", "client_id"])
async def test_the_app_signs_in_with_its_id_or_client_id(sandbox: Sandbox, session: Any, issuer: str) -> None:
    client = Client(session, sandbox, app_jwt(sandbox, iss=str(getattr(sandbox.app, issuer))))
    assert (await client.get("/app")).json["slug"] == "niro"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": -1}, "Expiration"),
        ({"exp": 900}, "too far"),
        ({"iat": 120}, "Issued at"),
        ({"iss": "nobody"}, "Issuer"),
        ({"exp": None}, "exp"),
    ],
)
async def test_a_jwt_outside_its_times_or_of_nobody_is_refused(
    sandbox: Sandbox, session: Any, claims: dict[str, Any], reason: str
) -> None:
    """Times are in seconds from now."""
    now = int(time.time())
    dated = {name: now + value if isinstance(value, int) else value for name, value in claims.items()}
    answer = await Client(session, sandbox, app_jwt(sandbox, **dated)).get("/app")
    assert answer.status == 401
    assert reason in answer.message


async def test_a_jwt_signed_with_another_key_is_refused(sandbox: Sandbox, session: Any) -> None:
    now = int(time.time())
    claims = {"iat": now - 60, "exp": now + 500, "iss": str(sandbox.app.id)}
    forged = jwt.encode(claims, new_pair()[0], algorithm="RS256")
    assert (await Client(session, sandbox, forged).get("/app")).status == 401


async def test_without_a_credential_nothing_is_told(sandbox: Sandbox, session: Any, shop: Any) -> None:
    assert (await Client(session, sandbox, "").get(SHOP)).status == 401
    assert (await Client(session, sandbox, "ghs_made_up").get(SHOP)).status == 401


async def test_an_installation_token_lasts_an_hour_and_no_longer(tmp_path: Any, session: Any) -> None:
    moment = datetime.now(UTC)
    sandbox = await Sandbox.start(tmp_path / "github", now=lambda: moment)
    await sandbox.add_repository("acme/shop", {"a": b"1"})
    token = sandbox.world.tokens.for_installation(sandbox.installation("acme"))
    client = Client(session, sandbox, token.text)
    moment += timedelta(minutes=59)
    before = (await client.get(SHOP)).status
    moment += timedelta(minutes=2)
    after = (await client.get(SHOP)).status
    await sandbox.stop()
    assert (before, after) == (200, 401)


async def test_a_token_narrowed_to_one_repository_does_not_see_another(app: Client, shop: Any, session: Any) -> None:
    await app.sandbox.add_repository("acme/blog", {"a": b"1"}, private=True)
    minted = await app.post(tokens_path(app.sandbox), {"repository_ids": [shop.id]})
    narrow = Client(session, app.sandbox, minted.json["token"])
    assert minted.status == 201
    assert (await narrow.get(SHOP)).status == 200
    assert (await narrow.get("/repos/acme/blog")).status == 404
    listed = (await narrow.get("/installation/repositories")).json
    assert [repository["full_name"] for repository in listed["repositories"]] == ["acme/shop"]


async def test_a_token_narrowed_to_reading_does_not_write(app: Client, shop: Any, session: Any) -> None:
    minted = await app.post(tokens_path(app.sandbox), {"permissions": {"contents": "read"}})
    narrow = Client(session, app.sandbox, minted.json["token"])
    body = {"ref": "refs/heads/x", "sha": await shop.git.branch("main")}
    refused = await narrow.post(f"{SHOP}/git/refs", body)
    assert (refused.status, refused.message) == (403, "Resource not accessible by integration")
    assert (await narrow.get(f"{SHOP}/pulls")).status == 403
    assert minted.json["permissions"] == {"metadata": "read", "contents": "read"}


@pytest.mark.parametrize(
    "wish", [{"permissions": {"administration": "write"}}, {"permissions": {"pages": "read"}}, {"repository_ids": [1]}]
)
async def test_a_token_is_never_wider_than_the_installation(app: Client, shop: Any, wish: dict[str, Any]) -> None:
    assert (await app.post(tokens_path(app.sandbox), wish)).status == 422


async def test_a_repository_of_another_account_is_not_found(bot: Client) -> None:
    await bot.sandbox.add_repository("other/secret", {"a": b"1"}, private=True)
    assert (await bot.get("/repos/other/secret")).status == 404


async def test_a_suspended_installation_is_refused_and_a_removed_one_is_gone(bot: Client, app: Client) -> None:
    installation = bot.sandbox.installation("acme")
    await bot.sandbox.world.suspend(installation)
    assert (await bot.get(SHOP)).message == "This installation has been suspended"
    assert (await app.post(tokens_path(bot.sandbox))).status == 403
    await bot.sandbox.world.unsuspend(installation)
    path = tokens_path(bot.sandbox)
    await bot.sandbox.world.uninstall(installation)
    assert (await bot.get(SHOP)).status == 401
    assert (await app.post(path)).status == 404


async def test_tokens_can_end_before_their_time(bot: Client) -> None:
    bot.sandbox.world.tokens.expire()
    assert (await bot.get(SHOP)).status == 401


async def test_the_apps_installations_are_listed_with_how_many_there_are(app: Client, shop: Any) -> None:
    installation = app.sandbox.installation("acme")
    assert [found["id"] for found in (await app.get("/app/installations")).json] == [installation.id]
    assert (await app.get(f"/app/installations/{installation.id}")).json["account"]["login"] == "acme"
    assert (await app.get(f"{SHOP}/installation")).json["id"] == installation.id
    assert (await app.get("/app")).json["installations_count"] == 1
    assert (await app.get("/app/installations/1")).status == 404


async def test_only_the_app_itself_lists_installations(bot: Client) -> None:
    assert (await bot.get("/app/installations")).status == 401


async def test_a_person_writes_only_with_the_role_for_it(person: Client, shop: Any, session: Any) -> None:
    world = person.sandbox.world
    reader = Client(session, person.sandbox, world.tokens.for_user(world.add_account("reader")))
    body = {"ref": "refs/heads/x", "sha": await shop.git.branch("main")}
    assert (await reader.post(f"{SHOP}/git/refs", body)).status == 403
    assert (await person.post(f"{SHOP}/git/refs", body)).status == 201


async def test_a_private_repository_is_hidden_from_strangers(person: Client, session: Any) -> None:
    await person.sandbox.add_repository("acme/secret", {"a": b"1"}, private=True)
    world = person.sandbox.world
    stranger = Client(session, person.sandbox, world.tokens.for_user(world.add_account("stranger")))
    assert (await stranger.get("/repos/acme/secret")).status == 404
    assert (await person.get("/repos/acme/secret")).status == 200


@pytest.mark.parametrize("role", ["read", "triage", "write", "maintain", "admin", "none"])
async def test_what_a_collaborator_may_do_is_told(bot: Client, role: str) -> None:
    from bot.sandbox.model import Role

    repository = await bot.sandbox.add_repository("acme/secret", {"a": b"1"}, private=True)
    bot.sandbox.world.add_account("ann")
    repository.collaborators["ann"] = Role(role)
    told = (await bot.get("/repos/acme/secret/collaborators/ann/permission")).json
    old_word = {"triage": "read", "maintain": "write"}.get(role, role)
    assert (told["role_name"], told["permission"]) == (role, old_word)


async def test_an_archived_repository_is_only_read(bot: Client, shop: Any) -> None:
    shop.archived = True
    body = {"ref": "refs/heads/x", "sha": await shop.git.branch("main")}
    assert (await bot.get(SHOP)).json["archived"] is True
    assert (await bot.post(f"{SHOP}/git/refs", body)).message == "Repository was archived so is read-only."


async def test_a_manifests_code_becomes_the_apps_credentials_once(sandbox: Sandbox, session: Any) -> None:
    world = sandbox.world
    made = world.add_app("fresh", owner=sandbox.person, permissions={"contents": "read"}, events=["push"])
    world.manifests["code-1"] = made
    nobody = Client(session, sandbox, "")
    credentials = (await nobody.post("/app-manifests/code-1/conversions")).json
    assert credentials["pem"] == made.private_key_pem
    assert credentials["webhook_secret"] == made.webhook_secret
    assert (await nobody.post("/app-manifests/code-1/conversions")).status == 404
