"""A private PostgreSQL server for tests: its own folder, a free loopback port, gone at exit."""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.parts.install import find_postgres

STARTING_SECONDS = 120
ATTEMPTS = 3
# Without these a test database is several times faster; nothing of it has to survive a power cut.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresMissingError(RuntimeError):
    """The server programs are not on this machine."""


class PostgresNotStartedError(RuntimeError):
    """The server did not come up; the text holds the end of its log."""


class PostgresServer:
    """A running server. Every local user may connect as `postgres` without a password, from loopback only."""

    def __init__(self, programs: Path, home: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self._programs = programs
        self._home = home
        self._process = process

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database as SQLAlchemy and NIRO_DATABASE_URL write it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def dsn(self, database: str = "postgres") -> str:
        """Return the address of a database as libpq and psycopg write it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its `url`; raises CalledProcessError when the name is taken."""
        command = [str(self._programs / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name]
        subprocess.run(command, check=True, capture_output=True)
        return self.url(name)

    def stop(self) -> None:
        """Stop the server and wait until it is gone; a second call does nothing."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            # SIGINT is PostgreSQL's "fast" shutdown: open connections are ended, not waited for.
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=STARTING_SECONDS)
        shutil.rmtree(self._home, ignore_errors=True)


def start_postgres(directory: Path, *, durable: bool = False) -> PostgresServer:
    """Start a server and return it ready for connections.

    directory: where its files go. When we are root the server runs as another user; if that user cannot reach the
    directory (pytest's are private), a folder of its own under the system's temporary folder is used instead.
    durable: with fsync, as in production (for measurements). Raises PostgresMissingError or PostgresNotStartedError.
    """
    programs = find_postgres()
    if programs is None:
        raise PostgresMissingError("PostgreSQL is not installed: run python3 tests/parts/install.py postgres")
    user = _server_user()
    home = _home(directory, user)
    _initialise(programs, home, user)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _start(programs, home, user, durable=durable)
        except PostgresNotStartedError:
            # Another process may have taken the free port in between.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the loop above returns or raises")


def _server_user() -> str | None:
    """Return the user to run as, or None for our own: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _home(directory: Path, user: str | None) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    if user is None:
        return Path(tempfile.mkdtemp(prefix="postgres-", dir=directory))
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=directory if _reachable(directory, user) else None))
    os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    return home


def _reachable(directory: Path, user: str) -> bool:
    ended = subprocess.run(["test", "-x", str(directory)], check=False, **_identity(user), cwd="/")
    return bool(ended.returncode == 0)


def _identity(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _initialise(programs: Path, home: Path, user: str | None) -> None:
    command = [str(programs / "initdb"), "-D", str(home / "data"), "-U", "postgres", "--auth=trust"]
    options = ["--no-sync", "--encoding=UTF8", "--locale=C"]
    ended = subprocess.run(
        [*command, *options], check=False, capture_output=True, text=True, cwd=home, **_identity(user)
    )
    if ended.returncode != 0:
        raise PostgresNotStartedError(f"initdb failed: {ended.stderr.strip()[-1000:]}")


def _start(programs: Path, home: Path, user: str | None, *, durable: bool) -> PostgresServer:
    port = _free_port()
    # No unix socket: its path may be at most 107 bytes, and pytest's folders are longer.
    settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={port}", "max_connections=200"]
    settings += [] if durable else CARELESS
    arguments = [argument for setting in settings for argument in ("-c", setting)]
    log = home / "log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*_ends_with_us(), str(programs / "postgres"), "-D", str(home / "data"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=home,
            start_new_session=True,
            **_identity(user),
        )
    server = PostgresServer(programs, home, port, process)
    _wait_until_ready(programs, process, port, log)
    atexit.register(server.stop)
    return server


def _ends_with_us() -> list[str]:
    """Return what lets the kernel end the server when the thread that started it is gone, even by SIGKILL."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT", "--"] if setpriv else []


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(programs: Path, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    question = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + STARTING_SECONDS
    while subprocess.run(question, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise PostgresNotStartedError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-1000:]}")
        time.sleep(0.05)
