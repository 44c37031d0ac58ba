"""What it costs to find the images of 1,000 and 10,000 manifests, to move one of them, and to look again."""

from __future__ import annotations

import hashlib
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import setters
from benchmarks.cpu import each, in_a_new_process, spent
from benchmarks.table import LeftOut, Row
from benchmarks.trees import IMAGES_IN_TEN, NEW_TAG, SHARED, tree
from bot.images import ImageReference
from bot.manifests import Occurrence, Target, find_images, update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from benchmarks.progress import Progress

COUNTS = {1_000: 5, 10_000: 3}
"""How many manifests, and how often each figure is measured."""

BESIDE_PEER = 1_000
POLICY, NAMESPACE = "envoy", "shop"
TARGET = Target(POLICY, ImageReference.parse(f"{SHARED}:{NEW_TAG}"), NAMESPACE)

Known = dict[str, list[Occurrence]]
"""What was found before, by the name that git gives the content of a file."""


class Cost(NamedTuple):
    """Seconds of CPU, and mebibytes: of the process before anything was found, and at most while it was."""

    finding: float
    again: float
    moving: float
    before: float
    most: float


def measure(progress: Progress) -> list[Row]:
    """Find and edit a few times, each time in a new process, and give the medians."""
    rows = []
    for count, runs in COUNTS.items():
        costs = [in_a_new_process(cost, count) for _ in range(runs)]
        finding, again, moving = ([getattr(cost, what) for cost in costs] for what in ("finding", "again", "moving"))
        progress.say(f"{count:,} manifests: finding {each(finding)}; again {each(again)}; moving {each(moving)}")
        size = sum(map(len, tree(count).values()))
        most, before = (statistics.median(getattr(cost, what) for cost in costs) for what in ("most", "before"))
        rows += [
            Row(f"finding the images of {count:,} manifests", speed(count, size, finding), target_of_finding(count)),
            Row("the same with one of them changed", speed(count, size, again)),
            Row(f"moving one image in {count:,} manifests", speed(count, size, moving)),
            Row(f"memory to find in {count:,} manifests", f"{most - before:.0f} MB above {before:.0f} MB at rest"),
        ]
    return rows + beside_peer(progress)


def beside_peer(progress: Progress) -> list[Row]:
    """Move one marked image as the bot does, and as kyaml does."""
    try:
        setters.build()
    except LeftOut as reason:
        progress.say(f"kyaml is left out: {reason}")
        return []
    files, runs = tree(BESIDE_PEER, f"{NAMESPACE}:{POLICY}"), COUNTS[BESIDE_PEER]
    peer, mine = [], []
    for _ in range(runs):
        mine.append(in_a_new_process(seconds_to_move_marked))
        seconds, changed = setters.seconds_to_move(files, f"{NAMESPACE}:{POLICY}", SHARED, NEW_TAG)
        assert changed == files_with_images(BESIDE_PEER), f"kyaml changed {changed} files"
        peer.append(seconds)
    progress.say(f"moving a marked image: {each(mine)}; by kyaml {each(peer)}")
    size = sum(map(len, files.values()))
    ratio = statistics.median(peer) / statistics.median(mine)
    what = f"moving a marked image in {BESIDE_PEER:,} files"
    return [
        Row(f"{what}, kyaml in Go", speed(BESIDE_PEER, size, peer)),
        Row(what, f"{ratio:.2f} of kyaml: {speed(BESIDE_PEER, size, mine)}", "> 1.0 of kyaml"),
    ]


def cost(count: int) -> Cost:
    """Do all of it once, in a process that has nothing in its memory yet."""
    files = tree(count)
    names = {path: blob_name(content) for path, content in files.items()}
    before = most_memory()
    found, finding = spent(lambda: find({}, names, files))
    most = most_memory()
    assert sum(map(len, found.values())) == count // 10 * IMAGES_IN_TEN
    changed = {**files, "apps/0/deployment.yaml": files["apps/0/deployment.yaml"].replace(b"1.4.2", b"1.4.3")}
    found_again, again = spent(lambda: look_again(found, changed))
    assert len(found_again) == len(found)
    moved, moving = spent(lambda: update(files, [TARGET]))
    assert len(moved.files) == files_with_images(count), moved.skipped[:3]
    return Cost(finding, again, moving, before, most)


def find(known: Known, names: Mapping[str, str], files: Mapping[str, bytes]) -> Known:
    """Find the images of each file whose name by git is not known."""
    return {name: known[name] if name in known else find_images(path, files[path]) for path, name in names.items()}


def look_again(known: Known, files: Mapping[str, bytes]) -> Known:
    """Name each file as git does, and find the images of those that are new."""
    return find(known, {path: blob_name(content) for path, content in files.items()}, files)


def blob_name(content: bytes) -> str:
    """Name the content of a file as git does."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def seconds_to_move_marked() -> float:
    """Move the marked image once; give the seconds of CPU."""
    files = tree(BESIDE_PEER, f"{NAMESPACE}:{POLICY}")
    moved, seconds = spent(lambda: update(files, [TARGET]))
    assert len(moved.files) == files_with_images(BESIDE_PEER), moved.skipped[:3]
    return seconds


def files_with_images(count: int) -> int:
    """Tell how many files of a tree have images."""
    return count // 10 * 9


def most_memory() -> float:
    """Tell how much memory this process had at most, in mebibytes."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def speed(count: int, size: int, times: Iterable[float]) -> str:
    """Show the median of some runs as time, files and bytes."""
    seconds = statistics.median(times)
    time = f"{seconds:.2f} s" if seconds > 0.1 else f"{seconds * 1000:.0f} ms"
    return f"{time} of CPU: {count / seconds:,.0f} files/s, {size / seconds / 1e6:.1f} MB/s"


def target_of_finding(count: int) -> str:
    """Tell what to build for."""
    return "< 0.5 s" if count == 1_000 else ""
