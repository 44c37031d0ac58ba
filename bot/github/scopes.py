"""What a token may do: as little as the use needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Scope(Enum):
    """One use of GitHub. Names of permissions: https://docs.github.com/en/rest/apps/apps, "access token"."""

    LIST = "list"
    READ = "read"
    BUMP = "bump"
    MERGE = "merge"
    CHECK = "check"


_PERMISSIONS: Final[dict[Scope, dict[str, str]]] = {
    Scope.LIST: {"metadata": "read"},
    Scope.READ: {"metadata": "read", "contents": "read"},
    Scope.BUMP: {"metadata": "read", "contents": "write", "pull_requests": "write"},
    Scope.MERGE: {
        "metadata": "read",
        "contents": "write",
        "pull_requests": "write",
        "checks": "read",
        "statuses": "read",
    },
    Scope.CHECK: {"metadata": "read", "checks": "write"},
}

_WIDER: Final[dict[Scope, tuple[Scope, ...]]] = {
    Scope.LIST: (Scope.READ, Scope.BUMP, Scope.MERGE, Scope.CHECK),
    Scope.READ: (Scope.BUMP, Scope.MERGE),
    Scope.BUMP: (Scope.MERGE,),
    Scope.MERGE: (),
    Scope.CHECK: (),
}


@dataclass(frozen=True, slots=True)
class Access:
    """A token's reach: one installation, one repository of it (None: all it was given), and a use."""

    installation: int
    repository: int | None
    scope: Scope

    @property
    def permissions(self) -> Mapping[str, str]:
        """The permissions the token asks for."""
        return _PERMISSIONS[self.scope]

    def wider(self) -> Iterator[Access]:
        """Yield this access, then those for the same repositories that open at least as much."""
        yield self
        for scope in _WIDER[self.scope]:
            yield Access(self.installation, self.repository, scope)
