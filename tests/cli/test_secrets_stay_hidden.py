"""Whatever is done with credentials and hooks, nothing that is written anywhere holds a secret."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import new_key
from tests.cli.conftest import KEYS, REACHES_THIS_MACHINE, Door, at_terminal, in_store, run, start

FIRST, SECOND, WRONG = "first-kept-to-itself", "second-kept-to-itself", "wrong-kept-to-itself"
NEWER_KEYS = f"{new_key('k2')},{KEYS}"


def said(*words: str, entered: str = "", **settings: str) -> bytes:
    """Run a command in this process; returns all that it wrote to standard output and standard error."""
    return run(*words, entered=entered, **REACHES_THIS_MACHINE | settings).output_bytes


def life_of_a_credential(private: Door) -> Iterator[bytes]:
    """Do everything that can be done with a credential, well and badly; yield what was written."""
    at = ("ours", "--installation", "7", "--repository", "acme/api")
    add = ("registries", "add", *at, *private.options, "--username", "robot", "--secret-stdin")
    rotate = ("registries", "rotate", *at, "--secret-stdin")
    private.let_in("robot", FIRST)
    yield said(*add, entered=WRONG)
    yield said(*add, "--prefix", "team", entered=FIRST)
    yield said(*add, entered=f"{FIRST}\nmore")
    yield said(*add, entered=FIRST)
    yield said(*add, entered=SECOND)
    yield said("registries", "list")
    yield said("registries", "list", "--format", "json")
    yield said("registries", "verify", *at)
    yield said(*rotate, entered=WRONG)
    private.let_in("robot", SECOND)
    yield said(*rotate, entered=SECOND)
    yield said("keys", "list", NIRO_KEYS=NEWER_KEYS)
    yield said("keys", "rotate", "--yes", NIRO_KEYS=NEWER_KEYS)
    yield said("registries", "verify", *at)
    yield said("settings", NIRO_KEYS=NEWER_KEYS)
    yield start("worker", NIRO_KEYS=KEYS)[1].encode()


def written_as(secret: str) -> list[bytes]:
    """The ways in which a secret could be recognised."""
    plain = secret.encode()
    pair = b64encode(f"robot:{secret}".encode()).rstrip(b"=")
    return [plain, plain[::-1], plain.hex().encode(), b64encode(plain).rstrip(b"=")[:-1], pair[:-1]]


def test_no_output_and_no_file_holds_a_secret(
    private: Door, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    written = list(life_of_a_credential(private))
    written += capfdbinary.readouterr()
    written += [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    assert any(b"ours has a new secret" in text for text in written)
    hidden = [form for secret in (FIRST, SECOND, WRONG) for form in written_as(secret)]
    hidden += [key.rpartition(":")[2].rstrip("=").encode() for key in NEWER_KEYS.split(",")]
    assert [form for form in hidden if any(form in text for text in written)] == []


def test_a_hook_shows_its_secrets_once_and_no_file_holds_them(folder: Path) -> None:
    added = said("hooks", "add", "harbor", "--installation", "7", "--host", "harbor.corp.example").decode()
    address, signing = added.splitlines()[0], added.splitlines()[1].removeprefix("signing secret: ")
    later = [said("hooks", "list"), said("hooks", "list", "--format", "json"), said("keys", "list")]
    later += [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    hidden = [address.rpartition("/")[2].encode(), signing.encode()]
    assert all(len(secret) >= 43 for secret in hidden)
    assert [secret for secret in hidden if any(secret in text for text in later)] == []


def test_at_a_terminal_the_secret_is_asked_for_and_not_shown(private: Door, folder: Path) -> None:
    private.let_in("robot", FIRST)
    options = (*private.options, "--installation", "7", "--username", "robot", "--repository", "acme/api")
    add = ("registries", "add", "ours", *options)
    code, shown = at_terminal(*add, asked="Secret (not shown): ", answer=FIRST, **REACHES_THIS_MACHINE)
    assert (code, "ours is saved" in shown) == (0, True)
    assert FIRST not in shown
    assert in_store(folder, lambda store: store.credentials.get(7, "ours")) is not None
