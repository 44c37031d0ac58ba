"""One process for one SQLite file: a lock that ends with the process that holds it."""

import fcntl
import os
from pathlib import Path

from bot.store.errors import StoreIsLocked


class ProcessLock:
    """The lock file beside a database; taken by the constructor, given back by `release` or by the process's end."""

    def __init__(self, database: Path) -> None:
        """Take the lock of `database`; raises StoreIsLocked at once when another holds it."""
        path = database.with_name(f"{database.name}.lock")
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._file, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise StoreIsLocked(
                f"{database} is used by process {holder}; stop that one first, "
                "or use PostgreSQL (postgresql://...) to run several processes"
            ) from None
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two files of one name."""
        os.close(self._file)
