"""Client libraries that run aside: whatever they do ends as a typed error, in time, and without their words."""

import threading
import traceback

import pytest

from bot.registries import RegistryRefused, RegistryUnavailable
from bot.registries.providers import cloud_library
from bot.registries.providers.cloud_library import run_aside

HOST = "registry.example"


async def test_what_a_library_returns_comes_back() -> None:
    assert await run_aside(HOST, "aws", lambda: threading.current_thread().name) != threading.main_thread().name


@pytest.mark.parametrize("error", [ValueError, KeyError, OSError, RecursionError, RuntimeError])
async def test_a_librarys_words_do_not_get_into_the_error(error: type[Exception]) -> None:
    def fail() -> None:
        raise error("s3cret")

    with pytest.raises(RegistryUnavailable, match=error.__name__) as raised:
        await run_aside(HOST, "aws", fail)
    assert "s3cret" not in "".join(traceback.format_exception(raised.value))


async def test_a_refusal_of_ours_stays_what_it_is() -> None:
    def refuse() -> None:
        raise RegistryRefused(HOST, "says no")

    with pytest.raises(RegistryRefused, match="says no"):
        await run_aside(HOST, "aws", refuse)


@pytest.mark.parametrize("extra", ["aws", "gcp", "azure"])
async def test_a_missing_library_is_named_with_its_extra(extra: str) -> None:
    def load() -> None:
        raise ModuleNotFoundError("No module named 'x'")

    with pytest.raises(RegistryRefused, match=rf"pip install 'niro-bot\[{extra}\]'"):
        await run_aside(HOST, extra, load)


async def test_a_library_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_library, "LONGEST_SECONDS", 0.01)
    end = threading.Event()
    try:
        with pytest.raises(RegistryUnavailable, match="in time"):
            await run_aside(HOST, "gcp", end.wait)
    finally:
        end.set()
