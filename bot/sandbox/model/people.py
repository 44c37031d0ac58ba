"""Accounts, Apps and installations: who acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Role(StrEnum):
    """What a person may do in a repository, weakest first."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(eq=False)
class Account:
    """A user, an organisation or the bot user of an App."""

    id: int
    node_id: str
    login: str
    type: str  # User | Organization | Bot

    @property
    def email(self) -> str:
        """The private address that ties a commit to this account."""
        return f"{self.id}+{self.login}@users.noreply.github.com"


@dataclass(eq=False)
class App:
    """A GitHub App with its keys and its one webhook."""

    id: int
    node_id: str
    slug: str
    name: str
    owner: Account
    bot: Account
    client_id: str
    client_secret: str
    private_key_pem: str
    public_key_pem: str
    webhook_secret: str
    created_at: datetime
    webhook_url: str | None = None
    permissions: dict[str, str] = field(default_factory=dict)  # name -> read | write
    events: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Installation:
    """An App on an account; ``repositories`` None means all of the account's."""

    id: int
    node_id: str
    app: App
    account: Account
    created_at: datetime
    permissions: dict[str, str]
    events: list[str]
    repositories: set[int] | None = None
    suspended_at: datetime | None = None
