"""Fetches GitHub's own descriptions of itself, which the tests hold the sandbox against."""

import base64
import hashlib
import http.client
import os
import shutil
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".parts" / "descriptions"
DEFAULT_REGISTRY = "https://registry.npmjs.org"
TRIES = 3
TIMEOUT_SECONDS = 60
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Description:
    """One file of one npm package: the only one that is kept, and the digest the package must have."""

    package: str
    version: str
    member: str
    integrity: str

    @property
    def file_name(self) -> str:
        """The name in the cache, with the version, so that a new version is fetched anew."""
        return f"{self.package.rpartition('/')[2]}-{self.version}{Path(self.member).suffix}"

    def path(self, cache: Path = CACHE) -> Path:
        """Where the file stands once it is fetched."""
        return cache / self.file_name

    def url(self, registry: str) -> str:
        """The address of the package at an npm registry."""
        return f"{registry}/{self.package}/-/{self.package.rpartition('/')[2]}-{self.version}.tgz"


OPENAPI = Description(
    "@octokit/openapi",
    "23.0.2",
    "package/generated/api.github.com.json",
    "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
)
GRAPHQL_SCHEMA = Description(
    "@octokit/graphql-schema",
    "15.26.1",
    "package/schema.graphql",
    "sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
)
WEBHOOKS = Description(
    "@octokit/openapi-webhooks",
    "12.1.0",
    "package/generated/api.github.com.json",
    "sha512-Z5eDsLCUNbx1zHpZb1LNQirADqdMTvWJQ/deahi0ws+tWWnwHXB+Pr4jfmM9OrETS9Y5iW8ZRu1fdbudObhLrg==",
)
WEBHOOK_EXAMPLES = Description(
    "@octokit/webhooks-examples",
    "7.6.1",
    "package/api.github.com/index.json",
    "sha512-De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
)
DESCRIPTIONS = (OPENAPI, GRAPHQL_SCHEMA, WEBHOOKS, WEBHOOK_EXAMPLES)


class DescriptionMissingError(Exception):
    """A description could not be fetched; the message is one line that says which and why."""


def npm_registry() -> str:
    """Return the npm registry that is set up here, as npm itself finds it: environment, ~/.npmrc, the default."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    return (_registry_of(Path.home() / ".npmrc") or DEFAULT_REGISTRY).rstrip("/")


def fetch(description: Description, cache: Path = CACHE) -> Path:
    """Return the path of a description, fetching it first if it is not there. Raises DescriptionMissingError."""
    target = description.path(cache)
    if target.exists():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    url = description.url(npm_registry())
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=cache) as folder:
        archive = Path(folder) / "package.tgz"
        _download(url, archive)
        _check(archive, description, url)
        _extract(archive, description.member, Path(folder) / "member")
        (Path(folder) / "member").replace(target)
    return target


def fetch_all(cache: Path = CACHE) -> Iterator[tuple[Description, Path, float]]:
    """Fetch what is missing, one after the other; gives each with its path and the seconds it took."""
    for description in DESCRIPTIONS:
        start = time.monotonic()
        path = fetch(description, cache)
        yield description, path, time.monotonic() - start


def _registry_of(npmrc: Path) -> str | None:
    """Return the `registry=` line of an npmrc; None when there is none."""
    try:
        text = npmrc.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and key.strip() == "registry":
            return value.strip().strip("\"'") or None
    return None


def _download(url: str, archive: Path) -> None:
    """Write what the address answers to a file; tries again when the network fails, not when the registry refuses."""
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer, archive.open("wb") as file:
                shutil.copyfileobj(answer, file, CHUNK_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            refused = isinstance(error, urllib.error.HTTPError) and error.code < 500
            if attempt == TRIES or refused or isinstance(error, ValueError):
                raise DescriptionMissingError(f"cannot fetch {url}: {error or type(error).__name__}") from error
        else:
            return


def _check(archive: Path, description: Description, url: str) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    found = f"sha512-{base64.b64encode(digest).decode()}"
    if found != description.integrity:
        raise DescriptionMissingError(f"{url} is not the package that is pinned here: its digest is {found}")


def _extract(archive: Path, member: str, target: Path) -> None:
    """Read the archive as a stream up to the one member that is kept: the rest never reaches the disk."""
    try:
        with tarfile.open(archive, "r|gz") as packed:
            for entry in packed:
                if entry.name == member and entry.isfile():
                    _copy(packed.extractfile(entry), target)
                    return
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DescriptionMissingError(f"cannot unpack {archive.name}: {error}") from error
    raise DescriptionMissingError(f"the package has no file {member}")


def _copy(source: IO[bytes] | None, target: Path) -> None:
    if source is None:
        raise tarfile.ReadError("not a regular file")
    with source, target.open("wb") as file:
        shutil.copyfileobj(source, file, CHUNK_BYTES)


def main() -> int:
    """Fetch everything, with a line for each description; returns the exit status."""
    try:
        for description, path, seconds in fetch_all():
            megabytes = path.stat().st_size / 1e6
            print(
                f"{description.package} {description.version}: {megabytes:.1f} MB ready in {seconds:.1f} s", flush=True
            )
    except (DescriptionMissingError, OSError) as error:
        print(f"tests/parts/descriptions.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
