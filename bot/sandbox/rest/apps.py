"""The App about itself: its installations, their tokens and their repositories, and Apps made from a manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.authentication import Kind
from bot.sandbox.refusals import Forbidden, NotFound
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import people, repositories
from bot.sandbox.shapes.basics import moment

if TYPE_CHECKING:
    from bot.sandbox.authentication import Token
    from bot.sandbox.model import Installation
    from bot.sandbox.rest.call import Call
    from bot.sandbox.world import World


@operation("apps/get-authenticated", "GET", "/app")
async def get_app(call: Call) -> Answer:
    """Show the App of the JWT."""
    return Answer(people.app_with_installations(call.world, call.app))


@operation("apps/list-installations", "GET", "/app/installations")
async def list_installations(call: Call) -> Answer:
    """List where the App is installed."""
    found = [record for record in call.world.installations.values() if record.app is call.app]
    return call.page([_listed(call.world, record) for record in found])


@operation("apps/get-installation", "GET", "/app/installations/{installation_id}")
async def get_installation(call: Call) -> Answer:
    """Show one installation."""
    return Answer(people.installation(call.world, _installation(call)))


@operation("apps/delete-installation", "DELETE", "/app/installations/{installation_id}")
async def delete_installation(call: Call) -> Answer:
    """Uninstall the App from an account."""
    await call.world.uninstall(_installation(call))
    return Answer(status=204)


@operation("apps/get-repo-installation", "GET", "/repos/{owner}/{repo}/installation")
async def get_repository_installation(call: Call) -> Answer:
    """Show the App's installation that holds a repository."""
    record = call.world.repository(call.values["owner"], call.values["repo"])
    for installation in call.world.installations_for(record):
        if installation.app is call.app:
            return Answer(people.installation(call.world, installation))
    raise NotFound


@operation("apps/create-installation-access-token", "POST", "/app/installations/{installation_id}/access_tokens")
async def create_token(call: Call) -> Answer:
    """Mint an installation token, narrowed as the body asks."""
    token = call.world.tokens.for_installation(
        _installation(call),
        repository_ids=call.optional("repository_ids", list),
        repository_names=call.optional("repositories", list),
        permissions=call.optional("permissions", dict),
    )
    return Answer(_minted(call.world, token), status=201)


@operation("apps/list-repos-accessible-to-installation", "GET", "/installation/repositories")
async def list_repositories(call: Call) -> Answer:
    """List what the installation token reaches."""
    token = call.token
    if token.kind is not Kind.INSTALLATION or token.installation is None:
        raise Forbidden("You must authenticate with an installation access token in order to list repositories")
    found = [record for record in call.world.installed(token.installation) if token.sees(record)]
    answer = call.page([repositories.repository(call.world, record) for record in found], wrap="repositories")
    selection = "all" if token.installation.repositories is None else "selected"
    return Answer({**answer.body, "repository_selection": selection}, headers=answer.headers)


@operation("apps/create-from-manifest", "POST", "/app-manifests/{code}/conversions", open=True)
async def convert_manifest(call: Call) -> Answer:
    """Turn a code into the new App's credentials; a code works once."""
    app = call.world.manifests.pop(call.values["code"], None)
    if app is None:
        raise NotFound
    return Answer(people.app_with_secrets(call.world, app), status=201)


def _listed(world: World, record: Installation) -> dict[str, Any]:
    """Return an installation as the list shows it, whose account carries an enterprise's fields too."""
    shown, account = people.installation(world, record), record.account
    more = {"name": account.login, "slug": account.login.lower(), "created_at": None, "updated_at": None}
    return {**shown, "account": {**shown["account"], **more}}


def _installation(call: Call) -> Installation:
    found = call.world.installations.get(call.number("installation_id"))
    if found is None or found.app is not call.app:
        raise NotFound
    return found


def _minted(world: World, token: Token) -> dict[str, Any]:
    minted: dict[str, Any] = {
        "token": token.text,
        "expires_at": moment(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": "all" if token.repositories is None else "selected",
    }
    if token.repositories is not None:
        records = [world.repositories[number] for number in sorted(token.repositories)]
        minted["repositories"] = [repositories.repository(world, record) for record in records]
    return minted
