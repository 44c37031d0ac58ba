"""What was measured, one row each, beside what it should be."""

from __future__ import annotations

from dataclasses import dataclass


class LeftOut(Exception):
    """A part of a benchmark cannot run here; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, the figure with its unit, and what to build for (empty: nothing said)."""

    what: str
    measured: str
    target: str = ""


def table(rows: list[Row]) -> str:
    """Make a Markdown table that reads well in a terminal too."""
    lines = [("what", "measured", "build for"), *((row.what, row.measured, row.target) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    shown = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([shown[0], rule, *shown[1:]])
