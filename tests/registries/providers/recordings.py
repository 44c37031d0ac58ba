"""Answers recorded from the documents that recorded/README.md names."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recorded"


def recorded(name: str) -> Any:
    """An answer of this name (`quay_tags`), parsed anew for each test."""
    return json.loads((FOLDER / f"{name}.json").read_text())
