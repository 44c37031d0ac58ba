"""`niro hooks` hands out a hook's address once, with what its registry signs with and where to paste both."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from click.testing import Result

from bot.registries.notifications import SENDERS, HookKind
from bot.store import Hook, Installation
from tests.cli.conftest import KEYS, in_store, run

PLACE = "https://niro.example"
ACCOUNT = "pushes@acme.iam.gserviceaccount.com"


def hooks(*words: str, **settings: str) -> Result:
    return run("hooks", *words, **{"NIRO_PUBLIC_URL": f"{PLACE}/", "NIRO_KEYS": KEYS} | settings)


def add(kind: str, *more: str, **settings: str) -> Result:
    return hooks("add", kind, "--installation", "7", *more, **settings)


def enough_for(kind: HookKind) -> list[str]:
    """The options without which a hook of this kind is refused."""
    host = [] if SENDERS[kind].host else ["--host", "registry.corp.example"]
    prefix = ["--prefix", "acme"] if SENDERS[kind].needs_prefix else []
    return [*host, *prefix, "--email", ACCOUNT] if kind is HookKind.GOOGLE else [*host, *prefix]


def listed(*more: str) -> list[dict[str, object]]:
    return json.loads(hooks("list", "--format", "json", *more).stdout)


@pytest.mark.parametrize("kind", HookKind)
def test_an_address_is_shown_once_and_only_its_hash_is_kept(kind: HookKind, folder: Path) -> None:
    added = add(kind.value, *enough_for(kind))
    assert added.exit_code == 0, added.output
    address = added.stdout.splitlines()[0]
    shown = re.fullmatch(rf"{PLACE}/hooks/{kind.value}/([\w-]{{12}})/([\w-]{{43}})", address)
    assert shown is not None
    identifier, secret = shown.groups()
    opened = in_store(folder, lambda store: store.hooks.open(identifier))
    assert opened is not None
    assert opened.hook.kind == kind.value
    assert opened.secret_sha256 == hashlib.sha256(secret.encode()).digest()
    assert SENDERS[kind].where in added.stderr


@pytest.mark.parametrize("kind", HookKind)
def test_a_signing_secret_is_shown_where_the_kind_has_one(kind: HookKind, folder: Path) -> None:
    added = add(kind.value, *enough_for(kind))
    identifier = added.stdout.splitlines()[0].split("/")[-2]
    told = [line.removeprefix("signing secret: ") for line in added.stdout.splitlines()[1:] if "signing" in line]
    opened = in_store(folder, lambda store: store.hooks.open(identifier))
    assert opened is not None
    assert told == ([opened.signing.get_secret_value()] if opened.signing else [])
    assert bool(told) == SENDERS[kind].proof.signs


def test_a_hook_speaks_of_the_host_and_the_prefix_that_are_given(folder: Path) -> None:
    identifier = add("harbor", "--host", "Harbor.corp.example", "--prefix", "acme/").stdout.split("/")[5]
    assert in_store(folder, lambda store: store.hooks.get(identifier))[0] == Hook(
        identifier, "harbor", 7, "harbor.corp.example", "acme/"
    )


def test_google_signs_for_the_address_without_its_secret() -> None:
    added = add("gar", "--host", "europe-docker.pkg.dev", "--email", ACCOUNT)
    address, audience, account = added.stdout.splitlines()
    assert audience == f"audience: {address.rpartition('/')[0]}"
    assert account == f"service account: {ACCOUNT}"


def test_google_may_sign_for_another_audience() -> None:
    added = add("gar", "--host", "gcr.io", "--email", ACCOUNT, "--audience", "https://else.example/x")
    assert "audience: https://else.example/x" in added.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nobody"], "'nobody' is not one of 'dockerhub', 'quay'"),
        (["harbor"], "--host is missing"),
        (["harbor", "--host", "https://harbor.corp.example"], "is no registry host"),
        (["dockerhub", "--host", "ghcr.io"], "speaks of docker.io only"),
        (["dockerhub", "--prefix", "Acme"], "names no repositories"),
        (["dockerhub", "--email", ACCOUNT], "--email is for hooks of the kind gar"),
        (["scan", "--prefix", "acme"], "--host is missing"),
        (["scan", "--host", "registry.corp.example"], "--prefix is missing"),
        (["scan", "--host", "registry.corp.example", "--prefix", "/"], "names no repositories"),
        (["gar", "--host", "gcr.io"], "--email is missing"),
        (["gar", "--host", "gcr.io", "--email", "nobody"], "--email is missing"),
    ],
)
def test_a_mistake_makes_no_hook(words: list[str], says: str) -> None:
    added = add(*words)
    assert added.exit_code == 2
    assert says in added.stderr
    assert listed() == []


@pytest.mark.parametrize(
    "url", ["", "http://localhost:8080", "http://127.0.0.1", "https://[::1]:8", "http://0.0.0.0:80"]
)
def test_an_address_that_no_registry_reaches_is_told_with_the_setting(url: str) -> None:
    added = add("dockerhub", NIRO_PUBLIC_URL=url)
    assert added.exit_code == 0
    assert f"Registries cannot reach {url or 'http://localhost:8080'}, " in added.stderr
    assert "set NIRO_PUBLIC_URL" in added.stderr


def test_an_address_that_registries_reach_is_not_warned_of() -> None:
    assert "NIRO_PUBLIC_URL" not in add("dockerhub").stderr


def test_an_installation_that_the_bot_does_not_know_is_told(folder: Path) -> None:
    note = "The bot does not know the installation 7 yet: the status page lists those it knows.\n"
    assert add("dockerhub").stderr.endswith(note)
    in_store(folder, lambda store: store.installations.save(Installation(7, "acme", "Organization", suspended=False)))
    assert "does not know" not in add("dockerhub").stderr


def test_a_hook_that_signs_needs_a_key() -> None:
    added = add("harbor", "--host", "harbor.corp.example", NIRO_KEYS="")
    assert (added.exit_code, added.stdout) == (2, "")
    assert "niro keys new" in added.stderr


def test_a_hook_that_does_not_sign_needs_none() -> None:
    assert add("dockerhub", NIRO_KEYS="").exit_code == 0


def test_two_hooks_have_nothing_in_common() -> None:
    addresses = [add("dockerhub").stdout.split("/") for _ in range(2)]
    assert addresses[0][-2:] != addresses[1][-2:]


def test_hooks_are_listed_without_their_secrets() -> None:
    identifier = add("dockerhub", "--prefix", "acme/").stdout.split("/")[5]
    shown = hooks("list").stdout
    assert re.sub(r"\d{4}-.*Z", "(now)", shown).splitlines() == [
        identifier,
        "  kind          dockerhub",
        "  installation  7",
        "  host          docker.io",
        "  images        acme and below",
        "  made          (now)",
    ]


def test_those_of_one_installation_are_listed_alone() -> None:
    add("dockerhub")
    assert len(listed("--installation", "7")) == 1
    assert listed("--installation", "8") == []
    assert hooks("list", "--installation", "8").stdout == "There are no hooks.\n"


def test_a_hook_is_removed_by_its_id() -> None:
    identifier = add("dockerhub").stdout.split("/")[5]
    removed = hooks("remove", identifier)
    assert (removed.exit_code, removed.stdout) == (
        0,
        f"{identifier} is removed. Remove its address at the registry too.\n",
    )
    assert listed() == []


def test_a_hook_that_is_not_there_is_told() -> None:
    removed = hooks("remove", "nothing")
    assert (removed.exit_code, removed.stderr) == (
        2,
        "there is no hook 'nothing': `niro hooks list` shows their ids\n",
    )
