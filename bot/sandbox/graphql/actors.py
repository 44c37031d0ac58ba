"""People, organisations and Apps, as the authors of things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.graphql.resolving import Fields, attribute

if TYPE_CHECKING:
    from bot.sandbox.authentication import Token
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import Account, App

BOT_SUFFIX = "[bot]"


def _bot_login(account: Account, _: Call) -> str:
    """Give a bot's login as GraphQL shows it: without the suffix that REST and commits carry."""
    return account.login.removesuffix(BOT_SUFFIX)


def _url(account: Account, call: Call) -> str:
    return f"{call.world.url}/{account.login.removesuffix(BOT_SUFFIX)}"


def _app_url(app: App, call: Call) -> str:
    return f"{call.world.url}/apps/{app.slug}"


def _viewer(_: object, call: Call) -> Account:
    token: Token = call.token
    return token.account


ACCOUNT: Fields = {
    "id": attribute("node_id"),
    "databaseId": attribute("id"),
    "login": attribute("login"),
    "url": _url,
}

ACTOR_TYPES: dict[str, Fields] = {
    "Query": {"viewer": _viewer},
    "User": ACCOUNT,
    "Organization": ACCOUNT,
    "Bot": {**ACCOUNT, "login": _bot_login},
    "App": {
        "id": attribute("node_id"),
        "databaseId": attribute("id"),
        "slug": attribute("slug"),
        "name": attribute("name"),
        "url": _app_url,
    },
}
