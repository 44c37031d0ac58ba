"""A body as a reader of Markdown sees it: what is a link, what is HTML, what is text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

JOINER = "\N{WORD JOINER}"
OWN_HTML = {"<details>", "</details>", "<!-- niro: state -->", "<!-- niro: end of state -->"}
REFERENCE = re.compile(r"(?<!\w)@\w|@[\w-]+\.\w|#\d|://|\bGH-\d|\bwww\.", re.IGNORECASE)
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Page:
    """A body, read."""

    def __init__(self, body: str) -> None:
        self.tokens = list(_flat(_MARKDOWN.parse(body)))

    @property
    def html(self) -> list[str]:
        """The lines of HTML that GitHub would take as such; the text of a summary is left out."""
        found = (token.content for token in self.tokens if token.type in {"html_block", "html_inline"})
        lines = (line.strip() for content in found for line in content.splitlines() if line.strip())
        return [line for line in lines if re.fullmatch(r"<summary>[^<>]*</summary>", line) is None]

    @property
    def links(self) -> list[str]:
        """The addresses of links and pictures."""
        return [str(token.attrs["href"]) for token in self.tokens if token.type == "link_open"] + [
            str(token.attrs["src"]) for token in self.tokens if token.type == "image"
        ]

    @property
    def words(self) -> str:
        """What is shown as text; no code."""
        return "\n".join(token.content for token in self.tokens if token.type == "text")

    @property
    def cells(self) -> int:
        """How many cells the tables have."""
        return sum(token.type in {"td_open", "th_open"} for token in self.tokens)


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.children is None:
            yield token
        else:
            yield from _flat(token.children)
