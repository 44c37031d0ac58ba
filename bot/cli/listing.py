"""Stored credentials and hooks for people and for scripts; there is nothing of a secret in what comes in here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.explaining.layout import Page
from bot.registries.lookup import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.store import Hook, StoredCredential

Rows = list[tuple[str, str]]


def credentials_as_text(found: Sequence[StoredCredential], keys: Mapping[str, str], width: int) -> str:
    """Return a paragraph for each credential, in lines of `width` columns. `keys`: which key seals each, by its id."""
    page = Page(width)
    told = [(stored.name, [*_credential_rows(stored), ("sealed by", _key(keys, stored))]) for stored in found]
    _paragraphs(page, told, "There are no credentials.")
    return str(page)


def hooks_as_text(found: Sequence[Hook], width: int) -> str:
    """Return a paragraph for each hook, in lines of `width` columns."""
    page = Page(width)
    _paragraphs(page, [(hook.id, _hook_rows(hook)) for hook in found], "There are no hooks.")
    return str(page)


def credentials_as_json(found: Sequence[StoredCredential], keys: Mapping[str, str]) -> str:
    """Return a list with one object for each credential. `keys`: which key seals each, by its id."""
    return _json(found, lambda stored: {**_credential_fields(stored), "key": keys.get(stored.id) or None})


def hooks_as_json(found: Sequence[Hook]) -> str:
    """Return a list with one object for each hook."""
    return _json(found, _hook_fields)


def _paragraphs(page: Page, found: Sequence[tuple[str, Rows]], otherwise: str) -> None:
    if not found:
        page.line(otherwise)
    for name, rows in found:
        page.blank()
        page.line(name)
        page.rows(rows)


def _credential_rows(stored: StoredCredential) -> Rows:
    rows = [
        ("installation", str(stored.installation)),
        ("host", f"{stored.host} ({stored.kind})" + (", by plain HTTP" if stored.insecure else "")),
        ("username", stored.username),
        ("images", _images(stored.prefixes)),
        ("pull", _repositories(stored.pull)),
        ("push", _repositories(stored.push)),
    ]
    if stored.token_hosts:
        rows.append(("token hosts", ", ".join(stored.token_hosts)))
    if stored.certificate:
        rows.append(("certificate", "an authority of its own"))
    return [*rows, ("verified", _moment(stored.verified_at) or "never")]


def _images(prefixes: Sequence[str]) -> str:
    return ", ".join(f"{prefix} and below" for prefix in prefixes) or "all of the host"


def _key(keys: Mapping[str, str], stored: StoredCredential) -> str:
    return keys.get(stored.id) or "no key that opens it: rotate or remove it"


def _repositories(names: Sequence[str]) -> str:
    return "every repository of the installation" if EVERYBODY in names else ", ".join(names) or "none"


def _hook_rows(hook: Hook) -> Rows:
    rows = [
        ("kind", hook.kind),
        ("installation", "none: the operator's" if hook.installation is None else str(hook.installation)),
        ("host", hook.host),
        ("images", _images([hook.repository_prefix.removesuffix("/")] if hook.repository_prefix else [])),
    ]
    if hook.audience:
        rows += [("audience", hook.audience), ("signed by", hook.email)]
    return [*rows, ("made", _moment(hook.created_at) or "before this was kept")]


def _credential_fields(stored: StoredCredential) -> dict[str, Any]:
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


def _hook_fields(hook: Hook) -> dict[str, Any]:
    return {
        "id": hook.id,
        "kind": hook.kind,
        "installation": hook.installation,
        "host": hook.host,
        "prefix": hook.repository_prefix,
        "audience": hook.audience or None,
        "email": hook.email or None,
        "created_at": _moment(hook.created_at),
    }


def _json(found: Sequence[Any], fields: Callable[[Any], dict[str, Any]]) -> str:
    return f"{json.dumps([fields(each) for each in found], indent=2)}\n"


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
