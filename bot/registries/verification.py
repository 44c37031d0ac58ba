"""Proves a credential: what it is for is really done with it, and once more without, to see which of the two did it."""

import base64
import json
from dataclasses import replace
from enum import Enum

from pydantic import SecretStr

from bot.registries.access import Access
from bot.registries.authentication import Exchange, Itself
from bot.registries.copying.uploads import give_up, open_session
from bot.registries.copying.writing import push_scope
from bot.registries.errors import ImageNotFound, InvalidAnswer, PushRefused, RegistryRefused, RepositoryMissing
from bot.registries.list_pages import count_values, largest_page, names_in
from bot.registries.repository import Repository, expect_ok


class Verification(Enum):
    """What reading a repository proved about a credential."""

    PROVEN = "the repository is read with the credential, and not without"
    ACCEPTED = "the credential was taken, and everybody can read the repository"
    UNPROVEN = "nobody asked for the credential: everybody can read the repository"
    PUSHES = "an upload to the repository was begun with the credential, which nobody can without, and given up"


async def prove(repository: Repository) -> Verification:
    """Read a repository's tags with its credential, then as nobody in particular by the same connections.

    repository: with an Authentication that remembers nothing yet. Raises ImageNotFound, RegistryRefused and all that
    Repository.get raises; of the second reading only what tells nothing (no connection, a limit).
    """
    given = await _read(repository)
    if given.way is None:
        return Verification.UNPROVEN
    try:
        nobody = await _read(replace(repository, access=_without_secret(repository.access)))
    except (RegistryRefused, ImageNotFound, InvalidAnswer):
        return Verification.PROVEN
    if given.way is Itself.CREDENTIAL:
        return Verification.ACCEPTED
    return Verification.UNPROVEN if _subject(given) == _subject(nobody) else Verification.ACCEPTED


async def prove_push(repository: Repository) -> Verification:
    """Begin an upload to a repository with its credential, and give it up; then as nobody in particular.

    Nothing is left there. The repository need not be there yet, nor readable then: PUSHES, or UNPROVEN where everybody
    may push. Raises what `prove` raises, PushRefused and RepositoryMissing where a push has to find the repository.
    """
    try:
        await prove(repository)
    except (ImageNotFound, RegistryRefused) as error:
        unread: ImageNotFound | RegistryRefused | None = error
    else:
        unread = None
    target = replace(repository, scope=push_scope(repository))
    try:
        await _begin_upload(target)
    except PushRefused:
        if isinstance(unread, RegistryRefused):
            raise unread from None  # it may be no right to push that is missing
        raise
    try:
        await _begin_upload(replace(target, access=_without_secret(target.access)))
    except (RegistryRefused, RepositoryMissing, InvalidAnswer):
        return Verification.PUSHES
    return Verification.UNPROVEN


async def _begin_upload(target: Repository) -> None:
    await give_up(target, await open_session(target))


async def _read(repository: Repository) -> Exchange:
    exchange = await repository.exchange("tags/list", query="n=1", largest=largest_page(repository))
    expect_ok(repository, exchange.answer, f"repository {repository.name}")
    # A page to log in at is no list, though it comes with 200.
    await count_values(repository, exchange.answer.body)
    await names_in(repository, exchange.answer.body)
    return exchange


def _without_secret(access: Access) -> Access:
    """Return who connects as the reader does (certificate, networks, token hosts), and is nobody in particular."""
    credential = access.credential
    if credential is None:
        return access
    nobody = replace(credential, id="", version="", username="", secret=SecretStr(""), ambient=False)
    return replace(access, credential=nobody)


def _subject(exchange: Exchange) -> str:
    """Return whom a token was made out to: the `sub` of a JWT (Docker's token specification), else the token itself.

    A token server that does not look at credentials makes the same out to everybody.
    """
    token = str(exchange.sent or "").rpartition(" ")[2]
    parts = token.split(".")
    try:
        fields = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return str(fields["sub"])
    except (LookupError, ValueError, TypeError, RecursionError):
        return token
