"""Pushes images with skopeo, a program that shares no line with ours, and asks it what it sees."""

import asyncio
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.parts.install import environment_of, find_skopeo


class SkopeoError(RuntimeError):
    """skopeo is missing or failed; the text holds what it said."""


@dataclass(frozen=True)
class Skopeo:
    """skopeo as one user of one registry.

    host: the registry's `name:port`. account, password: "" for nobody in particular. authority: the certificate, as
    PEM, of the authority that the registry's TLS is trusted by; "": the registry is spoken to by http.
    """

    host: str
    account: str = ""
    password: str = field(default="", repr=False)
    authority: str = ""

    async def push(self, layout: Path, repository: str, tag: str, *, media_types: str = "oci") -> str:
        """Copy an image (all its platforms) out of a layout and return the digest that the registry's tag points at.

        media_types: `oci`, or `v2s2` for Docker's, which skopeo then writes itself. Raises SkopeoError.
        """
        places = [f"oci:{layout}:{tag}", self._address(repository, tag)]
        await self._run(["copy", "--insecure-policy", "--all", "--format", media_types], "dest-", places)
        return await self.digest(repository, tag)

    async def digest(self, repository: str, tag: str) -> str:
        """Return the digest that a tag points at; raises SkopeoError."""
        return str((await self.inspect(repository, tag))["Digest"])

    async def inspect(self, repository: str, tag: str) -> dict[str, Any]:
        """Return what `skopeo inspect` tells of the image for linux/amd64: Digest, Created, RepoTags, Os and more."""
        command = ["--override-os", "linux", "--override-arch", "amd64", "inspect"]
        return dict(json.loads(await self._run(command, "", [self._address(repository, tag)])))

    def _address(self, repository: str, tag: str) -> str:
        return f"docker://{self.host}/{repository}:{tag}"

    async def _run(self, command: list[str], prefix: str, places: list[str]) -> bytes:
        """Run skopeo. prefix: what the names of its options begin with that are about the registry."""
        program = find_skopeo()
        if program is None:
            raise SkopeoError("skopeo is not installed: run python3 tests/parts/install.py skopeo")
        with tempfile.TemporaryDirectory() as folder:
            process = await asyncio.create_subprocess_exec(
                program,
                *command,
                *(f"--{prefix}{option}" for option in self._options(Path(folder))),
                *places,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**environment_of(program), "REGISTRY_AUTH_FILE": f"{folder}/nobody.json"},
            )
            said, complaints = await process.communicate()
        if process.returncode != 0:
            raise SkopeoError(f"skopeo failed with {' '.join(places)}: {complaints.decode().strip()[-1000:]}")
        return said

    def _options(self, folder: Path) -> list[str]:
        options = [f"creds={self.account}:{self.password}" if self.account else "no-creds"]
        if not self.authority:
            return [*options, "tls-verify=false"]
        (folder / "authority.crt").write_text(self.authority)
        return [*options, f"cert-dir={folder}"]
