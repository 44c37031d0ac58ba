"""From an answer that is no success to the error it means."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.github.errors import (
    Conflict,
    Forbidden,
    GitHubError,
    GitHubUnavailable,
    NotFound,
    NotInstalled,
    TokenRejected,
    UnexpectedAnswer,
    Unprocessable,
)
from bot.github.limits import limited_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def failure(status: int, headers: Mapping[str, str], body: bytes, *, url: str, now: datetime) -> GitHubError:
    """Make the error for an answer with a status of 400 and above (and any odd one below)."""
    document = _document(body)
    message = str(document.get("message") or f"GitHub answered with status {status}")
    limited = limited_answer(status, headers, message, now, url)
    if limited is not None:
        return limited
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Unprocessable(message, errors=_reasons(document.get("errors")), status=status, url=url)
    if status == HTTPStatus.FORBIDDEN and "suspended" in message.lower():
        return NotInstalled(message, status=status, url=url)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return GitHubUnavailable(message, status=status, url=url)
    kinds: dict[int, type[GitHubError]] = {
        HTTPStatus.UNAUTHORIZED: TokenRejected,
        HTTPStatus.FORBIDDEN: Forbidden,
        HTTPStatus.NOT_FOUND: NotFound,
        HTTPStatus.METHOD_NOT_ALLOWED: Conflict,
        HTTPStatus.CONFLICT: Conflict,
        HTTPStatus.GONE: NotFound,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: Forbidden,
    }
    return kinds.get(status, UnexpectedAnswer)(message, status=status, url=url)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _reasons(errors: object) -> list[str]:
    if isinstance(errors, str):
        return [errors]
    if not isinstance(errors, list):
        return []
    return [_reason(error) for error in errors[:20]]


def _reason(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)
    if error.get("message"):
        return str(error["message"])
    return " ".join(str(error[key]) for key in ("resource", "field", "code") if error.get(key))
