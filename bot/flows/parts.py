"""What a flow may use: the adapters, the clock and the operator's figures. Nothing in here decides anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from bot.flows.asking import Ask, request
from bot.policies import POLICY_PATH, load
from bot.promotion import Severities
from bot.registries import Grants
from bot.signatures import Signatures

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from bot.github import GitHub, RepositoryClient
    from bot.jobs.work import Work
    from bot.policies import PolicyFile
    from bot.registries import Registries
    from bot.store import Repository, Store

P = ParamSpec("P")
T = TypeVar("T")

Clock = Callable[[], datetime]

LARGE = 256 * 1024
"""Bytes of manifests from which on core work (over 10 ms) leaves the event loop for the process pool."""


WEIGHT_OF_POLICIES = 16
"""Reading a policy file takes longer than finding images in so many bytes: 16 KiB of it are large."""


class TakesTooLong(Exception):
    """Work on what strangers wrote did not come to its end; the text says why."""


@dataclass(slots=True)
class Sweeps:
    """What one process remembers of its sweeps: when the last one began, and how often it asked for a delivery."""

    last: datetime | None = None
    asked: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parts:
    """The adapters of one process. `grants`: what installations may use that is the operator's.

    `executor`: for heavy work of the core; `evidence`: for documents of strangers, and `end_apart` ends what it does.
    `hide`: keeps secrets that were opened out of everything that is logged. `severities`: how scanners' words count.
    """

    store: Store
    github: GitHub
    registries: Registries
    clock: Clock
    executor: Executor
    settle: timedelta = timedelta(seconds=10)
    allowed_accounts: frozenset[str] = frozenset()
    wake: Callable[[], None] = lambda: None
    sweeps: Sweeps = field(default_factory=Sweeps)
    grants: Grants = field(default_factory=Grants)
    hide: Callable[[Iterable[str]], None] = lambda _: None
    evidence: Executor | None = None
    end_apart: Callable[[], None] = lambda: None
    apart: asyncio.Lock = field(default_factory=asyncio.Lock)
    longest_apart: timedelta = timedelta(minutes=2)
    signatures: Signatures = field(default_factory=Signatures)
    severities: Severities = Severities.DEFAULT

    async def ask(self, *wanted: Work) -> None:
        """Ask for work, to be done as soon as there is room. Asking twice is asking once."""
        if not wanted:
            return
        now = self.clock()
        await self.store.due.ask([request(Ask(work), now, self.settle) for work in dict.fromkeys(wanted)])
        self.wake()

    async def ask_later(self, work: Work, when: datetime) -> None:
        """Ask for work at a moment to come; where it is asked for already, at the earlier of both."""
        await self.ask_at([(work, when)])

    async def ask_at(self, wanted: Iterable[tuple[Work, datetime]]) -> None:
        """Ask for several pieces of work, each at its moment, as `ask_later` does."""
        now = self.clock()
        rows = [replace(request(Ask(work), now, self.settle), due_at=when) for work, when in wanted]
        if rows:
            await self.store.due.ask(rows)
            self.wake()

    async def compute(self, size: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a core function over `size` bytes of input; in another process when that would hold up the doors."""
        if size < LARGE:
            return function(*args, **kwargs)
        loop = asyncio.get_running_loop()
        assert not kwargs
        return await loop.run_in_executor(self.executor, function, *args)

    async def compute_apart(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a core function over what strangers wrote, in the process that is there for it. Raises TakesTooLong.

        It never stands in the way of other work: what takes longer than `longest_apart` is ended with its process. One
        at a time, so that nobody's time runs while another's documents are read.
        """
        assert not kwargs
        async with self.apart:
            return await self._computed_apart(function, *args)

    async def _computed_apart(self, function: Callable[..., T], *args: object) -> T:
        loop = asyncio.get_running_loop()
        executor = self.evidence if self.evidence is not None else self.executor
        under_way = loop.run_in_executor(executor, function, *args)
        try:
            return await asyncio.wait_for(asyncio.shield(under_way), self.longest_apart.total_seconds())
        except TimeoutError:
            under_way.add_done_callback(lambda done: done.cancelled() or done.exception())
            self.end_apart()
            raise TakesTooLong(f"reading it took longer than {self.longest_apart.total_seconds():.0f} s") from None
        except BrokenExecutor:
            raise TakesTooLong("the process that read it died: it may have needed more memory than there is") from None

    async def load_policies(self, text: str) -> PolicyFile:
        """Read a policy file; a long one in another process. Raises PolicyFileError."""
        return await self.compute(WEIGHT_OF_POLICIES * len(text), load, text, POLICY_PATH)

    def client(self, repository: Repository) -> RepositoryClient:
        """The GitHub client of one repository, with a token for that repository alone."""
        return self.github.repository(repository.installation, repository.id, repository.full_name)
