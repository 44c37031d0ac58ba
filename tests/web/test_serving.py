"""`niro serve` in a process of its own: from the first start without credentials to deliveries, and its log."""

import asyncio
import hashlib
import hmac
import json
import os
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import BrowserContext

from bot.demo.process import BotProcess, start_bot
from bot.demo.stage import free_port
from bot.sandbox.server import Sandbox
from bot.store import DeliveryState, Store
from tests.web.conftest import Serve
from tests.web.raw import connected, head
from tests.web.test_setup_in_browser import FormTarget

Start = Callable[..., Awaitable[BotProcess]]


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[Sandbox]:
    sandbox = await Sandbox.start(tmp_path / "github")
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def settings(tmp_path: Path, github: Sandbox) -> dict[str, str]:
    """Settings of a bot that knows where GitHub is, and has no credentials."""
    bind = f"127.0.0.1:{free_port()}"
    return {
        "NIRO_BIND": bind,
        "NIRO_ADMIN_BIND": f"127.0.0.1:{free_port()}",
        "NIRO_PUBLIC_URL": f"http://{bind}",
        "NIRO_GITHUB_URL": github.url,
        "NIRO_DATABASE_URL": f"sqlite:///{tmp_path / 'niro.db'}",
        "NIRO_SETTINGS_FILE": str(tmp_path / "niro.env"),
        "NIRO_LOG_LEVEL": "debug",
    }


@pytest.fixture
def registered(settings: dict[str, str], github: Sandbox) -> dict[str, str]:
    """Settings of a bot that is the sandbox's App."""
    return settings | {
        "NIRO_APP_ID": github.app.client_id,
        "NIRO_PRIVATE_KEY": github.app.private_key_pem,
        "NIRO_WEBHOOK_SECRET": github.app.webhook_secret,
    }


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start `niro serve`; it is ended with the test."""
    started: list[BotProcess] = []

    async def serve(settings: dict[str, str]) -> BotProcess:
        started.append(await start_bot(settings["NIRO_PUBLIC_URL"], settings))
        return started[-1]

    yield serve
    for bot in started:
        await bot.kill()


async def deliver(
    http: ClientSession, url: str, secret: str, body: bytes, *, identifier: str = "d-1", event: str = "ping"
) -> int:
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Delivery": identifier, "X-GitHub-Event": event, "X-Hub-Signature-256": signature}
    async with http.post(f"{url}/webhook", data=body, headers=headers) as answer:
        return answer.status


def mode_of(file: str) -> int:
    return stat.S_IMODE(Path(file).stat().st_mode)


async def command(settings: dict[str, str], *arguments: str) -> str:
    """Run `niro` once beside the server; returns what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, env=os.environ | settings, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


async def test_a_person_sets_it_up_and_the_same_process_serves(  # noqa: PLR0917 - fixtures
    settings: dict[str, str], github: Sandbox, serve: Serve, start: Start, browser: BrowserContext, http: ClientSession
) -> None:
    people = await serve(FormTarget().application)
    bot = await start(settings | {"NIRO_GITHUB_WEB_URL": people})
    offered = await bot.event("setup.offered")
    assert await deliver(http, bot.url, "", b"{}") == 404

    page = await browser.new_page()
    await page.goto(offered["open"])
    register = page.get_by_role("button", name="Register on GitHub")
    await register.click()
    await page.get_by_text("GitHub does not know this code").wait_for()

    github.faults.bad_gateway(times=10)
    await page.get_by_role("link", name="Try again").click()
    await register.click()
    await page.get_by_text("GitHub did not hand over the App's keys").wait_for()

    github.faults.clear()
    github.world.manifests["one-time"] = github.app
    await page.get_by_role("link", name="Try again").click()
    await register.click()
    await page.get_by_role("heading", name="Niro bot is registered").wait_for()

    await bot.event("serving")
    assert mode_of(settings["NIRO_SETTINGS_FILE"]) == 0o600
    await bot.ready()
    assert await deliver(http, bot.url, github.app.webhook_secret, b"{}") == 202
    assert await deliver(http, bot.url, "another", b"{}") == 401
    for path in ("/setup", "/setup/created"):
        async with http.get(bot.url + path) as answer:
            assert answer.status == 404
    async with http.get(bot.url) as answer:
        assert await answer.text() == "Niro bot\n"
    heard = json.dumps(bot._heard)
    for secret in (github.app.webhook_secret, github.app.private_key_pem.splitlines()[1]):
        assert secret not in heard


async def test_what_is_no_json_is_parked_as_dead_and_the_next_is_handled(
    registered: dict[str, str], github: Sandbox, start: Start, http: ClientSession
) -> None:
    bot = await start(registered)
    await bot.ready()
    bad = {"words": b"not json", "nested": b"[" * 200_000, "list": b"[]", "bytes": b"\xff\x00", "empty": b""}
    for identifier, body in bad.items():
        assert await deliver(http, bot.url, github.app.webhook_secret, body, identifier=identifier, event="push") == 202
        await bot.event("delivery.dead", delivery=identifier)
    good = b'{"zen": "Keep it logically awesome."}'
    assert await deliver(http, bot.url, github.app.webhook_secret, good, identifier="good") == 202
    assert await bot.stop() == 0
    async with await Store.open(registered["NIRO_DATABASE_URL"]) as store:
        for identifier in bad:
            status = await store.deliveries.status(identifier)
            assert status is not None
            assert status.state is DeliveryState.DEAD
            assert status.reason.startswith("the body is")


async def test_a_new_hook_opens_at_once(registered: dict[str, str], start: Start, http: ClientSession) -> None:
    bot = await start(registered)
    await bot.ready()
    address = (await command(registered, "hooks", "add", "dockerhub", "--installation", "7")).strip()
    assert address.startswith(f"{bot.url}/hooks/dockerhub/")
    async with http.post(address, json={"repository": {"repo_name": "acme/api"}}) as answer:
        assert answer.status == 202
    async with http.post(address[:-1]) as answer:
        assert answer.status == 404


async def test_the_operators_pages_are_on_their_own_address(
    registered: dict[str, str], start: Start, http: ClientSession
) -> None:
    bot = await start(registered)
    await bot.ready()
    async with http.get(f"http://{registered['NIRO_ADMIN_BIND']}/metrics") as answer:
        assert "niro_store_answers 1.0" in await answer.text()
    async with http.get(f"{bot.url}/metrics") as answer:
        assert answer.status == 404


async def said(bot: BotProcess, text: str) -> None:
    """Wait until a line of the log, in whatever format, holds a text."""
    async with bot._spoke:
        await bot._spoke.wait_for(lambda: any(text in json.dumps(event) for event in bot._heard))


PLANTED = {
    "token": "ghs_16c7e42f292c6912e7710c838347ae178b4a",
    "bearer": "a-bearer-that-opens-doors",
    "basic": "bmlybzpodW50ZXIy",
    "cookie": "session-of-an-operator",
    "query": "a-secret-in-a-query",
}


@pytest.mark.parametrize("form", ["json", "console"])
async def test_hostile_requests_with_secrets_leave_none_in_the_log(  # noqa: PLR0917 - fixtures
    registered: dict[str, str],
    github: Sandbox,
    start: Start,
    http: ClientSession,
    capfd: pytest.CaptureFixture[str],
    form: str,
) -> None:
    loud = {"NIRO_LOG_FORMAT": form, "NIRO_SETTLE_SECONDS": "0", "PYTHONASYNCIODEBUG": "1"}
    bot = await start(registered | loud)
    await bot.ready()
    address = (await command(registered, "hooks", "add", "dockerhub", "--installation", "7")).strip()
    path, secret = address.removeprefix(bot.url), address.rsplit("/", 1)[1]
    headers = {
        "Authorization": f"Bearer {PLANTED['bearer']}",
        "Proxy-Authorization": f"Basic {PLANTED['basic']}",
        "Cookie": f"id={PLANTED['cookie']}",
    }
    planted = json.dumps({"action": PLANTED["token"], "password": PLANTED["query"], "installation": PLANTED}).encode()
    for number, event in enumerate(("push", "installation", "registry_package", "check_run", PLANTED["token"][:3])):
        await deliver(http, bot.url, github.app.webhook_secret, planted, identifier=f"planted-{number}", event=event)
    for target in (path, f"{path}?token={PLANTED['query']}", f"/{path}", path.upper(), f"{path}/{PLANTED['token']}"):
        async with http.post(bot.url + target, data=planted, headers=headers):
            pass
    malformed = [
        head("POST", path, Content_Length=-1, **headers),
        head("POST", path, **headers).replace(b"Host: test", f"No colon {PLANTED['token']} {path}".encode()),
        f"{PLANTED['token']} {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
        head("POST", path, Transfer_Encoding="chunked", **headers) + f"{PLANTED['token']}\r\n".encode(),
        head("POST", path, X=PLANTED["token"] * 1000),
    ]
    for request in malformed:
        async with connected(bot.url) as line:
            await line.send(request)
            assert await line.status() in {400, 405}
    # What people put into names is logged.
    async with http.post(address, json={"repository": {"repo_name": f"acme/{PLANTED['token']}"}}) as answer:
        assert answer.status == 202
    await said(bot, "image.not_followed")
    assert await bot.stop() == 0

    output = json.dumps(bot._heard) + "".join(capfd.readouterr())
    assert "[hidden]" in output
    key = github.app.private_key_pem.splitlines()[1]
    leaked = [text for text in (*PLANTED.values(), secret, github.app.webhook_secret, key) if text in output]
    assert leaked == []
