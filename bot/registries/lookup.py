"""Which credential reads an image: the one that was named, else the exact host's with the longest repository prefix."""

from collections.abc import Iterable
from dataclasses import dataclass

EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """For what a stored credential may be used.

    id, name, host: the credential's. prefixes: registry repositories that it reads, each with all below it; none means
    all. pull: the GitHub repositories (`owner/name`, any case) that may read with it; `*` stands for all of its
    installation. push: those that may write with it, each by its name.
    """

    id: str
    name: str
    host: str
    prefixes: tuple[str, ...] = ()
    pull: tuple[str, ...] = (EVERYBODY,)
    push: tuple[str, ...] = ()

    def allows(self, full_name: str) -> bool:
        """Whether a GitHub repository (`owner/name`) may read with it."""
        return any(name in {EVERYBODY, full_name.lower()} for name in map(str.lower, self.pull))

    def allows_to_push(self, full_name: str) -> bool:
        """Whether a GitHub repository (`owner/name`) may write with it: it is named, for `*` names nobody."""
        return full_name.lower() in map(str.lower, self.push)

    def length_of_match(self, host: str, repository: str) -> int | None:
        """Return how much of a registry repository's name the longest fitting prefix covers; None: none fits."""
        if host != self.host:
            return None
        if not self.prefixes:
            return 0
        trimmed = [prefix.rstrip("/") for prefix in self.prefixes]
        return max((len(prefix) for prefix in trimmed if is_below(repository, prefix)), default=None)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why the credential that a policy names cannot be used; a sentence for the policy file's people."""

    sentence: str


def credential_for(
    host: str, repository: str, full_name: str, scopes: Iterable[Scope], named: str | None = None
) -> Scope | Unusable | None:
    """Choose among one installation's credentials. None: nobody in particular reads the image.

    host, repository: of the image. full_name: the GitHub repository that wants it. named: the credential that the
    policy names; it must fit, or nothing is read (a fall back to another would hide the mistake).
    """
    if named is not None:
        return _named(host, repository, full_name, scopes, named)
    fitting = [
        (length, scope)
        for scope in scopes
        if scope.allows(full_name) and (length := scope.length_of_match(host, repository)) is not None
    ]
    # Of two alike the name decides, so that every process chooses the same.
    return min(fitting, key=lambda pair: (-pair[0], pair[1].name))[1] if fitting else None


def pusher_for(host: str, repository: str, full_name: str, scopes: Iterable[Scope]) -> Scope | Unusable:
    """Choose the credential of an installation that writes to a registry repository for a GitHub repository.

    It names the GitHub repository, and a prefix that the registry repository stands below: the longest counts. One
    that is for every repository of its host names none.
    """
    fitting = [
        (length, scope)
        for scope in scopes
        if scope.prefixes
        and scope.allows_to_push(full_name)
        and (length := scope.length_of_match(host, repository)) is not None
    ]
    if fitting:
        return min(fitting, key=lambda pair: (-pair[0], pair[1].name))[1]
    prefix = repository.rpartition("/")[0] or repository
    return Unusable(
        f"no credential lets {full_name} write to {host}/{repository}: an owner adds one with "
        f"`niro registries add ... --host {host} --prefix {prefix} --push {full_name}`"
    )


def _named(host: str, repository: str, full_name: str, scopes: Iterable[Scope], named: str) -> Scope | Unusable:
    scope = next((scope for scope in scopes if scope.name == named), None)
    if scope is None:
        return Unusable(f"there is no credential {named} in this installation: add it with `niro registries add`")
    if scope.length_of_match(host, repository) is None:
        return Unusable(f"the credential {named} is not for {host}/{repository}")
    if not scope.allows(full_name):
        return Unusable(f"the credential {named} may not be used by {full_name}")
    return scope


def is_below(repository: str, prefix: str) -> bool:
    """Whether a repository is the prefix or stands below it: `team` covers `team/api`, not `teams/api`."""
    return repository == prefix or repository.startswith(f"{prefix}/")
