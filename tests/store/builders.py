"""Values with defaults: a test names only what it is about."""

from datetime import UTC, datetime, timedelta

from bot.selection import RestrictionKind
from bot.store import (
    BumpRecord,
    BumpState,
    DecisionRecord,
    Delivery,
    DueRequest,
    GroupNote,
    Hook,
    ImageUse,
    IndexedFile,
    Installation,
    Keyring,
    MergeOrderRecord,
    NoteKind,
    Repository,
    RestrictionRecord,
    ReviewRecord,
    Store,
    StoredCredential,
    new_key,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def seconds(count):
    return timedelta(seconds=count)


def delivery(name="d-1", **changes):
    return Delivery(**{"id": name, "source": "github", "event": "push", "body": b"{}", "received_at": NOW, **changes})


def request(key="a", **changes):
    values = {"kind": "scan-image", "key": key, "owner": "registry:ghcr.io", "priority": 20, "due_at": NOW}
    return DueRequest(**{**values, **changes})


def installation(number=1, **changes):
    return Installation(
        **{"id": number, "account": "acme", "account_type": "Organization", "suspended": False, **changes}
    )


def repository(number=10, **changes):
    values = {"installation": 1, "full_name": f"acme/r{number}", "default_branch": "main"}
    return Repository(**{"id": number, **values, "private": False, "archived": False, **changes})


def file(path="a.yml", *, blob="b1", images=(), occurrences="[]", surroundings=""):
    return IndexedFile(path, blob, tuple(images), occurrences, surroundings)


def use(repository="acme/app", *, host="ghcr.io", tag="1.0.0", digest=None):
    return ImageUse(host, repository, tag, digest)


def bump(**changes):
    values = {"repository": 10, "group": "app", "branch": "niro/app", "base": "main", "head": "c1"}
    more = {"pull_request": 7, "state": BumpState.OPEN, "fingerprint": "f1", "proposals": "[]", "updated_at": NOW}
    return BumpRecord(**{**values, **more, **changes})


def restriction(kind=RestrictionKind.IGNORE, **changes):
    values = {"repository": 10, "policy": "app", "tag": None, "digest": None, "range": None, "beyond": None}
    more = {"until": None, "reason": "It is broken.", "source": "comment:1", "by": "octocat", "at": NOW}
    return RestrictionRecord(**{"kind": kind, **values, **more, **changes})


def note(**changes):
    values = {"repository": 10, "group": "app", "kind": NoteKind.WAITING, "sentence": "It waits."}
    return GroupNote(**{**values, "at": NOW, **changes})


def order(**changes):
    values = {"repository": 10, "group": "app", "head": "c1", "stated": False, "by": "octocat", "comment": 1}
    return MergeOrderRecord(**{**values, "at": NOW, **changes})


def review(**changes):
    values = {"repository": 10, "number": 7, "head": "h1", "merge_base": "m1", "policy": "p1", "digest": "d1"}
    more = {"conclusion": "neutral", "cross_repository": False, "at": NOW, "again_at": None}
    return ReviewRecord(**{**values, **more, **changes})


def decision(**changes):
    values = {"repository": 10, "policy": "app", "current": "1.0.0", "selected": "1.1.0", "reason": "newer"}
    return DecisionRecord(**{**values, "sentence": "1.1.0 is newer.", "rejected": "[]", "at": NOW, **changes})


def hook(name="h1", **changes):
    values = {"kind": "dockerhub", "installation": 1, "host": "docker.io", "repository_prefix": "acme/"}
    return Hook(**{"id": name, **values, **changes})


KEYS = Keyring.parse(new_key("first"))


def credential(name="team", **changes):
    values = {"installation": 1, "host": "registry.example", "kind": "", "username": "robot", "token_hosts": ()}
    more = {
        "certificate": "",
        "insecure": False,
        "prefixes": (),
        "version": "v1",
        "created_at": NOW,
        "verified_at": NOW,
    }
    return StoredCredential(**{"id": f"c-{name}", "name": name, **values, **more, **changes})


async def settle(store: Store, *repositories: Repository) -> None:
    """Save repositories, each with its installation."""
    for item in repositories or (repository(),):
        if await store.installations.get(item.installation) is None:
            await store.installations.save(installation(item.installation))
        await store.repositories.save(item)
