"""`niro promote` judges what stands in a promotion's source now, and has the bot judge it, on a real registry."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.jobs.work import PromoteImage, kind
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.cli.conftest import at_terminal, run, start
from tests.cli.promotion_commands import APP, asked_for, kept, remembered, with_policy_file

FILE = """\
version: 1
promotions:
  - name: to-qa
    from: {host}/dev/website
    to: {host}/qa/website
    when:
      - tag: {{ends-with: -stable}}
    tag-template: "%n-qa"
  - name: scanned
    from: {host}/dev/website
    to: {host}/scanned/website
    when:
      - tag: {{equals: 1.0-stable}}
      - vulnerabilities: {{severity: critical, at-most: 0}}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("registry"))
    for tag in ("1.0-stable", "1.1-stable", "1.2-rc"):
        await running.push("dev/website", tag)
    yield running
    await running.stop()


@pytest.fixture
def settings(registry: SandboxRegistry, folder: Path) -> dict[str, str]:
    with_policy_file(folder, FILE.format(host=registry.host))
    return APP | {"NIRO_INSECURE_REGISTRIES": registry.host}


def tried(*words: str, settings: dict[str, str]) -> dict[tuple[str, str], dict[str, object]]:
    code, said = start("promote", "acme/r10", "--dry-run", "--format", "json", *words, **settings)
    assert code == 0, said
    return {(each["promotion"], each["tag"]): each for each in json.loads(said)}


def test_a_dry_run_judges_todays_tags_and_leaves_nothing_behind(folder: Path, settings: dict[str, str]) -> None:
    found = tried(settings=settings)
    outcomes = {at: each["verdict"]["outcome"] for at, each in found.items()}
    assert outcomes == {
        ("to-qa", "1.0-stable"): "true",
        ("to-qa", "1.1-stable"): "true",
        ("scanned", "1.0-stable"): "unknown",
    }
    assert found["to-qa", "1.0-stable"]["target"].endswith("/qa/website:1.0-stable-qa")
    assert found["scanned", "1.0-stable"]["target"] is None
    assert kept(folder) == []
    assert asked_for(folder, kind(PromoteImage)) == set()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--promotion", "scanned"), {("scanned", "1.0-stable")}),
        (("--promotion", "to-qa", "--tag", "1.1-stable"), {("to-qa", "1.1-stable")}),
        (("--tag", "9.9"), set()),
    ],
)
def test_a_dry_run_can_be_of_one_promotion_or_tag(words: tuple[str, ...], found, settings: dict[str, str]) -> None:
    assert tried(*words, settings=settings).keys() == found


def test_a_dry_run_shows_people_why(settings: dict[str, str]) -> None:
    code, said = start("promote", "acme/r10", "--dry-run", "--promotion", "to-qa", "--tag", "1.2-rc", **settings)
    assert code == 0, said
    assert said.startswith("to-qa: 1.2-rc\n  digest       sha256:")
    assert "\n  would go to  nowhere\n\nVerdict: does not hold. " in said


def test_every_tag_that_the_criteria_take_is_judged(folder: Path, settings: dict[str, str]) -> None:
    code, said = start("promote", "acme/r10", "--yes", **settings)
    assert (code, said.splitlines()[-1].startswith("3 images are judged")) == (0, True), said
    runs = kept(folder)
    assert {(each.promotion, each.tag, each.state) for each in runs} == {
        ("to-qa", "1.0-stable", RunState.NEW),
        ("to-qa", "1.1-stable", RunState.NEW),
        ("scanned", "1.0-stable", RunState.NEW),
    }
    assert len(asked_for(folder, kind(PromoteImage))) == 3


def test_doing_it_twice_is_doing_it_once(folder: Path, settings: dict[str, str]) -> None:
    for _ in range(2):
        assert start("promote", "acme/r10", "--promotion", "scanned", "--yes", **settings)[0] == 0
    assert len(kept(folder)) == len(asked_for(folder, kind(PromoteImage))) == 1


def test_it_is_asked_first_and_a_no_does_nothing(folder: Path, settings: dict[str, str]) -> None:
    words = ("promote", "acme/r10", "--promotion", "to-qa")
    code, said = at_terminal(*words, asked="[y/N]", answer="n", **settings)
    assert code == 1
    assert "Have the promotion to-qa of acme/r10 judge every tag" in said
    assert run(*words, **settings).stderr == "this is asked at a terminal; elsewhere give --yes\n"
    assert kept(folder) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("acme/nothing", "--dry-run"), "no installation has a repository called acme/nothing"),
        (("acme/nothing", "--yes"), "no installation has a repository called acme/nothing"),
        (("acme/r10", "--dry-run", "--promotion", "x\x1b"), "no promotion called x\\x1b in force"),
        (("acme/r10", "--yes", "--promotion", "x\x1b"), "no promotion called x\\x1b in force"),
        (("acme/r10", "--yes", "--tag", "1.0"), "--tag and --format are for --dry-run"),
    ],
)
def test_what_there_is_not_is_told(words: tuple[str, ...], said: str, settings: dict[str, str]) -> None:
    code, told = start("promote", *words, **settings)
    assert (code, said in told) == (2, True), told
    assert "\x1b" not in told


def test_a_repository_without_promotions_has_none_to_begin(folder: Path) -> None:
    with_policy_file(folder, "version: 1\n")
    code, told = start("promote", "acme/r10", "--yes", **APP)
    assert (code, told) == (2, "acme/r10 has no promotion in force\n")


def test_a_registry_that_does_not_answer_is_told(folder: Path) -> None:
    with_policy_file(folder, FILE.format(host="127.0.0.1:1"))
    code, told = start("promote", "acme/r10", "--dry-run", **APP)
    assert code == 1
    assert told.startswith("127.0.0.1:1: ")


def test_without_the_apps_credentials_it_says_what_is_missing(folder: Path) -> None:
    remembered(folder)
    refused = run("promote", "acme/r10", "--dry-run")
    assert (refused.exit_code, refused.stderr.startswith("NIRO_APP_ID: ")) == (2, True)
