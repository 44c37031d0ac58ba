"""Values with defaults: a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.selection import RestrictionKind
from bot.store import (
    Beginning,
    BumpRecord,
    BumpState,
    DecisionRecord,
    Delivery,
    DueRequest,
    EventKind,
    GroupNote,
    Hook,
    ImageUse,
    IndexedFile,
    Installation,
    Keyring,
    MergeOrderRecord,
    NewRun,
    NoteKind,
    PromotionEvent,
    PromotionRun,
    Repository,
    RestrictionRecord,
    ReviewRecord,
    ScanReportRecord,
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


def new_run(**changes):
    source = {"source_host": "dev.example", "source_image": "acme/website", "tag": "1.0-stable", "digest": "sha256:1"}
    target = {"target_host": "qa.example", "target_image": "acme/website", "mode": "copy", "seen_at": NOW}
    return NewRun(**{"repository": 10, "promotion": "to-qa", "revision": "r1", **source, **target, **changes})


async def begun(store: Store, **changes) -> PromotionRun:
    """Begin a run, bring it to what a test is about, and return it as it is stored."""
    new = {name: value for name, value in changes.items() if name in NewRun.__slots__}
    run, _ = await store.promotions.begin(new_run(**new))
    await store.promotions.save(replace(run, **{name: changes[name] for name in changes.keys() - new.keys()}), run)
    stored = await store.promotions.get(run.id)
    assert stored is not None
    return stored


def beginning(**changes):
    values = {"repository": 10, "promotion": "to-qa", "source_host": "dev.example", "source_image": "acme/website"}
    return Beginning(**{**values, "reader": "", "at": NOW, **changes})


def event(kind=EventKind.EVALUATED, **changes):
    return PromotionEvent(**{"kind": kind, "at": NOW, "outcome": "unknown", "document": "{}", **changes})


def report(**changes):
    image = {"host": "dev.example", "image": "acme/website", "digest": "sha256:1"}
    more = {"hook": "h1", "installation": 1, "media_type": "application/json", "content": b"{}", "at": NOW}
    return ScanReportRecord(**{**image, **more, **changes})
