"""The pages about registries show commands that are taken, and what they really write."""

import re
import shlex
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.cli.registries import add
from bot.flows.credential_checks import NewCredential, checked, repository_at
from bot.promotion import Judged, Outcome, Verdict, verdict_to_json
from bot.registries.kinds import ProviderKind
from bot.registries.providers import provider_of
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT, PASSWORD, Access
from bot.store import RunState, new_key
from tests.cli.conftest import ROOT, in_store, run
from tests.cli.promotion_commands import remembered
from tests.store.builders import event, repository

DOCS = ROOT / "docs"
PAGE = (DOCS / "command-line.md").read_text()
REGISTRIES = (DOCS / "registries.md").read_text()
HOST, USER = "harbor.corp.example", "robot$acme+niro"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEY_FILE = '{"type": "service_account"}'


def blocks(kind: str) -> str:
    found = re.search(rf"^<!-- {kind} -->\n```console\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
    assert found is not None
    return found[1]


def steps(block: str) -> Iterator[tuple[list[str], str]]:
    """Yield each command of a console, without its `niro`, and what stands below it."""
    for command, output in re.findall(r"^\$ niro (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        yield shlex.split(command), output


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """What stands in for the page's Harbor: one account, and an authority of its own."""
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("registry"), access=Access.PASSWORD, tls=True)
    await running.push("acme/api", "1.0")
    yield running
    await running.stop()


def test_the_session_with_a_credential_shows_what_is_written(registry: SandboxRegistry, folder: Path) -> None:
    (folder / "corp.pem").write_text(registry.certificate_authority)
    (folder / "token").write_text(f"{PASSWORD}\n")
    settings = {"NIRO_KEYS": new_key("2026-01-04-3f2a"), "NIRO_PRIVATE_NETWORKS": "*:*=127.0.0.0/8", "COLUMNS": "80"}
    for words, output in steps(blocks("session")):
        given = [word.replace(HOST, registry.host).replace(USER, ACCOUNT) for word in words]
        shown = run(*given, **settings)
        assert shown.exit_code == 0, shown.output
        written = shown.stdout.replace(registry.host, HOST).replace(f"  {ACCOUNT}\n", f"  {USER}\n")
        assert MOMENT.sub("(moment)", written) == MOMENT.sub("(moment)", output)


def test_the_session_with_keys_shows_what_is_written() -> None:
    newer, older = new_key("2026-07-01-9c1e"), new_key("2026-01-04-3f2a")
    for _ in range(2):
        run("hooks", "add", "harbor", "--installation", "7", "--host", HOST, NIRO_KEYS=older)
    for words, output in steps(blocks("keys")):
        assert run(*words, NIRO_KEYS=f"{newer},{older}").stdout == output


def test_the_session_with_promotions_shows_what_is_written(folder: Path) -> None:
    with_the_image_of_the_page(folder)
    for words, output in steps(blocks("promotions")):
        assert run(*words, COLUMNS="80").stdout == output


def with_the_image_of_the_page(folder: Path) -> None:
    """Remember the image of the page, under its number, beside eleven others."""
    at = datetime(2026, 1, 4, 15, 0, tzinfo=UTC)
    sentence = "It is not known how many critical vulnerabilities linux/arm64 has."
    verdict = Verdict(
        Outcome.UNKNOWN,
        (
            Judged('tag: ends with "-stable"', Outcome.TRUE, "1.4-stable"),
            Judged("vulnerabilities: critical at most 0", Outcome.UNKNOWN, "no report on linux/arm64"),
        ),
        sentence,
        pending=("Harbor is scanning linux/arm64.",),
    )
    noted = event(at=at, seconds=1.5, document=verdict_to_json(verdict))
    image = {"tag": "1.4-stable", "digest": "sha256:4b1f", "source_host": "registry.example"}
    image |= {"source_image": "dev/website", "target_host": "registry.example", "target_image": "qa/website"}
    for number in range(11):
        remembered(folder, tag=f"earlier-{number}")
    more = {"state": RunState.WAITING, "reason": sentence, "verdict": noted.document}
    remembered(folder, noted, noted, noted, **image, **more, seen_at=at, again_at=at + timedelta(minutes=5))
    in_store(folder, lambda store: store.repositories.save(repository(full_name="acme/shop")))


def added() -> Iterator[list[str]]:
    """Every `niro registries add` of the page about registries."""
    joined = REGISTRIES.replace("\\\n", " ")
    for found in re.findall(r"^(?:    |\$ )niro registries add (.+)$", joined, re.MULTILINE):
        yield shlex.split(found)


@pytest.mark.parametrize("words", list(added()), ids=lambda words: words[0])
def test_every_credential_of_the_page_is_one_that_is_taken(words: list[str]) -> None:
    given: dict[str, Any] = add.make_context("add", list(words)).params
    new = NewCredential(
        given["installation"],
        given["name"],
        given["host"],
        given["username"],
        SecretStr(KEY_FILE if given["username"] == "_json_key" else "secret"),
        ProviderKind(given["kind"]) if given["kind"] else None,
        given["prefixes"],
        token_hosts=given["token_hosts"],
    )
    look = checked(new, datetime(2026, 1, 1, tzinfo=UTC))
    repository = repository_at(look.credential.host, given["repository"])
    assert not given["prefixes"] or any(repository.startswith(f"{prefix}/") for prefix in given["prefixes"])


def test_every_kind_of_registry_is_told_how_to_add() -> None:
    told = {
        ProviderKind(words[words.index("--kind") + 1])
        if "--kind" in words
        else provider_of(words[words.index("--host") + 1]).kind
        for words in added()
    }
    assert told == set(ProviderKind)


@pytest.mark.parametrize("page", ["registries.md", "command-line.md"])
def test_links_lead_to_a_heading(page: str) -> None:
    links = re.findall(r"\]\(([a-z-]+\.md)?(?:#([a-z0-9-]+))?\)", (DOCS / page).read_text())
    missing = [(file, anchor) for file, anchor in links if not _has(DOCS / (file or page), anchor)]
    assert missing == []


def _has(path: Path, anchor: str) -> bool:
    if not path.is_file():
        return False
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return not anchor or anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "words",
    [
        ("registries", "add"),
        ("registries", "rotate"),
        ("hooks", "add"),
        ("explain",),
        ("promotions", "list"),
        ("promote",),
    ],
    ids=" ".join,
)
def test_every_option_is_documented(words: tuple[str, ...]) -> None:
    options = set(re.findall(r"--[a-z-]+", run(*words, "--help").stdout)) - {"--help"}
    pages = PAGE + REGISTRIES + (DOCS / "hooks.md").read_text()
    assert {option for option in options if f"`{option}" not in pages} == set()
