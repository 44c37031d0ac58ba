"""Who acts on the sandbox GitHub, and where: repositories by name, accounts by login."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.model import Account, Repository
    from bot.sandbox.world import World


class Presence:
    """One world, and ``person``: octocat, admin of every repository that the sandbox makes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.person = world.add_account("octocat")

    def repository(self, full_name: str) -> Repository:
        """Return a repository by its name; raises NotFound."""
        owner, _, name = full_name.partition("/")
        return self.world.repository(owner, name)

    def account(self, login: str | None = None, *, bot: bool = False) -> Account:
        """Return the account with a login, made if there is none: a person's, or a bot's."""
        return self.person if login is None else self.world.add_account(login, "Bot" if bot else "User")
