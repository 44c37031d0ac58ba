"""Reads what a cloud's login server answered: a JSON object with a token in it, or a refusal with a code."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from bot.registries.authorizations import VISIBLE
from bot.registries.errors import InvalidAnswer, RegistryRefused
from bot.registries.transport import REDIRECTS, Answer

LARGEST_ANSWER = 256 * 1024
# The only words of a server that get into an error: its code (`invalid_grant`, `AccessDeniedException`).
CODE = re.compile(r"[A-Za-z][A-Za-z_]{1,63}")
REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def read_login_answer(host: str, server: str, answer: Answer, what_to_do: str) -> Mapping[str, Any]:
    """Return the fields of a login server's answer (RFC 6749, section 5).

    server: who answered, in words. what_to_do: ends the sentence of a RegistryRefused. Raises RegistryRefused for
    400, 401 and 403, InvalidAnswer for a redirect, another status, and what is no JSON object.
    """
    refuse_redirect(host, server, answer)
    if answer.status in REFUSALS:
        code = code_in(read_fields(answer).get("error"))
        raise RegistryRefused(host, f"is not logged in to: {server} answered {answer.status}{code}; {what_to_do}")
    fields = read_fields(answer)
    if answer.status != HTTPStatus.OK or not fields:
        raise InvalidAnswer(host, f"is not logged in to: {server} gave no usable answer ({answer.status})")
    return fields


def refuse_redirect(host: str, server: str, answer: Answer) -> None:
    """Raise InvalidAnswer for a redirect: it could carry a secret anywhere."""
    if answer.status in REDIRECTS:
        raise InvalidAnswer(host, f"is not logged in to: {server} redirects, which is never followed")


def read_fields(answer: Answer) -> Mapping[str, Any]:
    """Return the JSON object in an answer's body; nothing for everything else."""
    try:
        fields = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def code_in(code: object) -> str:
    """Return ` (code)` for what looks like an error code, else nothing."""
    return f" ({code})" if isinstance(code, str) and CODE.fullmatch(code) else ""


def token_in(host: str, server: str, token: object) -> str:
    """Return a token that can stand in a header; raises InvalidAnswer for everything else."""
    if not isinstance(token, str) or not VISIBLE.fullmatch(token):
        raise InvalidAnswer(host, f"is not logged in to: {server} sent no usable token")
    return token


def moment(seconds: object, latest: datetime) -> datetime | None:
    """Return the moment of a Unix time in seconds, at most `latest`; None for what is no such number."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return min(datetime.fromtimestamp(seconds, UTC), latest)
    except (ValueError, OverflowError, OSError):
        return None


def end_of_life(seconds: object, now: datetime, longest: timedelta) -> datetime | None:
    """Return when something ends that lives for so many seconds, at most `longest`; None for no such number."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
        return None
    return now + timedelta(seconds=min(seconds, longest.total_seconds()))
