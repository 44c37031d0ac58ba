"""What strangers wrote is read in a process of its own, and whatever it does there holds up nobody."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.flows.parts import Parts, TakesTooLong
from bot.process_pool import ProcessPool
from tests.flows.house import House


@pytest.fixture
def parts(house: House) -> Iterator[Parts]:
    with ProcessPool() as pool:
        yield replace(house.parts, evidence=pool, end_apart=pool.end_work)


async def test_it_is_read_in_another_process(parts: Parts) -> None:
    assert await parts.compute_apart(os.getpid) != os.getpid()


async def test_what_does_not_end_is_ended_and_the_next_document_is_read(parts: Parts) -> None:
    hasty = replace(parts, longest_apart=timedelta(milliseconds=200))
    with pytest.raises(TakesTooLong, match="took longer"):
        await hasty.compute_apart(time.sleep, 3600)
    assert await parts.compute_apart(len, "document") == 8


async def test_a_process_that_dies_is_told_and_the_next_document_is_read(parts: Parts) -> None:
    with pytest.raises(TakesTooLong, match="died"):
        await parts.compute_apart(os._exit, 1)
    assert await parts.compute_apart(len, "document") == 8
