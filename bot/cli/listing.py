"""Stored credentials for people and for scripts; there is nothing of a secret in what comes in here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.explaining.layout import Page
from bot.registries.lookup import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store import StoredCredential


def as_text(found: Sequence[StoredCredential], width: int) -> str:
    """Return a paragraph for each credential, in lines of `width` columns."""
    page = Page(width)
    if not found:
        page.line("There are no credentials.")
    for stored in found:
        page.blank()
        page.line(stored.name)
        page.rows(_rows(stored))
    return str(page)


def as_json(found: Sequence[StoredCredential]) -> str:
    """Return a list with one object for each credential."""
    return f"{json.dumps([_fields(stored) for stored in found], indent=2)}\n"


def _rows(stored: StoredCredential) -> list[tuple[str, str]]:
    rows = [
        ("installation", str(stored.installation)),
        ("host", f"{stored.host} ({stored.kind})" + (", by plain HTTP" if stored.insecure else "")),
        ("username", stored.username),
        ("images", ", ".join(f"{prefix} and below" for prefix in stored.prefixes) or "all of the host"),
        ("pull", _repositories(stored.pull)),
        ("push", _repositories(stored.push)),
    ]
    if stored.token_hosts:
        rows.append(("token hosts", ", ".join(stored.token_hosts)))
    if stored.certificate:
        rows.append(("certificate", "an authority of its own"))
    return [*rows, ("verified", _moment(stored.verified_at) or "never")]


def _repositories(names: Sequence[str]) -> str:
    return "every repository of the installation" if EVERYBODY in names else ", ".join(names) or "none"


def _fields(stored: StoredCredential) -> dict[str, Any]:
    return {
        "name": stored.name,
        "installation": stored.installation,
        "host": stored.host,
        "kind": stored.kind,
        "username": stored.username,
        "prefixes": stored.prefixes,
        "pull": stored.pull,
        "push": stored.push,
        "token_hosts": stored.token_hosts,
        "certificate": stored.certificate or None,
        "insecure": stored.insecure,
        "created_at": _moment(stored.created_at),
        "verified_at": _moment(stored.verified_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
