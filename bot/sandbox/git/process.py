"""Run git: one command and its answer, or one long-lived reader that answers many questions."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from bot.sandbox.git.values import GitObject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

READ_LIMIT = 2**27


class GitFailed(Exception):
    """git ended with an error; ``output`` is what it printed."""

    def __init__(self, arguments: tuple[str, ...], status: int, output: str, printed: bytes) -> None:
        super().__init__(f"git {' '.join(arguments)} ended with {status}: {output.strip()}")
        self.status = status
        self.output = output
        self.printed = printed


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment git runs in: nothing of the user's own configuration."""
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **quiet, **(extra or {})}


async def run(directory: Path, *arguments: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
    """Run one git command in a repository and return what it printed; raises GitFailed."""
    process = await asyncio.create_subprocess_exec(
        "git",
        f"--git-dir={directory}",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(extra),
    )
    printed, errors = await process.communicate(stdin)
    if process.returncode != 0:
        raise GitFailed(arguments, process.returncode or 0, errors.decode(errors="replace"), printed)
    return printed


class ObjectReader:
    """A long-lived ``git cat-file --batch-command``: reading an object costs no new process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def read(self, revision: str) -> GitObject | None:
        """Return the object a revision names (``main``, ``<oid>``, ``main:path``), or None."""
        return await self._ask("contents", revision)

    async def info(self, revision: str) -> GitObject | None:
        """Return the same without its content."""
        return await self._ask("info", revision)

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def _ask(self, command: str, revision: str) -> GitObject | None:
        if not revision or "\n" in revision or "\0" in revision:
            return None
        async with self._turn:
            process = await self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{command} {revision}\n".encode())
            head = (await process.stdout.readline()).decode(errors="replace").split()
            if len(head) != 3 or head[2] in {"missing", "ambiguous"}:  # noqa: PLR2004 - oid, type, size
                return None
            oid, kind, size = head
            content = (await process.stdout.readexactly(int(size) + 1))[:-1] if command == "contents" else b""
            return GitObject(oid, kind, int(size), content)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                "git",
                f"--git-dir={self._directory}",
                "cat-file",
                "--batch-command",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=environment(),
                limit=READ_LIMIT,
            )
        return self._process
