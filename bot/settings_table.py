"""Every setting with its meaning: the one table behind `niro settings` and docs/settings.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from bot.secrets_in_text import HIDDEN
from bot.settings import DEFAULT_SETTINGS_FILE, SETTINGS_FILE_VARIABLE, Settings, settings_file

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT_HEAD: Final = """\
# Settings

Every setting is an environment variable, or a line `NAME="value"` of the settings file; the environment wins. Nothing
set, or set to nothing, means the default. Lists are separated by commas. `niro settings` shows what holds now, and no
secret. A value that cannot be is told in one line, and the bot does not start (exit code 2).

This page is written by `niro settings --markdown`.

| setting | default | meaning |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. `value` is what holds now, with secrets hidden; `default` as the documentation says it."""

    name: str
    default: str
    value: str
    meaning: str


def rows(settings: Settings) -> Iterator[Row]:
    """Yield every setting in the order of its declaration."""
    meaning = "Where the settings file stands: read at start, written by the setup page with mode 0600."
    yield Row(SETTINGS_FILE_VARIABLE, DEFAULT_SETTINGS_FILE, str(settings_file()), meaning)
    for name, field in Settings.model_fields.items():
        default = "app.yml beside the program" if name == "app_manifest" else _shown(field.default)
        yield Row(f"NIRO_{name.upper()}", default, _shown(getattr(settings, name)), field.description or "")


def document(settings: Settings) -> str:
    """Render docs/settings.md, which says the same whatever holds now."""
    lines = (
        f"| `{row.name}` | {f'`{row.default}`' if row.default else ''} | {row.meaning} |" for row in rows(settings)
    )
    return DOCUMENT_HEAD + "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else ""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else without_password(str(value))


def without_password(url: str) -> str:
    """Hide the password of a URL, before its host or in its query."""
    user, at, host = url.rpartition("@")
    scheme, separator, name = user.partition("://")
    if at and separator and ":" in name:
        url = f"{scheme}://{name.partition(':')[0]}:{HIDDEN}@{host}"
    return re.sub(r"(?<=[?&]password=)[^&]*", HIDDEN, url)
