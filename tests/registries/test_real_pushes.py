"""What skopeo pushed to real registries is read as skopeo sees it: nothing of ours made it, or told us of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.images import Platform
from bot.registries import ANONYMOUS, Access, Registries
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT, PASSWORD
from bot.sandbox.registry_process import Access as Doors
from tests.parts.image_layout import write_layout
from tests.parts.skopeo import Skopeo
from tests.registries.conftest import RegistriesFor, credential

REPOSITORY = "team/api"
CREATED = datetime(2025, 3, 1, 12, 30, tzinfo=UTC)
SEVERAL = ("linux/amd64", "linux/arm64", "linux/arm/v7")
PUSHED = {"1.0.0": SEVERAL, "1.0.1": ("linux/amd64",)}
DOORS = [
    pytest.param((Doors.OPEN, False), id="open"),
    pytest.param((Doors.PASSWORD, False), id="password"),
    pytest.param((Doors.TOKEN, False), id="token"),
    pytest.param((Doors.OPEN, True), id="open-tls"),
    pytest.param((Doors.PASSWORD, True), id="password-tls"),
    pytest.param((Doors.TOKEN, True), id="token-tls"),
]


@dataclass
class Pushed:
    """A registry with two tags in it, as skopeo pushed them: 1.0.0 of several platforms, 1.0.1 of one."""

    registry: SandboxRegistry
    skopeo: Skopeo
    digests: dict[str, str]
    access: Access
    insecure_hosts: tuple[str, ...]

    @property
    def host(self) -> str:
        return self.registry.host

    def registries(self, registries_for: RegistriesFor) -> Registries:
        return registries_for(*self.insecure_hosts)


@pytest.fixture(scope="session")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layouts")
    for tag, platforms in PUSHED.items():
        write_layout(folder / tag, tag, platforms, created=CREATED)
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=DOORS)
async def pushed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, layouts: Path
) -> AsyncIterator[Pushed]:
    """Each kind of registry, with what skopeo pushed into it."""
    door, tls = request.param
    folder = tmp_path_factory.mktemp("registry")
    registry = await SandboxRegistry.start(folder, access=door, anonymous_pull=False, tls=tls)
    authority = registry.certificate_authority if tls else ""
    account = "" if door is Doors.OPEN else ACCOUNT
    skopeo = Skopeo(registry.host, account, PASSWORD if account else "", authority)
    token_hosts = frozenset({registry.tokens.host} if door is Doors.TOKEN else ())
    known = credential(registry.host, certificate=authority, token_hosts=token_hosts) if account or tls else ANONYMOUS
    digests = {tag: await skopeo.push(layouts / tag, REPOSITORY, tag) for tag in PUSHED}
    yield Pushed(registry, skopeo, digests, known, () if tls else (registry.host, *token_hosts))
    await registry.stop()


async def test_the_tags_are_those_that_were_pushed(pushed: Pushed, registries_for: RegistriesFor) -> None:
    listed = await pushed.registries(registries_for).tags(pushed.host, REPOSITORY, pushed.access)
    assert sorted(listed.names) == sorted(PUSHED)


@pytest.mark.parametrize("tag", PUSHED)
async def test_a_tag_has_the_digest_that_skopeo_sees(tag: str, pushed: Pushed, registries_for: RegistriesFor) -> None:
    found = await pushed.registries(registries_for).head(pushed.host, REPOSITORY, tag, pushed.access)
    assert found == pushed.digests[tag]


@pytest.mark.parametrize("tag", PUSHED)
async def test_a_tag_runs_on_what_it_was_built_for(tag: str, pushed: Pushed, registries_for: RegistriesFor) -> None:
    found = await pushed.registries(registries_for).manifest(
        pushed.host, REPOSITORY, tag, pushed.access, verify_children=True
    )
    assert (found.digest, found.complete) == (pushed.digests[tag], True)
    assert found.platforms == frozenset(map(Platform.parse, PUSHED[tag]))


@pytest.mark.parametrize("tag", PUSHED)
async def test_an_image_says_when_it_was_created(tag: str, pushed: Pushed, registries_for: RegistriesFor) -> None:
    found = await pushed.registries(registries_for).manifest(pushed.host, REPOSITORY, tag, pushed.access, created=True)
    assert (
        found.created_at == CREATED == datetime.fromisoformat((await pushed.skopeo.inspect(REPOSITORY, tag))["Created"])
    )


@pytest.mark.parametrize("tag", PUSHED)
async def test_images_in_the_older_format_are_read_too(
    tag: str, pushed: Pushed, layouts: Path, registries_for: RegistriesFor
) -> None:
    digest = await pushed.skopeo.push(layouts / tag, "team/older", tag, media_types="v2s2")
    found = await pushed.registries(registries_for).manifest(
        pushed.host, "team/older", tag, pushed.access, created=True
    )
    assert (found.digest, found.created_at) == (digest, CREATED)
    assert found.platforms == frozenset(map(Platform.parse, PUSHED[tag]))
    assert found.media_type.startswith("application/vnd.docker.distribution.manifest.")


async def test_a_tag_that_moves_is_seen_to(pushed: Pushed, tmp_path: Path, registries_for: RegistriesFor) -> None:
    registries = pushed.registries(registries_for)
    seen = []
    for turn, platforms in enumerate((SEVERAL, SEVERAL[:2])):
        write_layout(tmp_path / str(turn), "latest", platforms)
        digest = await pushed.skopeo.push(tmp_path / str(turn), "team/moving", "latest")
        assert await registries.head(pushed.host, "team/moving", "latest", pushed.access) == digest
        seen.append(digest)
    assert len(set(seen)) == 2
