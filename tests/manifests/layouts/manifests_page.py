"""The part of docs/manifests.md that is written from the table of layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.layouts.objects import HOLDERS
from bot.manifests.layouts.table import LAYOUTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Layout

BEGIN: Final = "<!-- from the table of layouts: begin -->"
END: Final = "<!-- from the table of layouts: end -->"

_HELD: Final = "Objects in objects"


def with_layouts(page: str) -> str:
    """Write what is understood into a page of Markdown, between the comments BEGIN and END.

    Raises ValueError where the page lacks one of them.
    """
    before, begin, behind = page.partition(BEGIN)
    _, end, after = behind.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the two comments {BEGIN} and {END}")
    return "\n".join((before + begin, "", *_lines(), end + after))


def _lines() -> Iterator[str]:
    yield from (_link(layout.title) for layout in LAYOUTS)
    yield _link(_HELD)
    yield ""
    for layout in LAYOUTS:
        yield from _section(layout)
    yield f"### {_HELD}"
    yield ""
    yield "Each object in one of these is read as if it stood alone."
    yield ""
    yield "- `List`, and every kind that ends so: `items[]`"
    for holder in HOLDERS:
        ways = ", ".join(f"`{way}`" for way in holder.ways)
        yield f"- `{holder.kind}` of {holder.group}: {ways}"
    yield ""


def _link(title: str) -> str:
    """Link to a heading as GitHub names it: in lower case, with hyphens for spaces, without other signs."""
    anchor = "".join(sign for sign in title.lower().replace(" ", "-") if sign.isalnum() or sign == "-")
    return f"- [{title}](#{anchor})"


def _section(layout: Layout) -> Iterator[str]:
    yield f"### {layout.title}"
    yield ""
    yield from (f"- {where}" for where in layout.where)
    yield ""
    yield "```yaml"
    yield layout.example.rstrip("\n")
    yield "```"
    yield ""
