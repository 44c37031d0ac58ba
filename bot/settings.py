"""What the operator decides: every setting is an environment variable `NIRO_...`, or a line of the settings file."""

from __future__ import annotations

import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.registries.grants import Grants

if TYPE_CHECKING:
    from bot.promotion import Severities
    from bot.store import Keyring

SETTINGS_FILE_VARIABLE = "NIRO_SETTINGS_FILE"
DEFAULT_SETTINGS_FILE = "niro.env"
HIGHEST_PORT = 65535
EVERY_HOST = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not listened at
DEFAULT_SEVERITIES = "critical=critical;major=high;minor=medium,low,negligible,unknown"
LOG_LEVELS = ("debug", "info", "warning", "error")


class LogFormat(StrEnum):
    """How log lines are written."""

    JSON = "json"
    CONSOLE = "console"


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or "@" in value:
        raise ValueError("a URL is needed that begins with http:// or https:// and names a host, and nothing secret")
    return value.rstrip("/")


def _address(value: str) -> str:
    address(value)
    return value


def _level(value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)} is needed")
    return value.lower()


def _readable(value: Path | None) -> Path | None:
    try:
        if value is not None:
            value.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{value} cannot be read as text ({type(error).__name__})") from None
    return value


def _split(value: object) -> object:
    return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _networks(value: frozenset[str]) -> frozenset[str]:
    Grants.parse(value, ())
    return value


def _ambient(value: frozenset[str]) -> frozenset[str]:
    Grants.parse((), value)
    return value


def _severities(value: str) -> str:
    from bot.promotion import Severities  # noqa: PLC0415 - most commands judge nothing, and start faster

    Severities.parse(value)
    return value


Url = Annotated[str, AfterValidator(_url)]
Bind = Annotated[str, AfterValidator(_address)]
Readable = Annotated[Path | None, AfterValidator(_readable)]
Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_split)]
Seconds = Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Settings of one process. Comma-separated lists stand for sets."""

    model_config = SettingsConfigDict(env_prefix="NIRO_", env_ignore_empty=True, extra="ignore", frozen=True)

    app_id: str = Field("", description="The App's client id or app id. Empty: the setup page is offered.")
    private_key: SecretStr = Field(
        SecretStr(""), description="The App's private key, PEM; `\\n` stands for a line end."
    )
    private_key_file: Readable = Field(None, description="A file with the App's private key, instead of the key.")
    webhook_secret: SecretStr = Field(SecretStr(""), description="The secret GitHub signs its deliveries with.")
    github_url: Url = Field("https://api.github.com", description="GitHub's REST API; https://HOST/api/v3 on a server.")
    github_web_url: Url = Field("https://github.com", description="Where people meet GitHub.")
    public_url: Url = Field("http://localhost:8080", description="Where GitHub and registries reach this bot.")
    app_manifest: Path = Field(
        Path(__file__).parent.parent / "app.yml", description="What the setup page registers: permissions, events."
    )
    allowed_accounts: Names = Field(frozenset(), description="Accounts that may install. Empty: all.")

    database_url: str = Field(
        "sqlite:///niro.db", repr=False, description="sqlite:///PATH, or postgresql://... for more machines."
    )
    bind: Bind = Field("0.0.0.0:8080", description="Where the public doors listen.")
    admin_bind: Bind = Field("127.0.0.1:9090", description="Where /metrics and the status page listen.")
    slots: int = Field(12, ge=1, le=100, description="How many pieces of work run at once in this process.")
    settle_seconds: Seconds = Field(10.0, description="How long after its first event an image is looked at.")
    write_gap_seconds: Seconds = Field(1.0, description="The pause between two writes of one installation.")
    shutdown_seconds: Seconds = Field(20.0, description="How long running work may take to end on shutdown.")

    insecure_registries: Names = Field(frozenset(), description="Registry hosts that are spoken to over plain HTTP.")
    private_networks: Annotated[Names, AfterValidator(_networks)] = Field(
        frozenset(),
        description="Private networks that an installation may reach at a registry host: INSTALLATION:HOST=NETWORK, "
        "like 5512345:harbor.corp.example=10.0.0.0/8; * stands for any installation or host.",
    )
    ambient_logins: Annotated[Names, AfterValidator(_ambient)] = Field(
        frozenset(),
        description="Registry hosts that an installation may log in to with this machine's own role or identity: "
        "INSTALLATION:HOST.",
    )
    keys: SecretStr = Field(
        SecretStr(""),
        description="The keys that stored secrets are encrypted with, ID:KEY, the first for new ones; "
        "`niro keys new` makes one.",
    )
    keys_file: Readable = Field(None, description="A file with the keys, instead of the setting.")

    sigstore_trusted_root: Readable = Field(
        None,
        description="A file with whom sigstore trusts (its trusted root, JSON), for the signatures that promotions "
        "require. Empty: sigstore's public instance, asked once a day.",
    )
    vulnerability_severities: Annotated[str, AfterValidator(_severities)] = Field(
        DEFAULT_SEVERITIES,
        description="Which words of scanners the promotions' severities critical, major and minor stand for.",
    )

    log_format: LogFormat = Field(LogFormat.JSON, description="json or console.")
    log_level: Annotated[str, AfterValidator(_level)] = Field("info", description="debug, info, warning or error.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse half an App: it would start, and answer every delivery with 401."""
        credentials = {
            "NIRO_APP_ID": bool(self.app_id),
            "NIRO_PRIVATE_KEY": bool(self.key),
            "NIRO_WEBHOOK_SECRET": bool(self.webhook_secret.get_secret_value()),
        }
        missing = [name for name, given in credentials.items() if not given]
        if missing and len(missing) < len(credentials):
            given = [name for name in credentials if name not in missing]
            raise ValueError(f"{' and '.join(missing)} must be set too, since {' and '.join(given)} is")
        if self.key and not _is_private_key(self.key):
            raise ValueError("NIRO_PRIVATE_KEY is no private key in PEM, or a part of it is missing")
        if _is_one_door(address(self.bind), address(self.admin_bind)):
            raise ValueError("NIRO_ADMIN_BIND needs another port than NIRO_BIND: the status page is not for everybody")
        if self._written_keys:
            _ = self.keyring  # a mistake in a key is told now, not when the first secret is needed
        return self

    @property
    def key(self) -> str:
        """The App's private key as PEM text, from the setting or its file; empty when there is none."""
        if self.private_key_file is not None:
            return self.private_key_file.read_text(encoding="utf-8")
        return self.private_key.get_secret_value().replace("\\n", "\n")

    @property
    def keyring(self) -> Keyring:
        """The keys of stored secrets, from the setting or its file; an empty ring when there is none.

        Raises ValueError, which names no key.
        """
        from bot.store import InvalidKeys, Keyring  # noqa: PLC0415 - most commands need no store, and start faster

        try:
            return Keyring.parse(self._written_keys)
        except InvalidKeys as error:
            raise ValueError(f"NIRO_KEYS: {error}") from None

    @property
    def grants(self) -> Grants:
        """What installations may use that is the operator's: private networks, and this machine's own logins."""
        return Grants.parse(self.private_networks, self.ambient_logins)

    @property
    def severities(self) -> Severities:
        """What the words of scanners count as."""
        from bot.promotion import Severities  # noqa: PLC0415 - most commands judge nothing, and start faster

        return Severities.parse(self.vulnerability_severities)

    @property
    def _written_keys(self) -> str:
        if self.keys_file is not None:
            return ",".join(self.keys_file.read_text(encoding="utf-8").split())
        return self.keys.get_secret_value()

    @property
    def registered(self) -> bool:
        """Whether the App's credentials are known: id, key and webhook secret."""
        return bool(self.app_id and self.webhook_secret.get_secret_value() and self.key)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret among the settings, for the logs to keep out."""
        password = urlsplit(self.database_url).password or ""
        keys = (part.rpartition(":")[2] for part in self._written_keys.split(","))
        return (self.webhook_secret.get_secret_value(), self.key, unquote(password), password, *keys)

    @property
    def settle(self) -> timedelta:
        """How long after its first event an image is looked at."""
        return timedelta(seconds=self.settle_seconds)

    @property
    def write_gap(self) -> timedelta:
        """The pause between two writes of one installation."""
        return timedelta(seconds=self.write_gap_seconds)


def settings_file() -> Path:
    """Where the settings file stands: what the setup page writes, and what is read at start."""
    return Path(os.environ.get(SETTINGS_FILE_VARIABLE, DEFAULT_SETTINGS_FILE))


def load_settings() -> Settings:
    """Read the settings from the environment, which wins, and the settings file. Raises pydantic.ValidationError."""
    return Settings(_env_file=settings_file())


def address(bind: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT` (`[::1]:8080` for IPv6). Raises ValueError when it is not that."""
    host, _, port = bind.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > HIGHEST_PORT:
        raise ValueError("HOST:PORT is needed, like 127.0.0.1:8080 or [::1]:8080")
    return host.strip("[]"), int(port)


def _is_one_door(public: tuple[str, int], admin: tuple[str, int]) -> bool:
    """Whether two servers would share a port, which the system allows: either would answer for the other."""
    is_same_host = public[0] == admin[0] or not EVERY_HOST.isdisjoint({public[0], admin[0]})
    return is_same_host and public[1] == admin[1] != 0


def _is_private_key(text: str) -> bool:
    try:
        load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True
