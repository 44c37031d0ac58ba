"""The registry program: where it is found, how it is configured, started and ended."""

import asyncio
import atexit
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self

from bot.sandbox.registry_certificates import CertificateAuthority, ServerFiles
from bot.sandbox.registry_tokens import ISSUER, SERVICE, TokenServer

ACCOUNT = "sandbox"
PASSWORD = "sandbox-password"  # noqa: S105 - opens nothing but a registry that lives for one test
# The password above, hashed as the registry's htpasswd file wants it (bcrypt).
PASSWORD_HASH = "$2b$04$EmJ/8ntwUgNDaqxPbf.oI.g2l0joR4/U.rzjEM7R0J4gRi8.XzOFe"  # noqa: S105
STARTING_SECONDS = 120.0
UNPACKED = Path(__file__).resolve().parents[2] / ".parts/usr/bin"
LISTENING = re.compile(r"listening on (127\.0\.0\.1:\d+)")
ACCESS = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d+) \d+ "[^"]*" "(?P<agent>[^"]*)"')


class RegistryMissingError(RuntimeError):
    """The registry program is not on this machine."""


class RegistryNotStartedError(RuntimeError):
    """The registry did not come up; the text holds the end of its log."""


class Access(Enum):
    """Who may use the registry: everybody, holders of a token, or the one account with its password."""

    OPEN = "open"
    TOKEN = "token"  # noqa: S105 - the name of a protocol
    PASSWORD = "password"  # noqa: S105


@dataclass(frozen=True, slots=True)
class RegistryRequest:
    """One request as the registry's own log tells it; `agent` is the client's User-Agent."""

    method: str
    path: str
    status: int
    agent: str


class RegistryProcess:
    """A running registry program with its folder and, when asked for, the token server beside it.

    tokens, authority: None without a token server, and without TLS.
    """

    def __init__(
        self,
        folder: Path,
        process: "subprocess.Popen[bytes]",
        tokens: TokenServer | None,
        authority: CertificateAuthority | None,
    ) -> None:
        self.tokens = tokens
        self.authority = authority
        self._folder = folder
        self._process = process

    @classmethod
    def spawn(cls, directory: Path, access: Access, *, anonymous_pull: bool, tls: bool = False) -> Self:
        """Start the program with its storage in a new folder of `directory`; it is ended at exit at the latest.

        tls: it and its token server speak TLS only, with certificates of an authority of their own.
        """
        program = find_program()
        directory.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="registry-", dir=directory))
        authority = CertificateAuthority() if tls else None
        files = authority.write_server_files(folder) if authority else None
        tokens = None
        if access is Access.TOKEN:
            tokens = TokenServer({ACCOUNT: PASSWORD}, anonymous_pull=anonymous_pull, tls=files)
            tokens.start()
        (folder / "config.json").write_text(json.dumps(_configuration(folder, access, tokens, files)))
        registry = cls(folder, _popen(program, folder), tokens, authority)
        atexit.register(registry.end)
        return registry

    @property
    def storage(self) -> Path:
        """The root of the registry's own storage layout."""
        return self._folder / "storage/docker/registry/v2"

    async def listening(self) -> str:
        """Wait until the registry answers and return its `address:port`; raises RegistryNotStartedError."""
        log = self._folder / "log"
        deadline = asyncio.get_running_loop().time() + STARTING_SECONDS
        while not (match := LISTENING.search(log.read_text(errors="replace"))):
            if self._process.poll() is not None or asyncio.get_running_loop().time() > deadline:
                text = log.read_text(errors="replace")[-1000:]
                self.end()
                raise RegistryNotStartedError(f"The registry did not start: {text}")
            await asyncio.sleep(0.02)
        return match[1]

    def requests(self) -> list[RegistryRequest]:
        """Return every request answered since the start, in order."""
        lines = (self._folder / "access").read_text(errors="replace").splitlines()
        matches = (match for line in lines if (match := ACCESS.search(line)))
        return [
            RegistryRequest(found["method"], found["path"], int(found["status"]), found["agent"]) for found in matches
        ]

    def end(self) -> None:
        """End the program and remove all it stored; a second call does nothing."""
        atexit.unregister(self.end)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            if self.tokens:
                self.tokens.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def find_program() -> str:
    """Return the registry program, from PATH or unpacked into `.parts`; raises RegistryMissingError."""
    for name in ("docker-registry", "registry"):
        for path in (None, str(UNPACKED)):
            if program := shutil.which(name, path=path):
                return program
    raise RegistryMissingError("There is no docker-registry on this machine: apt-get install docker-registry")


def _configuration(folder: Path, access: Access, tokens: TokenServer | None, tls: ServerFiles | None) -> dict[str, Any]:
    """Return the registry's configuration; JSON is YAML, so it is written as it is."""
    configuration: dict[str, Any] = {
        "version": "0.1",
        "log": {"level": "info", "formatter": "text"},
        "storage": {
            "filesystem": {"rootdirectory": str(folder / "storage")},
            "delete": {"enabled": True},
            "maintenance": {"uploadpurging": {"enabled": False}},
        },
        "http": {"addr": "127.0.0.1:0", "secret": "sandbox"},
    }
    if tls:
        configuration["http"]["tls"] = {"certificate": str(tls.certificate), "key": str(tls.key)}
    if tokens:
        bundle = folder / "roots.pem"
        tokens.write_root_certificates(bundle)
        token = {"realm": tokens.realm, "service": SERVICE, "issuer": ISSUER, "rootcertbundle": str(bundle)}
        configuration["auth"] = {"token": token}
    if access is Access.PASSWORD:
        (folder / "htpasswd").write_text(f"{ACCOUNT}:{PASSWORD_HASH}\n")
        configuration["auth"] = {"htpasswd": {"realm": "sandbox", "path": str(folder / "htpasswd")}}
    return configuration


def _popen(program: str, folder: Path) -> "subprocess.Popen[bytes]":
    with (folder / "access").open("wb") as access, (folder / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - a program we looked up ourselves, without a shell
            [*_ends_with_us(), program, "serve", str(folder / "config.json")],
            stdin=subprocess.DEVNULL,
            stdout=access,
            stderr=log,
            cwd=folder,
            # A Ctrl-C in the terminal is for us; we then end the registry ourselves.
            start_new_session=True,
        )


def _ends_with_us() -> list[str]:
    """Return what lets the kernel end the program when the thread that started it is gone, even by SIGKILL."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
