"""`niro promotions` shows which images were judged and why, and has one judged again."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from bot.cli.promotions import _STATES
from bot.jobs.work import PromoteImage, key, kind
from bot.store import EventKind, RunState
from tests.cli.conftest import in_store, run
from tests.cli.promotion_commands import VERDICT, asked_for, kept, remembered, waiting
from tests.store.builders import LATER, NOW, event

HOSTILE = "no\x1b[31m \u202eway\n"


def promotions(*words: str, **settings: str) -> Result:
    return run("promotions", *words, **settings)


def listed(*words: str) -> list[dict[str, object]]:
    return json.loads(promotions("list", "--format", "json", *words).stdout)


def shown(number: int) -> dict[str, object]:
    return json.loads(promotions("show", str(number), "--format", "json").stdout)


def test_there_may_be_none() -> None:
    assert promotions("list").stdout == "No image was judged by a promotion.\n"
    assert listed() == []


def test_a_list_tells_where_each_image_stands_the_newest_first(folder: Path) -> None:
    waiting(folder, state=RunState.WAITING)
    remembered(folder, tag="2.0-stable", state=RunState.DONE, target_tag="2.0-qa")
    assert promotions("list").stdout == (
        "2  to-qa of acme/r10\n"
        "  from    dev.example/acme/website:2.0-stable\n"
        "  digest  sha256:1\n"
        "  to      qa.example/acme/website:2.0-qa\n"
        "  state   done\n"
        "\n"
        "1  to-qa of acme/r10\n"
        "  from    dev.example/acme/website:1.0-stable\n"
        "  digest  sha256:1\n"
        "  to      qa.example/acme/website\n"
        "  state   waiting\n"
        "  why     There is no report yet.\n"
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [3, 2, 1]),
        (("acme/r10",), [2, 1]),
        (("ACME/R10",), [2, 1]),
        (("--promotion", "other"), [2]),
        (("--state", "done"), [3]),
        (("acme/r10", "--state", "done"), []),
        (("--limit", "1"), [3]),
    ],
)
def test_a_list_can_be_of_one_repository_promotion_or_state(folder: Path, words: tuple[str, ...], found) -> None:
    remembered(folder)
    remembered(folder, promotion="other")
    remembered(folder, repository=11, state=RunState.DONE)
    assert [each["id"] for each in listed(*words)] == found


def test_every_state_can_be_asked_for() -> None:
    assert set(_STATES) == {state.value for state in RunState}


def test_a_repository_that_is_not_known_is_told() -> None:
    refused = promotions("list", "acme/\x1b[31mnothing")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "the bot knows of no repository acme/\\x1b[31mnothing: it works there once the App is installed on it\n",
    )


def test_one_is_shown_with_its_verdict_as_a_tree_and_all_that_was_done(folder: Path) -> None:
    number = waiting(folder, state=RunState.WAITING, again_at=LATER).id
    assert promotions("show", str(number)).stdout == (
        "1  to-qa of acme/r10\n"
        "  from    dev.example/acme/website:1.0-stable\n"
        "  digest  sha256:1\n"
        "  to      qa.example/acme/website\n"
        "  state   waiting\n"
        "  why     There is no report yet.\n"
        "  mode    copy\n"
        "  seen    2026-03-01 12:00 UTC\n"
        "  again   2026-03-01 12:05 UTC\n"
        "\n"
        "Verdict: not known. There is no report yet.\n"
        '  tag: ends with "-stable": holds\n'
        "    seen  1.0-stable\n"
        "  any of these: not known\n"
        "    vulnerabilities: critical at most 0: not known\n"
        "      seen  no report\n"
        "      in    Harbor's scanner\n"
        "\n"
        "Evidence that counts for nothing\n"
        "  a report posted to h1  It is about another digest.\n"
        "\n"
        "Still to come\n"
        "  Harbor is scanning linux/arm64.\n"
        "\n"
        "What was done\n"
        "  2026-03-01 12:00 UTC  evaluated: unknown, 2 times, 1.5 s\n"
    )


def test_what_was_copied_is_shown_with_its_bytes_and_seconds(folder: Path) -> None:
    copied = event(EventKind.COPIED, outcome="done", seconds=2.0, streamed_bytes=12_345)
    run_ = remembered(
        folder,
        copied,
        state=RunState.DONE,
        target_tag="1.0-qa",
        decided_at=NOW,
        ended_at=LATER,
        streamed_bytes=12_345,
        seconds=2.0,
        depth=3,
        commit="c1",
    )
    text = promotions("show", str(run_.id)).stdout
    assert "  copied   12,345 bytes in 2.0 s\n  chain    this is promotion 3 of the image\n  told on  c1\n" in text
    assert text.endswith("What was done\n  2026-03-01 12:00 UTC  copied: done, 12,345 bytes in 2.0 s\n")


def test_scripts_get_all_of_it(folder: Path) -> None:
    number = waiting(folder, state=RunState.WAITING, again_at=LATER).id
    found = shown(number)
    assert (found["id"], found["repository"], found["state"]) == (number, "acme/r10", "waiting")
    assert (found["again_at"], found["ended_at"], found["target_tag"]) == ("2026-03-01T12:05:00Z", None, None)
    assert [judged["criterion"] for judged in found["verdict"]["judged"]] == [each.criterion for each in VERDICT.judged]
    assert [(each["kind"], each["times"], each["document"]["outcome"]) for each in found["events"]] == [
        ("evaluated", 2, "unknown")
    ]


def test_text_of_strangers_never_reaches_the_terminal(folder: Path) -> None:
    bad = event(EventKind.FAILED, document=HOSTILE, outcome=HOSTILE)
    number = remembered(folder, bad, tag=HOSTILE, reason=HOSTILE, commit=HOSTILE).id
    for said in (promotions("list"), promotions("show", str(number)), promotions("show", str(number), "--format=json")):
        assert said.exit_code == 0
        assert "\x1b" not in said.stdout
        assert "\u202e" not in said.stdout


def test_a_verdict_of_another_version_is_no_end(folder: Path) -> None:
    number = remembered(folder, verdict='{"newer": true}').id
    assert "was written by another version of the bot" in promotions("show", str(number)).stdout
    assert shown(number)["verdict"] == {"newer": True}


@pytest.mark.parametrize("command", ["show", "run"])
def test_an_image_that_is_not_there_is_told(command: str) -> None:
    refused = promotions(command, "77")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "there is no promoted image 77: `niro promotions list` shows their numbers\n",
    )


@pytest.mark.parametrize("state", [RunState.NEW, RunState.WAITING, RunState.DENIED, RunState.BLOCKED])
def test_an_image_is_judged_again(folder: Path, state: RunState) -> None:
    run_ = waiting(folder, state=state, ended_at=NOW, again_at=LATER, target_tag="1.0-qa", decided_at=NOW)
    said = promotions("run", str(run_.id))
    assert (said.exit_code, said.stdout.startswith(f"{run_.id} is judged again")) == (0, True)
    (now,) = kept(folder)
    assert (now.state, now.reason, now.ended_at, now.again_at) == (RunState.NEW, "", None, None)
    assert (now.target_tag, now.decided_at, now.seen_at) == ("1.0-qa", NOW, NOW)
    assert asked_for(folder, kind(PromoteImage)) == {key(PromoteImage(1, 10, run_.id))}


def test_what_was_given_up_is_looked_at_as_if_it_were_new(folder: Path) -> None:
    run_ = remembered(folder, state=RunState.GIVEN_UP)
    assert promotions("run", str(run_.id)).exit_code == 0
    (now,) = kept(folder)
    assert now.state is RunState.NEW
    assert now.seen_at > NOW


def test_what_is_being_copied_goes_on(folder: Path) -> None:
    run_ = remembered(folder, state=RunState.COPYING, target_tag="1.0-qa")
    assert promotions("run", str(run_.id)).exit_code == 0
    assert kept(folder) == [run_]
    assert len(asked_for(folder, kind(PromoteImage))) == 1


@pytest.mark.parametrize("state", [RunState.DONE, RunState.PROPOSED])
def test_what_came_to_its_end_is_not_judged_again(folder: Path, state: RunState) -> None:
    run_ = remembered(folder, state=state)
    refused = promotions("run", str(run_.id))
    assert (refused.exit_code, "is not judged again: it" in refused.stderr) == (2, True)
    assert kept(folder) == [run_]
    assert asked_for(folder, kind(PromoteImage)) == set()


def test_what_lost_its_tag_or_its_promotion_is_judged_again(folder: Path) -> None:
    run_ = remembered(folder, state=RunState.SUPERSEDED, reason="The tag was removed.")
    assert promotions("run", str(run_.id)).exit_code == 0
    assert [run.state for run in kept(folder)] == [RunState.NEW]
    (noted,) = shown(run_.id)["events"]
    assert (noted["kind"], noted["document"]) == ("reopened", "Somebody asked for it.")


def test_but_not_where_another_run_took_its_place(folder: Path) -> None:
    run_ = remembered(folder, state=RunState.SUPERSEDED, reason="The tag was pushed again.")
    remembered(folder, digest="sha256:2")
    assert "in a run of its own" in promotions("run", str(run_.id)).stderr


def test_nor_where_a_newer_image_has_its_place(folder: Path) -> None:
    run_ = remembered(folder, state=RunState.SUPERSEDED, reason="A newer image has become 1.0-qa in the target.")
    assert "it was overtaken" in promotions("run", str(run_.id)).stderr


def test_why_something_failed_is_shown(folder: Path) -> None:
    why = event(EventKind.FAILED, outcome="failed", document="1.0-qa holds other content there already")
    number = remembered(folder, why).id
    assert "failed: 1.0-qa holds other content there already" in promotions("show", str(number)).stdout


def test_a_repository_that_is_gone_took_its_history_along(folder: Path) -> None:
    remembered(folder)
    in_store(folder, lambda store: store.repositories.remove(10))
    assert listed() == []
