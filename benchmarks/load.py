"""The load: many connections, one request at a time on each, as fast as the answers come. Runs in its own process.

It speaks HTTP over bare sockets, so that it costs little beside what it measures.
Usage: python -m benchmarks.load URL SECONDS CONNECTIONS, which prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import uvloop

from benchmarks.payloads import SECRET, registry_packages
from bot.github.signatures import sign

WARM_SECONDS = 1.0
ANSWERED = 200, 202


@dataclass(frozen=True, slots=True)
class Load:
    """What came back: answers a second, their times in milliseconds, and how many were not a success."""

    rate: float
    p50: float
    p99: float
    answers: int
    failures: int


class Connection(asyncio.Protocol):
    """Sends a request, waits for its answer, sends the next; `times` takes (when it ended, seconds)."""

    def __init__(self, requests: list[tuple[bytes, bytes]], times: list[tuple[float, float]], until: float) -> None:
        self._requests = requests
        self._times = times
        self._until = until
        self._sent = 0
        self._start = 0.0
        self._received = b""
        self.failures = 0
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not _is_whole(self._received):
            return
        now = time.monotonic()
        if int(self._received[9:12]) in ANSWERED:
            self._times.append((now, now - self._start))
        else:
            self.failures += 1
        self._received = b""
        self._send() if now < self._until else self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.failures += error is not None or time.monotonic() < self._until
        self.ended.set_result(None)

    def _send(self) -> None:
        before, after = self._requests[self._sent % len(self._requests)]
        self._sent += 1
        self._start = time.monotonic()
        self._transport.write(b"".join((before, str(uuid.uuid4()).encode(), after)))


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
    return body.endswith(b"0\r\n\r\n")


def requests(url: str) -> list[tuple[bytes, bytes]]:
    """Make signed requests, each cut where its delivery id belongs."""
    address = urlsplit(url)
    head = f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
    made = []
    for body in registry_packages():
        signed = f"X-GitHub-Event: registry_package\r\nX-Hub-Signature-256: {sign(SECRET, body)}\r\n"
        before = f"{head}{signed}Content-Length: {len(body)}\r\nX-GitHub-Delivery: "
        made.append((before.encode(), b"\r\n\r\n" + body))
    return made


async def load(url: str, seconds: float, connections: int) -> Load:
    """Put the load on an address for some seconds after a short warm-up."""
    address, made, times = urlsplit(url), requests(url), []
    begin = time.monotonic() + WARM_SECONDS
    until = begin + seconds
    loop = asyncio.get_running_loop()
    opened = [
        (await loop.create_connection(lambda: Connection(made, times, until), address.hostname, address.port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.ended for connection in opened))
    counted = [taken * 1000 for ended, taken in times if begin <= ended <= until]
    percentiles = statistics.quantiles(counted, n=100) if len(counted) > 1 else [0.0] * 99
    failures = sum(connection.failures for connection in opened)
    return Load(len(counted) / seconds, percentiles[49], percentiles[98], len(times), failures)


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(load(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))))))
