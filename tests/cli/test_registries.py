"""`niro registries` keeps a credential once a real registry took it, and never shows its secret."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

from bot.store import new_key
from tests.cli.conftest import KEYS, REACHES_THIS_MACHINE, Door, in_store, run

SECRET = "kept-to-itself-84"
NEWER = "kept-to-itself-85"
LONG_AGO = "2025-01-04T15:00:00Z"


def niro(*words: str, entered: str | None = None, **settings: str) -> Result:
    return run("registries", *words, entered=entered, **REACHES_THIS_MACHINE | settings)


def add(door: Door, *more: str, name: str = "ours", secret: str = SECRET, **settings: str) -> Result:
    """Add the account `robot`; its secret comes from standard input."""
    words = ("--installation", "7", *door.options, "--username", "robot", "--repository", "acme/api", "--secret-stdin")
    return niro("add", name, *words, *more, entered=secret, **settings)


def at(name: str = "ours", repository: str | None = "acme/api") -> tuple[str, ...]:
    named = (name, "--installation", "7")
    return (*named, "--repository", repository) if repository else named


def listed(**settings: str) -> list[dict[str, object]]:
    return json.loads(niro("list", "--format", "json", **settings).stdout)


def kept_secret(folder: Path, name: str = "ours") -> str | None:
    async def look(store):
        stored = await store.credentials.get(7, name)
        return (await store.credentials.open(stored.id))[1].get_secret_value() if stored else None

    return in_store(folder, look)


def verified_long_ago(folder: Path) -> None:
    """Have the credential `ours` verified at LONG_AGO for the last time."""

    async def change(store):
        stored = await store.credentials.get(7, "ours")
        await store.credentials.note_verified(stored.id, datetime.fromisoformat(LONG_AGO))

    in_store(folder, change)


@pytest.fixture
def ours(private: Door) -> Door:
    """A registry that takes `robot` by SECRET, and the credential that was added for it."""
    private.let_in("robot", SECRET)
    added = add(private)
    assert added.exit_code == 0, added.output
    return private


class TestAdd:
    def test_what_is_proven_is_saved(self, private: Door, folder: Path) -> None:
        private.let_in("robot", SECRET)
        added = add(private)
        assert (added.exit_code, added.stdout) == (
            0,
            "ours is saved: it reads acme/api, which nobody reads without one.\n",
        )
        assert kept_secret(folder) == SECRET

    def test_what_is_accepted_is_saved_with_a_word_about_it(self, public: Door, folder: Path) -> None:
        public.let_in("robot", SECRET)
        assert add(public).stdout == (
            "ours is saved: the registry took it. Anybody can read acme/api: a private repository would prove more.\n"
        )
        assert kept_secret(folder) == SECRET

    def test_what_nobody_asked_for_is_refused(self, unguarded: Door, folder: Path) -> None:
        added = add(unguarded)
        assert added.exit_code == 2
        assert added.stderr == (
            f"{unguarded.registry.host} did not ask for a credential to read acme/api: "
            "name a repository that needs it. Nothing was saved.\n"
        )
        assert kept_secret(folder) is None

    def test_a_wrong_secret_is_refused_and_saves_nothing(self, private: Door) -> None:
        private.let_in("robot", SECRET)
        added = add(private, secret="another")
        assert (added.exit_code, added.stdout) == (1, "")
        assert added.stderr == (
            f"{private.registry.host}: its token server refused the credential (401); check the user name, the secret, "
            "and that it may read this repository. Nothing was saved.\n"
        )
        assert listed() == []

    def test_a_name_is_taken_once(self, ours: Door, folder: Path) -> None:
        again = add(ours, secret=NEWER)
        assert (again.exit_code, again.stderr) == (
            2,
            "the installation 7 has a credential ours already: rotate or remove it\n",
        )
        assert kept_secret(folder) == SECRET

    def test_two_installations_may_use_one_name(self, ours: Door) -> None:
        assert add(ours, "--installation", "8").exit_code == 0
        assert [stored["installation"] for stored in listed()] == [7, 8]

    def test_a_network_that_is_not_granted_is_not_reached(self, private: Door) -> None:
        added = add(private, NIRO_PRIVATE_NETWORKS="8:*=127.0.0.0/8")
        assert added.exit_code == 1
        assert "NIRO_PRIVATE_NETWORKS=INSTALLATION:HOST=NETWORK" in added.stderr

    def test_a_token_server_that_is_not_named_gets_nothing(self, private: Door) -> None:
        private.let_in("robot", SECRET)
        host, certificate = ("--host", private.registry.host), ("--certificate", str(private.certificate))
        words = ("--installation", "7", "--username", "robot", "--repository", "acme/api", "--secret-stdin")
        added = niro("add", "ours", *words, *host, *certificate, entered=SECRET)
        assert added.exit_code == 1
        assert "--token-host" in added.stderr

    def test_without_a_key_it_is_told_how_to_make_one_before_anything_is_asked(self, private: Door) -> None:
        added = add(private, NIRO_KEYS="")
        assert (added.exit_code, added.stderr) == (
            2,
            "there is no key to seal the secret with: `niro keys new` makes one, NIRO_KEYS takes it\n",
        )

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["--host", "https://ghcr.io"], "is no registry host"),
            (["--host", "ghcr.io", "--kind", "harbor"], "ghcr.io is of the kind ghcr, not harbor"),
            (["--kind", "nexus"], "'nexus' is not one of 'docker-hub', 'ghcr'"),
            (["--username", "a:b"], "must not hold ':'"),
            (["--prefix", "Acme"], "lower case"),
            (["--prefix", "team"], "acme/api is below none of its prefixes (team)"),
            (["--pull", "acme"], "write owner/name"),
            (["--push", "*/*"], "write owner/name"),
            (["--token-host", "https://a.example"], "no host of a token server"),
            (["--certificate", "/nowhere"], "the file /nowhere cannot be read: No such file or directory"),
            (["--insecure"], "a certificate has no use where plain HTTP is spoken"),
            (["--repository", "acme/api:1.0"], "without tag and digest"),
            (["--secret-file", "secret"], "--secret-stdin and --secret-file exclude each other"),
        ],
    )
    def test_a_mistake_ends_it_before_anything_is_sent(self, private: Door, options: list[str], says: str) -> None:
        asked = len(private.registry.requests())
        added = add(private, *options)
        assert added.exit_code == 2
        assert says in added.stderr
        assert len(private.registry.requests()) == asked

    def test_a_note_about_the_secret_goes_to_standard_error(self, private: Door) -> None:
        private.let_in("robot", SECRET)
        assert add(private).stderr == (
            "The bot does not know the installation 7 yet: the status page lists those it knows.\n"
        )


class TestSecrets:
    def test_a_file_holds_it(self, private: Door, folder: Path) -> None:
        private.let_in("robot", SECRET)
        (folder / "secret").write_text(f"{SECRET}\n")
        words = ("--installation", "7", *private.options, "--username", "robot", "--repository", "acme/api")
        assert niro("add", "ours", *words, "--secret-file", "secret").exit_code == 0
        assert kept_secret(folder) == SECRET

    @pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
    def test_a_line_end_behind_it_is_no_part_of_it(self, private: Door, folder: Path, ending: str) -> None:
        private.let_in("robot", SECRET)
        assert add(private, secret=SECRET + ending).exit_code == 0
        assert kept_secret(folder) == SECRET

    def test_where_nobody_can_be_asked_the_options_are_named(self, private: Door) -> None:
        words = ("--installation", "7", *private.options, "--username", "robot", "--repository", "acme/api")
        added = niro("add", "ours", *words, entered=SECRET)
        assert (added.exit_code, added.stderr) == (
            2,
            "the secret is asked for at a terminal; elsewhere give --secret-stdin or --secret-file FILE\n",
        )

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"x" * 70_000, "the file secret is larger than 64 KiB"),
            (b"\xff\xfe", "the file secret is not UTF-8 text"),
            (b"", "the secret is empty"),
            (b"one\ntwo\n", "the secret holds a line end"),
        ],
    )
    def test_what_can_be_no_secret_is_refused(self, private: Door, folder: Path, content: bytes, says: str) -> None:
        (folder / "secret").write_bytes(content)
        words = ("--installation", "7", *private.options, "--username", "robot", "--repository", "acme/api")
        added = niro("add", "ours", *words, "--secret-file", "secret")
        assert added.exit_code == 2
        assert says in added.stderr

    @pytest.mark.parametrize("command", ["add", "rotate"])
    def test_no_option_takes_the_secret_itself(self, command: str) -> None:
        options = re.findall(r"--[a-z-]+", niro(command, "--help").stdout)
        assert [option for option in options if "secret" in option or "password" in option or "token" in option] == [
            *(["--token-host"] if command == "add" else []),
            "--secret-stdin",
            "--secret-file",
        ]


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
