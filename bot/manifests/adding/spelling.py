"""How keys and texts are written: in block style, between brackets, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from bot.manifests.plain_scalars import is_read_as_text

Tree: TypeAlias = Mapping[str, "str | Tree"]


class Style(NamedTuple):
    """How texts are written around a place. `is_json`: all in double quotes; `is_tight`: without spaces."""

    is_json: bool = False
    is_tight: bool = False

    def text(self, text: str) -> bytes:
        """Write a text, in quotes where some reader would take it for something else."""
        if not self.is_json and is_read_as_text(text, in_flow=True):
            return text.encode()
        return json.dumps(text, ensure_ascii=False).encode()

    def entry(self, key: str, value: str | Tree) -> bytes:
        """Write a key and its value on one line."""
        colon = b":" if self.is_tight else b": "
        return self.text(key) + colon + (self.text(value) if isinstance(value, str) else self.flow(value))

    def flow(self, tree: Tree) -> bytes:
        """Write a mapping between brackets."""
        return b"{" + self.entries(tree) + b"}"

    def entries(self, tree: Tree) -> bytes:
        """Write the entries of a mapping with commas between them."""
        return (b"," if self.is_tight else b", ").join(self.entry(key, value) for key, value in tree.items())


class Block(NamedTuple):
    """How lines are written: how much further a mapping in another is indented, and how lines end."""

    step: int
    line_end: bytes

    def lines(self, tree: Tree, indentation: int) -> bytes:
        """Write a mapping on lines of its own, the last line end too."""
        written = b""
        for key, value in tree.items():
            begin = b" " * indentation + Style().text(key) + b":"
            if isinstance(value, str):
                written += begin + b" " + Style().text(value) + self.line_end
            else:
                written += begin + self.line_end + self.lines(value, indentation + self.step)
        return written
