"""What the operator decides: every setting is an environment variable `NIRO_...`, or a line of the settings file."""

from __future__ import annotations

import ipaddress
import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SETTINGS_FILE_VARIABLE = "NIRO_SETTINGS_FILE"
DEFAULT_SETTINGS_FILE = "niro.env"


class LogFormat(StrEnum):
    """How log lines are written."""

    JSON = "json"
    CONSOLE = "console"


def _without_slash(url: str) -> str:
    return url.rstrip("/")


Url = Annotated[str, AfterValidator(_without_slash)]
Names = Annotated[frozenset[str], NoDecode]


class Settings(BaseSettings):
    """Settings of one process. Comma-separated lists stand for sets."""

    model_config = SettingsConfigDict(env_prefix="NIRO_", extra="ignore", frozen=True)

    app_id: str = Field("", description="The App's client id or app id. Empty: the setup page is offered.")
    private_key: SecretStr = Field(SecretStr(""), description="The App's private key, PEM; `\\n` stands for a line end")
    private_key_file: Path | None = Field(None, description="A file with the App's private key, instead of the key.")
    webhook_secret: SecretStr = Field(SecretStr(""), description="The secret GitHub signs its deliveries with.")
    github_url: Url = Field("https://api.github.com", description="GitHub's REST API; https://HOST/api/v3 on a server.")
    github_web_url: Url = Field("https://github.com", description="Where people meet GitHub.")
    public_url: Url = Field("http://localhost:8080", description="Where GitHub and registries reach this bot.")
    app_manifest: Path = Field(
        Path(__file__).parent.parent / "app.yml", description="What the setup page registers: permissions, events."
    )
    allowed_accounts: Names = Field(frozenset(), description="Accounts that may install. Empty: all.")

    database_url: str = Field("sqlite:///niro.db", description="sqlite:///PATH, or postgresql://... for more machines.")
    bind: str = Field("0.0.0.0:8080", description="Where the public doors listen.")
    admin_bind: str = Field("127.0.0.1:9090", description="Where /metrics and the status page listen.")
    slots: int = Field(12, ge=1, le=100, description="How many pieces of work run at once in this process.")
    settle_seconds: float = Field(10.0, ge=0, description="How long an image must be quiet before its tags are read.")
    write_gap_seconds: float = Field(1.0, ge=0, description="The pause between two writes of one installation.")
    shutdown_seconds: float = Field(20.0, ge=0, description="How long running work may take to end on shutdown.")

    insecure_registries: Names = Field(frozenset(), description="Registry hosts that are spoken to over plain HTTP.")
    private_networks: Names = Field(frozenset(), description="Networks (10.0.0.0/8) that registries may live in.")

    log_format: LogFormat = Field(LogFormat.JSON, description="json or console.")
    log_level: str = Field("info", description="debug, info, warning or error.")

    @field_validator("allowed_accounts", "insecure_registries", "private_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return frozenset(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("private_networks")
    @classmethod
    def _are_networks(cls, value: frozenset[str]) -> frozenset[str]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @property
    def key(self) -> str:
        """The App's private key as PEM text, from the setting or its file; empty when there is none."""
        if self.private_key_file is not None:
            return self.private_key_file.read_text(encoding="ascii")
        return self.private_key.get_secret_value().replace("\\n", "\n")

    @property
    def registered(self) -> bool:
        """Whether the App's credentials are known: id, key and webhook secret."""
        return bool(self.app_id and self.webhook_secret.get_secret_value() and self.key)

    @property
    def settle(self) -> timedelta:
        """How long an image must be quiet before its tags are read."""
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
    """Host and port of `HOST:PORT` (`[::1]:8080` for IPv6). Raises ValueError when the port is not a number."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)
