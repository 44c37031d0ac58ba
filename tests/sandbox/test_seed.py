"""The demo's repositories."""

import pytest
import yaml

from bot.sandbox import seed
from bot.sandbox.server import Sandbox

HOST = "127.0.0.1:5000"


@pytest.fixture
async def seeds(sandbox: Sandbox) -> seed.Seeds:
    return await seed.plant(sandbox, HOST, api="1.4.0")


async def test_two_repositories_follow_images_and_one_has_no_policy_file(seeds: seed.Seeds) -> None:
    found = [
        await repository.git.resolve("main:.niro/policies.yml") is not None
        for repository in (seeds.shop, seeds.blog, seeds.infra)
    ]
    assert found == [True, True, False]


async def test_every_manifest_can_be_read_and_names_the_registry(sandbox: Sandbox, seeds: seed.Seeds) -> None:
    for repository in (seeds.shop, seeds.blog, seeds.infra):
        for entry in await repository.git.entries("main", recursive=True) or []:
            if entry.path.endswith((".yaml", ".yml", ".json")):
                content = await sandbox.read(repository.full_name, entry.path)
                assert list(yaml.safe_load_all(content))
                assert HOST.encode() in content
                assert b"<" not in content


async def test_the_shop_has_an_image_in_several_files_and_one_with_windows_line_ends(
    sandbox: Sandbox, seeds: seed.Seeds
) -> None:
    api = await sandbox.read("acme/shop", "deploy/api.yaml")
    web = await sandbox.read("acme/shop", "deploy/web.yml")
    report = yaml.safe_load(await sandbox.read("acme/shop", "deploy/jobs/report.yaml"))
    assert api.count(b"127.0.0.1:5000/acme/api:1.4.0") == 2
    assert report["kind"] == "CronJob"
    assert web.count(b"\r\n") == web.count(b"\n")


async def test_merges_into_the_shop_wait_for_its_check(sandbox: Sandbox, seeds: seed.Seeds) -> None:
    required = sandbox.world.rules.required_checks(seeds.shop, "main")
    assert [check.context for check in required] == [seed.REQUIRED_CHECK]
