"""`niro registries` lists, tries, changes and forgets what it keeps, and never shows a secret."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.store import new_key
from tests.cli.conftest import KEYS, Door, in_store, run
from tests.cli.registry_commands import NEWER, SECRET, add, at, kept_secret, listed, niro, ours

__all__ = ["ours"]

LONG_AGO = "2025-01-04T15:00:00Z"


def verified_long_ago(folder: Path) -> None:
    """Have the credential `ours` verified at LONG_AGO for the last time."""

    async def change(store):
        stored = await store.credentials.get(7, "ours")
        await store.credentials.note_verified(stored.id, datetime.fromisoformat(LONG_AGO))

    in_store(folder, change)


def test_a_credential_that_pushes_is_tried_by_pushing_to_what_may_not_be_there_yet(private: Door) -> None:
    private.let_in("robot", SECRET)
    added = add(private, "--push", "acme/web", "--prefix", "qa", "--repository", "qa/website")
    assert added.stdout == (
        "ours is saved: it pushes to qa/website, which nobody does without one. Nothing was left there.\n"
    )


class TestList:
    def test_nothing_is_said_too(self) -> None:
        assert niro("list").stdout == "There are no credentials.\n"

    def test_everything_but_the_secret_is_shown(self, private: Door) -> None:
        private.let_in("robot", SECRET)
        add(private, "--kind", "harbor", "--prefix", "acme/", "--pull", "acme/shop", "--push", "acme/web")
        shown = niro("list").stdout
        assert re.sub(r"\d{4}-.*Z", "(now)", shown).splitlines() == [
            "ours",
            "  installation  7",
            f"  host          {private.registry.host} (harbor)",
            "  username      robot",
            "  images        acme and below",
            "  pull          acme/shop",
            "  push          acme/web",
            f"  token hosts   {private.registry.tokens.host}",
            "  certificate   an authority of its own",
            "  verified      (now)",
            "  sealed by     k1",
        ]

    @pytest.mark.usefixtures("ours")
    def test_one_installation_can_be_looked_at_alone(self) -> None:
        assert niro("list", "--installation", "8").stdout == "There are no credentials.\n"
        assert niro("list", "--installation", "7").stdout.startswith("ours\n")

    @pytest.mark.usefixtures("ours")
    def test_which_key_seals_each_is_told(self) -> None:
        two = f"{new_key('k2')},{KEYS}"
        assert [stored["key"] for stored in listed()] == ["k1"]
        assert run("keys", "rotate", "--yes", NIRO_KEYS=two).exit_code == 0
        assert [stored["key"] for stored in listed()] == ["k2"]

    @pytest.mark.usefixtures("ours")
    def test_it_needs_no_key(self) -> None:
        assert [stored["name"] for stored in listed(NIRO_KEYS="")] == ["ours"]


class TestVerify:
    @pytest.mark.usefixtures("ours")
    def test_what_works_is_said(self) -> None:
        shown = niro("verify", *at())
        assert (shown.exit_code, shown.stdout) == (
            0,
            "ours works: it reads acme/api, which nobody reads without one.\n",
        )

    @pytest.mark.usefixtures("ours")
    def test_the_time_is_noted(self, folder: Path) -> None:
        verified_long_ago(folder)
        assert niro("verify", *at()).exit_code == 0
        assert [stored["verified_at"] for stored in listed()] > [LONG_AGO]

    def test_no_time_is_noted_when_it_is_refused(self, ours: Door, folder: Path) -> None:
        verified_long_ago(folder)
        ours.let_in("robot", NEWER)
        assert niro("verify", *at()).exit_code == 1
        assert [stored["verified_at"] for stored in listed()] == [LONG_AGO]

    def test_what_was_taken_back_is_said(self, ours: Door) -> None:
        ours.let_in("robot", NEWER)
        shown = niro("verify", *at())
        assert (shown.exit_code, shown.stdout) == (1, "")
        assert "its token server refused the credential" in shown.stderr

    @pytest.mark.usefixtures("ours")
    def test_another_key_does_not_open_it(self) -> None:
        shown = niro("verify", *at(), NIRO_KEYS=new_key("k2"))
        assert (shown.exit_code, shown.stderr) == (
            1,
            "Error: a stored secret was sealed by the key k1, which is not set; add it to NIRO_KEYS\n",
        )


class TestRotate:
    def test_the_new_secret_is_used_from_now_on(self, ours: Door, folder: Path) -> None:
        ours.let_in("robot", NEWER)
        rotated = niro("rotate", *at(), "--secret-stdin", entered=NEWER)
        assert (rotated.exit_code, rotated.stdout) == (
            0,
            "ours has a new secret: it reads acme/api, which nobody reads without one.\n",
        )
        assert kept_secret(folder) == NEWER
        assert niro("verify", *at()).exit_code == 0

    @pytest.mark.usefixtures("ours")
    def test_a_wrong_one_leaves_the_old_one_working(self, folder: Path) -> None:
        rotated = niro("rotate", *at(), "--secret-stdin", entered="another")
        assert rotated.exit_code == 1
        assert rotated.stderr.endswith("The old secret stays.\n")
        assert kept_secret(folder) == SECRET
        assert niro("verify", *at()).exit_code == 0

    def test_the_user_name_may_change_with_it(self, ours: Door) -> None:
        ours.let_in("second", NEWER)
        assert niro("rotate", *at(), "--username", "second", "--secret-stdin", entered=NEWER).exit_code == 0
        assert [stored["username"] for stored in listed()] == ["second"]

    def test_a_secret_whose_key_is_lost_is_replaced(self, ours: Door) -> None:
        other = new_key("k2")
        assert add(ours, "--prefix", "acme", name="another").exit_code == 0
        rotated = niro("rotate", *at(), "--secret-stdin", entered=SECRET, NIRO_KEYS=other)
        assert rotated.exit_code == 0
        assert "Does the bot have the keys that this command has?" in rotated.stderr
        assert niro("verify", *at(), NIRO_KEYS=other).exit_code == 0


class TestRemove:
    def test_it_is_gone(self, ours: Door) -> None:
        removed = niro("remove", *at(repository=None), "--yes")
        assert (removed.exit_code, removed.stdout) == (
            0,
            f"ours is removed. Take it back at {ours.registry.host} too.\n",
        )
        assert listed() == []

    @pytest.mark.usefixtures("ours")
    def test_where_nobody_can_be_asked_it_stays(self) -> None:
        removed = niro("remove", *at(repository=None), entered="y\n")
        assert (removed.exit_code, removed.stderr) == (2, "this is asked at a terminal; elsewhere give --yes\n")
        assert len(listed()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("verify", *at("theirs")),
        ("rotate", *at("theirs"), "--secret-stdin"),
        ("remove", *at("theirs", None), "--yes"),
    ],
    ids=lambda words: words[0],
)
def test_a_name_that_is_not_there_is_told(words: tuple[str, ...]) -> None:
    ended = niro(*words, entered=SECRET)
    assert (ended.exit_code, ended.stderr) == (2, "there is no credential theirs in the installation 7\n")
