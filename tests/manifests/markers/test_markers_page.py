"""The table of marked values in docs/manifests.md tells where they stand and what they become."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.manifests import find_images, standing_of, update

PAGE = (Path(__file__).parents[3] / "docs" / "manifests.md").read_text()
_, _, TABLE = PAGE.partition("| Value | Marker | Stands at |")


def rows() -> list[tuple[str, str, str, str]]:
    """Give each value of the table with its marker, what it stands at, and what it becomes: "" for nothing."""
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.split("\n\n")[0].splitlines()[2:]]
    return [
        (value, quoted(marker), quoted(standing), quoted(after))
        for values, marker, standing, after in lines
        for value in re.findall("`([^`]+)`", values)
    ]


def quoted(cell: str) -> str:
    """Give the code that a cell begins with."""
    match = re.match("`([^`]+)`", cell)
    return match[1] if match else ""


def written(value: str, marker: str) -> bytes:
    return f'a: {value} # {{"$imagepolicy": "{marker}"}}\n'.encode()


@pytest.mark.parametrize(("value", "marker", "standing", "after"), rows())
def test_a_marked_value_stands_at_what_the_page_says_and_becomes_it(target, value, marker, standing, after):
    before = written(value, marker)
    (occurrence,) = find_images("values.yaml", before)
    changed = update({"values.yaml": before}, [target(current=standing_of(occurrence))])
    assert standing_of(occurrence) == standing
    assert changed.files.get("values.yaml", before) == written(after or value, marker)


def test_the_page_has_the_table():
    assert len(rows()) == 10
