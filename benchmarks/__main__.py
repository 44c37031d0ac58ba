"""Run the benchmarks one after the other, and print one table of what was measured.

Usage: python -m benchmarks [NAME...]
"""

from __future__ import annotations

import importlib
import sys

from benchmarks.progress import Progress
from benchmarks.table import LeftOut, Row, table
from bot.logs import configure_logs

NAMES = ("intake", "handling", "journey", "choosing", "finding")


def measured(names: list[str]) -> list[Row]:
    """Run the named benchmarks, and give the rows of all."""
    progress, rows = Progress(), list[Row]()
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        progress.say(f"{name}: {module.__doc__.splitlines()[0]}")
        try:
            rows += module.measure(progress)
        except LeftOut as reason:
            progress.say(f"{name} is left out: {reason}")
    return rows


def main(arguments: list[str]) -> int:
    """Run what is named, or all; returns the exit code."""
    unknown = [name for name in arguments if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}: name some of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    configure_logs("json", "error")
    print(table(measured(arguments or list(NAMES))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
