"""How a command runs: it reads the settings, does its work in an event loop, and says in one line what went wrong."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from bot.cli.mistakes import BadInput, BadSetting, CannotStart
from bot.secrets_in_text import without_secrets
from bot.settings import Settings, load_settings, settings_file

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")


def read_settings() -> Settings:
    """Read the settings. Raises BadSetting, which tells what cannot be and not its value: that may be a secret."""
    try:
        return load_settings()
    except ValidationError as error:
        raise BadSetting.of(error) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is not UTF-8"
        raise BadSetting(f"the settings file {settings_file()} cannot be read: {reason}") from None


def run(work: Coroutine[object, object, T]) -> T:
    """Run a coroutine to its end, and return its result.

    Raises BadSetting for settings that turn out wrong only now, BadInput for a key that is missing or a name that is
    taken, CannotStart for what does not answer.
    """
    from bot.store import (  # noqa: PLC0415 - many commands start faster without it
        CredentialExists,
        InvalidStoreUrl,
        NoKey,
        StoreError,
    )

    try:
        return _loop()(work)
    except ValidationError as error:
        raise BadSetting.of(error) from None
    except InvalidStoreUrl as error:
        raise BadSetting(f"NIRO_DATABASE_URL: {error}") from None
    except (CredentialExists, NoKey) as error:
        raise BadInput(str(error)) from None
    except (StoreError, OSError) as error:
        raise CannotStart(without_secrets(str(error))) from error


def _loop() -> Callable[[Coroutine[object, object, T]], T]:
    """Return what runs a coroutine: uvloop, where it installs."""
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return asyncio.run
    runs: Callable[[Coroutine[object, object, T]], T] = uvloop.run
    return runs
