"""A run of the bot as in production, made to go wrong in many ways, with all that it says anywhere kept."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import traceback
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from click.testing import CliRunner

from bot.cli import commands
from bot.demo.process import LONGEST_LINE, BotProcess
from bot.demo.stage import bot_settings, free_port
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import Access
from bot.store import new_key
from tests.descriptions.checked import started
from tests.flows.what_was_said import ACCOUNT, Kept, Run

if TYPE_CHECKING:
    from bot.sandbox.faults import Exchange
    from bot.sandbox.server import Sandbox

# With letters that addresses, JSON and HTML write in other ways.
PASSWORD = 'drossel&kaktus+81/"lampe"'
SECOND_PASSWORD = "quitte&lampion+17/<zeder>"
WRONG_PASSWORD = "falsch&zeppelin+33/'ahorn'"
REPOSITORY = "acme/shop"
ROOT = Path(__file__).parents[2]
POLICY = "version: 1\nimages:\n  - image: {host}/acme/api\n    range: '*'\n"
POD = """apiVersion: v1
kind: Pod
metadata: {{name: api}}
spec:
  containers:
    - {{name: api, image: '{host}/acme/api:1.4.2'}}
"""


@dataclass
class Stage:
    """What plays: the bot in a process of its own, a sandbox GitHub and a private registry with TLS."""

    run: Run
    directory: Path
    github: Sandbox
    registry: SandboxRegistry
    settings: dict[str, str]
    url: str
    bot: BotProcess
    http: aiohttp.ClientSession
    hook: str = ""
    signing: str = ""

    @property
    def installation(self) -> str:
        return str(self.github.installation("acme").id)

    async def command(self, *arguments: str, entered: str = "", **settings: str) -> str:
        """Run a command beside the bot and return its standard output, which is kept like its errors."""
        given = self.settings | settings
        ended = await asyncio.to_thread(CliRunner().invoke, commands, arguments, env=given, input=entered)
        if arguments[:2] != ("hooks", "add"):  # whose standard output is the secret, told once
            self.run.say("the command line", ended.stdout)
        self.run.say("the command line", ended.stderr)
        if ended.exc_info:
            self.run.say("the command line", "".join(traceback.format_exception(*ended.exc_info)))
        return ended.stdout

    async def ask(self, address: str, method: str = "GET", **request: Any) -> int:
        """Ask a door of the bot, and keep the answer whole."""
        async with self.http.request(method, address, **request) as answer:
            self.run.say("the doors", f"{answer.status} {dict(answer.headers)}")
            self.run.say("the doors", await answer.read())
            return answer.status

    async def tell_hook(self) -> int:
        """Let the registry tell that the image was pushed; returns what it is answered."""
        told = {"type": "PUSH_ARTIFACT", "event_data": {"repository": {"repo_full_name": "acme/api"}}}
        return await self.ask(self.hook, "POST", json=told, headers={"Authorization": self.signing})


async def played(directory: Path) -> Run:
    """Play the whole run."""
    run = Run()
    async with AsyncExitStack() as stack:
        stage = await _set(stack, directory, run)
        await _store_credential(stage)
        await _make_hooks(stage)
        await _bump(stage)
        await _refuse(stage)
        await _rotate(stage)
        await _lose_the_key(stage)
        await _look_around(stage)
        await _end(stage)
    return run


async def _set(stack: AsyncExitStack, directory: Path, run: Run) -> Stage:
    registry = await SandboxRegistry.start(directory, access=Access.TOKEN, anonymous_pull=False, tls=True)
    stack.push_async_callback(registry.stop)
    registry.tokens.set_password(ACCOUNT, PASSWORD)
    # So that each look at the image asks for a token of its own.
    registry.tokens.expires_in = 1
    await registry.push("acme/api", "1.4.2")
    github = await stack.enter_async_context(started(directory / "github"))
    github.world.package_host = registry.host
    github.faults.exchanges.append(lambda exchange: _keep_exchange(run, exchange))
    key, port, admin_port = new_key("first"), free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    settings = bot_settings(github, registry, directory) | {
        "NIRO_BIND": f"127.0.0.1:{port}",
        "NIRO_ADMIN_BIND": f"127.0.0.1:{admin_port}",
        "NIRO_PUBLIC_URL": url,
        "NIRO_INSECURE_REGISTRIES": "",
        "NIRO_KEYS": key,
        "NIRO_LOG_LEVEL": "debug",
        "NIRO_SETTLE_SECONDS": "0",
        "NIRO_WRITE_GAP_SECONDS": "0",
    }
    run.secrets |= {"the key": key.partition(":")[2], "the webhook's secret": github.app.webhook_secret}
    run.secrets |= {"the password": PASSWORD, "the second": SECOND_PASSWORD, "a wrong one": WRONG_PASSWORD}
    lines = github.app.private_key_pem.splitlines()[1:-1]
    run.secrets |= {f"line {number} of the App's key": line for number, line in enumerate(lines, 1)}
    bot = await _served(run, directory, url, settings)
    stack.push_async_callback(bot.kill)
    await bot.ready()
    github.webhook_url = f"{url}/webhook"
    http = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
    files = {".niro/policies.yml": POLICY.format(host=registry.host), "pod.yaml": POD.format(host=registry.host)}
    await github.add_repository(REPOSITORY, {path: text.encode() for path, text in files.items()})
    await bot.event("image.not_read")
    await bot.event("policy.reported", conclusion="neutral")
    return Stage(run, directory, github, registry, settings, url, bot, http)


async def _served(run: Run, directory: Path, url: str, settings: dict[str, str]) -> BotProcess:
    with (directory / "standard-output").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "serve"),
            env=_environment() | settings,
            stdout=output,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
    process.stderr = Kept(process.stderr, run)  # type: ignore[assignment]
    return BotProcess(process, url)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIRO_")}
    return kept | {"PYTHONPATH": str(ROOT)}


def _keep_exchange(run: Run, exchange: Exchange) -> None:
    """Keep what the bot wrote to GitHub; its own token stands in a header, where it belongs."""
    run.say("requests to GitHub", exchange.target)
    run.say("requests to GitHub", exchange.request_body)


async def _store_credential(stage: Stage) -> None:
    certificate = stage.directory / "authority.pem"
    certificate.write_text(stage.registry.certificate_authority)
    what = ("registries", "add", "company", "--installation", stage.installation, "--host", stage.registry.host)
    how = ("--username", ACCOUNT, "--repository", "acme/api", "--certificate", str(certificate))
    where = ("--token-host", stage.registry.tokens.host, "--secret-stdin")
    await stage.command(*what, *how, *where, entered=WRONG_PASSWORD)
    await stage.command(*what, *how, "--secret-stdin", entered=PASSWORD)  # no token host: the realm is not trusted
    await stage.command(*what, *how, *where, entered=PASSWORD)
    await stage.command("registries", "list")
    await stage.command("registries", "list", "--format", "json")
    await stage.bot.event("tag.decided", current="1.4.2")


async def _make_hooks(stage: Stage) -> None:
    stage.hook, stage.signing = await _make_hook(stage, "harbor")
    signed, _ = await _make_hook(stage, "generic")
    await stage.command("hooks", "list")
    # Not signed, badly signed, signed but no JSON, a wrong address, and no way to ask.
    await stage.ask(stage.hook, "POST", json={})
    await stage.ask(signed, "POST", json={"image": "x"}, headers={"X-Signature": "sha256=00"})
    await stage.ask(stage.hook, "POST", data=b"<html>", headers={"Authorization": stage.signing})
    await stage.ask(stage.hook[:-1], "POST", json={})
    await stage.ask(stage.hook)


async def _make_hook(stage: Stage, kind: str) -> tuple[str, str]:
    """Make a hook and return its address and what its calls are signed with."""
    options = ("--installation", stage.installation, "--host", stage.registry.host)
    address, signing = (await stage.command("hooks", "add", kind, *options)).splitlines()[:2]
    signing = signing.removeprefix("signing secret: ")
    secret = address.rpartition("/")[2]
    stage.run.secrets |= {f"the address of the {kind} hook": secret, f"what the {kind} hook is signed with": signing}
    return address, signing


async def _bump(stage: Stage) -> None:
    await stage.registry.push("acme/api", "1.5.0")
    await stage.tell_hook()
    await stage.bot.event("pull_request.opened")


async def _refuse(stage: Stage) -> None:
    """Let the token server refuse the password, and repeat it in its answer as clumsy servers do."""
    tokens, before = stage.registry.tokens, len(stage.bot.events("image.not_read"))
    tokens.set_password(ACCOUNT, SECOND_PASSWORD)
    answer = tokens.answer

    def clumsy(authorization: str | None, query: str) -> tuple[int, dict[str, Any]]:
        status, body = answer(authorization, query)
        given = base64.b64decode((authorization or "").removeprefix("Basic ")).decode()
        return status, body | {"message": f"no: {given}", "header": authorization} if status == 401 else body

    tokens.answer = clumsy  # type: ignore[method-assign]
    while len(stage.bot.events("image.not_read")) == before:  # until the last token has ended
        done = len(stage.bot.events("job done"))
        await stage.tell_hook()
        await stage.bot.heard("job done", more_than=done)
    again = ("company", "--installation", stage.installation, "--repository", "acme/api")
    await stage.command("registries", "verify", *again)
    await stage.command("registries", "rotate", *again, "--secret-stdin", entered=WRONG_PASSWORD)


async def _rotate(stage: Stage) -> None:
    await stage.registry.push("acme/api", "1.6.0")
    again = ("company", "--installation", stage.installation, "--repository", "acme/api")
    await stage.command("registries", "rotate", *again, "--secret-stdin", entered=SECOND_PASSWORD)
    await stage.bot.event("pull_request.updated")


async def _lose_the_key(stage: Stage) -> None:
    """Seal everything with a key that the running bot was not given."""
    second = new_key("second")
    stage.run.secrets["the second key"] = second.partition(":")[2]
    await stage.command("keys", "rotate", "--yes", NIRO_KEYS=f"{second},{stage.settings['NIRO_KEYS']}")
    await stage.command("keys", "list")
    await stage.tell_hook()
    await stage.github.package_published("acme", "api", "1.6.0", f"sha256:{'0' * 64}", REPOSITORY)
    while b"SecretLocked" not in stage.run.said["the log"]:
        await stage.bot.heard("job dropped", more_than=len(stage.bot.events("job dropped")))


async def _look_around(stage: Stage) -> None:
    admin = f"http://{stage.settings['NIRO_ADMIN_BIND']}"
    for address in ("/", "/healthz", "/readyz", "/hooks", "/webhook"):
        await stage.ask(f"{stage.url}{address}")
    for address in (f"{admin}/", f"{admin}/metrics"):
        async with stage.http.get(address) as answer:
            stage.run.say("the status page and metrics", await answer.read())
    await stage.command("settings")


async def _end(stage: Stage) -> None:
    """Read the database beside the bot and after it, and start once more without the key that is needed."""
    run, repository = stage.run, stage.github.repository(REPOSITORY)
    _keep_database(stage)
    await stage.bot.stop()
    _keep_database(stage)
    run.say("the command line", await _start_without_the_key(stage))
    run.say("standard output", (stage.directory / "standard-output").read_bytes())
    for check_run in repository.check_runs.values():
        run.say("check runs", json.dumps([check_run.output, check_run.annotations]))
    for pull in repository.pulls:
        run.pulls.append(pull.title)
        run.say("pull requests", f"{pull.title}\n{pull.body}")
    run.secrets |= {f"token {number}": token for number, token in enumerate(stage.registry.tokens.minted)}
    signatures = [token.rpartition(".")[2] for token in stage.registry.tokens.minted]
    run.secrets |= {f"signature {number}": signature for number, signature in enumerate(signatures)}


async def _start_without_the_key(stage: Stage) -> bytes:
    """Start the bot as it was before the key was changed; returns why it does not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "serve"),
        env=_environment() | stage.settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return (await process.communicate())[0]


def _keep_database(stage: Stage) -> None:
    for path in sorted(stage.directory.glob("niro.db*")):
        stage.run.say("the database", path.read_bytes())
