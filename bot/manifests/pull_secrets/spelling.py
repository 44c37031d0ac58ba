"""How the names of pull secrets are written, in flow collections and alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bot.manifests.plain_scalars import is_read_as_text
from bot.manifests.pull_secrets.wishes import FIELD

if TYPE_CHECKING:
    from collections.abc import Iterable


class FlowStyle(NamedTuple):
    """How flow collections are written."""

    is_json: bool
    is_tight: bool

    def key(self) -> bytes:
        """Write the key and its colon."""
        return self._quoted(FIELD) + self._colon()

    def flow(self, names: Iterable[str]) -> bytes:
        """Write a list of entries."""
        return b"[" + self.entries(names) + b"]"

    def entries(self, names: Iterable[str]) -> bytes:
        """Write entries with commas between them."""
        comma = b"," if self.is_tight else b", "
        name = self._quoted("name") + self._colon()
        return comma.join(b"{" + name + (_in_quotes(each) if self.is_json else spelled(each)) + b"}" for each in names)

    def _quoted(self, key: str) -> bytes:
        return _in_quotes(key) if self.is_json else key.encode()

    def _colon(self) -> bytes:
        return b":" if self.is_tight else b": "


def is_plain(name: str) -> bool:
    """Whether the name of a Secret is written without quotes outside of JSON."""
    return is_read_as_text(name, in_flow=True)


def spelled(name: str) -> bytes:
    """Write a name without quotes where every reader takes it as a text."""
    return name.encode() if is_plain(name) else _in_quotes(name)


def _in_quotes(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode()
