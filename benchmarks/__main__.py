"""Run the benchmarks one after the other, and print one table of what was measured.

Usage: python -m benchmarks [NAME...]
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from benchmarks.progress import Progress
from benchmarks.table import LeftOut, Row, table
from bot.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = (
    "intake",
    "handling",
    "journey",
    "pulls",
    "choosing",
    "ranges",
    "policies",
    "finding",
    "checking",
    "reviewing",
    "polling",
    "listing",
    "hook",
    "promoting",
    "copying",
)


def measured(names: list[str], progress: Progress) -> Iterator[Row]:
    """Run the named benchmarks, and give the rows of all. One that fails takes nothing from the others."""
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        progress.say(f"{name}: {module.__doc__.splitlines()[0]}")
        try:
            yield from module.measure(progress)
        except LeftOut as reason:
            progress.say(f"{name} is left out: {reason}")
        except Exception as problem:  # noqa: BLE001 - what it was is told, and the figures of the others are kept
            progress.failed(f"{name}: {type(problem).__name__}: {problem}")


def main(arguments: list[str]) -> int:
    """Run what is named, or all; returns the exit code."""
    unknown = [name for name in arguments if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}: name some of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    configure_logs("json", "error")
    progress = Progress()
    print(table(list(measured(arguments or list(NAMES), progress))))
    return 1 if progress.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
