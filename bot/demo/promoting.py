"""The story's chapter of promotions: an image tagged as stable moves on to the repository of the next team."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import aiohttp
from pydantic import SecretStr

from bot.demo.process import BotEnded
from bot.store import Hook, Keyring, Store, StoredCredential

if TYPE_CHECKING:
    from bot.demo.stage import Stage
    from bot.demo.terminal import Terminal

REPOSITORY: Final = "acme/shop"
SOURCE: Final = "acme/dev/website"
TARGET: Final = "acme/qa/website"
POLICY: Final = ".niro/policies.yml"


async def promote(stage: Stage, terminal: Terminal) -> None:
    """Write a promotion, give it the right to push, push a stable build, and see it in the next repository."""
    terminal.title(f"A stable build is pushed to {SOURCE}, and belongs in {TARGET}")
    await stage.registry.push(SOURCE, "1.3-dev")
    terminal.mark()
    address = await _prepared(stage)
    terminal.step("an owner stores", f"a credential that {REPOSITORY} pushes with below acme/qa, and a hook")
    text = await stage.github.read(REPOSITORY, POLICY)
    await stage.github.commit(REPOSITORY, "main", {POLICY: text + _promotion(stage.registry.host)})
    await stage.github.webhooks.idle()
    await stage.bot.event("job done", kind="follow-promotion")
    terminal.step("promotion in force", "dev-to-qa: tags that end in -stable, each as %n-%Y%m%d%H%M")
    digest = await stage.registry.push(SOURCE, "1.4-stable", attestations=True)
    terminal.mark()
    await _tell(stage, address, "1.4-stable")
    terminal.step("hook received", "TAG_PUSH, as Mirantis Secure Registry sends it, answered 202")
    done = await stage.bot.event("image.promoted", promotion="dev-to-qa")
    terminal.step("image promoted", f"{done['target']} ({done['bytes']:,} bytes of layers went through the bot)")
    (tag,) = await stage.registry.tags(TARGET)
    same = await stage.registry.digest_of(TARGET, tag) == digest
    terminal.step("compared", f"{'the same' if same else 'ANOTHER'} digest in both repositories: {digest[:19]}")
    if not same:
        raise BotEnded("the copy is another image")


async def _prepared(stage: Stage) -> str:
    """Store the credential and the hook that an owner would; returns the hook's address.

    The demo's registry is open to everybody, so `niro registries add` could not prove a credential there.
    """
    installation, secret = stage.github.installation("acme").id, secrets.token_urlsafe()
    credential = StoredCredential(
        id="qa",
        installation=installation,
        name="qa",
        host=stage.registry.host,
        kind="generic",
        username="ci",
        token_hosts=(),
        certificate="",
        insecure=True,
        prefixes=("acme/qa",),
        push=(REPOSITORY,),
        version="1",
        created_at=datetime.now(UTC),
        verified_at=None,
    )
    hook = Hook("demo", "msr", installation, stage.registry.host, "acme/dev")
    keys = Keyring.parse(stage.settings["NIRO_KEYS"])
    async with await Store.open(stage.settings["NIRO_DATABASE_URL"], exclusive=False, keys=keys) as store:
        await store.credentials.add(credential, SecretStr("secret"))
        await store.hooks.create(hook, sha256(secret.encode()).digest())
    return f"{stage.bot.url}/hooks/msr/demo/{secret}"


async def _tell(stage: Stage, address: str, tag: str) -> None:
    image = f"{stage.registry.host}/{SOURCE}"
    push = {"type": "TAG_PUSH", "contents": {"imageName": f"{image}:{tag}", "tag": tag}}
    async with aiohttp.ClientSession(trust_env=False) as session, session.post(address, json=push) as answer:
        answer.raise_for_status()


def _promotion(host: str) -> bytes:
    return f"""
promotions:
  - name: dev-to-qa
    from: {host}/{SOURCE}
    to: {host}/{TARGET}
    when:
      - tag: {{ends-with: -stable}}
    tag-template: "%n-%Y%m%d%H%M"
""".encode()
