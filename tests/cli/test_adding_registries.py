"""`niro registries add` keeps what a real registry took, and takes its secret only where that is hidden."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Door
from tests.cli.registry_commands import NEWER, SECRET, add, kept_secret, listed, niro, ours

__all__ = ["ours"]


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
