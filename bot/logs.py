"""How the bot speaks to its operator: one event a line, and never a secret in it."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_SECRETS = re.compile(
    r"gh[a-z]_[A-Za-z0-9_.\-]{10,}"  # every GitHub token, the long stateless ones too
    r"|github_pat_[A-Za-z0-9_]{10,}"
    r"|dckr_pat_[A-Za-z0-9_\-]{10,}"
    r"|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*"  # JSON web tokens
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/=\-]{8,}"
    r"|(?<=[Bb]asic )[A-Za-z0-9+/=]{8,}"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?<=/hooks/)[^\s\"']+"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    re.DOTALL,
)
HIDDEN = "[hidden]"


def without_secrets(text: str) -> str:
    """Hide what looks like a token, a key, a password in a URL or the secret part of a hook's address."""
    return _SECRETS.sub(HIDDEN, text)


def _hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _hidden(value)
    return event


def _hidden(value: object) -> object:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {key: _hidden(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(item) for item in value]
    return value


def configure_logs(form: str, level: str) -> None:
    """Write every log of the process to standard error: `form` is "json" or "console", `level` a logging level.

    Raises ValueError when the level is not one.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"{level!r} is not a log level: debug, info, warning or error")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide,
    ]
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _adopt_standard_logs(shared, renderer)


def _adopt_standard_logs(shared: list[Any], renderer: Any) -> None:
    """Libraries write through `logging`; their lines take the same way, from warnings upwards."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=_rendered(renderer)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def _rendered(renderer: Any) -> Any:
    def process(logger: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        cleaned = structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event)
        return renderer(logger, method, _hide(logger, method, cleaned))

    return process
