"""Accounts, Apps and installations as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.shapes.basics import Json, moment

if TYPE_CHECKING:
    from bot.sandbox.model import Account, App, Installation, Role
    from bot.sandbox.world import World

USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def simple_user(world: World, account: Account) -> Json:
    """Return GitHub's ``simple-user``."""
    url = f"{world.url}/users/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": f"{world.url}/avatars/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.url}/{account.login}",
        **{name: url + path for name, path in USER_LINKS.items()},
        "type": account.type,
        "site_admin": False,
    }


def maybe_user(world: World, account: Account | None) -> Json | None:
    """Return the account, or null."""
    return simple_user(world, account) if account else None


def organization(world: World, account: Account) -> Json:
    """Return GitHub's ``organization-simple``."""
    url = f"{world.url}/orgs/{account.login}"
    ends = ("repos", "events", "hooks", "issues")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "url": url,
        **{f"{end}_url": f"{url}/{end}" for end in ends},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.url}/avatars/{account.id}",
        "description": None,
    }


def collaborator(world: World, account: Account, role: Role, name: str) -> Json:
    """Return GitHub's ``repository-collaborator-permission``: the old word, and the role's own name.

    A role that an organisation made itself has a name of its own, and the rights of the role it was built upon.
    """
    permission = {"maintain": "write", "triage": "read"}.get(role.value, role.value)
    order = ("read", "triage", "write", "maintain", "admin")
    held = order[: order.index(role.value) + 1] if role.value in order else ()
    names = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
    permissions = {name: level in held for name, level in names.items()}
    user = {**simple_user(world, account), "role_name": name, "permissions": permissions}
    return {"permission": permission, "role_name": name, "user": user}


def app(world: World, record: App) -> Json:
    """Return GitHub's ``integration``."""
    return {
        "id": record.id,
        "slug": record.slug,
        "node_id": record.node_id,
        "client_id": record.client_id,
        "owner": simple_user(world, record.owner),
        "name": record.name,
        "description": "",
        "external_url": f"{world.url}/apps/{record.slug}",
        "html_url": f"{world.url}/apps/{record.slug}",
        "created_at": moment(record.created_at),
        "updated_at": moment(record.created_at),
        "permissions": record.permissions,
        "events": record.events,
    }


def app_with_installations(world: World, record: App) -> Json:
    """Return the App as its own JWT sees it: with the number of its installations."""
    count = sum(installation.app is record for installation in world.installations.values())
    return {**app(world, record), "installations_count": count}


def app_with_secrets(world: World, record: App) -> Json:
    """Return what a manifest's conversion answers, once."""
    secrets = {
        "client_secret": record.client_secret,
        "webhook_secret": record.webhook_secret,
        "pem": record.private_key_pem,
    }
    return {**app(world, record), **secrets}


def installation(world: World, record: Installation) -> Json:
    """Return GitHub's ``installation``."""
    url = f"{world.url}/app/installations/{record.id}"
    return {
        "id": record.id,
        "account": simple_user(world, record.account),
        "repository_selection": "all" if record.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.url}/installation/repositories",
        "html_url": f"{world.url}/organizations/{record.account.login}/settings/installations/{record.id}",
        "app_id": record.app.id,
        "client_id": record.app.client_id,
        "app_slug": record.app.slug,
        "target_id": record.account.id,
        "target_type": record.account.type,
        "permissions": record.permissions,
        "events": record.events,
        "created_at": moment(record.created_at),
        "updated_at": moment(record.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": simple_user(world, record.account) if record.suspended_at else None,
        "suspended_at": moment(record.suspended_at),
    }
