"""A page of the documentation as what it is made of: blocks of code and tables, each under its heading."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"

_CELLS = re.compile(r"(?<!\\)\|")
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block: `info` is what stands behind the fence."""

    heading: str
    line: int
    info: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table: the cells of its first row, and those of the others."""

    heading: str
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_page(page: Path = PAGE) -> list[Block | Table]:
    """Give the blocks and tables in the order of the page."""
    found: list[Block | Table] = []
    lines = page.read_text().splitlines()
    heading, at = "", 0
    while at < len(lines):
        line, start = lines[at], at + 1
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("```"):
            end = lines.index("```", at + 1)
            found.append(Block(heading, start, line.removeprefix("```"), "\n".join(lines[at + 1 : end]) + "\n"))
            at = end
        elif line.startswith("|"):
            rows = []
            while at < len(lines) and lines[at].startswith("|"):
                rows.append(_cells(lines[at]))
                at += 1
            found.append(Table(heading, start, rows[0], tuple(rows[2:])))
            continue
        at += 1
    return found


def codes(cell: str) -> list[str]:
    """Give what stands between backticks in a cell."""
    return CODE.findall(cell)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1])
