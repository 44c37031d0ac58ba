"""A repository, who works in it, and the caller's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.authentication import Kind
from bot.sandbox.refusals import Forbidden
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import people, repositories

if TYPE_CHECKING:
    from bot.sandbox.limits import Window
    from bot.sandbox.rest.call import Call


@operation("repos/get", "GET", "/repos/{owner}/{repo}")
async def get_repository(call: Call) -> Answer:
    """Show a repository."""
    record = call.readable()
    return Answer(repositories.full(call.world, record, call.permissions(record)))


@operation(
    "repos/get-collaborator-permission-level", "GET", "/repos/{owner}/{repo}/collaborators/{username}/permission"
)
async def get_permission(call: Call) -> Answer:
    """Show what a person may do."""
    record = call.repository()
    account = call.world.account(call.values["username"])
    role = call.world.role(record, account)
    name = record.custom_roles.get(account.login.lower(), role.value)
    return Answer(people.collaborator(call.world, account, role, name))


@operation("users/get-by-username", "GET", "/users/{username}")
async def get_user(call: Call) -> Answer:
    """Show an account in public."""
    account = call.world.account(call.values["username"])
    return Answer(_public(call, people.simple_user(call.world, account)))


@operation("users/get-authenticated", "GET", "/user")
async def get_self(call: Call) -> Answer:
    """Show the person whose token it is."""
    if call.token.kind is not Kind.USER:
        raise Forbidden
    return Answer(_public(call, people.simple_user(call.world, call.actor)))


@operation("rate-limit/get", "GET", "/rate_limit")
async def get_rate_limit(call: Call) -> Answer:
    """Show what is left; asking costs nothing."""
    limits = call.world.limits
    limits.give_back(call.token, "core")
    core, graphql = (_rate(limits.window(call.token, resource)) for resource in ("core", "graphql"))
    return Answer({"resources": {"core": core, "graphql": graphql, "search": core}, "rate": core})


def _rate(window: Window) -> dict[str, int]:
    return {
        "limit": window.limit,
        "used": window.used,
        "remaining": window.remaining,
        "reset": int(window.reset.timestamp()),
    }


def _public(call: Call, user: dict[str, object]) -> dict[str, object]:
    texts = ("name", "company", "location", "email", "bio", "twitter_username", "hireable")
    counts = ("public_repos", "public_gists", "followers", "following")
    now = call.world.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    times = {"created_at": now, "updated_at": now}
    return {**user, **dict.fromkeys(texts), "blog": "", **dict.fromkeys(counts, 0), **times}
