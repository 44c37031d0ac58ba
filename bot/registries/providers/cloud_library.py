"""Runs a cloud's client library aside: in a thread, for a limited time, and with none of its words in an error."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.registries.errors import RegistryError, RegistryRefused, RegistryUnavailable

LONGEST_SECONDS = 30
# Threads of their own: a library that hangs must not take those that names are resolved in.
THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="cloud-login")
# They log requests with the tokens in them, and answers; what failed is told by an error of ours.
TALKATIVE = ("azure", "botocore", "google", "msal", "requests", "urllib3")

Result = TypeVar("Result")


async def run_aside(host: str, extra: str, work: Callable[[], Result]) -> Result:
    """Return what `work` returns; it imports the library itself, so that nothing else waits for that.

    extra: the installation extra (`aws`) that brings the library. Raises the RegistryErrors that `work` raises,
    RegistryRefused when the library is not installed, and RegistryUnavailable for a timeout and every other failure:
    only the type of it is told, since libraries write addresses and answers into their errors.
    """
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await loop.run_in_executor(THREADS, work)
    except RegistryError:
        raise
    except ImportError:
        sentence = f"needs a login that this installation cannot make: pip install 'niro-bot[{extra}]'"
        raise RegistryRefused(host, sentence) from None
    except TimeoutError:
        raise RegistryUnavailable(host, f"is not logged in to: {extra} gave no login in time") from None
    except Exception as error:  # noqa: BLE001 - whatever a library raises ends here
        kind = type(error).__name__
        raise RegistryUnavailable(host, f"is not logged in to: the client library failed ({kind})") from None
