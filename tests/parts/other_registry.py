"""The registry of go-containerregistry on a free loopback port: it shares no line with Debian's."""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from tests.parts.install import find_other_registry

LISTENING = re.compile(r"serving on port (\d+)")
STARTING_SECONDS = 120


class OtherRegistry:
    """A running registry that everybody may use; it keeps all in memory. Its Locations are relative, it mounts not."""

    def __init__(self, host: str, process: "subprocess.Popen[bytes]") -> None:
        self.host = host
        self._process = process

    @classmethod
    def start(cls) -> "OtherRegistry | None":
        """Start the registry and return it, or None where this machine has none."""
        program = find_other_registry()
        if program is None:
            return None
        log = Path(tempfile.mkstemp(prefix="other-registry-")[1])
        with log.open("wb") as output:
            process = subprocess.Popen([program, "-port", "0"], stdin=subprocess.DEVNULL, stderr=output)
        ends_at = time.monotonic() + STARTING_SECONDS
        while not (match := LISTENING.search(log.read_text())):
            if process.poll() is not None or time.monotonic() > ends_at:
                process.kill()
                raise RuntimeError(f"The other registry did not start: {log.read_text()[-500:]}")
            time.sleep(0.02)
        log.unlink()
        return cls(f"localhost:{match[1]}", process)

    def stop(self) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
