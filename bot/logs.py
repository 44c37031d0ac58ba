"""How the bot speaks to its operator: one event a line, and never a secret in it.

Three nets hang behind each other: values under telling names are never shown, every finished line is searched for what
looks like a secret, and the secrets that this process knows are taken out wherever they stand.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

import structlog

from bot.secrets_in_text import HIDDEN, NAMES_A_SECRET, without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

_SHORTEST_SECRET = 6
"""Shorter ones would be found in ordinary words."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?|\n")
_SEVERAL_LINES = ("exception", "stack")

_known: set[str] = set()


def keep_out_of_logs(secrets: Iterable[str]) -> None:
    """Hide these texts in every line from now on, whole or line by line, also as JSON writes them."""
    for secret in secrets:
        for part in (secret, *secret.splitlines()):
            if len(part) >= _SHORTEST_SECRET:
                _known.update({part, json.dumps(part)[1:-1], repr(part)[1:-1]})


def configure_logs(form: str, level: str) -> None:
    """Write every log of the process to standard error: `form` is "json" or "console", `level` a logging level.

    What libraries log takes the same way, from warnings upwards, and so do errors that nobody caught. Raises
    ValueError when the level is not one.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"{level!r} is not a log level: debug, info, warning or error")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(),  # plain text: a renderer that shows local variables shows secrets
        _hide_values,
    ]
    render = _json if form == "json" else _console()
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _adopt_standard_logs(shared, render, max(number, logging.WARNING))
    _adopt_uncaught_errors()


def _json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return _hide_in_line(json.dumps(event, default=_shown))


def _console() -> Any:
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )

    def render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        calm = {name: _on_one_line(name, value) for name, value in event.items()}
        return _hide_in_line(str(renderer(logger, method, calm)))

    return render


def _on_one_line(name: str, value: object) -> object:
    """Text from outside neither moves the cursor of a terminal nor pretends to be a line of its own."""
    text = value if isinstance(value, str) else _shown(value)
    if name not in _SEVERAL_LINES:
        text = _LINE_ENDS.sub("\\\\n", text)
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def _shown(value: object) -> str:
    try:
        return without_secrets(str(value) if isinstance(value, BaseException) else repr(value))
    except Exception:  # noqa: BLE001 - a value that cannot even be shown must not stop the work that logs it
        return f"<{type(value).__name__}>"


def _hide_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        event[name] = _hidden(name, value)
    return event


def _hidden(name: object, value: object) -> object:
    if isinstance(name, str) and NAMES_A_SECRET.search(name):
        return HIDDEN
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {str(key): _hidden(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(None, item) for item in value]
    return value


def _hide_in_line(line: str) -> str:
    line = without_secrets(line)
    for secret in _known:
        line = line.replace(secret, HIDDEN)
    return line


def _adopt_standard_logs(shared: list[Any], render: Any, level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _hide_values, render]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=processors))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    # A line that cannot be formatted would otherwise be printed raw, with its arguments.
    logging.raiseExceptions = False


def _adopt_uncaught_errors() -> None:
    log = structlog.get_logger()

    def died(kind: Any, error: Any, traceback: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("uncaught", exc_info=(kind, error, traceback))

    sys.excepthook = died
    threading.excepthook = lambda thread: died(thread.exc_type, thread.exc_value, thread.exc_traceback)
    sys.unraisablehook = lambda lost: died(lost.exc_type, lost.exc_value, lost.exc_traceback)
