"""An image on its way from dev/website to qa/website while the bot is killed again and again, and what came of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import aiohttp

from bot.demo.process import BotEnded
from bot.demo.stage import bot_settings, free_port
from bot.sandbox.faults import RequestRecord
from bot.sandbox.model import PullRequest
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_artifacts import INDEX, tag_of
from bot.sandbox.registry_attestations import Attestation
from bot.sandbox.registry_process import ACCOUNT, PASSWORD, Access
from bot.sandbox.server import Sandbox
from bot.store import PromotionRun, RunState, Store, new_key
from tests.descriptions.checked import started
from tests.journey.gate import Gate, Passing, gate
from tests.journey.warm_bot import WarmBot, warm_bot

REPOSITORY = "acme/website"
SOURCE, TARGET = "dev/website", "qa/website"
NAME = "dev-to-qa"
MAP = f".niro/promoted/{NAME}.yml"
TEMPLATE = "%n-%Y%m%d%H%M%S"
POLICY = """version: 1
promotions:
  - name: {name}
    from: {source}/{source_image}
    to: {target}/{target_image}
    when: [{{tag: {{ends-with: -stable}}}}]
    tag-template: "{template}"
    referrers: true
{more}"""
SBOM = "application/spdx+json"
STAMP = r"-20\d{12}"
DEADLINE_SECONDS = 150
MANY_LIVES = 5

Strikes = Callable[[Passing, int], bool]
"""Whether to kill at a request, and which one of the process's life it is."""


def never(_passing: Passing, _number: int) -> bool:
    return False


@dataclass
class PromotionJourney:
    """Everything that runs. `before`, `after`: at which requests to a registry the bot is killed, and at which side."""

    github: Sandbox
    source: SandboxRegistry
    target: SandboxRegistry
    store: Store
    bot: WarmBot
    url: str
    settings: dict[str, str]
    gates: list[Gate] = field(default_factory=list)
    door: str = ""
    signing: str = ""
    before: Strikes = never
    after: Strikes = never
    asked: int = 0
    """How many requests to registries and their token servers the process made that runs now."""
    asked_github: int = 0
    at_github: int | None = None
    """At which request to GitHub the bot is killed, None: at none."""
    once_carried_out: bool = False
    """Whether it is killed after such a request was carried out, before the answer; else before."""
    underway: int = 0
    """How many requests GitHub has and did not answer yet."""
    kills: list[str] = field(default_factory=list)
    partial: list[str] = field(default_factory=list)
    """Tags that were set while not all they name could be read, and of which image."""
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    _whole: set[str] = field(default_factory=set)
    _looked_at: set[str] = field(default_factory=set)

    async def begin(self) -> None:
        """Start the bot; what it asks is counted from now on."""
        self.asked = 0
        self.struck.clear()
        await self.bot.start(["serve"], self.settings)
        async with aiohttp.ClientSession(trust_env=False) as session, asyncio.timeout(DEADLINE_SECONDS):
            while not await self._is_ready(session):
                await _a_moment()

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        if self.struck.is_set():
            return True
        if not self.bot.runs:
            raise BotEnded(self.bot.last_words())
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return answer.status == HTTPStatus.OK
        except aiohttp.ClientError:  # nobody listens yet
            return False

    def strike(self, where: str) -> None:
        """Kill the bot where it stands; until it is begun anew nothing that it asked for is answered."""
        if not self.struck.is_set():
            self.struck.set()
            self.kills.append(where)
            self.bot.strike()

    async def pass_before(self, passing: Passing) -> bool:
        """Count a request, and kill the bot before it is carried out where the test wants that."""
        if self.struck.is_set():
            return False
        self.asked += 1
        if self.before(passing, self.asked):
            self.strike(f"before {passing}")
        return not self.struck.is_set()

    async def pass_after(self, passing: Passing) -> bool:
        """Look at what a tag stands for once it was set; kill the bot before it is answered where the test wants it."""
        if passing.method == "PUT" and passing.place == "target" and f"/v2/{TARGET}/manifests/" in passing.path:
            await self._look_at(passing.path.rpartition("/")[2])
        if not self.struck.is_set() and self.after(passing, self.asked):
            self.strike(f"after {passing}")
        return not self.struck.is_set()

    async def asks_github(self, record: RequestRecord) -> None:
        """See that GitHub has a request; it is carried out even where the bot is killed."""
        self.underway += 1
        if not self.once_carried_out:
            self._count(record)

    async def hears_github(self, record: RequestRecord) -> None:
        """See that GitHub carried a request out, which others may have noticed already, and is about to answer."""
        if self.once_carried_out:
            self._count(record)
        self.underway -= 1

    def _count(self, record: RequestRecord) -> None:
        """Count a request to GitHub, and kill the bot where the test wants that."""
        self.asked_github += 1
        if self.at_github is not None and self.asked_github >= self.at_github:
            self.at_github = None
            self.strike(f"at {record}")

    async def pushed(self, tag: str) -> str:
        """Build an image of two platforms with attestations and a signature beside it, and push it to the source."""
        sbom = Attestation("https://spdx.dev/Document", {"name": tag})
        digest = await self.source.push(SOURCE, tag, content=tag, layers=(3000,), attestations=[sbom])
        await self.source.attach(SOURCE, digest, SBOM, [(SBOM, f'{{"name": "{tag}"}}'.encode(), {})])
        return digest

    async def told(self, tag: str, digest: str) -> None:
        """Call the registry's hook as the registry does: again and again until a bot that lives has taken it."""
        while not await self._is_taken(tag, digest):
            await self._next_life()

    async def _is_taken(self, tag: str, digest: str) -> bool:
        target = {"mediaType": INDEX, "repository": SOURCE, "tag": tag, "digest": digest}
        body = json.dumps({"events": [{"id": tag, "action": "push", "target": target}]}).encode()
        headers = {"Authorization": f"Bearer {self.signing}"}
        try:
            async with (
                aiohttp.ClientSession(trust_env=False) as session,
                session.post(self.door, data=body, headers=headers) as answer,
            ):
                assert answer.status == HTTPStatus.ACCEPTED
                return True
        except aiohttp.ClientError:
            assert self.struck.is_set()
            return False

    async def run_of(self, tag: str) -> PromotionRun | None:
        """Return the only run of a tag of the source, None while there is none."""
        repository = self.github.repository(REPOSITORY).id
        runs = [run for run in await self.store.promotions.of(repository, NAME) if run.tag == tag]
        assert len(runs) <= 1
        return runs[0] if runs else None

    async def promoted(self, tag: str) -> str:
        """Push an image, tell of it, and start the bot again after each time it was killed; returns its digest.

        After each kill what the target's tags stand for is read whole.
        """
        digest = await self.pushed(tag)
        self.asked = 0
        await self.told(tag, digest)
        await self.carried_on(tag)
        return digest

    async def carried_on(self, tag: str, state: RunState = RunState.DONE) -> None:
        """Start the bot again after each time it was killed, until the run of a tag is in a state."""
        await self.until(lambda: self._is(tag, state), tag)

    async def until(self, come: Callable[[], Awaitable[bool]], tag: str) -> None:
        """Start the bot again after each time it was killed, until something has come about."""
        for _ in range(MANY_LIVES):
            try:
                async with asyncio.timeout(DEADLINE_SECONDS):
                    while not self.struck.is_set() and not await come():
                        await _a_moment()
            except TimeoutError:
                raise BotEnded(f"{await self.run_of(tag)}\n{self.bot.last_words()}") from None
            if not self.struck.is_set():
                return
            await self._next_life()
        raise BotEnded(f"{tag} did not come to its end in {MANY_LIVES} lives")

    async def _next_life(self) -> None:
        """Look at what the bot left behind when it was killed, and start it again."""
        await self.bot.ended()
        await self.look()
        await self.begin()

    async def proposed(self, tag: str) -> tuple[str, PullRequest]:
        """Push an image and tell of it, and wait for its proposal, whatever happens on the way.

        Returns the image's digest and the open pull request.
        """
        digest = await self.pushed(tag)
        self.asked_github = 0
        await self.told(tag, digest)
        await self.until(lambda: self._opened(digest), tag)
        (pull,) = self.open_pulls()
        return digest, pull

    async def merged(self, tag: str, pull: PullRequest) -> None:
        """Let a person merge what proposes an image, and wait until it was copied, whatever happens on the way."""
        self.asked_github = 0
        await self.github.world.merging.merge(pull, self.github.person)
        await self.carried_on(tag)

    def open_pulls(self) -> list[PullRequest]:
        return [pull for pull in self.github.repository(REPOSITORY).pulls if pull.state == "open"]

    async def _opened(self, digest: str) -> bool:
        if self.underway:
            return False  # the bot may yet be killed at what opens the pull request
        maps = [await self.github.read(REPOSITORY, MAP, pull.head_oid) for pull in self.open_pulls()]
        return any(digest.encode() in text for text in maps)

    async def _is(self, tag: str, state: RunState) -> bool:
        run = await self.run_of(tag)
        return run is not None and run.state is state

    async def tags(self, tag: str) -> list[str]:
        """List the tags of the target that stand for an image that has `tag` at the source."""
        wanted = re.compile(re.escape(tag) + STAMP)
        return [name for name in await self.target.tags(TARGET) if wanted.fullmatch(name)]

    async def look(self) -> None:
        """Look at what every tag in the target stands for; each time that one is set it is looked at anyway."""
        for tag in set(await self.target.tags(TARGET)) - self._looked_at:
            await self._look_at(tag)
            self._looked_at.add(tag)

    async def _look_at(self, reference: str) -> None:
        digest = await self.target.digest_of(TARGET, reference)
        if digest is None or not await self._is_whole(digest):
            self.partial.append(f"{reference} ({digest})")

    async def _is_whole(self, digest: str) -> bool:
        """Whether the target has a manifest, all it names, and all they name; once seen it is not read again."""
        if digest in self._whole:
            return True
        try:
            fields = json.loads((await self.target.manifest(TARGET, digest)).content)
        except LookupError:
            return False
        children = [await self._is_whole(entry["digest"]) for entry in fields.get("manifests", ())]
        named = [*fields.get("layers", ()), *([fields["config"]] if "config" in fields else [])]
        blobs = [await self.target.blob(TARGET, each["digest"]) for each in named]
        sizes = [blob is not None and len(blob) == each["size"] for blob, each in zip(blobs, named, strict=True)]
        is_whole = all(children) and all(sizes)
        if is_whole:
            self._whole.add(digest)
        return is_whole

    async def assert_arrived(self, tag: str, digest: str) -> None:
        """Assert that an image has exactly one tag at the target, the decided one, and came whole with its referrer."""
        run = await self.run_of(tag)
        assert run is not None
        assert (run.state, run.digest) == (RunState.DONE, digest)
        assert run.decided_at is not None
        assert await self.tags(tag) == [run.target_tag] == [f"{tag}-{run.decided_at:%Y%m%d%H%M%S}"]
        assert await self.target.digest_of(TARGET, run.target_tag) == digest
        await self.look()
        assert self.partial == []
        listed = json.loads((await self.target.manifest(TARGET, tag_of(digest))).content)["manifests"]
        assert [entry["artifactType"] for entry in listed] == [SBOM]


async def _a_moment() -> None:
    """Let time pass between two looks at a process that tells nobody what it did."""
    await asyncio.sleep(0.03)


@asynccontextmanager
async def promoting(directory: Path, *, one_host: bool, more: str = "") -> AsyncIterator[PromotionJourney]:
    """Start everything, store the credentials and the hook by the command line, and let the bot read the policy.

    one_host: source and target are repositories of one registry, which mounts; else of two, each with its own tokens.
    `more`: further keys of the promotion.
    """
    async with AsyncExitStack() as stack:
        source = await _registry(stack, directory)
        target = source if one_host else await _registry(stack, directory)
        github = await stack.enter_async_context(started(directory / "github"))
        url = f"http://127.0.0.1:{free_port()}"
        settings = bot_settings(github, source, directory)
        bot = await stack.enter_async_context(warm_bot(directory / "bot.log"))
        store = await Store.open(settings["NIRO_DATABASE_URL"], exclusive=False)
        stack.push_async_callback(store.close)
        journey = PromotionJourney(github, source, target, store, bot, url, settings)
        github.faults.before.append(journey.asks_github)
        github.faults.after.append(journey.hears_github)
        names = ["target"] if one_host else ["source", "target"]
        for name in names:
            opened = gate(name, source if name == "source" else target, journey.pass_before, journey.pass_after)
            journey.gates.append(await stack.enter_async_context(opened))
        hosts = [gate.host for gate in journey.gates]
        settings |= {
            "NIRO_BIND": url.removeprefix("http://"),
            "NIRO_ADMIN_BIND": f"127.0.0.1:{free_port()}",
            "NIRO_PUBLIC_URL": url,
            "NIRO_KEYS": new_key("first"),
            "NIRO_INSECURE_REGISTRIES": ",".join(hosts),
            "NIRO_SETTLE_SECONDS": "0",
            "NIRO_WRITE_GAP_SECONDS": "0",
        }
        await _plant(journey, hosts, more)
        yield journey
        await bot.kill()
        await github.webhooks.idle()


async def _registry(stack: AsyncExitStack, directory: Path) -> SandboxRegistry:
    registry = await SandboxRegistry.start(directory, access=Access.TOKEN, anonymous_pull=False)
    stack.push_async_callback(registry.stop)
    await registry.push(SOURCE, "0.9", layers=())
    return registry


async def _plant(journey: PromotionJourney, hosts: list[str], more: str) -> None:
    text = POLICY.format(
        name=NAME,
        source=hosts[0],
        source_image=SOURCE,
        target=hosts[-1],
        target_image=TARGET,
        template=TEMPLATE,
        more=more,
    )
    github = journey.github
    await journey.begin()
    github.webhook_url = f"{journey.url}/webhook"
    repository = await github.add_repository(REPOSITORY, {"README.md": b"# Website\n"})
    await github.webhooks.idle()
    await journey.bot.kill()
    await _authorize(journey, hosts)
    await journey.begin()
    await github.commit(REPOSITORY, "main", {".niro/policies.yml": text.encode()})
    async with asyncio.timeout(DEADLINE_SECONDS):
        while await journey.store.promotions.beginning(repository.id, NAME) is None:
            await _a_moment()


async def _authorize(journey: PromotionJourney, hosts: list[str]) -> None:
    """Store who reads and writes, and make the hook, with the commands that an operator has."""
    installation = str(journey.github.installation("acme").id)
    secret = Path(journey.settings["NIRO_SETTINGS_FILE"]).with_suffix(".secret")
    secret.write_text(PASSWORD)
    for index, host in enumerate(hosts):
        what = ["registries", "add", f"account-{index}", "--installation", installation, "--host", host]
        who = ["--username", ACCOUNT, "--kind", "generic", "--repository", SOURCE, "--insecure"]
        push = ["--push", REPOSITORY, "--prefix", "qa", "--prefix", "dev"] if host == hosts[-1] else []
        await journey.bot.run([*what, *who, *push, "--secret-file", str(secret)], journey.settings)
    hook = ["hooks", "add", "distribution", "--installation", installation, "--host", hosts[0]]
    address, signing = (await journey.bot.run(hook, journey.settings)).splitlines()[:2]
    journey.door, journey.signing = address, signing.removeprefix("signing secret: ")
