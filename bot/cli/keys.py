"""`niro keys ...`: the keys that stored secrets are sealed with."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.confirming import YES, confirm
from bot.cli.mistakes import BadInput
from bot.cli.running import read_settings, run
from bot.cli.saying import say
from bot.cli.storing import opened_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.settings import Settings
    from bot.store import Resealed

WHERE_TO_PUT_IT = """\
Put it first into NIRO_KEYS, before those that are there, with a comma between; or into the file of NIRO_KEYS_FILE.
Restart every process of the bot, then run `niro keys rotate`, then drop the old key.
Keep a copy apart from the database: nothing else opens what it sealed.
"""

BEFORE_ROTATING = """\
Every process of the bot must already have been started with all of these keys: {keys}.
One that does not have {first} could read no private image until it is started with it.
"""


@click.group()
def keys() -> None:
    """Keys that stored secrets are sealed with."""


@keys.command()
def new() -> None:
    """Print a new key, to be put first into NIRO_KEYS. It is kept nowhere."""
    from bot.store import new_key  # noqa: PLC0415 - the other commands start faster without it

    click.echo(new_key(f"{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(2)}"))
    click.echo(WHERE_TO_PUT_IT, err=True, nl=False)


@keys.command()
@YES
def rotate(*, yes: bool) -> None:
    """Seal every stored secret with the first key of NIRO_KEYS. Doing it again changes nothing.

    Before that, every process of the bot must have been started with all of these keys.
    """
    settings = read_settings()
    ring = settings.keyring.ids
    if not ring:
        raise BadInput("there is no key to seal secrets with: `niro keys new` makes one, NIRO_KEYS takes it")
    say(BEFORE_ROTATING.format(keys=", ".join(ring), first=ring[0]), err=True)
    confirm(f"Seal every secret with {ring[0]} now?", yes=yes)
    changed = run(_reseal(settings))
    say(f"{_sealed(changed, ring[0])}\n")


@keys.command(name="list")
def show() -> None:
    """Show which keys seal how many secrets, and which are no longer needed."""
    settings = read_settings()
    counts = run(_counts(settings))
    for line in _lines(settings.keyring.ids, counts):
        say(f"{line}\n")


async def _reseal(settings: Settings) -> Resealed:
    async with opened_store(settings) as store:
        return await store.credentials.reseal()


async def _counts(settings: Settings) -> Mapping[str, int]:
    async with opened_store(settings) as store:
        return await store.credentials.key_ids()


def _sealed(changed: Resealed, key: str) -> str:
    if not changed.credentials and not changed.hooks:
        return f"Every secret is sealed with {key} already."
    return f"Sealed anew with {key}: {_count(changed.credentials, 'credential')}, {_count(changed.hooks, 'hook')}."


def _lines(ring: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """Describe each key: those of NIRO_KEYS in their order, then those that are missing there."""
    missing = sorted(counts.keys() - {"", *ring})
    width = max(map(len, (*ring, *missing)), default=0)
    told = [(key, _of_ring(counts.get(key, 0), first=key == ring[0])) for key in ring]
    told += [(key, f"is not in NIRO_KEYS: {_count(counts[key], 'secret')} cannot be opened") for key in missing]
    if "" in counts:
        told.append(("-", f"{_count(counts[''], 'secret')} cannot be opened by any key: rotate or remove them"))
    return [f"{key:<{width}}  {words}" for key, words in told] or ["There are no keys: `niro keys new` makes one."]


def _of_ring(count: int, *, first: bool) -> str:
    if first:
        return f"seals {_count(count, 'secret')}, and every new one"
    if count:
        return f"seals {_count(count, 'secret')}: `niro keys rotate` seals them with the first key"
    return "is no longer needed"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
