"""`niro registries ...`: credentials for private registries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from bot.cli.confirming import YES, confirm
from bot.cli.explaining import FORM
from bot.cli.files import text_of_file
from bot.cli.installation import INSTALLATION, ONLY_INSTALLATION
from bot.cli.mistakes import BadInput
from bot.cli.running import read_settings, run
from bot.cli.saying import say, width
from bot.cli.secret_input import read_secret, secret_options
from bot.cli.storing import opened_store
from bot.cli.trying import proof, try_at_registry
from bot.registries.kinds import ProviderKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flows.credentials import Means, Saved
    from bot.registries.verification import Verification
    from bot.settings import Settings
    from bot.store import StoredCredential

LARGEST_CERTIFICATE: Final = 256 * 1024
REPOSITORY = click.option(
    "--repository", required=True, metavar="NAME", help="A private repository to try it at, like acme/api."
)


@click.group()
def registries() -> None:
    """Credentials for private registries. Secrets are sealed with NIRO_KEYS and never shown again."""


@registries.command()
@click.argument("name")
@INSTALLATION
@click.option("--host", required=True, help="The registry, as images name it: ghcr.io, docker.io.")
@click.option("--username", required=True, metavar="USER", help="The user name that goes with the secret.")
@REPOSITORY
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in ProviderKind]),
    metavar="KIND",
    help="Whose registry it is, where the host does not tell: harbor, quay, gitlab, jfrog, zot, generic.",
)
@click.option("--prefix", "prefixes", multiple=True, help="Only for repositories at or below it. Repeatable.")
@click.option(
    "--pull", multiple=True, metavar="OWNER/NAME", help="Only this GitHub repository reads with it. Repeatable."
)
@click.option("--push", multiple=True, metavar="OWNER/NAME", help="This GitHub repository writes with it. Repeatable.")
@click.option("--token-host", "token_hosts", multiple=True, metavar="HOST", help="A token server to trust. Repeatable.")
@click.option("--certificate", metavar="FILE", help="PEM of the authority (CA) that signed the registry's certificate.")
@click.option("--insecure", is_flag=True, help="Speak plain HTTP: the secret goes over the network unencrypted.")
@secret_options
def add(
    name: str,
    installation: int,
    host: str,
    username: str,
    repository: str,
    *,
    kind: str | None,
    prefixes: tuple[str, ...],
    pull: tuple[str, ...],
    push: tuple[str, ...],
    token_hosts: tuple[str, ...],
    certificate: str | None,
    insecure: bool,
    from_stdin: bool,
    path: str | None,
) -> None:
    """Store a credential called NAME, once it has read a repository, or with --push begun an upload to it.

    The secret is asked for, and not shown; or it comes from standard input or a file.
    """
    from bot.flows.credentials import NewCredential  # noqa: PLC0415 - the other commands start faster without it
    from bot.flows.credentials import add as store  # noqa: PLC0415

    settings = _with_key()
    wanted = NewCredential(
        installation=installation,
        name=name,
        host=host,
        username=username,
        secret=read_secret(from_stdin=from_stdin, path=path),
        kind=None if kind is None else ProviderKind(kind),
        prefixes=prefixes,
        pull=pull or ("*",),
        push=push,
        token_hosts=token_hosts,
        certificate=text_of_file(certificate, LARGEST_CERTIFICATE) if certificate else "",
        insecure=insecure,
    )
    saved = try_at_registry(
        settings, lambda means: store(means, wanted, repository), otherwise="Nothing was saved.", check_keys=True
    )
    _tell(f"{name} is saved", saved, repository)


@registries.command(name="list")
@ONLY_INSTALLATION
@FORM
def show(installation: int | None, form: str) -> None:
    """List the credentials, without their secrets."""
    from bot.cli.listing import credentials_as_json, credentials_as_text  # noqa: PLC0415

    found, keys = run(_kept(read_settings(), installation))
    say(credentials_as_json(found, keys) if form == "json" else credentials_as_text(found, keys, width()))


@registries.command()
@click.argument("name")
@INSTALLATION
@REPOSITORY
def verify(name: str, installation: int, repository: str) -> None:
    """Try the credential NAME at a repository, and note the time when it works."""
    settings = read_settings()
    verification = try_at_registry(settings, lambda means: _verify(means, installation, name, repository))
    say(f"{name} works: {proof(verification, repository)}\n")


@registries.command()
@click.argument("name")
@INSTALLATION
@REPOSITORY
@click.option("--username", metavar="USER", help="Another user name; the present one stays otherwise.")
@secret_options
def rotate(
    name: str, installation: int, repository: str, username: str | None, *, from_stdin: bool, path: str | None
) -> None:
    """Give the credential NAME another secret, once that one has read a repository.

    Until then, and if it cannot, the old one stays in use.
    """
    from bot.flows.credentials import NewSecret  # noqa: PLC0415
    from bot.flows.credentials import rotate as replace  # noqa: PLC0415

    settings = _with_key()
    new = NewSecret(read_secret(from_stdin=from_stdin, path=path), username)
    saved = try_at_registry(
        settings,
        lambda means: replace(means, installation, name, new, repository),
        otherwise="The old secret stays.",
    )
    _tell(f"{name} has a new secret", saved, repository)


@registries.command()
@click.argument("name")
@INSTALLATION
@YES
def remove(name: str, installation: int, *, yes: bool) -> None:
    """Forget the credential NAME, and all that was read with it."""
    from bot.flows.credentials import NoSuchCredential  # noqa: PLC0415
    from bot.flows.credentials import remove as forget  # noqa: PLC0415

    settings = read_settings()
    confirm(f"Forget {name}, and all that was read with it?", yes=yes)

    async def work() -> StoredCredential:
        async with opened_store(settings) as store:
            return await forget(store, installation, name, datetime.now(UTC))

    try:
        removed = run(work())
    except NoSuchCredential as error:
        raise BadInput(str(error)) from None
    say(f"{name} is removed. Take it back at {removed.host} too.\n")


def _with_key() -> Settings:
    """Read the settings. Raises BadInput without a key: before anybody types a secret."""
    settings = read_settings()
    if not settings.keyring.ids:
        raise BadInput("there is no key to seal the secret with: `niro keys new` makes one, NIRO_KEYS takes it")
    return settings


async def _kept(settings: Settings, installation: int | None) -> tuple[list[StoredCredential], Mapping[str, str]]:
    """Return the credentials of an installation, or all, and which key seals each, by its id."""
    async with opened_store(settings) as store:
        credentials = store.credentials
        found = await (credentials.all() if installation is None else credentials.of_installation(installation))
        return found, await credentials.keys_of(installation)


async def _verify(means: Means, installation: int, name: str, repository: str) -> Verification:
    """Show a stored credential to a repository, and note the time when it is taken."""
    from bot.flows.credentials import verify as show_to  # noqa: PLC0415

    before = await means.store.credentials.get(installation, name)
    verification = await show_to(means, installation, name, repository)
    if before is not None:
        await means.store.credentials.note_verified(before.id, means.now)
    return verification


def _tell(what: str, saved: Saved, repository: str) -> None:
    say(f"{what}: {proof(saved.verification, repository)}\n")
    for note in saved.notes:
        say(f"{note}\n", err=True)
