"""A house whose repository promotes images, and what its people and its registry do to them."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.store import Keyring, StoredCredential, new_key
from tests.flows.house import House, built

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox.model import CheckRun
    from bot.sandbox.registry import SandboxRegistry
    from bot.store import PromotionRun

STABLE = "    when: [{tag: {ends-with: -stable}}]\n"
NAME = "dev-to-qa"


class PromotingHouse(House):
    """A house with a promotion `dev-to-qa`, from dev/website to qa/website in its owner's part of the registry."""

    @property
    def source(self) -> str:
        return f"{self.owner}/dev/website"

    @property
    def target(self) -> str:
        return f"{self.owner}/qa/website"

    def promotions(self, more: str = STABLE, *, name: str = NAME, target: str | None = None) -> bytes:
        """Return a policy file with one promotion; `more` are its further keys."""
        host = self.registry.host
        return (
            f"version: 1\npromotions:\n  - name: {name}\n    from: {host}/{self.source}\n"
            f"    to: {host}/{target or self.target}\n{more}"
        ).encode()

    async def begin(self, more: str = STABLE, *, private: bool = False, **files: bytes) -> None:
        """Add the repository with its policy file, let somebody store a credential that pushes, and do what is due."""
        all_files = {".niro/policies.yml": self.promotions(more), **files}
        await self.github.add_repository(self.repository, all_files, private=private)
        await self.let_push()
        await self.work()

    async def let_push(self, prefix: str | None = None, *, push: tuple[str, ...] | None = None, **changed: Any) -> None:
        """Store a credential that this repository may push with below a prefix."""
        credential = StoredCredential(
            id="pusher",
            installation=self.installation.id,
            name="pusher",
            host=self.registry.host,
            kind="generic",
            username="ci",
            token_hosts=(),
            certificate="",
            insecure=False,
            prefixes=(prefix or f"{self.owner}/qa",),
            pull=(),
            push=(self.repository,) if push is None else push,
            version="1",
            created_at=self.clock(),
            verified_at=None,
        )
        await self.parts.store.credentials.add(replace(credential, **changed), SecretStr("drossel-kaktus-81"))

    async def built_image(self, tag: str, **options: Any) -> str:
        """Push an image to the source, let the registry's hook tell of it, and do what is due then."""
        digest = await self.registry.push(self.source, tag, **options)
        await self.hear()
        return digest

    async def labels(self, repository: str | None = None, commit: str = "") -> dict[str, str]:
        """Return the labels of an image that was built from the head of a repository, or from another commit."""
        name = repository or self.repository
        head = commit or await self.github.repository(name).git.branch("main") or ""
        return {
            "org.opencontainers.image.source": f"https://github.com/{name}",
            "org.opencontainers.image.revision": head,
        }

    async def hear(self) -> None:
        """Let somebody look at the source, as after a hook, and do what is due then."""
        from bot.jobs.work import AnnounceImage

        await self.ask(AnnounceImage(self.registry.host, self.source))

    async def runs(self, name: str = NAME) -> list[PromotionRun]:
        """List the runs of a promotion, the oldest first."""
        repository = self.github.repository(self.repository).id
        return (await self.parts.store.promotions.of(repository, name))[::-1]

    async def run(self, name: str = NAME) -> PromotionRun:
        """Return the only run of a promotion."""
        (found,) = await self.runs(name)
        return found

    async def promoted(self) -> list[str]:
        """List the tags in the target."""
        return await self.registry.tags(self.target)

    def checks(self) -> list[CheckRun]:
        """List the check runs about the policy file, oldest first."""
        found = self.github.repository(self.repository).check_runs.values()
        return [run for run in found if run.name == "niro / policies"]

    def told(self, repository: str | None = None) -> list[CheckRun]:
        """List the check runs about promotions, oldest first."""
        found = self.github.repository(repository or self.repository).check_runs.values()
        return [run for run in found if run.name == "niro / promotion"]


def said_last(house: PromotingHouse) -> str:
    """Return what the newest check about the policy file says."""
    return str(house.checks()[-1].output)


def report(digest: str, *severities: str) -> dict[str, Any]:
    """Return what Trivy writes of an image with vulnerabilities of these severities."""
    found = [
        {
            "VulnerabilityID": f"CVE-2026-{index:04}",
            "PkgName": "openssl",
            "InstalledVersion": "3.0",
            "Severity": severity,
        }
        for index, severity in enumerate(severities)
    ]
    return {
        "SchemaVersion": 2,
        "ArtifactName": "website",
        "ArtifactType": "container_image",
        "Metadata": {"RepoDigests": [f"website@{digest}"]},
        "Results": [{"Target": "debian", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": found}],
    }


def written(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


@asynccontextmanager
async def promoting_house(directory: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    """Build a house with a key for secrets, beside a registry that wants no password."""
    async with built(directory, registry, keys=Keyring.parse(new_key("first"))) as house:
        yield PromotingHouse(house.github, house.registry, house.parts, house.clock, house.url, house.owner)
