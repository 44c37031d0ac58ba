"""`niro hooks ...`: addresses that registries call when an image was pushed, and scanners when they are done."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from pydantic import SecretStr

from bot.cli.explaining import FORM
from bot.cli.hook_notes import notes
from bot.cli.installation import INSTALLATION, ONLY_INSTALLATION
from bot.cli.mistakes import BadInput
from bot.cli.running import read_settings, run
from bot.cli.saying import say, width
from bot.cli.storing import opened_store
from bot.registries.notifications.kinds import HookKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.registries.notifications import Sender
    from bot.settings import Settings
    from bot.store import Hook

SHOWN_ONCE = "This is shown once. If it is lost, make another hook and remove this one.\n"


@dataclass(frozen=True, slots=True)
class NewHook:
    """A hook with what is told once: the secret of its address, and what its registry signs with, if it does."""

    hook: Hook
    secret: str
    signing: SecretStr | None


@click.group()
def hooks() -> None:
    """Addresses that registries call when an image was pushed or scanned."""


@hooks.command()
@click.argument("kind", type=click.Choice([kind.value for kind in HookKind]), metavar="KIND")
@INSTALLATION
@click.option("--host", help="The registry whose images it speaks of, as images name it.")
@click.option("--prefix", default="", help="Only repositories at or below it: team is for team/api, not for teams/api.")
@click.option("--email", default="", help="gar: the service account that signs.")
@click.option(
    "--audience", default="", metavar="URL", help="gar: the audience; the address by default, without secret."
)
def add(kind: str, installation: int, *, host: str | None, prefix: str, email: str, audience: str) -> None:
    """Make an address for a registry to call, and tell where to paste it.

    KIND is one of dockerhub, quay, harbor, acr, gar, ecr, nexus, jfrog, gitlab, distribution, zot, msr, generic,
    cloudevents, and scan, for reports of your own scans. Address and signing secret are shown once.
    """
    from bot.registries.notifications import SENDERS  # noqa: PLC0415 - the other commands start faster without it
    from bot.store import Hook  # noqa: PLC0415

    settings = read_settings()
    sender = SENDERS[HookKind(kind)]
    identifier = secrets.token_urlsafe(9)
    place = f"{settings.public_url}/hooks/{kind}/{identifier}"
    checked_email, checked_audience = _google(HookKind(kind), email, audience or place)
    hook = Hook(
        id=identifier,
        kind=kind,
        installation=installation,
        host=_host(kind, sender, host),
        repository_prefix=_prefix(kind, sender, prefix),
        audience=checked_audience,
        email=checked_email,
    )
    signing = SecretStr(secrets.token_urlsafe(32)) if sender.proof.signs else None
    new = NewHook(hook, secrets.token_urlsafe(32), signing)
    told = run(_save(settings, new, installation))
    _tell(f"{place}/{new.secret}", new, sender)
    for note in told:
        say(f"{note}\n", err=True)


@hooks.command(name="list")
@ONLY_INSTALLATION
@FORM
def show(installation: int | None, form: str) -> None:
    """List the hooks. Addresses and secrets are not shown again."""
    from bot.cli.listing import hooks_as_json, hooks_as_text  # noqa: PLC0415

    found = [hook for hook in run(_all(read_settings())) if installation in {None, hook.installation}]
    say(hooks_as_json(found) if form == "json" else hooks_as_text(found, width()))


@hooks.command()
@click.argument("identifier", metavar="ID")
def remove(identifier: str) -> None:
    """Close a hook: whoever calls its address is answered that there is none."""
    if not run(_remove(read_settings(), identifier)):
        raise BadInput(f"there is no hook {identifier!r}: `niro hooks list` shows their ids")
    say(f"{identifier} is removed. Remove its address at the registry too.\n")


def _host(kind: str, sender: Sender, given: str | None) -> str:
    """Return whose images a hook may speak of: what is given, or what its kind is known for. Raises BadInput."""
    from bot.flows.credential_checks import registry_host  # noqa: PLC0415
    from bot.flows.credential_shapes import InvalidCredential  # noqa: PLC0415

    if given is None and sender.host is None:
        raise BadInput(f"--host is missing: the registry that calls, as images name it ({sender.name} has many)")
    try:
        host = registry_host(given or sender.host or "")
    except InvalidCredential as error:
        raise BadInput(str(error)) from None
    if sender.fixed and host != sender.host:
        raise BadInput(f"a hook of the kind {kind} speaks of {sender.host} only: leave --host out")
    return host


def _prefix(kind: str, sender: Sender, text: str) -> str:
    from bot.images import ImageReference, InvalidImageReference, quoted  # noqa: PLC0415

    name = text.removesuffix("/")
    try:
        if name and ImageReference.parse(f"registry.invalid/{name}").repository == name:
            return text
    except InvalidImageReference:
        pass
    if text:
        raise BadInput(f"--prefix {quoted(text)} names no repositories; write it like acme or acme/api")
    if sender.needs_prefix:
        raise BadInput(f"--prefix is missing: a hook of the kind {kind} must say which repositories its reports are of")
    return ""


def _google(kind: HookKind, email: str, audience: str) -> tuple[str, str]:
    """Return who signs and for whom; only Google's hooks have both. Raises BadInput."""
    if kind is not HookKind.GOOGLE:
        if email:
            raise BadInput("--email is for hooks of the kind gar")
        return "", ""
    name, at, domain = email.partition("@")
    if not (name and at and "." in domain) or not email.isascii() or any(c.isspace() for c in email):
        raise BadInput(
            "--email is missing: the service account of the push subscription, like x@y.iam.gserviceaccount.com"
        )
    return email, audience


def _tell(address: str, new: NewHook, sender: Sender) -> None:
    """Write what is pasted to standard output, and where to paste it to standard error."""
    say(f"{address}\n")
    if new.signing is not None:
        say(f"signing secret: {new.signing.get_secret_value()}\n")
    if new.hook.audience:
        say(f"audience: {new.hook.audience}\nservice account: {new.hook.email}\n")
    say(f"{sender.where}\n{SHOWN_ONCE}", err=True)


async def _save(settings: Settings, new: NewHook, installation: int) -> Sequence[str]:
    """Store a hook; returns what its maker should know."""
    async with opened_store(settings, check_keys=True) as store:
        await store.hooks.create(new.hook, hashlib.sha256(new.secret.encode()).digest(), new.signing)
        return await notes(store, installation, settings.public_url)


async def _all(settings: Settings) -> list[Hook]:
    async with opened_store(settings) as store:
        return await store.hooks.all()


async def _remove(settings: Settings, identifier: str) -> bool:
    async with opened_store(settings) as store:
        return await store.hooks.remove(identifier)
