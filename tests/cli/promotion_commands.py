"""A store with promotions in it, as the commands find it, and a repository whose policy file names some."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.promotion import Judged, Outcome, Verdict, verdict_to_json
from bot.promotion.evidence import Refused
from bot.store import PolicyRecord, PromotionEvent, PromotionRun
from tests.cli.conftest import REACHES_THIS_MACHINE, in_store
from tests.store.builders import begun, event, repository, settle

_KEY = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
APP = REACHES_THIS_MACHINE | {
    "NIRO_APP_ID": "Iv23abc",
    "NIRO_PRIVATE_KEY": _KEY.decode(),
    "NIRO_WEBHOOK_SECRET": "hook secret",
}

VERDICT = Verdict(
    Outcome.UNKNOWN,
    (
        Judged('tag: ends with "-stable"', Outcome.TRUE, "1.0-stable"),
        Judged(
            "any of these",
            Outcome.UNKNOWN,
            inner=(Judged("vulnerabilities: critical at most 0", Outcome.UNKNOWN, "no report", ("Harbor's scanner",)),),
        ),
    ),
    "There is no report yet.",
    (Refused("a report posted to h1", "It is about another digest."),),
    ("Harbor is scanning linux/arm64.",),
)


def remembered(folder: Path, *events: PromotionEvent, **changes: Any) -> PromotionRun:
    """Put a run into the store of a folder, for the repository acme/r10 unless `repository` says another number."""

    async def put(store) -> PromotionRun:
        await settle(store, repository(changes.get("repository", 10)))
        run = await begun(store, **changes)
        for each in events:
            await store.promotions.note(run.id, each)
        return run

    return in_store(folder, put)


def waiting(folder: Path, **changes: Any) -> PromotionRun:
    """Put a run into the store that waits for evidence, with its verdict."""
    verdict = verdict_to_json(VERDICT)
    noted = event(document=verdict, seconds=1.5)
    return remembered(folder, noted, noted, verdict=verdict, reason="There is no report yet.", **changes)


def with_policy_file(folder: Path, text: str) -> None:
    """Let the default branch of acme/r10 hold this policy file."""

    async def put(store) -> None:
        await settle(store)
        await store.repositories.save_policy(10, PolicyRecord("b1", text, (), "c1"))

    in_store(folder, put)


def kept(folder: Path) -> list[PromotionRun]:
    """Return the runs of the store, the newest first."""
    return in_store(folder, lambda store: store.promotions.of(None))


def asked_for(folder: Path, kind: str) -> set[str]:
    """Return the keys of the work of a kind that the store has been asked for."""
    return set(in_store(folder, lambda store: store.due.keys(kind)))
