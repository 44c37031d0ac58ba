"""Open files of a checkout that may be hostile: only regular ones, so that nothing hangs, and links only if asked."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_READ: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_A_LINK: Final = "it is a symbolic link, and those are not followed"
_NO_FILE: Final = "it is no regular file"


@contextmanager
def opened_following_links(place: Path) -> Iterator[IO[bytes]]:
    """Open a file that the caller named, wherever links lead. Raises OSError, also for what is no regular file."""
    with _regular(_opened(str(place), _READ, None)) as file:
        yield file


@contextmanager
def opened_inside(root: Path, path: str) -> Iterator[IO[bytes]]:
    """Open the file at `path` ("folder/file") below `root`, where no part of the path is a link.

    Raises OSError, also for a link and for what is no regular file; its `filename` is the part that is to blame.
    """
    *folders, name = path.split("/")
    here = os.open(root, _READ | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = _opened(folder, _READ | os.O_NOFOLLOW, here)
            os.close(here)
            here = inner
        found = _opened(name, _READ | os.O_NOFOLLOW, here)
    finally:
        os.close(here)
    with _regular(found) as file:
        yield file


def _opened(name: str, flags: int, folder: int | None) -> int:
    """Open a file or a folder; what says of itself that it is a link or a socket gets a plain sentence."""
    try:
        return os.open(name, flags, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP and flags & os.O_NOFOLLOW:
            raise OSError(error.errno, _A_LINK, name) from None
        if error.errno == errno.ENXIO:
            raise OSError(error.errno, _NO_FILE, name) from None
        raise


def _regular(opened: int) -> IO[bytes]:
    """Make a file of what was opened. Raises OSError, and closes it, where it is none."""
    mode = os.fstat(opened).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(opened, "rb")
    os.close(opened)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise OSError(errno.EINVAL, _NO_FILE)
