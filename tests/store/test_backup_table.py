"""The page about operating names every table that cannot be made again, and no other."""

import re
from pathlib import Path

from bot.store.tables import metadata

PAGE = (Path(__file__).parents[2] / "docs/operating.md").read_text()


def test_every_durable_table_is_named() -> None:
    _, _, section = PAGE.partition("| table | what it holds |\n")
    rows = re.findall(r"^\| (`.+?`) \|", section.partition("\n\n")[0], re.MULTILINE)
    durable = {table.name for table in metadata.sorted_tables if table.comment.startswith("Durable: ")}
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == durable
