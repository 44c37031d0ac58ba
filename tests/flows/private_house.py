"""A house beside a private registry: tokens, over TLS by an authority that nobody knows, and a key to seal secrets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.flows import credentials
from bot.flows.credentials import Means, NewCredential, NewSecret
from bot.flows.parts import Parts
from bot.github import GitHub, open_session
from bot.registries import Grants, Registries, guarded_sessions
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import Access
from bot.store import Keyring, Store, new_key
from tests.descriptions.checked import started
from tests.flows.house import _NUMBERS, SETTLE, Clock, House, _served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.flows.credentials import Saved
    from bot.sandbox.model import CheckRun, Repository
    from bot.sandbox.registry_tokens import TokenServer

CREDENTIAL = "company"
ACCOUNT = "ci-reader"
PASSWORD = "drossel-kaktus-81"
ROUND = timedelta(minutes=8)
"""Longer than two polls of an image can be apart."""


class PrivateHouse(House):
    """A house whose registry is private, and what its people do with credentials.

    Its registry speaks TLS, with a certificate that only its credential trusts, unless it is named insecure.
    """

    @property
    def tls(self) -> bool:
        return self.tokens.realm.startswith("https:")

    @property
    def tokens(self) -> TokenServer:
        return self.registry.tokens

    def asked_by(self, account: str) -> int:
        """Count how often an account's password was shown, taken or not."""
        taken = sum(request.account == account for request in self.tokens.requests)
        return taken + self.tokens.refused.count(account)

    async def begin(self, repository: str | None = None, name: str = "api") -> Repository:
        """Add a repository whose Deployment stands at 1.4.2 of an image, with a policy that follows it."""
        files = {".niro/policies.yml": self.policy(name=name), "deploy/api.yaml": self.deployment(name=name)}
        found = await self.github.add_repository(repository or self.repository, files)
        await self.work()
        return found

    async def store_credential(
        self,
        account: str = ACCOUNT,
        password: str = PASSWORD,
        *,
        owner: str | None = None,
        pull: tuple[str, ...] = ("*",),
    ) -> Saved:
        """Store a credential for the installation of an account, and do what is due then."""
        wanted = NewCredential(
            installation=self.github.installation(owner or self.owner).id,
            name=CREDENTIAL,
            host=self.registry.host,
            username=account,
            secret=SecretStr(password),
            pull=pull,
            token_hosts=(self.tokens.host,),
            certificate=self.registry.certificate_authority if self.tls else "",
        )
        saved = await credentials.add(self.means(), wanted, f"{self.owner}/api")
        await self.work()
        return saved

    async def rotate_credential(self, password: str, account: str | None = None) -> Saved:
        """Give the stored credential another secret, without doing what is due then."""
        new = NewSecret(SecretStr(password), account)
        return await credentials.rotate(self.means(), self.installation.id, CREDENTIAL, new, f"{self.owner}/api")

    async def remove_credential(self, owner: str | None = None) -> None:
        """Remove the credential of an account's installation, and do what is due then."""
        installation = self.github.installation(owner or self.owner).id
        await credentials.remove(self.parts.store, installation, CREDENTIAL, self.clock())
        await self.work()

    def means(self) -> Means:
        return Means(self.parts.store, self.parts.registries, self.parts.grants, self.clock())

    async def known_tags(self, reader: str, name: str = "api") -> list[str]:
        """List what the ledger holds of an image under a reader."""
        tags = await self.parts.store.ledger.tags(self.registry.host, f"{self.owner}/{name}", reader)
        return sorted(tag.name for tag in tags)

    def checks(self, repository: str | None = None) -> list[CheckRun]:
        """List the check runs about the policy file, oldest first."""
        found = self.github.repository(repository or self.repository).check_runs.values()
        return [run for run in found if run.name == "niro / policies" and not run.external_id]

    def titles(self, repository: str | None = None) -> list[str]:
        """List the titles of the open pull requests."""
        return [pull.title for pull in self.open_pulls(repository)]


@asynccontextmanager
async def private_house(directory: Path, *, tls: bool = True) -> AsyncIterator[PrivateHouse]:
    """Start a registry that only ACCOUNT reads, and a house that may reach it; 1.4.2 of the image is pushed.

    tls: False for a registry that the operator has named insecure, and whose token server everybody trusts.
    """
    clock, owner = Clock(), f"acme{next(_NUMBERS)}"
    async with AsyncExitStack() as stack:
        registry = await SandboxRegistry.start(directory, access=Access.TOKEN, anonymous_pull=False, tls=tls)
        stack.push_async_callback(registry.stop)
        registry.tokens.set_password(ACCOUNT, PASSWORD)
        github = await stack.enter_async_context(started(directory / "github", now=clock))
        github.world.package_host = registry.host
        keys = Keyring.parse(new_key("first"))
        url = f"sqlite:///{directory / 'niro.db'}"
        store = await stack.enter_async_context(await Store.open(url, clock=clock, keys=keys))
        session = await stack.enter_async_context(open_session())
        sessions = await stack.enter_async_context(guarded_sessions())
        insecure = frozenset[str]() if tls else frozenset({registry.host, registry.tokens.host})
        client_id, key = github.app.client_id, github.app.private_key_pem
        parts = Parts(
            store=store,
            github=GitHub(session, client_id, key, github.url, pace=store.pacing, clock=clock, gap=timedelta()),
            registries=Registries(
                sessions,
                insecure_hosts=insecure,
                token_hosts=frozenset() if tls else {registry.tokens.host},
                clock=clock,
            ),
            clock=clock,
            executor=stack.enter_context(ThreadPoolExecutor(1)),
            settle=SETTLE,
            grants=Grants.parse([f"*:{registry.host}=127.0.0.0/8"], []),
        )
        url = await _served(stack, parts, github)
        github.webhook_url = f"{url}/webhook"
        house = PrivateHouse(github, registry, parts, clock, url, owner)
        await house.push("1.4.2")
        yield house
        await github.webhooks.idle()
