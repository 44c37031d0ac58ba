"""What a token may do: as little as the use needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.manifests import SkipReason, editable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Scope(Enum):
    """One use of GitHub. Names of permissions: https://docs.github.com/en/rest/apps/apps, "access token"."""

    LIST = "list"
    READ = "read"
    BUMP = "bump"
    MERGE = "merge"
    WORKFLOWS = "workflows"
    CHECK = "check"
    TALK = "talk"
    REVIEW = "review"


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
    Scope.WORKFLOWS: {"metadata": "read", "contents": "write", "pull_requests": "write", "workflows": "write"},
    Scope.CHECK: {"metadata": "read", "checks": "write"},
    Scope.TALK: {"metadata": "read", "issues": "write", "pull_requests": "write"},
    Scope.REVIEW: {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"},
}

_WIDER: Final[dict[Scope, tuple[Scope, ...]]] = {
    Scope.LIST: (Scope.READ, Scope.BUMP, Scope.MERGE, Scope.CHECK, Scope.TALK, Scope.REVIEW),
    Scope.READ: (Scope.BUMP, Scope.MERGE, Scope.REVIEW),
    Scope.BUMP: (Scope.MERGE,),
    Scope.MERGE: (),
    Scope.WORKFLOWS: (),
    Scope.CHECK: (Scope.REVIEW,),
    Scope.TALK: (),
    Scope.REVIEW: (),
}
"""A token that may write workflows serves for nothing else: what they say is run."""


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


def touches_workflows(paths: Iterable[str]) -> bool:
    """Tell whether one of these files is a workflow of GitHub Actions.

    Writing one, and merging it, takes a permission of its own that an App need not have been given:
    https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps, "Workflows".
    """
    return any(editable(path) is SkipReason.WORKFLOW for path in paths)


def writing(paths: Iterable[str]) -> Scope:
    """Return the use of a commit that changes these files."""
    return Scope.WORKFLOWS if touches_workflows(paths) else Scope.BUMP
