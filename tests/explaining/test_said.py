"""`niro explain --repository` counts what was said where the bot works, and shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.registry import SandboxRegistry
from bot.selection import RestrictionKind
from bot.store import BumpState, NoteKind
from tests.explaining.conftest import Niro, json_of
from tests.explaining.said_there import HEAD, NEVER, THEN, bump, note, order, restriction, say_there

HOLD, IGNORE, PIN, SNOOZE = (RestrictionKind(name) for name in ("hold", "ignore", "pin", "snooze"))
NOTHING = {"pull_request": None, "note": None, "order": None, "restrictions": []}

Explain = Callable[..., Any]


@pytest.fixture
def explain(niro: Niro, registry: SandboxRegistry, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Explain:
    """Explain the policy `api` of the shop after something was said; returns what is written as JSON of it."""

    def run(*records: Any, repository: str = "acme/shop") -> Any:
        url = say_there(tmp_path_factory.mktemp("store") / "niro.db", *records)
        words = ("explain", ".", "api", "--repository", repository, "--format", "json")
        (policy,) = json_of(niro(*words, host=registry.host, NIRO_DATABASE_URL=url))["policies"]
        return policy

    return run


def test_everything_that_was_said_of_a_policy_is_told(explain: Explain) -> None:
    laid = restriction(range=">=3", until=NEVER, reason="It crashes.")
    assert explain(laid, bump(), note(NoteKind.STOPPED), order())["said"] == {
        "repository": "acme/shop",
        "pull_request": {"number": 12, "state": "open", "branch": "niro/api", "base": "main", "head": HEAD},
        "note": {"kind": "stopped", "sentence": "It waits.", "at": "2026-01-04T15:00:00Z"},
        "order": {"by": "hubot", "head": HEAD, "at": "2026-01-04T15:00:00Z"},
        "restrictions": [
            {
                "kind": "ignore",
                "tag": None,
                "digest": None,
                "range": ">=3",
                "beyond": None,
                "until": "9999-01-01T00:00:00Z",
                "reason": "It crashes.",
                "by": "octocat",
                "source": "comment:77",
                "at": "2026-01-04T15:00:00Z",
            }
        ],
    }


@pytest.mark.parametrize(
    "records",
    [
        (),
        (restriction(policy="web"), bump(group="web"), note(group="web"), order(group="web")),
        (restriction(SNOOZE, until=THEN), bump(state=BumpState.MERGED)),
    ],
    ids=["nothing", "about another policy", "over"],
)
def test_what_is_about_others_or_over_is_not_told(explain: Explain, records: tuple[Any, ...]) -> None:
    assert explain(*records)["said"] == {"repository": "acme/shop", **NOTHING}


@pytest.mark.parametrize(
    ("record", "reason", "selected"),
    [
        (restriction(HOLD), "held", None),
        (restriction(tag="1.5.0"), "newer", "1.4.1"),
        (restriction(PIN, tag="1.4.1"), "pinned", "1.4.1"),
        (restriction(HOLD, policy="web"), "newer", "1.5.0"),
    ],
)
def test_what_was_said_counts_in_the_decision(explain: Explain, record: Any, reason: str, selected: str | None) -> None:
    decision = explain(record)["standing"][0]["decision"]
    assert decision["reason"] == reason
    assert (decision["selected"] and decision["selected"]["tag"]) == selected


def test_the_repository_may_be_written_in_any_case(explain: Explain) -> None:
    assert explain(repository="Acme/SHOP")["said"]["repository"] == "acme/shop"


def test_the_text_says_that_nothing_was_said(
    niro: Niro, registry: SandboxRegistry, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = say_there(tmp_path_factory.mktemp("store") / "niro.db")
    shown = niro("explain", ".", "api", "--repository", "acme/shop", host=registry.host, NIRO_DATABASE_URL=url)
    assert shown.stdout.endswith("\n\nNothing was said of it in acme/shop.\n")


def test_what_strangers_said_does_nothing_to_the_terminal(
    niro: Niro, registry: SandboxRegistry, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    records = (restriction(reason="\x1b[31m\u202e\nred"), note(sentence="\x1b]0;title\x07"))
    url = say_there(tmp_path_factory.mktemp("store") / "niro.db", *records)
    shown = niro("explain", ".", "api", "--repository", "acme/shop", host=registry.host, NIRO_DATABASE_URL=url)
    assert not {"\x1b", "\u202e", "\x07"} & set(shown.stdout)
    assert r": \x1b[31m\u202e\nred" in shown.stdout


def test_without_a_repository_no_store_is_opened(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    words = ("explain", ".", "api", "--format", "json")
    shown = json_of(niro(*words, host=registry.host, NIRO_DATABASE_URL="sqlite:////dev/null/niro.db"))
    assert shown["policies"][0]["said"] is None


def test_a_repository_that_the_store_does_not_know_is_told(
    niro: Niro, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = say_there(tmp_path_factory.mktemp("store") / "niro.db")
    ended = niro("explain", ".", "api", "--repository", "acme/\x1b[31m", NIRO_DATABASE_URL=url)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(r"the bot knows of no repository acme/\x1b[31m: ")


def test_a_store_that_cannot_be_opened_is_told(niro: Niro, shop: Path) -> None:
    url = "postgresql://niro:secret@127.0.0.1:1/niro"
    ended = niro("explain", ".", "api", "--repository", "acme/shop", NIRO_DATABASE_URL=url)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "secret" not in ended.stderr
